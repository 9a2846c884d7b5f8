"""The amplification levels: values, gains, and what is refused."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrn_core.errors import SettingsError
from mrn_core.magnification import AmplificationLevels


def test_the_defaults_are_32_levels_from_2_to_13():
    levels = AmplificationLevels()
    assert levels.values.shape == (32,)
    assert levels.values.dtype == np.float64
    assert levels.values[0] == 2
    assert levels.values[-1] == 13
    np.testing.assert_allclose(np.diff(levels.values), 11 / 31)
    np.testing.assert_array_equal(levels.gains, levels.values + 1)


def test_the_papers_integers():
    np.testing.assert_array_equal(AmplificationLevels(2, 13, 12).values, np.arange(2, 14))


def test_total_means_that_the_factor_is_the_gain():
    np.testing.assert_array_equal(AmplificationLevels(1, 3, 3, "total").gains, [1, 2, 3])


def test_one_level_is_the_lower_end():
    np.testing.assert_array_equal(AmplificationLevels.parse("2:13:1").values, [2.0])


def test_levels_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        AmplificationLevels().lo = 3


@given(
    lo=st.floats(0, 100),
    width=st.floats(0, 100),
    count=st.integers(1, 512),
)
def test_levels_rise_from_one_end_to_the_other(lo, width, count):
    values = AmplificationLevels(lo, lo + width, count).values
    assert len(values) == count
    assert values[0] == lo
    assert np.all(np.diff(values) >= 0)
    assert values[-1] <= lo + width + 1e-9


@given(lo=st.integers(0, 50), width=st.integers(0, 50), count=st.integers(2, 64))
def test_what_is_printed_is_read_again(lo, width, count):
    levels = AmplificationLevels(lo, lo + width, count)
    # 5:5:3 and the like are ranges of no width; nothing else can be meant by them.
    assert AmplificationLevels.parse(str(levels)) == levels


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2:1:13", "2:13:12"),
        ("2:0.5:4", "2:4:5"),
        ("13:2:32", "2:13:32"),
        ("2,5:13:32", "2.5:13:32"),
        ("2:13", "LO:HI:COUNT"),
        ("2-13", "LO:HI:COUNT"),
        ("", "LO:HI:COUNT"),
        ("two:13:32", "LO:HI:COUNT"),
        ("2:13:3.5", "LO:HI:COUNT"),
        ("2:13:nan", "LO:HI:COUNT"),
        ("nan:13:32", "LO:HI:COUNT"),
        ("2:inf:32", "LO:HI:COUNT"),
        ("2:13:0", "at least 1"),
        ("2:13:-4", "at least 1"),
        ("-1:13:32", "0 (the apex itself)"),
        ("2:1000:32", "at most 200"),
        ("2:13:5000", "at most 512"),
    ],
)
def test_what_is_refused_is_told_what_to_write(text, advice):
    with pytest.raises(SettingsError) as caught:
        AmplificationLevels.parse(text)
    assert advice in caught.value.advice


@pytest.mark.parametrize("values", [{"count": 2.5}, {"count": True}, {"convention": "both"}])
def test_fields_of_the_wrong_kind_are_refused(values):
    with pytest.raises(SettingsError):
        AmplificationLevels(**values)
