"""What the pinned state says of a pair or a level, beside the present one (no Qt)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrn_core.network import explain
from mrn_core.network.explain import PairReason
from mrn_gui.attention.values import code_text
from mrn_gui.why.told import listed, share

if TYPE_CHECKING:
    from mrn_gui.whatif.pinned import Difference

CODES = 2  # as many tables' codes are written out


def pair_beside(
    difference: Difference | None, block: int, head: int, query: int, key: int, compact: bool = False
) -> str:
    """The pair in the pinned state and now, with both weights, and whether it opened or closed.

    "" where nothing is pinned. The codes are those of the pinned tables that joined the pair, or, where none
    did, of the table that came nearest to it.
    """
    if difference is None:
        return ""
    pairs = difference.pairs
    if pairs is None:
        return f"The pinned state has no such pair: {difference.why}."
    before = explain.pair(pairs.before[block], head, query, key)
    planes = pairs.before[block].planes
    allowed = bool(pairs.now[block].mask[head, query, key])
    weight = float(pairs.now[block].weights[head, query, key])
    was = _was(before, planes, compact)
    now = _state(allowed, weight, compact)
    found = {
        (True, True): "allowed in both",
        (False, True): "opened",
        (True, False): "closed",
        (False, False): "masked in both",
    }[before.allowed, allowed]
    head_of = "Pinned state, at other AF" if difference.other_levels else "Pinned state"
    arrow = " → " if compact else " → now "
    return f"{head_of}: {was}{arrow}{now}: {found}."


def level_beside(difference: Difference | None, block: int, head: int, level: int) -> str:
    """The level's reach in the pinned state and now, zeroed or silent where it was or is so; "" likewise."""
    if difference is None:
        return ""
    pairs = difference.pairs
    if pairs is None:
        return f"The pinned state has no such level: {difference.why}."
    states = []
    for trace in (pairs.before[block], pairs.now[block]):
        reason = explain.level(trace, head, level)
        ends = [word for word, so in (("zeroed", reason.zeroed), ("silent", reason.silent)) if so]
        states.append(" ".join([share(reason.reach), *([f"({listed(ends)})"] if ends else [])]))
    head_of = "Pinned state, at other AF" if difference.other_levels else "Pinned state"
    return f"{head_of}: reach {states[0]} → now {states[1]}."


def _was(reason: PairReason, planes: int, compact: bool) -> str:
    joining = [r for r, table in enumerate(reason.tables) if table.shared]
    if joining:
        codes = [code_text(reason.tables[r].query_code, planes) for r in joining[:CODES]]
        if len(joining) > CODES:
            codes.append(f"{len(joining) - CODES} more")
        if compact:
            codes = codes[:1] + (["…"] if len(joining) > 1 else [])
            return f"allowed ({' '.join(codes)}) {reason.weight:.3f}"
        where = f"table{'' if len(joining) == 1 else 's'} {listed([r + 1 for r in joining])}"
        word = "code" if len(joining) == 1 else "codes"
        return f"allowed in {where} ({word} {listed(codes)}), weight {reason.weight:.3f}"
    r = min(range(len(reason.tables)), key=lambda n: reason.tables[n].opens_at)
    nearest = reason.tables[r]
    query, key = (code_text(code, planes) for code in (nearest.query_code, nearest.key_code))
    if compact:
        return f"masked ({query}, {key})"
    return f"masked (codes {query} and {key} in table {r + 1}, the nearest)"


def _state(allowed: bool, weight: float, compact: bool) -> str:
    if not allowed:
        return "masked"
    return f"allowed {weight:.3f}" if compact else f"allowed, weight {weight:.3f}"
