"""Pictures read between their pixels, as exactly as a motion of a tenth of a pixel needs.

OpenCV's own bicubic reading (a = -0.75) shifts what it shows by up to 0.05 px, which is a
tenth to a half of a small motion. Here a picture is first made four times finer by two
symmetric steps, whose new pixels lie exactly in the middle of the old ones, and then read by
straight lines between neighbours. Whole pixels are returned as they were.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

_FINER = 4
# Lanczos' kernel of 8 taps half way between two pixels; symmetric, so nothing is shifted.
_AT = np.arange(-3.5, 4.0)
_HALF_WAY = np.sinc(_AT) * np.sinc(_AT / 4)
_HALF_WAY = (_HALF_WAY / _HALF_WAY.sum()).astype(np.float32)


class Continuous:
    """A picture that can be read anywhere, mirrored beyond its border.

    Args:
        image: (H, W) or (H, W, C), any real type.
    """

    def __init__(self, image: NDArray[np.generic]) -> None:
        fine = image.astype(np.float32)
        for axis in (0, 1):
            fine = _twice_as_fine(_twice_as_fine(fine, axis), axis)
        self._fine = np.ascontiguousarray(fine)

    def moved(self, field: NDArray[np.float32], gain: float) -> NDArray[np.float32]:
        """The picture read at x + gain * field(x): (H, W) or (H, W, C) float32.

        Args:
            field: (H, W, 2) float32, x and y in pixels, read at the destination.
            gain: what the field is multiplied by.
        """
        import cv2

        # OpenCV never comes back from mirroring a picture that is one pixel wide or high.
        border = cv2.BORDER_REFLECT_101 if min(field.shape[:2]) > 1 else cv2.BORDER_REPLICATE
        rows, columns = np.indices(field.shape[:2], np.float32)
        scale, finer = np.float32(gain), np.float32(_FINER)
        read = cv2.remap(
            self._fine,
            finer * (columns + scale * field[..., 0]),
            finer * (rows + scale * field[..., 1]),
            cv2.INTER_LINEAR,
            borderMode=border,
        )
        return cast(NDArray[np.float32], read)


def warp(image: NDArray[np.generic], field: NDArray[np.float32], gain: float) -> NDArray[np.float32]:
    """``image`` read at x + gain * field(x), once; see :class:`Continuous`."""
    return Continuous(image).moved(field, gain)


def _twice_as_fine(image: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """One new pixel between each two neighbours along ``axis``: n become 2 n - 1."""
    count = image.shape[axis]
    if count == 1:
        return image
    along = np.moveaxis(image, axis, 0)
    reach = len(_HALF_WAY) // 2 - 1
    mirrored = np.pad(along, [(reach, reach), *[(0, 0)] * (along.ndim - 1)], "reflect")
    fine = np.empty((2 * count - 1, *along.shape[1:]), np.float32)
    fine[0::2] = along
    fine[1::2] = sum(weight * mirrored[tap : tap + count - 1] for tap, weight in enumerate(_HALF_WAY))
    return np.moveaxis(fine, 0, axis)
