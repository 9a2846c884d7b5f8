"""What every clip is, whatever it is read from."""

from __future__ import annotations

import hashlib
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self, SupportsIndex

import numpy as np

from mrn_core.clip.cache import FrameCache
from mrn_core.errors import ClipError
from mrn_core.frame_numbers import frame_told

Progress = Callable[[str, int, int], None]
Cancel = Callable[[], bool]

MEMORY_BUDGET = 384 * 2**20
"""Bytes of decoded frames that one clip keeps where they are all: a 400-frame CASME II clip."""

WINDOW_BUDGET = 192 * 2**20
"""Bytes of a clip that is longer: frames around the one that is looked at, not a long film."""


class Facts(NamedTuple):
    """What the frames of a clip are numbered, and when each was taken.

    ``times`` ``(N,)`` float64 seconds from 0, ``numbers`` ``(N,)`` int64; the others as in :class:`Clip`.
    """

    times: np.ndarray
    numbers: np.ndarray
    fps: float
    fps_given: bool
    variable_rate: bool

    def told(self, frame: int) -> str:
        """A frame as a person reads it: "12 (#58)" where the source's own number is 58."""
        return frame_told(frame, int(self.numbers[frame]))

    def told_span(self, first: int, last: int) -> str:
        """Frames from the first to the last: "5 (#51) to 9 (#55)"."""
        return f"{self.told(first)} to {self.told(last)}"


class Clip(ABC):
    """The frames of one recording, by index from 0; made by :func:`mrn_core.clip.open_clip`.

    ``clip[i]`` is frame ``i`` as ``(H, W, 3)`` uint8 RGB, upright and with square pixels, a copy that
    the caller may change. It may be called from several threads.

    The frames of a long video are counted in the background while its first ones can be read already.
    Until then ``len``, ``times``, ``numbers``, ``fps``, ``fps_given``, ``variable_rate`` and
    ``duration`` wait for the count, and raise :class:`~mrn_core.errors.ClipError` if it fails or the
    clip is closed meanwhile. What must not wait (a window) reads ``indexed``, ``so_far()``, ``size``,
    ``name`` and ``frame_number``, or has a worker call ``wait_for_index``, which tells how far it is.

    Attributes:
        source: the absolute path of the file or folder.
        size: width and height in pixels.
        notices: plain sentences on what a careful reader should know of this source; complete when
            all frames are counted.
    """

    source: Path
    size: tuple[int, int]
    notices: list[str]

    def __init__(self, source: Path, memory: int | None) -> None:
        self.source = source
        self.notices = []
        few, many = (MEMORY_BUDGET, WINDOW_BUDGET) if memory is None else (memory, memory)
        self._cache = FrameCache(few, many)
        self._closed = False
        self._sha256: str | None = None

    def __len__(self) -> int:
        return len(self._facts().times)

    @property
    def times(self) -> np.ndarray:
        """``(N,)`` float64, seconds since the first frame; strictly increasing from 0."""
        return self._facts().times

    @property
    def numbers(self) -> np.ndarray:
        """``(N,)`` int64, the source's own frame numbers (img46.jpg is 46; a video counts from 0)."""
        return self._facts().numbers

    @property
    def fps(self) -> float:
        """Frames per second, the average where the rate varies."""
        return self._facts().fps

    @property
    def fps_given(self) -> bool:
        """False where nothing told the rate and it was assumed."""
        return self._facts().fps_given

    @property
    def variable_rate(self) -> bool:
        """Whether the frames are unevenly spaced in time."""
        return self._facts().variable_rate

    def __getitem__(self, index: SupportsIndex) -> np.ndarray:
        """Frame ``index``, ``(H, W, 3)`` uint8 RGB; waits where it is not counted yet.

        Raises:
            IndexError: the index is negative or past the last frame.
            ClipError: the frame cannot be read any more, or the clip was closed.
        """
        i = operator.index(index)
        if self._closed:
            raise self._closed_error()
        if not self.has_frame(i):
            raise IndexError(f"frame {i} of a clip that has frames 0 to {len(self) - 1}")
        frame = self._cache.get(i)
        return (self._read(i) if frame is None else frame).copy()

    def has_frame(self, index: int) -> bool:
        """Whether there is a frame of that index; waits until it is counted, or all are."""
        return 0 <= index < len(self)

    def __iter__(self) -> Iterator[np.ndarray]:
        i = 0
        while self.has_frame(i):
            yield self[i]
            i += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The file's or folder's own name."""
        return self.source.name

    @property
    def duration(self) -> float:
        """Seconds from the first frame's start to the last one's end."""
        return float(self.times[-1]) + 1.0 / self.fps

    @property
    def indexed(self) -> tuple[int, bool]:
        """How many frames are known so far, and whether these are all; never waits."""
        return len(self), True

    def so_far(self) -> Facts:
        """Times, numbers and rate of the frames that are known so far; never waits.

        The rate, and whether it varies, are those of these frames and may change with the others.
        """
        return self._facts()

    def wait_for_index(self, progress: Progress | None = None, cancel: Cancel | None = None) -> None:
        """Waits until all frames are counted.

        Args:
            progress: called as ``progress("index", done, total)``, some 20 times a second; total is 0
                where it is not known.
            cancel: asked as often; ends the waiting, not the counting (``close`` does).

        Raises:
            ClipError: counting has failed, or the clip was closed meanwhile.
            Cancelled: ``cancel`` said so.
        """
        self._facts()

    def frame_number(self, index: int) -> int:
        """The source's own number of a frame.

        Raises:
            IndexError: the clip has no such frame.
        """
        if not self.has_frame(index):
            raise IndexError(f"frame {index} of a clip that has frames 0 to {len(self) - 1}")
        return int(self.so_far().numbers[index])

    def index_of(self, number: int) -> int:
        """The index of the frame that the source gives a number: the inverse of ``frame_number``.

        Raises:
            ClipError: no frame has it, or several have; names both valid ranges, or the indices.
        """
        found = np.flatnonzero(self.numbers == number)
        if len(found) == 0:
            raise ClipError(f"No frame of {self.name} has the number #{number}.", self.ranges())
        if len(found) > 1:
            places = ", ".join(str(int(i)) for i in found)
            raise ClipError(
                f"Several frames of {self.name} have the number #{number}.", f"Give one of {places}."
            )
        return int(found[0])

    def ranges(self) -> str:
        """A sentence that names the valid indices and the source's own numbers."""
        last = len(self) - 1
        low, high = int(self.numbers.min()), int(self.numbers.max())
        own = f"#{low} to #{high} by the source's own numbers"
        if high - low != last:
            own += ", not all of which are there"
        return f"Frames go from 0 to {last} counted from 0, or from {own}."

    def sha256(self) -> str:
        """What identifies the content, as 64 hexadecimal digits; computed once.

        A video: of its bytes. A folder: of its pictures' names and SHA-256, in the names' order.

        Raises:
            ClipError: the source cannot be read any more.
        """
        if self._sha256 is None:
            try:
                self._sha256 = self._hash()
            except OSError as error:
                raise ClipError(
                    f"{self.source} cannot be read any more ({error.strerror}).", "Was it moved or removed?"
                ) from error
        return self._sha256

    def close(self) -> None:
        """Lets go of the source and of the frames in memory; times, numbers and notices stay."""
        self._closed = True
        self._cache.clear()

    def _closed_error(self) -> ClipError:
        return ClipError(f"The clip {self.name} has been closed.", "Open it again.")

    @abstractmethod
    def _facts(self) -> Facts:
        """What is known when all frames are counted; waits until then."""

    @abstractmethod
    def _read(self, index: int) -> np.ndarray:
        """Reads a frame that is not in the cache, and puts it there."""

    @abstractmethod
    def _hash(self) -> str: ...


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
