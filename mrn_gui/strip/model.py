"""Where the frames of the strip stand, and what is said under them (no Qt)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mrn_gui.attention.values import rgb
from mrn_gui.palette import Palette

Rect = tuple[float, float, float, float]
COLUMNS = 16
PADDING = 12
GAP = 4
EDGE = 3  # of the bucket's colour above a frame
WORDS = 17  # the line of numbers under it
BAR = 4  # of the reach
BETWEEN = 6  # rows
ZEROED_OPACITY = 0.38
GAIN_FROM = 80  # px: narrower frames leave the gain to the tool tip
ROOMY = 90  # px: narrower frames show the AF with one decimal


@dataclass(frozen=True)
class StripGeometry:
    """Frames in rows of 16, logical pixels.

    Args:
        width, height: of the room there is; more rows than fit reach below it.
        levels: how many frames.
    """

    width: float
    height: float
    levels: int

    @cached_property
    def columns(self) -> int:
        return max(1, min(self.levels, COLUMNS))

    @cached_property
    def rows(self) -> int:
        return max(1, math.ceil(self.levels / self.columns))

    @cached_property
    def side(self) -> int:
        """Of a frame: as wide as the row allows, and one or two rows fit the height."""
        across = int((self.width - 2 * PADDING - GAP * (self.columns - 1)) // self.columns)
        rows = min(self.rows, 2)
        down = int((self.height - 4 - BETWEEN * (rows - 1)) // rows) - EDGE - WORDS - BAR
        return max(24, min(across, max(down, 40)))

    @cached_property
    def step(self) -> tuple[float, float]:
        """From one frame to the next, across (spread over the width) and down."""
        down = EDGE + self.side + WORDS + BAR + BETWEEN
        if self.columns == 1:
            return float(self.side + GAP), float(down)
        spread = (self.width - 2 * PADDING - self.side) / (self.columns - 1)
        full = self.columns == COLUMNS or spread <= self.side + 3 * GAP
        return (spread if full else self.side + GAP), float(down)

    @property
    def needed_height(self) -> int:
        """Of all rows."""
        return int(self.rows * self.step[1]) - BETWEEN + 4

    @property
    def shows_gain(self) -> bool:
        return self.side >= GAIN_FROM

    def frame(self, level: int) -> Rect:
        """The picture of one level."""
        across, down = self.step
        row, column = divmod(level, self.columns)
        return float(int(PADDING + column * across)), row * down + EDGE, self.side, self.side

    def edge(self, level: int) -> Rect:
        """The bucket's colour above it."""
        x, y, side, _ = self.frame(level)
        return x, y - EDGE, side, EDGE - 1

    def words(self, level: int) -> Rect:
        """The numbers under it."""
        x, y, side, _ = self.frame(level)
        return x, y + side, side, WORDS

    def bar(self, level: int) -> Rect:
        """The ground of its reach bar."""
        x, y, side, _ = self.frame(level)
        return x, y + side + WORDS, side, BAR - 1

    def whole(self, level: int) -> Rect:
        """Everything of one level, the outline of a selection included."""
        x, y, side, _ = self.frame(level)
        return x - 3, y - EDGE - 3, side + 6, EDGE + side + WORDS + BAR + 6

    def hit(self, x: float, y: float) -> int | None:
        """The level at a point, half of the gaps around it included."""
        across, down = self.step
        column = int((x - PADDING + (across - self.side) / 2) // across)
        row = int(y // down)
        if not 0 <= column < self.columns or row < 0:
            return None
        level = row * self.columns + column
        return level if level < self.levels else None


def greyed(frame: npt.NDArray[np.uint8], palette: Palette) -> npt.NDArray[np.uint8]:
    """A zeroed level's frame: grey at 38 % over the sunk ground."""
    grey = frame.astype(np.float64) @ np.array([0.299, 0.587, 0.114])
    mixed = grey[..., None] * ZEROED_OPACITY + rgb(palette.sunk) * (1 - ZEROED_OPACITY)
    return np.rint(mixed).astype(np.uint8)


def number_words(
    level: int, factor: float, gain: float, shows_gain: bool, roomy: bool = True
) -> tuple[str, str, str]:
    """What stands under a frame: level, AF, gain ("" where it is left out)."""
    if shows_gain:
        return str(level), f"{factor:.2f}" if roomy else f"{factor:.1f}", f"×{gain:.1f}"
    return str(level), f"{factor:.1f}", ""


def tip(
    level: int,
    factor: float,
    gain: float,
    reach: float | None = None,
    expected: float | None = None,
    received: float | None = None,
) -> str:
    """What a frame says when the pointer rests on it; what is not known is left out."""
    lines = [f"Level {level}: AF {factor:.2f}, motion multiplied by {gain:.2f}."]
    if reach is not None and math.isfinite(reach):
        chance = "" if expected is None or not math.isfinite(expected) else f" By chance {expected:.2f}."
        lines.append(f"As a key it is reached by a share of {reach:.2f} of the other queries.{chance}")
    if received is not None and math.isfinite(received):
        lines.append(f"It receives a mean weight of {received:.3f} from them.")
    return "\n".join(lines)
