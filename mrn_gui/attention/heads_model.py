"""Where the small multiples stand and what is in them (no Qt)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mrn_core.network import explain
from mrn_core.network.comparison import Comparison
from mrn_core.network.explain import Cells, CellValue
from mrn_core.trace import AttentionTrace
from mrn_gui.attention.scales import UNITS, ValueName

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws

Rect = tuple[float, float, float, float]
MIN_SQUARE, MAX_SQUARE = 24.0, 96.0


@dataclass(frozen=True)
class HeadsGeometry:
    """A column for each block, a row for each head; logical pixels.

    Args:
        width, height: of the room there is; too many heads reach beyond it.
        scale: device pixels for one logical pixel: a square is a whole number of them for each
            level, where that is possible.
        compact: no density below the squares.
    """

    width: float
    height: float
    scale: float
    blocks: int
    heads: int
    levels: int
    compact: bool

    @property
    def left(self) -> float:
        """Room of the row labels."""
        return 26

    @property
    def top(self) -> float:
        """Room of the column labels."""
        return 19

    @property
    def below(self) -> float:
        """Room under a square, of its density."""
        return 7 if self.compact else 16

    @cached_property
    def square(self) -> float:
        """Side of a small multiple."""
        across = (self.width - self.left - 4) / self.blocks - (6 if self.compact else 12)
        down = (self.height - self.top - 4) / self.heads - self.below
        side = min(max(min(across, down), MIN_SQUARE), MAX_SQUARE) * self.scale
        whole = int(side // self.levels) * self.levels
        return (whole if whole >= 0.9 * side else int(side)) / self.scale

    @cached_property
    def pitch(self) -> tuple[float, float]:
        """From one square to the next, across and down; spread over the room, whole pixels."""
        free = (self.width - self.left - 4) / self.blocks
        down = (self.height - self.top - 4) / self.heads
        square = self.square
        return (
            float(int(max(square + 6, min(free, square + 16)))),
            float(int(max(square + self.below, min(down, square + self.below + 14)))),
        )

    @property
    def size(self) -> tuple[float, float]:
        """Of everything, which may be more than the room."""
        across, down = self.pitch
        return self.left + across * self.blocks + 2, self.top + down * self.heads + 2

    def rect(self, block: int, head: int) -> Rect:
        """One small multiple."""
        across, down = self.pitch
        return self.left + block * across, self.top + head * down, self.square, self.square

    def hit(self, x: float, y: float) -> tuple[int, int] | None:
        """The (block, head) at a point, the space around a square included."""
        across, down = self.pitch
        block, head = int((x - self.left + 3) // across), int((y - self.top + 2) // down)
        inside = x >= self.left - 3 and y >= self.top - 2 and block < self.blocks and head < self.heads
        return (block, head) if inside else None

    def dot(self, block: int, head: int, query: int, key: int) -> Rect:
        """The 3 px mark of a pair in one small multiple, kept inside it."""
        x, y, side, _ = self.rect(block, head)
        step = side / self.levels
        across = min(max((key + 0.5) * step - 1.5, 0), side - 3)
        down = min(max((query + 0.5) * step - 1.5, 0), side - 3)
        return round(x + across), round(y + down), 3, 3


@dataclass(frozen=True, eq=False)
class BlockFacts:
    """What is said of the small multiples of one block, worked out once.

    Attributes:
        density: (h,) share of the pairs that are allowed.
        zeroed, silent: (h, L) bool.
    """

    density: npt.NDArray[np.float64]
    zeroed: npt.NDArray[np.bool_]
    silent: npt.NDArray[np.bool_]


def block_facts(trace: AttentionTrace) -> BlockFacts:
    """The facts of one block."""
    return BlockFacts(trace.mask.mean(axis=(1, 2)), trace.zeroed(), trace.silent())


def head_values(
    trace: AttentionTrace,
    head: int,
    value: ValueName = "scaled",
    drawn: Redraws | None = None,
    beside: Comparison | None = None,
    block: int = 0,
) -> npt.NDArray[np.float64]:
    """(L, L) what the colours of one small multiple say; NaN throughout while it is not known.

    Args:
        drawn: the block's redraws, which the value "chance" needs.
        beside: the pinned state, which the differences need.
    """
    if value == "difference" or value == "weight difference":
        cells = None if beside is None else beside.head_cells(block, head, UNITS[value])
    else:
        cells = one_head_cells(trace, head, value, drawn)
    return np.full(trace.mask.shape[1:], np.nan) if cells is None else cells.values


def one_head_cells(
    trace: AttentionTrace, head: int, value: CellValue, drawn: Redraws | None = None
) -> Cells | None:
    """``explain.head_cells`` at an eighth of the cost: the other heads of the block are left out."""
    only = slice(head, head + 1)
    alone = replace(trace, **{name: array[only] for name, array in trace.arrays().items()})
    if drawn is not None:
        fits = drawn.allowed.shape == trace.mask.shape
        drawn = replace(drawn, allowed=drawn.allowed[only]) if fits else None
    return explain.head_cells(alone, 0, value, drawn)
