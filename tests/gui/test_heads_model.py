"""Where the small multiples stand, and that no cell is lost in them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample import sample_trace

from mrn_gui.attention.heads_model import HeadsGeometry, densities, fitted, head_pictures
from mrn_gui.attention.values import rgb
from mrn_gui.palette import LIGHT


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
    pictures = np.random.default_rng(0).integers(0, 255, (2, 32, 32, 3)).astype(np.uint8)
    made = fitted(pictures, side)
    assert made.shape == (2, side, side, 3)
    np.testing.assert_allclose(made.mean((1, 2)), pictures.mean((1, 2)), atol=0.6)


def test_a_whole_multiple_is_exact():
    pictures = np.random.default_rng(0).integers(0, 255, (1, 12, 12, 3)).astype(np.uint8)
    made = fitted(pictures, 60)
    assert (made[:, 2::5, 2::5] == pictures).all()
    assert (made[:, 0:5, 0:5] == pictures[:, :1, :1]).all()


def test_masked_cells_are_the_ground():
    trace = sample_trace(seed=5)
    pictures = head_pictures(trace, "scaled", 2.5, LIGHT)
    ground = (pictures == rgb(LIGHT.sunk)).all(-1)
    assert (ground == ~trace.mask).all()
    np.testing.assert_allclose(densities(trace), [trace.mask[h].sum() / 1024 for h in range(8)])
