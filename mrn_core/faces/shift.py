"""The motion of the stable middle of a face between two crops, as one translation."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from mrn_core.faces.face import NOSE_BRIDGE, Image, Points

Grey = npt.NDArray[np.float32]

_INNER_CORNERS = (39, 42)
_MARGIN = 0.35  # of the stable points' box, on each side
_WHOLE = ((0.36, 0.32), (0.64, 0.56))  # that box in a usual crop, when the landmarks are not known


def head_shift(
    onset_crop: Image, apex_crop: Image, landmarks_crop: Points | None = None
) -> tuple[float, float]:
    """The motion of the apex against the onset where a face hardly moves by itself, px of the crop.

    Read as one translation of the patch around the bridge of the nose and the inner corners of the eyes:
    phase correlation for the whole pixels, then ECC (Evangelidis and Psarakis 2008), which does not mind a
    change of brightness. Fast, for every frame of a clip; a glance or a drawn brow pulls at it:
    ``rigid_motion`` does not let them.

    Args:
        onset_crop, apex_crop: (size, size, 3) uint8.
        landmarks_crop: (68, 2) px of the crop; None (or NaN) takes the middle of the crop.

    Returns:
        (x, y), px, from onset to apex; NaN when the patch shows too little to tell.
    """
    onset, apex = smooth_grey(onset_crop), smooth_grey(apex_crop)
    x0, y0, x1, y1 = stable_box(onset, landmarks_crop)
    patch = onset[y0:y1, x0:x1]
    if min(patch.shape) < 12 or patch.std() < 2:
        return math.nan, math.nan
    return _translation(patch, apex, (x0, y0))


def stable_box(onset: Grey, landmarks_crop: Points | None) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) px of the crop's part that a face hardly moves by itself."""
    size = np.array(onset.shape[::-1])
    if landmarks_crop is None or not np.isfinite(landmarks_crop).all():
        low, high = (np.array(corner) * size for corner in _WHOLE)
    else:
        stable = np.asarray(landmarks_crop)[[*NOSE_BRIDGE, *_INNER_CORNERS]]
        low, high = stable.min(axis=0), stable.max(axis=0)
        low, high = low - _MARGIN * (high - low), high + _MARGIN * (high - low)
    x0, y0 = np.clip(np.floor(low).astype(int), 0, size)
    x1, y1 = np.clip(np.ceil(high).astype(int), 0, size)
    return int(x0), int(y0), int(x1), int(y1)


def smooth_grey(picture: Image) -> Grey:
    """(H, W) float32, blurred by one pixel against the camera's noise."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.float32)
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0), dtype=np.float32)


def _translation(patch: Grey, apex: Grey, at: tuple[int, int]) -> tuple[float, float]:
    """Where the patch of the onset, found at ``at``, went in the apex: (x, y) px."""
    window = cv2.createHanningWindow(patch.shape[::-1], cv2.CV_32F)
    there = apex[at[1] : at[1] + patch.shape[0], at[0] : at[0] + patch.shape[1]]
    (coarse_x, coarse_y), _ = cv2.phaseCorrelate(patch, np.ascontiguousarray(there), window)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 100, 1e-5)
    everywhere = np.full(apex.shape, 255, dtype=np.uint8)
    best, best_score = (coarse_x, coarse_y), -1.0
    for start in ((coarse_x, coarse_y), (0.0, 0.0)):
        guess = np.array([[1, 0, at[0] + start[0]], [0, 1, at[1] + start[1]]], dtype=np.float32)
        kind = cv2.MOTION_TRANSLATION
        try:
            score, found = cv2.findTransformECC(patch, apex, guess, kind, criteria, everywhere, 1)
        except cv2.error:  # it does not converge from here
            continue
        if score > best_score:
            warp = np.asarray(found)
            best, best_score = (float(warp[0, 2]) - at[0], float(warp[1, 2]) - at[1]), score
    return best
