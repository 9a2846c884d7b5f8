"""The numbers of the hash's health as text (no Qt; they come from the core)."""

from __future__ import annotations

import math

TOLD_BY_COLOUR = 3  # digits of a code: there are eight colours

COLUMNS: tuple[tuple[str, str, str], ...] = (
    (
        "density",
        "density",
        "Share of all pairs that may attend (the index set Ω, Eq. 5), over the heads of a block.",
    ),
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


def colours_words(planes: int, short: bool = False) -> str:
    """That colours repeat, where a code has more digits than colours tell; "" where each has its own.

    Example:
        >>> colours_words(5, short=True), colours_words(3)
        ('colour: first 3 digits', '')
    """
    if planes <= TOLD_BY_COLOUR:
        return ""
    if short:
        return f"colour: first {TOLD_BY_COLOUR} digits"
    return (
        f"The colour tells the first {TOLD_BY_COLOUR} of the code's {planes} digits: "
        f"{2 ** (planes - TOLD_BY_COLOUR)} buckets share each colour, only the code tells them apart."
    )
