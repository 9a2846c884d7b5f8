"""Every attention matrix of an analysis, as small multiples in one figure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mrn_core.figures.fields import VECTOR_CELLS, colours_to, every_few, field, quiet_edges
from mrn_core.figures.style import (
    MASKED,
    QUIET,
    SCALE_TOP,
    TEXT,
    add_frame,
    plain_style,
)
from mrn_core.result import Analysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

_COLUMNS = 8
_CELL = 1.25  # inches: a matrix and its labels are this wide, and
_ROW = 1.36  # this high
_FIELD = 1.02  # inches: its field
_LEFT = 0.75
_MARGIN = 0.75


def attention_figure(analysis: Analysis) -> Figure:
    """All blocks and heads: weight x allowed keys, one scale for all; a row of a matrix is a query.

    A pair that shares no bucket has a colour outside the map. An open ring stands over each key
    that no other query may attend to.
    """
    from matplotlib.figure import Figure

    heads, L = analysis.traces[0].heads, analysis.traces[0].levels
    columns = min(_COLUMNS, heads)
    lines = math.ceil(heads / columns)  # of one block
    rows = lines * len(analysis.traces)
    colours = colours_to(SCALE_TOP)
    as_picture = rows * columns * L * L > VECTOR_CELLS
    with plain_style():
        figure = Figure(figsize=(max(_LEFT + columns * _CELL + 1.0, 7.5), rows * _ROW + 2 * _MARGIN))
        width, height = figure.get_size_inches()
        for b, trace in enumerate(analysis.traces):
            scaled = np.ma.array(trace.scaled(), mask=~trace.mask)
            zeroed = trace.zeroed()
            for h in range(heads):
                row, column = b * lines + h // columns, h % columns
                left, top = _LEFT + column * _CELL, height - _MARGIN - 0.2 - row * _ROW
                axes = figure.add_axes(
                    (left / width, (top - _FIELD) / height, _FIELD / width, _FIELD / height)
                )
                _matrix(axes, scaled[h], zeroed[h], colours, as_picture)
                axes.set_title(f"block {b + 1} head {h + 1}", fontsize=6, color=QUIET, pad=5)
                if column == 0:
                    axes.set_ylabel("query level", fontsize=6, color=QUIET, labelpad=1)
                if row == rows - 1:
                    axes.set_xlabel("key level", fontsize=6, color=QUIET, labelpad=1)
        _scale(figure, colours, (_LEFT + columns * _CELL + 0.15) / width)
        add_frame(figure, analysis, "Attention: weight × allowed keys (1 is uniform)", _MARGIN, "weights")
    return figure


def _matrix(
    axes: Axes, scaled: np.ma.MaskedArray, zeroed: np.ndarray, colours: ScalarMappable, as_picture: bool
) -> None:
    """One (L, L) field, query 0 at the top; only allowed cells are drawn on the masked ground."""
    L = len(scaled)
    field(axes, scaled, colours, as_picture)
    ticks = every_few(L, 4)
    axes.set_xticks(ticks + 0.5, [str(t) for t in ticks])
    axes.set_yticks(ticks + 0.5, [str(t) for t in ticks])
    axes.tick_params(length=1.5, width=0.5, pad=1, labelsize=5, colors=QUIET)
    keys = np.flatnonzero(zeroed)
    above = np.full(len(keys), -0.02 * L)
    axes.plot(keys + 0.5, above, "o", ms=1.8, mfc="none", mec=TEXT, mew=0.4, clip_on=False)


def _scale(figure: Figure, colours: ScalarMappable, left: float) -> None:
    """The colour bar with "uniform" marked, and under it what a masked cell and a ring mean."""
    width, height = figure.get_size_inches()
    top = height - _MARGIN - 0.2
    tall = min(2.4, top - _MARGIN - 0.9)
    bottom = top - tall
    bar = figure.colorbar(
        colours,
        cax=figure.add_axes((left, bottom / height, 0.14 / width, tall / height)),
        ticks=[0, 1, SCALE_TOP],
    )
    bar.set_ticklabels(["0", "1 uniform", f"{SCALE_TOP:g} and more"])
    bar.ax.tick_params(labelsize=6, length=2, colors=QUIET)
    quiet_edges(bar.ax)
    swatch = figure.add_axes((left, (bottom - 0.4) / height, 0.14 / width, 0.14 / height), facecolor=MASKED)
    swatch.set(xticks=[], yticks=[])
    quiet_edges(swatch)
    for below, text in ((0.33, "masked: no\nbucket shared"), (0.7, "○ zeroed: no other\nquery may attend")):
        figure.text(
            left + (0.2 if below < 0.5 else 0) / width, (bottom - below) / height, text,
            fontsize=6, color=QUIET, va="center",
        )  # fmt: skip
