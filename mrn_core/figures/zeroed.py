"""Levels by heads: the table of zeroed levels as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .fields import af_ticks, cells, colours_to, quiet_edges, quiet_ticks, scale_bar
from .page import Page, Sheet, line_height, wrapped
from .scene import Scene
from .style import MASKED, QUIET, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TALL = 3.4  # inches of all levels, where the page leaves it open
_ROWS = 0.03, 0.16  # inches of a level, at least and at most
_DARK = 0.45  # a reach from here on has light signs


def zeroed_figure(scene: Scene, on: Page) -> Figure:
    """A row a level, a column a head of each block: the colour is the level's reach there; signs say zeroed
    and silent, and where reach lies outside what nine of ten redraws of the planes give."""
    analysis = scene.analysis
    levels, traces = analysis.levels, analysis.traces
    L, blocks = len(levels), len(traces)
    unit = line_height(on.small)
    width = on.width - 2 * on.margin
    left, gap, top = 3.6 * unit, 0.8 * unit, 2.6 * unit
    told = "row: a level, by its AF; column: a head. ○ zeroed: no other level may attend to it; "
    told += "× silent: it may attend to no other"
    if scene.chance is not None:
        told += "; ▽ △ less or more than nine of ten redraws of the planes give"
    words = wrapped(told, width * 0.52, on.small)
    low = max(3.4, words.count("\n") + 2.2) * unit
    tall = L * min(max(_TALL * on.scale / L, _ROWS[0] * on.scale), _ROWS[1] * on.scale)
    sheet = Sheet(on, [analysis], "Reach of each level in every head", top + tall + low)
    if on.height is not None:
        tall = min(tall, sheet.height - top - low)
    colours, reach = colours_to(1.0), analysis.reach()
    across = (width - left - gap * (blocks - 1)) / blocks
    for b, trace in enumerate(traces):
        x = left + b * (across + gap)
        sheet.write(x, 0.6 * unit, f"block {b + 1}", on.label, va="center", weight="bold")
        axes = sheet.axes(x, top, across, tall, facecolor=MASKED)
        axes.set(xlim=(0, trace.heads), ylim=(L, 0))
        values = np.ma.masked_invalid(reach[b].T)
        axes.add_collection(cells(values, colours), autolim=False)
        _signs(axes, scene, b, on, tall / L)
        every = max(1, -(-trace.heads * 2 // max(1, int(across / (0.8 * unit)))))
        heads = np.arange(0, trace.heads, every)
        axes.set_xticks(heads + 0.5, [str(h + 1) for h in heads])
        axes.xaxis.tick_top()
        if b == 0:
            af_ticks(axes, "y", levels, on, 9)
            axes.set_ylabel("AF of the level", fontsize=on.label, color=QUIET, labelpad=1.5 * on.scale)
        else:
            axes.set_yticks([])
        quiet_ticks(axes, on)
        quiet_edges(axes)
    y = top + tall + 1.2 * unit
    marks = {0.0: "0 zeroed", 0.5: "0.5", 1.0: "1"}
    scale_bar(sheet, colours, (2.2 * unit, y, width * 0.34, 0.6 * unit), marks, level=True)
    sheet.write(width * 0.47, y - 0.2 * unit, words, on.small, va="top", color=QUIET)
    return sheet.figure


def _signs(axes: Axes, scene: Scene, block: int, on: Page, row: float) -> None:
    """Rings, crosses and triangles in the middle of their cells, no higher than a row."""
    trace = scene.analysis.traces[block]
    reach = trace.reach()
    found = [("o", trace.zeroed()), ("x", trace.silent())]
    if scene.chance is not None:
        drawn = scene.chance[block]
        found += [("v", (reach < drawn.reach_low) & ~trace.zeroed()), ("^", reach > drawn.reach_high)]
    size = min(2.6 * on.scale, 0.6 * row * 72)
    for mark, where in found:
        for light in (False, True):
            h, i = np.nonzero(where & ((np.nan_to_num(reach) >= _DARK) == light))
            axes.plot(
                h + 0.5, i + 0.5, mark, ms=size, mew=0.4 * on.scale, mfc="none",
                mec="#FFFFFF" if light else TEXT,
            )  # fmt: skip
