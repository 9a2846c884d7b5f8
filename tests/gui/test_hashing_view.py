"""The panels of the hash: words, buckets and their colours."""

import numpy as np
import pytest
from pointer import point_at
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from sample import sample_analysis

from mrn_gui.hashing import BucketPanel, HealthPanel
from mrn_gui.hashing.codes import codes_told
from mrn_gui.hashing.words import COLUMNS
from mrn_gui.painting import width_of
from mrn_gui.palette import LIGHT
from mrn_gui.selection import Place, Selection
from mrn_gui.theme import Theme
from mrn_gui.why import WhyPanel


def shown(qtbot, cls, analysis, size):
    selection = Selection()
    first = analysis.traces[0]
    view = cls(selection, Theme())
    selection.set_shape(len(analysis.traces), first.heads, first.levels, first.tables)
    view.resize(*size)
    view.show_analysis(analysis)
    qtbot.addWidget(view)
    view.show()
    return view


def test_the_health_has_a_row_for_each_block_and_a_click_chooses_it(qtbot):
    analysis = sample_analysis(seed=3, size=16)
    view = shown(qtbot, HealthPanel, analysis, (420, 200))
    assert view.canvas.rows[2][0] == f"{analysis.health()[2]['density']:.2f}"
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=QPoint(80, 3 * 24 + 8))
    assert view.selection.block == 2
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=QPoint(80, 8))
    assert view.selection.block == 2, "the columns' names choose nothing"
    view.show_analysis(None)
    assert not view.grab().isNull()


def test_the_health_is_worked_out_when_it_is_first_seen(qtbot):
    """In a closed dock it would cost each new analysis of many levels its time."""
    view = HealthPanel(Selection(), Theme())
    qtbot.addWidget(view)
    view.show_analysis(sample_analysis(size=16))
    assert view.canvas._told is None
    assert view.canvas.minimumHeight() >= 4 * 24
    view.grab()
    assert len(view.canvas._told) == 3
    view.show_analysis(sample_analysis(blocks=2, size=16))
    assert len(view.canvas.rows) == 2


def test_each_column_of_the_health_has_its_tip(qtbot):
    view = shown(qtbot, HealthPanel, sample_analysis(size=16), (440, 200))
    columns = {view.canvas.column_at(QPointF(x, 30)) for x in range(0, 440, 5)}
    assert columns == {None, *range(len(COLUMNS))}
    assert view.canvas.column_at(QPointF(300, 190)) is None
    for (_, name, _), (_, width) in zip(COLUMNS, view.canvas._columns(), strict=True):
        assert width_of(name, view.canvas.theme.font(11)) <= width - 4, "no name is cut"


@pytest.mark.parametrize("size", [(361, 385), (195, 242)])
def test_buckets_have_the_colour_of_their_code(qtbot, size):
    analysis = sample_analysis(seed=3, levels=12)
    view = shown(qtbot, BucketPanel, analysis, size)
    view.selection.choose(block=1, head=2, table=3)
    image = view.canvas.grab().toImage()
    trace, grid = analysis.traces[1], view.canvas.geometry_now
    for table in range(4):
        for level in range(12):
            for key, codes in ((False, trace.query_buckets), (True, trace.key_buckets)):
                x, y, w, h = grid.cell(table, level, key)
                found = image.pixelColor(int(x + w / 2), int(y + h / 2)).name().upper()
                assert found == LIGHT.bucket(int(codes[2, table, level]), 3)


def test_rows_point_at_levels_and_names_choose_tables(qtbot):
    view = shown(qtbot, BucketPanel, sample_analysis(), (361, 385))
    grid = view.canvas.geometry_now
    x, y, w, h = grid.cell(0, 21, True)
    point_at(view.canvas, QPoint(int(x + w / 2), int(y + h / 2)))
    assert view.selection.hovered == Place.level(21)
    left, width = grid.column(2)
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=QPoint(int(left + width / 2), 6))
    assert view.selection.table == 2
    assert view.tables.few.buttons()[2].isChecked()
    view.tables.few.buttons()[1].click()
    assert view.selection.table == 1


def test_the_switch_follows_the_number_of_tables(qtbot):
    view = shown(qtbot, BucketPanel, sample_analysis(tables=2), (361, 385))
    assert [b.isHidden() for b in view.tables.few.buttons()] == [False, False, True, True]
    view.selection.set_shape(3, 8, 32, 16)
    view.show_analysis(sample_analysis(tables=16))
    assert view.tables.few.isHidden()
    assert view.tables.many.count() == 16
    view.selection.choose(table=9)
    assert view.tables.many.currentIndex() == 9


@pytest.mark.parametrize("levels", [1, 12, 64, 100])
@pytest.mark.parametrize(("tables", "planes"), [(1, 0), (16, 8)])
def test_all_shapes_are_painted(qtbot, levels, tables, planes):
    analysis = sample_analysis(levels, heads=1, tables=tables, planes=planes, blocks=1, size=16)
    view = shown(qtbot, BucketPanel, analysis, (195, 242))
    for place in (Place.level(levels - 1), Place(0, levels - 1), None):
        view.selection.hover(place)
        assert not view.grab().isNull()
    view.show_analysis(None)
    assert not view.grab().isNull()


def test_marks_change_nothing_outside_their_region(qtbot):
    for cls, size in ((BucketPanel, (361, 385)), (WhyPanel, (600, 340))):
        view = shown(qtbot, cls, sample_analysis(), size)
        before = view.canvas.grab().toImage()
        view.selection.hover(Place(20, 4))
        region = view.canvas.mark_region()
        after = view.canvas.grab().toImage()
        a, b = (
            np.frombuffer(i.convertToFormat(i.Format.Format_RGB32).constBits(), np.uint8).reshape(
                i.height(), -1, 4
            )
            for i in (before, after)
        )
        changed = np.argwhere((a != b).any(2))
        assert len(changed)
        assert all(region.contains(QPoint(int(x), int(y))) for y, x in changed[::11])


@pytest.mark.parametrize("width", [189, 276, 330])
@pytest.mark.parametrize("planes", [1, 3, 8])
def test_no_code_is_cut(qtbot, width, planes):
    """The last line at the widths of small and large windows: words, square and code of both ends fit."""
    view = shown(qtbot, BucketPanel, sample_analysis(seed=3, planes=planes), (width, 360))
    canvas, theme = view.canvas, view.theme
    room = canvas.width() - 24
    for place in (Place(30, 25), Place.level(31)):
        told = codes_told(canvas.trace, canvas.head, canvas.table, place, theme, room)
        wide = [
            width_of(words, theme.font(11)) + 20 + width_of(bits, theme.font(12, 400, mono=True))
            for words, _, bits in told
        ]
        assert sum(wide) + 12 <= room
        assert [int(words.split()[1]) for words, _, _ in told] == [place.query, place.key]
        for _, code, bits in told:
            assert bits in (f"#{code}", format(code, f"0{planes}b"))


def test_an_old_grid_has_one_number_in_a_place(qtbot):
    """The marked level's number hides its neighbours whole, at 45 % as well."""
    view = shown(qtbot, BucketPanel, sample_analysis(seed=3), (276, 360))
    view.set_stale("Previous analysis: onset 1, apex 2")
    canvas = view.canvas
    view.selection.hover(Place.level(9))
    label = canvas.geometry_now.label(8)
    image = canvas.grab().toImage()
    numbers = {
        image.pixelColor(x, y).name()
        for x in range(14, 30)
        for y in range(int(label[1]) + 1, int(canvas.geometry_now.line(9)[1]) - 4)
    }
    assert numbers == {view.theme.colour("panel").name()}


def test_a_level_of_the_grid_tells_its_codes_and_what_a_bucket_is(qtbot):
    analysis = sample_analysis(size=16)
    view = shown(qtbot, BucketPanel, analysis, (276, 420))
    view.selection.choose(block=1, head=3, table=2)
    _, y, width, height = view.canvas.geometry_now.line(9)
    said = view.canvas.tip_at(QPointF(width / 2, y + height / 2)).splitlines()
    trace = analysis.traces[1]
    query, key = (format(codes[3, 2, 9], "03b") for codes in (trace.query_buckets, trace.key_buckets))
    assert said[0] == f"Level 9 in table 3: query {query}, key {key}."
    assert said[1].startswith("Bucket: ")
