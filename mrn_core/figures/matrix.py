"""One attention matrix: with buckets and reach along its edges, or plain as in the paper's Fig. 4."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .fields import (
    VECTOR_CELLS,
    af_ticks,
    bucket_colour,
    colours_to,
    every_few,
    field,
    quiet_edges,
    quiet_ticks,
    rings,
)
from .fields import scale_bar as draw_scale
from .page import Page, Sheet, line_height
from .scene import Scene
from .style import MAP_STOPS, MASKED, QUIET, SCALE_TOP, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def matrix_figure(scene: Scene, on: Page) -> Figure:
    """Weight x allowed keys of the chosen head; along the edges the buckets of the chosen table, a ring over
    a zeroed key, and in a column below it the reach of each key beside what chance gives."""
    trace, L = scene.trace, scene.trace.levels
    unit = on.label / 72
    left, top = 4.6 * unit, 2.6 * unit  # room for the numbers and the bucket strips
    right, low = 7.8 * unit, (8.6 if on.height is None else 3.2) * unit
    side = on.width - 2 * on.margin - left - right
    title = f"Attention, {scene.where}"
    sheet = Sheet(on, [scene.analysis], title, top + side + low)
    if on.height is not None:
        side = min(side, sheet.height - top - low)
        left = max(left, (sheet.width - side - right) / 2)
    values = np.ma.array(trace.scaled()[scene.head], mask=~trace.mask[scene.head])
    colours = colours_to(SCALE_TOP)
    axes = sheet.axes(left, top, side, side)
    field(axes, values, colours, L * L > VECTOR_CELLS)
    af_ticks(axes, "y", scene.analysis.levels, on)
    axes.set_xticks([])
    axes.set_ylabel("AF of the query", fontsize=on.label, color=QUIET, labelpad=2.2 * on.scale)
    thick = 0.7 * unit
    chosen = scene.head, scene.table
    _buckets(sheet.axes(left, top - unit, side, thick), trace.key_buckets[chosen], trace.planes, "x")
    _buckets(sheet.axes(left - unit, top, thick, side), trace.query_buckets[chosen], trace.planes, "y")
    sheet.write(left, top - 1.5 * unit, f"buckets of table {scene.table + 1}", on.small, color=QUIET)
    rings(axes, np.flatnonzero(trace.zeroed()[scene.head]), 2.2 * unit * L / side, on)
    if on.height is None:
        reach_bars(sheet.axes(left, top + side + 0.8 * unit, side, 4.2 * unit), scene, on)
    else:
        af_ticks(axes, "x", scene.analysis.levels, on)
        axes.set_xlabel("AF of the key", fontsize=on.label, color=QUIET, labelpad=1.5 * on.scale)
    marks = {0.0: "0", 1.0: "1 uniform", SCALE_TOP: f"≥ {SCALE_TOP:g}"}
    bar = left + side + unit
    sheet.write(bar, top - 1.5 * unit, "weight ×\nallowed keys", on.small, va="center", color=QUIET)
    draw_scale(sheet, colours, (bar, top, 0.9 * unit, side * 0.5), marks)
    _legend(sheet, bar, top + side * 0.5 + 2 * unit, scene.chance is not None and on.height is None)
    axes.tick_params(axis="y", pad=1.0 * on.label)
    return sheet.figure


def paper_figure(scene: Scene, on: Page) -> Figure:
    """The paper's Fig. 4: the weights of Eq. 6, dark is large; rows are the index of q, columns of k."""
    trace, L = scene.trace, scene.trace.levels
    unit = on.label / 72
    left, low, right = 3.8 * unit, 4.2 * unit, 5.4 * unit
    side = on.width - 2 * on.margin - left - right
    sheet = Sheet(on, [scene.analysis], f"Sparse attention matrix, {scene.where}", side + low)
    if on.height is not None:
        side = min(side, sheet.height - low)
        left = max(left, (sheet.width - side - right) / 2)
    weights = trace.weights[scene.head]
    top = float(weights.max(initial=0)) or 1.0
    colours = colours_to(top)
    axes = sheet.axes(left, 0, side, side)
    field(axes, np.ma.array(weights, mask=~trace.mask[scene.head]), colours, L * L > VECTOR_CELLS)
    places = every_few(L, 9)
    axes.set_xticks(places + 0.5, [str(i) for i in places])
    axes.set_yticks(places + 0.5, [str(i) for i in places])
    quiet_ticks(axes, on)
    axes.set_xlabel("index of k", fontsize=on.label, color=QUIET, labelpad=2 * on.scale)
    axes.set_ylabel("index of q", fontsize=on.label, color=QUIET, labelpad=2 * on.scale)
    place = (left + side + unit, 0, 0.9 * unit, side)
    draw_scale(sheet, colours, place, {v: f"{v:.2g}" for v in np.linspace(0, top, 5).tolist()})
    return sheet.figure


def _buckets(axes: Axes, codes: np.ndarray, planes: int, way: str) -> None:
    """A row ("x") or a column of the levels' buckets in their colours."""
    from matplotlib.patches import Rectangle

    L = len(codes)
    axes.set(xlim=(0, L), ylim=(0, 1)) if way == "x" else axes.set(xlim=(0, 1), ylim=(L, 0))
    for i, code in enumerate(codes):
        at = (i, 0) if way == "x" else (0, i)
        axes.add_patch(Rectangle(at, 1, 1, linewidth=0, facecolor=bucket_colour(int(code), planes)))
    axes.set_axis_off()


def reach_bars(axes: Axes, scene: Scene, on: Page) -> None:
    """A bar a level for the reach in the chosen head, and over it what chance gives: the mean over redraws as
    a tick, the 5th to 95th percentile as a line. An open ring: zeroed; a crossed one: silent."""
    trace, head = scene.trace, scene.head
    L = trace.levels
    at = np.arange(L) + 0.5
    axes.set(xlim=(0, L), ylim=(0, 1))
    axes.bar(at, np.nan_to_num(trace.reach()[head]), width=0.7, color=MAP_STOPS[3], linewidth=0)
    if (drawn := scene.drawn()) is not None:
        thin: dict[str, Any] = {"colors": TEXT, "linewidth": 0.5 * on.scale}
        axes.vlines(at, drawn.reach_low[head], drawn.reach_high[head], **thin)
        axes.hlines(drawn.reach[head], at - 0.35, at + 0.35, colors=TEXT, linewidth=0.9 * on.scale)
    look: dict[str, Any] = {
        "ms": 2.2 * on.scale,
        "mfc": "none",
        "mec": TEXT,
        "mew": 0.5 * on.scale,
        "clip_on": False,
    }
    for flags, marks in ((trace.zeroed()[head], "o"), (trace.silent()[head], "ox")):
        where = np.flatnonzero(flags) + 0.5
        for mark in marks:
            axes.plot(where, np.full(len(where), 0.06), mark, **look)
    axes.set_yticks([0, 0.5, 1], ["0", "", "1"])
    af_ticks(axes, "x", scene.analysis.levels, on)
    axes.set_xlabel("AF of the key", fontsize=on.label, color=QUIET, labelpad=1.5 * on.scale)
    axes.set_ylabel("reach", fontsize=on.label, color=QUIET, labelpad=2 * on.scale)
    quiet_edges(axes, ("left", "bottom"))


def _legend(sheet: Sheet, x: float, y: float, chance: bool) -> None:
    """What a masked cell, a ring and a tick mean."""
    on = sheet.page
    line = line_height(on.small)
    swatch = sheet.axes(x, y, line * 0.8, line * 0.8, facecolor=MASKED)
    swatch.set(xticks=[], yticks=[])
    quiet_edges(swatch)
    sheet.write(x + line * 1.1, y + line * 0.4, "no bucket\nshared", on.small, color=QUIET, va="center")
    words = "○ zeroed:\nno other\nquery may\nattend to it"
    words += "\n— chance,\n| 5 to 95 %" if chance else ""
    sheet.write(x, y + line * 2.2, words, on.small, color=QUIET, va="top")
