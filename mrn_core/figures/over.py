"""One matrix for many heads: the mean or the union over a block's heads, and over all blocks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mrn_core.errors import SettingsError
from mrn_core.network.explain import Cells, How, cells_over

from .fields import VECTOR_CELLS, af_ticks, colours_to, field, scale_bar
from .page import Page, Sheet, line_height, wrapped
from .scene import Scene
from .style import QUIET, SCALE_TOP, counted

if TYPE_CHECKING:
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

_TOLD = {
    "mean": "the mean of the heads, a masked weight counts 0; no fill: no head joins the pair",
    "union": "the largest of the heads; no fill: no head joins the pair",
}


def mean_figure(scene: Scene, on: Page) -> Figure:
    """Weight x allowed keys, the mean over the heads of each block and over all."""
    return _figure(scene, on, "mean")


def union_figure(scene: Scene, on: Page) -> Figure:
    """Every pair that any head allows, with the largest weight x allowed keys that a head gives it."""
    return _figure(scene, on, "union")


def blocks_over(scene: Scene) -> list[tuple[str, list[int]]]:
    """What is put together, and its name: each block, and all of them where there are several."""
    every = list(range(len(scene.analysis.traces)))
    made = [(f"block {b + 1}", [b]) for b in every]
    return [*made, ("all blocks", every)] if len(every) > 1 else made


def over(scene: Scene, how: How) -> list[tuple[str, Cells]]:
    """The matrices of ``blocks_over``: weight x allowed keys."""
    made = []
    for words, blocks in blocks_over(scene):
        found = cells_over([scene.analysis.traces[b] for b in blocks], "scaled", how)
        if found is None:
            raise SettingsError("There is no block.", "Analyse the clip.", "block")
        made.append((words, found))
    return made


def _figure(scene: Scene, on: Page, how: How) -> Figure:
    heads = sum(trace.heads for trace in scene.analysis.traces)
    title = f"Attention, {how} over {counted(heads, 'head')}"
    marks = {0.0: "0", 1.0: "1 uniform", SCALE_TOP: f"≥ {SCALE_TOP:g}"}
    told = f"weight × allowed keys, {_TOLD[how]}"
    return panels(scene, on, title, over(scene, how), colours_to(SCALE_TOP), marks, told)


def panels(
    scene: Scene,
    on: Page,
    title: str,
    shown: Sequence[tuple[str, Cells]],
    colours: ScalarMappable,
    marks: dict[float, str],
    told: str,
    names: Sequence[str] = (),
) -> Figure:
    """Matrices side by side on one scale, each under its name; below them the bar and what they are."""
    unit = line_height(on.small)
    levels = scene.analysis.levels
    width = on.width - 2 * on.margin
    columns = min(len(shown), 2 if on.height is None else 4)
    rows = math.ceil(len(shown) / columns)
    left, over_it, gap = 3.6 * unit, 1.5 * unit, 0.6 * unit
    words = wrapped(told, width * 0.52, on.small)
    low = max(3.2, words.count("\n") + 2.0) * unit
    side = width / columns - left - gap
    if len(shown) == 1:
        side = min(side, 0.72 * width)
    step = side + over_it + 1.6 * unit
    made = Sheet(
        on, scene.analyses if names else [scene.analysis], title, rows * step + 1.4 * unit + low, names
    )
    if on.height is not None:
        side = min(side, (made.height - 1.4 * unit - low) / rows - over_it - 1.6 * unit)
        step = side + over_it + 1.6 * unit
    as_picture = len(shown) * len(levels) ** 2 > VECTOR_CELLS
    for n, (name, cells) in enumerate(shown):
        row, column = divmod(n, columns)
        x, y = left + column * (width / columns), row * step + over_it
        made.write(x, y - 0.35 * unit, name, on.label, va="bottom", weight="bold")
        axes = made.axes(x, y, side, side)
        field(axes, np.ma.array(cells.values, mask=~cells.allowed), colours, as_picture)
        af_ticks(axes, "x", levels, on, 4)
        af_ticks(axes, "y", levels, on, 4)
        if column == 0:
            axes.set_ylabel("AF of the query", fontsize=on.small, color=QUIET, labelpad=1.5 * on.scale)
        if row == rows - 1 or n + columns >= len(shown):
            axes.set_xlabel("AF of the key", fontsize=on.small, color=QUIET, labelpad=1.0 * on.scale)
    y = rows * step + 1.8 * unit
    scale_bar(made, colours, (1.6 * unit, y, width * 0.34, 0.6 * unit), marks, level=True)
    made.write(width * 0.47, y - 0.2 * unit, words, on.small, va="top", color=QUIET)
    return made.figure
