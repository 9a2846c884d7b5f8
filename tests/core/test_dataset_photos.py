"""Photographs that move: the warp, the drawn units, the truth."""

import json

import cv2
import numpy as np
import pytest
from PIL import Image

from mrn_core.cli import main
from mrn_core.clip import open_clip
from mrn_core.clip.demo import demo_clip_path, demo_truth
from mrn_core.datasets import check, open_dataset
from mrn_core.datasets.making import synthesize
from mrn_core.datasets.photo_motion import MIXTURES, STROKES, _pushes, draw_motion
from mrn_core.datasets.photo_warp import Push, camera, course, displacement_at, moved, reading_field
from mrn_core.datasets.photos import PhotoClip, usable_photos, write_photo_clip
from mrn_core.datasets.plan import Preset, plan_photos
from mrn_core.datasets.truth import numbers, open_truth
from mrn_core.errors import FileError

SHORT = {"size": 96, "pause": [2, 3], "rise": [3, 5], "fall": [3, 5]}


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """A folder with one face and one picture without."""
    folder = tmp_path_factory.mktemp("photos")
    with open_clip(demo_clip_path()) as clip:
        Image.fromarray(clip[0]).save(folder / "face.png")
    Image.fromarray(np.full((200, 200, 3), 120, np.uint8)).save(folder / "wall.png")
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture(scope="module")
def clip_folder(photos, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clip")
    row = write_photo_clip(PhotoClip(photos / "face.png", "happiness", 4, 46, **SHORT), folder)
    return folder, row


def test_a_constant_field_shifts_the_picture():
    rng = np.random.default_rng(0)
    still = np.repeat(np.repeat(rng.uniform(0, 255, (20, 20, 3)), 3, axis=0), 3, axis=1).astype(np.float32)
    field = np.zeros((20, 20, 2), np.float32)
    field[..., 0], field[..., 1] = 1.0, -2.0
    shown = moved(still, field, 1.0)
    expected = still[::3, ::3]
    np.testing.assert_allclose(shown[5:15, 5:15], expected[3:13, 6:16], atol=1e-2)


def test_the_course_is_zero_outside_and_one_at_the_apex():
    a = course(40, 5, 15, 33)
    assert a[:6].max() == 0
    assert a[15] == 1
    assert a[33:].max() == 0
    assert (np.diff(a[5:16]) > 0).all()
    assert (np.diff(a[15:34]) < 0).all()


def test_noise_grows_with_the_light():
    rng = np.random.default_rng(1)
    dark, bright = (camera(np.full((90, 90, 3), v, np.float32), rng, 1.0, 0.05) for v in (20, 200))
    # variance: read noise 1, shot noise 0.05 for each level, rounding 1/12
    assert dark.astype(float).var() == pytest.approx(1 + 1 + 1 / 12, rel=0.05)
    assert bright.astype(float).var() == pytest.approx(1 + 10 + 1 / 12, rel=0.05)


def test_points_go_where_the_field_reads_them_from():
    field = reading_field(80, [Push((40, 40), (9, 7), (1.5, -2.0)), Push((30, 50), (12, 9), (-0.5, 1.0))])
    points = np.random.default_rng(2).uniform(15, 65, (50, 2))
    to = points + displacement_at(field, 0.8, points)
    gauss = lambda at, spread: np.exp(-0.5 * (((to - at) / spread) ** 2).sum(axis=1))[:, None]  # noqa: E731
    s = gauss((40, 40), (9, 7)) * (1.5, -2.0) + gauss((30, 50), (12, 9)) * (-0.5, 1.0)
    np.testing.assert_allclose(to + 0.8 * s, points, atol=0.02)


def unit_motion(number, half):
    """Where the demo's landmarks go when one unit of one half moves by at most 2 px."""
    points = demo_truth().landmarks.astype(np.float64)
    pushes = _pushes(number, half, 2.0, points, 60.0, lambda x, y: np.array([x, y]))
    return displacement_at(reading_field(320, pushes), 1.0, points)


def test_units_move_the_skin_where_facs_says():
    """Picture axes: x to the right, y down. R is the subject's right, at the picture's left."""
    corner = unit_motion(12, "R")[48]
    assert corner[0] < -0.5
    assert corner[1] < -0.5
    assert unit_motion(12, "L")[54][0] > 0.5
    assert abs(unit_motion(12, "R")[54]).max() < 0.05
    assert unit_motion(15, "R")[48][1] > 0.5
    assert unit_motion(1, "R")[21][1] < -0.5
    assert unit_motion(2, "R")[18][1] < -0.5
    brow = unit_motion(4, "R")[20]
    assert brow[1] > 0.5
    assert brow[0] > 0.1
    assert unit_motion(10, "R")[50][1] < -0.3
    assert unit_motion(17, "R")[57][1] < -0.3
    assert unit_motion(20, "R")[48][0] < -0.5


def test_drawn_motions_have_the_units_of_their_emotion_and_their_strength():
    points = demo_truth().landmarks.astype(np.float64)
    seen = set()
    for emotion, mixtures in MIXTURES.items():
        for seed in range(6):
            motion = draw_motion(emotion, points, 320, 0.7, np.random.default_rng(seed))
            units = tuple(sorted(int(name.strip("LR")) for name in motion.units))
            assert units in {tuple(sorted(mixture)) for mixture in mixtures}
            peak = np.linalg.norm(motion.field, axis=-1).max()
            assert 0.3 <= 0.7 * peak <= 2.0 + 1e-3
            seen.add(motion.field.tobytes())
    assert len(seen) == 6 * len(MIXTURES)
    assert {number for mixtures in MIXTURES.values() for m in mixtures for number in m} == set(STROKES)


def test_a_clip_and_its_truth(clip_folder):
    folder, row = clip_folder
    truth = open_truth(folder)
    with open_clip(folder) as clip:
        assert len(clip) == len(truth)
        assert clip.numbers[0] == truth.first == 46
        onset, apex = (clip[i].astype(np.float32).mean(axis=-1) for i in (truth.onset, truth.apex))
    assert (row["onset"], row["apex"], row["offset"]) == tuple(
        46 + mark for mark in (truth.onset, truth.apex, truth.offset)
    )
    field, known = truth.displacement(truth.apex)
    assert known.all()
    # Of all multiples of the field, the true one makes the apex out of the onset.
    y, x = np.mgrid[:96, :96].astype(np.float32)
    amounts = np.arange(0, 2.01, 0.1)
    warped = (
        cv2.remap(onset, x + k * field[..., 0], y + k * field[..., 1], cv2.INTER_CUBIC)
        for k in amounts.astype(np.float32)
    )
    left = [float(np.square(shown - apex).mean()) for shown in warped]
    assert amounts[int(np.argmin(left))] == pytest.approx(1, abs=0.11)
    at_rest = truth.landmarks(truth.onset)
    assert np.linalg.norm(truth.landmarks(truth.apex) - at_rest, axis=1).max() > 0.05
    np.testing.assert_array_equal(truth.landmarks(truth.offset), at_rest)


def test_the_same_plan_gives_the_same_bytes(photos, clip_folder, tmp_path):
    folder, _ = clip_folder
    write_photo_clip(PhotoClip(photos / "face.png", "happiness", 4, 46, **SHORT), tmp_path)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {
        p.name: p.read_bytes() for p in tmp_path.iterdir()
    }


def test_a_set_of_photographs_reads_back_with_nothing_odd(photos, tmp_path):
    usable, refused = usable_photos(photos)
    assert list(usable) == ["face.png"]
    assert len(refused) == 1
    assert "wall.png" in refused[0]
    plans = plan_photos(list(usable), Preset(0, 2, SHORT), 1)
    synthesize(plans, tmp_path / "set", {"source": "moved photographs", "photos": usable}, photos, jobs=1)
    dataset = open_dataset(tmp_path / "set")
    assert check(dataset) == []
    assert len(dataset.usable) == 2
    with open_clip(dataset.samples[0].path) as clip:
        truth = open_truth(dataset.samples[0].path)
        assert dataset.samples[0].marks(clip) == (truth.onset, truth.apex, truth.offset)


def test_folders_without_faces_are_refused(tmp_path):
    with pytest.raises(FileError, match="no folder"):
        usable_photos(tmp_path / "none")
    with pytest.raises(FileError, match="no picture"):
        usable_photos(tmp_path)
    Image.fromarray(np.full((200, 200, 3), 120, np.uint8)).save(tmp_path / "wall.png")
    with pytest.raises(FileError, match=r"wall\.png"):
        usable_photos(tmp_path)


def test_truth_as_numbers_and_as_a_picture(clip_folder, tmp_path, capsys, monkeypatch):
    folder, _ = clip_folder
    monkeypatch.chdir(tmp_path)
    assert main(["dataset", "truth", str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    truth = open_truth(folder)
    assert told == json.loads(json.dumps(numbers(truth)))
    assert told["apex_number"] == 46 + truth.apex
    assert told["expression_largest_px"] == pytest.approx(
        np.linalg.norm(truth.displacement(truth.apex)[0], axis=-1).max(), abs=1e-3
    )
    assert list(tmp_path.iterdir()) == []
    assert main(["dataset", "truth", str(folder), "--out", "truth.png"]) == 0
    assert "happiness" in capsys.readouterr().out
    with Image.open(tmp_path / "truth.png") as picture:
        assert picture.size == (1320, 760)
    assert main(["dataset", "truth", str(tmp_path)]) == 2
    assert "There is no truth" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--preset", "medium"], "small, full"),
        (["--jobs", "0"], "--jobs"),
        (["--photos", "none"], "no folder"),
        (["--seed", "-1"], "seed"),
        (["--preset", "small", "--photos", "x"], "not allowed"),
    ],
)
def test_wrong_arguments_are_status_2(tmp_path, capsys, monkeypatch, words, named):
    monkeypatch.chdir(tmp_path)
    assert main(["dataset", "synthesize", "--out", "set", *words]) == 2
    assert named in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
