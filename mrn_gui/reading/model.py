"""The reading in the order and the words in which it is shown (no Qt)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mrn_core.result import Analysis
from mrn_gui.selection import Place


@dataclass(frozen=True)
class Bar:
    """One label with its probability and the share of the width that its bar takes."""

    label: str
    probability: float
    share: float


def bars(analysis: Analysis) -> list[Bar]:
    """The labels, the most probable first; equal ones keep their order.

    The full width is one half, or the next tenth above the largest probability.
    """
    known = [value for value in analysis.probabilities.values() if math.isfinite(value)]
    top = max(0.5, math.ceil(max(known, default=0) * 10 - 1e-9) / 10)
    rows = sorted(analysis.probabilities.items(), key=lambda row: -row[1])
    return [Bar(label, value, value / top if math.isfinite(value) else 0.0) for label, value in rows]


def beta_words(analysis: Analysis, place: Place | None, short: bool = False) -> str:
    """How much the level that is pointed at counts in the reading (beta), or all of them, in one sentence."""
    scores = analysis.scores
    count, least, most = len(scores), float(scores.min()), float(scores.max())
    if count == 1:
        return f"The only level counts {float(scores[0]):.2f} (beta)."
    if place is None or place.main >= count:
        if f"{least:.2f}" == f"{most:.2f}":
            return f"Every level counts {most:.2f} (beta)."
        largest = int(np.argmax(scores))
        if short:
            return f"Beta {least:.2f} to {most:.2f}, largest at level {largest}."
        return f"Levels count {least:.2f} to {most:.2f} (beta), level {largest} most."
    level = place.main
    score, place_by_size = float(scores[level]), int((scores > scores[level]).sum()) + 1
    rank = ordinal(place_by_size)
    if short and count >= 100:  # the longer words have no room then
        return f"Beta of level {level}: {score:.2f}, rank {place_by_size} of {count}."
    if short:
        return f"Beta of level {level}: {score:.2f}, {rank} of {count}."
    share = score / float(scores.sum()) if scores.sum() > 0 else 0.0
    said = f"Level {level} counts {score:.2f} (beta), {rank} of {count}"
    return f"{said}; that is {share:.3f} of the weighted mean."


def ordinal(rank: int) -> str:
    """The largest, the 2nd largest, ..."""
    if rank == 1:
        return "the largest"
    ending = "th" if 10 <= rank % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"the {rank}{ending} largest"
