"""How far the whole head still moves between two aligned crops."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from mrn_core.faces.alignment import CropTransform, crop
from mrn_core.faces.face import NOSE_BRIDGE, Image, Points

Grey = npt.NDArray[np.float32]

_INNER_CORNERS = (39, 42)
_ROUNDS = 3  # of refinement: the last one moves by less than 0.01 px
_MARGIN = 0.35  # of the stable points' box, on each side
_WHOLE = ((0.36, 0.32), (0.64, 0.56))  # that box in a usual crop, when the landmarks are not known


def rigid_motion_px(onset_crop: Image, apex_crop: Image, landmarks_crop: Points | None = None) -> float:
    """The length of ``head_shift``, px of the crop; NaN when it cannot be told."""
    return math.hypot(*head_shift(onset_crop, apex_crop, landmarks_crop))


def head_shift(
    onset_crop: Image, apex_crop: Image, landmarks_crop: Points | None = None
) -> tuple[float, float]:
    """The motion of the apex against the onset where a face does not move by itself, px of the crop.

    Read as one translation of the patch around the bridge of the nose and the inner corners of the eyes:
    phase correlation for the whole pixels, then ECC (Evangelidis and Psarakis 2008), which does not mind a
    change of brightness.

    Args:
        onset_crop, apex_crop: (size, size, 3) uint8.
        landmarks_crop: (68, 2) px of the crop; None (or NaN) takes the middle of the crop.

    Returns:
        (x, y), px, from onset to apex; NaN when the patch shows too little to tell.
    """
    onset, apex = _grey(onset_crop), _grey(apex_crop)
    x0, y0, x1, y1 = _stable_box(onset, landmarks_crop)
    patch = onset[y0:y1, x0:x1]
    if min(patch.shape) < 12 or patch.std() < 2:
        return math.nan, math.nan
    return _translation(patch, apex, (x0, y0))


def refined_transform(
    onset_crop: Image, apex: Image, transform: CropTransform, landmarks_crop: Points | None = None
) -> CropTransform | None:
    """The crop of the apex in which the stable patch lies as it does in the onset's crop.

    A shift and a turn in the picture's plane, by ECC over the same patch as ``head_shift``, started from its
    shift; the apex is cut again from the picture each time, so that what is read was interpolated once.

    Args:
        onset_crop: (size, size, 3) uint8, cut with ``transform``.
        apex: (H, W, 3) uint8, the whole frame.
        transform: the onset's.
        landmarks_crop: (68, 2) px of the crop; None takes the middle of the crop.

    Returns:
        None where the patch shows too little to tell, or the two do not come together.
    """
    onset = _grey(onset_crop)
    x0, y0, x1, y1 = _stable_box(onset, landmarks_crop)
    mask = np.zeros(onset.shape, np.uint8)
    mask[y0:y1, x0:x1] = 255
    x, y = head_shift(onset_crop, crop(apex, transform), landmarks_crop)
    if not math.isfinite(x + y):
        return None
    found = transform.shifted(-x, -y)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 200, 1e-6)
    for _ in range(_ROUNDS):
        guess = np.eye(2, 3, dtype=np.float32)
        try:
            _, warp = cv2.findTransformECC(
                onset, _grey(crop(apex, found)), guess, cv2.MOTION_EUCLIDEAN, criteria, mask, 1
            )
        except cv2.error:  # it does not converge
            return None
        # what is at p in the onset's crop was found at warp(p) in the apex's
        turn, shift = np.asarray(warp, np.float64)[:, :2], np.asarray(warp, np.float64)[:, 2]
        matrix = turn.T @ found.matrix
        matrix[:, 2] -= turn.T @ shift
        found = CropTransform(matrix, found.size)
    return found


def _stable_box(onset: Grey, landmarks_crop: Points | None) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) px of the crop's part that a face does not move by itself."""
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


def _grey(picture: Image) -> Grey:
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
