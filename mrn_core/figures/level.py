"""One level large, between the onset and the apex, with what the chosen head makes of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .page import Page, Sheet, line_height, wrapped
from .scene import Scene
from .style import QUIET

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def level_of(scene: Scene) -> int:
    """The level that the figure shows: the query of the chosen pair, else the strongest."""
    return len(scene.analysis.levels) - 1 if scene.pair is None else scene.pair[0]


def level_told(scene: Scene) -> dict[str, float]:
    """The numbers of the level: af, gain, reach and received in the chosen head, beta, and the motion from
    onset to apex before and after magnification (``motion_px``, ``magnified_px``, px of the crop at 224)."""
    analysis, i, trace = scene.analysis, level_of(scene), scene.trace
    gain = float(analysis.gains[i])
    return {
        "af": float(analysis.levels[i]),
        "gain": gain,
        "reach": float(trace.reach()[scene.head, i]),
        "received": float(trace.received()[scene.head, i]),
        "beta": float(analysis.scores[i]),
        "motion_px": analysis.motion_px,
        "magnified_px": analysis.motion_px * gain,
    }


def level_figure(scene: Scene, on: Page) -> Figure:
    """Onset, the level and the apex as three frames of one size, and the numbers of ``level_told`` below."""
    analysis, i = scene.analysis, level_of(scene)
    unit = line_height(on.label)
    width = on.width - 2 * on.margin
    told = level_told(scene)

    def number(name: str, digits: int = 2) -> str:
        return f"{told[name]:.{digits}f}" if math.isfinite(told[name]) else "–"

    words = f"AF {number('af')}, ×{number('gain', 1)}; motion {number('motion_px')} px, magnified "
    words += (
        f"{number('magnified_px')} px (crop of 224). In {scene.where}: reach {number('reach')}, received "
    )
    words += f"{number('received', 3)}. Beta {number('beta', 3)}."
    words = wrapped(words, width, on.label)
    low = unit * (words.count("\n") + 1.6)
    gap, top = 0.5 * unit, 1.2 * unit
    side = (width - 2 * gap) / 3
    sheet = Sheet(on, [analysis], f"Level {i} between onset and apex", top + side + low)
    side = min(side, sheet.height - top - low)
    pictures = {"Onset": analysis.onset, f"Level {i}": analysis.frames[i], "Apex": analysis.apex}
    for n, (name, picture) in enumerate(pictures.items()):
        x = n * (side + gap)
        sheet.write(x, 0.5 * unit, name, on.label, va="center", weight="bold" if n == 1 else "normal")
        axes = sheet.axes(x, top, side, side)
        axes.imshow(picture, interpolation="none")
        axes.set_axis_off()
    sheet.write(0, top + side + 0.5 * unit, words, on.label, va="top", color=QUIET)
    return sheet.figure
