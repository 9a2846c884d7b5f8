"""What a report says of an analysis in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mrn_core.figures.style import counted
from mrn_core.network.explain import Redraws, as_many_told, least_place_told, often_told, tail, verdict_told
from mrn_core.result import Analysis


def block_sentences(analysis: Analysis, chance: Sequence[Redraws] | None) -> list[str]:
    """For each block: how many pairs meet, which levels are zeroed, and what chance would have given."""
    reach, zeroed, silent = analysis.reach(), analysis.zeroed(), analysis.silent()
    made = []
    for b, health in enumerate(analysis.health()):
        density, unrelated = health["density"] or 0.0, health["unrelated"] or 0.0
        said = [f"{density:.0%} of pairs may meet (unrelated vectors: {unrelated:.0%})"]
        drawn = None if chance is None else chance[b]
        said.append(_zeroed(zeroed[b], drawn))
        if silent[b].any():
            said.append(counted(int(silent[b].sum()), "silent query", "silent queries"))
        if not zeroed[b].any() and not np.isnan(reach[b]).any():
            said.append(_least(reach[b], drawn))
        made.append(f"Block {b + 1}: {'; '.join(said)}.")
    return made


def _least(reach: np.ndarray, drawn: Redraws | None) -> str:
    """The least reach of a block and where it is, beside the least that any head of each redraw gives."""
    said = f"least reach {least_place_told(reach)}"
    if drawn is None:
        return said
    beside = tail(float(reach.min()), drawn.least.min(0), low=True)
    return f"{said}, as little in {often_told(beside)}: {verdict_told(beside)}"


def _zeroed(flags: np.ndarray, drawn: Redraws | None) -> str:
    """ "no level is zeroed", or how many are, counted in each head, beside what chance gives."""
    count = int(flags.sum())
    beside = None if drawn is None else tail(count, drawn.zeroed_counts.sum(0))
    if not count:
        said = "no level is zeroed in any head"
        return said if beside is None else f"{said} (redraws zero {beside.mean:.1f} on average)"
    places = [f"level {level} in head {head + 1}" for head, level in np.argwhere(flags)]
    are = "is" if count == 1 else "are"
    each = "" if len(flags) == 1 else ", counted in each head,"
    said = f"{count} of {flags.size} levels{each} {are} zeroed: {', '.join(places)}"
    return said if beside is None else f"{said} ({as_many_told(count, beside)})"
