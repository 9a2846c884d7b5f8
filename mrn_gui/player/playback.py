"""Which frame stands at which moment of playing (no Qt)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mrn_core.annotation import Marks

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
        first, final: the span that is played; the first and the last frame of the clip where None.
    """

    times: npt.NDArray[np.float64]
    last: float
    start: int
    speed: float
    loop: bool
    first: int = 0
    final: int | None = None

    def at(self, elapsed: float) -> tuple[int, bool]:
        """The frame after ``elapsed`` seconds of a viewer's time, and whether playing is over."""
        final = len(self.times) - 1 if self.final is None else self.final
        begin = float(self.times[self.first])
        ends_clip = final == len(self.times) - 1
        end = float(self.times[-1]) + self.last if ends_clip else float(self.times[final + 1])
        moment = float(self.times[self.start]) + elapsed * self.speed
        if moment >= end:
            if not self.loop:
                return final, True
            moment = begin + (moment - begin) % (end - begin)
        return min(final, int(np.searchsorted(self.times, moment + 1e-9, side="right")) - 1), False


def event_span(marks: Marks, frames: int) -> tuple[int, int] | None:
    """From onset to offset, to the apex while no offset is marked; None where there is no such span."""
    end = marks.apex if marks.offset is None else marks.offset
    if marks.onset is None or end is None or not marks.onset < end < frames:
        return None
    return marks.onset, end
