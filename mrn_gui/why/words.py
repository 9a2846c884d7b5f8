"""What is said of a pair, of a level, and of a head (no Qt; the numbers come from the core)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mrn_core.network import explain
from mrn_gui.selection import Place
from mrn_gui.why.beside import level_beside, pair_beside
from mrn_gui.why.told import (
    CodeRow,
    Portrait,
    Sight,
    Told,
    counted,
    listed,
    lowered,
    percent,
    share,
)


def of_place(sight: Sight, block: int, head: int, place: Place | None, compact: bool = False) -> Told:
    """What is said of the hovered or pinned place; of the head when nothing is pointed at."""
    if place is None:
        return of_head(sight, block, head, compact)
    if place.is_pair:
        return of_pair(sight, block, head, place.query, place.key, compact)
    return of_level(sight, block, head, place.query, compact)


# -- a pair ------------------------------------------------------------------------------------


def of_pair(sight: Sight, block: int, head: int, query: int, key: int, compact: bool = False) -> Told:
    """Which tables join a query and a key, which would join or part them first, and what chance gives."""
    trace = sight.analysis.traces[block]
    reason = explain.pair(trace, head, query, key)
    nearest = explain.nearest_table(reason)
    rows = tuple(
        CodeRow(
            r,
            table.query_code,
            table.key_code,
            table.shared,
            table.differing,
            explain.table_told(table, compact),
            table.shared or r == nearest,
        )
        for r, table in enumerate(reason.tables)
    )
    drawn = sight.redraws(block)
    share_of, draws = (None, 0) if drawn is None else (float(drawn.allowed[head, query, key]), drawn.draws)
    chance = explain.meeting_told(reason, share_of, draws, compact)
    details = [explain.turn_told(reason)]
    if reason.allowed:
        details.insert(0, explain.weight_told(reason, int(trace.mask[head, query].sum())))
    pinned = pair_beside(sight.beside, block, head, query, key, compact)
    if not compact:
        details.append(chance)
        details.insert(0, pinned)
    foot = [pinned, chance] if compact else []
    foot += [_heads_of_pair(sight, block, query, key), _key_told(sight, block, head, key)]
    return Told(
        f"Why is this cell {'full' if reason.allowed else 'empty'}?",
        f"query {query} → key {key}",
        (
            Portrait(query, f"Query {query}", sight.factor(query)),
            Portrait(key, f"Key {key}", sight.factor(key)),
        ),
        explain.answer_told(reason),
        tuple(words for words in details if words),
        rows,
        (f"Query {query}", f"Key {key}", "In one bucket?"),
        foot=tuple(words for words in foot if words),
    )


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
    """Whether a level is zeroed or silent, here and elsewhere, and how sure that is over redraws."""
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
        sentence = "Zeroed: no other query may attend to it"
    elif reason.silent:
        sentence, as_query = "Silent: it may attend to no other key", f"As a key, {as_key}"
    else:
        sentence = f"Not zeroed: {as_key}"
    if reason.zeroed and reason.silent:
        as_query = "Silent too: it may attend to no other key"
    details = [] if drawn is None else _zeroed_by_chance(sight, block, head, level, drawn)
    details.append(explain.level_told(reason, compact))
    if reason.beyond:  # one level outside is no news: it is one of those that were looked at
        whole = sight.head(block, head)
        count = len(whole.below) + len(whole.above)
        many = (
            f"{count} levels of this head lie outside" if count > 1 else "It alone of this head lies outside"
        )
        details.append(f"{many}; {lowered(explain.outside_verdict_told(whole, short=True))}")
    details.append(level_beside(sight.beside, block, head, level))
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


def _zeroed_by_chance(sight: Sight, block: int, head: int, level: int, drawn: explain.Redraws) -> list[str]:
    """How often chance zeroes this level; and, of a head that zeroes some, how often it zeroes as many."""
    shares = [percent(float(part[head, level])) for part in (drawn.zeroed, drawn.silent)]
    made = [
        f"Chance zeroes this level in {shares[0]} of {drawn.draws} redraws, makes it silent in {shares[1]}."
    ]
    whole = sight.head(block, head)
    if (beside := whole.zeroed_beside) is not None and level in whole.zeroed:
        many, often = counted(len(whole.zeroed), "level"), explain.often_told(beside)
        made.append(f"This head zeroes {many}; as many in {often}: {explain.verdict_told(beside)}.")
    return made


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


def of_head(sight: Sight, block: int, head: int, compact: bool = False) -> Told:
    """Which levels of a head are zeroed or silent, which share the least reach, which are beyond chance."""
    where = f"block {block + 1}, head {head + 1}"
    trace = sight.analysis.traces[block]
    hint = "Point at a cell or a level: why it is full or empty."
    if trace.levels == 1:
        return Told("Why", where, (), "There is one level only: no other to attend to.", (hint,))
    reason = sight.head(block, head)
    # Of the zeroed levels the first words are the answer, what chance gives follows.
    sentence, _, more = explain.zeroed_told(reason).rstrip(".").partition(". ")
    least = "" if reason.zeroed else explain.least_told(reason, compact)
    outside = explain.outside_told(reason, compact)
    details = [more and f"{more}.", least, outside, explain.silent_told(reason), hint]
    any_zeroed = bool(sight.zeroed.any())
    return Told(
        "Which levels are zeroed?",
        where,
        (),
        sentence,
        tuple(words for words in details if words),
        grid=tuple(
            tuple(
                sight.zeroed_cell(b, h) if any_zeroed else sight.least_cell(b, h) for h in range(trace.heads)
            )
            for b in range(len(sight.analysis.traces))
        ),
        grid_title="Zeroed" if any_zeroed else "Least reach",
        foot=_totals(sight, compact),
    )


def _totals(sight: Sight, compact: bool) -> tuple[str, ...]:
    """What all heads come to."""
    together = sight.together
    zeroed, silent = (int(flags.any(-1).sum()) for flags in (sight.zeroed, sight.silent))
    where = f"in {zeroed or 'none'} of {counted(together.heads, 'head')}"
    made = [f"A level is zeroed {where}, silent in {silent or 'none'}."]
    if together.outside_beside is not None and together.heads > 1:
        made.append(_more(together, compact))
    return tuple(made)


def _more(together: explain.AllReason, compact: bool) -> str:
    """Which heads have more levels outside than chance gives, of which it is too close to tell, and how many
    would have by chance; in a narrow place what there is most to learn from."""
    more, close = together.outside_more, together.outside_open
    limit = f"by chance up to {explain.LIMIT * together.heads:.1f}"
    if not compact:
        told = f"more than chance: {_heads(more)} ({limit} of {together.heads})"
        return f"Levels outside, {told}; too close to tell: {_heads(close)}."
    if not close:
        return f"More than chance: {_heads(more, 1) if more else f'none of {together.heads} heads'}; {limit}."
    return f"More than chance: {_heads(more, 1)}; too close: {_heads(close, 0 if more else 1)}."


def _heads(some: Sequence[tuple[int, int]], most: int = 2) -> str:
    """Which heads, in few words: of more than ``most`` how many."""
    if len(some) > most:
        return counted(len(some), "head")
    return listed([f"block {block + 1} head {head + 1}" for block, head in some]) or "none"
