"""Blinks told apart from expressions: both lids fall and rise again within some tenths of a second."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mrn_core.spotting.smoothing import smoothed

Array = npt.NDArray[np.float64]

_OPEN = 80  # percentile of an eye's contrast within 3 s that is that of the open eye
_OPEN_S = 3.0
_CLOSED = 0.15  # share of the contrast that both eyes lose at the height of a blink
_OPENING = 0.03  # share under which an eye counts as open again
_SMOOTH_S = 0.005
_LONGEST_S = 0.6  # lids that stay down for longer are closed eyes, or an expression's


def find_blinks(contrast: Array, fps: float) -> tuple[tuple[int, int], ...]:
    """First and last frame of each blink.

    A lid is skin: while it covers iris and white, the grey levels between the lids spread less. A glance
    moves the iris and leaves the spread; an expression narrows the eyes by far less, or for longer.

    Args:
        contrast: (N, 2) spread of the grey levels in either eye; NaN where the frame does not show the face.
        fps: frames per second.
    """
    lost = _lost_share(contrast, fps)
    found: list[tuple[int, int]] = []
    for frame in np.flatnonzero(lost > _CLOSED):
        if found and frame <= found[-1][1]:
            continue
        first = last = int(frame)
        while first > 0 and lost[first - 1] > _OPENING:
            first -= 1
        while last < len(lost) - 1 and lost[last + 1] > _OPENING:
            last += 1
        found.append((first, last))
    return tuple((first, last) for first, last in found if last - first + 1 <= max(2.0, _LONGEST_S * fps))


def _lost_share(contrast: Array, fps: float) -> Array:
    """(N,) what the eye that lost less contrast has lost of it, 0..1; 0 where nothing is known."""
    known = np.asarray(np.isfinite(contrast).all(axis=1))
    both = np.full(len(contrast), np.nan)
    block = max(1, round(_OPEN_S / 3 * fps))
    for first in range(0, len(contrast), block):
        near = slice(max(0, first - block), first + 2 * block)
        if not known[near].any():
            continue
        usual = np.maximum(np.percentile(contrast[near][known[near]], _OPEN, axis=0), 1e-6)
        both[first : first + block] = (1 - contrast[first : first + block] / usual).min(axis=1)
    return np.nan_to_num(smoothed(both, fps, _SMOOTH_S))
