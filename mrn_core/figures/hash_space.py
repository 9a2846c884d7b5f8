"""Queries and keys of one head on a plane with the table's cuts: the paper's Fig. 3 with numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mrn_core.network.projection import Axes as Chosen
from mrn_core.network.projection import Projection, project

from .fields import bucket_colour, quiet_edges
from .page import Page, Sheet, line_height, wrapped
from .scene import Scene
from .style import LINE, QUIET, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PLANES: tuple[tuple[Chosen, str], ...] = (
    ("spread", "where levels differ most"),
    ("origin", "with the origin"),
)


def hash_figure(scene: Scene, on: Page) -> Figure:
    """The same points twice: on the plane on which they differ most, and on the one that holds the origin,
    where one sees how narrow a cone the planes would have to part."""
    unit = line_height(on.label)
    width = on.width - 2 * on.margin
    gap, over, low = unit, 1.4 * unit, 4.2 * unit
    side = (width - gap) / 2
    title = f"Hash space of {scene.where}, table {scene.table + 1}"
    sheet = Sheet(on, [scene.analysis], title, over + side + low)
    if on.height is not None:
        side = min(side, sheet.height - over - low)
    cone = 0.0
    for n, (axes, words) in enumerate(_PLANES):
        seen = project(scene.trace, scene.head, scene.table, axes)
        cone = seen.cone
        x = n * (side + gap)
        sheet.write(x, over * 0.45, words, on.small, va="center", color=QUIET)
        _points(sheet.axes(x, over, side, side), seen, scene, on)
    told = (
        "● queries, □ keys, coloured by bucket; the line goes from the least AF to the largest; dashed: cuts "
    )
    told += "at the middle of the levels (full: exact); + origin, × mean"
    if not np.isnan(cone):
        told += f"; all within {cone:.0f}° of their mean direction"
    words = wrapped(told, width, on.small)
    sheet.write(0, over + side + 0.5 * unit, words, on.small, va="top", color=QUIET)
    return sheet.figure


def _points(axes: Axes, seen: Projection, scene: Scene, on: Page) -> None:
    trace = scene.trace
    at = scene.head, scene.table
    size = (2.6 * on.scale) ** 2
    axes.plot(*seen.queries.T, color=LINE, lw=0.6 * on.scale, zorder=1)
    sides = ((seen.queries, trace.query_buckets[at], "o"), (seen.keys, trace.key_buckets[at], "s"))
    for points, codes, mark in sides:
        inks = [bucket_colour(int(code), trace.planes) for code in codes]
        look: dict[str, Any] = {"facecolors": "none", "edgecolors": inks}
        if mark == "o":
            look = {"c": inks, "edgecolors": "none"}
        axes.scatter(
            points[:, 0], points[:, 1], s=size * (1 if mark == "o" else 2.2), marker=mark,
            linewidths=0.7 * on.scale, zorder=2, **look,
        )  # fmt: skip
    every = np.concatenate([seen.queries, seen.keys, seen.centre[None]])
    low, high = every.min(0), every.max(0)
    if np.linalg.norm(seen.centre) < 4 * max(float((high - low).max()), 1e-9):
        low, high = np.minimum(low, 0), np.maximum(high, 0)
        axes.plot(0, 0, "+", color=TEXT, ms=5 * on.scale, mew=0.8 * on.scale, zorder=3)
    axes.plot(*seen.centre, "x", color=TEXT, ms=4 * on.scale, mew=0.8 * on.scale, zorder=3)
    half = 0.58 * max(float((high - low).max()), 1e-6)
    middle = (low + high) / 2
    axes.set(xlim=(middle[0] - half, middle[0] + half), ylim=(middle[1] - half, middle[1] + half))
    axes.set(xticks=[], yticks=[])
    for cut in seen.cuts:
        length = float(np.linalg.norm(cut.normal))
        if length < 1e-9:
            continue
        foot = -cut.offset * cut.normal / length**2
        along = np.array([-cut.normal[1], cut.normal[0]]) / length
        foot = foot + along * float(along @ (middle - foot))
        ends = np.stack([foot - 3 * half * along, foot + 3 * half * along])
        style = "-" if cut.exact else "--"
        axes.plot(*ends.T, style, color=QUIET, lw=0.6 * on.scale, zorder=0, scalex=False, scaley=False)
    for level, ha in ((0, "right"), (trace.levels - 1, "left")):
        axes.annotate(
            str(level), (float(seen.queries[level, 0]), float(seen.queries[level, 1])), (0, 2 * on.scale),
            textcoords="offset points", fontsize=on.small, color=TEXT, ha=ha, va="bottom",
        )  # fmt: skip
    quiet_edges(axes)
