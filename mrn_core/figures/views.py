"""Every view of the window as a figure, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mrn_core.errors import SettingsError
from mrn_core.worth import Shows

from .buckets import buckets_figure
from .by_bucket import by_bucket_figure
from .difference import (
    changes_figure,
    difference_figure,
    difference_heads_figure,
    difference_mean_figure,
    weight_difference_figure,
)
from .hash_space import hash_figure
from .heads import heads_figure
from .health import health_figure
from .level import level_figure
from .matrix import matrix_figure, paper_figure
from .matrix_values import angle_figure, chance_figure, tables_figure
from .motion_curve import motion_figure
from .over import mean_figure, union_figure
from .page import Page
from .reach import reach_figure
from .reading import reading_figure
from .rendering import KINDS as FIGURE_KINDS
from .rendering import drawn
from .scene import Scene
from .strips import strip_difference_figure, strip_figure, strip_flow_figure, strips_figure
from .style import plain_style
from .why import why_figure
from .zeroed import zeroed_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


KINDS = (*FIGURE_KINDS, "csv")
"""Of files that a view can be written as."""


@dataclass(frozen=True)
class View:
    """One figure.

    Attributes:
        name: of its file, and on the command line.
        told: what it shows, for a person.
        made: makes it.
        shows: what of an analysis, for its badge.
        per_head: it shows the chosen head alone.
        needs_curve: it is drawn from a motion curve, which an Analysis does not hold.
        needs_before: it compares with another state.
    """

    name: str
    told: str
    made: Callable[[Scene, Page], Figure]
    shows: Shows
    per_head: bool = False
    needs_curve: bool = False
    needs_before: bool = False

    def draw(self, scene: Scene, on: Page) -> Figure:
        """The figure, with the badge of what it shows."""
        return self.made(scene, replace(on, shows=self.shows))

    def can(self, scene: Scene) -> bool:
        """Whether all is there that it is drawn from."""
        lacks_curve = self.needs_curve and scene.curve is None
        return not lacks_curve and not (self.needs_before and scene.before is None)


def _fig1(scene: Scene, on: Page) -> Figure:
    return strips_figure([scene.analysis, *scene.others], on)


VIEWS = {
    view.name: view
    for view in (
        View("strip", "Strip of all levels", strip_figure, "strip"),
        View("strip-difference", "Strip: levels less the onset", strip_difference_figure, "strip"),
        View("strip-flow", "Strip: magnified motion as arrows", strip_flow_figure, "strip"),
        View("fig1", "Onset, apex, levels (Fig. 1)", _fig1, "frames"),
        View("level", "One level, between onset and apex", level_figure, "all", True),
        View("matrix", "Matrix with buckets and reach", matrix_figure, "weights", True),
        View("by-bucket", "Matrix by bucket", by_bucket_figure, "weights", True),
        View("fig4", "Matrix of weights (Fig. 4)", paper_figure, "weights", True),
        View("angle", "Angles of queries and keys", angle_figure, "hash", True),
        View("tables", "Agreeing tables of each pair", tables_figure, "hash", True),
        View("chance", "Chance of each pair to meet", chance_figure, "hash", True),
        View("heads", "All heads and blocks", heads_figure, "weights"),
        View("mean", "Mean over heads and blocks", mean_figure, "weights"),
        View("union", "Union over heads and blocks", union_figure, "weights"),
        View(
            "difference",
            "Difference to the pinned state",
            difference_figure,
            "weights",
            True,
            needs_before=True,
        ),
        View(
            "weight-difference",
            "Difference of weights to pinned",
            weight_difference_figure,
            "weights",
            True,
            needs_before=True,
        ),
        View(
            "difference-mean",
            "Difference, mean over heads",
            difference_mean_figure,
            "weights",
            needs_before=True,
        ),
        View(
            "difference-heads", "Difference, all heads", difference_heads_figure, "weights", needs_before=True
        ),
        View("changes", "Levels changed since pinned", changes_figure, "hash", needs_before=True),
        View("reach", "Reach and zeroed levels", reach_figure, "hash", True),
        View("zeroed", "Zeroed levels, every head", zeroed_figure, "hash"),
        View("health", "Health of the hash", health_figure, "hash"),
        View("why", "Why a cell is full or empty", why_figure, "weights", True),
        View("buckets", "Buckets of every level", buckets_figure, "hash", True),
        View("hash", "Hash space with its cuts (Fig. 3)", hash_figure, "hash", True),
        View("reading", "Probabilities and beta", reading_figure, "reading"),
        View("motion", "Motion over the clip", motion_figure, "frames", needs_curve=True),
    )
}


def view(name: str) -> View:
    """The view with this name.

    Raises:
        SettingsError: there is none; the message lists all.
    """
    if name not in VIEWS:
        raise SettingsError(f"There is no view {name!r}.", f"Choose among: {', '.join(VIEWS)}.", "view")
    return VIEWS[name]


def view_bytes(scene: Scene, name: str, kind: str, on: Page) -> bytes:
    """A view as the bytes of an "svg", "pdf" or "png" file, or its numbers as those of a "csv" file.

    Raises:
        SettingsError: there is no such view or kind, or the view needs what the scene lacks.
    """
    chosen = view(name)
    if kind == "csv":
        from .outputs import as_utf8
        from .view_csv import view_csv

        return as_utf8(view_csv(scene, name))
    with plain_style():
        figure = chosen.draw(scene, on)
    told = scene.analyses if chosen.needs_before else [scene.analysis]
    if chosen.made is _fig1:
        told += scene.others
    return drawn(figure, kind, on.dpi, chosen.told, told, chosen.shows)
