"""Which levels are zeroed where, beside what chance gives: level x (block, head), with totals."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mrn_core.facts import Fact, facts
from mrn_core.network.explain import AllReason, Array, HeadReason, Redraws, all_heads, heads, redraws
from mrn_core.result import Analysis

MEASURES = (
    "reach", "chance", "chance_low", "chance_high", "zeroed", "zeroed_chance", "silent", "silent_chance",
    "received", "received_chance",
)  # fmt: skip
COUNTED = frozenset({"zeroed", "zeroed_chance", "silent", "silent_chance"})
"""Measures whose total is a sum: of heads, of levels, or (by chance) how many there would be on average."""
OF_HEADS = (
    "least_reach", "least_reach_chance", "least_reach_share", "outside", "outside_chance", "outside_share",
    "zeroed_share",
)  # fmt: skip
"""What is told of a head as a whole, in the rows of all levels: its least reach, the median least reach of
the redraws, and the share of them with one as small; how many levels lie outside their own range, how many do
in a redraw on average, and the share of the redraws with as many or more; that share for zeroed levels."""
_UNTOLD = frozenset({"chance_low", "chance_high"})  # a percentile of a mean is no mean of percentiles
ALL = "all"


@dataclass(frozen=True, eq=False)
class LevelTable:
    """One analysis, level by level.

    Attributes:
        name: what the analysis is called beside others.
        facts: its provenance in short.
        levels, gains, beta: (L,) float64.
        cells: for each of ``MEASURES`` (blocks, h, L) float64. chance: the mean reach over redraws of the
            planes, chance_low and chance_high its 5th and 95th percentile; zeroed, silent: 0 or 1;
            zeroed_chance, silent_chance: the share of the redraws in which it is so. NaN where undefined
            (one level) and, for what chance gives, where no redraws were given.
        reasons: of each block, what is said of each head.
        together: what is said of all heads.
    """

    name: str
    facts: dict[str, Fact]
    levels: Array
    gains: Array
    beta: Array
    cells: dict[str, Array]
    reasons: tuple[tuple[HeadReason, ...], ...]
    together: AllReason

    @property
    def blocks(self) -> int:
        return len(self.cells["reach"])

    @property
    def heads(self) -> int:
        return int(self.cells["reach"].shape[1])

    def total(self, measure: str, axes: tuple[int, ...]) -> Array:
        """A measure over some axes of (block, head, level): counted ones summed, others averaged."""
        cells = self.cells[measure]
        if measure in _UNTOLD:
            return np.full(cells.sum(axis=axes).shape, np.nan)
        return np.asarray(cells.sum(axis=axes) if measure in COUNTED else cells.mean(axis=axes))

    def of_heads(self, measure: str) -> Array:
        """(blocks, h) one of ``OF_HEADS``; NaN where undefined."""
        return np.array([[_of_head(reason)[measure] for reason in block] for block in self.reasons])


def _of_head(reason: HeadReason | AllReason) -> dict[str, float]:
    """``OF_HEADS`` of a head, or of all together, which have no least reach in common."""
    least = reason.least_beside if isinstance(reason, HeadReason) else None
    outside, zeroed = reason.outside_beside, reason.zeroed_beside
    return {
        "least_reach": reason.reach if isinstance(reason, HeadReason) else math.nan,
        "least_reach_chance": math.nan if least is None else least.median,
        "least_reach_share": math.nan if least is None else least.share,
        "outside": math.nan if outside is None else outside.found,
        "outside_chance": math.nan if outside is None else outside.mean,
        "outside_share": math.nan if outside is None else outside.share,
        "zeroed_share": math.nan if zeroed is None else zeroed.share,
    }


def level_table(analysis: Analysis, chance: Sequence[Redraws] | None = None, name: str = "") -> LevelTable:
    """The table of an analysis.

    Args:
        chance: what redraws of the planes gave, block by block; without it those columns are undefined.
        name: the clip's name if empty.
    """
    told = facts(analysis)
    cells = {
        "reach": analysis.reach(),
        "zeroed": analysis.zeroed().astype(np.float64),
        "silent": analysis.silent().astype(np.float64),
        "received": analysis.received(),
    }
    sources = {
        "chance": "reach", "chance_low": "reach_low", "chance_high": "reach_high",
        "zeroed_chance": "zeroed", "silent_chance": "silent", "received_chance": "received",
    }  # fmt: skip
    for measure, source in sources.items():
        cells[measure] = (
            np.full_like(cells["reach"], np.nan)
            if chance is None
            else np.stack([getattr(block, source) for block in chance])
        )
    reasons = tuple(
        heads(trace, None if chance is None else chance[b]) for b, trace in enumerate(analysis.traces)
    )
    return LevelTable(
        name=name or str(told["clip"] or "analysis"),
        facts=told,
        levels=np.asarray(analysis.levels, np.float64),
        gains=np.asarray(analysis.gains, np.float64),
        beta=np.asarray(analysis.scores, np.float64),
        cells={measure: np.asarray(cells[measure], np.float64) for measure in MEASURES},
        reasons=reasons,
        together=all_heads(reasons, chance),
    )


def chance_of(
    analysis: Analysis,
    draws: int = 625,
    seed: int = 0,
    cancel: Callable[[], bool] | None = None,
) -> list[Redraws]:
    """``explain.redraws`` of every block, as the window shows them.

    Args:
        seed: of the first block; each following block has the next one, because the planes of two blocks have
            nothing to do with each other, and numbers of several blocks are summed draw by draw.
        cancel: asked between heads.

    Raises:
        SettingsError: fewer than 2 draws.
        Cancelled: ``cancel`` said so.
    """
    return [redraws(trace, draws, seed + block, cancel) for block, trace in enumerate(analysis.traces)]


COLUMNS = ("analysis", "level", "af", "gain", "beta", "block", "head", *MEASURES, *OF_HEADS)


def rows(table: LevelTable) -> Iterable[tuple[str | int | float, ...]]:
    """The rows under ``COLUMNS``: every level in every head, then what all heads of a block, all blocks, and
    all levels make together ("all"). Levels count from 0, blocks and heads from 1; NaN: undefined."""
    none = (math.nan,) * len(OF_HEADS)
    for i, (af, gain, beta) in enumerate(zip(table.levels, table.gains, table.beta, strict=True)):
        first = (table.name, i, float(af), float(gain), float(beta))
        for b in range(table.blocks):
            for h in range(table.heads):
                yield (*first, b + 1, h + 1, *(float(table.cells[m][b, h, i]) for m in MEASURES), *none)
            yield (*first, b + 1, ALL, *(float(table.total(m, (1,))[b, i]) for m in MEASURES), *none)
        yield (*first, ALL, ALL, *(float(table.total(m, (0, 1))[i]) for m in MEASURES), *none)
    last = (table.name, ALL, math.nan, math.nan, float(table.beta.mean()))
    for b in range(table.blocks):
        for h in range(table.heads):
            told = _of_head(table.reasons[b][h])
            cells = (float(table.total(m, (2,))[b, h]) for m in MEASURES)
            yield (*last, b + 1, h + 1, *cells, *(told[name] for name in OF_HEADS))
    told = _of_head(table.together)
    cells = (float(table.total(m, (0, 1, 2))) for m in MEASURES)
    yield (*last, ALL, ALL, *cells, *(told[name] for name in OF_HEADS))


def as_csv(tables: Sequence[LevelTable]) -> str:
    """The rows of all tables, one below the other, and at the end of each its analysis's provenance.

    A number is written so that it reads back to the same bits, with a point in any locale; an undefined one
    is an empty cell.
    """
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    known = list(dict.fromkeys(name for table in tables for name in table.facts))
    writer.writerow([*COLUMNS, *known])
    for table in tables:
        told = [cell(table.facts.get(name)) for name in known]
        for row in rows(table):
            writer.writerow([*(cell(value) for value in row), *told])
    return made.getvalue()


def cell(value: Fact) -> str:
    """A value as text: a float by its shortest exact digits, a whole one without a point, undefined empty."""
    if value is None:
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
