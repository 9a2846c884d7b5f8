"""Other ways to look at a magnified level: what differs from the onset, and how far it is moved."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LEAST_FULL = 8.0  # grey levels: a smaller scale would show the camera's noise as if it were motion
SHORTEST = 0.5  # px at 224: what moves less gets no arrow


@dataclass(frozen=True)
class Differences:
    """Each level minus the onset, in one scale for all levels.

    Attributes:
        pictures: (L, H, W) uint8: 128 is no change, lighter is brighter than the onset.
        full: grey levels (0 to 255) of change that black and white stand for.
    """

    pictures: npt.NDArray[np.uint8]
    full: float


def difference_pictures(frames: npt.NDArray[np.uint8], onset: npt.NDArray[np.uint8]) -> Differences:
    """The grey difference of every level to the onset.

    The scale is the largest level's 99.9th percentile of absolute differences, at least ``LEAST_FULL``.

    Args:
        frames: (L, H, W, 3) uint8 RGB.
        onset: (H, W, 3) uint8 RGB.

    Example:
        >>> onset = np.zeros((2, 2, 3), np.uint8)
        >>> difference_pictures(np.stack([onset, onset + 100]), onset).pictures[:, 0, 0]
        array([128, 255], dtype=uint8)
    """
    still = _grey(onset)
    changes = [_grey(frame) - still for frame in frames]
    full = max(LEAST_FULL, *(_largest(change) for change in changes))
    shade = np.clip(np.rint(128 + np.arange(-255, 256) * (127 / full)), 0, 255).astype(np.uint8)
    return Differences(np.stack([shade[change + 255] for change in changes]), full)


def motion_arrows(flow: npt.NDArray[np.float32], gain: float, across: int = 14) -> npt.NDArray[np.float64]:
    """The motion times ``gain`` (Eq. 1), averaged over squares of the picture, as arrows.

    Args:
        flow: (H, W, 2) px, apex to onset, read at the apex's pixel (x, then y).
        gain: 1 + AF.
        across: squares along each side.

    Returns:
        (N, 4) float64 px: from (x, y) in the onset, by (dx, dy); those under ``SHORTEST`` are left out.

    Example:
        >>> flow = np.zeros((8, 8, 2), np.float32)
        >>> flow[..., 0] = -1.0
        >>> motion_arrows(flow, 3.0, across=1)
        array([[3., 4., 3., 0.]])
    """
    import cv2  # not before the window is on the screen

    height, width = flow.shape[:2]
    mean = cv2.resize(flow, (across, across), interpolation=cv2.INTER_AREA).astype(np.float64)
    x, y = np.meshgrid(
        (np.arange(across) + 0.5) * width / across, (np.arange(across) + 0.5) * height / across
    )
    start = np.stack([x, y], axis=-1) + mean  # where the apex's pixel stood in the onset
    made = np.concatenate([start, 0.0 - mean * gain], axis=-1).reshape(-1, 4)
    return np.asarray(made[np.hypot(made[:, 2], made[:, 3]) >= SHORTEST])


def _largest(change: npt.NDArray[np.int16]) -> float:
    """The 99.9th percentile of the absolute changes, from how often each of the 256 is there."""
    up_to = np.cumsum(np.bincount(np.abs(change).ravel(), minlength=256))
    place = 0.999 * (change.size - 1)
    low, high = (int(np.searchsorted(up_to, index, side="right")) for index in (int(place), math.ceil(place)))
    return low + (high - low) * (place - int(place))


def _grey(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.int16]:
    import cv2  # not before the window is on the screen

    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.int16))
