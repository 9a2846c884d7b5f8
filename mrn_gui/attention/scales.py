"""The values that a cell's colour may say: their names, ranges and the numbers on their bars (no Qt)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mrn_core.network import explain
from mrn_core.network.comparison import Comparison, Unit
from mrn_core.network.explain import CellValue
from mrn_core.result import Analysis
from mrn_gui.palette import SCALE_TOP

ValueName = CellValue | Literal["difference", "weight difference"]
Over = Literal["head", "mean block", "union block", "mean all", "union all"]


@dataclass(frozen=True)
class Value:
    """One of the values.

    Attributes:
        name: in code; title: in the list; tip: what it is, in a sentence.
        whole: masked pairs have it too, and show it in a smaller square.
    """

    name: ValueName
    title: str
    tip: str
    whole: bool = False


VALUES: tuple[Value, ...] = (
    Value(
        "scaled",
        "weight × allowed",
        "Weight times the number of keys that the query may attend to: 1 is uniform",
    ),
    Value("weight", "weight", "The weight itself, as in Fig. 4 of the paper; a row sums to 1"),
    Value("angle", "angle", "Degrees between what is hashed of query and key: 90 is unrelated", True),
    Value("tables", "agreeing tables", "In how many hash tables query and key share a bucket"),
    Value(
        "chance",
        "chance",
        "The share of redraws of the planes in which the two may meet, given their query and key",
        True,
    ),
)
# Only while a state is pinned.
DIFFERENCES: tuple[Value, ...] = (
    Value(
        "difference",
        "difference",
        "Weight × allowed now, less that of the pinned state: green is more, violet is less.\n"
        "1 is uniform over the keys that are allowed: where fewer are, the same weight counts less",
    ),
    Value(
        "weight difference",
        "weight difference",
        "Weight now, less that of the pinned state: green is more, violet is less.\n"
        "A row sums to 0: what closed pairs lose, the others gain",
    ),
)
UNITS: Mapping[ValueName, Unit] = {"difference": "scaled", "weight difference": "weight"}
BY_NAME = {value.name: value for value in (*VALUES, *DIFFERENCES)}

OVERS: tuple[tuple[Over, str, str], ...] = (
    ("head", "this head", "The chosen block and head"),
    ("mean block", "mean, block", "The mean of the block's heads; a masked weight counts 0"),
    (
        "union block",
        "union, block",
        "Every pair that a head of the block allows, with what says most for it: the largest weight, "
        "the smallest angle, the most tables, the chance that any head joins it",
    ),
    ("mean all", "mean, all", "The mean of all heads of all blocks; a masked weight counts 0"),
    ("union all", "union, all", "Every pair that any head of any block allows"),
)


@dataclass(frozen=True)
class Scale:
    """The range of the map, one for all blocks and heads: from 0, or ``-top`` where it diverges, to ``top``.

    ``marks``: value, its words, its words where there is little room, and whether it is the point that
    the others are read from.
    """

    top: float
    marks: tuple[tuple[float, str, str, bool], ...]
    diverging: bool = False

    def share(self, value: float) -> float:
        """Where a value stands on the bar, 0 to 1."""
        return (value / self.top + 1) / 2 if self.diverging else value / self.top


def scale_of(analysis: Analysis, value: ValueName, beside: Comparison | None = None) -> Scale:
    """The range and marks of one value in one analysis.

    ``scaled`` ends at 2.5, ``weight`` at the largest weight of the analysis, ``angle`` at 180, ``tables``
    at their number, ``chance`` at 1, ``difference`` at 2.5 either way, ``weight difference`` at what one
    change in a hundred passes.
    """
    trace = analysis.traces[0]
    if value == "scaled":
        return Scale(SCALE_TOP, (_mark(0), (1.0, "1 uniform", "1 unif.", True), _mark(2)))
    if value == "difference":
        return Scale(SCALE_TOP, (_mark(-2, "−2"), (0.0, "0 same", "0", True), _mark(2, "+2")), diverging=True)
    if value == "weight difference":
        top = 1.0 if beside is None else beside.top(UNITS[value])
        half = float(f"{top / 2:.1g}")
        marks = (_mark(-half, f"−{half:g}"), (0.0, "0 same", "0", True), _mark(half, f"+{half:g}"))
        return Scale(top, marks, diverging=True)
    if value == "angle":
        return Scale(180.0, (_mark(0, "0°"), (90.0, "90° apart", "90°", True), _mark(180, "180°")))
    if value == "tables":
        tables = max(1, trace.tables)
        middle = (_mark(tables // 2),) if tables >= 4 else ()
        return Scale(float(tables), (_mark(0), *middle, _mark(tables)))
    if value == "chance":
        alone = explain.unrelated(trace.planes, trace.tables)
        words = f"{alone:.2f}"
        mark = (alone, f"{words} unrel.", words, True)
        return Scale(1.0, (_mark(0), mark, _mark(1)))
    top = max((float(t.weights.max(initial=0)) for t in analysis.traces), default=0.0) or 1.0
    return Scale(top, (_mark(0), _mark(top / 2, f"{top / 2:.2g}"), _mark(top, f"{top:.3g}")))


def _mark(value: float, words: str = "") -> tuple[float, str, str, bool]:
    return float(value), words or f"{value:g}", words or f"{value:g}", False
