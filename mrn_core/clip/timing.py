"""From the timestamps of a file to seconds and frames per second."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

FALLBACK_FPS = 25.0
"""For a file that tells no rate at all."""


class Timing(NamedTuple):
    """``times`` ``(N,)`` float64 seconds from 0; ``known`` is False where the rate was assumed."""

    times: np.ndarray
    fps: float
    known: bool
    variable: bool
    notices: list[str]


def missing_seconds(
    stamps: Sequence[int | None], tick: Fraction | None, announced_end: float | None
) -> float:
    """How much earlier the last frame ends than the file says, in seconds; 0 where that cannot be told.

    The last frame is granted the longest of all gaps, and half of one more for rounding.
    """
    ticks = np.array([stamp for stamp in stamps if stamp is not None], dtype=np.int64)
    if len(ticks) < 2 or not tick or announced_end is None:
        return 0.0
    gap = float(np.diff(ticks).max() * tick)
    missing = announced_end - (float(ticks[-1] * tick) + gap)
    return missing if missing > 0.5 * gap else 0.0


def frame_times(
    stamps: Sequence[int | None], tick: Fraction | None, announced: Fraction | None, given: float | None
) -> Timing:
    """When each frame was taken.

    Args:
        stamps: each frame's timestamp in ticks, in output order.
        tick: seconds in a tick.
        announced: the rate that the header names.
        given: the rate that the user names; it takes the place of the file's timestamps.
    """
    n = len(stamps)
    rate = float(announced) if announced else None
    if given is not None:
        notices = []
        if rate is not None and abs(rate - given) > 1e-3 * given:
            notices.append(f"The file says {rate:.4g} frames per second; {given:g} were given and are used.")
        return Timing(np.arange(n) / given, float(given), True, False, notices)
    if n > 1 and tick and all(stamp is not None for stamp in stamps):
        ticks = np.array(stamps, dtype=np.int64)
        gaps = np.diff(ticks)
        if (gaps > 0).all():
            times = (ticks - ticks[0]) * float(tick)
            mean = (n - 1) / times[-1]
            typical = float(np.median(gaps))
            # A container that counts in milliseconds cannot help being one tick off.
            if np.abs(gaps - typical).max() > max(1.5, 0.05 * typical):
                notice = (
                    f"The frame rate varies: {mean:.4g} frames per second on average, times are the file's."
                )
                return Timing(times, float(mean), True, True, [notice])
            # The header's rate is exact where it agrees with the rounded timestamps.
            agrees = rate is not None and abs((n - 1) / rate - times[-1]) <= 2 * float(tick)
            fps = rate if rate is not None and agrees else float(mean)
            return Timing(times, fps, True, False, [])
    fps = rate or FALLBACK_FPS
    notices = []
    if n > 1 or rate is None:
        source = "the header's" if rate else "assumed"
        notices.append(
            f"The file has no usable timestamps: times follow {fps:.4g} frames per second ({source})."
        )
    return Timing(np.arange(n) / fps, fps, rate is not None, False, notices)
