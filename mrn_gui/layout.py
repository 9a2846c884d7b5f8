"""How wide and high the panels of *Inspect* are drawn at a given size of the window (no Qt).

Two sizes are drawn by hand, 1280 x 800 and 1920 x 1080; between them everything goes in proportion,
beyond them what is left goes to the matrix, to *Why*, and to the last panel of a column.
"""

from __future__ import annotations

from dataclasses import dataclass

SMALL = (1280, 800)
LARGE = (1920, 1080)
MINIMUM = (1272, 768)
PAGE_LEAST = (1264, 696)  # of the page in a smaller window, where it is scrolled: no words are cut
FOLD_BELOW = 740  # window height under which the *Level* panel shows its header alone
HAIRLINE = 1
LAST_LEAST = 130  # px of height under which hash space and reading give their place to *Why*


@dataclass(frozen=True)
class Sizes:
    """All in px. ``why`` and ``right`` are of the panels at the right of the matrix."""

    top_bar: int
    status: int
    left: int
    clip: int
    level: int
    strip: int
    heads: int
    right: int
    why: int
    reading: int


_SMALL = Sizes(44, 26, 240, 273, 178, 212, 176, 340, 272, 150)
_LARGE = Sizes(48, 28, 352, 366, 322, 298, 266, 600, 340, 236)
_ACROSS = ("left", "heads", "right", "reading")


def drawn_sizes(width: int, height: int) -> Sizes:
    """The sizes for a window of ``width`` x ``height``."""
    across = _share(width, SMALL[0], LARGE[0])
    down = _share(height, SMALL[1], LARGE[1])
    # A clip's or a level's picture is as high as its column's width asks for.
    pictures = min(across, down)
    values = {}
    for name in Sizes.__dataclass_fields__:
        share = across if name in _ACROSS else pictures if name in ("clip", "level", "strip") else down
        if name == "why":  # a wide one has larger type and portraits, which are as high in a low window
            share = max(across, down)
        small, large = getattr(_SMALL, name), getattr(_LARGE, name)
        values[name] = round(small + (large - small) * share)
    return Sizes(**values)


def page_holds_all(width: int, height: int) -> int:
    """The page's height under which a panel has no place in a window of ``width`` x ``height``."""
    sizes = drawn_sizes(width, height)
    return sizes.strip + sizes.why + LAST_LEAST + 2 * HAIRLINE


def _share(value: int, low: int, high: int) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
