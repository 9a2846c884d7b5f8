"""Counting a long clip's frames in the background, while the first of them are read already."""

import gc
import threading
import weakref

import av
import numpy as np
import pytest

from mrn_core.clip import frame_index, indexing, open_clip
from mrn_core.errors import Cancelled, ClipError

COUNT, HELD_AT = 40, 15


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("index") / "long.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=20, options={"g": "10", "bf": "2"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for k in range(COUNT):
            pixels = np.full((48, 64, 3), 16 + 5 * k, np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        out.mux(stream.encode())
    return path


@pytest.fixture
def gate(monkeypatch):
    """Lets the count go to the background at once, and holds it there at frame 15 until it is set."""
    opened, reached = threading.Event(), threading.Event()
    seen = []

    def checksum(frame, made=indexing.checksum):
        if threading.current_thread().name == "clip index":
            seen.append(frame)
            if len(seen) == HELD_AT:
                reached.set()
                assert opened.wait(20)
        return made(frame)

    monkeypatch.setattr(indexing, "checksum", checksum)
    monkeypatch.setattr(indexing, "AT_ONCE_BYTES", 0)
    monkeypatch.setattr(indexing, "AT_ONCE_SECONDS", -1)
    opened.reached = reached
    yield opened
    opened.set()


def level(frame):
    return float(frame.mean())


def test_first_frames_are_there_while_the_others_are_counted(path, gate):
    with open_clip(path, memory=20_000) as clip:
        assert gate.reached.wait(20)
        assert clip.indexed == (HELD_AT, False)
        assert clip.size == (64, 48)
        for k in (0, 14, 3, 9):  # known already: nothing waits
            assert level(clip[k]) == pytest.approx(16 + 5 * k, abs=2)
            assert (clip.frame_number(k), clip.index_of(k)) == (k, k)
        known = clip.so_far()
        assert known.times == pytest.approx(np.arange(HELD_AT) / 20)
        assert known.fps == pytest.approx(20)
        threading.Timer(0.1, gate.set).start()
        assert level(clip[30]) == pytest.approx(166, abs=2)  # waits
        assert len(clip) == COUNT
        assert clip.indexed == (COUNT, True)
        assert clip.times == pytest.approx(np.arange(COUNT) / 20)
        assert (clip.fps, clip.duration, clip.notices) == (20.0, pytest.approx(2.0), [])
        with pytest.raises(IndexError, match="0 to 39"):
            clip[COUNT]


def test_waiting_tells_how_far_it_is_and_can_be_given_up(path, gate):
    clip = open_clip(path)
    assert gate.reached.wait(20)
    told = []
    with pytest.raises(Cancelled):
        clip.wait_for_index(lambda *call: told.append(call), lambda: len(told) > 1)
    assert told[0] == ("index", HELD_AT, COUNT)
    gate.set()
    clip.wait_for_index(lambda *call: told.append(call))
    assert told[-1] == ("index", COUNT, COUNT)
    assert len(clip) == COUNT
    clip.close()


def test_closing_ends_the_count(path, gate):
    clip = open_clip(path)
    assert gate.reached.wait(20)
    threading.Timer(0.05, gate.set).start()
    clip.close()
    assert not clip.indexed[1]
    for ask in (lambda: len(clip), lambda: clip.times, lambda: clip[0], lambda: frame_index(clip, "30")):
        with pytest.raises(ClipError, match="closed"):
            ask()


def test_closing_does_not_wait_for_a_frame_that_is_being_read(path, monkeypatch):
    clip = open_clip(path, memory=1)
    decoding, closed = threading.Event(), threading.Event()
    is_same = clip._index.is_same

    def slow(frame, decoded):
        decoding.set()
        assert closed.wait(20)
        return is_same(frame, decoded)

    monkeypatch.setattr(clip._index, "is_same", slow)
    heard = []

    def read():
        try:
            clip[35]
        except ClipError as error:
            heard.append(error.what)

    reading = threading.Thread(target=read)
    reading.start()
    assert decoding.wait(20)
    clip.close()  # would never come back if it waited
    closed.set()
    reading.join(20)
    assert "has been closed" in heard[0]
    assert clip._decoder is None


def test_whoever_waits_hears_of_the_closing(path, gate):
    clip = open_clip(path)
    assert gate.reached.wait(20)
    heard = []

    def wait():
        try:
            len(clip)
        except ClipError as error:
            heard.append(error.what)

    waiting = threading.Thread(target=wait)
    waiting.start()
    threading.Timer(0.05, gate.set).start()
    clip.close()
    waiting.join(20)
    assert "closed before" in heard[0]


def test_a_dropped_clip_ends_its_count(path, gate):
    clip = open_clip(path)
    assert gate.reached.wait(20)
    thread, gone = clip._index._thread, weakref.ref(clip)
    threading.Timer(0.05, gate.set).start()
    del clip
    gc.collect()
    assert gone() is None
    thread.join(20)
    assert not thread.is_alive()


def test_a_count_that_fails_is_told_in_words(path, monkeypatch, gate):
    def fail(frame):
        if threading.current_thread().name == "clip index":
            raise MemoryError("no more")
        return 0

    monkeypatch.setattr(indexing, "checksum", fail)
    with open_clip(path) as clip:
        with pytest.raises(ClipError, match=r"Counting the frames of .*long\.mp4 failed") as caught:
            len(clip)
        assert caught.value.advice
        assert caught.value.what in clip.notices
        assert not clip.indexed[1]


def test_a_short_clip_is_whole_when_it_is_given_out(path):
    clip = open_clip(path)
    assert clip.indexed == (COUNT, True)
    assert clip._index._thread is None


def test_going_backward_decodes_a_group_of_pictures_once(path, monkeypatch):
    frame_bytes = 64 * 48 * 3
    clip = open_clip(path, memory=16 * frame_bytes)
    made = []
    picture = type(clip._shape).picture
    monkeypatch.setattr(
        type(clip._shape), "picture", lambda self, frame: made.append(1) or picture(self, frame)
    )
    for k in range(COUNT - 1, -1, -1):
        assert level(clip[k]) == pytest.approx(16 + 5 * k, abs=2)
        assert clip._cache.bytes <= 16 * frame_bytes
    assert len(made) <= COUNT + 4


@pytest.mark.parametrize(
    ("pix_fmt", "used"),  # bytes of a line of 51 samples; the others of its 64 to 320 bytes are padding
    [
        *[("gray", 51), ("gray10le", 102), ("yuv420p10le", 102), ("gbrp", 51), ("yuva420p", 51)],
        *[("bgra", 203), ("rgb48le", 306)],
    ],
)
def test_a_checksum_sees_the_last_sample_and_no_padding(pix_fmt, used):
    def of(last=7, padding=0):
        frame = av.VideoFrame(51, 37, pix_fmt)
        for k, plane in enumerate(frame.planes):
            lines = np.full((plane.height, plane.line_size), 1, np.uint8)
            lines[:, -1] = padding
            if k == 0:
                lines[-1, used - 1] = last
            filled = np.zeros(plane.buffer_size, np.uint8)
            filled[: lines.size] = lines.ravel()
            plane.update(filled)
        return indexing.checksum(frame)

    assert of() == of(padding=255)
    assert of() != of(last=99)
