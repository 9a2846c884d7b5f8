"""Where the small multiples stand, and that no cell is lost in them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample import sample_trace

from mrn_core.network import explain
from mrn_gui.attention.blended import fitted
from mrn_gui.attention.heads_model import HeadsGeometry, block_facts, head_values, one_head_cells


@pytest.mark.parametrize(
    ("width", "height", "compact", "side"), [(266, 667, False, 64), (176, 482, True, 42)]
)
def test_squares_are_as_large_as_drawn(width, height, compact, side):
    geometry = HeadsGeometry(width, height, 1.0, 3, 8, 32, compact)
    assert geometry.square == side
    across, down = geometry.size
    assert across <= width
    assert down <= height


@given(
    blocks=st.integers(1, 12),
    heads=st.sampled_from([1, 2, 4, 8, 16, 64]),
    levels=st.sampled_from([1, 12, 32, 64, 100]),
    scale=st.sampled_from([1.0, 1.5, 2.0]),
    data=st.data(),
)
def test_a_point_in_a_square_is_its_own_and_squares_do_not_overlap(blocks, heads, levels, scale, data):
    geometry = HeadsGeometry(266, 667, scale, blocks, heads, levels, False)
    block, head = data.draw(st.integers(0, blocks - 1)), data.draw(st.integers(0, heads - 1))
    x, y, side, _ = geometry.rect(block, head)
    assert geometry.hit(x + data.draw(st.floats(0, side - 0.01)), y + side * 0.5) == (block, head)
    assert geometry.pitch[0] > side
    query, key = data.draw(st.integers(0, levels - 1)), data.draw(st.integers(0, levels - 1))
    dot = geometry.dot(block, head, query, key)
    assert x <= dot[0] + 0.5
    assert dot[0] + 3 <= x + side + 0.5
    assert y <= dot[1] + 0.5
    assert dot[1] + 3 <= y + side + 0.5


def test_outside_is_no_head():
    geometry = HeadsGeometry(266, 667, 1.0, 3, 8, 32, False)
    assert geometry.hit(0, 100) is None
    assert geometry.hit(100, 0) is None
    assert geometry.hit(5000, 100) is None


@pytest.mark.parametrize("side", [64, 42, 20])
def test_fitting_keeps_the_mean(side):
    picture = np.random.default_rng(0).integers(0, 255, (32, 32, 3)).astype(np.uint8)
    made = fitted(picture, side)
    assert made.shape == (side, side, 3)
    np.testing.assert_allclose(made.mean((0, 1)), picture.mean((0, 1)), atol=0.6)


def test_fitting_mixes_by_area():
    picture = np.zeros((2, 2, 3), np.uint8)
    picture[0, 0] = 180
    made = fitted(picture, 3)[..., 0]
    assert made.tolist() == [[180, 90, 0], [90, 45, 0], [0, 0, 0]]


def test_a_whole_multiple_is_exact():
    picture = np.random.default_rng(0).integers(0, 255, (12, 12, 3)).astype(np.uint8)
    made = fitted(picture, 60)
    assert (made[2::5, 2::5] == picture).all()
    assert (made[0:5, 0:5] == picture[:1, :1]).all()


def test_facts_are_those_of_the_trace():
    trace = sample_trace(seed=5, kind="empty rows")
    facts = block_facts(trace)
    np.testing.assert_allclose(facts.density, [trace.mask[h].sum() / 1024 for h in range(8)])
    values = np.stack([head_values(trace, head) for head in range(8)])
    np.testing.assert_allclose(values, trace.weights * trace.mask.sum(-1, keepdims=True), rtol=1e-6)
    assert (facts.zeroed == trace.zeroed()).all()
    assert (facts.silent == trace.silent()).all()


@pytest.mark.parametrize("value", ["scaled", "weight", "angle", "tables", "chance"])
def test_one_head_has_the_values_that_the_whole_block_gives_it(value):
    trace = sample_trace(9, heads=3, seed=6)
    drawn = explain.redraws(trace, 5) if value == "chance" else None
    whole = explain.head_values(trace, value, drawn)
    for head in range(3):
        cells = one_head_cells(trace, head, value, drawn)
        np.testing.assert_array_equal(cells.allowed, trace.mask[head])
        np.testing.assert_allclose(cells.values, whole[head], rtol=1e-12)
    assert one_head_cells(trace, 0, "chance") is None
    other = explain.redraws(sample_trace(8, heads=3), 2)
    assert one_head_cells(trace, 0, "chance", other) is None, "redraws of another shape"
