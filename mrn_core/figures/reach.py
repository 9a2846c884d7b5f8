"""Reach beside chance, level by level: which levels are zeroed, and whether that is news."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .fields import af_ticks, quiet_edges
from .matrix import reach_bars
from .page import Page, Sheet, line_height, wrapped
from .scene import Scene
from .style import MAP_STOPS, QUIET, TEXT

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def reach_figure(scene: Scene, on: Page) -> Figure:
    """Above the chosen head, below the mean over all heads and blocks with the number of zeroed heads."""
    analysis = scene.analysis
    unit = line_height(on.label)
    left = 3.4 * unit
    width = on.width - 2 * on.margin - left
    tall = 7 * unit
    sheet = Sheet(on, [analysis], "Reach of each level, beside chance", 2 * tall + 9.2 * unit)
    if on.height is not None:
        tall = (sheet.height - 9.2 * unit) / 2
    sheet.write(left, 0.5 * unit, scene.where, on.label, va="center", weight="bold")
    axes = sheet.axes(left, 1.2 * unit, width, tall)
    reach_bars(axes, scene, on)
    axes.set_xlabel("AF of the level", fontsize=on.label, color=QUIET, labelpad=1.5 * on.scale)
    y = 1.2 * unit + tall + 3.6 * unit
    zeroed = analysis.zeroed()
    heads = zeroed.shape[0] * zeroed.shape[1]
    counts = zeroed.sum(axis=(0, 1))
    sheet.write(left, y, f"mean over {heads} heads", on.label, va="center", weight="bold")
    below = sheet.axes(left, y + 0.7 * unit, width, tall)
    L = len(analysis.levels)
    at = np.arange(L) + 0.5
    below.set(xlim=(0, L), ylim=(0, 1))
    mean = np.nan_to_num(analysis.reach().mean(axis=(0, 1)))
    below.bar(at, mean, width=0.7, color=MAP_STOPS[3], linewidth=0)
    if scene.chance is not None:
        chance = np.mean([block.reach.mean(axis=0) for block in scene.chance], axis=0)
        below.hlines(chance, at - 0.35, at + 0.35, colors=TEXT, linewidth=0.9 * on.scale)
    for i in np.flatnonzero(counts):
        below.text(
            i + 0.5, mean[i] + 0.03, f"○{counts[i]}", fontsize=on.small, ha="center", va="bottom",
            color=TEXT, rotation=90 if L > 16 else 0,
        )  # fmt: skip
    below.set_yticks([0, 0.5, 1], ["0", "", "1"])
    af_ticks(below, "x", analysis.levels, on)
    below.set_ylabel("reach", fontsize=on.label, color=QUIET, labelpad=2 * on.scale)
    quiet_edges(below, ("left", "bottom"))
    told = "bar: share of the other queries that may attend to the level"
    told += "; tick: mean over redraws of the planes; line: 5 to 95 %" if scene.chance is not None else ""
    told += "; ○ zeroed (in n heads)"
    words = wrapped(told, width + left, on.small)
    sheet.write(0, y + 0.7 * unit + tall + 1.7 * unit, words, on.small, va="top", color=QUIET)
    return sheet.figure
