"""The columns of the table of levels, as data (no Qt)."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mrn_core.tables import LevelTable
from mrn_core.tables.level_table import cell
from mrn_gui.table.told_apart import Told, told_apart

Show = Literal["all", "one"]
Array = np.ndarray
_RANGE = "The range of reach in which nine of ten redraws of the planes lie (5th to 95th percentile)"
_REACH = "Share of the other levels that may attend to it"
_SIGNS = "○ zeroed, × silent"
_BEYOND = "↓ less and ↑ more than nine of ten redraws give"
ALL = -1  # the level of the last row, which stands for all

# What the columns of the heads may hold: name, its words, its tip.
MEASURES: tuple[tuple[str, str, str], ...] = (
    ("reach", "Reach", "Share of the other levels that may attend to this one"),
    ("chance", "Reach by chance", "Mean reach over redraws of the planes"),
    ("excess", "Reach minus chance", "Reach beyond what redraws of the planes give on average"),
    (
        "zeroed_chance",
        "Zeroed by chance",
        "Share of the redraws in which it is zeroed",
    ),
    ("received", "Weight received", "Mean weight from the other levels; 1 / L is an equal share (Eq. 6)"),
)


@dataclass(frozen=True, eq=False)
class Column:
    """One column.

    Attributes:
        title: one or two lines.
        tip: what it is, in a sentence.
        values: (rows,) float64, the last for all levels; NaN: none.
        digits: after the point; 0: a count.
        signs: a mark before each value ("○" zeroed, "×" silent), or nothing.
        place: block and head (from 0) that it shows, of the present analysis; or None.
        quantity, of: what it shows, in one line, and the name of the analysis that it is of: the column's
            identity, whatever stands beside it.
    """

    title: str
    tip: str
    values: Array
    digits: int = 2
    signs: tuple[str, ...] = ()
    place: tuple[int, int] | None = None
    quantity: str = ""
    of: str = ""

    def text(self, row: int) -> str:
        """What stands in a cell."""
        value = float(self.values[row])
        sign = self.signs[row] if self.signs and row < len(self.signs) else ""
        return f"{sign}{_told(value, self.digits)}"


def columns(
    tables: Sequence[LevelTable], show: Show, measure: str, block: int, head: int, present: bool = True
) -> list[Column]:
    """The columns for some analyses side by side.

    Args:
        show: "all": totals, then ``measure`` in every head; "one": all there is of the chosen head.
        present: the first is the present analysis.
    """
    if not tables:
        return []
    count = max(len(table.levels) for table in tables)
    level = np.append(np.arange(count, dtype=np.float64), ALL)
    made = [Column("Level", "Counts from 0, the least AF first", level, 0, quantity="Level")]
    told = told_apart(tables)
    parts = [_of_all(t, measure) if show == "all" else _of_one(t, block, head) for t in tables]
    # What is to be compared stands beside each other: one title's columns of all analyses, then the next.
    for title in dict.fromkeys(found.title for part in parts for found in part):
        for n, part in enumerate(parts):
            for found in part:
                if found.title == title:
                    made.append(_padded(found, count, tables[n], told[n], n == 0 and present))
    return made


def column_of(found: Sequence[Column], quantity: str, of: str) -> int:
    """Where a quantity of an analysis stands: in that of another analysis, else at the level, if it is gone.

    Args:
        of: the name of the analysis.
    """
    places = [i for i, column in enumerate(found) if column.quantity == quantity]
    return next((i for i in places if found[i].of == of), next(iter(places), 0))


def _padded(found: Column, levels: int, table: LevelTable, told: Told, present: bool) -> Column:
    """The column with room for ``levels``, under its analysis's name where that stands beside others."""
    values = np.full(levels + 1, np.nan)
    values[: len(found.values) - 1], values[-1] = found.values[:-1], found.values[-1]
    quantity = found.title.replace("\n", " ")
    return Column(
        "\n".join([*told.title, quantity]) if told.title else found.title,
        "\n".join([found.tip, *told.tip]),
        values,
        found.digits,
        found.signs,
        found.place if present else None,
        quantity,
        table.name,
    )


def as_tsv(chosen: Sequence[Column], rows: Sequence[int]) -> str:
    """Some rows in this order under their titles, tab-separated: exact digits, decimal points, no signs."""
    made = io.StringIO()
    table = csv.writer(made, dialect="excel-tab", lineterminator="\n")
    table.writerow([found.title.replace("\n", " ") for found in chosen])
    last = len(chosen[0].values) - 1 if chosen else 0
    for row in rows:
        first = "all" if row == last else cell(float(chosen[0].values[row]))
        table.writerow([first, *(cell(float(found.values[row])) for found in chosen[1:])])
    return made.getvalue()


def _of_all(table: LevelTable, measure: str) -> list[Column]:
    places = table.blocks * table.heads
    total: Callable[[str], Array] = lambda name: _ended(table, name, (0, 1), (0, 1, 2))  # noqa: E731
    made = [
        *_levels(table),
        Column("Reach", f"Mean over the {places} heads of all blocks", total("reach")),
        Column("Reach\nby chance", "The same over redraws of the planes", total("chance")),
        Column(
            "Zeroed", f"In how many of {places} heads no other level may attend to it", total("zeroed"), 0
        ),
        Column("Zeroed\nby chance", "In how many on average over redraws", total("zeroed_chance"), 1),
        Column("Silent", f"In how many of {places} heads it may attend to no other", total("silent"), 0),
        Column("Received", "Mean weight from the other levels", total("received"), 4),
    ]
    told = next(words for name, words, _ in MEASURES if name == measure)
    digits = 4 if measure == "received" else 2
    for b in range(table.blocks):
        for h in range(table.heads):
            if measure == "excess":
                values = _at(table, "reach", b, h) - _at(table, "chance", b, h)
            else:
                values = _at(table, measure, b, h)
            tip = f"{told} in block {b + 1}, head {h + 1} ({_SIGNS})"
            made.append(
                Column(f"Block {b + 1}\nHead {h + 1}", tip, values, digits, _signs(table, b, h), (b, h))
            )
    return made


def _of_one(table: LevelTable, block: int, head: int) -> list[Column]:
    made = _levels(table)
    if block >= table.blocks or head >= table.heads:
        return made
    values: Callable[[str], Array] = lambda name: _at(table, name, block, head)  # noqa: E731
    here = (block, head)
    signs = _signs(table, block, head, beyond=True)
    return [
        *made,
        Column("Reach", f"{_REACH}\n{_SIGNS}, {_BEYOND}", values("reach"), 2, signs, here),
        Column("Reach\nby chance", "Mean over redraws of the planes", values("chance"), place=here),
        Column("Nine of ten\nfrom", f"{_RANGE}, its lower end", values("chance_low"), place=here),
        Column("Nine of ten\nto", f"{_RANGE}, its upper end", values("chance_high"), place=here),
        Column("Zeroed", "1: no other level may attend to it", values("zeroed"), 0, place=here),
        Column(
            "Zeroed\nby chance",
            "Share of the redraws in which it is zeroed",
            values("zeroed_chance"),
            place=here,
        ),
        Column("Silent", "1: it may attend to no other level", values("silent"), 0, place=here),
        Column(
            "Silent\nby chance",
            "Share of the redraws in which it is silent",
            values("silent_chance"),
            place=here,
        ),
        Column("Received", "Mean weight from the other levels", values("received"), 4, place=here),
        Column("Received\nby chance", "The same over redraws", values("received_chance"), 4, place=here),
    ]


def _levels(table: LevelTable) -> list[Column]:
    none = np.array([np.nan])
    return [
        Column(
            "AF",
            "Amplification factor α (Eq. 1 and 2): the motion is multiplied by 1 + AF",
            np.concatenate([table.levels, none]),
        ),
        Column(
            "Beta",
            "How much the level counts where the features are averaged for the reading (Eq. 7 and 8)",
            np.append(table.beta, table.beta.mean()),
        ),
    ]


def _ended(table: LevelTable, name: str, axes: tuple[int, ...], every: tuple[int, ...]) -> Array:
    """A measure of each level, and at the end that of all."""
    return np.append(table.total(name, axes), table.total(name, every))


def _at(table: LevelTable, name: str, block: int, head: int) -> Array:
    return np.append(table.cells[name][block, head], table.total(name, (2,))[block, head])


def _signs(table: LevelTable, block: int, head: int, beyond: bool = False) -> tuple[str, ...]:
    """The marks of each level; ``beyond``: of those outside what redraws give too."""
    cells = {name: values[block, head] for name, values in table.cells.items()}
    marks = [("○", cells["zeroed"] > 0), ("×", cells["silent"] > 0)]
    if beyond:  # a comparison with what is not known is false
        marks += [("↓", cells["reach"] < cells["chance_low"]), ("↑", cells["reach"] > cells["chance_high"])]
    made = ["".join(mark for mark, flags in marks if flags[i]) for i in range(len(table.levels))]
    return tuple(f"{found} " if found else "" for found in made)


def _told(value: float, digits: int) -> str:
    if math.isnan(value):
        return "–"
    return f"{round(value, digits) + 0.0:.{digits}f}"  # 0.0 makes no minus of a rounded zero
