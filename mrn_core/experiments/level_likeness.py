"""How near a magnified level is to the exact one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mrn_core.experiments.picture_quality import luminance, psnr, ssim

_MOVED = 4.0  # grey levels of true change: where it is smaller, nothing is said to move


@dataclass(frozen=True)
class Likeness:
    """One level beside the truth.

    Attributes:
        grey: mean absolute difference to the exact level in luminance, grey levels (0 to 255).
        moving: the same where the truth moves: where the exact level differs from the exact onset by
            more than 4 levels; NaN where nothing does.
        still: what the onset itself differs there from the exact level: a level with ``moving`` near
            ``still`` has magnified nothing right.
        psnr: over the whole crop, dB.
        ssim: over the whole crop, at most 1.
    """

    grey: float
    moving: float
    still: float
    psnr: float
    ssim: float

    @property
    def explained(self) -> float:
        """The share of the true change that the level shows, 1 - moving / still; NaN where nothing moves."""
        return 1 - self.moving / self.still if self.still > 0 else float("nan")


def level_likeness(
    level: npt.NDArray[np.uint8],
    exact: npt.NDArray[np.uint8],
    onset: npt.NDArray[np.uint8],
    exact_onset: npt.NDArray[np.uint8],
) -> Likeness:
    """Compares a level with the exact one.

    Args:
        level, exact: (H, W, 3) uint8 RGB, the same crop.
        onset: the crop that the level was magnified from.
        exact_onset: the crop at gain 0, without noise: what moves is told from it.
    """
    true, base = luminance(exact), luminance(exact_onset)
    apart, unmoved = np.abs(luminance(level) - true), np.abs(luminance(onset) - true)
    where = np.abs(true - base) > _MOVED
    none = float("nan")
    return Likeness(
        grey=float(apart.mean()),
        moving=float(apart[where].mean()) if where.any() else none,
        still=float(unmoved[where].mean()) if where.any() else none,
        psnr=psnr(level, exact),
        ssim=ssim(level, exact),
    )
