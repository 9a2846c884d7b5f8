"""Every attention matrix of an analysis, as small multiples in one figure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mrn_core.figures.style import (
    LINE,
    MASKED,
    QUIET,
    SCALE_TOP,
    TEXT,
    add_frame,
    colour_map,
    plain_style,
)
from mrn_core.result import Analysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure

_COLUMNS = 8
_CELL = 1.25  # inches: a matrix and its labels are this wide, and
_ROW = 1.36  # this high
_FIELD = 1.02  # inches: its field
_LEFT = 0.75
_MARGIN = 0.75
VECTOR_CELLS = 100_000
"""Up to so many cells a figure's matrices are vectors; above, each is one picture in the SVG."""


def attention_figure(analysis: Analysis) -> Figure:
    """All blocks and heads: weight x allowed keys, one scale for all; a row of a matrix is a query.

    A pair that shares no bucket has a colour outside the map. An open ring stands over each key
    that no other query may attend to.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.figure import Figure

    heads, L = analysis.traces[0].heads, analysis.traces[0].levels
    columns = min(_COLUMNS, heads)
    lines = math.ceil(heads / columns)  # of one block
    rows = lines * len(analysis.traces)
    colours = ScalarMappable(Normalize(0, SCALE_TOP), colour_map())
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
        add_frame(figure, analysis, "Attention: weight × allowed keys (1 is uniform)", _MARGIN)
    return figure


def _matrix(
    axes: Axes, scaled: np.ma.MaskedArray, zeroed: np.ndarray, colours: ScalarMappable, as_picture: bool
) -> None:
    """One (L, L) field, query 0 at the top; only allowed cells are drawn on the masked ground."""
    L = len(scaled)
    axes.set_facecolor(MASKED)
    axes.set(xlim=(0, L), ylim=(L, 0))
    if as_picture:
        edges = np.arange(L + 1)
        axes.pcolormesh(edges, edges, scaled, cmap=colours.cmap, vmin=0, vmax=SCALE_TOP, rasterized=True)
    else:
        axes.add_collection(_cells(scaled, colours), autolim=False)
    ticks = np.unique([0, L // 2, L - 1])
    axes.set_xticks(ticks + 0.5, [str(t) for t in ticks])
    axes.set_yticks(ticks + 0.5, [str(t) for t in ticks])
    axes.tick_params(length=1.5, width=0.5, pad=1, labelsize=5, colors=QUIET)
    _quiet_edges(axes)
    keys = np.flatnonzero(zeroed)
    above = np.full(len(keys), -0.02 * L)
    axes.plot(keys + 0.5, above, "o", ms=1.8, mfc="none", mec=TEXT, mew=0.4, clip_on=False)


def _cells(scaled: np.ma.MaskedArray, colours: ScalarMappable) -> PathCollection:
    """The allowed cells as one path for each of the map's 256 colours: a fifth of a mesh's SVG."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    rows, columns = np.nonzero(~np.ma.getmaskarray(scaled))
    values = np.clip(scaled.data[rows, columns] / SCALE_TOP, 0, 1)
    steps = np.rint(values * (colours.cmap.N - 1)).astype(int)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    paths, used = [], np.unique(steps)
    for step in used:
        places = np.stack([columns[steps == step], rows[steps == step]], axis=-1)
        vertices = (places[:, None] + corners).reshape(-1, 2)
        paths.append(Path(vertices, codes * len(places)))
    return PathCollection(paths, facecolors=colours.cmap(used), edgecolors="none", antialiaseds=False)


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
    _quiet_edges(bar.ax)
    swatch = figure.add_axes((left, (bottom - 0.4) / height, 0.14 / width, 0.14 / height), facecolor=MASKED)
    swatch.set(xticks=[], yticks=[])
    _quiet_edges(swatch)
    for below, text in ((0.33, "masked: no\nbucket shared"), (0.7, "○ zeroed: no other\nquery may attend")):
        figure.text(
            left + (0.2 if below < 0.5 else 0) / width, (bottom - below) / height, text,
            fontsize=6, color=QUIET, va="center",
        )  # fmt: skip


def _quiet_edges(axes: Axes) -> None:
    for spine in axes.spines.values():
        spine.set(color=LINE, linewidth=0.5)
