"""Detection and cropping of real faces: the demo clip's, and those of the reference data where it is there.

The inputs of the second half are those of public bug reports of other programs.
"""

import threading

import cv2
import numpy as np
import pytest

from mrn_core import open_clip
from mrn_core.errors import ClipError, FaceError, SettingsError, WeightsError
from mrn_core.faces import crop_pair, detect_faces, face_backend, fan_backend, look_for_face, rigid_motion_px
from mrn_core.faces.face import MIRRORED
from mrn_core.faces.quality import GOOD_QUALITY
from mrn_core.resources import resource


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(0).integers(0, 256, size=(480, 640, 3), dtype=np.uint8)


def resized(picture, factor, factor_y=None):
    return cv2.resize(picture, None, fx=factor, fy=factor_y or factor, interpolation=cv2.INTER_AREA)


def apart(a, b, face_width):
    """The mean distance of two sets of points, in px of a face 300 px wide."""
    return np.linalg.norm(a - b, axis=1).mean() * 300 / face_width


def around(picture, face, margin=0.3):
    x, y, w, h = face.box
    top, left = max(0, round(y - margin * h)), max(0, round(x - margin * w))
    return picture[top : round(y + (1 + margin) * h), left : round(x + (1 + margin) * w)]


def bar_over_the_eyes(picture, face):
    low, high = face.landmarks[36:48].min(axis=0), face.landmarks[36:48].max(axis=0)
    covered = picture.copy()
    reach = round(0.07 * face.size)
    left, right = round(face.landmarks[:, 0].min()), round(face.landmarks[:, 0].max())
    covered[round(low[1]) - reach : round(high[1]) + reach, left:right] = 0
    return covered


def hand_over_the_mouth(picture, face):
    reach = round(0.14 * face.size)
    low, high = face.landmarks[48:].min(axis=0) - reach, face.landmarks[48:].max(axis=0) + reach
    covered = picture.copy()
    covered[round(low[1]) : round(high[1]), round(low[0]) : round(high[0])] = 128
    return covered


def test_the_demo_face_is_where_it_was_put(face):
    with np.load(resource("demo", "astronaut.npz")) as truth:
        marks = truth["landmarks"].astype(float)
    assert face.landmarks.shape == (68, 2)
    assert face.landmarks.dtype == np.float64
    assert apart(face.landmarks, marks, face.size) < 4
    assert face.quality > 0.8
    assert face.backend == "dlib"


def test_reading_a_face_twice_and_from_threads_gives_the_same(picture, face):
    found = []
    threads = [threading.Thread(target=lambda: found.append(detect_faces(picture)[0])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.array_equal(other.landmarks, face.landmarks) for other in found)


def test_landmarks_follow_a_shift_and_a_mirror(picture, face):
    moved = np.roll(picture, (5, -9), axis=(0, 1))
    assert apart(detect_faces(moved)[0].landmarks, face.landmarks + np.array([-9, 5]), face.size) < 1.5
    (mirrored,) = detect_faces(picture[:, ::-1])
    points = mirrored.landmarks[MIRRORED]
    points[:, 0] = picture.shape[1] - 1 - points[:, 0]
    assert apart(points, face.landmarks, face.size) < 3
    assert mirrored.quality == pytest.approx(face.quality, abs=0.15)


def test_a_small_and_a_huge_picture_show_the_same_face(picture, face):
    small = resized(around(picture, face), 48 / face.size)
    found = detect_faces(small)[0]
    assert found.size == pytest.approx(48, rel=0.1)
    huge = cv2.resize(picture, (3840, 3840 * picture.shape[0] // picture.shape[1]))
    factor = 3840 / picture.shape[1]
    (found,) = detect_faces(huge)
    assert apart((found.landmarks + 0.5) / factor - 0.5, face.landmarks, face.size) < 2.5


def test_the_largest_central_face_comes_first(picture, face):
    small = np.full_like(picture, 128)
    half = resized(picture, 0.5)
    small[-half.shape[0] :, : half.shape[1]] = half
    faces = detect_faces(np.concatenate([small, picture, small[:, ::-1]], axis=1))
    assert len(faces) >= 2
    assert apart(faces[0].landmarks, face.landmarks + np.array([picture.shape[1], 0]), face.size) < 3
    assert all(other.box[2] < faces[0].box[2] for other in faces[1:])


def test_unknown_backend():
    with pytest.raises(SettingsError, match="dlib, fan"):
        face_backend("haar")


def test_fan_without_its_package_says_what_installs_it(picture, monkeypatch):
    monkeypatch.setattr(fan_backend, "_network", None)
    monkeypatch.setattr(fan_backend.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"pip install 'face-alignment") as caught:
        detect_faces(picture, backend="fan")
    assert caught.value.field == "face_backend"


def test_fan_without_its_weights_says_which_files_go_where(picture, tmp_path, monkeypatch):
    monkeypatch.setattr(fan_backend, "_network", None)
    monkeypatch.setattr(
        fan_backend, "check_package", lambda: None
    )  # the weights are asked before it is imported
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with pytest.raises(WeightsError) as caught:
        detect_faces(picture, backend="fan")
    for part in ("s3fd-619a316812.pth", "2DFAN4-11f355bf06.pth.tar", str(tmp_path / "hub" / "checkpoints")):
        assert part in str(caught.value)
    assert not list(tmp_path.rglob("*.pth*"))  # nothing was fetched
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "s3fd-619a316812.pth").write_bytes(b"pointer")
    with pytest.raises(WeightsError, match=r"2DFAN4.* is not in") as caught:
        detect_faces(picture, backend="fan")
    assert "needs s3fd" not in str(caught.value)
    (folder / "2DFAN4-11f355bf06.pth.tar").write_bytes(b"pointer")
    with pytest.raises(WeightsError, match="damaged"):
        detect_faces(picture, backend="fan")


def test_a_grey_picture_gives_the_same_points(picture, face):
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    one = detect_faces(grey)[0].landmarks
    three = detect_faces(np.repeat(grey[..., None], 3, axis=2))[0].landmarks
    assert np.abs(one - three).max() == 0
    assert apart(one, face.landmarks, face.size) < 2


def test_no_face_in_noise_and_in_a_flat_picture(noise):
    for empty in (noise, np.full((480, 640), 100, dtype=np.uint8)):
        assert detect_faces(empty) == []
        with pytest.raises(FaceError, match=r"No face found in frame 12, the onset\.") as caught:
            crop_pair(empty, empty, onset_frame=12, apex_frame=20)
        assert (caught.value.frame, caught.value.role) == (12, "onset")
        assert "the face's box" in caught.value.advice
        assert "face crop already" in caught.value.advice
        assert "--" not in caught.value.advice, "options belong to the command"


@pytest.mark.parametrize("size", [24, 36])
def test_a_tiny_face_is_refused_or_its_size_is_told(picture, face, noise, size):
    small = resized(around(picture, face), size / face.size)
    scene = noise.copy()
    scene[200 : 200 + small.shape[0], 300 : 300 + small.shape[1]] = small
    if size == 24 and not detect_faces(scene):
        return  # refused, as noise is
    pair = crop_pair(scene, scene)
    assert any(f"only {pair.face.size:.0f} px large" in text for text in pair.warnings)
    assert pair.face.size == pytest.approx(size, rel=0.15)


LIGHTS = {
    "quarter": lambda picture: picture * 0.25,
    "gamma": lambda picture: 255 * (picture / 255) ** 2.2,
    "little contrast": lambda picture: 128 + (picture - 128.0) * 0.15,
    "haze": lambda picture: 255 + (picture - 255.0) * 0.15,
}


@pytest.mark.parametrize("light", LIGHTS)
def test_dim_and_flat_light_move_the_points_by_less_than_five_px(picture, face, light):
    (found,) = detect_faces(LIGHTS[light](picture).astype(np.uint8))
    assert np.linalg.norm(found.landmarks - face.landmarks, axis=1).max() * 300 / face.size < 5
    assert found.quality > 0.8


def test_a_face_before_a_bright_window_is_read_with_its_light_evened_out(picture, face):
    x, y, w, h = face.box
    mask = np.zeros(picture.shape[:2], np.uint8)
    centre, axes = (int(x + w / 2), int(y + 0.45 * h)), (int(0.55 * w), int(0.75 * h))
    cv2.ellipse(mask, centre, axes, 0, 0, 360, 1, -1)
    soft = cv2.GaussianBlur(mask.astype(float), (0, 0), 0.03 * w)[..., None]
    backlit = (picture * 0.15 * soft + 250 * (1 - soft)).astype(np.uint8)
    (found,) = detect_faces(backlit)
    assert apart(found.landmarks, face.landmarks, face.size) < 3


def test_a_half_lit_face_is_refused_or_told_to_be_doubtful(picture, face):
    half = picture.copy()
    middle = round(face.landmarks[:, 0].mean())
    half[:, :middle] = half[:, :middle] * 0.2
    found = detect_faces(half)
    assert not found or found[0].quality < GOOD_QUALITY


@pytest.mark.parametrize("cover", [bar_over_the_eyes, hand_over_the_mouth])
def test_a_covered_face_is_refused_or_of_lower_quality(picture, face, cover):
    covered = cover(picture, face)
    for view in (covered, covered[:, ::-1]):
        found = detect_faces(view)
        assert not found or found[0].quality < GOOD_QUALITY < face.quality


def test_a_mock_profile_is_refused_or_of_lower_quality(picture, face):
    squeezed = resized(picture, 0.55, 1)
    for view in (squeezed, squeezed[:, ::-1]):
        found = detect_faces(view)
        assert not found or found[0].quality < GOOD_QUALITY


def test_a_mouth_covered_in_the_apex_alone_is_told(picture, face):
    pair = crop_pair(picture, hand_over_the_mouth(picture, face), onset_frame=3, apex_frame=8)
    assert pair.face.quality > GOOD_QUALITY
    assert len(pair.warnings) == 1
    assert "frame 8, the apex" in pair.warnings[0]
    assert np.isnan(pair.apex_quality) or pair.apex_quality < GOOD_QUALITY


def test_an_apex_without_a_face_warns_and_an_onset_without_one_is_refused(picture):
    flat = np.full_like(picture, 100)
    pair = crop_pair(picture, flat, onset_frame=6, apex_frame=8)
    assert pair.warnings == ["No face found in frame 8, the apex: the crop comes from the onset alone."]
    assert np.isnan(pair.apex_quality)
    assert (pair.apex == 100).all()
    with pytest.raises(FaceError, match="frame 3, the onset"):
        crop_pair(flat, picture, onset_frame=3, apex_frame=6)


@pytest.mark.parametrize("side", ["left", "top"])
def test_a_face_cut_by_the_border(picture, face, side):
    x, y, w, h = (round(value) for value in face.box)
    cut = picture[:, x + w // 4 :] if side == "left" else picture[y + h // 4 :]
    far = np.array(cut)
    edge = far[:, -10:] if side == "left" else far[-10:]
    edge[:] = (255, 0, 0)  # what would come in from the other side
    pair = crop_pair(far, cut)
    assert pair.onset.shape == (224, 224, 3)
    assert any("cut by the picture's border" in text for text in pair.warnings)
    height, width = cut.shape[:2]
    places = pair.transform.to_image(np.stack(np.meshgrid(np.arange(224.0), np.arange(224.0)), axis=-1))
    outside = places[..., 0] < -1.2 if side == "left" else places[..., 1] < -1.2
    assert outside.mean() > 0.1
    assert (pair.onset[outside] == 128).all()
    assert (pair.apex[outside] == 128).all()
    assert pair.transform.share_outside(height, width) >= outside.mean()


def test_two_faces_are_told(picture):
    pair = crop_pair(*(2 * [np.concatenate([picture, picture[:, ::-1]], axis=1)]))
    assert any(text.startswith("2 faces in the onset") for text in pair.warnings)


def test_a_good_pair_has_no_warning(picture, face):
    pair = crop_pair(picture, picture)
    assert pair.warnings == []
    assert np.array_equal(pair.onset, pair.apex)
    assert rigid_motion_px(pair.onset, pair.apex, pair.landmarks_crop) < 0.01
    np.testing.assert_allclose(pair.landmarks_crop, pair.transform.to_crop(face.landmarks))
    assert pair.apex_quality > GOOD_QUALITY


def test_a_face_can_be_given(picture, face):
    whole = crop_pair(picture, picture, face="whole")
    assert whole.face is None
    assert whole.landmarks_crop is None
    assert whole.transform.scale == pytest.approx(224 / max(picture.shape[:2]))

    x, y, w, h = face.box
    loose = (x - 0.1 * w, y - 0.15 * h, 1.2 * w, 1.2 * h)
    boxed = crop_pair(picture, picture, face=loose)
    assert boxed.face.box == loose
    assert apart(boxed.face.landmarks, face.landmarks, face.size) < 4

    marked = crop_pair(picture, picture, face=face.landmarks)
    assert marked.face.backend == "given"
    assert np.array_equal(marked.onset, crop_pair(picture, picture).onset)


def test_a_box_serves_where_the_detector_sees_nothing(picture, face):
    covered = bar_over_the_eyes(picture, face)
    seen = look_for_face(covered, face.box)
    found, told = seen.face, seen.warnings
    assert found.landmarks.shape == (68, 2)
    assert found.quality < face.quality
    if found.quality < GOOD_QUALITY:
        assert "may be wrong" in told[0]


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ((5000, 10, 100, 100), "does not fit"),
        ((10, 10, 3, 100), "too small"),
        ((10, 10, -30, 100), "too small"),
        ((10, float("nan"), 100, 100), "four numbers"),
        ((10, 10, 100), "four numbers"),
        (np.zeros((68, 2)), "do not form a face"),
        (np.full((68, 2), np.nan), "do not form a face"),
        ("half", "is no face"),
    ],
)
def test_a_face_that_makes_no_sense_is_refused(picture, wrong, match):
    with pytest.raises(FaceError, match=match):
        crop_pair(picture, picture, face=wrong)


def test_frames_of_two_sizes_are_refused(picture):
    with pytest.raises(ClipError, match="one clip"):
        crop_pair(picture, picture[:-2])


def test_real_faces(shared):
    clip = open_clip(shared / "data" / "faces" / "single_face.mp4")
    pair = crop_pair(clip[12], clip[16], onset_frame=12, apex_frame=16)
    assert pair.warnings == []
    assert pair.face.quality > 0.8
    assert rigid_motion_px(pair.onset, pair.apex, pair.landmarks_crop) < 2
    photograph = cv2.imread(str(shared / "data" / "faces" / "single_face.jpg"))[:, :, ::-1]
    (free,) = detect_faces(photograph)
    assert free.quality > 0.8
    for cover in (bar_over_the_eyes, hand_over_the_mouth):
        found = detect_faces(cover(np.ascontiguousarray(photograph), free))
        assert not found or found[0].quality < GOOD_QUALITY
    dim = detect_faces((photograph * 0.25).astype(np.uint8))[0]
    assert np.linalg.norm(dim.landmarks - free.landmarks, axis=1).max() * 300 / free.size < 5
