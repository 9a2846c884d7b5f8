"""The Why panel on the screen: it follows, it chooses, and nothing is cut or drawn over."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from sample import sample_analysis

from mrn_core.network import explain
from mrn_gui import terms
from mrn_gui.painting import width_of, wrapped_height
from mrn_gui.palette import LIGHT
from mrn_gui.selection import Place, Selection
from mrn_gui.theme import Theme
from mrn_gui.why import WhyPanel
from mrn_gui.why.told import Sight

LARGE, SMALL = (600, 340), (340, 272)


def shown(qtbot, analysis, size=LARGE, chance=True):
    selection = Selection()
    trace = analysis.traces[0]
    view = WhyPanel(selection, Theme())
    selection.set_shape(len(analysis.traces), trace.heads, trace.levels, trace.tables)
    view.resize(*size)
    view.show_analysis(analysis)
    if chance:
        view.set_chance([explain.redraws(trace, 4) for trace in analysis.traces])
    qtbot.addWidget(view)
    view.show()
    return view


def middle(rect):
    return QRectF(*rect).center().toPoint()


def test_it_follows_pointer_pin_block_and_head(qtbot):
    view = shown(qtbot, sample_analysis(seed=3, size=16))
    assert view.header.title == "Which levels are zeroed?"
    view.selection.hover(Place(30, 5))
    assert view.header.right_remark == "query 30 → key 5"
    view.selection.click(Place(1, 2))
    assert view.header.right_remark == "query 30 → key 5", "the hovered before the pinned"
    assert view.pin.isChecked()
    view.selection.hover(None)
    assert view.header.right_remark == "query 1 → key 2"
    first = view.canvas.told
    view.selection.choose(head=6)
    assert view.canvas.told != first
    view.pin.click()
    assert view.selection.pinned is None
    assert not view.pin.isEnabled()
    assert view.header.right_remark == "block 1, head 7"


def test_the_new_chance_is_in_the_words_and_an_old_one_is_not(qtbot):
    view = shown(qtbot, sample_analysis(seed=3, size=16), chance=False)
    view.selection.hover(Place.level(7))
    assert "redraws" not in view.canvas.told.details[0]
    view.set_chance([explain.redraws(trace, 4) for trace in view.canvas.analysis.traces])
    assert "of 4 redraws" in view.canvas.told.details[0]
    view.show_analysis(sample_analysis(seed=4, size=16))
    assert "redraws" not in view.canvas.told.details[0]


def test_frame_of_query_and_key_stand_in_it(qtbot):
    analysis = sample_analysis(seed=3, size=16)
    view = shown(qtbot, analysis)
    view.selection.hover(Place(30, 5))
    image = view.canvas.grab().toImage()
    for place, level in ((0, 30), (1, 5)):
        x, y, _, _ = view.canvas.geometry_now.portrait(place)
        found = image.pixelColor(int(x + 8), int(y + 8))
        want = analysis.frames[level, 1, 1]
        assert [found.red(), found.green(), found.blue()] == pytest.approx(want.tolist(), abs=6)


@pytest.mark.parametrize("size", [LARGE, SMALL])
def test_clicks_choose_a_level_a_table_a_head(qtbot, size):
    view = shown(qtbot, sample_analysis(seed=3, size=16), size)
    canvas, chosen = view.canvas, view.selection
    geometry = canvas.geometry_now
    press = lambda at: QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)  # noqa: E731
    press(middle(geometry.grid_cell(1, 4, 8)))
    assert (chosen.block, chosen.head) == (1, 4)
    chosen.click(Place(30, 5))
    press(middle(geometry.row(2)))
    assert chosen.table == 2
    press(middle(geometry.portrait(1)))
    assert chosen.pinned == Place.level(5)
    press(QPoint(int(geometry.foot[0]) + 4, int(geometry.foot[1]) + 4))
    assert chosen.pinned == Place.level(5)


def test_many_tables_scroll_and_those_that_answer_come_first(qtbot):
    view = shown(qtbot, sample_analysis(tables=9, size=16))
    view.selection.hover(Place(3, 9))
    rows = view.canvas.rows_shown()
    assert len(rows) == 4
    assert rows[0].answers
    for _ in range(12):
        at = QPointF(50, 50)
        none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        event = QWheelEvent(at, at, QPoint(), QPoint(0, -120), *none, Qt.ScrollPhase.NoScrollPhase, False)
        view.canvas.wheelEvent(event)
    assert view.canvas.first == 5
    view.selection.hover(Place(4, 9))
    view.canvas.rows_shown()
    assert view.canvas.first == 0, "another pair begins at the top"


@pytest.mark.parametrize("size", [LARGE, SMALL])
@pytest.mark.parametrize("planes", [1, 3, 8])
def test_no_answer_reaches_the_rows_and_no_remark_is_cut(qtbot, size, planes):
    view = shown(qtbot, sample_analysis(seed=3, planes=planes, size=16), size)
    canvas, theme = view.canvas, view.theme
    bold = theme.font(13 if canvas.compact else 15, 600)
    for place in (None, Place(30, 5), Place(20, 18), Place(4, 4), Place.level(25)):
        view.selection.hover(place)
        told, geometry = canvas.told, canvas.geometry_now
        _, _, width, height = geometry.answer(len(told.portraits))
        assert wrapped_height(told.sentence, bold, width) <= height
        for row in told.rows:
            room = canvas.width() - 8 - geometry.columns[2]
            assert width_of(row.remark, theme.font(11, 600)) <= room + 0.5
        if told.portraits:
            _, y, side, _ = geometry.portrait(0)
            assert y + side + 28 <= geometry.names()[1] + 3


@pytest.mark.parametrize("size", [LARGE, SMALL])
def test_whether_it_is_more_than_chance_has_room(qtbot, size):
    view = shown(qtbot, sample_analysis(seed=3, size=16), size, chance=False)
    canvas = view.canvas
    view.set_chance([explain.redraws(trace, 100) for trace in canvas.analysis.traces])
    for block, head in ((0, 0), (1, 3), (2, 7)):
        view.selection.choose(block=block, head=head)
        reason = explain.head(canvas.analysis.traces[block], head, canvas._sight.chance[block])
        said = [words for _, words, _, _ in canvas.answer_lines()]
        assert explain.outside_told(reason, canvas.compact) in said
        assert reason.zeroed or explain.least_told(reason, canvas.compact) in said
        for rect, words, font, _ in canvas.foot_lines():
            assert width_of(words, font) <= rect.width()


@pytest.mark.parametrize("kind", ["path", "empty rows", "all masked", "all allowed"])
@pytest.mark.parametrize(("levels", "heads", "tables"), [(1, 1, 1), (12, 8, 4), (64, 1, 16)])
def test_all_shapes_are_painted(qtbot, kind, levels, heads, tables):
    analysis = sample_analysis(levels, heads=heads, tables=tables, blocks=5, kind=kind, size=8)
    view = shown(qtbot, analysis, SMALL)
    view.selection.choose(block=4)
    for place in (None, Place.level(levels - 1), Place(0, levels - 1)):
        view.selection.hover(place)
        assert not view.grab().isNull()
        assert view.canvas.tip_at(QPointF(230, view.canvas.geometry_now.rows_top + 4)) is not None


def test_a_planeless_hash_is_painted(qtbot):
    view = shown(qtbot, sample_analysis(12, planes=0, tables=1, size=8))
    view.selection.hover(Place(3, 3))
    assert view.canvas.told.rows[0].remark == "yes, and no turn parts them"
    assert not view.grab().isNull()


def test_an_empty_panel_says_when_it_fills(qtbot):
    view = shown(qtbot, sample_analysis(size=16))
    view.show_analysis(None)
    view.set_waiting("Appears when the features are ready")
    view.selection.hover(Place(3, 3))
    assert view.header.title == "Why"
    assert not view.grab().isNull()
    assert view.canvas.tip_at(QPointF(5, 200)) == ""


def test_tips_name_what_a_cell_says(qtbot):
    analysis = sample_analysis(seed=3, size=16)
    view = shown(qtbot, analysis)
    view.selection.hover(Place.level(7))
    at = middle(view.canvas.geometry_now.grid_cell(2, 3, 8)).toPointF()
    tip = view.canvas.tip_at(at)
    assert tip.startswith(f"Block 3, head 4, level 7: reach {analysis.reach()[2, 3, 7]:.2f}, by chance")
    view.selection.hover(Place(20, 18))
    assert "turn" in view.canvas.tip_at(QPointF(400, view.canvas.geometry_now.rows_top + 4))


@pytest.mark.parametrize("size", [LARGE, SMALL])
@pytest.mark.parametrize("place", [None, Place(20, 18), Place(30, 5), Place.level(7)])
def test_every_line_names_the_papers_term_where_it_has_one(qtbot, size, place):
    view = shown(qtbot, sample_analysis(seed=3, size=16), size)
    view.selection.hover(place)
    canvas = view.canvas
    lines = [*canvas.answer_lines(), *canvas.foot_lines()]
    assert len(lines) > 3
    for rect, words, _, _ in lines:
        tip = canvas.tip_at(rect.center())
        assert terms.explained(words) in tip
        assert tip, f"unexplained: {words}"
    said = [words for _, words, _, _ in canvas.answer_lines()]
    out = [words for words in canvas.told.details if words not in said]
    for words in out:
        assert words in canvas.tip_at(canvas.answer_lines()[0][0].center())
    if canvas.told.portraits:
        assert "amplification factor" in canvas.tip_at(middle(canvas.geometry_now.portrait(0)).toPointF())


def test_differing_planes_are_underlined(qtbot):
    view = shown(qtbot, sample_analysis(seed=3, size=16))
    view.selection.hover(Place(30, 5))
    canvas = view.canvas
    geometry, row = canvas.geometry_now, canvas.told.rows[0]
    assert row.differing
    image = canvas.grab().toImage()
    _, y, _, height = geometry.row(0)
    for m in range(3):
        x = geometry.columns[0] + 18 + m * geometry.bit_pitch(3)
        line = image.pixelColor(int(x + 3), int(y + height / 2 + 7)).name().upper()
        assert (line == LIGHT.text) == (m + 1 in row.differing)


def test_every_number_of_the_grid_is_the_analysis(qtbot):
    for analysis in (sample_analysis(seed=1, size=8), sample_analysis(12, heads=2, blocks=2, size=8)):
        view = shown(qtbot, analysis, chance=False)
        view.selection.hover(Place.level(5))
        assert isinstance(view.canvas._sight, Sight)
        for row in view.canvas.grid_shown():
            for cell in row:
                assert cell.share == analysis.reach()[cell.block, cell.head, 5]
    image = view.canvas.grab().toImage()
    cell = view.canvas.grid_shown()[0][0]
    x, y, width, _ = view.canvas.geometry_now.grid_cell(0, 0, 2)
    at = int(x + 4 + (width - 8) * cell.share)
    bar = [image.pixelColor(at + step, int(y + 17)) for step in (-3, 3)]
    assert bar == [QColor(LIGHT.text3), QColor(LIGHT.line)]
