"""The matrix's values, order, colours and geometry, against plain computations."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample import sample_analysis, sample_trace

from mrn_gui.attention.geometry import MatrixGeometry
from mrn_gui.attention.model import MatrixModel, bar, round_up
from mrn_gui.attention.scales import scale_of
from mrn_gui.attention.values import (
    axis_ticks,
    cell_colours,
    code_text,
    matrix_picture,
    order_of,
    rgb,
    runs,
    spread,
    strip_tables,
)
from mrn_gui.palette import DARK, LIGHT
from mrn_gui.selection import Place


@pytest.mark.parametrize(
    ("width", "height", "compact", "levels", "cell"),
    [
        (703, 667, False, 32, 17),
        (517, 482, True, 32, 12),
        (703, 667, False, 64, 8),
        (517, 482, True, 64, 6),
        (703, 667, False, 12, 30),
        (703, 667, False, 1, 160),
        (703, 667, False, 2, 120),
        (517, 482, True, 128, 3),
    ],
)
def test_cells_are_as_large_as_drawn(width, height, compact, levels, cell):
    assert MatrixGeometry(width, height, 1.0, levels, compact).cell == cell


@given(
    scale=st.sampled_from([1.0, 1.25, 1.5, 1.75, 2.0, 3.0]),
    levels=st.sampled_from([1, 2, 12, 32, 64, 200, 512]),
    width=st.integers(300, 1200),
    height=st.integers(280, 1000),
    data=st.data(),
)
def test_every_pixel_of_a_cell_is_its_own(scale, levels, width, height, data):
    geometry = MatrixGeometry(width, height, scale, levels, compact=width < 600)
    row, column = data.draw(st.integers(0, levels - 1)), data.draw(st.integers(0, levels - 1))
    inside = data.draw(st.tuples(*[st.floats(0.01, 0.99)] * 2))
    x = (geometry.left + (column + inside[0]) * geometry.cell) / scale
    y = (geometry.top + (row + inside[1]) * geometry.cell) / scale
    if not geometry.blended:
        assert geometry.hit(x, y) == ("cell", row, column)
        return
    part, found_row, found_column = geometry.hit(x, y)  # the cell at the pixel's upper left
    assert part == "cell"
    assert -1e-6 <= (row - found_row) * geometry.cell <= 1 + geometry.cell
    assert -1e-6 <= (column - found_column) * geometry.cell <= 1 + geometry.cell


@given(
    scale=st.sampled_from([1.0, 1.25, 1.5, 2.0]),
    width=st.integers(300, 1200),
    height=st.integers(280, 1000),
    levels=st.sampled_from([1, 32, 200, 512]),
)
def test_nothing_reaches_beyond_the_widget(scale, width, height, levels):
    geometry = MatrixGeometry(width, height, scale, levels, compact=width < 600)
    x, _, side, _ = geometry.field
    assert x + side + geometry.right_room <= width + 1
    assert geometry.beta_row[1] + geometry.beta_row[3] <= height
    assert all(rect[0] >= 0 and rect[1] >= 0 for rect in geometry.strip_rects(4, "top"))


def test_strips_labels_and_bars_belong_to_their_level():
    geometry = MatrixGeometry(703, 667, 1.0, 32, False)
    x, y, _, _ = geometry.cell_rect(7, 19)
    assert geometry.hit(x + 2, 20) == ("key", -1, 19)
    assert geometry.hit(x + 2, geometry.beta_row[1] + 3) == ("key", -1, 19)
    assert geometry.hit(20, y + 2) == ("query", 7, -1)
    assert geometry.hit(2, 2) is None
    assert geometry.hit(700, y) is None


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_masked_cell_has_no_fill_and_an_allowed_one_always_has(palette):
    mask = np.array([[True, False], [True, True]])
    values = np.array([[1e-9, 0], [0.0, 99.0]], np.float32)
    picture = matrix_picture(values, mask, 2.5, palette, cell=17, gap=1, dot=2)
    assert picture.shape == (34, 34, 3)
    assert (picture[3, 3] == rgb(palette.map_stops[0])).all()
    masked = picture[:16, 17:33].reshape(-1, 3)
    assert (masked == rgb(palette.masked_dot)).all(1).sum() == 4
    assert (masked == rgb(palette.sunk)).all(1).sum() == 16 * 16 - 4
    assert (picture[20, 20] == rgb(palette.map_stops[-1])).all()
    assert (picture[:, 16] == rgb(palette.sunk)).all(), "the gap"


def test_an_allowed_true_zero_is_outlined():
    mask = np.ones((1, 1), bool)
    zero = matrix_picture(np.zeros((1, 1), np.float32), mask, 2.5, LIGHT, 17, 1, 2)
    small = matrix_picture(np.full((1, 1), 1e-6, np.float32), mask, 2.5, LIGHT, 17, 1, 2)
    assert (zero[8, 8] == small[8, 8]).all()
    assert (zero[0, :16] != small[0, :16]).any(1).all()
    assert (zero[1:15, 15] != small[1:15, 15]).any(1).all()


def test_colours_keep_the_order_of_values():
    values = np.linspace(0, 2.5, 50, dtype=np.float32)
    grey = cell_colours(values, np.ones(50, bool), 2.5, LIGHT).astype(float) @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(grey) <= 0).all()
    assert grey[0] - grey[-1] > 100


def test_the_scale_is_one_for_all_heads():
    analysis = sample_analysis(seed=2)
    assert scale_of(analysis, "scaled").top == 2.5
    largest = max(float(trace.weights[h].max()) for trace in analysis.traces for h in range(8))
    assert scale_of(analysis, "weight").top == pytest.approx(largest)
    assert scale_of(sample_analysis(kind="all masked"), "weight").top == 1.0


@pytest.mark.parametrize("value", ["scaled", "weight"])
@pytest.mark.parametrize("by", ["level", "bucket"])
def test_a_drawn_cell_holds_its_pairs_value(value, by):
    analysis = sample_analysis(seed=4)
    model = MatrixModel(analysis, 1, 3, 2, value, by)
    trace = analysis.traces[1]
    for query, key in [(0, 0), (7, 19), (31, 2)]:
        row, column = model.row_places[query], model.column_places[key]
        expected = trace.weights[3, query, key]
        if value == "scaled":
            expected = expected * trace.mask[3, query].sum()
        assert model.values[row, column] == pytest.approx(expected)
        assert model.mask[row, column] == trace.mask[3, query, key]
        geometry = MatrixGeometry(703, 667, 1.5, 32, False)
        x, y, width, height = geometry.cell_rect(int(row), int(column))
        assert model.place_at(geometry, x + width / 2, y + height / 2) == Place(query, key)


def test_by_bucket_sorts_by_code_and_keeps_levels_in_order():
    trace = sample_trace(seed=1)
    order = order_of(trace, 2, 1, "bucket")
    codes = trace.query_buckets[2, 1][order.rows]
    assert (np.diff(codes) >= 0).all()
    assert sorted(order.rows.tolist()) == list(range(32))
    for _, start, stop in runs(codes):
        assert (np.diff(order.rows[start:stop]) > 0).all()
    assert (order.rows[order.row_places] == np.arange(32)).all()


def test_equal_codes_of_the_table_make_full_squares_by_bucket():
    analysis = sample_analysis(seed=6)
    model = MatrixModel(analysis, 0, 0, 0, by="bucket")
    columns = {code: (start, stop) for code, start, stop in runs(model.key_codes(0))}
    for code, start, stop in runs(model.query_codes(0)):
        if code in columns:
            a, b = columns[code]
            assert model.mask[start:stop, a:b].all()


def test_runs_of_codes():
    assert runs(np.array([3, 3, 1, 1, 1, 7])) == [(3, 0, 2), (1, 2, 5), (7, 5, 6)]
    assert runs(np.array([], int)) == []


def test_strips_show_the_chosen_table_last_and_the_joining_ones_first():
    trace = sample_trace(tables=8, seed=3)
    assert strip_tables(trace, 0, 5, None) == [0, 1, 2, 5]
    joined = [t for t in range(8) if trace.query_buckets[0, t, 9] == trace.key_buckets[0, t, 10] and t != 7]
    shown = strip_tables(trace, 0, 7, (9, 10))
    assert shown[-1] == 7
    assert set(joined[:3]) <= set(shown[:-1])
    assert len(shown) == 4
    assert strip_tables(sample_trace(tables=2), 0, 0, None) == [1, 0]


@pytest.mark.parametrize(
    ("low", "high", "count", "apart"), [(2, 13, 32, 2), (2, 13, 12, 1), (0, 200, 64, 3), (2, 2.5, 32, 2)]
)
def test_ticks_are_apart_and_near_what_they_say(low, high, count, apart):
    factors = np.linspace(low, high, count)
    ticks = axis_ticks(factors, apart)
    levels = [level for level, _ in ticks]
    assert levels[0] == 0
    assert levels[-1] == count - 1
    assert (np.diff(levels) >= apart).all()
    step = (high - low) / (count - 1)
    assert all(abs(factors[level] - float(words)) <= step / 2 + 0.006 for level, words in ticks)


def test_ticks_of_whole_numbers_and_of_one_level():
    assert [words for _, words in axis_ticks(np.linspace(2, 13, 32), 2)] == [str(n) for n in range(2, 14)]
    assert axis_ticks(np.array([2.0]), 2) == [(0, "2")]
    assert axis_ticks(np.array([5.0, 5.0, 5.0]), 1)[0] == (0, "5")


def test_codes_are_bits_plane_one_first():
    assert code_text(4, 3) == "100"
    assert code_text(0, 0) == "–"


def test_chance_is_shown_only_where_it_fits():
    analysis = sample_analysis(blocks=2)
    good = [SimpleNamespace(reach=np.full((8, 32), 0.25))] * 2
    wrong = [SimpleNamespace(reach=np.full((8, 12), 0.25))] * 2
    assert MatrixModel(analysis, 0, 0, 0, chance=good).expected.tolist() == [0.25] * 32
    assert MatrixModel(analysis, 0, 0, 0, chance=wrong).expected is None
    assert MatrixModel(analysis, 1, 0, 0, chance=good[:1]).expected is None


@pytest.mark.parametrize("kind", ["path", "empty rows", "all masked", "all allowed"])
@pytest.mark.parametrize("levels", [1, 12, 32])
def test_reach_and_rings_follow_the_mask(kind, levels):
    analysis = sample_analysis(levels, kind=kind, heads=1, blocks=1)
    model = MatrixModel(analysis, 0, 0, 0)
    mask = analysis.traces[0].mask[0]
    for level in range(levels):
        others = [q for q in range(levels) if q != level]
        if levels > 1:
            reach = sum(mask[q, level] for q in others) / len(others)
            assert model.reach[level] == pytest.approx(reach)
            assert model.zeroed[level] == (reach == 0)
            assert model.silent[level] == (not any(mask[level, k] for k in others))
    assert 0.1 <= model.reach_top <= 1


def test_bars_stand_on_their_row():
    row = (10.0, 100.0, 320.0, 20.0)
    assert bar(0.5, 1.0, row, 14, 8) == (14, 110, 8, 10)
    assert bar(0.0, 1.0, row, 14, 8)[3] == 0
    assert bar(1e-6, 1.0, row, 14, 8)[3] == 1
    assert bar(float("nan"), 1.0, row, 14, 8)[3] == 0
    assert round_up(np.array([np.nan, 0.31])) == pytest.approx(0.4)


def test_walking_stops_at_the_edges_and_follows_what_is_drawn():
    model = MatrixModel(sample_analysis(seed=4), 0, 0, 1, by="bucket")
    start = model.step(None, 0, 0)
    assert (start.query, start.key) == (model.order.rows[0], model.order.columns[0])
    assert model.step(start, -1, -1) == start
    right = model.step(start, 0, 1)
    assert right == Place(start.query, int(model.order.columns[1]))


def test_axes_by_bucket_say_codes_and_numbers_of_long_ones():
    short = MatrixModel(sample_analysis(seed=6), 0, 0, 0, by="bucket")
    codes = {code_text(code, 3) for code, _, _ in runs(short.key_codes(0))}
    assert {label.words for label in short.column_labels(1)} == codes
    long = MatrixModel(sample_analysis(seed=6, planes=8), 0, 0, 0, by="bucket")
    numbers = {f"#{code}" for code, _, _ in runs(long.query_codes(0))}
    assert {label.words for label in long.row_labels(1)} == numbers
    places = [(label.start + label.stop) / 2 for label in long.row_labels(4)]
    assert (np.diff(places) >= 4).all()


def test_a_small_matrix_leaves_room_for_the_numbers_beside_its_bars():
    geometry = MatrixGeometry(703, 200, 1.0, 1, False)
    assert geometry.colour_bar[0] > geometry.field[0] + geometry.field[2] + 60
    assert MatrixGeometry(703, 667, 1.0, 32, False).colour_bar[0] == 69 + 544 + 9


@given(st.lists(st.integers(1, 9), min_size=1, max_size=20), st.floats(0.5, 6))
def test_codes_keep_their_order_and_distance_and_stay_near_their_bucket(widths, apart):
    edges = np.concatenate([[0], np.cumsum(widths)])
    stretches = [(i, int(a), int(b)) for i, (a, b) in enumerate(pairwise(edges))]
    length = int(edges[-1])
    made = spread(stretches, apart, length)
    places = [place for _, place in made]
    assert [code for code, _ in made] == sorted(code for code, _ in made)
    assert (np.diff(places) >= apart - 1e-6).all()
    assert all(-1e-9 <= place <= max(length, apart) for place in places)
    for code, place in made:
        assert abs(place - (edges[code] + edges[code + 1]) / 2) <= apart / 2 + 1e-6
    if min(widths) >= apart:
        assert places == pytest.approx([(a + b) / 2 for a, b in pairwise(edges)]), "nothing moves needlessly"
        assert len(made) == len(widths)


def test_a_narrow_bucket_between_two_wide_ones_is_written_too():
    made = spread([(24, 0, 6), (26, 6, 8), (27, 8, 9), (30, 9, 18)], 3.3, 32)
    assert [code for code, _ in made] == [24, 26, 27, 30]
    assert made[2][1] - made[1][1] >= 3.3
