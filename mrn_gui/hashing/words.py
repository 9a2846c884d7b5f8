"""What is said of a pair, of a level, and of the hash's health (no Qt; the numbers come from the core)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mrn_core.network import explain
from mrn_core.trace import AttentionTrace
from mrn_gui.attention.values import shares
from mrn_gui.selection import Place

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws


@dataclass(frozen=True)
class TableRow:
    """One table's view of the pair: codes from 0, and what it says of them."""

    table: int
    query_code: int
    key_code: int
    shared: bool
    remark: str


@dataclass(frozen=True)
class Said:
    """What stands in the panel: one sentence, what is said after it, and a row for each table."""

    sentence: str
    details: tuple[str, ...]
    rows: tuple[TableRow, ...] = ()
    first: str = "Query"
    second: str = "Key"


COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("density", "density", "Share of all pairs that may attend, over the heads of a block."),
    ("near", "near", "The same among pairs at most 3 levels apart, a level and itself among them."),
    ("far", "far", "The same among pairs at least half of all levels apart."),
    ("corner", "corner", "The same in the corner of large AF: the last quarter of the levels by itself."),
    (
        "all_or_none",
        "all or none",
        "Share of the heads that are under 3 % or over 97 % full: they say nothing of the levels.",
    ),
    (
        "unrelated",
        "unrelated",
        "What vectors that have nothing to do with each other would give. "
        "A healthy hash is well above it near the diagonal and below it far away.",
    ),
)


def health_row(numbers: dict[str, float | None]) -> list[str]:
    """One block's health as text, in the order of ``COLUMNS``; "–" where it is not defined."""
    return [number(numbers.get(name)) for name, _, _ in COLUMNS]


def number(value: float | None) -> str:
    return "–" if value is None or not math.isfinite(value) else f"{value:.2f}"


def of_place(
    trace: AttentionTrace, head: int, place: Place | None, chance: Redraws | None = None
) -> Said | None:
    """What is said of the hovered or pinned place; None when nothing is pointed at."""
    if place is None:
        return None
    if place.is_pair:
        return of_pair(trace, head, place.query, place.key, chance)
    return of_level(trace, head, place.query, chance)


def of_pair(trace: AttentionTrace, head: int, query: int, key: int, chance: Redraws | None = None) -> Said:
    """Which tables join a query and a key, and how far apart they are."""
    reason = explain.pair(trace, head, query, key)
    tables = len(reason.tables)
    joining = [i + 1 for i, table in enumerate(reason.tables) if table.shared]
    names = f"Query {query} and key {key}"
    if tables == 1:
        sentence = f"{names} share {'a' if joining else 'no'} bucket in the only table."
    elif len(joining) == 1:
        sentence = f"{names} share a bucket in table {joining[0]} alone."
    else:
        sentence = f"{names} share a bucket in {len(joining) or 'none'} of {tables} tables."
    parts = []
    if reason.allowed:
        allowed = int(trace.mask[head, query].sum())
        parts.append(f"Weight {reason.weight:.3f}, {reason.weight * allowed:.2f} of uniform")
    if math.isfinite(reason.angle):
        parts.append(f"{reason.angle:.0f}° apart")
        share = f"{reason.theory:.2f} in theory"
        if chance is not None and chance.allowed.shape == trace.mask.shape:
            share += f", {float(chance.allowed[head, query, key]):.2f} in {chance.draws} redraws"
        parts.append(f"meet by chance: {share}")
    rows = tuple(
        TableRow(i, table.query_code, table.key_code, table.shared, _opens(table))
        for i, table in enumerate(reason.tables)
    )
    return Said(sentence, tuple(parts), rows, f"Query {query}", f"Key {key}")


def _opens(table: explain.TableReason) -> str:
    if table.shared:
        return "shared"
    planes = len(table.differing)
    return f"opens at {table.opens_at:.1f}°, {planes} plane{'' if planes == 1 else 's'}"


def of_level(trace: AttentionTrace, head: int, level: int, chance: Redraws | None = None) -> Said:
    """How many may attend to a level, and to how many it may attend."""
    reason = explain.level(trace, head, level)
    others = trace.levels - 1
    rows = tuple(
        TableRow(
            table,
            int(trace.query_buckets[head, table, level]),
            int(trace.key_buckets[head, table, level]),
            shares(trace, head, table, level, level),
            _company(trace, head, table, level),
        )
        for table in range(trace.tables)
    )
    if not others:
        return Said("There is one level only: it has no other to attend to.", (), rows)
    sentence = f"Level {level} as a key: {reason.queries} of {others} queries may attend to it."
    if reason.zeroed:
        sentence = f"Level {level} is zeroed out: no other query may attend to it."
    parts = [f"Reach {reason.reach:.2f}"]
    if chance is not None and chance.reach.shape == (trace.heads, trace.levels):
        low, high = float(chance.reach_low[head, level]), float(chance.reach_high[head, level])
        parts[0] += f", chance {float(chance.reach[head, level]):.2f} ({low:.2f} to {high:.2f})"
    as_query = f"as a query it may attend to {reason.keys} other keys"
    if reason.silent:
        as_query = "silent: as a query it may attend to no other key"
    parts += [as_query, f"receives {reason.received:.3f}, uniform is {1 / trace.levels:.3f}"]
    return Said(sentence, tuple(parts), rows, "As a query", "As a key")


def _company(trace: AttentionTrace, head: int, table: int, level: int) -> str:
    """How many other queries are in the bucket of this key."""
    codes = trace.query_buckets[head, table]
    same = codes == trace.key_buckets[head, table, level]
    count = int(same.sum()) - int(same[level])
    return f"met by {count} other{'' if count == 1 else 's'}"


def in_order(rows: Sequence[TableRow], room: int) -> list[TableRow]:
    """The rows as they are listed: joining tables first where not all fit."""
    return list(rows) if len(rows) <= room else sorted(rows, key=lambda row: not row.shared)
