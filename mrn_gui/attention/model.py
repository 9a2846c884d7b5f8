"""Everything that the matrix view draws of one block and head (no Qt, no science)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mrn_core.network import explain
from mrn_core.network.comparison import Comparison, LevelChange, PairCount, Unit
from mrn_core.network.explain import Cells, How
from mrn_core.result import Analysis
from mrn_core.trace import AttentionTrace
from mrn_gui.attention.geometry import MatrixGeometry, Rect
from mrn_gui.attention.heads_model import one_head_cells
from mrn_gui.attention.scales import BY_NAME, UNITS, Over, Scale, ValueName, scale_of
from mrn_gui.attention.turned import Turned
from mrn_gui.attention.values import (
    Order,
    OrderName,
    axis_ticks,
    code_text,
    order_of,
    runs,
    spread,
    strip_tables,
)
from mrn_gui.selection import Place

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws

SLOW_PAIRS = 400_000  # of all heads that are put together: 10 to 20 ms
LONGEST_CODE = 5  # bits beside the axis; the number of a longer one is written
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Label:
    """Words along an axis: in the middle of the places ``start`` to ``stop`` (exclusive)."""

    words: str
    start: float
    stop: float


@dataclass(frozen=True, eq=False)
class MatrixModel:
    """The matrix of one head, or of many, as it is ordered and coloured at present.

    Args:
        analysis: what is shown.
        block, head, table: the chosen ones.
        value: what a cell's colour says.
        by: the order of the levels.
        chance: a ``Redraws`` for each block, or None while it is not known.
        pair: the pinned (query, key); with many tables, those that join it are shown first.
        over: the chosen head, or the mean or union of the block's or of all heads; many heads have no
            buckets in common, so that they stand in the order of levels, without strips.
        beside: the pinned state beside this one, which the values of a difference need.
    """

    analysis: Analysis
    block: int
    head: int
    table: int
    value: ValueName = "scaled"
    by: OrderName = "level"
    chance: Sequence[Redraws] | None = None
    pair: tuple[int, int] | None = field(default=None)
    over: Over = "head"
    beside: Comparison | None = None

    @property
    def trace(self) -> AttentionTrace:
        return self.analysis.traces[self.block]

    @property
    def levels(self) -> int:
        return self.trace.levels

    @property
    def one_head(self) -> bool:
        return self.over == "head"

    @property
    def many(self) -> tuple[How, tuple[AttentionTrace, ...], Sequence[Redraws] | None]:
        """How many heads are put together, and the blocks and redraws of those heads."""
        name, _, where = self.over.partition(" ")
        how: How = "union" if name == "union" else "mean"
        if where == "all":
            return how, self.analysis.traces, self.chance
        chance = None if self.chance is None else self.chance[self.block : self.block + 1]
        return how, (self.trace,), chance

    @property
    def ordered_by(self) -> OrderName:
        return self.by if self.one_head else "level"

    @cached_property
    def order(self) -> Order:
        return order_of(self.trace, self.head, self.table, self.ordered_by)

    @cached_property
    def cells(self) -> Cells | None:
        """Values and mask in the order of levels; None while the redraws, or the pin, that it needs are not
        there."""
        return self.work_out()

    @property
    def worked_out(self) -> bool:
        """Whether ``cells`` are there."""
        return "cells" in self.__dict__

    @property
    def slow(self) -> bool:
        """Whether ``cells`` take longer than a repaint may, and are not there yet."""
        pairs = len(self.blocks) * self.trace.heads * self.levels**2
        return not self.one_head and pairs > SLOW_PAIRS and not self.worked_out

    def take(self, cells: Cells | None) -> None:
        """What ``work_out`` gave, somewhere else."""
        self.__dict__["cells"] = cells

    def has_cells_of(self, other: MatrixModel) -> bool:
        """Whether its cells are those of another model, though another head or table is chosen."""
        same = all(getattr(self, name) is getattr(other, name) for name in ("analysis", "chance", "beside"))
        alike = (self.over, self.value, self.blocks) == (other.over, other.value, other.blocks)
        return same and alike and not self.one_head

    def work_out(self) -> Cells | None:
        """See ``cells``; keeps nothing, so that a worker may ask."""
        if self.value == "difference" or self.value == "weight difference":
            return self._differences(UNITS[self.value])
        if self.one_head:
            known = self.chance is not None and self.block < len(self.chance)
            drawn = self.chance[self.block] if self.chance is not None and known else None
            return one_head_cells(self.trace, self.head, self.value, drawn)
        how, traces, chance = self.many
        return explain.cells_over(traces, self.value, how, chance)

    @property
    def missing(self) -> str:
        """What stands in place of cells that are None."""
        if self.value in UNITS:
            return "Pin a state in What if: what differs from it appears here"
        return "Appears when the redraws are ready"

    def _differences(self, unit: Unit) -> Cells | None:
        if self.beside is None:
            return None
        if self.one_head:
            return self.beside.head_cells(self.block, self.head, unit)
        return self.beside.cells_over(self.blocks, self.many[0], unit)

    @property
    def blocks(self) -> list[int]:
        """The blocks that are shown, from 0."""
        return list(range(len(self.analysis.traces))) if self.over.endswith("all") else [self.block]

    @property
    def compared(self) -> Comparison | None:
        """The pinned state beside this one, while the colours say the difference."""
        return self.beside if self.value in UNITS else None

    @cached_property
    def turned(self) -> Turned | None:
        """(L, L) twice as drawn: the pairs that opened and that closed; None where nothing is compared."""
        if self.compared is None:
            return None
        places = np.ix_(self.order.rows, self.order.columns)
        opened, closed = self.compared.turned(self.blocks, self.head if self.one_head else None)
        return opened[places], closed[places]

    @cached_property
    def count(self) -> PairCount | None:
        """How many pairs opened and closed, over all the heads that are shown."""
        if self.compared is None:
            return None
        return self.compared.count(self.blocks, self.head if self.one_head else None)

    @cached_property
    def row_places(self) -> npt.NDArray[np.intp]:
        """(L,) the row of each query."""
        return self.order.row_places

    @cached_property
    def column_places(self) -> npt.NDArray[np.intp]:
        """(L,) the column of each key."""
        return self.order.column_places

    @cached_property
    def values(self) -> Floats:
        """(L, L) as drawn: rows and columns in order; NaN where nothing is known."""
        if self.cells is None:
            return np.full((self.levels, self.levels), np.nan)
        return self.cells.values[np.ix_(self.order.rows, self.order.columns)]

    @cached_property
    def mask(self) -> npt.NDArray[np.bool_]:
        """(L, L) as drawn: True where the query may attend to the key."""
        mask = self.trace.mask[self.head] if self.cells is None else self.cells.allowed
        return mask[np.ix_(self.order.rows, self.order.columns)]

    @property
    def whole(self) -> bool:
        """Whether masked pairs show their value too."""
        return BY_NAME[self.value].whole

    @cached_property
    def scale(self) -> Scale:
        """The range of the map, and the numbers on its bar."""
        return scale_of(self.analysis, self.value, self.beside)

    @cached_property
    def strips(self) -> list[int]:
        """The tables of the bucket strips, the chosen one last; none for many heads."""
        if not self.one_head:
            return []
        return strip_tables(self.trace, self.head, self.table, self.pair)

    def query_codes(self, table: int) -> npt.NDArray[np.int64]:
        """(L,) bucket codes down the rows."""
        return self.trace.query_buckets[self.head, table][self.order.rows]

    def key_codes(self, table: int) -> npt.NDArray[np.int64]:
        """(L,) bucket codes along the columns."""
        return self.trace.key_buckets[self.head, table][self.order.columns]

    def row_labels(self, apart: float) -> list[Label]:
        """AF of some levels, or the codes of the chosen table; labels ``apart`` places or more.

        Codes of narrow buckets move aside a little so that all are read; where there is no room even so,
        those of the narrowest buckets are left out (the tool tip of their column has them).
        """
        return self._labels(self.query_codes(self.table), apart)

    def column_labels(self, apart: float) -> list[Label]:
        """The same along the columns."""
        return self._labels(self.key_codes(self.table), apart)

    def _labels(self, codes: npt.NDArray[np.int64], apart: float) -> list[Label]:
        if self.ordered_by == "level":
            return level_labels(self.analysis.levels, math.ceil(apart))
        planes = self.trace.planes
        return [
            Label(code_text(code, planes) if planes <= LONGEST_CODE else f"#{code}", place, place)
            for code, place in spread(runs(codes), apart, self.levels)
        ]

    def rules(self) -> tuple[list[int], list[int]]:
        """Rows and columns before which a bucket's edge is drawn; none in the order of levels."""
        if self.ordered_by == "level":
            return [], []
        rows = [start for _, start, _ in runs(self.query_codes(self.table))][1:]
        columns = [start for _, start, _ in runs(self.key_codes(self.table))][1:]
        return rows, columns

    @cached_property
    def _reaches(self) -> tuple[Floats, Floats | None]:
        """(L,) reach, and what chance gives, in the order of levels."""
        if self.one_head:
            expected = chance_of(self.chance, self.block, self.head, self.levels, np.arange(self.levels))
            return self.trace.reach()[self.head], expected
        how, traces, chance = self.many
        return explain.reach_over(traces, how, chance)

    @cached_property
    def reach(self) -> Floats:
        """(L,) along the columns; NaN when L = 1."""
        return self._reaches[0][self.order.columns]

    @cached_property
    def changes(self) -> dict[int, LevelChange]:
        """What became of each level since the pinned state, over the heads shown; empty where nothing is
        compared."""
        if self.compared is None:
            return {}
        block = None if self.over.endswith("all") else self.block
        made = self.compared.levels(block, self.head if self.one_head else None)
        return {change.level: change for change in made}

    @property
    def changed_levels(self) -> list[int]:
        """The levels that a query gained or lost, or that turned zeroed or silent, or back."""
        return sorted(level for level, change in self.changes.items() if change.changed)

    @cached_property
    def reach_before(self) -> Floats | None:
        """(L,) reach in the pinned state along the columns, or None where nothing is compared."""
        if not self.changes:
            return None
        before = np.array([self.changes[level].reach_before for level in range(self.levels)])
        return before[self.order.columns] if self.shows_mean_reach else None

    @property
    def shows_mean_reach(self) -> bool:
        """Whether the bars are of one head or the mean of many: then the comparison has the same number."""
        return self.one_head or self.many[0] == "mean"

    @cached_property
    def expected(self) -> Floats | None:
        """(L,) reach by chance along the columns, or None."""
        found = self._reaches[1]
        return None if found is None else found[self.order.columns]

    @cached_property
    def beta(self) -> Floats:
        """(L,) scores of Eq. 7 along the columns."""
        return self.analysis.scores[self.order.columns].astype(np.float64)

    @cached_property
    def zeroed(self) -> npt.NDArray[np.bool_]:
        """(L,) along the columns; of many heads, in all of them."""
        return self._everywhere([trace.zeroed() for trace in self.many[1]])

    @cached_property
    def silent(self) -> npt.NDArray[np.bool_]:
        """(L,) along the columns: as a query it may attend to no key but itself."""
        return self._everywhere([trace.silent() for trace in self.many[1]])

    def _everywhere(self, flags: list[npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
        found = flags[0][self.head] if self.one_head else np.asarray(np.concatenate(flags).all(0))
        return np.asarray(found[self.order.columns])

    @cached_property
    def reach_top(self) -> float:
        """The reach at the top of its row: a round number, one tenth or more."""
        others = [values for values in (self.expected, self.reach_before) if values is not None]
        return round_up(np.concatenate([self.reach, *others]))

    @cached_property
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
