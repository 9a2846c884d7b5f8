"""The matrices of all heads and blocks, small, on one scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .fields import VECTOR_CELLS, colours_to, field, scale_bar
from .page import Page, Sheet, line_height
from .scene import Scene
from .style import QUIET, SCALE_TOP, TEXT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS = 8


def heads_figure(scene: Scene, on: Page) -> Figure:
    """A row a block, a column a head: weight x allowed keys; "○2" stands over one with 2 zeroed levels."""
    analysis = scene.analysis
    traces, heads = analysis.traces, analysis.traces[0].heads
    columns = min(_COLUMNS, heads)
    lines = math.ceil(heads / columns)
    rows = lines * len(traces)
    unit = line_height(on.small)
    left, gap, over, low = 2.2 * unit, 0.35 * unit, 1.15 * unit, 3.4 * unit
    width = on.width - 2 * on.margin
    side = (width - left) / columns - gap
    sheet = Sheet(on, [analysis], "Attention of all heads: weight × allowed keys", rows * (side + over) + low)
    if on.height is not None:
        side = min(side, (sheet.height - low) / rows - over)
    colours = colours_to(SCALE_TOP)
    as_picture = rows * columns * len(analysis.levels) ** 2 > VECTOR_CELLS
    for b, trace in enumerate(traces):
        values = np.ma.array(trace.scaled(), mask=~trace.mask)
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
            field(axes, values[h], colours, as_picture)
            told = str(h + 1) + (f" ○{zeroed[h]}" if zeroed[h] else "")
            sheet.write(x + side / 2, y - 0.12 * unit, told, on.small, ha="center", va="bottom", color=TEXT)
    y = rows * (side + over) + 0.9 * unit
    marks = {0.0: "0", 1.0: "1 uniform", SCALE_TOP: f"≥ {SCALE_TOP:g}"}
    scale_bar(sheet, colours, (left, y, width * 0.36, 0.55 * unit), marks, level=True)
    words = "rows: queries, columns: keys;\nAF grows right and down;\n○2: two zeroed levels"
    sheet.write(left + width * 0.48, y - 0.2 * unit, words, on.small, va="top", color=QUIET)
    return sheet.figure
