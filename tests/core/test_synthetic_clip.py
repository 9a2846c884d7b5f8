"""Rendered clips: equal bits, exact truth, and files."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from mrn_core.clip import open_clip
from mrn_core.datasets.synthetic import (
    EMOTIONS,
    Camera,
    Distractor,
    Light,
    Pose,
    Sensor,
    SyntheticClip,
    identity,
    read_truth,
    sample_clip,
    write_clip,
)
from mrn_core.datasets.synthetic.displacement import displacement
from mrn_core.datasets.synthetic.head import head_of
from mrn_core.datasets.synthetic.render import levels_of, place
from mrn_core.errors import Cancelled, FileError, SettingsError
from mrn_core.magnification.warping import warp

UNITS = 52


def still_clip(seed=0, emotion="happiness", **choices):
    given = {"peak_px": 1.0, "sway": 0, "distractors": False, "noise": 0} | choices
    return sample_clip(seed, identity(seed), emotion, **given)


def moving_area(truth):
    return truth.mask & (np.linalg.norm(truth.displacement, axis=-1) > 0.3)


def face_of(landmarks):
    """(224, 224) bool: the face inside the outermost landmarks, eyes and mouth too."""
    face = np.zeros((224, 224), np.uint8)
    cv2.fillConvexPoly(face, cv2.convexHull(np.rint(landmarks).astype(np.int32)), 1)
    return cv2.erode(face, np.ones((13, 13), np.uint8)) == 1


def slope_of(picture, axis):
    """The slope by a stencil of fourth order."""
    near = np.roll(picture, -1, axis) - np.roll(picture, 1, axis)
    far = np.roll(picture, -2, axis) - np.roll(picture, 2, axis)
    return (8 * near - far) / 12


@pytest.mark.parametrize(("pose", "axis"), [("x", 1), ("y", 0)])
def test_a_shift_of_a_tenth_of_a_pixel_is_measured(pose, axis):
    """Least squares on rendered frames, lightly smoothed so that the slope is one; two people."""
    camera, light = Camera(), Light()
    for seed in (0, 5):
        head = head_of(identity(seed))
        unit = head.length / camera.face  # one pixel at the eyes' distance
        rest = place(head, np.zeros(UNITS), Pose(), camera)
        moved = place(head, np.zeros(UNITS), Pose(**{pose: 0.1 * unit}), camera)
        one, other = (
            cv2.GaussianBlur(levels_of(head, p, camera, light).mean(axis=-1), (0, 0), 1.0)
            for p in (rest, moved)
        )
        field, mask = displacement(rest, moved, camera)
        face = face_of(head.landmarks(rest.screen)[:, :2]) & mask
        truth = field[..., 1 - axis][face].mean()
        slope = slope_of((one + other) / 2, axis)[face]
        measured = (slope * (other - one)[face]).sum() / (slope**2).sum()
        assert abs(truth) == pytest.approx(0.1, rel=0.05)
        assert measured == pytest.approx(truth, rel=0.05)


@pytest.mark.parametrize("emotion", ["happiness", "disgust", "surprise"])
def test_warping_by_the_truth_takes_most_of_the_difference_away(emotion):
    clip = still_clip(EMOTIONS.index(emotion), emotion)
    truth = clip.truth(clip.apex)
    before, after = clip.clean_frame(clip.onset), clip.clean_frame(clip.apex)
    area = moving_area(truth)
    assert area.sum() > 200
    left = np.abs(after - warp(before, truth.displacement, 1.0))[area].mean()
    assert left <= 0.30 * np.abs(after - before)[area].mean()


def test_the_peak_is_as_large_as_asked_for():
    for peak, size in ((0.3, 224), (2.0, 224), (1.0, 112)):
        clip = still_clip(1, "disgust", peak_px=peak, size=size)
        largest = np.linalg.norm(clip.truth(clip.apex).displacement, axis=-1).max()
        assert largest == pytest.approx(peak * size / 224, rel=0.06)


def test_displacement_is_linear_in_the_activation():
    for number, emotion in enumerate(EMOTIONS):
        clip = still_clip(number, emotion)
        head, weights = head_of(clip.person), clip.expression.weights()
        rest = place(head, 0 * weights, Pose(), clip.camera).screen[:, :2]
        one = place(head, weights, Pose(), clip.camera).screen[:, :2] - rest
        for gain in (2, 7, 14):
            moved = place(head, gain * weights, Pose(), clip.camera).screen[:, :2] - rest
            assert np.linalg.norm(moved - gain * one, axis=1).max() < 0.1


def test_frames_are_equal_to_the_bit_and_noise_is_not_repeated():
    clip = sample_clip(4, identity(4), "repression")
    again = SyntheticClip.from_dict(json.loads(json.dumps(clip.to_dict())))
    assert again == clip
    frame = clip.render_frame(clip.apex)
    head_of.cache_clear()
    assert np.array_equal(frame, again.render_frame(clip.apex))
    assert not np.array_equal(replace(clip, seed=5).render_frame(clip.apex), frame)
    assert frame.shape == (224, 224, 3)
    assert frame.dtype == np.uint8


def test_the_truth_of_rest_is_nothing_and_of_the_apex_all():
    clip = still_clip(2, "surprise")
    rest, apex = clip.truth(clip.onset), clip.truth(clip.apex)
    assert rest.activation == 0
    assert np.abs(rest.displacement).max() < 1e-9
    assert rest.mask.all()
    assert rest.units == {}
    assert apex.activation == 1
    assert apex.action_units == clip.expression.units
    assert set(apex.units) == {name for u in clip.expression.units for name in u.units()}
    with pytest.raises(IndexError):
        clip.truth(len(clip))


def test_landmarks_move_as_the_field_says():
    clip = sample_clip(3, identity(3), "happiness", peak_px=2.0, distractors=False, noise=0)
    truth = clip.truth(clip.apex)
    before, after = clip.landmarks(clip.onset), truth.landmarks
    checked = 0
    for point in (30, 33, 27, 48, 54, 8, 21):
        x, y = np.rint(after[point]).astype(int)
        if truth.mask[y, x]:
            np.testing.assert_allclose(before[point] - after[point], truth.displacement[y, x], atol=0.12)
            checked += 1
    assert checked >= 5


def test_a_sway_moves_the_whole_head():
    clip = sample_clip(6, identity(6), "happiness", peak_px=0.3, distractors=False, noise=0, sway=3.0)
    truth = clip.truth(clip.apex)
    assert truth.pose != clip.truth(clip.onset).pose
    forehead = truth.displacement[70:80, 105:120][truth.mask[70:80, 105:120]]
    assert np.linalg.norm(forehead, axis=-1).mean() > 0.05
    before, after = clip.clean_frame(clip.onset), clip.clean_frame(clip.apex)
    face = truth.mask & (np.linalg.norm(truth.displacement, axis=-1) > 0)
    left = np.abs(after - warp(before, truth.displacement, 1.0))[face].mean()
    assert left < 0.4 * np.abs(after - before)[face].mean()


def test_a_blink_hides_the_eye_and_the_mask_says_so():
    clip = replace(still_clip(1), distractors=(Distractor("blink", 0.0, 30.0, 1.0),))
    assert clip.truth(clip.onset).mask.all()
    clip = replace(clip, distractors=(Distractor("blink", (clip.onset + 1) / clip.fps, 0.2, 1.0),))
    frame = clip.onset + 14  # shut
    truth = clip.truth(frame)
    assert truth.units["eyeBlinkLeft"] > 0.9
    x, y = np.rint(clip.landmarks(clip.onset)[36:42].mean(axis=0)).astype(int)
    assert not truth.mask[y, x]
    assert not truth.mask.all()
    assert truth.mask.mean() > 0.8


def test_the_exact_magnified_frame():
    clip = still_clip(0, "happiness")
    apex = clip.magnified(0.0)
    assert np.array_equal(apex.frame, np.rint(clip.clean_frame(clip.apex)).astype(np.uint8))
    assert apex.beyond == {}
    assert not apex.doubtful.any()
    seven = clip.magnified(6.0)
    ratio = (
        np.linalg.norm(seven.displacement, axis=-1).max() / np.linalg.norm(apex.displacement, axis=-1).max()
    )
    assert ratio == pytest.approx(7, rel=0.02)


def test_what_leaves_its_range_is_flagged():
    clip = still_clip(3, "repression")
    far = clip.magnified(20.0)
    assert all(weight > 1 for weight in far.beyond.values())
    assert "mouthFrownLeft" in far.beyond
    assert far.folds > 0
    assert far.doubtful.any()
    assert not far.doubtful[:80].any()  # the brows are not concerned


def test_the_noise_is_as_large_as_said():
    clip = replace(still_clip(0), sensor=Sensor(read_noise=2.0, shot_noise=0.02))
    clean = clip.clean_frame(0)
    middle = (clean > 40) & (clean < 215)
    noise = clip.render_frame(0)[middle] - clean[middle]
    assert noise.var() == pytest.approx(4 + 0.02 * clean[middle].mean() + 1 / 12, rel=0.04)
    gray = replace(clip, sensor=Sensor(read_noise=2.0, gray=True)).render_frame(0)
    assert (gray[..., 0] == gray[..., 2]).all()


def test_light_may_flicker_drift_and_blur():
    light = np.full((8, 8, 3), 0.2, np.float32)
    sensor = Sensor(flicker=0.05, flicker_rate=50.0, drift=-0.1)
    means = [sensor.record(light, t, (0, 0)).mean() for t in (0.0, 0.005, 1.0)]
    assert means[1] > means[0] > means[2]
    sharp = np.zeros((16, 16, 3), np.float32)
    sharp[:, 8:] = 0.5
    assert Sensor(blur=1.0).levels(sharp)[0, 7, 0] > 20
    assert Sensor(resolution=0.25).levels(sharp).shape == sharp.shape
    with pytest.raises(SettingsError):
        Sensor(resolution=0)


def test_pictures_and_truth_on_disk(tmp_path):
    clip = sample_clip(9, identity(9), "others", fps=60, size=(96, 112), duration=0.1)
    span = range(clip.onset, clip.offset + 1)
    truth = write_clip(clip, tmp_path / "a", first=46, frames=span)
    written = read_truth(truth)
    assert written.clip == clip
    assert written.frame(46) == clip.onset
    opened = open_clip(tmp_path / "a")
    assert len(opened) == len(span)
    assert opened.numbers[0] == 46
    assert opened[0].shape == (112, 96, 3)
    assert np.abs(opened[0].astype(int) - clip.render_frame(clip.onset)).mean() < 6
    write_clip(clip, tmp_path / "b", first=46, frames=span)
    for one in sorted((tmp_path / "a").iterdir()):
        assert one.read_bytes() == (tmp_path / "b" / one.name).read_bytes()


def test_a_film_on_disk(tmp_path):
    clip = sample_clip(8, identity(9), "happiness", fps=50, size=96, duration=0.1)
    write_clip(clip, tmp_path / "a", "mp4")
    write_clip(clip, tmp_path / "b", "mp4")
    assert (tmp_path / "a" / "clip.mp4").read_bytes() == (tmp_path / "b" / "clip.mp4").read_bytes()
    opened = open_clip(tmp_path / "a" / "clip.mp4")
    assert len(opened) == len(clip)
    assert opened.fps == pytest.approx(50)
    grays = [cv2.cvtColor(f, cv2.COLOR_RGB2GRAY).astype(int) for f in (opened[3], clip.render_frame(3))]
    assert np.abs(grays[0] - grays[1]).mean() < 3


def test_what_cannot_be_written_or_read(tmp_path):
    clip = still_clip(0, fps=25)
    with pytest.raises(SettingsError):
        write_clip(clip, tmp_path, "avi")
    with pytest.raises(SettingsError):
        write_clip(clip, tmp_path, frames=range(len(clip) + 1))
    with pytest.raises(Cancelled):
        write_clip(clip, tmp_path / "c", cancel=lambda: True)
    assert not (tmp_path / "c" / "truth.json").exists()
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileError):
        write_clip(clip, tmp_path / "file")
    with pytest.raises(FileError):
        read_truth(tmp_path / "missing.json")
    for text in ("{", "[]", '{"format": "mrn-studio synthetic clip", "version": 1, "clip": {}}'):
        (tmp_path / "truth.json").write_text(text)
        with pytest.raises(FileError):
            read_truth(tmp_path)


def test_a_few_faces_are_found():
    dlib = pytest.importorskip("dlib")
    detector = dlib.get_frontal_face_detector()
    for seed in (0, 1, 2):
        clip = sample_clip(seed, identity(seed), "happiness")
        assert len(detector(clip.render_frame(clip.apex), 0)) == 1


def test_where_nothing_can_be_cached_it_is_compiled_all_the_same(monkeypatch):
    from mrn_core.datasets.synthetic import compiled

    asked = []

    def without_cache(function=None, cache=False):
        asked.append(cache)
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return function

    monkeypatch.setattr(compiled, "njit", without_cache)
    assert compiled.compiled(abs) is abs
    assert asked == [True, False]
