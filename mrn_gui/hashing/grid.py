"""Where the buckets of all levels and tables stand (no Qt)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

Rect = tuple[float, float, float, float]
LEFT, RIGHT, TOP, BOTTOM = 34.0, 12.0, 18.0, 24.0
MIN_ROW, MAX_ROW = 5, 18
CHOSEN = 2.5  # times as wide as the other tables


@dataclass(frozen=True)
class BucketGeometry:
    """A row for each level, a column for each table: the query's bucket beside the key's.

    Args:
        width, height: of the widget; the last line is for words.
        chosen: the table that is shown wider.
        first: the level of the topmost row, when not all fit.
    """

    width: float
    height: float
    levels: int
    tables: int
    chosen: int
    first: int = 0

    @cached_property
    def row(self) -> int:
        """Height of a row: whole pixels."""
        room = self.height - TOP - BOTTOM
        return max(MIN_ROW, min(MAX_ROW, int(room // self.levels)))

    @cached_property
    def shown(self) -> int:
        """How many levels fit."""
        return max(1, min(self.levels, int((self.height - TOP - BOTTOM) // self.row)))

    @cached_property
    def top_level(self) -> int:
        return min(max(0, self.first), self.levels - self.shown)

    def column(self, table: int) -> tuple[float, float]:
        """Left edge and width of a table."""
        gap = 6.0 if self.tables <= 6 else 3.0
        room = self.width - LEFT - RIGHT - gap * (self.tables - 1)
        unit = room / (self.tables - 1 + CHOSEN)
        before = table * unit + (unit * (CHOSEN - 1) if table > self.chosen else 0)
        left = LEFT + before + gap * table
        width = unit * (CHOSEN if table == self.chosen else 1)
        return float(round(left)), float(max(3, round(left + width) - round(left)))

    def cell(self, table: int, level: int, key: bool) -> Rect:
        """The square of a query, or of a key beside it."""
        left, width = self.column(table)
        half = (width - 1) // 2
        y = TOP + (level - self.top_level) * self.row
        gap = 1 if self.row > 3 else 0
        return (left + half + 1 if key else left), y, (width - half - 1 if key else half), self.row - gap

    def line(self, level: int) -> Rect:
        """A level's whole row."""
        y = TOP + (level - self.top_level) * self.row
        return LEFT - 2, y - 1, self.width - LEFT - RIGHT + 4, self.row + 1

    def label(self, level: int) -> Rect:
        """Where its number stands."""
        _, y, _, height = self.line(level)
        return 0, y + height / 2 - 7, LEFT - 8, 14

    def visible(self, level: int) -> bool:
        return self.top_level <= level < self.top_level + self.shown

    def level_at(self, x: float, y: float) -> int | None:
        """The level whose row is there."""
        level = math.floor((y - TOP) / self.row) + self.top_level
        return level if 0 <= x < self.width and y >= TOP and self.visible(level) else None

    def table_at(self, x: float, y: float) -> int | None:
        """The table whose name is there."""
        if not 0 <= y < TOP:
            return None
        for table in range(self.tables):
            left, width = self.column(table)
            if left - 2 <= x < left + width + 2:
                return table
        return None

    def label_every(self) -> int:
        """A number stands at every so many levels."""
        return next(step for step in (1, 2, 4, 8, 16, 32, 64, 128) if step * self.row >= 12)
