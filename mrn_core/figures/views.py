"""Every view of the window as a figure, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mrn_core.errors import SettingsError

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
        draw: makes it.
        per_head: it shows the chosen head alone.
        needs_curve: it is drawn from a motion curve, which an Analysis does not hold.
        needs_before: it compares with another state.
    """

    name: str
    told: str
    draw: Callable[[Scene, Page], Figure]
    per_head: bool = False
    needs_curve: bool = False
    needs_before: bool = False

    def can(self, scene: Scene) -> bool:
        """Whether all is there that it is drawn from."""
        lacks_curve = self.needs_curve and scene.curve is None
        return not lacks_curve and not (self.needs_before and scene.before is None)


def _fig1(scene: Scene, on: Page) -> Figure:
    return strips_figure([scene.analysis, *scene.others], on)


VIEWS = {
    view.name: view
    for view in (
        View("strip", "Strip of all levels", strip_figure),
        View("strip-difference", "Strip: levels less the onset", strip_difference_figure),
        View("strip-flow", "Strip: magnified motion as arrows", strip_flow_figure),
        View("fig1", "Onset, apex, levels (Fig. 1)", _fig1),
        View("matrix", "Matrix with buckets and reach", matrix_figure, True),
        View("by-bucket", "Matrix by bucket", by_bucket_figure, True),
        View("fig4", "Matrix of weights (Fig. 4)", paper_figure, True),
        View("angle", "Angles of queries and keys", angle_figure, True),
        View("tables", "Agreeing tables of each pair", tables_figure, True),
        View("chance", "Chance of each pair to meet", chance_figure, True),
        View("heads", "All heads and blocks", heads_figure),
        View("mean", "Mean over heads and blocks", mean_figure),
        View("union", "Union over heads and blocks", union_figure),
        View("difference", "Difference to the pinned state", difference_figure, True, needs_before=True),
        View(
            "weight-difference",
            "Difference of weights to pinned",
            weight_difference_figure,
            True,
            needs_before=True,
        ),
        View(
            "difference-mean",
            "Difference, mean over heads",
            difference_mean_figure,
            needs_before=True,
        ),
        View("difference-heads", "Difference, all heads", difference_heads_figure, needs_before=True),
        View("changes", "Levels changed since pinned", changes_figure, needs_before=True),
        View("reach", "Reach and zeroed levels", reach_figure, True),
        View("why", "Why a cell is full or empty", why_figure, True),
        View("buckets", "Buckets of every level", buckets_figure, True),
        View("hash", "Hash space with its cuts (Fig. 3)", hash_figure, True),
        View("reading", "Probabilities and beta", reading_figure),
        View("motion", "Motion over the clip", motion_figure, needs_curve=True),
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
    if chosen.draw is _fig1:
        told += scene.others
    return drawn(figure, kind, on.dpi, chosen.told, told)
