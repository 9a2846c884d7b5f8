"""The matrices of all heads and blocks, small, on one scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .fields import VECTOR_CELLS, colours_to, field, scale_bar
from .page import Page, Sheet, line_height, wrapped
from .scene import Scene
from .style import QUIET, SCALE_TOP, TEXT

if TYPE_CHECKING:
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

_COLUMNS = 8


def heads_figure(scene: Scene, on: Page) -> Figure:
    """A row a block, a column a head: weight x allowed keys; "○2" stands over one with 2 zeroed levels."""
    values = [np.ma.array(trace.scaled(), mask=~trace.mask) for trace in scene.analysis.traces]
    marks = {0.0: "0", 1.0: "1 uniform", SCALE_TOP: f"≥ {SCALE_TOP:g}"}
    told = "rows: queries, columns: keys;\nAF grows right and down;\n○2: two zeroed levels"
    title = "Attention of all heads: weight × allowed keys"
    return small_multiples(scene, on, title, values, colours_to(SCALE_TOP), marks, told)


def small_multiples(
    scene: Scene,
    on: Page,
    title: str,
    values: Sequence[np.ma.MaskedArray],
    colours: ScalarMappable,
    marks: dict[float, str],
    told: str,
    names: Sequence[str] = (),
) -> Figure:
    """The matrices of every head on one scale.

    Args:
        values: (h, L, L) of each block.
        names: of the two states, where they are compared.
    """
    analysis = scene.analysis
    traces, heads = analysis.traces, analysis.traces[0].heads
    columns = min(_COLUMNS, heads)
    lines = math.ceil(heads / columns)
    rows = lines * len(traces)
    unit = line_height(on.small)
    words = wrapped(told, (on.width - 2 * on.margin) * 0.5, on.small) if "\n" not in told else told
    left, gap, over = 2.2 * unit, 0.35 * unit, 1.15 * unit
    low = max(3.4, words.count("\n") + 1.9) * unit
    width = on.width - 2 * on.margin
    side = (width - left) / columns - gap
    sheet = Sheet(on, scene.analyses if names else [analysis], title, rows * (side + over) + low, names)
    if on.height is not None:
        side = min(side, (sheet.height - low) / rows - over)
    as_picture = rows * columns * len(analysis.levels) ** 2 > VECTOR_CELLS
    for b, trace in enumerate(traces):
        zeroed = trace.zeroed().sum(axis=-1)
        middle = (b + 0.5) * lines * (side + over) + over / 2
        sheet.write(
            0.5 * unit, middle, f"block {b + 1}", on.label, rotation=90, va="center", ha="center", color=QUIET
        )
        for h in range(heads):
            row, column = b * lines + h // columns, h % columns
            x, y = left + column * (side + gap), row * (side + over) + over
            axes = sheet.axes(x, y, side, side)
            axes.set(xticks=[], yticks=[])
            field(axes, values[b][h], colours, as_picture)
            number = str(h + 1) + (f" ○{zeroed[h]}" if zeroed[h] else "")
            sheet.write(x + side / 2, y - 0.12 * unit, number, on.small, ha="center", va="bottom", color=TEXT)
    y = rows * (side + over) + 0.9 * unit
    scale_bar(sheet, colours, (left, y, width * 0.34, 0.55 * unit), marks, level=True)
    sheet.write(width * 0.49, y - 0.2 * unit, words, on.small, va="top", color=QUIET)
    return sheet.figure
