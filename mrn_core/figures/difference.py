"""Two states of one clip's levels, a kept one and the present one: what opened, closed, gained and lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mrn_core.errors import SettingsError
from mrn_core.network.comparison import Comparison, LevelChange, Unit
from mrn_core.network.explain import Cells
from mrn_core.settings import changes_told

from .fields import VECTOR_CELLS, af_ticks, cells, differences_to, field, quiet_edges, scale_bar
from .heads import small_multiples
from .over import blocks_over, panels
from .page import Page, Sheet, line_height, wrapped
from .scene import Scene
from .style import DIFFERENCE_STOPS, MAP_STOPS, QUIET, SCALE_TOP, TEXT, counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAMES = ("before", "now")
"""Of the two states, as the lines of their provenance are told apart."""
_MASKED_DOT = "#A9B0BA"
_LESS, _MORE = DIFFERENCE_STOPS[0], DIFFERENCE_STOPS[-1]
_UNITS: dict[Unit, str] = {"scaled": "weight ×\nallowed keys,", "weight": "weight,\n"}


def difference_figure(scene: Scene, on: Page) -> Figure:
    """Weight x allowed keys of the chosen head now, less that of the state before."""
    return _figure(scene, on, "scaled")


def weight_difference_figure(scene: Scene, on: Page) -> Figure:
    """The weights of the chosen head now, less those before: what closed pairs lose, others gain."""
    return _figure(scene, on, "weight")


def difference_mean_figure(scene: Scene, on: Page) -> Figure:
    """The difference of weight x allowed keys, the mean over the heads of each block and over all."""
    pairs = compared(scene)
    shown = [(words, pairs.cells_over(blocks)) for words, blocks in blocks_over(scene)]
    told = f"{what_changed(scene)}; green is more, violet less; 1 is uniform; the mean of the heads"
    title = "Difference of two states, mean over heads"
    return panels(
        scene, on, title, shown, differences_to(SCALE_TOP), _marks(SCALE_TOP, "scaled"), told, NAMES
    )


def difference_heads_figure(scene: Scene, on: Page) -> Figure:
    """The difference of weight x allowed keys in every head of every block."""
    pairs = compared(scene)
    values = [np.ma.array(pairs.values(b), mask=~pairs.allowed(b)) for b in range(len(pairs.now))]
    told = (
        f"{what_changed(scene)}; {turned_told(scene, None)}; green is more, violet less; ○2: two zeroed now"
    )
    title = "Difference of two states, all heads"
    marks = _marks(SCALE_TOP, "scaled")
    return small_multiples(scene, on, title, values, differences_to(SCALE_TOP), marks, told, NAMES)


def changes_figure(scene: Scene, on: Page) -> Figure:
    """What became of every level over all heads: its reach before and now, and how many pairs to it opened
    and closed."""
    pairs = compared(scene)
    found = sorted(pairs.levels(), key=lambda change: change.level)
    heads = sum(trace.heads for trace in pairs.now)
    unit = line_height(on.label)
    left = 3.6 * unit
    width = on.width - 2 * on.margin - left
    told = f"{what_changed(scene)}. {turned_told(scene, None)}. Bar: reach now, mean of "
    told += f"{counted(heads, 'head')}; tick: before. Green: opened; violet: closed."
    words = wrapped(told, width + left, on.small)
    head = line_height(on.small) * (words.count("\n") + 1.8)
    tall, apart = 6.5 * unit, 4.2 * unit
    sheet = Sheet(on, scene.analyses, "Levels that changed", head + 2 * tall + apart + 2.8 * unit, NAMES)
    if on.height is not None:
        tall = (sheet.height - head - apart - 2.8 * unit) / 2
    sheet.write(0, 0, words, on.small, va="top", color=QUIET)
    axes = sheet.axes(left, head, width, tall)
    _reach(axes, scene, found, on)
    below = sheet.axes(left, head + tall + apart, width, tall)
    at = np.arange(len(found)) + 0.5
    below.bar(at, [c.opened for c in found], width=0.7, color=_MORE, linewidth=0)
    below.bar(at, [-c.closed for c in found], width=0.7, color=_LESS, linewidth=0)
    below.axhline(0, color=TEXT, lw=0.5 * on.scale)
    most = max([1, *(max(c.opened, c.closed) for c in found)])
    below.set(xlim=(0, len(found)), ylim=(-1.1 * most, 1.1 * most))
    below.set_yticks([-most, 0, most], [f"{most:,}", "0", f"{most:,}"])
    below.set_ylabel("pairs", fontsize=on.label, color=QUIET, labelpad=2 * on.scale)
    af_ticks(below, "x", scene.analysis.levels, on)
    below.set_xlabel("AF of the key", fontsize=on.label, color=QUIET, labelpad=1.5 * on.scale)
    quiet_edges(below, ("left", "bottom"))
    return sheet.figure


def compared(scene: Scene) -> Comparison:
    """The two states side by side.

    Raises:
        SettingsError: the scene has no state to compare with.
    """
    if scene.beside is None:
        raise SettingsError(
            "There is no state to compare with.",
            "Pin one in What if, or name its file with --before.",
            "before",
        )
    return scene.beside


def what_changed(scene: Scene) -> str:
    """What is set otherwise than before, in words, and whether it is another clip or part of it."""
    assert scene.before is not None
    said = [changes_told(scene.before.settings, scene.analysis.settings)]
    before, now = scene.before.provenance, scene.analysis.provenance
    for name, words in (("clip", "another clip"), ("onset", "another onset"), ("apex", "another apex")):
        if before.get(name) != now.get(name):
            said.append(words)
    if before.get("weights") != now.get("weights"):
        said.append("other weights")
    return ", ".join(words for words in said if words) or "Nothing is set otherwise"


def turned_told(scene: Scene, head: tuple[int, int] | None) -> str:
    """How many pairs of one (block, head), or of all, opened and closed."""
    pairs = compared(scene)
    count = pairs.count() if head is None else pairs.count([head[0]], head[1])
    return f"{counted(count.opened, 'pair')} opened, {count.closed:,} closed, of {count.every:,}"


def _figure(scene: Scene, on: Page, kind: Unit) -> Figure:
    pairs = compared(scene)
    top = SCALE_TOP if kind == "scaled" else pairs.top(kind)
    unit = on.label / 72
    left, right = 4.6 * unit, 8.8 * unit
    low = (8.6 if on.height is None else 3.2) * unit
    width = on.width - 2 * on.margin
    side = width - left - right
    told = f"{what_changed(scene)}. {turned_told(scene, (scene.block, scene.head))} in this head."
    words = wrapped(told, width, on.small)
    head = line_height(on.small) * (words.count("\n") + 1.8)
    what = "two states" if kind == "scaled" else "weights"
    title = f"Difference of {what}, {scene.where}"
    sheet = Sheet(on, scene.analyses, title, head + side + low, NAMES)
    if on.height is not None:
        side = min(side, sheet.height - head - low)
        left = max(left, (sheet.width - side - right) / 2)
    sheet.write(0, 0, words, on.small, va="top", color=QUIET)
    axes = sheet.axes(left, head, side, side)
    _matrix(axes, pairs, scene, kind, top, on)
    af_ticks(axes, "y", scene.analysis.levels, on)
    axes.set_ylabel("AF of the query", fontsize=on.label, color=QUIET, labelpad=2 * on.scale)
    if on.height is None:
        axes.set_xticks([])
        below = sheet.axes(left, head + side + 0.8 * unit, side, 4.2 * unit)
        _reach(below, scene, pairs.levels(scene.block, scene.head), on)
    else:
        af_ticks(axes, "x", scene.analysis.levels, on)
        axes.set_xlabel("AF of the key", fontsize=on.label, color=QUIET, labelpad=1.5 * on.scale)
    bar = left + side + unit
    words = f"{_UNITS[kind]}\nnow less before".replace("\n\n", "\n")
    sheet.write(bar, head, words, on.small, va="top", color=QUIET)
    y = head + line_height(on.small) * (words.count("\n") + 1.8)
    colours = differences_to(top)
    scale_bar(sheet, colours, (bar, y, 0.9 * unit, side * 0.42), _marks(top, kind))
    _legend(sheet, bar, y + side * 0.42 + 1.6 * unit)
    return sheet.figure


def _matrix(axes: Axes, pairs: Comparison, scene: Scene, kind: Unit, top: float, on: Page) -> None:
    """The cells of one head, with the signs of what opened and closed; a dot: masked in both states."""
    from matplotlib.collections import LineCollection

    found: Cells = pairs.head_cells(scene.block, scene.head, kind)
    opened, closed = pairs.turned([scene.block], scene.head)
    colours, L = differences_to(top), len(found.values)
    as_picture = L * L > VECTOR_CELLS
    field(axes, np.ma.array(found.values, mask=~found.allowed | closed), colours, as_picture)
    if as_picture:
        return
    axes.add_collection(cells(np.ma.array(found.values, mask=~closed), colours, 0.45), autolim=False)
    thin: dict[str, Any] = {"linewidths": 0.35 * on.scale}
    for marked, shape, ink in ((opened, _PLUS, TEXT), (closed, _FRAME, DIFFERENCE_STOPS[1])):
        at = np.argwhere(marked)[:, ::-1]
        lines = [line for x in at for line in (shape + x)]
        if lines:
            axes.add_collection(LineCollection(lines, colors=ink, **thin), autolim=False)
    y, x = np.nonzero(~found.allowed)
    axes.plot(x + 0.5, y + 0.5, ".", ms=0.9 * on.scale, mew=0, color=_MASKED_DOT)


_PLUS = np.array([[[0.3, 0.5], [0.7, 0.5]], [[0.5, 0.3], [0.5, 0.7]]])
_FRAME = np.array(
    [[[0.1, 0.1], [0.9, 0.1]], [[0.9, 0.1], [0.9, 0.9]], [[0.9, 0.9], [0.1, 0.9]], [[0.1, 0.9], [0.1, 0.1]]]
)


def _reach(axes: Axes, scene: Scene, found: list[LevelChange], on: Page) -> None:
    """A bar a level for its reach now, a tick for the reach before."""
    ordered = sorted(found, key=lambda change: change.level)
    at = np.arange(len(ordered)) + 0.5
    axes.set(xlim=(0, len(ordered)), ylim=(0, 1))
    now, before = (np.array([getattr(c, name) for c in ordered]) for name in ("reach_now", "reach_before"))
    axes.bar(at, np.nan_to_num(now), width=0.7, color=MAP_STOPS[3], linewidth=0)
    axes.hlines(np.nan_to_num(before), at - 0.35, at + 0.35, colors=TEXT, linewidth=0.9 * on.scale)
    axes.set_yticks([0, 0.5, 1], ["0", "", "1"])
    af_ticks(axes, "x", scene.analysis.levels, on)
    axes.set_xlabel("AF of the key", fontsize=on.label, color=QUIET, labelpad=1.5 * on.scale)
    axes.set_ylabel("reach", fontsize=on.label, color=QUIET, labelpad=2 * on.scale)
    quiet_edges(axes, ("left", "bottom"))


def _marks(top: float, kind: Unit) -> dict[float, str]:
    if kind == "scaled":
        return {-top: f"≤ −{top:g}", 0.0: "0 same", top: f"≥ +{top:g}"}
    return {-top: f"≤ −{top:.2g}", 0.0: "0 same", top: f"≥ +{top:.2g}"}


def _legend(sheet: Sheet, x: float, y: float) -> None:
    """What a plus, a frame, a dot and a tick mean."""
    on = sheet.page
    line = line_height(on.small)
    signs = (("+", "opened"), ("□", "closed"), ("·", "masked in both"))
    for n, (sign, words) in enumerate(signs):
        sheet.write(x + 0.35 * line, y + n * 1.25 * line, sign, on.small, ha="center", va="top")
        sheet.write(x + 0.9 * line, y + n * 1.25 * line, words, on.small, va="top", color=QUIET)
    if on.height is None:
        words = "bar: reach now,\n— before"
        sheet.write(x, y + 4.2 * line, words, on.small, va="top", color=QUIET)
