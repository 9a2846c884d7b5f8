"""From the light that reaches the camera to the numbers in a file."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mrn_core.datasets.synthetic.shading import encode
from mrn_core.errors import SettingsError


@dataclass(frozen=True)
class Sensor:
    """A camera's faults.

    Attributes:
        read_noise: standard deviation of the noise in the dark, in grey levels.
        shot_noise: variance that each grey level of light adds, in grey levels; the noise's variance is
            read_noise^2 + shot_noise * level (Poisson-Gaussian, normal for each pixel).
        blur: standard deviation of the lens's point spread, in pixels.
        resolution: share of the picture's pixels that the sensor really has along each side, 0.1 to 1.
        flicker: relative size of the lamp's flicker; ``flicker_rate`` in Hz, ``flicker_phase`` in radians.
        drift: relative change of the light in a second.
        gray: three equal channels.
    """

    read_noise: float = 0.0
    shot_noise: float = 0.0
    blur: float = 0.0
    resolution: float = 1.0
    flicker: float = 0.0
    flicker_rate: float = 100.0
    flicker_phase: float = 0.0
    drift: float = 0.0
    gray: bool = False

    def __post_init__(self) -> None:
        if min(self.read_noise, self.shot_noise, self.blur, self.flicker) < 0:
            raise SettingsError("Noise, blur and flicker are 0 or more.", field="read_noise")
        if not 0.1 <= self.resolution <= 1:
            raise SettingsError("The resolution is a share from 0.1 to 1.", field="resolution")

    def levels(self, light: NDArray[np.float32], exposure: float = 1.0) -> NDArray[np.float32]:
        """(H, W, 3) float32 grey levels 0..255 without noise, not rounded.

        Args:
            light: (H, W, 3) float32 linear light.
            exposure: what the light is multiplied by.
        """
        height, width = light.shape[:2]
        if self.blur > 0:
            blurred = cv2.GaussianBlur(light, (0, 0), self.blur, borderType=cv2.BORDER_REPLICATE)
            light = np.asarray(blurred, np.float32)
        if self.resolution < 1:
            small = (max(1, round(width * self.resolution)), max(1, round(height * self.resolution)))
            fewer = cv2.resize(light, small, interpolation=cv2.INTER_AREA)
            light = np.asarray(cv2.resize(fewer, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
        levels = encode(np.ascontiguousarray(light * np.float32(exposure)))
        if self.gray:
            mean = levels @ np.array((0.299, 0.587, 0.114), np.float32)
            levels = np.repeat(mean[..., None], 3, axis=-1)
        return levels

    def record(self, light: NDArray[np.float32], time: float, seed: tuple[int, int]) -> NDArray[np.uint8]:
        """(H, W, 3) uint8: the frame at a time in seconds; ``seed`` decides its noise."""
        wave = self.flicker * np.sin(2 * np.pi * self.flicker_rate * time + self.flicker_phase)
        levels = self.levels(light, float(1 + wave + self.drift * time))
        if self.read_noise > 0 or self.shot_noise > 0:
            rng = np.random.default_rng([*seed, 0x5E5])
            shape = levels.shape[:2] if self.gray else levels.shape
            noise = rng.standard_normal(shape, np.float32)
            spread = np.sqrt(self.read_noise**2 + self.shot_noise * levels)
            levels = levels + spread * (noise[..., None] if self.gray else noise)
        return np.clip(np.rint(levels), 0, 255).astype(np.uint8)


def sample_sensor(seed: int, noise: float | None = None, gray: bool = False) -> Sensor:
    """A camera drawn from a seed.

    Args:
        seed: any whole number from 0 on.
        noise: standard deviation at mid grey, in levels; drawn from 0.5 to 2.5 where None, none at all at 0.
        gray: a camera without colour.
    """
    rng = np.random.default_rng([seed, 0x5E])
    sigma = rng.uniform(0.5, 2.5) if noise is None else noise
    share = rng.uniform(0.3, 0.8)
    draws = rng.uniform(size=5)
    return Sensor(
        read_noise=round(float(sigma * np.sqrt(1 - share)), 4),
        shot_noise=round(float(sigma**2 * share / 128), 6),
        blur=round(float(0.25 + 0.5 * draws[0]), 4),
        flicker=round(float(0.008 * draws[1] ** 2), 5),
        flicker_phase=round(float(2 * np.pi * draws[2]), 4),
        drift=round(float(0.04 * (draws[3] - 0.5)), 5),
        gray=gray,
    )
