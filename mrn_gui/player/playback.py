"""Which frame stands at which moment of playing (no Qt)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SPEEDS: tuple[tuple[str, float], ...] = (
    ("1/16 ×", 1 / 16),
    ("1/8 ×", 1 / 8),
    ("1/4 ×", 1 / 4),
    ("1/2 ×", 1 / 2),
    ("1 ×", 1.0),
    ("2 ×", 2.0),
)
HIGH_SPEED_FPS = 100.0


def usual_speed(fps: float) -> float:
    """A high-speed recording is watched slowed down, any other at its own pace."""
    return 0.25 if fps >= HIGH_SPEED_FPS else 1.0


@dataclass(frozen=True, eq=False)
class Playback:
    """A run of playing from one frame.

    Attributes:
        times: (N,) seconds of the frames, increasing from 0.
        last: how long the last frame stands, s.
        start: index of the frame that playing began with.
        speed: 1 is real time.
        loop: begin again after the last frame.
    """

    times: npt.NDArray[np.float64]
    last: float
    start: int
    speed: float
    loop: bool

    def at(self, elapsed: float) -> tuple[int, bool]:
        """The frame after ``elapsed`` seconds of a viewer's time, and whether playing is over."""
        end = float(self.times[-1]) + self.last
        moment = float(self.times[self.start]) + elapsed * self.speed
        if moment >= end:
            if not self.loop:
                return len(self.times) - 1, True
            moment %= end
        return int(np.searchsorted(self.times, moment + 1e-9, side="right")) - 1, False
