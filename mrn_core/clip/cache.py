"""Decoded frames kept within a number of bytes, the least recently used out first."""

from __future__ import annotations

import mmap
import threading
from collections import OrderedDict

import numpy as np

_APART = 256 * 2**10
"""Bytes from which a frame is kept in pages of its own.

They go back to the system as soon as the frame is put out; in the allocator's heap, each thread's, the holes
between younger blocks would stay with the process: half as much again as the budget.
"""


class FrameCache:
    """Frames by index, at most ``budget`` bytes of them; safe to use from several threads.

    ``window`` takes the budget's place where they are known not to fit all.
    """

    def __init__(self, budget: int, window: int) -> None:
        self.budget = budget
        self._window = window
        self.bytes = 0
        self._frames: OrderedDict[int, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

    def fit(self, total: int) -> None:
        """All the frames of the clip have so many bytes (0: not known): more than fit leave a window."""
        if not 0 < total <= self.budget:
            self.budget = self._window

    def get(self, index: int) -> np.ndarray | None:
        """The frame, or None where it is not kept."""
        with self._lock:
            frame = self._frames.get(index)
            if frame is not None:
                self._frames.move_to_end(index)
            return frame

    def has_room(self, nbytes: int) -> bool:
        """Whether that many bytes more fit without putting anything out."""
        return self.bytes + nbytes <= self.budget

    def put(self, index: int, frame: np.ndarray) -> None:
        """Keeps the frame (uint8) and puts out the oldest ones; the newest frame always stays."""
        if frame.nbytes >= _APART:
            frame = _apart(frame)
        with self._lock:
            old = self._frames.pop(index, None)
            self.bytes += frame.nbytes - (0 if old is None else old.nbytes)
            self._frames[index] = frame
            while self.bytes > self.budget and len(self._frames) > 1:
                _, out = self._frames.popitem(last=False)
                self.bytes -= out.nbytes

    def clear(self) -> None:
        """Forgets every frame."""
        with self._lock:
            self._frames.clear()
            self.bytes = 0


def _apart(frame: np.ndarray) -> np.ndarray:
    """A copy in pages of its own."""
    held = np.frombuffer(mmap.mmap(-1, frame.nbytes), np.uint8).reshape(frame.shape)
    held[...] = frame
    return held
