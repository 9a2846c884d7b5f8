"""Where the parts of the matrix view stand, in whole device pixels as long as cells have some (no Qt)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

Rect = tuple[float, float, float, float]
Part = Literal["cell", "key", "query"]
MAX_CELL = 30  # px; of fewer than eight levels more
FEW, LONE_CELL = 240, 160  # px that very few levels take together, and that one takes at most
LEGEND_OVER = 250  # px of a matrix beside which the whole legend stands over those numbers
LEAST_WHOLE = 3  # device pixels; smaller cells are blended, so that all have room and use it


@dataclass(frozen=True)
class MatrixGeometry:
    """The view's parts for one size, scale and number of levels.

    ``left``, ``top`` and ``cell`` are device pixels, everything else is logical. Rectangles are
    (x, y, width, height), logical.

    Args:
        width, height: of the widget, without its header.
        scale: device pixels for one logical pixel.
        compact: the layout of a narrow window.
    """

    width: float
    height: float
    scale: float
    levels: int
    compact: bool

    @cached_property
    def left(self) -> int:
        return round((64 if self.compact else 69) * self.scale)

    @cached_property
    def top(self) -> int:
        return round((47 if self.compact else 50) * self.scale)

    @property
    def right_room(self) -> int:
        """Of the colour bar and its labels."""
        return 65 if self.compact else 86

    @property
    def bottom_room(self) -> int:
        """Of the rows of reach and beta."""
        return 48 if self.compact else 70

    @cached_property
    def room(self) -> int:
        """Side of the square that there is for the matrix, device pixels."""
        across = self.width * self.scale - self.left - self.right_room * self.scale
        down = self.height * self.scale - self.top - self.bottom_room * self.scale
        return max(1, int(min(across, down)))

    @cached_property
    def blended(self) -> bool:
        """Whether there are too many levels for cells of whole pixels."""
        return self.room // self.levels < LEAST_WHOLE

    @cached_property
    def cell(self) -> float:
        """Side of a cell in device pixels, its gap included; a whole number unless they are blended."""
        if self.blended:
            return self.room / self.levels
        return min(self.room // self.levels, int(self.largest * self.scale))

    @property
    def largest(self) -> int:
        """Side that a cell has at most, px."""
        return max(MAX_CELL, min(LONE_CELL, FEW // self.levels))

    @cached_property
    def gap(self) -> int:
        """Between cells, device pixels: 1 logical, none where cells are under 4."""
        return max(1, round(self.scale)) if self.cell >= 4 * self.scale else 0

    @cached_property
    def dot(self) -> int:
        """Of a masked cell, device pixels: 2 logical; none where cells are under 5."""
        return round(2 * self.scale) if self.cell >= 5 * self.scale else 0

    @property
    def side(self) -> int:
        """Of the matrix, device pixels."""
        return round(self.cell * self.levels)

    @cached_property
    def field(self) -> Rect:
        """The matrix."""
        side = self.side / self.scale
        return (self.left / self.scale, self.top / self.scale, side, side)

    def cell_rect(self, row: int, column: int) -> Rect:
        """A cell without its gap."""
        inner = max(1, self.cell - self.gap) / self.scale
        return (
            (self.left + column * self.cell) / self.scale,
            (self.top + row * self.cell) / self.scale,
            inner,
            inner,
        )

    def strip_rects(self, count: int, side: Literal["top", "left"]) -> list[Rect]:
        """The bucket strips along an axis, the last one the widest and nearest to the matrix."""
        x, y, length, _ = self.field
        wide, thin, step, pad = 9.0, 4.0, 5.0, 3.0
        made: list[Rect] = []
        for i in range(count):
            distance = pad + wide + (count - 1 - i) * step
            depth = wide if i == count - 1 else thin
            across = (x, y - distance, length, depth)
            made.append(across if side == "top" else (x - distance, y, depth, length))
        return made

    @property
    def axis(self) -> tuple[float, float]:
        """Right edge of the row labels, and the middle of the column labels."""
        x, y, _, _ = self.field
        return x - 30, y - 37

    @property
    def reach_row(self) -> Rect:
        """The bars of reach, under the columns."""
        x, y, side, _ = self.field
        return (x, y + side + (7 if self.compact else 10), side, 17 if self.compact else 22)

    @property
    def beta_row(self) -> Rect:
        """The bars of beta, under the reach."""
        x, y, side, height = self.reach_row
        return (x, y + height + (8 if self.compact else 11), side, 15 if self.compact else 22)

    @property
    def colour_bar(self) -> Rect:
        """Beside the matrix's upper half, 90 high at least.

        Beside a small matrix it stands further right, clear of the numbers of reach and beta.
        """
        x, y, side, _ = self.field
        away = 75 if self.apart else 8 if self.compact else 9
        return (x + side + away, y, 9, max(side / 2, 90.0))

    @cached_property
    def apart(self) -> bool:
        """Whether colour bar and legend stand right of the numbers of reach and beta, not over them."""
        x, _, side, _ = self.field
        return side < 150 or (side < LEGEND_OVER and x + side + 67 + self.right_room <= self.width)

    def hit(self, x: float, y: float) -> tuple[Part, int, int] | None:
        """What lies at a logical point: ("cell", row, column), ("key", -1, column) or ("query", row, -1).

        Strips, labels and the bars below belong to their column or row. Device pixels are floored
        before they are divided, so that a cell's every pixel is its own.
        """
        column, inside_x = self._place(x, self.left)
        row, inside_y = self._place(y, self.top)
        if inside_x and inside_y:
            return ("cell", row, column)
        bottom = self.beta_row[1] + self.beta_row[3]
        if inside_x and 0 <= y < bottom:
            return ("key", -1, column)
        if inside_y and 0 <= x < self.left / self.scale:
            return ("query", row, -1)
        return None

    def _place(self, value: float, start: int) -> tuple[int, bool]:
        place = int(np.floor((np.floor(value * self.scale + 1e-6) - start) / self.cell))
        return place, 0 <= place < self.levels
