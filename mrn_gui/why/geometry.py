"""Where the parts of the panel stand (no Qt). Nothing moves when what is said changes."""

from __future__ import annotations

from dataclasses import dataclass

Rect = tuple[float, float, float, float]
PADDING = 12.0
ROWS = 4  # tables, or blocks, shown at once; room for four is kept
NARROWEST = 30.0  # px of a head's column


@dataclass(frozen=True)
class WhyGeometry:
    """Portraits and the answer above, four rows below, the last lines at the foot; logical pixels.

    Args:
        width, height: of the widget, without its header.
        compact: the layout of a narrow panel.
    """

    width: float
    height: float
    compact: bool

    @property
    def side(self) -> float:
        """Of a portrait."""
        words = 28 if self.compact else 32
        return min(64.0 if self.compact else 88.0, max(24.0, self.rows_top - 18 - words - 6))

    @property
    def pitch(self) -> float:
        """From one row to the next."""
        return 22.0 if self.compact else 26.0

    @property
    def foot(self) -> Rect:
        height = 28.0 if self.compact else 38.0
        return PADDING, self.height - height - 2, self.width - 2 * PADDING, height

    @property
    def rows_top(self) -> float:
        """Where the first row begins; the columns' names stand above it."""
        return self.foot[1] - (4 if self.compact else 8) - ROWS * self.pitch

    def row(self, place: int) -> Rect:
        """A row's ground."""
        return PADDING - 4, self.rows_top + place * self.pitch, self.width - 2 * PADDING + 8, self.pitch

    def names(self) -> Rect:
        """The line of the columns' names."""
        return PADDING, self.rows_top - 18, self.width - 2 * PADDING, 18

    def portrait(self, place: int) -> Rect:
        side = self.side
        return PADDING + place * (side + (8 if self.compact else 10)), 2, side, side

    def answer(self, portraits: int) -> Rect:
        """Where the sentence and the details stand, beside the portraits."""
        x, _, side, _ = self.portrait(portraits - 1) if portraits else (PADDING, 0, 0, 0)
        left = x + side + (12 if self.compact else 14) if portraits else PADDING
        return left, 0, max(20.0, self.width - PADDING - left), self.rows_top - 20

    @property
    def columns(self) -> tuple[float, float, float]:
        """Left edges of the query's code, the key's code and the remark."""
        return (58.0, 141.0, 222.0) if self.compact else (72.0, 222.0, 372.0)

    def bit_pitch(self, planes: int) -> float:
        """From one bit of a code to the next."""
        first, second, _ = self.columns
        room = second - first - 18 - 8
        return min(13.5 if self.compact else 15.0, room / max(1, planes))

    # The grid of heads

    @property
    def grid_left(self) -> float:
        return 40.0 if self.compact else 72.0

    def heads_shown(self, heads: int, chosen: int) -> tuple[int, int]:
        """The first head shown and the one after the last: all that fit, the chosen among them."""
        room = int((self.width - PADDING - self.grid_left) // NARROWEST)
        count = max(1, min(heads, room))
        first = min(max(0, chosen - count // 2), heads - count)
        return first, first + count

    def grid_cell(self, row: int, column: int, columns: int) -> Rect:
        """The cell of one block and one of the ``columns`` heads that are shown."""
        width = min((self.width - PADDING - self.grid_left) / columns, 72.0)
        return self.grid_left + column * width, self.rows_top + row * self.pitch, width, self.pitch

    def grid_hit(self, x: float, y: float, rows: int, columns: int) -> tuple[int, int] | None:
        """The (row, column) of the grid at a point."""
        left, top, width, height = self.grid_cell(0, 0, columns)
        row, column = int((y - top) // height), int((x - left) // width)
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None

    def row_at(self, y: float, rows: int) -> int | None:
        """The row of the table at a height."""
        place = int((y - self.rows_top) // self.pitch)
        return place if 0 <= place < rows else None


def window_of(count: int, chosen: int, room: int = ROWS) -> tuple[int, int]:
    """The first and the one after the last of ``count`` rows, when ``room`` fit and the chosen is shown."""
    first = min(max(0, chosen - room + 1), max(0, count - room))
    return first, min(count, first + room)
