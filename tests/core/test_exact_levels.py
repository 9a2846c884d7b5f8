"""The exact magnified frames beside a magnifier's levels."""

import json
from dataclasses import replace

import numpy as np
import pytest

from mrn_core.clip import open_clip
from mrn_core.clip.demo import demo_clip_path, demo_truth, rendered_demo_path
from mrn_core.datasets.exact import cropped_like, exact_levels, is_known, onset_crop
from mrn_core.datasets.synthetic.demo import rendered_demo_truth
from mrn_core.datasets.truth import open_truth, truth_file
from mrn_core.errors import FileError
from mrn_core.experiments.level_likeness import level_likeness
from mrn_core.faces import crop, face_transform, whole_transform
from mrn_core.magnification import magnifiers
from mrn_core.result import FaceReading


def reading_of(landmarks, margin=0.2):
    landmarks = np.asarray(landmarks, np.float64)
    transform = face_transform(landmarks, 224, margin)
    return FaceReading(landmarks=landmarks, crop_landmarks=transform.to_crop(landmarks)), transform


@pytest.fixture(scope="module")
def rendered():
    with open_clip(rendered_demo_path()) as clip:
        yield clip, exact_levels(clip)


def test_where_the_truth_is_known(tmp_path):
    assert is_known(rendered_demo_path())
    assert is_known(demo_clip_path())
    assert not is_known(tmp_path)
    assert not is_known(tmp_path / "clip.mp4")
    assert truth_file(rendered_demo_path()).name == "rendered.json"
    assert open_truth(rendered_demo_path()).apex == rendered_demo_truth().apex


def test_the_transform_is_found_again_from_the_landmarks():
    reading, transform = reading_of(rendered_demo_truth().landmarks(30), margin=0.27)
    assert np.allclose(onset_crop(reading, 320, 320).matrix, transform.matrix, atol=1e-9)
    whole = onset_crop(FaceReading(), 200, 300)
    assert np.array_equal(whole.matrix, whole_transform(200, 300).matrix)


def test_the_magnifier_is_near_the_exact_level_and_the_onset_is_not(rendered):
    clip, exact = rendered
    truth = rendered_demo_truth()
    reading, transform = reading_of(truth.landmarks(truth.onset))
    onset, apex = (crop(clip[i], transform) for i in (truth.onset, truth.apex))
    state = magnifiers["lagrangian"].prepare(onset, apex)
    ends = (truth.onset, truth.apex)
    base, third = (cropped_like(reading, exact.frame(gain, *ends).frame) for gain in (0.0, 3.0))
    found = level_likeness(magnifiers["lagrangian"].render(state, 3.0), third, onset, base)
    nothing = level_likeness(onset, third, onset, base)
    assert nothing.explained == 0
    assert found.explained > 0.7
    assert found.moving < found.still
    assert found.psnr > nothing.psnr + 3
    assert found.ssim > nothing.ssim


def test_a_level_that_is_the_truth_is_said_to_be_it(rendered):
    _, exact = rendered
    level = exact.frame(5.0, 30, 47).frame
    rest = exact.frame(0.0, 30, 47).frame
    same = level_likeness(level, level, rest, rest)
    assert (same.grey, same.moving, same.ssim) == (0, 0, pytest.approx(1))
    assert same.psnr == float("inf")
    assert same.explained == 1
    none = level_likeness(rest, rest, rest, rest)
    assert np.isnan(none.explained)


def test_other_marks_than_the_clips_own(rendered):
    _, exact = rendered
    own = rendered_demo_truth()
    half = next(i for i in range(own.onset, own.apex) if own.truth(i).activation > 0.4)
    share = own.truth(half).activation
    assert np.array_equal(exact.frame(2.0, 30, half).frame, own.magnified(2 * share - 1).frame)
    assert np.array_equal(exact.frame(3.0, 30, 47).frame, own.magnified(2.0).frame)


def test_a_photographs_exact_frame_at_gain_one_is_its_apex_without_noise():
    truth = demo_truth()
    with open_clip(demo_clip_path()) as clip:
        exact = exact_levels(clip)
        made = exact.frame(1.0, truth.onset, truth.apex).frame.astype(float)
        still = exact.frame(0.0, truth.onset, truth.apex).frame.astype(float)
        apex = clip[truth.apex].astype(float)
    moving = np.linalg.norm(truth.field, axis=-1) > 0.5
    assert np.abs(made - apex)[moving].mean() < 0.5 * np.abs(still - apex)[moving].mean()
    assert np.abs(made - apex).mean() < 1.5


def test_truth_that_belongs_to_another_clip_is_refused(tmp_path):
    stored = json.loads(truth_file(rendered_demo_path()).read_text())
    stored["clip"]["camera"] = stored["clip"]["camera"] | {"width": 200}
    (tmp_path / "other.json").write_text(json.dumps(stored))
    (tmp_path / "other.mp4").write_bytes(rendered_demo_path().read_bytes())
    with open_clip(tmp_path / "other.mp4") as other:
        with pytest.raises(FileError, match="200 x"):
            exact_levels(other).frame(2.0, 30, 47)
        (tmp_path / "other.json").write_text("{}")
        with pytest.raises(FileError, match="no truth"):
            exact_levels(other)
        (tmp_path / "other.json").unlink()
        with pytest.raises(FileError, match="not known"):
            exact_levels(other)


def test_a_shorter_truth_is_refused(rendered):
    clip, exact = rendered
    course = replace(rendered_demo_truth().course, after=0.0)
    short = replace(exact._written, clip=replace(exact._written.clip, course=course))
    with pytest.raises(FileError, match="other frames"):
        type(exact)(clip, short).frame(2.0, 30, 98)
