"""What is said of a pair, of a level, and of a head (no Qt; the numbers come from the core)."""

from __future__ import annotations

import math

import numpy as np

from mrn_core.network import explain
from mrn_core.network.explain import HeadReason, PairReason, TableReason
from mrn_gui.selection import Place
from mrn_gui.why.beside import level_beside, pair_beside
from mrn_gui.why.told import (
    CodeRow,
    Portrait,
    Sight,
    Told,
    counted,
    degrees,
    listed,
    percent,
    rare,
    share,
)


def of_place(sight: Sight, block: int, head: int, place: Place | None, compact: bool = False) -> Told:
    """What is said of the hovered or pinned place; of the head when nothing is pointed at."""
    if place is None:
        return of_head(sight, block, head)
    if place.is_pair:
        return of_pair(sight, block, head, place.query, place.key, compact)
    return of_level(sight, block, head, place.query, compact)


# -- a pair ------------------------------------------------------------------------------------


def of_pair(sight: Sight, block: int, head: int, query: int, key: int, compact: bool = False) -> Told:
    """Which tables join a query and a key, which would join or part them first, and what chance gives."""
    trace = sight.analysis.traces[block]
    reason = explain.pair(trace, head, query, key)
    nearest = None if reason.allowed else _nearest(reason)
    rows = tuple(
        CodeRow(
            r,
            table.query_code,
            table.key_code,
            table.shared,
            table.differing,
            _remark(table, compact),
            table.shared or r == nearest,
        )
        for r, table in enumerate(reason.tables)
    )
    chance, short_chance = _chance_of_pair(sight, block, head, query, key, reason)
    details = [_turn(reason, nearest)]
    if reason.allowed:
        count = int(trace.mask[head, query].sum())
        times = f"{reason.weight * count:.2f} times the equal share of {counted(count, 'allowed key')}"
        details.insert(0, f"Weight {reason.weight:.3f}: {times}.")
    pinned = pair_beside(sight.beside, block, head, query, key, compact)
    if not compact:
        details.append(chance)
        details.insert(0, pinned)
    foot = [pinned, short_chance] if compact else []
    foot += [_heads_of_pair(sight, block, query, key), _key_told(sight, block, head, key)]
    return Told(
        f"Why is this cell {'full' if reason.allowed else 'empty'}?",
        f"query {query} → key {key}",
        (
            Portrait(query, f"Query {query}", sight.factor(query)),
            Portrait(key, f"Key {key}", sight.factor(key)),
        ),
        _pair_sentence(reason),
        tuple(words for words in details if words),
        rows,
        (f"Query {query}", f"Key {key}", "In one bucket?"),
        foot=tuple(words for words in foot if words),
    )


def _pair_sentence(reason: PairReason) -> str:
    tables = len(reason.tables)
    joining = [r + 1 for r, table in enumerate(reason.tables) if table.shared]
    start = "Allowed" if reason.allowed else "Masked"
    if tables == 1:
        return f"{start}: they share {'a' if joining else 'no'} bucket in the only table"
    if len(joining) == 1:
        return f"{start}: they share a bucket in table {joining[0]} alone"
    count = f"all {tables}" if len(joining) == tables else f"{len(joining) or 'none'} of {tables}"
    return f"{start}: they share a bucket in {count} tables"


def _nearest(reason: PairReason) -> int | None:
    """The table that would join the pair first."""
    tables = range(len(reason.tables))
    return min(tables, key=lambda r: reason.tables[r].opens_at, default=None)


def _remark(table: TableReason, compact: bool) -> str:
    """Whether the two share the bucket, and how near that is to changing."""
    if table.shared and math.isnan(table.parts_at):
        return "yes, always" if compact else "yes, and no turn parts them"
    angle = degrees(table.parts_at if table.shared else table.opens_at)
    if compact:
        angle = angle.replace("under ", "<")
        return f"yes, parts at {angle}" if table.shared else f"no, joins at {angle}"
    return f"yes, a turn by {angle} parts them" if table.shared else f"no, a turn by {angle} joins them"


def _turn(reason: PairReason, nearest: int | None) -> str:
    """How near the answer is to the other one."""
    if nearest is not None:
        table = reason.tables[nearest]
        planes = f"plane{'' if len(table.differing) == 1 else 's'} {listed(table.differing)}"
        by = "by" if len(table.differing) == 1 else "by up to"
        return f"Table {nearest + 1} would join them if its {planes} turned {by} {degrees(table.opens_at)}."
    joining = [r for r, table in enumerate(reason.tables) if table.shared]
    turns = [reason.tables[r].parts_at for r in joining]
    if not turns or any(math.isnan(turn) for turn in turns):
        return ""
    if len(joining) == 1:
        return f"A plane of table {joining[0] + 1} turned by {degrees(turns[0])} would part them."
    return f"To part them, {len(joining)} tables would have to: the last by a turn of {degrees(max(turns))}."


def _chance_of_pair(
    sight: Sight, block: int, head: int, query: int, key: int, reason: PairReason
) -> tuple[str, str]:
    """What theory and the redraws give, in a sentence and in short."""
    if not math.isfinite(reason.angle):
        words = "One of the two is zero and has no angle"
        return f"{words}.", words
    drawn = sight.redraws(block)
    redrawn = "" if drawn is None else rare(float(drawn.allowed[head, query, key]))
    long = (
        f"{reason.angle:.0f}° apart: by chance such a pair meets in {rare(reason.theory)} of cases (theory)"
    )
    short = f"{reason.angle:.0f}° apart; by chance {rare(reason.theory)} (theory)"
    if drawn is not None:
        long += f", {redrawn} ({drawn.draws} redraws)"
        short += f", {redrawn} (redraws)"
    return f"{long}.", short


def _heads_of_pair(sight: Sight, block: int, query: int, key: int) -> str:
    allowed = np.stack([trace.mask[:, query, key] for trace in sight.analysis.traces])
    blocks, heads = allowed.shape
    if allowed.size == 1:
        return ""
    told = f"Allowed in {int(allowed[block].sum())} of {counted(heads, 'head')} of block {block + 1}"
    return told if blocks == 1 else f"{told}, {int(allowed.sum())} of {allowed.size} in all."


def _key_told(sight: Sight, block: int, head: int, key: int) -> str:
    trace = sight.analysis.traces[block]
    if trace.levels == 1:
        return ""
    told, drawn = explain.level(trace, head, key), sight.redraws(block)
    chance = "" if drawn is None else f", by chance {share(float(drawn.reach[head, key]))}"
    others = counted(trace.levels - 1, "query")
    return f"Key {key} is open to {told.queries} of {others}: reach {share(told.reach)}{chance}."


# -- a level -----------------------------------------------------------------------------------


def of_level(sight: Sight, block: int, head: int, level: int, compact: bool = False) -> Told:
    """Whether a level is zeroed out or silent, here and elsewhere, and how sure that is over redraws."""
    trace = sight.analysis.traces[block]
    drawn, others = sight.redraws(block), trace.levels - 1
    reason = explain.level(trace, head, level, drawn)
    portraits = (Portrait(level, f"Level {level}", sight.factor(level)),)
    if not others:
        sentence = "There is one level only: it has no other to attend to."
        return Told("Is this level zeroed?", f"level {level}", portraits, sentence, ())
    as_key = f"{reason.queries} of {counted(others, 'query')} may attend to it"
    as_query = f"As a query it may attend to {counted(reason.keys, 'other key')}"
    if reason.zeroed:
        sentence = "Zeroed out: no other query may attend to it"
    elif reason.silent:
        sentence, as_query = "Silent: it may attend to no other key", f"As a key, {as_key}"
    else:
        sentence = f"No: {as_key}"
    if reason.zeroed and reason.silent:
        as_query = "Silent too: it may attend to no other key"
    details = [explain.level_told(reason), level_beside(sight.beside, block, head, level)]
    if drawn is not None:
        shares = [percent(float(part[head, level])) for part in (drawn.zeroed, drawn.silent)]
        details.append(f"Over {drawn.draws} redraws: zeroed in {shares[0]}, silent in {shares[1]}.")
    details.append(
        f"{as_query}. It receives weight {reason.received:.3f} (equal share {1 / trace.levels:.3f})."
    )
    title = "zeroed" if reason.zeroed else "silent" if reason.silent else ""
    return Told(
        f"Why is this level {title}?" if title else "Is this level zeroed?",
        f"level {level}",
        portraits,
        sentence,
        tuple(words for words in details if words),
        grid=tuple(
            tuple(sight.reach_cell(b, h, level) for h in range(trace.heads))
            for b in range(len(sight.analysis.traces))
        ),
        grid_title="Reach",
        foot=_where(sight, level),
    )


def _where(sight: Sight, level: int) -> tuple[str, ...]:
    """In which heads a level is zeroed, and in which it is silent."""
    total = sight.zeroed.shape[0] * sight.zeroed.shape[1]
    made = []
    for word, flags in (("Zeroed", sight.zeroed), ("Silent", sight.silent)):
        found = [
            f"block {block + 1} head {listed((np.flatnonzero(row) + 1).tolist())}"
            for block, row in enumerate(flags[:, :, level])
            if row.any()
        ]
        count = int(flags[:, :, level].sum())
        where = f": {', '.join(found)}" if found else ""
        made.append(f"{word} in {count or 'none'} of {counted(total, 'head')}{where}.")
    return tuple(made)


# -- a head ------------------------------------------------------------------------------------


def of_head(sight: Sight, block: int, head: int) -> Told:
    """Which levels of a head are zeroed or silent, which share the least reach, which are beyond chance."""
    where = f"block {block + 1}, head {head + 1}"
    trace = sight.analysis.traces[block]
    hint = "Point at a cell or a level: why it is full or empty."
    if trace.levels == 1:
        return Told("Why", where, (), "There is one level only: no other to attend to.", (hint,))
    reason = sight.head(block, head)
    sentence = "No level is zeroed out in this head"
    if reason.zeroed:
        sentence = f"Zeroed out in this head: {explain.levels_told(reason.zeroed)}"
    details = [] if reason.zeroed else [explain.least_told(reason)]
    details += [explain.outside_told(reason)] if reason.draws else []
    details += [f"Silent: {explain.levels_told(reason.silent)}."] if reason.silent else []
    details.append(hint)
    any_zeroed = bool(sight.zeroed.any())
    return Told(
        "Which levels are zeroed?",
        where,
        (),
        sentence,
        tuple(details),
        grid=tuple(
            tuple(
                sight.zeroed_cell(b, h) if any_zeroed else sight.least_cell(b, h) for h in range(trace.heads)
            )
            for b in range(len(sight.analysis.traces))
        ),
        grid_title="Zeroed" if any_zeroed else "Least reach",
        foot=_totals(sight, reason),
    )


def _totals(sight: Sight, reason: HeadReason) -> tuple[str, ...]:
    total = sight.zeroed.shape[0] * sight.zeroed.shape[1]
    zeroed, silent = (int(flags.any(-1).sum()) for flags in (sight.zeroed, sight.silent))
    where = f"in {zeroed or 'none'} of {counted(total, 'head')}"
    made = [f"A level is zeroed {where}, silent in {silent or 'none'}."]
    if reason.draws:
        expected = f"{reason.expected_zeroed:.1f} of {reason.levels} levels"
        made.append(f"Chance zeroes {expected} of this head ({reason.draws} redraws).")
    return tuple(made)
