"""What the panel says, as plain data, and the small words it is made of (no Qt)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mrn_core.network import explain
from mrn_core.result import Analysis

if TYPE_CHECKING:
    from mrn_core.network.explain import AllReason, HeadReason, Redraws
    from mrn_gui.whatif.pinned import Difference


@dataclass(frozen=True)
class Portrait:
    """A frame shown small: its level, what it is here, and its AF as written."""

    level: int
    role: str
    factor: str


@dataclass(frozen=True)
class CodeRow:
    """One table's view of a pair. ``table`` from 0, ``differing`` planes from 1.

    ``answers``: the row is the answer: it joins the pair, or is the one that would join it first.
    """

    table: int
    query_code: int
    key_code: int
    shared: bool
    differing: tuple[int, ...]
    remark: str
    answers: bool


@dataclass(frozen=True)
class HeadCell:
    """One head: a share as a bar with its words, what chance gives, and the signs that stand in it.

    ``share`` and ``chance`` are 0 to 1, or NaN or None where they are not known; ``tip`` says it all.
    """

    block: int
    head: int
    words: str
    share: float
    chance: float | None
    zeroed: bool
    silent: bool
    tip: str


@dataclass(frozen=True)
class Told:
    """Everything the panel shows.

    Attributes:
        title, right: of the header.
        portraits: none, one or two.
        sentence: the answer.
        details: after it, most important first; what has no room is left out.
        rows: a pair's tables, under the names ``columns``.
        grid: a row of cells for each block, under ``grid_title``.
        foot: the last lines.
    """

    title: str
    right: str
    portraits: tuple[Portrait, ...]
    sentence: str
    details: tuple[str, ...]
    rows: tuple[CodeRow, ...] = ()
    columns: tuple[str, str, str] = ("", "", "")
    grid: tuple[tuple[HeadCell, ...], ...] = ()
    grid_title: str = ""
    foot: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Sight:
    """One analysis and its chance, with what is asked of them again and again worked out once.

    ``beside``: the pinned state beside it, or None.
    """

    analysis: Analysis
    chance: Sequence[Redraws] | None = field(default=None)
    beside: Difference | None = field(default=None)

    @cached_property
    def reach(self) -> npt.NDArray[np.float64]:
        """(blocks, h, L)"""
        return self.analysis.reach()

    @cached_property
    def zeroed(self) -> npt.NDArray[np.bool_]:
        """(blocks, h, L)"""
        return self.analysis.zeroed()

    @cached_property
    def silent(self) -> npt.NDArray[np.bool_]:
        """(blocks, h, L)"""
        return self.analysis.silent()

    def redraws(self, block: int) -> Redraws | None:
        """A block's redraws, where they are of this shape."""
        if self.chance is None or block >= len(self.chance):
            return None
        found = self.chance[block]
        return found if found.allowed.shape == self.analysis.traces[block].mask.shape else None

    @cached_property
    def _heads(self) -> tuple[tuple[HeadReason, ...], ...]:
        """Of each block."""
        return tuple(explain.heads(trace, self.redraws(b)) for b, trace in enumerate(self.analysis.traces))

    def head(self, block: int, head: int) -> HeadReason:
        """How the levels of one head compare."""
        return self._heads[block][head]

    @cached_property
    def together(self) -> AllReason:
        """What the heads of all blocks come to."""
        known = all(self.redraws(b) is not None for b in range(len(self.analysis.traces)))
        return explain.all_heads(self._heads, self.chance if known else None)

    def least_cell(self, block: int, head: int) -> HeadCell:
        """The least reach in one head, its tick the median least reach of the redraws; its tip names all
        levels that have it."""
        reason = self.head(block, head)
        if not reason.least:
            return self.reach_cell(block, head, 0)
        cell, beside = self.reach_cell(block, head, reason.least[0]), reason.least_beside
        tip = f"Block {block + 1}, head {head + 1}: {lowered(explain.least_told(reason))}"
        if beside is None:
            return replace(cell, chance=None, tip=tip)
        median = f"The tick: {share(beside.median)}, the median least reach of {beside.draws} redraws."
        return replace(cell, chance=beside.median, tip=f"{tip}\n{median}")

    def reach_cell(self, block: int, head: int, level: int) -> HeadCell:
        """One level's reach in one head."""
        drawn, reach = self.redraws(block), float(self.reach[block, head, level])
        chance = None if drawn is None else float(drawn.reach[head, level])
        states = self.zeroed[block, head, level], self.silent[block, head, level]
        tip = f"Block {block + 1}, head {head + 1}, level {level}: reach {share(reach)}"
        if chance is not None and math.isfinite(chance):
            tip += f", by chance {share(chance)}"
        tip = ", ".join([tip, *(w for w, so in zip(("zeroed", "silent"), states, strict=True) if so)])
        return HeadCell(block, head, share(reach), reach, chance, bool(states[0]), bool(states[1]), f"{tip}.")

    def zeroed_cell(self, block: int, head: int) -> HeadCell:
        """How many levels one head zeroes, its tick how many redraws zero on average."""
        reason = self.head(block, head)
        count, beside = len(reason.zeroed), reason.zeroed_beside
        chance = None if beside is None else beside.mean / reason.levels
        tip = f"Block {block + 1}, head {head + 1}: {lowered(explain.zeroed_told(reason))}"
        if beside is not None and count:
            tip += f"\nThe tick: {beside.mean:.1f}, the mean over {beside.draws} redraws."
        return HeadCell(block, head, str(count), count / reason.levels, chance, False, False, tip)

    def factor(self, level: int) -> str:
        """A level's AF, as it is written everywhere here."""
        return f"AF {float(self.analysis.levels[level]):.2f}"


def lowered(words: str) -> str:
    """A sentence's start after a colon."""
    return words[:1].lower() + words[1:]


def counted(count: int, word: str) -> str:
    """ "1 plane", "2 planes", "2 queries"."""
    plural = "queries" if word == "query" else f"{word}s"
    return f"{count} {word if count == 1 else plural}"


def listed(words: Sequence[object]) -> str:
    """ "1", "1 and 2", "1, 2 and 3"."""
    told = [str(word) for word in words]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}" if told else ""


def share(value: float | None) -> str:
    """Two decimals; "–" where it is not known."""
    return "–" if value is None or not math.isfinite(value) else f"{value:.2f}"


def percent(part: float) -> str:
    """A share of the redraws in words: "none", "all", "3 %", "under 1 %"."""
    if part <= 0:
        return "none"
    if part >= 1:
        return "all"
    return "under 1 %" if part < 0.01 else "over 99 %" if part > 0.99 else f"{100 * part:.0f} %"
