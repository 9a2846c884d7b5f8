"""How much moved between onset and apex, and when that is no micro-expression."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from .head_motion import HeadMotion

if TYPE_CHECKING:
    from .clip import Clip

LONGEST_S = 1 / 3  # a micro-expression lasts 1/25 to 1/3 s
LEAST_PX = 0.1  # below it, what is magnified is mostly the camera's noise
HEAD_PX = 1.0
SMALLEST_PX = 0.3  # of micro-expressions, at 224
FOLDED = 0.005  # of the picture: less is a few pixels at an edge


def motion_px(flow: npt.NDArray[np.float32], landmarks: npt.NDArray[np.float64] | None) -> float:
    """99th percentile of the flow's length over the face, px at 224.

    Args:
        flow: (H, W, 2) px.
        landmarks: (68, 2) px of the crop: the face is their convex hull; None takes the whole crop.
    """
    length = np.hypot(flow[..., 0], flow[..., 1])
    if landmarks is not None:
        hull = cv2.convexHull(landmarks.astype(np.float32))
        face = np.zeros(length.shape, np.uint8)
        cv2.fillConvexPoly(face, np.rint(hull).astype(np.int32), 1)
        if face.any():
            length = length[face > 0]
    return float(np.percentile(length, 99))


def folded_share(flow: npt.NDArray[np.float32], gain: float) -> float:
    """Share of the picture where the motion times ``gain`` folds over itself: det(1 + gain ds/dx) <= 0.

    There a warp shows tears that no face has.
    """
    s = flow.astype(np.float64) * gain
    (x_by_y, x_by_x), (y_by_y, y_by_x) = (np.gradient(s[..., i]) for i in (0, 1))
    return float(((1 + x_by_x) * (1 + y_by_y) - x_by_y * y_by_x <= 0).mean())


def fold_warning(
    flow: npt.NDArray[np.float32], levels: npt.NDArray[np.float64], gains: npt.NDArray[np.float64]
) -> list[str]:
    """From which level on a warp by this flow tears; empty where none does."""
    shares = [folded_share(flow, float(gain)) for gain in gains]
    torn = [i for i, share in enumerate(shares) if share > FOLDED]
    if not torn:
        return []
    return [
        f"From AF {levels[torn[0]]:.1f} on the magnified motion folds over itself, at AF {levels[-1]:.1f} on "
        f"{shares[-1]:.1%} of the picture: tears there are the magnifier's, not the face's."
    ]


def looks_like_expression(rigid: float | None, moved: float) -> bool:
    """Whether what is left of the head's motion could be taken for an expression.

    It is as large as the smallest of them, or half of all that moves in the face.

    Args:
        rigid: px at 224 that the whole head moved; None or NaN where it cannot be told.
        moved: see ``motion_px``.
    """
    if rigid is None or math.isnan(rigid):
        return False
    return rigid >= SMALLEST_PX or rigid > max(LEAST_PX, 0.5 * moved)


def motion_warnings(
    clip: Clip, onset: int, apex: int, moved: float, head: HeadMotion, most: float
) -> list[str]:
    """What a person should know before they read these frames as a micro-expression.

    Args:
        moved: see ``motion_px``.
        head: the whole head's motion.
        most: px at 224 above which it is no micro-expression.
    """
    told = []
    seconds = float(clip.times[apex] - clip.times[onset])
    if moved > most:
        told.append(
            f"The face moves {moved:.1f} px from onset to apex, more than the {most:g} px of a "
            "micro-expression at 224: magnified, it will be torn."
        )
    if seconds > LONGEST_S:
        told.append(
            f"Onset to apex takes {seconds:.2f} s; a whole micro-expression lasts at most 1/3 s: "
            "this is no micro-expression."
        )
    if moved < LEAST_PX:
        told.append(
            f"The face moves only {moved:.2f} px from onset to apex: what is magnified is mostly noise."
        )
    left, taken_out = head.left, head.taken_out
    if left is not None and left.px > max(HEAD_PX, 0.5 * moved):
        told.append(
            f"The whole head moves the face by {left.px:.1f} px from onset to apex and is magnified with the "
            "expression."
        )
    if taken_out is not None and taken_out.px > HEAD_PX:
        told.append(
            f"The whole head moved the face by {taken_out.px:.1f} px from onset to apex "
            f"({taken_out.x:+.1f} px across, {taken_out.y:+.1f} px down, turned {taken_out.degrees:+.1f} "
            "degrees): the refined alignment took that out. A head that turned to the side or nodded is not "
            "undone so."
        )
    return told
