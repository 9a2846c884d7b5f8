"""Curves smoothed in time, with gaps."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def smoothed(curve: Array, fps: float, seconds: float) -> Array:
    """(N,) a Gaussian in time, sigma in seconds, over the frames that are there; gaps (NaN) stay gaps."""
    sigma = seconds * fps
    reach = math.ceil(3 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    there = np.isfinite(curve)
    # "full" cut to the middle: "same" would return the kernel's length for a shorter clip
    sums, weights = (
        np.convolve(values, kernel)[reach : reach + len(curve)]
        for values in (np.where(there, curve, 0), there)
    )
    return np.where(there, sums / np.maximum(weights, 1e-12), np.nan)
