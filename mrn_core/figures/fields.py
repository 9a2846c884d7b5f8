"""Parts that several figures are made of: the cells of a matrix, its colour bar, rows of bucket colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .style import BUCKETS, LINE, MASKED, QUIET, TEXT, colour_map, difference_map

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.collections import PathCollection

    from .page import Page, Sheet

VECTOR_CELLS = 100_000
"""Up to so many cells a figure's matrices are vectors; above, each is one picture."""


def colours_to(top: float) -> ScalarMappable:
    """The map from 0 to ``top``."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    return ScalarMappable(Normalize(0, top), colour_map())


def differences_to(top: float) -> ScalarMappable:
    """The map of differences from ``-top`` to ``top``."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    return ScalarMappable(Normalize(-top, top), difference_map())


def cells(values: np.ma.MaskedArray, colours: ScalarMappable, side: float = 1.0) -> PathCollection:
    """The cells of a field that are not masked, squares of ``side`` in the middle of their places: one path
    for each of the map's 256 colours, a fifth of a mesh's SVG."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    rows, columns = np.nonzero(~np.ma.getmaskarray(values))
    shares = np.clip(colours.norm(values.data[rows, columns]), 0, 1)
    steps = np.rint(shares * (colours.cmap.N - 1)).astype(int)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]) * side + (1 - side) / 2
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    paths, used = [], np.unique(steps)
    for step in used:
        places = np.stack([columns[steps == step], rows[steps == step]], axis=-1)
        vertices = (places[:, None] + corners).reshape(-1, 2)
        paths.append(Path(vertices, codes * len(places)))
    return PathCollection(paths, facecolors=colours.cmap(used), edgecolors="none", antialiaseds=False)


def field(axes: Axes, values: np.ma.MaskedArray, colours: ScalarMappable, as_picture: bool = False) -> None:
    """One (L, L) field, query 0 at the top; only allowed cells are drawn on the masked ground."""
    L = len(values)
    axes.set_facecolor(MASKED)
    axes.set(xlim=(0, L), ylim=(L, 0))
    if as_picture:
        edges = np.arange(L + 1)
        axes.pcolormesh(edges, edges, values, cmap=colours.cmap, clim=colours.get_clim(), rasterized=True)
    else:
        axes.add_collection(cells(values, colours), autolim=False)
    quiet_edges(axes)


def af_ticks(axis: Axes, way: str, levels: np.ndarray, on: Page, most: int = 6) -> None:
    """Round AFs along "x" or "y", at most ``most``, each where a level of that AF stands or would stand."""
    places, words = round_ticks(levels, most)
    ticks = {"x": axis.set_xticks, "y": axis.set_yticks}[way]
    ticks(places, words)
    quiet_ticks(axis, on)


def round_ticks(levels: np.ndarray, most: int) -> tuple[np.ndarray, list[str]]:
    """Places on an axis of L levels, each one wide, and the AF that is written there.

    Where the levels do not ascend, or are all within one round AF, every so manieth level is told instead.

    Example:
        >>> places, words = round_ticks(np.linspace(2, 13, 32), 6)
        >>> words, places.round(2).tolist()
        (['2', '4', '6', '8', '10', '12'], [0.5, 6.14, 11.77, 17.41, 23.05, 28.68])
    """
    L = len(levels)
    if L > 1 and (np.diff(levels) > 0).all():
        low, high = float(levels[0]), float(levels[-1])
        for power in range(-4, 6):
            for step in (1 * 10.0**power, 2 * 10.0**power, 5 * 10.0**power):
                first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
                if 2 <= last - first + 1 <= most:
                    values = np.arange(first, last + 1) * step
                    places = np.interp(values, levels, np.arange(L) + 0.5)
                    return places, [f"{value:.4g}" for value in values.tolist()]
    every = every_few(L, most)
    return every + 0.5, [f"{levels[i]:.3g}" for i in every]


def every_few(levels: int, most: int) -> np.ndarray:
    """Levels from 0 on, at most ``most``, all as far apart.

    Example:
        >>> every_few(32, 9), every_few(3, 9)
        (array([ 0,  4,  8, 12, 16, 20, 24, 28]), array([0, 1, 2]))
    """
    return np.arange(0, levels, max(1, math.ceil(levels / most)))


def quiet_ticks(axes: Axes, on: Page) -> None:
    """Ticks and their numbers as small as the page has them."""
    axes.tick_params(
        length=1.5 * on.scale, width=0.5 * on.scale, pad=1.2 * on.scale, labelsize=on.small, colors=QUIET
    )


def quiet_edges(axes: Axes, sides: Sequence[str] = ("left", "bottom", "right", "top")) -> None:
    """Thin, quiet edges on these sides, none elsewhere."""
    for side, spine in axes.spines.items():
        spine.set(color=LINE, linewidth=0.5, visible=side in sides)


def rings(axes: Axes, keys: np.ndarray, above: float, on: Page) -> None:
    """An open ring over each zeroed key, ``above`` cells over the field."""
    axes.plot(
        keys + 0.5, np.full(len(keys), -above), "o",
        ms=2.2 * on.scale, mfc="none", mec=TEXT, mew=0.5 * on.scale, clip_on=False,
    )  # fmt: skip


def scale_bar(
    sheet: Sheet,
    colours: ScalarMappable,
    place: tuple[float, float, float, float],
    marks: dict[float, str],
    level: bool = False,
) -> None:
    """The colour bar, upright or ``level``, at a place of the body, with words at some values."""
    on = sheet.page
    bar = sheet.figure.colorbar(
        colours,
        cax=sheet.axes(*place),
        ticks=list(marks),
        orientation="horizontal" if level else "vertical",
    )
    if bar.solids is not None:
        bar.solids.set(rasterized=False, edgecolor="face")
    bar.set_ticklabels(list(marks.values()))
    bar.outline.set(edgecolor=LINE, linewidth=0.5)
    quiet_ticks(bar.ax, on)


def bucket_colour(code: int, planes: int) -> str:
    """The colour of a bucket: by its first three bits, plane 1 the highest."""
    if planes == 0:
        return QUIET
    return BUCKETS[code >> (planes - 3) if planes > 3 else code << (3 - planes)]


def code_text(code: int, planes: int) -> str:
    """A bucket's code as bits, plane 1 first; "–" where there is no plane."""
    return format(code, f"0{planes}b") if planes else "–"


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on ``#RRGGBB``."""
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return (
        TEXT if sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True)) > 0.2 else "#FFFFFF"
    )
