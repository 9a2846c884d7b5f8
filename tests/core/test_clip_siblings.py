"""The clips beside a clip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrn_core.clip.siblings import clips_beside, counted
from mrn_core.errors import ClipError


def touch(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def test_videos_stand_beside_videos_as_people_count(tmp_path):
    touch(tmp_path, "EP10.avi", "ep2.MP4", "._ep2.MP4", "EP1.mkv", "notes.txt", "sub/img1.jpg")
    assert [path.name for path in clips_beside(tmp_path / "ep2.MP4")] == ["EP1.mkv", "ep2.MP4", "EP10.avi"]


def test_folders_of_pictures_stand_beside_folders_of_pictures(tmp_path):
    touch(tmp_path, "EP02/img1.jpg", "EP10/a.PNG", "EP1/Thumbs.db", "EP3/._img1.jpg", "clip.mp4")
    (tmp_path / "empty").mkdir()
    assert [path.name for path in clips_beside(tmp_path / "EP02")] == ["EP02", "EP10"]


def test_a_clip_that_is_gone_still_has_its_place(tmp_path):
    touch(tmp_path, "1.mp4", "3.mp4")
    assert [path.name for path in clips_beside(tmp_path / "2.mp4")] == ["1.mp4", "2.mp4", "3.mp4"]


def test_a_folder_that_is_gone_is_named(tmp_path):
    with pytest.raises(ClipError, match="gone"):
        clips_beside(tmp_path / "gone" / "1.mp4")


@given(st.permutations(["EP2", "ep2", "EP10", "Ep1b", "1", "01", "x9y10", "x9y2", "é", "\u0663"]))
def test_names_have_one_order(names):
    assert sorted(names, key=counted) == [
        "01", "1", "Ep1b", "EP2", "ep2", "EP10", "x9y2", "x9y10", "é", "\u0663",
    ]  # fmt: skip
