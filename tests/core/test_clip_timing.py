"""From timestamps to seconds and rates."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrn_core.clip.timing import frame_times


@given(
    rate=st.sampled_from([Fraction(24000, 1001), Fraction(25), Fraction(30), Fraction(200), Fraction(240)]),
    tick=st.sampled_from([Fraction(1, 1000), Fraction(1, 12800), Fraction(1, 90000)]),
    n=st.integers(2, 400),
    start=st.integers(-1000, 10**9),
)
def test_a_steady_rate_is_known_in_spite_of_rounded_stamps(rate, tick, n, start):
    stamps = [start + round(k / rate / tick) for k in range(n)]
    timing = frame_times(stamps, tick, rate, None)
    assert not timing.variable
    assert timing.fps == float(rate)
    assert timing.times[0] == 0
    assert np.abs(timing.times - np.arange(n) / float(rate)).max() <= 1.01 * float(tick)
    assert timing.notices == []


@given(gaps=st.lists(st.integers(1, 5000), min_size=1, max_size=60), start=st.integers(-(10**6), 10**6))
def test_times_begin_at_nought_and_rise(gaps, start):
    stamps = [start, *(start + np.cumsum(gaps)).tolist()]
    timing = frame_times(stamps, Fraction(1, 1000), None, None)
    assert timing.times[0] == 0
    assert (np.diff(timing.times) > 0).all()
    assert timing.fps == pytest.approx(1000 * len(gaps) / sum(gaps))


def test_a_header_that_lies_about_the_rate():
    timing = frame_times([40 * k for k in range(50)], Fraction(1, 1000), Fraction(1000), None)
    assert timing.fps == pytest.approx(25)
    assert not timing.variable


def test_one_late_frame_makes_the_rate_vary():
    stamps = [40 * k + (40 if k > 20 else 0) for k in range(50)]
    assert frame_times(stamps, Fraction(1, 1000), Fraction(25), None).variable


@pytest.mark.parametrize("stamps", [[0, None, 2], [0, 2, 1], [0, 1, 1]])
def test_without_usable_stamps_the_rate_decides(stamps):
    timing = frame_times(stamps, Fraction(1, 25), Fraction(50), None)
    assert timing.times == pytest.approx([0, 0.02, 0.04])
    assert timing.known
    assert "no usable timestamps" in timing.notices[0]


def test_nothing_known_at_all():
    timing = frame_times([None, None], None, None, None)
    assert (timing.fps, timing.known) == (25.0, False)
    assert "assumed" in timing.notices[0]


def test_a_given_rate_rules():
    timing = frame_times([0, 7, 9], Fraction(1, 1000), Fraction(30), 200.0)
    assert timing.times == pytest.approx([0, 0.005, 0.01])
    assert (timing.fps, timing.known, timing.variable) == (200.0, True, False)
    assert frame_times([0, 1], Fraction(1, 25), Fraction(25), 25.0).notices == []
