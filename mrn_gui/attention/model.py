"""Everything that the matrix view draws of one block and head (no Qt, no science)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mrn_core.result import Analysis
from mrn_core.trace import AttentionTrace
from mrn_gui.attention.geometry import MatrixGeometry, Rect
from mrn_gui.attention.values import (
    Order,
    OrderName,
    ValueName,
    axis_ticks,
    cell_values,
    code_text,
    order_of,
    runs,
    scale_top,
    strip_tables,
)
from mrn_gui.selection import Place

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws

LONGEST_CODE = 5  # bits beside the axis; the number of a longer one is written
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Label:
    """Words along an axis: over the places ``start`` to ``stop`` (exclusive)."""

    words: str
    start: int
    stop: int


@dataclass(frozen=True, eq=False)
class MatrixModel:
    """One head's matrix as it is ordered and coloured at present.

    Args:
        analysis: what is shown.
        block, head, table: the chosen ones.
        value: what a cell's colour says.
        by: the order of the levels.
        chance: a ``Redraws`` for each block, or None while it is not known.
        pair: the pinned (query, key); with many tables, those that join it are shown first.
    """

    analysis: Analysis
    block: int
    head: int
    table: int
    value: ValueName = "scaled"
    by: OrderName = "level"
    chance: Sequence[Redraws] | None = None
    pair: tuple[int, int] | None = field(default=None)

    @property
    def trace(self) -> AttentionTrace:
        return self.analysis.traces[self.block]

    @property
    def levels(self) -> int:
        return self.trace.levels

    @cached_property
    def order(self) -> Order:
        return order_of(self.trace, self.head, self.table, self.by)

    @cached_property
    def row_places(self) -> npt.NDArray[np.intp]:
        """(L,) the row of each query."""
        return self.order.row_places

    @cached_property
    def column_places(self) -> npt.NDArray[np.intp]:
        """(L,) the column of each key."""
        return self.order.column_places

    @cached_property
    def values(self) -> npt.NDArray[np.float32]:
        """(L, L) as drawn: rows and columns in order."""
        values = cell_values(self.trace, self.value)[self.head]
        return values[np.ix_(self.order.rows, self.order.columns)]

    @cached_property
    def mask(self) -> npt.NDArray[np.bool_]:
        """(L, L) as drawn: True where the query may attend to the key."""
        return self.trace.mask[self.head][np.ix_(self.order.rows, self.order.columns)]

    @property
    def top(self) -> float:
        """The value of the last colour."""
        return scale_top(self.analysis, self.value)

    @cached_property
    def strips(self) -> list[int]:
        """The tables of the bucket strips, the chosen one last."""
        return strip_tables(self.trace, self.head, self.table, self.pair)

    def query_codes(self, table: int) -> npt.NDArray[np.int64]:
        """(L,) bucket codes down the rows."""
        return self.trace.query_buckets[self.head, table][self.order.rows]

    def key_codes(self, table: int) -> npt.NDArray[np.int64]:
        """(L,) bucket codes along the columns."""
        return self.trace.key_buckets[self.head, table][self.order.columns]

    def row_labels(self, apart: int) -> list[Label]:
        """AF of some levels, or the codes of the chosen table; labels ``apart`` places or more."""
        return self._labels(self.query_codes(self.table), apart)

    def column_labels(self, apart: int) -> list[Label]:
        """The same along the columns."""
        return self._labels(self.key_codes(self.table), apart)

    def _labels(self, codes: npt.NDArray[np.int64], apart: int) -> list[Label]:
        if self.by == "level":
            return level_labels(self.analysis.levels, apart)
        planes = self.trace.planes
        labels: list[Label] = []
        for code, start, stop in runs(codes):
            middle = (start + stop) / 2
            words = code_text(code, planes) if planes <= LONGEST_CODE else f"#{code}"
            if not labels or middle - (labels[-1].start + labels[-1].stop) / 2 >= apart:
                labels.append(Label(words, start, stop))
        return labels

    def rules(self) -> tuple[list[int], list[int]]:
        """Rows and columns before which a bucket's edge is drawn; none in the order of levels."""
        if self.by == "level":
            return [], []
        rows = [start for _, start, _ in runs(self.query_codes(self.table))][1:]
        columns = [start for _, start, _ in runs(self.key_codes(self.table))][1:]
        return rows, columns

    @cached_property
    def reach(self) -> Floats:
        """(L,) along the columns; NaN when L = 1."""
        return self.trace.reach()[self.head][self.order.columns]

    @cached_property
    def expected(self) -> Floats | None:
        """(L,) reach by chance along the columns, or None."""
        return chance_of(self.chance, self.block, self.head, self.levels, self.order.columns)

    @cached_property
    def beta(self) -> Floats:
        """(L,) scores of Eq. 7 along the columns."""
        return self.analysis.scores[self.order.columns].astype(np.float64)

    @cached_property
    def zeroed(self) -> npt.NDArray[np.bool_]:
        """(L,) along the columns."""
        return self.trace.zeroed()[self.head][self.order.columns]

    @cached_property
    def silent(self) -> npt.NDArray[np.bool_]:
        """(L,) along the columns: as a query it may attend to no key but itself."""
        return self.trace.silent()[self.head][self.order.columns]

    @property
    def reach_top(self) -> float:
        """The reach at the top of its row: a round number, one tenth or more."""
        return round_up(np.concatenate([self.reach, [] if self.expected is None else self.expected]))

    @property
    def beta_top(self) -> float:
        return round_up(self.beta)

    def place_at(self, geometry: MatrixGeometry, x: float, y: float) -> Place | None:
        """The pair under a point, or the level whose strip, label or bar is there."""
        found = geometry.hit(x, y)
        if found is None:
            return None
        part, row, column = found
        if part == "cell":
            return Place(int(self.order.rows[row]), int(self.order.columns[column]))
        return Place.level(int(self.order.columns[column] if part == "key" else self.order.rows[row]))

    def step(self, place: Place | None, rows: int, columns: int) -> Place:
        """The cell that many rows and columns further as drawn, stopping at the edges."""
        if place is None:
            return Place(int(self.order.rows[0]), int(self.order.columns[0]))
        row = int(np.clip(self.row_places[place.query] + rows, 0, self.levels - 1))
        column = int(np.clip(self.column_places[place.key] + columns, 0, self.levels - 1))
        return Place(int(self.order.rows[row]), int(self.order.columns[column]))


def level_labels(factors: Floats, apart: int) -> list[Label]:
    """The AF of some of the levels, in their own order; none without levels."""
    return [Label(words, i, i + 1) for i, words in axis_ticks(factors, apart)] if len(factors) else []


def chance_of(
    chance: Sequence[Redraws] | None, block: int, head: int, levels: int, columns: npt.NDArray[np.intp]
) -> Floats | None:
    """(L,) mean reach over redraws of the planes, or None when it is not known for this shape."""
    if chance is None or block >= len(chance):
        return None
    reach = np.asarray(chance[block].reach, dtype=np.float64)
    if reach.ndim != 2 or head >= len(reach) or reach.shape[1] != levels:
        return None
    return reach[head][columns]


def round_up(values: Floats) -> float:
    """The largest value rounded up to a tenth: 0.1 to 1."""
    known = values[np.isfinite(values)]
    largest = float(known.max()) if known.size else 0.0
    return min(1.0, max(0.1, math.ceil(largest * 10 - 1e-6) / 10))


def bar(value: float, top: float, row: Rect, x: float, width: float) -> Rect:
    """A bar that stands on the lower edge of ``row``; a value that is not 0 has 1 px at least."""
    share = 0.0 if not math.isfinite(value) else min(max(value / top, 0.0), 1.0)
    height = max(share * row[3], 1.0 if share > 0 else 0.0)
    return (x, row[1] + row[3] - height, width, height)


def bar_place(x: float, width: float) -> tuple[float, float]:
    """Left edge and width of a bar under a cell: a little narrower, where there is room."""
    inset = 1.0 if width >= 7 else 0.0
    return x + inset, width - 2 * inset
