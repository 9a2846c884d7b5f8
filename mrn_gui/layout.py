"""How wide and high the panels of *Inspect* are drawn at a given size of the window (no Qt).

Two sizes are drawn by hand, 1280 x 800 and 1920 x 1080; between them everything goes in proportion,
beyond them what is left goes to the matrix, to *Why*, and to the last panel of a column. Where a dock at the
side leaves a page narrower than its height, the columns beside the matrix give way first.
"""

from __future__ import annotations

from dataclasses import dataclass

SMALL = (1280, 800)
LARGE = (1920, 1080)
MINIMUM = (1272, 768)
PAGE_LEAST = (1264, 696)  # of the page in a smaller window, where it is scrolled: no words are cut
FOLD_BELOW = 740  # window height under which the *Level* panel shows its header alone
HAIRLINE = 1
LEVEL_LEAST = 132  # px of height that the *Level* panel keeps while *What if* has no room for its rows
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
_PICTURES = ("clip", "level")
_BESIDE = (240 + 176 + 340, 352 + 266 + 600)  # px of the columns beside the matrix, in both drawn sizes
_HEADS_WHOLE, _MATRIX_WHOLE = 222, 610  # px of width from which their words are whole


def drawn_sizes(width: int, height: int) -> Sizes:
    """The sizes for a window of ``width`` x ``height``."""
    wide, down = _share(width, SMALL[0], LARGE[0]), _share(height, SMALL[1], LARGE[1])
    strip = _between("strip", min(wide, down))  # its frames are as high as they are wide
    bars = _between("top_bar", down) + _between("status", down)
    matrix = height - bars - strip - 7  # px of width that a matrix as high as its place asks for
    across = min(wide, _share(width - matrix - 3, *_BESIDE))
    values = {}
    for name in Sizes.__dataclass_fields__:
        # A clip's or a level's picture is as high as its column's width asks for.
        share = across if name in _ACROSS else min(across, down) if name in _PICTURES else down
        if name == "why":  # a wide one has larger type and portraits, which are as high in a low window
            share = max(across, down)
        values[name] = _between(name, share)
    values["strip"] = strip
    if width - values["left"] - values["right"] - _HEADS_WHOLE - 3 >= _MATRIX_WHOLE:
        values["heads"] = max(values["heads"], _HEADS_WHOLE)
    return Sizes(**values)


def height_for_all(width: int, bars: int) -> int:
    """The least height of a page of ``width`` in which no panel gives its place to another.

    Args:
        bars: px of height of the window's bars around the page.
    """
    for body in range(400, LARGE[1]):
        sizes = drawn_sizes(width, body + bars)
        if body + bars >= FOLD_BELOW and body - sizes.strip - sizes.why - 2 * HAIRLINE >= LAST_LEAST:
            return body
    return LARGE[1]


def page_holds_all(width: int, height: int) -> int:
    """The page's height under which a panel has no place in a window of ``width`` x ``height``."""
    sizes = drawn_sizes(width, height)
    return sizes.strip + sizes.why + LAST_LEAST + 2 * HAIRLINE


def _between(name: str, share: float) -> int:
    """A size between the small one and the large one."""
    small, large = (int(getattr(sizes, name)) for sizes in (_SMALL, _LARGE))
    return round(small + (large - small) * share)


def _share(value: int, low: int, high: int) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
