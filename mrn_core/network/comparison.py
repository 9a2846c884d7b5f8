"""What changed between two readings of the same levels: other planes, tables, seed, variant or mask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from mrn_core.errors import SettingsError
from mrn_core.trace import AttentionTrace

from .explain import Array, Cells, How
from .explain.example import example as example

Bools = npt.NDArray[np.bool_]
Unit = Literal["scaled", "weight"]


@dataclass(frozen=True)
class LevelChange:
    """What became of one level, over the heads that were asked for.

    Attributes:
        reach_before, reach_now: mean over the heads; NaN when L = 1.
        opened, closed: how many other queries, over the heads, may attend to it now and could not
            before, and the reverse.
        zeroed_before, zeroed_now, silent_before, silent_now: in how many of the heads.
    """

    level: int
    reach_before: float
    reach_now: float
    opened: int
    closed: int
    zeroed_before: int
    zeroed_now: int
    silent_before: int
    silent_now: int

    @property
    def turned(self) -> int:
        """In how many heads more or fewer it is zeroed or silent."""
        return abs(self.zeroed_now - self.zeroed_before) + abs(self.silent_now - self.silent_before)

    @property
    def changed(self) -> bool:
        """Whether any query gained or lost it, or it turned zeroed or silent, or back."""
        return bool(self.opened or self.closed or self.turned)


@dataclass(frozen=True)
class PairCount:
    """How many pairs opened (may attend now and could not before), closed, and how many there are."""

    opened: int
    closed: int
    every: int


class Comparison:
    """The traces of a pinned state beside those of the present one, block by block.

    The difference of a pair is now less before: 0 where nothing changed or the pair is masked in both. In
    the unit "weight" it is of the weights, -1 to 1, and a row that had a key and has one sums to 0. In the
    unit "scaled" it is of weight times the number of allowed keys (1 is uniform), up to L either way: where
    fewer keys are allowed the same weight counts less. A pair that opened or closed differs by all it has.

    Args:
        before, now: as many blocks, heads and levels each; planes and tables may differ.

    Raises:
        SettingsError: they differ in blocks, heads or levels, and have no pairs in common.
    """

    def __init__(self, before: Sequence[AttentionTrace], now: Sequence[AttentionTrace]) -> None:
        why = why_not(before, now)
        if why:
            raise SettingsError(f"The two states cannot be compared: {why}.", "Pin the present state anew.")
        self.before, self.now = tuple(before), tuple(now)
        self._values: dict[tuple[int, Unit], Array] = {}
        self._tops: dict[Unit, float] = {}

    def values(self, block: int, unit: Unit = "scaled") -> Array:
        """(h, L, L) float64, worked out once."""
        if (block, unit) not in self._values:
            now, before = (
                np.asarray(traces[block].scaled() if unit == "scaled" else traces[block].weights, np.float64)
                for traces in (self.now, self.before)
            )
            self._values[block, unit] = now - before
        return self._values[block, unit]

    def top(self, unit: Unit = "weight") -> float:
        """The size of difference that one change in a hundred passes, over all blocks and heads; more than 0.

        Counted over the pairs that differ; 1 where none does.
        """
        if unit not in self._tops:
            sizes = np.abs(np.concatenate([self.values(b, unit).ravel() for b in range(len(self.now))]))
            sizes = sizes[sizes > 0]
            self._tops[unit] = float(np.quantile(sizes, 0.99)) if sizes.size else 1.0
        return self._tops[unit]

    def allowed(self, block: int) -> Bools:
        """(h, L, L) the pairs that may attend in either state."""
        return np.asarray(self.now[block].mask | self.before[block].mask)

    def turned(self, blocks: Sequence[int], head: int | None = None) -> tuple[Bools, Bools]:
        """(L, L) twice: the pairs that opened and that closed, in one head or over all heads of these blocks.

        Over many heads a pair opened that some head allows now and none did before.
        """
        heads = slice(None) if head is None else slice(head, head + 1)
        before, now = (
            np.concatenate([traces[b].mask[heads] for b in blocks]).any(0)
            for traces in (self.before, self.now)
        )
        return np.asarray(now & ~before), np.asarray(before & ~now)

    def count(self, blocks: Sequence[int] | None = None, head: int | None = None) -> PairCount:
        """The pairs of one head, or of all heads of these blocks, or (None) of all blocks."""
        heads = slice(None) if head is None else slice(head, head + 1)
        chosen = range(len(self.now)) if blocks is None else blocks
        masks = [(self.before[b].mask[heads], self.now[b].mask[heads]) for b in chosen]
        return PairCount(
            sum(int((now & ~before).sum()) for before, now in masks),
            sum(int((before & ~now).sum()) for before, now in masks),
            sum(now.size for _, now in masks),
        )

    def head_cells(self, block: int, head: int, unit: Unit = "scaled") -> Cells:
        """The matrix of one head."""
        return Cells(self.values(block, unit)[head], self.allowed(block)[head])

    def cells_over(self, blocks: Sequence[int], how: How = "mean", unit: Unit = "scaled") -> Cells:
        """One matrix of all heads of these blocks: the mean, or with "union" the largest change."""
        values = np.concatenate([self.values(block, unit) for block in blocks])
        allowed = np.asarray(np.concatenate([self.allowed(block) for block in blocks]).any(0))
        if how == "mean":
            return Cells(np.asarray(values.mean(0)), allowed)
        most = np.abs(values).argmax(0)
        return Cells(np.take_along_axis(values, most[None], 0)[0], allowed)

    def levels(self, block: int | None = None, head: int | None = None) -> list[LevelChange]:
        """Every level, over all heads of all blocks, or of one block, or of one head of it.

        What turned zeroed or silent, or back, stands first, then the largest change of reach.
        """
        chosen = range(len(self.now)) if block is None else (block,)
        heads = slice(None) if head is None else slice(head, head + 1)

        def of(traces: Sequence[AttentionTrace], name: str) -> Array:
            return np.concatenate([np.asarray(getattr(traces[b], name)())[heads] for b in chosen])

        off = ~np.eye(self.now[0].levels, dtype=bool)
        masks = [
            np.concatenate([traces[b].mask[heads] & off for b in chosen])
            for traces in (self.before, self.now)
        ]
        opened, closed = (masks[1] & ~masks[0]).sum((0, 1)), (masks[0] & ~masks[1]).sum((0, 1))
        reach = [of(traces, "reach").mean(0) for traces in (self.before, self.now)]
        counts = [
            of(traces, name).sum(0) for name in ("zeroed", "silent") for traces in (self.before, self.now)
        ]
        made = [
            LevelChange(
                level,
                float(reach[0][level]),
                float(reach[1][level]),
                int(opened[level]),
                int(closed[level]),
                *(int(count[level]) for count in counts),
            )
            for level in range(self.now[0].levels)
        ]
        return sorted(made, key=lambda c: (-c.turned, -_size(c.reach_now - c.reach_before), c.level))


def compare(before: Sequence[AttentionTrace], now: Sequence[AttentionTrace]) -> Comparison:
    """The comparison of two states.

    Raises:
        SettingsError: they differ in blocks, heads or levels.

    Example:
        >>> same = compare([example()], [example()])
        >>> same.count(), float(abs(same.values(0)).max()), any(c.changed for c in same.levels())
        (PairCount(opened=0, closed=0, every=9), 0.0, False)
    """
    return Comparison(before, now)


def why_not(before: Sequence[AttentionTrace], now: Sequence[AttentionTrace]) -> str:
    """In words why two states have no pairs in common; "" where they do.

    Example:
        >>> why_not([example()], [example(), example()])
        '1 block and 2 blocks'
    """
    sizes = [
        [(len(traces), "block"), (traces[0].heads, "head"), (traces[0].levels, "level")]
        for traces in (before, now)
    ]
    for (old, name), (new, _) in zip(*sizes, strict=True):
        if old != new:
            return f"{old} {name}{'' if old == 1 else 's'} and {new} {name}{'' if new == 1 else 's'}"
    return ""


def _size(value: float) -> float:
    return 0.0 if np.isnan(value) else abs(value)
