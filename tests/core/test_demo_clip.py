"""The demo clip shows what its truth says, measured from the decoded frames alone."""

import cv2
import numpy as np
import pytest

from mrn_core.clip import open_clip
from mrn_core.clip.demo import demo_clip_path, demo_truth

LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@pytest.fixture(scope="module")
def clip():
    with open_clip(demo_clip_path()) as opened:
        yield opened


@pytest.fixture(scope="module")
def truth():
    return demo_truth()


def grey(frame):
    return frame.astype(np.float32) @ LUMA


def measured_shift(onset, frame, box):
    """The one translation (x, y) that best explains a window, by iterated least squares."""
    y, x = np.mgrid[: onset.shape[0], : onset.shape[1]].astype(np.float32)
    shift = np.zeros(2, np.float32)
    for _ in range(8):
        moved = cv2.remap(onset, x + shift[0], y + shift[1], cv2.INTER_CUBIC)
        gy, gx = np.gradient(moved)
        g = np.stack([gx[box].ravel(), gy[box].ravel()], axis=1)
        shift = shift + np.linalg.lstsq(g, (frame - moved)[box].ravel(), rcond=None)[0].astype(np.float32)
    return shift


def measured_gain(onset, frame, field):
    """The multiple of the field that best explains the whole moving area, by iterated least squares."""
    y, x = np.mgrid[: onset.shape[0], : onset.shape[1]].astype(np.float32)
    area = np.linalg.norm(field, axis=-1) > 0.3
    gain = 0.0
    for _ in range(8):
        moved = cv2.remap(onset, x + gain * field[..., 0], y + gain * field[..., 1], cv2.INTER_CUBIC)
        gy, gx = np.gradient(moved)
        g = (gx * field[..., 0] + gy * field[..., 1])[area]
        gain += float(g @ (frame - moved)[area] / (g @ g))
    return gain


def test_what_the_file_says(clip, truth):
    assert (len(clip), clip.size, clip.fps, clip.fps_given) == (100, (320, 320), 200.0, True)
    assert clip.times == pytest.approx(np.arange(100) / 200)
    assert clip.notices == []
    assert demo_clip_path().stat().st_size < 1e6
    assert truth.fps == clip.fps
    assert truth.activation.shape == (100,)
    assert truth.field.shape == (320, 320, 2)
    assert truth.field.dtype == np.float32
    assert truth.landmarks.shape == (68, 2)


def test_the_course_is_that_of_a_micro_expression(truth):
    a = truth.activation
    assert a[: truth.onset + 1].max() == 0
    assert a[truth.apex] == a.max() == 1
    assert a[truth.offset :].max() == 0
    assert 1 / 25 <= (truth.offset - truth.onset) / truth.fps <= 1 / 3
    assert np.abs(np.diff(a)).max() < 0.1
    assert 1.0 <= np.linalg.norm(truth.field, axis=-1).max() <= 1.3


def test_decoded_motion_is_the_stored_field(clip, truth):
    onset, apex = grey(clip[truth.onset]), grey(clip[truth.apex])
    assert measured_gain(onset, apex, truth.field) == pytest.approx(1, abs=0.05)
    for t in (0, 15, 29, 79, 99):
        assert measured_gain(onset, grey(clip[t]), truth.field) == pytest.approx(0, abs=0.03)
    for t in (41, 46, 58, 65):
        assert measured_gain(onset, grey(clip[t]), truth.field) == pytest.approx(
            truth.activation[t], abs=0.06
        )


@pytest.mark.parametrize("point", [19, 24, 48, 54])  # the brows and the corners of the mouth
def test_each_place_moves_as_stored(clip, truth, point):
    """Without the field's help: a free translation of a small window against the field's mean there."""
    x, y = truth.landmarks[point].astype(int)
    box = np.s_[y - 9 : y + 9, x - 12 : x + 12]
    onset, apex = grey(clip[truth.onset]), grey(clip[truth.apex])
    shift = measured_shift(onset, apex, box)
    gy, gx = np.gradient(onset)
    weight = (gx**2 + gy**2)[box]
    expected = (truth.field[box] * weight[..., None]).sum((0, 1)) / weight.sum()
    assert np.linalg.norm(shift - expected) <= 0.15 * np.linalg.norm(expected)
    assert shift[1] > 0.5  # reads from below: it moves up


def test_the_eyes_and_the_border_rest(truth):
    for eye in (truth.landmarks[36:42].mean(0), truth.landmarks[42:48].mean(0)):
        assert np.linalg.norm(truth.field[int(eye[1]), int(eye[0])]) < 0.2
    edge = np.ones((320, 320), bool)
    edge[4:-4, 4:-4] = False
    assert np.abs(truth.field[edge]).max() < 0.01


def test_noise_of_a_camera(clip):
    still = np.stack([clip[t] for t in range(30)]).astype(float)
    assert 0.8 < still.std(axis=0)[90:260, 80:260].mean() < 2.0


def test_the_face_is_found(clip, truth):
    dlib = pytest.importorskip("dlib")
    models = pytest.importorskip("face_recognition_models")
    frame = clip[truth.onset]
    (face,) = dlib.get_frontal_face_detector()(frame, 0)
    assert 150 <= face.width() <= 200
    shape = dlib.shape_predictor(models.pose_predictor_model_location())(frame, face)
    points = np.array([(p.x, p.y) for p in shape.parts()])
    assert np.linalg.norm(points - truth.landmarks, axis=1).mean() < 2
