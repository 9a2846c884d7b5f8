"""What every clip is, whatever it is read from."""

from __future__ import annotations

import hashlib
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, SupportsIndex

import numpy as np

from mrn_core.clip.cache import FrameCache
from mrn_core.errors import ClipError

Progress = Callable[[str, int, int], None]
Cancel = Callable[[], bool]

MEMORY_BUDGET = 384 * 2**20
"""Bytes of decoded frames that one clip keeps: all of a 400-frame CASME II clip, not a long film."""


class Clip(ABC):
    """The frames of one recording, by index from 0; made by :func:`mrn_core.clip.open_clip`.

    ``clip[i]`` is frame ``i`` as ``(H, W, 3)`` uint8 RGB, upright and with square pixels, a copy that
    the caller may change. It may be called from several threads.

    Attributes:
        source: the absolute path of the file or folder.
        times: ``(N,)`` float64, seconds since the first frame; strictly increasing from 0.
        numbers: ``(N,)`` int64, the source's own frame numbers (img46.jpg is 46; a video counts from 0).
        fps: frames per second, the average where the rate varies.
        fps_given: False where nothing told the rate and it was assumed.
        variable_rate: whether the frames are unevenly spaced in time.
        size: width and height in pixels.
        notices: plain sentences on what a careful reader should know of this source.
    """

    source: Path
    times: np.ndarray
    numbers: np.ndarray
    fps: float
    fps_given: bool
    variable_rate: bool
    size: tuple[int, int]
    notices: list[str]

    def __init__(self, source: Path, memory: int) -> None:
        self.source = source
        self.notices = []
        self._cache = FrameCache(memory)
        self._closed = False
        self._sha256: str | None = None

    def __len__(self) -> int:
        return len(self.times)

    def __getitem__(self, index: SupportsIndex) -> np.ndarray:
        """Frame ``index``, ``(H, W, 3)`` uint8 RGB.

        Raises:
            IndexError: the index is negative or past the last frame.
            ClipError: the frame cannot be read any more, or the clip was closed.
        """
        i = operator.index(index)
        if not 0 <= i < len(self):
            raise IndexError(f"frame {i} of a clip that has frames 0 to {len(self) - 1}")
        if self._closed:
            raise ClipError(f"The clip {self.name} has been closed.", "Open it again.")
        frame = self._cache.get(i)
        return (self._read(i) if frame is None else frame).copy()

    def __iter__(self) -> Iterator[np.ndarray]:
        for i in range(len(self)):
            yield self[i]

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
        """How many frames are known, and whether these are all."""
        return len(self), True

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

    @abstractmethod
    def _read(self, index: int) -> np.ndarray:
        """Reads a frame that is not in the cache, and puts it there."""

    @abstractmethod
    def _hash(self) -> str: ...


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
