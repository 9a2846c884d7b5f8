"""Colours between given ones, mixed in CIELAB (equal steps look equal): the maps of window and figures."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt


def rgb(colour: str) -> npt.NDArray[np.float64]:
    """(3,) sRGB, 0..1, of ``#RRGGBB``."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def linear(colours: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(..., 3) light of sRGB colours, both 0..1."""
    return np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)


_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _TO_XYZ @ np.ones(3)


def _to_lab(colours: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """sRGB 0..1 to CIELAB (D65)."""
    x = (linear(colours) @ _TO_XYZ.T) / _WHITE
    f = np.where(x > (6 / 29) ** 3, np.cbrt(x), x / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack(
        [116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1
    )


def _from_lab(lab: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    y = (lab[..., 0] + 16) / 116
    f = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], axis=-1)
    x = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * _WHITE
    light = x @ np.linalg.inv(_TO_XYZ).T
    curved = 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055
    return np.clip(np.where(light <= 0.0031308, 12.92 * light, curved), 0, 1)


@lru_cache(maxsize=8)
def interpolated(stops: tuple[str, ...]) -> npt.NDArray[np.uint8]:
    """(256, 3) uint8: the stops, ``#RRGGBB``, at equal places, and what lies between them."""
    lab = _to_lab(np.stack([rgb(stop) for stop in stops]))
    places = np.linspace(0, len(stops) - 1, 256)
    mixed = np.stack([np.interp(places, np.arange(len(stops)), lab[:, c]) for c in range(3)], axis=-1)
    table = np.rint(_from_lab(mixed) * 255).astype(np.uint8)
    table.flags.writeable = False
    return table
