"""Expressions, their course, and what moves beside them: numbers, no pictures."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mrn_core.datasets.synthetic import (
    EMOTIONS,
    ActionUnit,
    Course,
    Distractor,
    out_of_range,
    sample_course,
    sample_expression,
)
from mrn_core.datasets.synthetic.expression import ACTION_UNITS, OTHERS, SIDED
from mrn_core.datasets.synthetic.motion import distracted, sample_distractors, sample_head_motion
from mrn_core.datasets.synthetic.pack import head_pack
from mrn_core.errors import SettingsError


def unit(name):
    return head_pack().units.names.index(name)


def test_every_action_unit_names_units_of_the_pack():
    names = set(head_pack().units.names)
    for number in ACTION_UNITS:
        assert set(ActionUnit(number).units()) <= names
    assert {1, 17, 26}.isdisjoint(SIDED)
    assert {2, 4, 6, 12, 14, 15} <= SIDED


@pytest.mark.parametrize(("code", "number", "side", "weight"), [("12", 12, "B", 1), ("L12B", 12, "L", 0.22)])
def test_an_action_unit_from_its_code(code, number, side, weight):
    assert ActionUnit.of(code) == ActionUnit(number, side, weight)


@pytest.mark.parametrize("letter", list("ABCDE"))
def test_letters_go_round(letter):
    assert ActionUnit.of(f"R14{letter}").code == f"R14{letter}"


@pytest.mark.parametrize("code", ["", "AU12", "12F", "L17", "99", "l12"])
def test_a_wrong_code_is_refused(code):
    with pytest.raises(SettingsError):
        ActionUnit.of(code)


def test_the_left_side_moves_the_subjects_left():
    assert ActionUnit(12, "L", 0.5).units() == {"mouthSmileLeft": 0.5}
    assert ActionUnit(12, "B", 0.5).units() == {"mouthSmileLeft": 0.5, "mouthSmileRight": 0.5}


@given(st.integers(0, 10_000), st.sampled_from(EMOTIONS))
def test_mixtures_hold_their_action_units(seed, emotion):
    expression = sample_expression(seed, emotion)
    assert expression == sample_expression(seed, emotion)
    numbers = {u.number for u in expression.units}
    wanted = {
        "happiness": ({12}, {6, 12}), "disgust": ({9}, {4, 9, 10}), "repression": ({15}, {15, 17}),
        "surprise": ({1}, {1, 2, 5}), "sadness": ({1}, {1, 4, 15}), "fear": ({1}, {1, 2, 4, 5, 20}),
        "contempt": (set(), {12, 14}), "tense": ({4}, {4, 7, 24}),
    }  # fmt: skip
    least, most = wanted[expression.mixture]
    assert least <= numbers <= most
    assert expression.mixture == emotion or (emotion == "others" and expression.mixture in OTHERS)
    np.testing.assert_allclose(expression.scaled(3).weights(), 3 * expression.weights())
    assert (expression.weights() >= 0).all()


def test_others_draws_all_four_and_contempt_one_side():
    assert {sample_expression(seed, "others").mixture for seed in range(60)} == set(OTHERS)
    assert {sample_expression(seed, "contempt").label for seed in range(60)} == {"L12", "R12", "L14", "R14"}
    assert len({sample_expression(seed, "happiness").units for seed in range(60)}) == 60


def test_an_unknown_emotion_is_refused():
    with pytest.raises(SettingsError, match="joy"):
        sample_expression(0, "joy")


def test_units_out_of_range_are_named():
    weights = np.zeros(52)
    weights[unit("jawOpen")], weights[unit("eyeWideLeft")] = 1.5, 1.0
    assert out_of_range(weights) == {"jawOpen": 1.5}


@given(
    st.integers(0, 10_000), st.sampled_from(["micro", "macro"]), st.sampled_from([25.0, 60.0, 100.0, 200.0])
)
def test_a_course_rests_peaks_and_rests(seed, kind, fps):
    course = sample_course(seed, kind)
    onset, apex, offset, count = course.onset(fps), course.apex(fps), course.offset(fps), course.count(fps)
    assert 0 <= onset < apex < offset < count
    values = [course.activation(k, fps) for k in range(count)]
    assert values[: onset + 1] == [0.0] * (onset + 1)
    assert max(values[offset:]) < 1e-12  # the offset's own time is rounded
    assert values[apex] == 1.0
    assert all(a <= b for a, b in pairwise(values[onset : apex + 1]))
    assert all(a >= b for a, b in pairwise(values[apex : offset + 1]))
    low, high = (1 / 25, 1 / 3) if kind == "micro" else (0.5, 4.0)
    assert low - 1e-3 <= course.duration <= high + 1e-3


def test_rise_and_fall_are_uneven():
    courses = [sample_course(seed) for seed in range(30)]
    assert len({round(c.rise / c.fall, 2) for c in courses}) > 20
    assert len({c.rise_power for c in courses}) == 30


def test_the_same_course_at_another_rate_shows_the_same():
    course = Course(before=0.1, rise=0.1, hold=0.02, fall=0.1, after=0.1)
    slow = [course.activation(k, 100) for k in range(course.count(100))]
    assert [course.activation(2 * k, 200) for k in range(len(slow))] == pytest.approx(slow)


@given(st.floats(0.001, 2.0), st.floats(0.5, 2))
def test_a_course_never_leaves_0_to_1(rise, power):
    course = Course(0.05, rise, 0.0, rise, 0.05, power, power)
    assume(course.count(50) < 400)
    assert all(0 <= course.activation(k, 50) <= 1 for k in range(course.count(50)))


def test_a_blink_closes_and_opens():
    blink = (Distractor("blink", 0.1, 0.2, 1.0),)
    closed = [distracted(blink, t)[unit("eyeBlinkLeft")] for t in (0.1, 0.17, 0.2, 0.3)]
    assert closed[0] == 0
    assert closed[3] == pytest.approx(0, abs=1e-9)
    assert closed[1] == 1.0
    assert 0 < closed[2] < 1


def test_a_glance_to_the_left_turns_both_eyes():
    weights = distracted((Distractor("gaze", 0.0, 1.0, 0.5, 0.0),), 0.5)
    assert weights[unit("eyeLookOutLeft")] == weights[unit("eyeLookInRight")] == 0.5
    assert weights[unit("eyeLookInLeft")] == weights[unit("eyeLookOutRight")] == 0


def test_two_blinks_close_the_eyes_once():
    two = (Distractor("blink", 0.0, 0.2, 1.0), Distractor("blink", 0.01, 0.2, 1.0))
    assert distracted(two, 0.07)[unit("eyeBlinkLeft")] == 1.0


def test_distractors_are_drawn_of_every_kind_and_leave_none_beyond_its_range():
    drawn = [d for seed in range(40) for d in sample_distractors(seed, 1.0)]
    assert {d.kind for d in drawn} == {"blink", "gaze", "lips"}
    for d in drawn:
        assert not out_of_range(distracted((d,), d.start + 0.4 * d.duration))


def test_a_head_that_does_not_sway_is_still():
    still = sample_head_motion(3, 0.0)
    assert still.pose(0.0) == still.pose(0.7)
    assert sample_head_motion(3).pose(0.0) != sample_head_motion(3).pose(0.7)
