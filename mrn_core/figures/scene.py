"""What a figure shows of an analysis: the chosen block, head, table and pair, and what lies beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from mrn_core.errors import SettingsError
from mrn_core.network.comparison import Comparison, compare
from mrn_core.result import Analysis
from mrn_core.trace import AttentionTrace

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws
    from mrn_core.spotting import Spotting


@dataclass(frozen=True, eq=False)
class Scene:
    """An analysis and what of it is chosen; all numbers from 0.

    Attributes:
        chance: what redraws of the planes give, block by block, or None.
        curve: the clip's motion curve, or None.
        before: a state of the same levels that was kept to compare with, or None.
        others: analyses of further clips, which a strip of several clips shows below this one.
        pair: (query, key), or None: the figure of a pair then takes ``example_pair``.

    Raises:
        SettingsError: there is no such block, head, table or level, or the two states have no pairs in
            common.
    """

    analysis: Analysis
    block: int = 0
    head: int = 0
    table: int = 0
    pair: tuple[int, int] | None = None
    chance: Sequence[Redraws] | None = None
    curve: Spotting | None = None
    before: Analysis | None = None
    others: tuple[Analysis, ...] = ()

    def __post_init__(self) -> None:
        traces = self.analysis.traces
        _check("block", self.block, len(traces))
        _check("head", self.head, traces[self.block].heads)
        _check("table", self.table, traces[self.block].tables)
        for level in self.pair or ():
            _check("level", level, len(self.analysis.levels), 0)
        if self.before is not None:
            compare(self.before.traces, traces)

    @property
    def trace(self) -> AttentionTrace:
        """The chosen block's."""
        return self.analysis.traces[self.block]

    @property
    def analyses(self) -> list[Analysis]:
        """Those that a comparison is made from: the state before, if there is one, and the present."""
        return [self.analysis] if self.before is None else [self.before, self.analysis]

    @cached_property
    def beside(self) -> Comparison | None:
        """The state before beside the present one."""
        return None if self.before is None else compare(self.before.traces, self.analysis.traces)

    @property
    def where(self) -> str:
        """ "block 2, head 1", as a person counts."""
        return f"block {self.block + 1}, head {self.head + 1}"

    def drawn(self) -> Redraws | None:
        """What chance gives in the chosen block."""
        return None if self.chance is None else self.chance[self.block]


def example_pair(trace: AttentionTrace, head: int) -> tuple[int, int]:
    """The empty cell that asks most for a reason: the first of those nearest to the diagonal; where no cell
    is empty, the first level and the last."""
    empty = np.argwhere(~trace.mask[head])
    if not len(empty):
        return 0, trace.levels - 1
    query, key = empty[int(np.abs(empty[:, 0] - empty[:, 1]).argmin())]
    return int(query), int(key)


def _check(name: str, value: int, count: int, first: int = 1) -> None:
    if not 0 <= value < count:
        last = count - 1 + first
        raise SettingsError(
            f"There is no {name} {value + first}.",
            f"They count from {first} to {last}." if last > first else f"There is {last} alone.",
            name,
        )
