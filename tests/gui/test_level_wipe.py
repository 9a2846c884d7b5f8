"""The wipe's geometry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrn_gui.level.wipe import WipeGeometry, flipped


@given(width=st.integers(100, 800), height=st.integers(40, 800), split=st.floats(0, 1))
def test_the_picture_is_whole_and_square_and_the_line_inside(width, height, split):
    geometry = WipeGeometry(width, height, split)
    x, y, side, other = geometry.picture
    left, top, wide, high = geometry.field
    assert side == other
    assert left <= x
    assert x + side <= left + wide + 0.5
    assert top <= y
    assert y + side <= top + high + 0.5
    assert x - 0.5 <= geometry.line <= x + side + 0.5
    assert geometry.split_at(geometry.line) == pytest.approx(split, abs=0.51 / side)


def test_beyond_the_picture_the_line_stops():
    geometry = WipeGeometry(352, 304)
    assert geometry.split_at(-50) == 0
    assert geometry.split_at(900) == 1
    assert geometry.holds(170, 100)
    assert not geometry.holds(2, 100)


def test_z_flips_between_onset_and_apex():
    assert flipped("onset") == "apex"
    assert flipped("apex") == "onset"
    assert flipped("off") == "onset"
