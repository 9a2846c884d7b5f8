"""How much of a clip is kept in memory, and that frames read again, in any order and thread, are the same."""

import mmap
import threading

import av
import numpy as np
import pytest
from made_video import grey, level, moving, picture, write

from mrn_core.clip import base, open_clip
from mrn_core.clip import video as video_module
from mrn_core.clip.cache import FrameCache
from mrn_core.clip.orientation import rgb
from mrn_core.errors import ClipError


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("gop.mp4", "libx264", {"g": 12, "bf": 3}),
        ("open.mkv", "libx264", {"g": 12, "bf": 3, "x264-params": "open-gop=1:scenecut=0"}),
        ("b.avi", "mpeg4", {"g": 12, "bf": 2}),
        ("x.webm", "libvpx", {"g": 12}),
        ("t.ts", "libx264", {"g": 12, "bf": 2}),
    ],
)
def test_a_small_memory_gives_the_same_frames(tmp_path, name, codec, options):  # B13
    path = write(tmp_path / name, moving(60), codec=codec, **options)
    with av.open(str(path)) as container:
        truth = [rgb(frame, 64, 48) for frame in container.decode(video=0)]
    frame_bytes = truth[0].nbytes
    clip = open_clip(path, memory=5 * frame_bytes)
    assert len(clip) == len(truth) == 60
    order = [59, 58, 0, 37, 21, 37, 38, 1, *np.random.default_rng(1).integers(0, 60, 25).tolist()]
    for k in order:
        assert np.array_equal(clip[k], truth[k]), k
        assert clip._cache.bytes <= 5 * frame_bytes


def test_jumps_are_used_and_distrusted_when_they_lie(tmp_path, monkeypatch):
    path = write(tmp_path / "gop.mp4", moving(60), g=10, bf=0)
    truth = list(open_clip(path))
    clip = open_clip(path, memory=1)
    asked = []
    seek = video_module.Decoder.seek
    monkeypatch.setattr(video_module.Decoder, "seek", lambda self, pts: asked.append(pts) or seek(self, pts))
    assert np.array_equal(clip[45], truth[45])
    assert asked == [clip._index.stamps[40]]
    wrong = clip._index.stamps[20]
    clip._index.stamps[50] = wrong  # a file whose stamps mislead: the jump for 55 lands on frame 20
    clip[5]
    asked.clear()
    assert np.array_equal(clip[55], truth[55])
    assert asked == [wrong, clip._index.stamps[40]]  # the keyframe before it is taken instead
    assert np.array_equal(clip[5], truth[5])
    assert np.array_equal(clip[58], truth[58])
    assert asked[2:] == [clip._index.stamps[40]]


def test_no_keyframe_is_trusted_where_none_can_be(tmp_path):
    path = write(tmp_path / "gop.mp4", moving(60), g=4, bf=0)
    truth = list(open_clip(path))
    clip = open_clip(path, memory=1)
    for k in range(4, 60, 4):
        clip._index.stamps[k] = clip._index.stamps[0]
    for k in (59, 30, 47, 3, 58):
        assert np.array_equal(clip[k], truth[k])
    assert not clip._may_jump


def test_a_file_that_changes_while_open(tmp_path):
    path = write(tmp_path / "a.mp4", moving(30), g=10)
    clip = open_clip(path, memory=1)
    write(path, moving(30, seed=1), g=10)
    with pytest.raises(ClipError, match="changed"):
        clip[25]


def test_a_clip_of_which_not_all_frames_fit_keeps_a_window_of_them(tmp_path, monkeypatch):  # B13
    path = write(tmp_path / "a.mp4", moving(30), g=8)
    frame_bytes = open_clip(path)[0].nbytes
    for budget, kept in ((30, 30), (29, 10)):
        monkeypatch.setattr(base, "MEMORY_BUDGET", budget * frame_bytes)
        monkeypatch.setattr(base, "WINDOW_BUDGET", 10 * frame_bytes)
        clip = open_clip(path)
        frames = [level(frame) for frame in clip]
        assert clip._cache.bytes == kept * frame_bytes
        assert [level(clip[k]) for k in range(29, -1, -1)] == frames[::-1]
        assert clip._cache.bytes == kept * frame_bytes


def test_large_frames_are_kept_in_pages_of_their_own():
    cache = FrameCache(4 * 2**20, 2**20)
    large, small = (np.arange(n, dtype=np.uint32).view(np.uint8).reshape(4, -1) for n in (2**17, 2**8))
    for index, frame in enumerate((large, small)):
        cache.put(index, frame)
        assert np.array_equal(cache.get(index), frame)
    assert isinstance(cache.get(0).base.base.obj, mmap.mmap), "given back to the system when it is put out"
    assert cache.bytes == large.nbytes + small.nbytes


def test_memory_of_a_long_clip(tmp_path):  # B13, smaller
    path = write(tmp_path / "long.mp4", (picture(k, 320, 240) for k in range(300)), preset="ultrafast")
    clip = open_clip(path, memory=8 * 2**20)
    levels = [level(frame) for frame in clip]
    assert levels == pytest.approx([grey(k) for k in range(300)], abs=2)
    assert level(clip[0]) == pytest.approx(grey(0), abs=2)
    assert clip._cache.bytes <= 8 * 2**20


def test_threads(tmp_path):
    path = write(tmp_path / "a.mp4", moving(40), g=8)
    truth = list(open_clip(path))
    clip = open_clip(path, memory=4 * truth[0].nbytes)
    wrong = []

    def look(seed):
        try:
            for k in np.random.default_rng(seed).integers(0, 40, 25):
                if not np.array_equal(clip[int(k)], truth[int(k)]):
                    wrong.append(int(k))
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=look, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
