"""What is said of a pair: one wording in the window, the figures and the report."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .reasons import PairReason, TableReason
from .tails import percent_told


def answer_told(reason: PairReason) -> str:
    """Whether the pair is allowed, and in which tables it shares a bucket.

    Example:
        >>> from mrn_core.network import explain
        >>> answer_told(explain.pair(explain.example(), 0, 0, 1))
        'Allowed: they share a bucket in table 1 alone'
    """
    tables, joining = len(reason.tables), joining_tables(reason)
    start = "Allowed" if reason.allowed else "Masked"
    if tables == 1:
        return f"{start}: they share {'a' if joining else 'no'} bucket in the only table"
    if len(joining) == 1:
        return f"{start}: they share a bucket in table {joining[0] + 1} alone"
    count = f"all {tables}" if len(joining) == tables else f"{len(joining) or 'none'} of {tables}"
    return f"{start}: they share a bucket in {count} tables"


def weight_told(reason: PairReason, keys: int) -> str:
    """The weight of an allowed pair beside an equal share of the ``keys`` that its query may attend to.

    Example:
        >>> weight_told(PairReason(True, 0.25, 10.0, 0.9, ()), 8)
        'Weight 0.250: 2.00 times the equal share of 8 allowed keys.'
    """
    allowed = f"{keys} allowed key{'' if keys == 1 else 's'}"
    return f"Weight {reason.weight:.3f}: {reason.weight * keys:.2f} times the equal share of {allowed}."


def turn_told(reason: PairReason) -> str:
    """How near the answer is to the other one; "" where no turn would change it.

    Example:
        >>> from mrn_core.network import explain
        >>> turn_told(explain.pair(explain.example(), 0, 0, 1))
        'A plane of table 1 turned by 45.0° would part them.'
    """
    if (nearest := nearest_table(reason)) is not None:
        table = reason.tables[nearest]
        planes = f"plane{'' if len(table.differing) == 1 else 's'} {_listed(table.differing)}"
        by = "by" if len(table.differing) == 1 else "by up to"
        return (
            f"Table {nearest + 1} would join them if its {planes} turned {by} {degrees_told(table.opens_at)}."
        )
    joining = joining_tables(reason)
    turns = [reason.tables[r].parts_at for r in joining]
    if not turns or any(math.isnan(turn) for turn in turns):
        return ""
    if len(joining) == 1:
        return f"A plane of table {joining[0] + 1} turned by {degrees_told(turns[0])} would part them."
    last = degrees_told(max(turns))
    return f"To part them, {len(joining)} tables would have to: the last by a turn of {last}."


def meeting_told(
    reason: PairReason, redrawn: float | None = None, draws: int = 0, short: bool = False
) -> str:
    """How often such a pair meets by chance.

    Args:
        redrawn: the share of ``draws`` redraws of the planes in which this pair may meet.
        short: for a narrow place.

    Example:
        >>> from mrn_core.network import explain
        >>> reason = explain.pair(explain.example(), 0, 0, 1)
        >>> meeting_told(reason, 0.7424, 625)
        '90° apart: by chance such a pair meets in 75 % of cases (theory), 74 % of 625 redraws.'
        >>> meeting_told(reason, 0.7424, 625, short=True)
        '90° apart; by chance 75 % (theory), 74 % of 625 redraws'
    """
    if not math.isfinite(reason.angle):
        return f"One of the two is zero and has no angle{'' if short else '.'}"
    theory = percent_told(reason.theory)
    drawn = "" if redrawn is None else f", {percent_told(redrawn)} of {draws} redraws"
    if short:
        return f"{reason.angle:.0f}° apart; by chance {theory} (theory){drawn}"
    meets = f"by chance such a pair meets in {theory} of cases (theory){drawn}"
    return f"{reason.angle:.0f}° apart: {meets}."


def table_told(table: TableReason, short: bool = False) -> str:
    """Whether a pair shares the bucket in one table, and how near that is to changing.

    Args:
        short: for a narrow place.

    Example:
        >>> from mrn_core.network import explain
        >>> [table_told(t) for t in explain.pair(explain.example(), 0, 0, 1).tables]
        ['yes, a turn by 45.0° parts them', 'no, a turn by 45.0° joins them']
        >>> table_told(TableReason(0, 7, False, (1, 2, 3), 3.43, 0.0))
        'no, 3 planes must turn, up to 3.4°'
    """
    if table.shared and math.isnan(table.parts_at):
        return "yes, always" if short else "yes, and no turn parts them"
    angle = degrees_told(table.parts_at if table.shared else table.opens_at)
    angle = angle.replace("under ", "<") if short else angle
    if table.shared:
        return f"yes, parts at {angle}" if short else f"yes, a turn by {angle} parts them"
    if len(table.differing) > 1:
        count = f"no, {len(table.differing)} planes"
        up_to = "" if angle.startswith("<") else "≤"
        return f"{count}, {up_to}{angle}" if short else f"{count} must turn, up to {angle}"
    return f"no, joins at {angle}" if short else f"no, a turn by {angle} joins them"


def joining_tables(reason: PairReason) -> list[int]:
    """The tables (from 0) in which the pair shares a bucket.

    Example:
        >>> from mrn_core.network import explain
        >>> joining_tables(explain.pair(explain.example(), 0, 0, 1))
        [0]
    """
    return [r for r, table in enumerate(reason.tables) if table.shared]


def nearest_table(reason: PairReason) -> int | None:
    """The table (from 0) that would join a masked pair first; None for an allowed one.

    Example:
        >>> from mrn_core.network import explain
        >>> nearest_table(explain.pair(explain.example(), 0, 0, 2))
        0
    """
    if reason.allowed:
        return None
    return min(range(len(reason.tables)), key=lambda r: reason.tables[r].opens_at, default=None)


def degrees_told(angle: float) -> str:
    """ "0.4°"; what is smaller than can be written is said to be so.

    Example:
        >>> degrees_told(0.42), degrees_told(0.01), degrees_told(0)
        ('0.4°', 'under 0.1°', '0.0°')
    """
    return "under 0.1°" if 0 < angle < 0.05 else f"{angle:.1f}°"


def _listed(numbers: Sequence[int]) -> str:
    """ "1", "1 and 2", "1, 2 and 3"."""
    told = [str(number) for number in numbers]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
