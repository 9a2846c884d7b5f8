"""How near one picture is to another: PSNR, SSIM, and how far it seems moved where nothing moved."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

PEAK = 255.0
# Wang et al. 2004: a Gaussian window of 11 x 11 pixels.
_WINDOW, _SPREAD = 11, 1.5
_C1, _C2 = (0.01 * PEAK) ** 2, (0.03 * PEAK) ** 2

SHIFT_WINDOW = 4.0
"""px: spread of the window in which `seeming_shift` looks for a motion."""
_BLUR = 1.5  # px, as in magnification.measure
_STEPS = 3
# (grey levels / px)^2 added to the texture: where there is none, no motion is seen.
_FLAT = 1.0


def psnr(picture: NDArray[Any], truth: NDArray[Any], where: NDArray[np.bool_] | None = None) -> float:
    """Peak signal to noise ratio in dB of (H, W, 3) values 0 to 255, over ``where`` (H, W) or everything.

    Infinite for equal pictures.
    """
    squares = np.square(picture.astype(np.float64) - truth)
    mean = float((squares if where is None else squares[where]).mean())
    return float(10 * np.log10(PEAK**2 / mean)) if mean > 0 else float("inf")


def ssim_map(picture: NDArray[Any], truth: NDArray[Any]) -> NDArray[np.float32]:
    """Structural similarity of every pixel's neighbourhood, on luminance (Wang et al. 2004).

    Args:
        picture, truth: (H, W, 3), any real type, 0 to 255, 11 pixels or more on each side.

    Returns:
        (H - 10, W - 10) float32, at most 1: only whole windows, the pixel (5, 5) first.
    """
    import cv2

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        blurred = cv2.GaussianBlur(values, (_WINDOW, _WINDOW), _SPREAD)
        return cast(NDArray[np.float64], blurred)[border:-border, border:-border]

    border = _WINDOW // 2
    x, y = (luminance(image).astype(np.float64) for image in (picture, truth))
    mean_x, mean_y = mean(x), mean(y)
    var_x, var_y = mean(x * x) - mean_x**2, mean(y * y) - mean_y**2
    shared = mean(x * y) - mean_x * mean_y
    likeness = (2 * mean_x * mean_y + _C1) * (2 * shared + _C2)
    return (likeness / ((mean_x**2 + mean_y**2 + _C1) * (var_x + var_y + _C2))).astype(np.float32)


def ssim(picture: NDArray[Any], truth: NDArray[Any], where: NDArray[np.bool_] | None = None) -> float:
    """Mean of :func:`ssim_map` over ``where`` (H, W), or over everything."""
    values = ssim_map(picture, truth)
    border = _WINDOW // 2
    return float((values if where is None else values[where[border:-border, border:-border]]).mean())


def seeming_shift(picture: NDArray[Any], still: NDArray[Any]) -> NDArray[np.float32]:
    """How far each part of a picture seems moved from another, by least squares in small windows.

    Lucas and Kanade's method on blurred luminance, three Gauss-Newton steps, with a Gaussian window of
    4 px; flat areas are held at 0. Noise in ``picture`` seems to move it too: compare with what the
    input frame itself gives.

    Args:
        picture, still: (H, W, 3), any real type, 0 to 255.

    Returns:
        (H, W, 2) float32 px, x and y: picture(x) is near still(x + shift(x)).
    """
    import cv2

    from mrn_core.magnification.warping import Continuous

    target, base = (
        cast(NDArray[np.float32], cv2.GaussianBlur(luminance(image), (0, 0), _BLUR))
        for image in (picture, still)
    )
    slopes = [cv2.Scharr(base, cv2.CV_32F, *order) / np.float32(32) for order in ((1, 0), (0, 1))]
    start, slope_x, slope_y = (Continuous(image) for image in (base, *slopes))
    shift = np.zeros((*base.shape, 2), np.float32)
    for _ in range(_STEPS):
        along_x, along_y = slope_x.moved(shift, 1.0), slope_y.moved(shift, 1.0)
        left = target - start.moved(shift, 1.0)
        products = np.dstack([along_x**2, along_x * along_y, along_y**2, along_x * left, along_y * left])
        total = cast(NDArray[np.float32], cv2.GaussianBlur(products, (0, 0), SHIFT_WINDOW))
        xx, xy, yy, xt, yt = np.moveaxis(total, -1, 0)
        # The shift so far is held towards 0 as well, or flat areas would drift step by step.
        xt, yt = xt - _FLAT * shift[..., 0], yt - _FLAT * shift[..., 1]
        xx, yy = xx + _FLAT, yy + _FLAT
        size = xx * yy - xy * xy
        step = np.dstack([(yy * xt - xy * yt) / size, (xx * yt - xy * xt) / size])
        # A window tells nothing beyond its own width.
        shift = np.clip(shift + step, -SHIFT_WINDOW, SHIFT_WINDOW).astype(np.float32)
    return shift


def luminance(image: NDArray[Any]) -> NDArray[np.float32]:
    """(H, W) float32 from (H, W, 3), Rec. 601."""
    return image.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
