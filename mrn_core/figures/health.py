"""Whether the hash tells levels apart at all: the table of shares, a row a block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .page import Page, Sheet, line_height, wrapped
from .scene import Scene
from .style import QUIET

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = {
    "density": "density",
    "near": "near",
    "far": "far",
    "corner": "corner",
    "all_or_none": "all or none",
    "unrelated": "unrelated",
}
_TOLD = (
    "Shares of pairs that may attend, over the heads of a block. near: levels at most 3 apart; far: at "
    "least half of all levels apart; corner: the last quarter of the levels by itself; all or none: heads "
    "under 3 % or over 97 % full; unrelated: what vectors that have nothing to do with each other would "
    "give. Healthy: near is well above unrelated, far below it, and no head is all or none."
)


def health_figure(scene: Scene, on: Page) -> Figure:
    """The numbers of ``explain.health`` to two digits, a row a block, "–" where one is not defined; the
    chosen block is bold."""
    found = scene.analysis.health()
    unit = line_height(on.label)
    width = on.width - 2 * on.margin
    first = 0.14 * width
    room = (width - first) / len(COLUMNS)
    words = wrapped(_TOLD, width, on.small)
    table = 1.3 * unit * (len(found) + 1)
    low = line_height(on.small) * (words.count("\n") + 1) + 0.6 * unit
    sheet = Sheet(on, [scene.analysis], "Health of the hash", table + low)
    for i, name in enumerate(COLUMNS.values()):
        sheet.write(first + (i + 1) * room, 0.65 * unit, name, on.small, ha="right", va="center", color=QUIET)
    for b, numbers in enumerate(found):
        y = 1.3 * unit * (b + 1.5)
        weight = "bold" if b == scene.block else "normal"
        sheet.write(0, y, f"Block {b + 1}", on.label, va="center", weight=weight)
        for i, name in enumerate(COLUMNS):
            value = numbers[name]
            told = "–" if value is None else f"{value:.2f}"
            x = first + (i + 1) * room
            sheet.write(x, y, told, on.label, ha="right", va="center", weight=weight)
    sheet.write(0, table + 0.6 * unit, words, on.small, va="top", color=QUIET)
    return sheet.figure
