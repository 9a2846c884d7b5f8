"""Queries and keys of one head on a plane with the table's cuts: the paper's Fig. 3 with numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mrn_core.network.explain import Array
from mrn_core.network.projection import CENTRE, DASHED, Cut, Projection, meets_told, project
from mrn_core.network.projection import Axes as Chosen

from .fields import bucket_colour, quiet_edges
from .page import Page, Sheet, line_height, width_of, wrapped
from .scene import Scene
from .style import LINE, QUIET, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_VIEWS: tuple[tuple[Chosen, str], ...] = (
    ("spread", "where levels differ most (PCA)"),
    ("origin", "through the origin"),
)


def hash_figure(scene: Scene, on: Page) -> Figure:
    """The same points twice: on the plane on which they differ most, and on the one that holds the origin,
    where one sees how narrow a cone the planes would have to part."""
    unit = line_height(on.label)
    width = on.width - 2 * on.margin
    found = [(words, project(scene.trace, scene.head, scene.table, axes)) for axes, words in _VIEWS]
    told = "● queries, □ keys, coloured by bucket; the thin line goes from the least AF to the largest; "
    told += f"{DASHED}; at the left {meets_told('spread')}, at the right {meets_told('origin')}; "
    told += f"+ origin, × centre: {CENTRE}"
    if not np.isnan(cone := found[0][1].cone):
        told += f"; all within {cone:.0f}° of their mean direction"
    told = wrapped(told, width, on.small)
    gap, over, low = unit, 1.4 * unit, unit + line_height(on.small) * (told.count("\n") + 1)
    side = (width - gap) / 2
    title = f"Hash space of {scene.where}, table {scene.table + 1}"
    sheet = Sheet(on, [scene.analysis], title, over + side + low)
    if on.height is not None:
        side = min(side, sheet.height - over - low)
    for n, (words, seen) in enumerate(found):
        x = n * (side + gap)
        sheet.write(x, over * 0.45, words, on.small, va="center", color=QUIET)
        _points(sheet.axes(x, over, side, side), seen, scene, on, side)
    sheet.write(0, over + side + 0.5 * unit, told, on.small, va="top", color=QUIET)
    return sheet.figure


def _points(axes: Axes, seen: Projection, scene: Scene, on: Page, side: float) -> None:
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
    signs = np.concatenate([every, np.zeros((1, 2))])
    names = _Names(signs, middle, half, side, on)
    for level in sorted({0, trace.levels - 1}):
        at_point = names.beside(seen.queries[level], str(level))
        axes.text(
            float(at_point[0]),
            float(at_point[1]),
            str(level),
            fontsize=on.small,
            color=TEXT,
            ha="center",
            va="center",
        )
    lines = [(cut, ends) for cut in seen.cuts if cut.tells and (ends := _ends(cut, names)) is not None]
    for cut, ends in lines:
        others = [points for other, points in lines if other is not cut]
        _cut(axes, cut, ends, others, names, on)
    quiet_edges(axes)


def _ends(cut: Cut, names: _Names) -> Array | None:
    """(2, 2) two points of its line beyond what is drawn; None where it does not come near."""
    length = float(np.linalg.norm(cut.normal))
    if length < 1e-9:
        return None
    foot = -cut.offset * cut.normal / length**2
    along = np.array([-cut.normal[1], cut.normal[0]]) / length
    foot = foot + along * float(along @ (names.middle - foot))
    if np.abs(foot - names.middle).max() > 2 * names.half:
        return None
    return np.asarray(foot + 3 * names.half * along * np.array([[-1], [1]]))


def _cut(axes: Axes, cut: Cut, ends: Array, others: Sequence[Array], names: _Names, on: Page) -> None:
    """Its line and its name, which stands where no other line is."""
    look: dict[str, Any] = {"ls": "-", "lw": 0.8} if cut.holds else {"ls": "--", "lw": 0.6}
    alpha = 1.0 if cut.holds else 0.3 + 0.6 * max(0.0, 2 * cut.right - 1)
    look["lw"] *= on.scale
    axes.plot(*ends.T, color=QUIET, alpha=alpha, zorder=0, scalex=False, scaley=False, **look)
    words = f"plane {cut.plane}" if cut.holds else f"plane {cut.plane}, {cut.share}"
    if (place := names.along(ends, words, others)) is not None:
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.4 * on.scale}
        axes.text(
            float(place[0]),
            float(place[1]),
            words,
            fontsize=on.small,
            color=QUIET,
            ha="center",
            va="center",
            bbox=box,
            zorder=1,
        )


class _Names:
    """Where names stand: not on points, nor on each other; in units of the data.

    Args:
        points: (N, 2) what they must not cover.
        middle, half: of the field, whose ``side`` is given in inches.
    """

    def __init__(self, points: Array, middle: Array, half: float, side: float, on: Page) -> None:
        self.middle, self.half, self._on = middle, half, on
        self._inch = 2 * half / side
        self._points = points
        self._taken: list[tuple[Array, Array]] = []

    def beside(self, point: Array, words: str) -> Array:
        """The middle of words beside a point, on the side with the most room."""
        size = self._size(words)
        angles = np.arange(16) * np.pi / 8
        away = 2.4 * self._on.scale / 72 * self._inch
        ways = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        return self._roomiest(point + ways * (size / 2 + away), size, self._points)

    def along(self, ends: Array, words: str, others: Sequence[Array]) -> Array | None:
        """The middle of words on a line, where they lie on no point; None: the line is not in the field."""
        size = self._size(words)
        shares = np.linspace(0, 1, 121)[:, None]
        places, *lines = (line[0] + shares * (line[1] - line[0]) for line in (ends, *others))
        inside = (np.abs(places - self.middle) <= self.half - size / 2 - 0.02 * self._inch).all(-1)
        if not inside.any():
            return None
        return self._roomiest(places[inside], size, np.concatenate([self._points, *lines]))

    def _size(self, words: str) -> Array:
        on = self._on
        return np.array([width_of(words, on.small), 0.8 * line_height(on.small)]) * self._inch

    def _roomiest(self, places: Array, size: Array, points: Array) -> Array:
        dots = np.maximum(np.abs(points - places[:, None]) - size / 2, 0)
        room = np.hypot(*np.moveaxis(dots, -1, 0)).min(1)
        for other, its in self._taken:
            room = np.minimum(room, (np.abs(places - other) - (size + its) / 2).max(-1))
        best = np.asarray(places[int(room.argmax())])
        self._taken.append((best, size))
        return best
