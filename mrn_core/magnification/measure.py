"""How far a magnified frame really moved, measured with the true motion and nothing else."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from mrn_core.errors import SettingsError
from mrn_core.magnification.warping import Continuous

_MOVING = 0.2  # of the largest displacement
# px, before comparing: takes noise out and widens the valley that is searched. At 1 px the ghosts of
# `linear` make several valleys; 1.5 px changes the answer for a warp by about 0.5 %.
_BLUR = 1.5
_GRID_STEP = 0.25  # px of the largest displacement
_NEWTON_STEPS = 12


def measured_gain(
    frame: NDArray[Any], onset: NDArray[Any], field: NDArray[np.floating[Any]], highest: float = 40.0
) -> float:
    """The m for which onset(x + m s(x)) is nearest to ``frame``, by least squares on luminance.

    A coarse search from -1 to ``highest`` finds the valley, Gauss-Newton steps around the
    current m find its bottom, so that large motion is measured right, not only its slope at 0.
    Only pixels that truly move (at least a fifth of the largest displacement) count.

    Args:
        frame: (H, W, 3), any real type, values 0 to 255: the magnified frame.
        onset: (H, W, 3), alike: the clean onset.
        field: (H, W, 2) px: the true field s, apex(x) = onset(x + s(x)).
        highest: the largest m looked for.

    Raises:
        SettingsError: the shapes do not fit, nothing moves, or the moving area has no texture.
    """
    if frame.shape != onset.shape or field.shape != (*onset.shape[:2], 2):
        raise SettingsError(
            f"Frame {frame.shape}, onset {onset.shape} and field {field.shape} do not fit each other.",
            "Give them at one size.",
        )
    motion = np.ascontiguousarray(field, np.float32)
    size = np.hypot(motion[..., 0], motion[..., 1])
    largest = float(size.max())
    if largest < 1e-3:
        raise SettingsError("Nothing moves in the true field.", "Measure on a pair with motion.")
    moving = size >= _MOVING * largest
    target, grey = _luminance(frame), _luminance(onset)
    start = Continuous(grey)
    slope_x, slope_y = (Continuous(slope) for slope in _slopes(grey))

    def residual(m: float) -> NDArray[np.float32]:
        return (target - start.moved(motion, m))[moving]

    grid = np.arange(-1.0, highest, _GRID_STEP / largest)
    m = float(grid[int(np.argmin([np.square(residual(float(g))).mean() for g in grid]))])
    for _ in range(_NEWTON_STEPS):
        toward = slope_x.moved(motion, m) * motion[..., 0] + slope_y.moved(motion, m) * motion[..., 1]
        slope = toward[moving].astype(np.float64)
        power = float(slope @ slope)
        if power < 1e-6:
            raise SettingsError("The moving area has no texture to measure on.", "Use a picture with detail.")
        step = float(slope @ residual(m)) / power
        m += step
        if abs(step) < 1e-4:
            break
    return m


def _luminance(image: NDArray[Any]) -> NDArray[np.float32]:
    """(H, W) float32 from (H, W, 3), a little blurred (Rec. 601 weights)."""
    import cv2

    grey = image.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    return cast(NDArray[np.float32], cv2.GaussianBlur(grey, (0, 0), _BLUR))


def _slopes(grey: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The derivatives along x and y, per pixel (Scharr)."""
    import cv2

    along_x, along_y = (cv2.Scharr(grey, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    unit = np.float32(32)
    return cast(NDArray[np.float32], along_x / unit), cast(NDArray[np.float32], along_y / unit)
