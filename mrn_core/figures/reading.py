"""What the network reads: the probabilities, never without their badge, and beta over the levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .fields import quiet_edges, quiet_ticks
from .page import Page, Sheet, line_height
from .scene import Scene
from .style import MAP_STOPS, QUIET, shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def reading_figure(scene: Scene, on: Page) -> Figure:
    """Bars of the probabilities (hollow and hatched while untrained), and beta of Eq. 7 over AF."""
    analysis = scene.analysis
    ranked = sorted(analysis.probabilities.items(), key=lambda row: -row[1])
    unit = line_height(on.label)
    left, row = 7.5 * unit, 1.6 * unit
    width = on.width - 2 * on.margin
    bars, curve = row * len(ranked), 8 * unit
    sheet = Sheet(on, [analysis], "Reading of the clip", bars + curve + 6.4 * unit)
    if on.height is not None:
        curve = max(4 * unit, sheet.height - bars - 6.4 * unit)
    axes = sheet.axes(left, 0, width - left - 3.5 * unit, bars)
    y = np.arange(len(ranked))
    shares = [share for _, share in ranked]
    if analysis.trained:
        axes.barh(y, shares, height=0.6, color=MAP_STOPS[5])
    else:
        axes.barh(y, shares, height=0.6, facecolor="white", edgecolor=QUIET, hatch="////", linewidth=0.6)
    for i, (label, share) in enumerate(ranked):
        middle = (i + 0.5) * row
        sheet.write(left - 0.5 * unit, middle, shown(label), on.label, ha="right", va="center")
        sheet.write(width, middle, f"{share:.3f}", on.label, ha="right", va="center")
    axes.set(ylim=(len(ranked) - 0.5, -0.5), xlim=(0, max(0.5, max(shares, default=0))), yticks=[])
    quiet_ticks(axes, on)
    axes.set_xlabel("probability", fontsize=on.label, color=QUIET, labelpad=1.5 * on.scale)
    quiet_edges(axes, ("left", "bottom"))
    below = sheet.axes(left * 0.5, bars + 4 * unit, width - left * 0.5 - 0.3 * unit, curve)
    dots: dict[str, Any] = {"marker": "o", "ms": 2 * on.scale, "lw": 0.9 * on.scale}
    below.plot(analysis.levels, analysis.scores, color=MAP_STOPS[5], **dots)
    quiet_ticks(below, on)
    below.set_xlabel("AF of the level", fontsize=on.label, color=QUIET, labelpad=1.5 * on.scale)
    below.set_ylabel("beta (Eq. 7)", fontsize=on.label, color=QUIET, labelpad=2 * on.scale)
    quiet_edges(below, ("left", "bottom"))
    return sheet.figure
