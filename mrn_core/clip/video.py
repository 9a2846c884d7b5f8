"""A video file as a clip."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mrn_core.clip.base import Cancel, Clip, Facts, Progress, file_sha256
from mrn_core.clip.cache import FrameCache
from mrn_core.clip.decoding import Decoder
from mrn_core.clip.indexing import FrameIndex
from mrn_core.clip.orientation import Shape
from mrn_core.errors import ClipError

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_BAD_KEYS = 8
"""After so many keyframes from which decoding does not give the first pass's frames, none is trusted."""

_PATIENCE = 0.02
"""Seconds that closing waits for other threads; a window may be waiting for it."""

_FEW = 4
"""Frames kept before one that was jumped to."""


class VideoClip(Clip):
    """The frames of a video file, in the order in which a decoder puts them out.

    The whole file is decoded once (:class:`~mrn_core.clip.indexing.FrameIndex`), a short one before it is
    given out. The first frames that fit stay in memory. Others are decoded again when they are asked for,
    from the nearest keyframe before; each is compared with the checksum of the first pass, and a keyframe
    from which that fails is not used again. So ``clip[i]`` is what decoding from the start gives; only
    damaged data may differ, and the notices say so. Going backward, the frames on the way are kept as they
    were decoded, so that the next steps only convert them: making them RGB takes longer than decoding.
    """

    def __init__(
        self,
        source: Path,
        fps: float | None,
        memory: int | None,
        progress: Progress | None,
        cancel: Cancel | None,
    ) -> None:
        super().__init__(source, memory)
        self._lock = threading.Lock()
        self._bad_keys: set[int] = set()
        self._may_jump = True
        self._uneven = False
        self._last_read = 0
        self._passed: OrderedDict[int, VideoFrame] = OrderedDict()
        self._decoder: Decoder | None = None
        self._upcoming: Iterator[VideoFrame] = iter(())
        self._position = self._origin = 0
        self._stat = _stat(source)
        self._index = FrameIndex(source, fps)
        self.notices = self._index.notices
        # Nobody may hold up the process's end, and a clip that is dropped ends its index.
        weakref.finalize(self, self._index.stop)
        self._index.begin(_keeper(self._cache, self._index.expected), progress, cancel)
        self._shape = self._index.shape
        self.size = self._shape.size

    def _facts(self) -> Facts:
        self._index.wait()
        return self._index.facts()

    @property
    def indexed(self) -> tuple[int, bool]:
        """How many frames are known so far, and whether these are all; never waits."""
        whole = self._index.whole  # asked for first: the count of a whole index does not change any more
        return self._index.known, whole

    def so_far(self) -> Facts:
        """Times, numbers and rate of the frames that are known so far; never waits."""
        return self._index.facts()

    def wait_for_index(self, progress: Progress | None = None, cancel: Cancel | None = None) -> None:
        """Waits until all frames are counted; see :meth:`Clip.wait_for_index`."""
        self._index.wait(None, progress, cancel)

    def has_frame(self, index: int) -> bool:
        """Whether there is a frame of that index; waits until it is counted, or all are."""
        if index < 0:
            return False
        if index >= self._index.known:
            self._index.wait(index + 1)
        return index < self._index.known

    def frame_number(self, index: int) -> int:
        """The source's own number of a frame: a video has none, so it is the index."""
        if not self.has_frame(index):
            raise IndexError(f"frame {index} of a clip that has frames 0 to {len(self) - 1}")
        return int(index)

    def index_of(self, number: int) -> int:
        """The index of the frame of that number, which is the number itself."""
        return number if self.has_frame(number) else super().index_of(number)

    def _read(self, index: int) -> np.ndarray:
        with self._lock:
            try:
                return self._read_alone(index)
            finally:
                if self._closed:
                    self._let_go()

    def _read_alone(self, index: int) -> np.ndarray:
        frame = self._cache.get(index)  # another thread may have been here meanwhile
        if frame is not None:
            return frame
        if self._closed:
            raise self._closed_error()
        backward = self._goes_backward(index)
        self._last_read = index
        passed = self._passed.pop(index, None)
        if passed is not None:
            ready = self._shape.picture(passed)
            self._cache.put(index, ready)
            return ready
        picture = self._read_from_key(index, backward)
        if picture is None and _stat(self.source) == self._stat:
            # Where data are damaged, what the decoder fills in need not be the same twice.
            self._uneven = True
            self.notices.append(
                "Some frames are damaged: they do not look the same each time they are decoded."
            )
            picture = self._advance(index, self._restart(), backward)
        if picture is None:
            raise ClipError(f"{self.source} has changed since it was opened.", "Open it again.")
        return picture

    def _goes_backward(self, index: int) -> bool:
        """Whether the frame lies a little before the last one that was not in memory."""
        width, height = self.size
        return 0 < self._last_read - index <= _FEW + self._cache.budget // (3 * width * height)

    def _read_from_key(self, index: int, backward: bool) -> np.ndarray | None:
        """The frame, from the nearest keyframe that can be trusted; None if not even from the start."""
        while True:
            placed = self._start_for(index)
            picture = self._advance(index, placed, backward)
            if picture is not None or self._origin == 0:
                return picture
            self._bad_keys.add(self._origin)
            self._may_jump = len(self._bad_keys) < _BAD_KEYS
            self._drop_decoder()

    def _trust(self) -> bool:
        """Whether frames must look as they did the first time; not where data are damaged."""
        return not (self._uneven or self._index.damaged)

    def _start_for(self, index: int) -> bool:
        """Brings the decoder to a place at or before the frame, moving it only where that is shorter."""
        may_jump = self._may_jump and self._trust()
        key = self._index.key_before(index, self._bad_keys) if may_jump else 0
        if self._decoder is not None and key <= self._position <= index:
            return True
        pts = self._index.stamps[key]
        if self._decoder is None or key == 0 or pts is None:
            self._restart()
        if key == 0 or pts is None or self._decoder is None:
            return True
        self._origin = key
        if not self._decoder.seek(pts):
            return False
        upcoming = self._decoder.frames()
        for frame in upcoming:
            if frame.pts == pts:
                self._upcoming, self._position = _put_back(frame, upcoming), key
                return True
            if frame.pts is None or frame.pts > pts:
                break
        return False

    def _restart(self) -> bool:
        self._drop_decoder()
        self._decoder = Decoder(self.source)
        self._upcoming = self._decoder.frames()
        self._position = self._origin = 0
        return True

    def _advance(self, index: int, placed: bool, backward: bool) -> np.ndarray | None:
        """Decodes up to the frame and keeps the last ones; None where it is not what the first pass saw."""
        picture, held = None, 0
        self._passed.clear()
        while placed and self._position <= index:
            if self._closed:
                raise self._closed_error()
            frame = next(self._upcoming, None)
            if frame is None or (self._trust() and not self._index.is_same(self._position, frame)):
                self._drop_decoder()
                return None
            if self._position > index - _FEW:
                picture = self._shape.picture(frame)
                self._cache.put(self._position, picture)
            elif backward:
                held += sum(plane.buffer_size for plane in frame.planes)
                self._passed[self._position] = frame
                while held > self._cache.budget // 4 and self._passed:
                    held -= sum(plane.buffer_size for plane in self._passed.popitem(last=False)[1].planes)
            self._position += 1
        return picture

    def _hash(self) -> str:
        return file_sha256(self.source)

    def close(self) -> None:
        """Closes the file and lets go of the frames in memory.

        A frame that is being read in another thread is not waited for: that thread closes the file.
        """
        super().close()
        self._index.stop(_PATIENCE)
        if self._lock.acquire(timeout=_PATIENCE):
            try:
                self._let_go()
            finally:
                self._lock.release()

    def _let_go(self) -> None:
        self._drop_decoder()
        self._passed.clear()
        self._cache.clear()

    def _drop_decoder(self) -> None:
        self._upcoming = iter(())
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None


def _stat(path: Path) -> tuple[int, int] | None:
    """Size and time of change, to tell whether a file is still the same; None where it is gone."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns


def _keeper(cache: FrameCache, expected: int) -> Callable[[int, VideoFrame, Shape], None]:
    """Keeps the first frames: all that fit, or a quarter of the memory where they will not all fit.

    It knows the cache and not the clip, which its index must not hold.
    """

    def keep(index: int, frame: VideoFrame, shape: Shape) -> None:
        width, height = shape.size
        nbytes = 3 * width * height
        if index == 0:
            cache.fit(expected * nbytes)
        reserved = 0 if expected * nbytes <= cache.budget else 3 * cache.budget // 4
        if index == 0 or cache.has_room(nbytes + reserved):
            cache.put(index, shape.picture(frame))

    return keep


def _put_back(first: VideoFrame, rest: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    yield first
    yield from rest
