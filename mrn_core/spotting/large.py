"""Motions so large that the curve itself tells them: macro-expressions, which may stay to the clip's end."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LARGE = {"difference": 8.0, "flow": 2.0}
"""Height of the motion's curve, in the method's units, from which its peak is the apex."""
_EDGE = 0.1  # onset and offset: where the curve has this share of its rise
_FLOOR = {"difference": 0.1, "flow": 0.02}  # noise that is assumed at the least, in the method's units
_CLEAR = 4.0  # rise over noise under which nothing is proposed


def peak_of(
    motion: Array, unsmoothed: Array, method: str
) -> tuple[int | None, int, int | None, float] | None:
    """Onset, apex, offset and how clear the peak is (0..1), or None where the curve has no such peak.

    Args:
        motion: (N,) the smoothed curve, NaN where nothing is known.
        unsmoothed: (N,) the same before smoothing: what is left between both is noise.
        method: "difference" or "flow".
    """
    there = np.isfinite(motion)
    if there.sum() <= 2 or float(np.nanmax(motion)) < LARGE[method]:
        return None
    apex = int(np.nanargmax(motion))
    rest = float(np.nanpercentile(motion, 10))
    rise = float(motion[apex]) - rest
    jitter = (unsmoothed - motion)[there]
    noise = max(_FLOOR[method], 1.4826 * float(np.median(np.abs(jitter - np.median(jitter)))))
    clear = (rise / noise - _CLEAR) / (rise / noise + _CLEAR)
    if clear <= 0:
        return None
    low = np.flatnonzero(there & (motion <= rest + _EDGE * rise))
    before, after = low[low < apex], low[low > apex]
    return (
        int(before[-1]) if len(before) else None,
        apex,
        int(after[0]) if len(after) else None,
        clear,
    )
