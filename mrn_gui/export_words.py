"""What the export's dialog says: what is drawn, what a view waits for, what was written (no Qt)."""

from __future__ import annotations

from collections.abc import Sequence

from mrn_core.figures.scene import Scene, example_pair
from mrn_core.figures.views import View

NAMED = 3  # files: the rest is counted


def where_words(scene: Scene | None, pinned_as: Sequence[str] | None) -> str:
    """Which head, table and pair the views show, and of which pinned state.

    Args:
        pinned_as: what the pinned state has otherwise, where there is one to compare with.
    """
    if scene is None:
        return ""
    said = f"Views of one head show {scene.where}, table {scene.table + 1}; "
    if scene.pair is not None:
        said += f"the pair q{scene.pair[0]}→k{scene.pair[1]} is explained"
    else:
        query, key = example_pair(scene.trace, scene.head)
        empty = "an empty cell" if not scene.trace.mask[scene.head, query, key] else "no cell being empty"
        said += f"the pair q{query}→k{key}, {empty}, is explained: pin one to choose"
    if scene.before is not None and pinned_as is not None:
        said += f". Pinned state: {', '.join(pinned_as)}"
    return f"{said}."


def needs_words(view: View) -> str:
    """What a view that cannot be drawn waits for."""
    if view.needs_before:
        return "Pin a state in What if, then change a setting: the difference is drawn"
    return "The motion over the clip is not measured yet"


def written_words(names: Sequence[str], folder: str) -> str:
    """Which files are there now, the first few by name.

    Example:
        >>> written_words(["a.svg", "b.svg"], "out"), written_words(list("abcde"), "out")
        ('2 files written to out: a.svg, b.svg.', '5 files written to out: a, b, c and 2 more.')
    """
    files = "1 file" if len(names) == 1 else f"{len(names)} files"
    return f"{files} written to {folder}: {some(names)}."


def some(names: Sequence[str]) -> str:
    """The first few, and how many more."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
