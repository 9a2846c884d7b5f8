"""Where the frames stand and what is said of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrn_gui.palette import LIGHT
from mrn_gui.strip.model import StripGeometry, greyed, number_words, tip


@pytest.mark.parametrize(("width", "height", "side", "gain"), [(1567, 262, 92, True), (1039, 180, 59, False)])
def test_frames_are_as_large_as_drawn(width, height, side, gain):
    geometry = StripGeometry(width, height, 32)
    assert geometry.side == side
    assert geometry.shows_gain is gain
    assert geometry.needed_height <= height


@pytest.mark.parametrize("levels", [1, 12, 16, 17, 32, 64, 512])
@pytest.mark.parametrize(("width", "height"), [(1567, 262), (1039, 180), (700, 180)])
def test_frames_lie_in_the_strip_and_apart(levels, width, height):
    geometry = StripGeometry(width, height, levels)
    frames = [geometry.frame(level) for level in range(levels)]
    assert all(x >= 12 and x + side <= width - 11 for x, _, side, _ in frames)
    assert all(geometry.bar(level)[1] < geometry.needed_height for level in range(levels))
    for level in range(1, levels):
        (x0, y0, side, _), (x1, y1, _, _) = frames[level - 1], frames[level]
        assert x1 >= x0 + side + 3 if y1 == y0 else y1 > y0 + side
    if levels <= 32:
        assert geometry.needed_height <= height


@given(levels=st.sampled_from([1, 12, 32, 64]), width=st.integers(600, 2400), data=st.data())
def test_every_point_of_a_frame_is_its_level(levels, width, data):
    geometry = StripGeometry(width, 260, levels)
    level = data.draw(st.integers(0, levels - 1))
    x, y, side, _ = geometry.frame(level)
    u, v = data.draw(st.floats(0.02, 0.98)), data.draw(st.floats(0, 1))
    assert geometry.hit(x + u * side, y + v * side) == level


def test_behind_the_last_frame_is_nothing():
    geometry = StripGeometry(1567, 262, 20)
    x, y, side, _ = geometry.frame(19)
    assert geometry.hit(x + side + 40, y + 5) is None
    assert geometry.hit(x, 5000) is None
    assert geometry.hit(-50, y) is None


def test_a_zeroed_frame_is_grey_and_faint():
    frame = np.array([[[200, 0, 0], [0, 0, 0], [255, 255, 255]]], np.uint8)
    made = greyed(frame, LIGHT).astype(int)
    assert (np.abs(np.diff(made, axis=-1)) <= 4).all()
    ground = np.array([0xF3, 0xF4, 0xF6])
    assert made[0, 1].tolist() == np.rint(0.62 * ground).astype(int).tolist()


def test_numbers_under_a_frame():
    assert number_words(5, 3.774, 4.774, True) == ("5", "3.77", "×4.8")
    assert number_words(5, 3.774, 4.774, True, roomy=False) == ("5", "3.8", "×4.8")
    assert number_words(30, 12.645, 13.6, False) == ("30", "12.6", "")
    assert number_words(30, 12.645, 13.6, False, roomy=False) == ("30", "", "")


def test_a_tip_leaves_out_what_is_not_known():
    assert tip(3, 2, 3) == "Level 3: AF 2.00, motion multiplied by 3.00."
    assert "0.19" in tip(3, 2, 3, 0.19, 0.37, 0.02)
    assert "chance" not in tip(3, 2, 3, 0.19)
    assert "nan" not in tip(0, 2, 3, float("nan"), float("nan"), float("nan"))
