"""A still photograph of a face that moves by a known amount.

Frame t is the still moved as frame_t(x) = still(x + a_t s(x)): s, sampled at the destination x, is the
*reading field* of the apex, a_t the course from 0 to 1. What is read from below moves up, so s points
against the motion that is seen. The still is kept larger than the frames, so that moving does not blur.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Push:
    """One Gaussian of a reading field.

    Attributes:
        at: its centre (x, y), pixels of the frame.
        spread: its standard deviations (x, y), pixels.
        pull: what it adds to s at its centre (x, y), pixels or any unit that is scaled later.
    """

    at: tuple[float, float]
    spread: tuple[float, float]
    pull: tuple[float, float]


def reading_field(size: int, pushes: Iterable[Push]) -> FloatArray:
    """The sum of the pushes, ``(size, size, 2)`` float32, x and y."""
    y, x = np.mgrid[:size, :size].astype(np.float32)
    s = np.zeros((size, size, 2), np.float32)
    for push in pushes:
        g = np.exp(
            -0.5 * (((x - push.at[0]) / push.spread[0]) ** 2 + ((y - push.at[1]) / push.spread[1]) ** 2)
        )
        s[..., 0] += push.pull[0] * g
        s[..., 1] += push.pull[1] * g
    return s


def scaled_to(s: FloatArray, peak: float) -> FloatArray:
    """The field with ``peak`` pixels as its largest displacement."""
    return s * (peak / np.linalg.norm(s, axis=-1).max())


def course(frames: int, onset: int, apex: int, offset: int) -> npt.NDArray[np.float64]:
    """How much of the field each frame shows, ``(frames,)``: 0 up to the onset, 1 at the apex, 0 from the
    offset on. Rise and fall are minimum-jerk courses, 10 u^3 - 15 u^4 + 6 u^5."""
    t = np.arange(frames, dtype=np.float64)

    def jerkless(u: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        u = u.clip(0, 1)
        return u**3 * (10 - 15 * u + 6 * u**2)

    return jerkless((t - onset) / (apex - onset)) * (1 - jerkless((t - apex) / (offset - apex)))


def moved(large: FloatArray, s: FloatArray, amount: float) -> FloatArray:
    """still(x + amount s(x)) at the size of ``s``, ``(size, size, 3)`` float32: read finely, then averaged.

    Args:
        large: ``(k size, k size, 3)`` float32, the still with k pixels for one of a frame.
        s: ``(size, size, 2)`` float32, pixels of a frame.
    """
    import cv2

    size, side = len(s), len(large)
    fine = cv2.resize(s, (side, side), interpolation=cv2.INTER_LINEAR) * np.float32(amount * (side // size))
    y, x = np.mgrid[:side, :side].astype(np.float32)
    read = cv2.remap(
        large, x + fine[..., 0], y + fine[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(cv2.resize(read, (size, size), interpolation=cv2.INTER_AREA), np.float32)


def camera(
    light: FloatArray, rng: np.random.Generator, read_noise: float, shot_noise: float
) -> npt.NDArray[np.uint8]:
    """What a sensor makes of it, uint8: Poisson-Gaussian noise, whose variance grows with the light.

    ``read_noise`` is in grey levels, ``shot_noise`` in levels squared for each level of light.
    """
    spread = np.sqrt(read_noise**2 + shot_noise * light.clip(0))
    return np.round(light + spread * rng.standard_normal(light.shape)).clip(0, 255).astype(np.uint8)


def displacement_at(s: FloatArray, amount: float, points: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Where points of the still have gone, minus where they were: ``(..., 2)`` float64, pixels.

    Solves x + amount s(x) = p for x by iteration, which converges while the field changes by less than
    its own length over a pixel; for fields of a few pixels it is exact to 1e-4 px after ten rounds.
    """
    import cv2

    p = np.asarray(points, np.float64)
    flat = p.reshape(-1, 2)
    x = flat.copy()
    for _ in range(10):
        # Rows of at most 2^14 points: remap takes no longer ones.
        at = x.astype(np.float32)
        read = np.concatenate(
            [
                cv2.remap(
                    s, part[None, :, 0], part[None, :, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
                )[0]
                for part in np.array_split(at, max(1, -(-len(at) // 16384)))
            ]
        )
        x = flat - amount * read
    return (x - flat).reshape(p.shape)
