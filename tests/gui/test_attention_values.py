"""The values of the matrix, of one head and of many: models, bar, order and the views that follow."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from sample import sample_analysis

from mrn_core.network import explain
from mrn_gui.attention import AttentionView, HeadsGrid
from mrn_gui.attention.model import MatrixModel
from mrn_gui.attention.passage import Passage, moved_picture
from mrn_gui.attention.scales import OVERS, VALUES, scale_of
from mrn_gui.attention.values import Order, cell_colours, matrix_picture, order_of, rgb, small_square
from mrn_gui.palette import DARK, LIGHT
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme

ANALYSES = (
    sample_analysis(32, seed=3, size=8),
    sample_analysis(12, heads=1, tables=1, planes=2, blocks=2, seed=5, kind="empty rows", size=8),
    sample_analysis(9, heads=2, tables=6, planes=4, blocks=1, seed=7, kind="all masked", size=8),
)
NAMES = [value.name for value in VALUES]


def shown(qtbot, cls, analysis, size=(703, 703)):
    selection, trace = Selection(), analysis.traces[0]
    view = cls(selection, Theme())
    selection.set_shape(len(analysis.traces), trace.heads, trace.levels, trace.tables)
    view.resize(*size)
    view.show_analysis(analysis)
    qtbot.addWidget(view)
    view.show()
    return view


def drawn_of(analysis, draws=6):
    return [explain.redraws(trace, draws) for trace in analysis.traces]


@pytest.mark.parametrize("analysis", ANALYSES, ids=["path", "one table", "all masked"])
@pytest.mark.parametrize("value", NAMES)
@pytest.mark.parametrize("by", ["level", "bucket"])
def test_each_cell_of_the_model_is_the_number_of_its_pair(analysis, value, by):
    drawn = drawn_of(analysis)
    block, head = len(analysis.traces) - 1, analysis.traces[0].heads - 1
    trace = analysis.traces[block]
    model = MatrixModel(analysis, block, head, trace.tables - 1, value, by, drawn)
    levels = range(0, trace.levels, 3)
    for query, key in [(i, j) for i in levels for j in levels]:
        row, column = model.row_places[query], model.column_places[key]
        why = explain.pair(trace, head, query, key)
        want = {
            "scaled": why.weight * trace.mask[head, query].sum(),
            "weight": why.weight,
            "angle": why.angle,
            "tables": sum(table.shared for table in why.tables),
            "chance": drawn[block].allowed[head, query, key],
        }[value]
        assert model.values[row, column] == pytest.approx(float(want), abs=1e-4)
        assert model.mask[row, column] == why.allowed


@pytest.mark.parametrize("over", [name for name, _, _ in OVERS[1:]])
@pytest.mark.parametrize("value", NAMES)
def test_many_heads_are_those_of_the_core(over, value):
    analysis = ANALYSES[0]
    drawn = drawn_of(analysis)
    model = MatrixModel(analysis, 1, 3, 0, value, "bucket", drawn, over=over)
    how, where = over.split()
    part = slice(None) if where == "all" else slice(1, 2)
    cells = explain.cells_over(analysis.traces[part], value, how, drawn[part])
    np.testing.assert_array_equal(model.values, cells.values)
    np.testing.assert_array_equal(model.mask, cells.allowed)
    reach, chance = explain.reach_over(analysis.traces[part], how, drawn[part])
    np.testing.assert_array_equal(model.reach, reach)
    np.testing.assert_array_equal(model.expected, chance)
    assert model.strips == []
    assert model.rules() == ([], [])
    assert (model.order.rows == np.arange(32)).all(), "many heads have no bucket in common"
    silent = np.concatenate([trace.silent() for trace in analysis.traces[part]]).all(0)
    np.testing.assert_array_equal(model.silent, silent)


@pytest.mark.parametrize("analysis", ANALYSES)
@pytest.mark.parametrize("value", NAMES)
def test_a_scale_holds_every_value_and_its_marks(analysis, value):
    drawn, scale = drawn_of(analysis), scale_of(analysis, value)
    marks = [mark for mark, *_ in scale.marks]
    assert marks == sorted(set(marks))
    assert marks[0] == 0
    assert marks[-1] <= scale.top
    assert all(long and short and len(short) <= len(long) for _, long, short, _ in scale.marks)
    for block, trace in enumerate(analysis.traces):
        values = explain.head_values(trace, value, drawn[block])
        assert np.nanmin(values) >= 0
        if value != "scaled":  # which ends at 2.5 on purpose
            assert np.nanmax(values) <= scale.top + 1e-9


def test_the_points_to_read_from_are_one_ninety_and_unrelated():
    main = {name: [m for m, _, _, is_main in scale_of(ANALYSES[0], name).marks if is_main] for name in NAMES}
    assert main["scaled"] == [1.0]
    assert main["angle"] == [90.0]
    assert main["chance"] == pytest.approx([explain.unrelated(3, 4)])


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_masked_pair_with_a_value_is_a_small_square_of_its_colour(palette):
    mask, values = np.array([[True, False], [False, True]]), np.array([[0.0, 90.0], [np.nan, 180.0]])
    picture = matrix_picture(values, mask, 180, palette, 17, 1, 2, whole=True)
    side = small_square(16)
    masked = picture[:16, 17:33].reshape(-1, 3)
    middle = cell_colours(np.array([90.0]), np.ones(1, bool), 180, palette)[0]
    assert (masked == middle).all(1).sum() == side**2
    assert (masked == rgb(palette.sunk)).all(1).sum() == 256 - side**2
    assert (picture[17:33, :16] == rgb(palette.sunk)).all(), "no angle, no colour"
    assert (picture[:16, :16] == rgb(palette.map_stops[0])).all(), "0 degrees is no true zero of a weight"
    turned = matrix_picture(values, mask, 180, palette, 17, 1, 2, True, True)
    assert (turned[3, 3] == picture[20, 20]).all()
    assert (turned[20, 20] == picture[3, 3]).all()


def test_an_allowed_true_zero_differs_from_a_masked_pair_at_every_value_of_a_weight(qtbot):
    analysis = sample_analysis(12, heads=1, blocks=1, kind="all allowed", size=8)
    trace = analysis.traces[0]
    weights, mask = trace.weights.copy(), trace.mask.copy()
    weights[0, 2, 3] = weights[0, 2, 4] = 0
    mask[0, 2, 4] = False
    analysis = replace(analysis, traces=(replace(trace, weights=weights, mask=mask),))
    view = shown(qtbot, AttentionView, analysis)
    for value in ("scaled", "weight"):
        view.show_value(value)
        image, geometry = view.matrix.grab().toImage(), view.matrix.geometry_now
        zero, masked = (
            [image.pixelColor(int(x) + d, int(y) + d).name().upper() for d in (0, 4)]
            for x, y, _, _ in (geometry.cell_rect(2, 3), geometry.cell_rect(2, 4))
        )
        assert zero == [LIGHT.map_stops[4], LIGHT.map_stops[0]]
        assert masked == [LIGHT.sunk, LIGHT.sunk]


def test_chance_waits_for_its_redraws_and_an_old_one_is_not_shown(qtbot):
    analysis = ANALYSES[0]
    view = shown(qtbot, AttentionView, analysis)
    view.show_value("chance")
    assert view.matrix.model.cells is None
    assert not view.grab().isNull()
    view.set_chance(drawn_of(analysis))
    assert view.matrix.model.cells is not None
    view.show_over("union all")
    assert view.matrix.model.cells is not None
    view.show_analysis(sample_analysis(32, seed=9, size=8))
    assert view.matrix.model.cells is None


def test_keys_and_the_colour_bar_change_value_and_direction(qtbot):
    view = shown(qtbot, AttentionView, ANALYSES[0])
    told = []
    view.shown_as.connect(lambda value, reverse: told.append((value, reverse)))
    seen = [view.matrix.value]
    for _ in VALUES:
        QTest.keyClick(view.matrix, Qt.Key.Key_V)
        seen.append(view.matrix.value)
        assert view.values.currentText() == VALUES[NAMES.index(view.matrix.value)].title
    assert seen == [*NAMES, "scaled"]
    at = view.matrix.bar_rect().center().toPoint()
    QTest.mouseClick(view.matrix, Qt.MouseButton.LeftButton, pos=at)
    assert told[-1] == ("scaled", True)
    image = view.matrix.grab().toImage()
    bar = view.matrix.bar_rect()
    ends = [image.pixelColor(at.x(), int(y)).lightness() for y in (bar.top() + 1, bar.bottom() - 1)]
    assert ends[0] > ends[1] + 100, "large is light now"


def test_many_heads_have_one_order_and_say_so(qtbot):
    view = shown(qtbot, AttentionView, ANALYSES[0])
    view.next_order()
    view.overs.setCurrentIndex(1)
    view.overs.activated.emit(1)
    assert view.header.title == "Block 1"
    assert not any(button.isEnabled() for button in view.orders.buttons())
    assert view.orders.buttons()[0].isChecked()
    view.next_order()
    assert view.matrix.by == "bucket", "kept for the one head"
    view.show_over("union all")
    assert view.header.title == "All blocks"
    view.show_over("head")
    assert view.header.title == "Block 1, head 1"
    assert view.orders.buttons()[1].isChecked()


@pytest.mark.parametrize("levels", [1, 2, 12, 64])
@pytest.mark.parametrize("over", ["head", "mean all", "union block"])
def test_every_value_is_painted_at_every_length(qtbot, levels, over):
    for kind in ("path", "all masked", "all allowed"):
        analysis = sample_analysis(levels, heads=1, tables=1, planes=1, blocks=1, kind=kind, size=8)
        view = shown(qtbot, AttentionView, analysis, (517, 480))
        view.set_chance(drawn_of(analysis, 3))
        view.show_over(over)
        for value in NAMES:
            view.show_value(value)
            assert not view.matrix.grab().isNull()


def test_the_small_multiples_follow_value_and_direction(qtbot):
    analysis = ANALYSES[0]
    view = shown(qtbot, HeadsGrid, analysis, (266, 703))
    drawn = drawn_of(analysis)
    view.show_as("chance", False)
    x, y, side, _ = view.canvas.geometry_now.rect(1, 2)
    assert view.canvas.grab().toImage().pixelColor(int(x) + 3, int(y) + 3).name().upper() == LIGHT.sunk
    view.set_chance(drawn)
    for reverse in (False, True):
        view.show_as("angle", reverse)
        image = view.canvas.grab().toImage()
        angles = explain.angles(analysis.traces[1])[2]
        cells = cell_colours(angles, np.ones_like(angles, bool), 180, LIGHT, reverse)
        step, mask, ground = side / 32, analysis.traces[1].mask[2], tuple(rgb(LIGHT.sunk).tolist())
        assert step == 2
        for query, key in np.ndindex(32, 32):
            at = [(int(x + key * step) + i, int(y + query * step) + j) for i in (0, 1) for j in (0, 1)]
            found = [image.pixelColor(*point).getRgb()[:3] for point in at]
            want = tuple(int(part) for part in cells[query, key])
            if mask[query, key]:
                assert set(found[:3]) == {want}
            elif 0 < query < 31 and 0 < key < 31:
                assert found.count(ground) == found.count(want) == 2, "chequered"


@pytest.mark.parametrize("value", ["angle", "chance"])
@pytest.mark.parametrize("width", [266, 176])
def test_masked_pairs_are_told_from_allowed_ones_in_the_small_multiples(qtbot, value, width):
    """With every value alike, so that nothing but the mask can be seen."""
    analysis = ANALYSES[0]
    zero = [replace(t, queries=np.ones_like(t.queries), keys=np.ones_like(t.keys)) for t in analysis.traces]
    analysis = replace(analysis, traces=tuple(zero))
    view = shown(qtbot, HeadsGrid, analysis, (width, 515))
    view.set_chance([replace(d, allowed=np.full_like(d.allowed, 0.5)) for d in drawn_of(analysis)])
    view.show_as(value, False)
    image = view.canvas.grab().toImage()
    x, y, side, _ = view.canvas.geometry_now.rect(0, 0)
    cell, mask = side / 32, analysis.traces[0].mask[0]
    shares = {True: [], False: []}
    for px, py in np.ndindex(int(side) - 4, int(side) - 4):
        at = int((py + 2.5) / cell), int((px + 2.5) / cell)
        colour = image.pixelColor(int(x) + px + 2, int(y) + py + 2).name().upper()
        shares[bool(mask[at])].append(colour == LIGHT.sunk)
    assert 0.4 < np.mean(shares[False]) < 0.6
    assert not any(shares[True])
    assert "Chequered: masked" in view.canvas.tip_at(QPointF(x + 9, y + 9))


def test_arrows_choose_among_the_small_multiples(qtbot):
    view = shown(qtbot, HeadsGrid, ANALYSES[0], (266, 703))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(view.canvas, key)
    assert (view.selection.block, view.selection.head) == (0, 2)


# -- the passage -------------------------------------------------------------------------------


def test_a_passage_begins_in_the_old_order_and_ends_in_the_new():
    trace = ANALYSES[0].traces[0]
    old, new = order_of(trace, 0, 0, "level"), order_of(trace, 0, 0, "bucket")
    passage = Passage(old, new)
    rows, columns = passage.at(0)
    assert rows.tolist() == new.rows.tolist(), "the level of each new row stands where it was"
    assert columns.tolist() == new.columns.tolist()
    assert passage.at(1)[0].tolist() == list(range(32))
    assert passage.moves
    assert not Passage(old, old).moves


def test_the_picture_of_a_passage_is_the_old_then_the_new_matrix():
    old = Order(np.arange(4), np.arange(4))
    new = Order(np.array([2, 0, 3, 1]), np.array([1, 0, 3, 2]))
    values = np.random.default_rng(0).uniform(0, 2.5, (4, 4))
    mask = values > 0.6

    def draw(order):
        places = np.ix_(order.rows, order.columns)
        return matrix_picture(values[places], mask[places], 2.5, LIGHT, 9, 1, 2)

    passage, ground = Passage(old, new), rgb(LIGHT.sunk)
    assert (moved_picture(draw(new), 9, *passage.at(0), ground) == draw(old)).all()
    assert (moved_picture(draw(new), 9, *passage.at(1), ground) == draw(new)).all()
    between = moved_picture(draw(new), 9, *passage.at(0.5), ground)
    assert between.shape == (36, 36, 3)
    assert (between == ground).all(-1).any()


def test_the_order_changes_at_once_where_nothing_moves_and_by_a_passage_else(qtbot):
    view = shown(qtbot, AttentionView, ANALYSES[0])
    matrix = view.matrix
    assert not matrix.moves, "no screen, nobody looks"
    view.next_order()
    after = matrix.grab().toImage()
    view.next_order()
    matrix.moves = True
    before = matrix.grab().toImage()
    view.next_order()
    assert matrix._passage is not None
    matrix._way.setCurrentTime(0)
    first = QPointF(*matrix.geometry_now.cell_rect(0, 0)[:2])
    assert matrix.place_at(first).query == matrix.model.order.rows[0], "pointed at where it will stand"
    x, y, side, _ = (int(v) for v in matrix.geometry_now.field)
    part = lambda image: image.copy(x, y, side, side)  # noqa: E731
    matrix._way.pause()
    assert part(matrix.grab().toImage()) == part(before)
    matrix._way.resume()
    qtbot.waitUntil(lambda: matrix._passage is None, timeout=5000)
    assert part(matrix.grab().toImage()) == part(after)
    view.next_order()
    view.selection.choose(head=4)
    assert matrix._passage is None, "another head stands in its place at once"
    view.next_order()
    view.show_analysis(None)
    assert matrix._passage is None
    assert not matrix.grab().isNull()
    assert matrix.rect().contains(QPoint(5, 5))
