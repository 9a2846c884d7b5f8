"""The colours of the window and of its data, light and dark, as plain data (no Qt).

Interface colours: each text pair has a contrast of at least 4.5:1. Data colours: the map is
one hue with equal steps in CIELAB; bucket colours stand in Gray order round the hue circle, so
that neighbours in hue differ by one plane.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from mrn_core.lab import interpolated, linear, rgb

ThemeName = Literal["light", "dark"]
SCALE_TOP = 2.5  # weight x allowed keys at the map's last colour
SCALE_UNIFORM = 1.0


@dataclass(frozen=True)
class Palette:
    """One theme. Every colour is ``#RRGGBB``."""

    name: ThemeName
    win: str
    panel: str
    sunk: str
    line: str
    control: str
    text: str
    text2: str
    text3: str
    primary: str
    primary_text: str
    primary_soft: str
    selection: str
    selection_text: str
    caution: str
    caution_ground: str
    error: str
    done: str
    stage: str
    masked_dot: str
    hover: str
    bar: str
    map_stops: tuple[str, ...]
    difference_stops: tuple[str, ...]
    buckets: tuple[str, ...]

    def bucket(self, code: int, planes: int) -> str:
        """The colour of a bucket: by its first three bits (plane 1 the highest bit)."""
        if planes == 0:
            return self.control
        top = code >> (planes - 3) if planes > 3 else code << (3 - planes)
        return self.buckets[top]

    def map_table(self) -> npt.NDArray[np.uint8]:
        """(256, 3) uint8 RGB, small to large."""
        return interpolated(self.map_stops)

    def map_places(self, values: npt.NDArray[np.floating], reverse: bool = False) -> npt.NDArray[np.uint8]:
        """(...) uint8, the place in ``map_table``: values of 0 to ``SCALE_TOP``, linear, clipped."""
        index = np.asarray(values, dtype=np.float64) / SCALE_TOP
        places = np.rint(np.clip(index, 0, 1, out=index) * 255).astype(np.uint8)
        return 255 - places if reverse else places

    def map_colours(self, values: npt.NDArray[np.floating], reverse: bool = False) -> npt.NDArray[np.uint8]:
        """(..., 3) uint8 for values of weight x allowed keys, 0 to ``SCALE_TOP`` linear, clipped."""
        return self.map_table()[self.map_places(values, reverse)]

    def difference_table(self) -> npt.NDArray[np.uint8]:
        """(256, 3) uint8 RGB from less over the sunk ground to more: violet and green, no orange."""
        return interpolated(self.difference_stops)

    def difference_colours(
        self, values: npt.NDArray[np.floating], top: float, reverse: bool = False
    ) -> npt.NDArray[np.uint8]:
        """(..., 3) uint8 for differences from ``-top`` to ``top``, clipped; 0 is the sunk ground itself."""
        share = np.clip(np.asarray(values, dtype=np.float64) / top, -1, 1) * (-1 if reverse else 1)
        places = np.where(share == 0, 256, np.rint((share + 1) / 2 * 255)).astype(np.uint16)
        return self.with_ground(self.difference_table()).take(places, axis=0)

    def with_ground(self, table: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """(257, 3) uint8: a table of 256 colours, then the sunk ground."""
        ground = np.frombuffer(bytes.fromhex(self.sunk[1:]), np.uint8)
        return np.concatenate([table, ground[None]])


LIGHT = Palette(
    name="light",
    win="#E4E7EB",
    panel="#FFFFFF",
    sunk="#F3F4F6",
    line="#D5D9DF",
    control="#8A929E",
    text="#161A20",
    text2="#4A515C",
    text3="#626A76",
    primary="#1F4E8C",
    primary_text="#FFFFFF",
    primary_soft="#E3ECF7",
    selection="#C8400B",
    selection_text="#FFFFFF",
    caution="#6B4700",
    caution_ground="#FFF1CC",
    error="#B42318",
    done="#1B6B3A",
    stage="#0F1216",
    masked_dot="#A9B0BA",
    hover="#EDEFF2",
    bar="#8A929E",
    map_stops=(
        "#C8DAE7", "#A0CAE9", "#73B6E8", "#3D9DE0", "#0481CB", "#0062A7", "#004A89", "#1B3462", "#1E243F",
    ),
    difference_stops=(
        "#5E1175", "#9140A8", "#BE86CD", "#DFC3E6", "#F3F4F6", "#C3DFBE", "#7FBF7B", "#3A8F45", "#0B5A26",
    ),
    buckets=(
        "#64CCFF", "#9ACBB9", "#778A21", "#00530A", "#7B51A8", "#7E1156", "#D0C182", "#A76165",
    ),
)  # fmt: skip

DARK = Palette(
    name="dark",
    win="#0B0D10",
    panel="#16191E",
    sunk="#101317",
    line="#2A2F37",
    control="#6B7480",
    text="#ECEFF3",
    text2="#B4BBC5",
    text3="#98A0AC",
    primary="#6FB1F2",
    primary_text="#0B1420",
    primary_soft="#1B2D42",
    selection="#FF8A3D",
    selection_text="#1A0D04",
    caution="#FFD98A",
    caution_ground="#3A2E10",
    error="#FF8A80",
    done="#7FD6A0",
    stage="#000000",
    masked_dot="#4A525E",
    hover="#1F242B",
    bar="#6B7480",
    map_stops=(
        "#333644", "#374666", "#335B8D", "#2277B8", "#239ADE", "#59BBF4", "#8ED3FB", "#BEE5FB", "#E9F2F7",
    ),
    difference_stops=(
        "#E9B8FA", "#B877D0", "#80479A", "#45275A", "#101317", "#23402A", "#3B7A48", "#63B06C", "#A6E8A6",
    ),
    buckets=(
        "#9AC1EF", "#6BE3CC", "#9D8920", "#3C753A", "#886BC9", "#A2517F", "#CFE47A", "#F8888B",
    ),
)  # fmt: skip

PALETTES: dict[ThemeName, Palette] = {"light": LIGHT, "dark": DARK}


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two ``#RRGGBB`` colours, 1 to 21."""
    a, b = (float(linear(rgb(colour)) @ np.array([0.2126, 0.7152, 0.0722])) for colour in (first, second))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
