"""Marks are there again, and nothing that happens to the files takes them away."""

import json
import os

import pytest

import mrn_core.result
from mrn_core.annotation import Marks, MarkStore
from mrn_core.errors import FileError

SHA = "ab" * 32
OTHER = "cd" * 32


@pytest.fixture
def store(tmp_path):
    return MarkStore(tmp_path / "data")


def test_nothing_was_marked(store):
    assert store.get(SHA) is None
    assert store.recent() == []
    assert not store.folder.exists()


def test_marks_come_back_by_content(store):
    written = store.put(SHA, Marks(12, 35))
    store.put(OTHER, Marks(1, 2, 3))
    again = MarkStore(store.folder)
    assert again.get(SHA) == written
    assert (again.get(SHA).onset, again.get(SHA).apex, again.get(SHA).offset) == (12, 35, None)
    assert again.get(OTHER).offset == 3
    assert written.when


@pytest.mark.parametrize("face", [None, "whole", (12.0, 30.5, 100.0, 120.0)])
@pytest.mark.parametrize("fps", [None, 119.88])
def test_face_and_frame_rate_are_kept_with_the_marks(store, face, fps):
    written = store.put(SHA, Marks(12, 35, face=face, fps=fps))
    again = store.get(SHA)
    assert again == written
    assert (again.face, again.fps) == (face, fps)


def test_marks_of_an_earlier_version_are_read(store):
    store.put(SHA, Marks(12, 35))
    file = store.folder / "marks" / f"{SHA}.json"
    told = json.loads(file.read_text())
    del told["face"], told["fps"]
    file.write_text(json.dumps(told))
    assert (store.get(SHA).onset, store.get(SHA).face, store.get(SHA).fps) == (12, None, None)


def test_the_environment_chooses_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MRN_STUDIO_DATA", str(tmp_path / "mine"))
    MarkStore().put(SHA, Marks(4))
    assert MarkStore(tmp_path / "mine").get(SHA).onset == 4


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b'{"format": 99}',
        b'{"format": 1, "onset": "12", "apex": 1, "offset": null}',
        b'{"format": 1, "onset": -3, "apex": 1, "offset": null}',
        b'{"format": 1, "onset": true, "apex": 1, "offset": null}',
        b'{"format": 1, "onset": 1, "apex": 2, "offset": null, "face": "half"}',
        b'{"format": 1, "onset": 1, "apex": 2, "offset": null, "face": [1, 2, 3]}',
        b'{"format": 1, "onset": 1, "apex": 2, "offset": null, "face": [1, 2, 3, NaN]}',
        b'{"format": 1, "onset": 1, "apex": 2, "offset": null, "fps": 0}',
        b'{"format": 1, "onset": 1, "apex": 2, "offset": null, "fps": "200"}',
    ],
)
def test_a_damaged_file_is_set_aside_and_not_fatal(store, content):
    store.put(SHA, Marks(12, 35))
    file = store.folder / "marks" / f"{SHA}.json"
    file.write_bytes(content)
    assert store.get(SHA) is None
    assert len(store.notices) == 1
    kept = list(file.parent.glob("*.damaged-*"))
    assert [k.read_bytes() for k in kept] == [content]
    store.put(SHA, Marks(1, 2))
    assert store.get(SHA).apex == 2


def test_a_full_disk_leaves_the_old_marks_whole(store, monkeypatch):
    store.put(SHA, Marks(12, 35))

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mrn_core.result.os, "fsync", full)
    with pytest.raises(FileError, match="No space left"):
        store.put(SHA, Marks(13, 35))
    monkeypatch.undo()
    assert store.get(SHA).onset == 12
    assert [p.name for p in (store.folder / "marks").iterdir()] == [f"{SHA}.json"]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot be made"):
        MarkStore(tmp_path / "file" / "data").put(SHA, Marks(1))


def test_only_a_hash_names_a_file(store):
    with pytest.raises(ValueError, match="SHA-256"):
        store.put("../../evil", Marks(1))


def test_recent_clips_latest_first_and_once_each(store):
    for i in range(20):
        store.remember(f"/clips/{i}.mp4", SHA, 10 + i)
    store.remember("/clips/15.mp4", OTHER, 99)
    names = [entry.name for entry in store.recent()]
    assert names[:3] == ["15.mp4", "19.mp4", "18.mp4"]
    assert len(names) == len(set(names)) == 12
    assert store.recent()[0].frames == 99
    assert json.loads((store.folder / "recent.json").read_text())["format"] == 1


def test_marks_fit_a_clip():
    assert Marks(0, 9).fit(10)
    assert not Marks(0, 10).fit(10)
    assert Marks().fit(1)
    assert not Marks()
    assert Marks(0)


def test_files_can_be_read_by_their_owner(store):
    store.put(SHA, Marks(1))
    assert os.access(store.folder / "marks" / f"{SHA}.json", os.R_OK)
