"""What is said of the reach of a head's levels, and of one level, beside chance: one wording everywhere."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .chance import Array
from .reasons import HeadReason, LevelReason

MOST = 10  # parts of a list: more are not read


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


def least_told(reason: HeadReason) -> str:
    """Which levels share the least reach of a head, and what chance gives them.

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
    if not reason.draws:
        return f"{said}."
    mean = _span(*reason.chance)
    low, high = f"{reason.low:.2f}", f"{reason.high:.2f}"
    return f"{said}; by chance {mean} on average, nine of ten redraws lie within {low} to {high}."


def outside_told(reason: HeadReason) -> str:
    """Which levels of a head lie outside what chance gives; "" without redraws, or with one level.

    Example:
        >>> from mrn_core.network import explain
        >>> outside_told(explain.head(explain.example(), 0, explain.redraws(explain.example(), 99)))
        'Outside what nine of ten redraws give: no level (by chance about 0 of 3).'
    """
    if not reason.draws or math.isnan(reason.reach):
        return ""
    found = []
    if reason.below:
        found.append(f"{levels_told(reason.below)} below")
    if reason.above:
        found.append(f"{levels_told(reason.above)} above")
    said = ", ".join(found) or "no level"
    return (
        f"Outside what nine of ten redraws give: {said} "
        f"(by chance about {reason.expected:.0f} of {reason.levels})."
    )


def head_told(reason: HeadReason) -> list[str]:
    """All that is said of one head: what is zeroed or silent, the least reach, what lies outside chance.

    >>> from mrn_core.network import explain
    >>> head_told(explain.head(explain.example(), 0))
    ['No level is zeroed out.', '2 levels share the least reach, 0.50: 0 and 2.']
    """
    if math.isnan(reason.reach):
        return [least_told(reason)]
    zeroed = "No level is zeroed out"
    if reason.zeroed:
        zeroed = f"Zeroed out: {levels_told(reason.zeroed)}"
    if reason.draws:
        zeroed += f" (by chance {reason.expected_zeroed:.1f} of {reason.levels} on average)"
    made = [f"{zeroed}."]
    if not reason.zeroed:
        made.append(least_told(reason))
    if reason.draws:
        made.append(outside_told(reason))
    if reason.silent:
        made.append(f"Silent: {levels_told(reason.silent)}.")
    return made


def level_told(reason: LevelReason) -> str:
    """One level's reach beside what chance gives, and whether it lies outside that.

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
    beyond = {-1: "less than chance gives", 0: "as chance gives", 1: "more than chance gives"}[reason.beyond]
    return (
        f"Reach {reason.reach:.2f}, {beyond}: {reason.chance:.2f} on average, "
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


def _span(low: float, high: float) -> str:
    one, two = f"{low:.2f}", f"{high:.2f}"
    return one if one == two else f"{one} to {two}"
