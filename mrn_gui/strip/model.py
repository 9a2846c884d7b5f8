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
DETAILS = 15  # a second line, under frames with room for it
DETAILS_FROM = 140  # px
LARGEST = 448  # px: twice what is computed
BAR = 4  # of the reach
BETWEEN = 6  # rows
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
ZEROED_OPACITY = 0.38
GAIN_FROM = 80  # px: narrower frames leave the gain to the tool tip
ROOMY = 90  # px: narrower frames show the AF with one decimal
TIGHT = 46  # px: still narrower ones leave it to the tool tip


@dataclass(frozen=True)
class StripGeometry:
    """Frames in rows of at most 16, or in one row; logical pixels.

    Args:
        width, height: of the room there is; more than fits reaches beyond it.
        levels: how many frames.
        zoom: how much larger a frame is than the one that fits.
        one_row: all frames in one row, as high as the room.
    """

    width: float
    height: float
    levels: int
    zoom: float = 1.0
    one_row: bool = False

    @cached_property
    def columns(self) -> int:
        if self.one_row:
            return max(1, self.levels)
        most = max(1, min(self.levels, COLUMNS))
        if self.zoom == 1:
            return most
        return max(1, min(most, int((self.width - 2 * PADDING + self._gap) // (self.side + self._gap))))

    @cached_property
    def rows(self) -> int:
        return max(1, math.ceil(self.levels / self.columns))

    @cached_property
    def side(self) -> int:
        """Of a frame: as wide as the row allows, and one or two rows fit the height."""
        columns = max(1, min(self.levels, COLUMNS))
        rows = 1 if self.one_row else min(max(1, math.ceil(self.levels / columns)), 2)
        down = int((self.height - 4 - BETWEEN * (rows - 1)) // rows) - EDGE - WORDS - BAR
        if down >= DETAILS_FROM:
            down = max(down - DETAILS, DETAILS_FROM - 1)
        across = int((self.width - 2 * PADDING - GAP * (columns - 1)) // columns)
        fits = down if self.one_row else min(across, max(down, 40))
        return round(min(max(24, fits) * self.zoom, LARGEST))

    @property
    def shows_details(self) -> bool:
        """Whether what a level receives and its beta stand under it."""
        return self.side >= DETAILS_FROM

    @property
    def _under(self) -> int:
        return WORDS + (DETAILS if self.shows_details else 0)

    @property
    def _gap(self) -> int:
        return 2 * GAP if self.shows_details else GAP  # two lines of numbers want to be told apart

    @cached_property
    def step(self) -> tuple[float, float]:
        """From one frame to the next, across (spread over the width) and down."""
        down = EDGE + self.side + self._under + BAR + BETWEEN
        if self.columns == 1 or self.one_row:
            return float(self.side + self._gap), float(down)
        spread = (self.width - 2 * PADDING - self.side) / (self.columns - 1)
        full = self.columns == COLUMNS or self.levels > self.columns or spread <= self.side + 3 * GAP
        return (spread if full else self.side + self._gap), float(down)

    @property
    def needed_height(self) -> int:
        """Of all rows."""
        return int(self.rows * self.step[1]) - BETWEEN + 4

    @property
    def needed_width(self) -> int:
        """Of the longest row."""
        return int(2 * PADDING + (self.columns - 1) * self.step[0] + self.side)

    @property
    def shows_gain(self) -> bool:
        return self.side >= GAIN_FROM

    @property
    def is_roomy(self) -> bool:
        """Whether the AF has two decimals, or without the gain one; numbers of three digits want more room.

        Where it has none, it is left to the tool tip.
        """
        longer = 10 if self.levels > 100 else 0
        return self.side >= longer + (ROOMY if self.shows_gain else TIGHT)

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
        return x, y + side + self._under, side, BAR - 1

    def details(self, level: int) -> Rect:
        """The second line under it."""
        x, y, side, _ = self.frame(level)
        return x, y + side + WORDS, side, DETAILS

    def whole(self, level: int) -> Rect:
        """Everything of one level, the outline of a selection included."""
        x, y, side, _ = self.frame(level)
        return x - 3, y - EDGE - 3, side + 6, EDGE + side + self._under + BAR + 6

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
    return grey_over(frame, ZEROED_OPACITY, rgb(palette.sunk))


def grey_over(
    frame: npt.NDArray[np.uint8], opacity: float, ground: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
    """(H, W, 3) uint8: the frame in grey over a ground (3,), by a table of the 256 greys."""
    grey = np.rint(frame.astype(np.float32) @ _LUMA).astype(np.uint8)
    shades = np.arange(256)[:, None] * opacity + ground * (1 - opacity)
    return np.rint(shades).astype(np.uint8)[grey]


def number_words(
    level: int, factor: float, gain: float, shows_gain: bool, roomy: bool = True
) -> tuple[str, str, str]:
    """What stands under a frame: level, AF, gain ("" where it is left out).

    ``roomy``: the AF has a decimal more; one that has none is left out, as it would be wrong.
    """
    if shows_gain:
        return str(level), f"{factor:.2f}" if roomy else f"{factor:.1f}", f"×{gain:.1f}"
    return str(level), f"{factor:.1f}" if roomy else "", ""


def detail_words(received: float, beta: float) -> tuple[str, str]:
    """The second line under a large frame: what it receives, and its beta; "" for what is not defined."""
    return (
        f"receives {received:.3f}" if math.isfinite(received) else "",
        f"β {beta:.3f}" if math.isfinite(beta) else "",
    )


def tip(
    level: int,
    factor: float,
    gain: float,
    reach: float | None = None,
    expected: float | None = None,
    received: float | None = None,
    beta: float | None = None,
    moved: float | None = None,
) -> str:
    """What a frame says when the pointer rests on it; what is not known is left out.

    ``moved``: px at 224 that the face moves from onset to apex.
    """
    lines = [f"Level {level}: AF {factor:.2f}, motion multiplied by {gain:.2f}."]
    if moved is not None and math.isfinite(moved):
        lines[0] = f"{lines[0][:-1]}: {moved:.2f} px become {moved * gain:.1f}."
    if reach is not None and math.isfinite(reach):
        chance = "" if expected is None or not math.isfinite(expected) else f" By chance {expected:.2f}."
        lines.append(f"As a key it is reached by a share of {reach:.2f} of the other queries.{chance}")
    if received is not None and math.isfinite(received):
        lines.append(f"It receives a mean weight of {received:.3f} from them.")
    if beta is not None and math.isfinite(beta):
        lines.append(f"Its features count with beta {beta:.3f} (Eq. 7).")
    return "\n".join(lines)
