"""The motion over the clip, with the marks: what the timeline shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrn_core.errors import SettingsError
from mrn_core.facts import facts, mark_told

from .fields import quiet_edges, quiet_ticks
from .page import Page, Sheet, line_height
from .scene import Scene
from .style import LINE, MAP_STOPS, QUIET, TEXT

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def motion_figure(scene: Scene, on: Page) -> Figure:
    """The curve of the spotter over the frames; onset and apex of the analysis as lines.

    Raises:
        SettingsError: the scene has no curve.
    """
    curve = scene.curve
    if curve is None:
        raise SettingsError("There is no motion curve.", "Give the clip too.", "curve")
    unit = line_height(on.label)
    left = 4.2 * unit
    width = on.width - 2 * on.margin
    tall = 9 * unit
    sheet = Sheet(on, [scene.analysis], "Motion over the clip", tall + 4 * unit)
    if on.height is not None:
        tall = sheet.height - 4 * unit
    axes = sheet.axes(left, 1.6 * unit, width - left - 0.3 * unit, tall)
    values = curve.curves["motion"]
    axes.plot(range(len(values)), values, color=MAP_STOPS[5], lw=1.0 * on.scale)
    told = facts(scene.analysis)
    for role in ("onset", "apex"):
        frame = told[role]
        if isinstance(frame, int):
            axes.axvline(frame, color=TEXT, lw=0.7 * on.scale, ls="-" if role == "apex" else "--")
            axes.annotate(
                mark_told(told, role), (frame, 1.0), (0, 1.5 * on.scale), xycoords=("data", "axes fraction"),
                textcoords="offset points", fontsize=on.small, color=TEXT,
                ha="right" if role == "onset" else "left", va="bottom", annotation_clip=False,
            )  # fmt: skip
    axes.set_xlim(0, max(1, len(values) - 1))
    axes.set_ylim(bottom=0)
    quiet_ticks(axes, on)
    axes.grid(axis="y", color=LINE, lw=0.4 * on.scale)
    axes.set_xlabel(f"frame from 0, at {curve.fps:.4g} per second", fontsize=on.label, color=QUIET)
    axes.set_ylabel(f"motion, {curve.units}", fontsize=on.label, color=QUIET, labelpad=2 * on.scale)
    quiet_edges(axes, ("left", "bottom"))
    return sheet.figure
