"""The painted matrix and the small multiples: what is on the screen is what the models say."""

import numpy as np
import pytest
from pointer import point_at
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from sample import sample_analysis

from mrn_core.network import explain
from mrn_gui.attention import AttentionView, HeadsGrid
from mrn_gui.attention.values import cell_colours
from mrn_gui.palette import DARK, LIGHT
from mrn_gui.selection import Place, Selection
from mrn_gui.theme import Theme

KINDS = ["path", "empty rows", "all masked", "all allowed"]


def shown(qtbot, cls, analysis, size=(703, 703), theme="light"):
    selection = Selection()
    first = analysis.traces[0]
    view = cls(selection, Theme(theme))
    selection.set_shape(len(analysis.traces), first.heads, first.levels, first.tables)
    view.resize(*size)
    view.show_analysis(analysis)
    qtbot.addWidget(view)
    view.show()
    return view


def colour_at(widget, x, y):
    image = widget.grab().toImage()
    scale = image.devicePixelRatio()
    return image.pixelColor(int(x * scale), int(y * scale)).name().upper()


def middle(matrix, query, key):
    model = matrix.model
    x, y, w, h = matrix.geometry_now.cell_rect(int(model.row_places[query]), int(model.column_places[key]))
    return QPoint(int(x + w / 2), int(y + h / 2))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("by", ["level", "bucket"])
def test_cells_have_their_pairs_colour(qtbot, theme, by):
    analysis = sample_analysis(seed=3)
    view = shown(qtbot, AttentionView, analysis, theme=theme)
    view.matrix.show_as(by=by)
    view.selection.choose(block=1, head=5, table=2)
    palette = LIGHT if theme == "light" else DARK
    trace = analysis.traces[1]
    values = trace.weights[5] * trace.mask[5].sum(1, keepdims=True)
    expected = cell_colours(values, trace.mask[5], 2.5, palette)
    image = view.matrix.grab().toImage()
    geometry, model = view.matrix.geometry_now, view.matrix.model
    for query in range(0, 32, 3):
        for key in range(32):
            x, y, _, _ = geometry.cell_rect(int(model.row_places[query]), int(model.column_places[key]))
            found = image.pixelColor(int(x) + 2, int(y) + 2)
            assert (found.red(), found.green(), found.blue()) == tuple(expected[query, key])


def test_strips_have_the_buckets_colours(qtbot):
    analysis = sample_analysis(seed=3)
    view = shown(qtbot, AttentionView, analysis)
    view.selection.choose(table=2)
    geometry, trace = view.matrix.geometry_now, analysis.traces[0]
    tables = view.matrix.model.strips
    assert tables == [0, 1, 3, 2]
    image = view.matrix.grab().toImage()
    for table, (x, y, _, height) in zip(tables, geometry.strip_rects(4, "top"), strict=True):
        for key in (0, 13, 31):
            found = image.pixelColor(int(x) + key * geometry.cell + 4, int(y + height / 2)).name()
            assert found.upper() == LIGHT.bucket(int(trace.key_buckets[0, table, key]), 3)


@pytest.mark.parametrize("by", ["level", "bucket"])
def test_the_pointer_on_a_cell_is_its_pair_everywhere(qtbot, by):
    view = shown(qtbot, AttentionView, sample_analysis(seed=3))
    view.matrix.show_as(by=by)
    point_at(view.matrix, middle(view.matrix, 7, 19))
    assert view.selection.hovered == Place(7, 19)
    QTest.mouseClick(view.matrix, Qt.MouseButton.LeftButton, pos=middle(view.matrix, 7, 19))
    assert view.selection.pinned == Place(7, 19)
    QTest.mouseClick(view.matrix, Qt.MouseButton.LeftButton, pos=middle(view.matrix, 7, 19))
    assert view.selection.pinned is None


def test_the_selected_cell_is_outlined_and_tagged_and_let_go_without_a_trace(qtbot):
    view = shown(qtbot, AttentionView, sample_analysis(seed=3))
    plain = view.matrix.grab().toImage()
    view.selection.hover(Place(30, 5))
    x, y, _, _ = view.matrix.geometry_now.cell_rect(30, 5)
    assert colour_at(view.matrix, x - 1, y + 8) == LIGHT.selection
    down, across = view.matrix.marks.tags(Place(30, 5), False)
    for rect in (down, across):
        assert colour_at(view.matrix, rect.left() + 2, rect.center().y()) == LIGHT.selection
    view.selection.hover(None)
    assert view.matrix.grab().toImage() == plain


def test_marks_stay_inside_their_region(qtbot):
    view = shown(qtbot, AttentionView, sample_analysis(seed=3))
    for place in (Place(30, 5), Place(0, 31), Place.level(12), Place(4, 4)):
        view.selection.hover(None)
        before = view.matrix.grab().toImage()
        view.selection.hover(place)
        after = view.matrix.grab().toImage()
        region = view.matrix.mark_region()
        a, b = (
            np.frombuffer(i.convertToFormat(i.Format.Format_RGB32).constBits(), np.uint8).reshape(
                i.height(), i.bytesPerLine()
            )
            for i in (before, after)
        )
        changed = np.argwhere((a != b).reshape(a.shape[0], -1, 4).any(2))
        assert len(changed) > 50
        assert all(region.contains(QPoint(int(x), int(y))) for y, x in changed[::7])


def test_a_pin_and_a_hover_are_two_marks(qtbot):
    view = shown(qtbot, AttentionView, sample_analysis(seed=3))
    view.selection.click(Place(30, 5))
    view.selection.hover(Place(2, 20))
    assert view.matrix.marked_places() == [(Place(30, 5), True, False), (Place(2, 20), False, True)]


def test_keys_walk_choose_and_let_go(qtbot):
    view = shown(qtbot, AttentionView, sample_analysis(seed=3))
    chosen = view.selection
    press = lambda key: QTest.keyClick(view.matrix, key)  # noqa: E731
    press(Qt.Key.Key_Right)
    assert chosen.hovered == Place(0, 0)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up):
        press(key)
    assert chosen.hovered == Place(1, 0)
    press(Qt.Key.Key_Return)
    assert chosen.pinned == Place(1, 0)
    press(Qt.Key.Key_Escape)
    assert chosen.pinned is None
    press(Qt.Key.Key_8)
    press(Qt.Key.Key_B)
    press(Qt.Key.Key_T)
    assert (chosen.head, chosen.block, chosen.table) == (7, 1, 1)
    assert view.header.title == "Block 2, head 8"
    press(Qt.Key.Key_O)
    assert view.matrix.by == "bucket"
    assert view.orders.buttons()[1].isChecked()
    press(Qt.Key.Key_O)
    assert view.matrix.by == "level"


def test_leaving_lets_go_after_a_moment_unless_another_view_points(qtbot):
    view = shown(qtbot, AttentionView, sample_analysis())
    view.matrix.point_at(Place(3, 4))
    view.matrix.point_at(None)
    assert view.selection.hovered == Place(3, 4)
    qtbot.waitUntil(lambda: view.selection.hovered is None, timeout=2000)
    view.matrix.point_at(Place(3, 4))
    view.matrix.point_at(None)
    view.selection.hover(Place.level(9))
    qtbot.wait(250)
    assert view.selection.hovered == Place.level(9)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("levels", [1, 12, 32, 64])
def test_all_shapes_are_painted(qtbot, kind, levels):
    analysis = sample_analysis(levels, heads=1, tables=2, planes=1, blocks=1, kind=kind)
    chance = [explain.redraws(trace, 4) for trace in analysis.traces]
    for cls in (AttentionView, HeadsGrid):
        view = shown(qtbot, cls, analysis, size=(517, 514))
        if cls is AttentionView:
            view.set_chance(chance)
            view.matrix.show_as("weight", "bucket")
        for place in (Place.level(levels - 1), Place(0, levels - 1)):
            view.selection.hover(place)
            assert not view.grab().isNull()


@pytest.mark.parametrize(("tables", "planes"), [(16, 8), (1, 0), (6, 5)])
def test_all_hashes_are_painted(qtbot, tables, planes):
    view = shown(qtbot, AttentionView, sample_analysis(12, heads=2, tables=tables, planes=planes))
    view.matrix.show_as(by="bucket")
    view.selection.choose(table=tables - 1)
    view.selection.click(Place(3, 3))
    assert not view.grab().isNull()
    assert len(view.matrix.model.strips) == min(4, tables)


def test_an_empty_view_keeps_its_field_and_says_when_it_fills(qtbot):
    view = shown(qtbot, AttentionView, sample_analysis())
    view.show_analysis(None)
    view.set_waiting("Appears when the features are ready")
    x, y, _, _ = view.matrix.geometry_now.field
    assert colour_at(view.matrix, x + 5, y + 5) == LIGHT.sunk
    view.selection.hover(Place(3, 3))
    assert view.matrix.mark_region().isEmpty()


def test_an_old_analysis_is_dimmed_under_one_tag(qtbot):
    view = shown(qtbot, AttentionView, sample_analysis(seed=3))
    point = middle(view.matrix, 0, 0) - QPoint(5, 5)
    fresh = QColor(colour_at(view.matrix, point.x(), point.y()))
    view.set_stale("Previous analysis: onset 10, apex 33")
    found = QColor(colour_at(view.matrix, point.x(), point.y()))
    assert found.red() == pytest.approx(0.45 * fresh.red() + 0.55 * 255, abs=2)
    view.set_stale(None)
    assert QColor(colour_at(view.matrix, point.x(), point.y())) == fresh


def test_a_theme_changed_meanwhile_repaints_everything(qtbot):
    view = shown(qtbot, AttentionView, sample_analysis(kind="all masked"))
    point = middle(view.matrix, 0, 0) - QPoint(5, 5)
    assert colour_at(view.matrix, point.x(), point.y()) == LIGHT.sunk
    view.theme.set("dark")
    assert colour_at(view.matrix, point.x(), point.y()) == DARK.sunk
    assert colour_at(view.matrix, 2, 2) == DARK.panel


def test_a_view_that_is_gone_does_not_hear_of_changes(qtbot):
    import shiboken6

    selection, theme = Selection(), Theme()
    view = AttentionView(selection, theme)
    view.show_analysis(sample_analysis())
    shiboken6.delete(view)
    selection.hover(Place(1, 1))
    selection.choose(head=3)
    theme.set("dark")


def test_a_small_multiple_chooses_its_block_and_head(qtbot):
    view = shown(qtbot, HeadsGrid, sample_analysis(seed=3), size=(266, 703))
    x, y, side, _ = view.canvas.geometry_now.rect(1, 5)
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=QPoint(int(x + side / 2), int(y + side / 2)))
    assert (view.selection.block, view.selection.head) == (1, 5)
    assert colour_at(view.canvas, x - 2, y + 20) == LIGHT.primary


def test_the_pair_is_a_dot_in_every_small_multiple(qtbot):
    view = shown(qtbot, HeadsGrid, sample_analysis(seed=3), size=(266, 703))
    view.selection.hover(Place(30, 5))
    for block in range(3):
        for head in range(8):
            x, y, _, _ = view.canvas.geometry_now.dot(block, head, 30, 5)
            assert colour_at(view.canvas, x + 1, y + 1) == LIGHT.selection


def test_small_multiples_say_what_is_zeroed(qtbot):
    view = shown(qtbot, HeadsGrid, sample_analysis(12, kind="all masked"), size=(266, 703))
    x, y, _, _ = view.canvas.geometry_now.rect(0, 0)
    tip = view.canvas.tip_at(QPoint(int(x + 3), int(y + 3)).toPointF())
    assert "Block 1, head 1: 0.00" in tip
    assert "zeroed (no other" in tip
    assert "silent" in tip


def test_many_heads_scroll(qtbot):
    view = shown(qtbot, HeadsGrid, sample_analysis(12, heads=64, blocks=1), size=(176, 514))
    assert view.canvas.height() > view.area.viewport().height()


def test_the_axes_of_what_is_being_made_stand_already(qtbot):
    view = shown(qtbot, AttentionView, sample_analysis())
    view.show_analysis(None)
    view.begin(np.linspace(2, 13, 12))
    assert view.matrix.geometry_now.levels == 12
    x, _, side, _ = view.matrix.geometry_now.field
    image = view.matrix.grab().toImage()
    row = [image.pixelColor(i, int(view.matrix.geometry_now.axis[1])) for i in range(int(x), int(x + side))]
    assert any(colour != QColor(LIGHT.panel) for colour in row), "AF along the columns"
    view.show_analysis(sample_analysis(32))
    assert view.matrix.geometry_now.levels == 32


def test_the_matrix_shows_that_it_has_the_focus(qtbot):
    view = shown(qtbot, AttentionView, sample_analysis())
    x, y, _, _ = view.matrix.geometry_now.field
    view.orders.buttons()[0].setFocus()
    assert colour_at(view.matrix, x - 1, y + 100) == LIGHT.panel
    view.setFocus()
    qtbot.waitUntil(view.matrix.hasFocus)
    assert colour_at(view.matrix, x - 1, y + 100) == LIGHT.primary


def test_chance_of_other_planes_is_not_shown_with_a_new_analysis(qtbot):
    analysis = sample_analysis(seed=1)
    view = shown(qtbot, AttentionView, analysis)
    view.set_chance([explain.redraws(trace, 4) for trace in analysis.traces])
    view.show_analysis(analysis)
    assert view.matrix.model.expected is not None
    view.show_analysis(sample_analysis(seed=2))
    assert view.matrix.model.expected is None


def test_a_pinned_bar_is_solid_and_a_hovered_one_outlined(qtbot):
    view = shown(qtbot, AttentionView, sample_analysis(12))
    matrix = view.matrix
    level = int(matrix.model.reach.argmax())
    geometry = matrix.geometry_now
    x, _, width, _ = geometry.cell_rect(0, level)
    row = geometry.reach_row
    middle = row[1] + row[3] - 5
    view.selection.hover(Place.level(level))
    assert colour_at(matrix, x + width / 2, middle) != LIGHT.selection
    view.selection.click(Place.level(level))
    view.selection.hover(None)
    assert colour_at(matrix, x + width / 2, middle) == LIGHT.selection


@pytest.mark.parametrize("levels", [1, 4, 32])
def test_the_tag_of_an_old_analysis_is_never_cut(qtbot, levels):
    view = shown(qtbot, AttentionView, sample_analysis(levels), size=(320, 420))
    matrix, painted = view.matrix, []
    view.set_stale("Previous analysis: Lagrangian flow of the whole face, AF 2 to 13, 32 levels, and more")
    image = matrix.grab().toImage()
    edge = QColor(LIGHT.control)
    for column in range(image.width()):
        if any(image.pixelColor(column, row) == edge for row in range(image.height())):
            painted.append(column)
    assert painted
    assert min(painted) >= 3
    assert max(painted) <= image.width() - 4


@pytest.mark.parametrize(("levels", "under"), [(1, True), (3, True), (32, False)])
def test_the_tag_of_an_old_analysis_leaves_a_small_matrix_free(qtbot, levels, under):
    view = shown(qtbot, AttentionView, sample_analysis(levels))
    view.set_stale("Previous analysis: onset 30, apex 52")
    matrix = view.matrix
    field = QRectF(*matrix.geometry_now.field)
    assert matrix.stale_field().intersects(field) != under
    assert matrix.stale_field().bottom() <= matrix.height()
