"""One attention matrix sorted by the buckets of one hash table."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from .fields import VECTOR_CELLS, bucket_colour, code_text, colours_to, field, quiet_ticks, scale_bar
from .page import Page, Sheet, line_height, wrapped
from .scene import Scene
from .style import QUIET, SCALE_TOP, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LONGEST = 5  # bits of a code beside the matrix; of a longer one stands the number
_TOLD = (
    "levels of one code stand together, by their AF; the squares along the diagonal are this table's "
    "pairs, all others come from other tables"
)


def orders(scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    """(L,) the levels of the queries and of the keys, sorted by their code in the chosen table."""
    at = scene.head, scene.table
    queries, keys = scene.trace.query_buckets[at], scene.trace.key_buckets[at]
    return np.argsort(queries, kind="stable"), np.argsort(keys, kind="stable")


def by_bucket_figure(scene: Scene, on: Page) -> Figure:
    """Weight x allowed keys of the chosen head; rows and columns sorted by the chosen table's code."""
    trace, L = scene.trace, scene.trace.levels
    unit = line_height(on.label)
    left, top, right = 4.6 * unit, 3.4 * unit, 5.8 * unit
    width = on.width - 2 * on.margin
    side = width - left - right
    words = wrapped(_TOLD, width, on.small)
    low = line_height(on.small) * (words.count("\n") + 2.2)
    title = f"Attention by bucket, {scene.where}, table {scene.table + 1}"
    sheet = Sheet(on, [scene.analysis], title, top + side + low)
    if on.height is not None:
        side = min(side, sheet.height - top - low)
        left = max(left, (sheet.width - side - right) / 2)
    rows, columns = orders(scene)
    values = trace.scaled()[scene.head][np.ix_(rows, columns)]
    colours = colours_to(SCALE_TOP)
    axes = sheet.axes(left, top, side, side)
    mask = ~trace.mask[scene.head][np.ix_(rows, columns)]
    field(axes, np.ma.array(values, mask=mask), colours, L * L > VECTOR_CELLS)
    at = scene.head, scene.table
    apart = line_height(on.small) * 0.95 * L / side  # cells that a code needs
    _codes(axes, "y", trace.query_buckets[at][rows], trace.planes, apart, on)
    _codes(axes, "x", trace.key_buckets[at][columns], trace.planes, apart, on)
    axes.set_ylabel("bucket of the query", fontsize=on.label, color=QUIET, labelpad=2 * on.scale)
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("bucket of the key", fontsize=on.label, color=QUIET, labelpad=3.5 * on.scale)
    marks = {0.0: "0", 1.0: "1 uniform", SCALE_TOP: f"≥ {SCALE_TOP:g}"}
    bar = left + side + 0.8 * unit
    sheet.write(bar, top - 1.25 * unit, "weight ×\nallowed keys", on.small, va="center", color=QUIET)
    scale_bar(sheet, colours, (bar, top, 0.7 * unit, side * 0.5), marks)
    sheet.write(0, top + side + 0.6 * unit, words, on.small, va="top", color=QUIET)
    return sheet.figure


def _codes(axes: Axes, way: str, codes: np.ndarray, planes: int, apart: float, on: Page) -> None:
    """The codes along "x" or "y", each once where there is room, in their bucket's colour; rules between."""
    edges = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    ticks = {"x": axes.set_xticks, "y": axes.set_yticks}[way]
    places: list[float] = []
    shown = []
    for a, b in pairwise(edges):
        if not places or (a + b) / 2 - places[-1] >= apart:
            places.append((a + b) / 2)
            shown.append(code_text(int(codes[a]), planes) if planes <= _LONGEST else f"#{codes[a]}")
    ticks(places, shown)
    quiet_ticks(axes, on)
    if way == "x":
        axes.xaxis.tick_top()
        axes.tick_params(axis="x", labelrotation=90)
    line = axes.axvline if way == "x" else axes.axhline
    for edge in edges[1:-1]:
        line(edge, color=TEXT, lw=0.35 * on.scale)
    strip = axes.get_xaxis_transform() if way == "x" else axes.get_yaxis_transform()
    look: dict[str, Any] = {"lw": 1.8 * on.scale, "clip_on": False, "solid_capstyle": "butt"}
    for a, b in pairwise(edges):
        colour = bucket_colour(int(codes[a]), planes)
        ends = ((a, b), (1.012, 1.012)) if way == "x" else ((-0.012, -0.012), (a, b))
        axes.plot(*ends, color=colour, transform=strip, **look)
