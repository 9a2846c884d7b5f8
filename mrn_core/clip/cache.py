"""Decoded frames kept within a number of bytes, the least recently used out first."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np


class FrameCache:
    """Frames by index, at most ``budget`` bytes of them; safe to use from several threads."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.bytes = 0
        self._frames: OrderedDict[int, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

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
        """Keeps the frame and puts out the oldest ones; the newest frame always stays."""
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
