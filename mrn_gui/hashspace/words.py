"""What is said of the hash space: its views, its cuts, its signs (no Qt)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mrn_core.network.explain import runs_told
from mrn_core.network.projection import CENTRE, DASHED, LEAST, Axes, Cut, meets_told
from mrn_gui.selection import Place

NARROW = 30.0  # degrees: planes through the origin hardly part such a cone
HASH_SPACE = (
    "Hash space (LSH, Fig. 3): each point is a level in the colour of its bucket, each line a hyper-plane. "
    "Two points on one side of every plane share a bucket."
)
LINES = f"{DASHED[0].upper()}{DASHED[1:]}."
SIGNS = (
    f"× centre: {CENTRE}. + origin: where all hyper-planes meet, from which directions are hashed. "
    "The thin line goes from level to level."
)
SPREAD = (
    "Spread: of the squared distances of queries and keys from their centre, the share that this view shows; "
    "the rest lies behind it."
)
EXACT = (
    "Shows two planes that part the pinned pair, whose cuts are then exact: a full line between two points "
    "is a bit in which they differ."
)
CONE = (
    "All within so many degrees of one direction: planes through the origin seldom part a narrow bundle, and "
    "put all its levels into one bucket."
)


def axes_words(axes: Axes) -> tuple[str, str]:
    """What a choice of the plane is called, and what it is, in a sentence."""
    if axes == "spread":
        return "PCA", f"The two directions in which the levels differ most (PCA): {meets_told(axes)}"
    if axes == "origin":
        return "Origin", (
            f"The two directions that keep most of the vectors' length: {meets_told(axes)}, so that one sees "
            "how narrow a bundle they have to part"
        )
    first, second = axes
    return f"Planes {first}, {second}", (
        f"Spanned by hyper-planes {first} and {second} of the table: their cuts are exact, every point "
        f"stands on its own side of both ({meets_told(axes)})"
    )


def choice_words(axes: Axes, parted: Sequence[int]) -> str:
    """The choice of a plane, and which of its planes part the pair that is pinned or pointed at.

    Example:
        >>> choice_words((2, 3), (2, 3)), choice_words((1, 2), (2, 3)), choice_words("origin", (2,))
        ('Planes 2, 3: exact, both part the pair', 'Planes 1, 2: exact, 2 parts the pair', 'Origin')
    """
    name = axes_words(axes)[0]
    here = [] if isinstance(axes, str) else [m for m in axes if m in parted]
    if not here:
        return name
    return f"{name}: exact, " + ("both part the pair" if len(here) == 2 else f"{here[0]} parts the pair")


def exact_words(planes: int, table: int, place: Place | None, parted: Sequence[int], on: bool) -> str:
    """What the button of the exact view does for a pinned pair, or why it does nothing.

    Args:
        planes: of each table; table: from 0.
        parted: the planes that part the pair; on: whether the exact view is followed.
    """
    if planes < 2:
        return "A table of one plane has no view that two planes span" if planes else EXACT
    if place is None or not place.is_pair:
        return f"{EXACT} Pin a pair first."
    pair = f"query {place.query} and key {place.key}"
    if not parted:
        why = f"No plane of table {table + 1} parts {pair}: they share a bucket."
        return f"{why} The exact view is back in a table where one does." if on else f"{EXACT} {why}"
    parts = f"plane{'' if len(parted) == 1 else 's'} {runs_told(parted)}"
    parts = f"{parts.capitalize()} of table {table + 1} part{'s' if len(parted) == 1 else ''} {pair}."
    if on:
        return f"{parts} The view follows the pair, the head and the table. Press: back to the view before."
    return f"{EXACT} {parts}"


def cut_name(cut: Cut) -> tuple[str, ...]:
    """What stands at a cut, and shorter; a percentage where it is not the bit of every point."""
    if cut.holds:
        return f"plane {cut.plane}", str(cut.plane)
    return f"plane {cut.plane}, {cut.share}", f"{cut.plane}, {cut.share}", str(cut.plane)


def cut_words(cut: Cut) -> str:
    """What one line is, when the pointer rests on it."""
    if cut.exact:
        return f"Plane {cut.plane}: exact in this view, every point stands on its own side."
    if cut.holds:
        return f"Plane {cut.plane} cuts at an angle to this view, but every point stands on its own side."
    return (
        f"Plane {cut.plane} cuts at an angle to this view, so some points stand on the wrong side of its "
        f"line: {cut.share} stand on the right one. In a view of plane {cut.plane} and another it is exact."
    )


def undrawn_words(outside: Sequence[int], unclear: Sequence[int]) -> str:
    """Why planes are not drawn: those that do not cross the view, and those right for too few points."""
    told = []
    if outside:
        one = len(outside) == 1
        planes = f"Plane {outside[0]} lies" if one else f"Planes {runs_told(outside)} lie"
        told.append(
            f"{planes} outside this view: all points are drawn on one side of {'it' if one else 'each'}."
        )
    if unclear:
        one = len(unclear) == 1
        planes = f"Plane {unclear[0]}" if one else f"Planes {runs_told(unclear)}"
        told.append(
            f"{planes} cannot be shown in this view: under {100 * LEAST:.0f} % of the points would stand on "
            f"the right side of {'its' if one else 'each'} line, little better than chance. In a view of a "
            "plane and another it is exact."
        )
    return "\n".join(told)


def angle_words(degrees: float) -> str:
    """What the bar that tells an angle says, and what it means."""
    return f"{degrees:g}°"


def bar_words(degrees: float) -> str:
    """What the bar means."""
    return (
        f"The bar measures the angle from a point to a full line: a query or key of middle length that "
        f"stands so far from it is {degrees:g}° from that plane. Why tells the angle of each."
    )


def spread_words(spread: float) -> str:
    """How much of the spread a view shows; "" where there is none."""
    return f"{100 * spread:.0f} % of spread" if math.isfinite(spread) else ""


def cone_words(cone: float, short: bool = False) -> str:
    """How narrow the bundle is that planes through the origin have to part."""
    if not math.isfinite(cone):
        return "No direction in common"
    if cone < NARROW:
        return (
            f"All within {cone:.0f}°: hard to part"
            if short
            else (f"All within {cone:.0f}° of one direction: hard to part")
        )
    return f"All within {cone:.0f}°" if short else f"All within {cone:.0f}° of one direction"
