"""The other values of a matrix's cells: angle, agreeing tables, and what chance gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mrn_core.errors import SettingsError
from mrn_core.network.explain import CellValue, head_cells, unrelated

from .fields import VECTOR_CELLS, af_ticks, cells, colours_to, field, scale_bar
from .page import Page, Sheet, line_height
from .scene import Scene
from .style import QUIET

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TITLES = {"angle": "Angle of query and key", "tables": "Agreeing tables", "chance": "Chance to meet"}
_SMALL = 0.55  # side of a masked cell, where the value belongs to it too


def angle_figure(scene: Scene, on: Page) -> Figure:
    """Degrees between what is hashed of query and key; a pair that shares no bucket is a smaller square."""
    return _figure(scene, on, "angle", 180.0, {0.0: "0°", 90.0: "90° apart", 180.0: "180°"})


def tables_figure(scene: Scene, on: Page) -> Figure:
    """In how many hash tables query and key share a bucket."""
    count = scene.trace.tables
    return _figure(scene, on, "tables", float(count), {0.0: "0", float(count): str(count)})


def chance_figure(scene: Scene, on: Page) -> Figure:
    """The share of redraws of the planes in which the two may meet; one that does not now is smaller.

    Raises:
        SettingsError: the scene has no redraws.
    """
    alone = unrelated(scene.trace.planes, scene.trace.tables)
    marks = {0.0: "0", alone: f"{alone:.2f} unrelated", 1.0: "1"}
    if 0 < min(alone, 1 - alone) < 0.09:  # the words would lie on those of an end
        del marks[0.0 if alone < 0.5 else 1.0]
    return _figure(scene, on, "chance", 1.0, marks)


def _figure(scene: Scene, on: Page, value: CellValue, top: float, marks: dict[float, str]) -> Figure:
    found = head_cells(scene.trace, scene.head, value, scene.drawn())
    if found is None:
        raise SettingsError("There are no redraws of the planes.", "Draw chance first.", "chance")
    L = scene.trace.levels
    unit = on.label / 72
    left, low, right = 3.8 * unit, 3.6 * unit + line_height(on.small), 8.6 * unit
    side = on.width - 2 * on.margin - left - right
    sheet = Sheet(on, [scene.analysis], f"{_TITLES[value]}, {scene.where}", side + low)
    if on.height is not None:
        side = min(side, sheet.height - low)
        left = max(left, (sheet.width - side - right) / 2)
    colours = colours_to(top)
    axes = sheet.axes(left, 0, side, side)
    known = np.isfinite(found.values)
    field(axes, np.ma.array(found.values, mask=~(known & found.allowed)), colours, L * L > VECTOR_CELLS)
    if value != "tables":
        apart = np.ma.array(found.values, mask=~(known & ~found.allowed))
        axes.add_collection(cells(apart, colours, _SMALL), autolim=False)
        words = "small: no bucket shared now"
        sheet.write(left, side + 3.4 * unit, words, on.small, va="top", color=QUIET)
    af_ticks(axes, "x", scene.analysis.levels, on)
    af_ticks(axes, "y", scene.analysis.levels, on)
    axes.set_xlabel("AF of the key", fontsize=on.label, color=QUIET, labelpad=1.5 * on.scale)
    axes.set_ylabel("AF of the query", fontsize=on.label, color=QUIET, labelpad=2 * on.scale)
    scale_bar(sheet, colours, (left + side + unit, 0, 0.9 * unit, side * 0.6), marks)
    return sheet.figure
