"""Spotting, on a drawn face that moves along a known course; its landmarks are given, no detector runs."""

import csv
import importlib.util
import io
import json

import numpy as np
import pytest
from drawn_face import APEX, OFFSET, ONSET, MadeClip, landmarks
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from mrn_core import open_clip
from mrn_core.errors import Cancelled, FaceError, SettingsError
from mrn_core.resources import resource
from mrn_core.spotting import CURVES, UNITS, curves_csv, event, proposal_told, spot
from mrn_core.spotting.blinks import find_blinks
from mrn_core.spotting.event import course, find_event

REGIONS = {"brows", "eyes", "nose", "mouth", "motion"}


@pytest.mark.parametrize("drift", [0.0, 4.0])
@pytest.mark.parametrize("method", ["difference", "flow"])
def test_the_apex_is_found_within_a_tenth_of_the_event(method, drift):
    clip = MadeClip(drift=drift)
    found = spot(clip, method, face=landmarks())
    length = OFFSET - ONSET
    assert abs(found.apex - APEX) <= length / 10
    assert abs(found.onset - ONSET) <= length / 4
    assert abs(found.offset - OFFSET) <= length / 4
    assert found.onset < found.apex < found.offset
    assert 0.3 < found.confidence <= 1
    assert (found.method, found.units, found.fps, found.reference) == (method, UNITS[method], 200.0, 0)
    assert set(found.curves) == REGIONS
    assert all(curve.shape == (90,) and curve.dtype == np.float64 for curve in found.curves.values())
    assert clip.asked == list(range(90))  # one pass, in order
    assert found.curves["brows"][APEX] > 3 * found.curves["mouth"][APEX]


def test_flow_is_in_pixels_of_the_crop():
    """Against the drawn field itself, averaged over boxes around each brow's points and over 20 ms."""
    clip = MadeClip(count=APEX + 10, noise=0.5)
    scale = 224 / (np.ptp(landmarks(), axis=0).max() * 1.4)
    expected = []
    for points in ((17, 18, 19), (20, 21), (22, 23), (24, 25, 26)):
        low = landmarks()[list(points)].min(axis=0) - np.array((7, 9)) / scale
        high = landmarks()[list(points)].max(axis=0) + np.array((7, 2)) / scale
        inside = (clip.x >= low[0]) & (clip.x <= high[0]) & (clip.y >= low[1]) & (clip.y <= high[1])
        expected.append(clip.height * clip.brows[inside].mean() * scale)
    near = np.arange(-9, 10)
    weights = np.exp(-0.5 * (near / 4) ** 2)
    course = np.average([clip.course(APEX + step) for step in near], weights=weights)
    found = spot(clip, "flow", face=landmarks())
    assert found.curves["brows"][APEX] == pytest.approx(course * np.mean(expected), rel=0.2)


def test_the_nose_tells_the_head():
    still, moving = (spot(MadeClip(count=20, drift=d), "flow", face=landmarks()) for d in (0.0, 4.0))
    scale = 224 / (np.ptp(landmarks(), axis=0).max() * 1.4)
    assert still.curves["nose"][16] < 0.1
    assert moving.curves["nose"][10] == pytest.approx(4 * 10 / 20 * scale, rel=0.1)


@pytest.mark.parametrize("method", ["difference", "flow"])
def test_a_still_face_proposes_nothing(method):
    found = spot(MadeClip(count=40, height=0, noise=2.0), method, face=landmarks())
    assert (found.onset, found.apex, found.offset) == (None, None, None)
    assert found.confidence == 0


def test_frames_without_a_face_are_gaps():
    gaps = [0, 1, 2, 3, 4, 8, 60]
    found = spot(MadeClip(empty=gaps), face=landmarks())
    for curve in found.curves.values():
        assert np.flatnonzero(np.isnan(curve)).tolist() == gaps
    assert found.reference == 5
    assert abs(found.apex - APEX) <= 4


def test_an_event_that_does_not_end_has_no_offset():
    found = spot(MadeClip(count=APEX + 2), face=landmarks())
    assert abs(found.apex - APEX) <= 4
    assert found.offset is None
    whole = spot(MadeClip(), face=landmarks())
    assert found.confidence < 0.7 * whole.confidence


def test_a_reference_can_be_named():
    found = spot(MadeClip(), face=landmarks(), reference=APEX)
    assert found.reference == APEX
    assert found.curves["brows"][0] > 5 * found.curves["brows"][APEX]
    for wrong in (-1, 90):
        with pytest.raises(SettingsError, match="0 to 89"):
            spot(MadeClip(), face=landmarks(), reference=wrong)


def test_a_clip_of_crops_needs_no_landmarks():
    assert abs(spot(MadeClip(height=3), "flow", face="whole").apex - APEX) <= 5


def test_short_clips_are_answered():
    for count in (1, 2, 3, 9):
        found = spot(MadeClip(count=count), face=landmarks())
        assert found.apex is None
        assert found.curves["motion"].shape == (count,)


def test_progress_and_cancel():
    seen = []
    clip = MadeClip(count=20)
    spot(clip, face=landmarks(), progress=lambda *told: seen.append(told))
    assert seen == [("spot", done, 20) for done in range(1, 21)]
    clip = MadeClip(count=20)
    with pytest.raises(Cancelled):
        spot(clip, face=landmarks(), cancel=lambda: len(clip.asked) >= 7)
    assert clip.asked == list(range(7))


def test_what_cannot_be_done_is_said():
    with pytest.raises(SettingsError, match="difference, flow"):
        spot(MadeClip(), "magic", face=landmarks())
    with pytest.raises(FaceError, match="No frame of the clip shows a face"):
        spot(MadeClip(count=3, empty=range(3)))
    with pytest.raises(FaceError, match="frame 1, the reference"):
        spot(MadeClip(count=3, empty=range(3)), reference=1)


@pytest.mark.parametrize("method", ["difference", "flow"])
def test_the_demo_clip_with_a_detected_face(method):
    with np.load(resource("demo", "astronaut.npz")) as truth:
        onset, apex, offset = (int(truth[name]) for name in ("onset", "apex", "offset"))
    clip = open_clip(resource("demo", "astronaut.mp4"))
    found = spot(clip, method)
    np.testing.assert_array_equal(found.times, clip.times)
    np.testing.assert_array_equal(found.numbers, clip.numbers)
    assert abs(found.apex - apex) <= (offset - onset) / 10
    assert onset - 2 <= found.onset < found.apex < found.offset <= offset + 4


@pytest.mark.parametrize("method", ["difference", "flow"])
def test_a_real_smile(shared, method):
    found = spot(open_clip(shared / "data" / "faces" / "single_face.mp4"), method)
    assert 8 <= found.onset <= 17
    assert 28 <= found.apex <= 52


@pytest.mark.skipif(importlib.util.find_spec("dlib") is None, reason="dlib is not installed")
@pytest.mark.parametrize(("seed", "emotion"), [(0, "happiness"), (2, "surprise")])
def test_micro_expressions_of_rendered_faces(seed, emotion):
    """A sample of tests/acceptance/test_spotted_apexes.py, at half its rate."""
    from mrn_core.datasets.synthetic import identity, sample_clip

    made = sample_clip(seed, identity(0), emotion, fps=100, duration=0.25)
    frames = [made.render_frame(k) for k in range(len(made))]
    frames = type("Rendered", (list,), {"fps": made.fps})(frames)
    found = spot(frames, "flow")
    assert abs(found.apex - made.apex) <= max(1, 0.1 * (made.offset - made.onset))


# -- blinks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["difference", "flow"])
def test_a_blink_is_told_and_is_not_the_apex(method):
    clip = MadeClip(blinks=[(14, 9)])
    found = spot(clip, method, face=landmarks())
    ((first, last),) = found.blinks
    assert first == pytest.approx(6, abs=3)
    assert last == pytest.approx(22, abs=3)
    assert abs(found.apex - APEX) <= (OFFSET - ONSET) / 10


def test_an_apex_in_a_blink_is_less_believed():
    plain = spot(MadeClip(), face=landmarks())
    assert plain.blinks == ()
    assert spot(MadeClip(blinks=[(APEX, 9)]), face=landmarks()).confidence < plain.confidence


def eyes(count=200, fps=200.0, shut=(), glance=()):
    contrast = np.full((count, 2), 30.0) + np.random.default_rng(0).normal(0, 0.3, (count, 2))
    for first, last in shut:
        contrast[first : last + 1] *= 0.5
    for first, last in glance:
        contrast[first : last + 1, 0] *= 0.7
    return contrast


def test_blinks_are_fast_and_of_both_eyes():
    assert find_blinks(eyes(), 200.0) == ()
    ((first, last),) = find_blinks(eyes(shut=[(50, 90)]), 200.0)
    assert abs(first - 50) <= 3
    assert abs(last - 90) <= 3
    assert len(find_blinks(eyes(shut=[(20, 50), (120, 160)]), 200.0)) == 2
    assert find_blinks(eyes(glance=[(50, 90)]), 200.0) == ()
    assert find_blinks(eyes(1000, shut=[(100, 300)]), 200.0) == ()  # a second: closed, no blink
    ((first, last),) = find_blinks(eyes(60, 25.0, shut=[(20, 23)]), 25.0)
    assert (first, last) == (20, 23)


def test_gaps_are_no_blinks():
    contrast = eyes()
    contrast[40:60] = np.nan
    assert find_blinks(contrast, 200.0) == ()
    assert find_blinks(np.full((5, 2), np.nan), 200.0) == ()


# -- the event ---------------------------------------------------------------------------------


@given(st.integers(20, 60), st.integers(8, 25), st.integers(0, 8), st.integers(8, 30), st.integers(0, 99))
@examples(max_examples=8)
def test_a_course_in_drift_and_noise_is_found(start, rise, hold, fall, seed):
    """On a raised cosine, which is not the course that is fitted."""
    rng = np.random.default_rng(seed)
    t = np.arange(160.0)
    up, down = np.clip((t - start) / rise, 0, 1), np.clip((start + rise + hold + fall - t) / fall, 0, 1)
    shape = 0.25 * (1 - np.cos(np.pi * up)) * (1 - np.cos(np.pi * down))
    drift = np.outer((t - 80) / 80, rng.normal(0, 0.3, 8)) + np.outer(
        ((t - 80) / 80) ** 2, rng.normal(0, 0.2, 8)
    )
    strength = rng.choice([-1, 1], 8) * rng.uniform(0.3, 0.6, 8)
    channels = np.outer(shape, strength) + drift + rng.normal(0, 0.03, (160, 8))
    found = find_event(channels, np.ones(160, bool), 200.0)
    assert abs(found.apex - (start + rise)) <= max(1.0, 0.1 * (rise + hold + fall))
    assert found.share > 0.5
    assert found.amplitude == pytest.approx(np.sqrt((strength**2).mean()), rel=0.15)


@given(st.integers(0, 99))
@examples(max_examples=10)
def test_many_courses_at_once_gain_what_least_squares_gives_for_each(seed):
    """By another way: a parabola and a course are fitted to each channel, with and without the course."""
    rng = np.random.default_rng(seed)
    count, fps = int(rng.integers(20, 300)), float(rng.choice([25, 60, 200]))
    channels, there = rng.normal(0, 1, (count, 5)), rng.random(count) > 0.1
    starts = rng.uniform(-5, count - 2, 12)
    times = np.column_stack([starts, rng.uniform(1, 40, (12, 3))])
    gains = event._Search(channels, there, fps).gains(times)
    for one, gain in zip(times, gains, strict=True):
        low, high = max(0, int(one[0] - 0.4 * fps)), min(count, int(one.sum() + 0.4 * fps) + 2)
        frames = low + np.flatnonzero(there[low:high])
        if len(frames) < 8:
            assert gain == 0
            continue
        drift = np.vander((frames - frames.mean()) / count, 3)
        shape = course(frames, *one)
        rest = shape - drift @ np.linalg.lstsq(drift, shape)[0]
        if rest @ rest < 0.05:
            assert gain == 0
            continue
        squares = []
        for basis in (drift, np.column_stack([drift, rest])):
            left = channels[frames] - basis @ np.linalg.lstsq(basis, channels[frames])[0]
            squares.append((left**2).sum())
        assert gain == pytest.approx(squares[0] - squares[1], rel=1e-6, abs=1e-9)


def test_noise_and_drift_alone_are_weak():
    rng = np.random.default_rng(3)
    t = np.linspace(-1, 1, 120)
    channels = rng.normal(0, 0.05, (120, 16)) + np.outer(t * t, rng.normal(0, 1, 16))
    found = find_event(channels, np.ones(120, bool), 200.0)
    assert found.strength < 8
    assert found.share < 0.2


def test_frames_that_are_not_there_are_not_read():
    rng = np.random.default_rng(1)
    channels = np.outer(course(np.arange(120), 40, 15, 5, 25), np.ones(4)) + rng.normal(0, 0.02, (120, 4))
    there = np.ones(120, bool)
    there[60:75] = False
    channels[~there] = np.nan
    assert abs(find_event(channels, there, 200.0).apex - 55) <= 2
    assert find_event(channels[:5], there[:5], 200.0) is None
    assert find_event(np.zeros((50, 4)), np.ones(50, bool), 200.0) is None
    with pytest.raises(Cancelled):
        find_event(channels, there, 200.0, cancel=lambda: True)


# -- files -------------------------------------------------------------------------------------


def test_curves_and_proposal_carry_index_number_and_seconds():
    clip = MadeClip(empty=[3], blinks=[(14, 9)])
    clip.numbers, clip.times = np.arange(90) + 46, np.arange(90) / 200
    clip.name = 'a "b", 微.mp4'
    found = spot(clip, "difference", face=landmarks())
    rows = list(csv.DictReader(io.StringIO(curves_csv(found, clip).decode())))
    assert [int(row["frame"]) for row in rows] == list(range(90))
    assert [int(row["source_number"]) for row in rows] == list(range(46, 136))
    assert float(rows[10]["seconds"]) == 0.05
    assert {row["units"] for row in rows} == {"gray levels"}
    assert [rows[3][name] for name in CURVES] == [""] * 5
    for name in CURVES:
        assert float(rows[APEX][name]) == float(found.curves[name][APEX])
    assert [float(row["seconds"]) for row in rows] == clip.times.tolist()
    assert {(row["clip"], row["method"], row["reference"]) for row in rows} == {
        (clip.name, "difference", str(found.reference))
    }
    assert [i for i, row in enumerate(rows) if row["proposed"]] == [found.onset, found.apex, found.offset]
    first, last = found.blinks[0]
    assert [i for i, row in enumerate(rows) if row["blink"] == "1"] == list(range(first, last + 1))
    told = json.loads(json.dumps(proposal_told(found, clip), allow_nan=False))
    assert told["apex"] == {
        "frame": found.apex,
        "source_number": found.apex + 46,
        "seconds": pytest.approx(found.apex / 200),
    }
    assert (told["apex_source"], told["frames"], told["frames_without_face"]) == ("spotted:difference", 90, 1)
