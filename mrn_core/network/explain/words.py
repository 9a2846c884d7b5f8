"""What is said of the reach of a head's levels, and of one level, beside chance: one wording everywhere."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .chance import Array
from .reasons import AllReason, Beyond, HeadReason, LevelReason
from .tails import LIMIT, Tail, as_many_told, often_told, verdict_told

MOST = 10  # parts of a list: more are not read
APART = 4  # as many are told one by one
_RANGE = "nine of ten redraws"


def levels_told(levels: Sequence[int]) -> str:
    """ "level 6", "levels 0–2, 6 and 25–31", "no level".

    Example:
        >>> levels_told([0, 1, 2, 6, 8, 9])
        'levels 0–2, 6, 8 and 9'
    """
    if not levels:
        return "no level"
    return f"level{'' if len(levels) == 1 else 's'} {runs_told(levels)}"


def runs_told(levels: Sequence[int]) -> str:
    """Numbers in ascending order; three and more that follow each other as their first and last.

    Of what breaks into more than ``MOST`` parts, the rest is counted.

    Example:
        >>> runs_told([25, 26]), runs_told([7, 8, 9])
        ('25 and 26', '7–9')
        >>> runs_told(range(0, 32, 2))
        '0, 2, 4, 6, 8, 10, 12, 14, 16, 18 and 6 more'
    """
    runs: list[list[int]] = []
    for level in levels:
        if runs and level == runs[-1][-1] + 1:
            runs[-1].append(level)
        else:
            runs.append([level])
    parts: list[str] = []
    told = 0
    for run in runs:
        if len(parts) >= MOST:
            parts.append(f"{len(levels) - told} more")
            break
        parts += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(level) for level in run]
        told += len(run)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def least_told(reason: HeadReason, short: bool = False) -> str:
    """Which levels share the least reach of a head, and whether redraws have one as small.

    Args:
        short: for a narrow place.

    Example:
        >>> from mrn_core.network import explain
        >>> least_told(explain.head(explain.example(), 0))
        '2 levels share the least reach, 0.50: 0 and 2.'
    """
    if math.isnan(reason.reach):
        return "There is one level only, and no other to attend to it."
    count = len(reason.least)
    if count == reason.levels:
        said = f"All {count} levels have the same reach, {reason.reach:.2f}"
    elif count == 1:
        said = f"Least reach: level {reason.least[0]}, {reason.reach:.2f}"
    else:
        said = f"{count} levels share the least reach, {reason.reach:.2f}: {runs_told(reason.least)}"
    if (beside := reason.least_beside) is None:
        return f"{said}."
    if short:
        return f"{said}. As little in {often_told(beside)}: {verdict_told(beside)}."
    far = f"the least reach is {reason.reach:.2f} or less"
    return f"{said}. In {often_told(beside)} of the planes {far}: {verdict_told(beside)}."


def outside_told(reason: HeadReason, short: bool = False) -> str:
    """Which levels of a head lie outside their own range of chance, and whether so many are more than
    chance; "" without redraws, or with one level.

    Args:
        short: for a narrow place: without each level's reach and the end of its range.

    Example:
        >>> from mrn_core.network import explain
        >>> outside_told(explain.head(explain.example(), 0, explain.redraws(explain.example(), 99)))
        'No level lies outside its own range (nine of ten redraws); 0.0 do on average: not more than chance.'
    """
    if (beside := reason.outside_beside) is None:
        return ""
    count = len(reason.below) + len(reason.above)
    chance = "" if short else f" ({_RANGE})"
    if not count:
        average = f"{beside.mean:.1f} do on average: not more than chance"
        return f"No level lies outside its own range{chance}; {average}."
    sides = (("under it", reason.below, "from"), ("over it", reason.above, "up to"))
    where = "; ".join(
        f"{side} {runs_told([found.level for found in some]) if short else _beyond_told(some, end)}"
        for side, some, end in sides
        if some
    )
    lie = "1 level lies outside its" if count == 1 else f"{count} levels lie outside their"
    return f"{lie} own range{chance}: {where}. {outside_verdict_told(reason, short)}"


def outside_verdict_told(reason: HeadReason, short: bool = False) -> str:
    """Whether as many levels outside as this head has are more than chance; "" where none are.

    Args:
        short: for a narrow place.

    Example:
        >>> from mrn_core.network import explain
        >>> outside_verdict_told(explain.head(explain.example(), 0, explain.redraws(explain.example(), 99)))
        ''
    """
    count = len(reason.below) + len(reason.above)
    if (beside := reason.outside_beside) is None or not count:
        return ""
    start = "As many" if short else f"{count} or more do so"
    return f"{start} in {often_told(beside)}: {verdict_told(beside)}."


def zeroed_told(reason: HeadReason) -> str:
    """Which levels a head zeroes, and whether so many are more than chance.

    Example:
        >>> from mrn_core.network import explain
        >>> zeroed_told(explain.head(explain.example(), 0))
        'No level is zeroed.'
    """
    beside, count = reason.zeroed_beside, len(reason.zeroed)
    if not count:
        return "No level is zeroed." if beside is None else f"No level is zeroed; {_zeroes(beside)}."
    said = f"Zeroed: {levels_told(reason.zeroed)}."
    if beside is None:
        return said
    return f"{said} {count} or more are in {often_told(beside)}: {verdict_told(beside)}."


def silent_told(reason: HeadReason) -> str:
    """Which levels are silent; "" where none are.

    Example:
        >>> silent_told(HeadReason(8, (), (3, 4, 5), 0.2, (1,)))
        'Silent: levels 3–5.'
    """
    return f"Silent: {levels_told(reason.silent)}." if reason.silent else ""


def head_told(reason: HeadReason, short: bool = False) -> list[str]:
    """All that is said of one head: what is zeroed or silent, the least reach, what lies outside chance.

    Args:
        short: for a narrow place.

    >>> from mrn_core.network import explain
    >>> head_told(explain.head(explain.example(), 0))
    ['No level is zeroed.', '2 levels share the least reach, 0.50: 0 and 2.']
    """
    if math.isnan(reason.reach):
        return [least_told(reason)]
    least = "" if reason.zeroed else least_told(reason, short)
    told = (zeroed_told(reason), least, outside_told(reason, short), silent_told(reason))
    return [words for words in told if words]


def all_told(reason: AllReason) -> list[str]:
    """What is said of all heads together, and how many of them alone are more than chance.

    >>> from mrn_core.network import explain
    >>> trace = explain.example()
    >>> all_told(explain.all_heads([explain.heads(trace)]))
    ['No level is zeroed in the only head.']
    """
    return [
        words for words in (_all_zeroed_told(reason), _all_outside_told(reason), _each_told(reason)) if words
    ]


def _all_zeroed_told(reason: AllReason) -> str:
    """How many levels all heads zero, and whether that is more than chance."""
    beside, count = reason.zeroed_beside, reason.zeroed
    if not count:
        where = "the only head" if reason.heads == 1 else f"any of {reason.heads} heads"
        return f"No level is zeroed in {where}{'' if beside is None else f'; {_zeroes(beside)}'}."
    said = f"{count} zeroed level{'' if count == 1 else 's'}"
    said += "" if reason.heads == 1 else f", counted in each of {reason.heads} heads"
    return f"{said}." if beside is None else f"{said}; {as_many_told(count, beside)}."


def _all_outside_told(reason: AllReason) -> str:
    """How many levels of all heads lie outside their own range, and whether that is more than chance."""
    if (beside := reason.outside_beside) is None:
        return ""
    count = int(beside.found)
    if not count:
        return f"No level lies outside its own range; {beside.mean:.1f} do on average: not more than chance."
    each = "" if reason.heads == 1 else f"{reason.heads} × "
    lie = "lies outside its" if count == 1 else "lie outside their"
    of = f"{count} of {each}{reason.levels // reason.heads} levels"
    return f"{of} {lie} own range ({_RANGE}); {as_many_told(count, beside)}."


def _each_told(reason: AllReason) -> str:
    """Which heads alone are more than chance, beside how many of so many are so by chance; "" for one."""
    if reason.outside_beside is None or reason.heads == 1:
        return ""
    outside, least = places_told(reason.outside_more), places_told(reason.least_more)
    said = f"the levels outside are more than chance in {outside}, the least reach in {least}"
    if reason.outside_open or reason.least_open:
        close = f"too close to tell with {reason.outside_beside.draws} redraws"
        outside, least = places_told(reason.outside_open), places_told(reason.least_open)
        said += f"; {close}: the levels outside in {outside}, the least reach in {least}"
    limit = f"{LIMIT * reason.heads:.1f} heads are more than chance in each of the two"
    return f"Of {reason.heads} heads one by one, {said}. By chance alone up to {limit}."


def level_told(reason: LevelReason, short: bool = False) -> str:
    """One level's reach beside what chance gives it. Of many levels some lie outside: that is no verdict.

    Args:
        short: for a narrow place.

    Example:
        >>> from mrn_core.network import explain
        >>> level_told(explain.level(explain.example(), 0, 1))
        'Reach 1.00.'
    """
    if math.isnan(reason.chance):
        return (
            "Reach undefined: there is one level only."
            if math.isnan(reason.reach)
            else (f"Reach {reason.reach:.2f}.")
        )
    beyond = {-1: "under", 0: "within", 1: "over"}[reason.beyond]
    if short:
        ends = f"{reason.low:.2f} to {reason.high:.2f}"
        return f"Reach {reason.reach:.2f}, {beyond} its own range of chance, {ends}."
    return (
        f"Reach {reason.reach:.2f}, {beyond} its own range of chance: {reason.chance:.2f} on average, "
        f"{reason.low:.2f} to {reason.high:.2f} in nine of ten redraws."
    )


def least_place_told(reach: Array) -> str:
    """The least reach of a block and every place that has it.

    Args:
        reach: (h, L); NaN when L = 1.

    Example:
        >>> least_place_told(np.array([[0.5, 0.2, 0.2], [0.2, 0.4, 0.9]]))
        '0.20 (head 1: levels 1 and 2; head 2: level 0)'
    """
    if np.isnan(reach).any():
        return "undefined"
    least = float(reach.min())
    places = [
        f"head {h + 1}: {levels_told(np.flatnonzero(row == least).tolist())}"
        for h, row in enumerate(reach)
        if (row == least).any()
    ]
    return f"{least:.2f} ({'; '.join(places)})"


def _beyond_told(some: Sequence[Beyond], end: str) -> str:
    """Levels outside their range, each with its reach and the range's end; of many, from what to what."""
    alike: dict[tuple[float, float], list[int]] = {}
    for found in some:
        alike.setdefault((found.reach, found.end), []).append(found.level)
    if len(alike) > APART:
        reaches, ends = _span([found.reach for found in some]), _span([found.end for found in some])
        verb = "start at" if end == "from" else "end at"
        return f"{runs_told([found.level for found in some])} (reach {reaches}; their ranges {verb} {ends})"
    parts: list[str] = []
    for (reach, far), levels in alike.items():
        digits = _digits(reach, far)
        words = ("", "") if parts else ("reach ", "range ")
        parts.append(f"{runs_told(levels)} ({words[0]}{reach:.{digits}f}, {words[1]}{end} {far:.{digits}f})")
    return ", ".join(parts)


def _digits(one: float, other: float) -> int:
    """Two, or as many as tell two shares of very many levels apart."""
    return next((digits for digits in (2, 3) if f"{one:.{digits}f}" != f"{other:.{digits}f}"), 4)


def _zeroes(beside: Tail) -> str:
    return f"redraws zero {beside.mean:.1f} on average"


def places_told(some: Sequence[tuple[int, int]]) -> str:
    """How many heads there are, and which; of many, the first.

    Args:
        some: block and head of each, from 0.

    Example:
        >>> places_told([]), places_told([(0, 6), (1, 7)])
        ('none', '2 (block 1, head 7; block 2, head 8)')
    """
    if not some:
        return "none"
    parts = [f"block {block + 1}, head {head + 1}" for block, head in some[:APART]]
    parts += [f"{len(some) - APART} more"] if len(some) > APART else []
    return f"{len(some)} ({'; '.join(parts)})"


def _span(numbers: Sequence[float]) -> str:
    one, two = f"{min(numbers):.2f}", f"{max(numbers):.2f}"
    return one if one == two else f"{one} to {two}"
