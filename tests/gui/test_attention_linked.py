"""All linked views on one selection: other analyses, themes and shapes while something is pointed at."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
import shiboken6
from sample import sample_analysis

from mrn_core.network import explain
from mrn_gui.attention import AttentionView, HeadsGrid
from mrn_gui.attention.scales import scale_of
from mrn_gui.hashing import BucketPanel
from mrn_gui.hashspace import HashSpacePanel
from mrn_gui.level import LevelPanel
from mrn_gui.reading import ReadingPanel
from mrn_gui.selection import Place, Selection
from mrn_gui.strip import LevelStrip
from mrn_gui.theme import Theme
from mrn_gui.why import WhyPanel

SIZES = {
    LevelStrip: (1039, 212),
    HeadsGrid: (176, 515),
    AttentionView: (521, 515),
    WhyPanel: (340, 272),
    BucketPanel: (189, 264),
    HashSpacePanel: (189, 264),
    ReadingPanel: (150, 264),
    LevelPanel: (240, 200),
}


class Views:
    def __init__(self, qtbot):
        self.selection, self.theme = Selection(), Theme()
        self.all = [cls(self.selection, self.theme) for cls in SIZES]
        for view in self.all:
            view.resize(*SIZES[type(view)])
            qtbot.addWidget(view)
            view.show()

    def show(self, analysis, chance=True):
        if analysis is not None:
            trace = analysis.traces[0]
            self.selection.set_shape(len(analysis.traces), trace.heads, trace.levels, trace.tables)
        for view in self.all:
            view.show_analysis(analysis)
            if chance and analysis is not None and hasattr(view, "set_chance"):
                view.set_chance([explain.redraws(trace, 3) for trace in analysis.traces])

    def grabs(self):
        return [view.grab().toImage() for view in self.all]


@pytest.fixture
def views(qtbot):
    return Views(qtbot)


def test_light_dark_light_is_where_it_began(views):
    views.show(sample_analysis(seed=3))
    views.selection.click(Place(30, 5))
    views.selection.hover(Place.level(9))
    first = views.grabs()
    views.theme.set("dark")
    dark = views.grabs()
    views.theme.set("light")
    assert all(a != b for a, b in zip(first, dark, strict=True))
    assert all(a == b for a, b in zip(first, views.grabs(), strict=True))


def test_a_hover_changes_every_view_and_goes_without_a_trace(views):
    views.show(sample_analysis(seed=3))
    views.selection.hover(Place.level(20))
    views.selection.hover(None)
    before = views.grabs()
    views.selection.hover(Place(30, 5))
    during = views.grabs()
    assert all(a != b for a, b in zip(before, during, strict=True))
    views.selection.hover(Place.level(20))
    views.selection.hover(None)
    assert all(a == b for a, b in zip(before, views.grabs(), strict=True))


def test_other_shapes_come_while_something_is_pinned(views):
    rng = np.random.default_rng(0)
    shapes = [(32, 8, 4, 3, 3), (1, 1, 1, 0, 1), (64, 2, 16, 8, 2), (12, 4, 2, 3, 5), (2, 1, 1, 1, 1)]
    for levels, heads, tables, planes, blocks in [*shapes, *shapes[::-1]]:
        analysis = sample_analysis(levels, heads, tables, planes, blocks, size=32)
        for a, b in rng.integers(0, 64, (3, 2)).tolist():
            views.selection.click(Place(a, b))
            views.selection.hover(Place.level(b))
        views.selection.choose(blocks - 1, heads - 1, tables - 1)
        views.show(analysis, chance=levels != 64)
        views.grabs()
        views.show(None)
        views.grabs()


def test_a_selection_of_another_shape_than_the_analysis_harms_nothing(views):
    views.show(sample_analysis(12, heads=2, tables=1, blocks=1, size=32))
    views.selection.set_shape(6, 16, 64, 16)
    views.selection.choose(5, 15, 15)
    views.selection.hover(Place(60, 3))
    views.selection.click(Place.level(63))
    assert all(not image.isNull() for image in views.grabs())


def test_every_view_dims_an_old_analysis(views):
    views.show(sample_analysis(seed=3))
    fresh = views.grabs()
    for view in views.all:
        view.set_stale("Previous analysis: onset 10, apex 33")
    assert all(a != b for a, b in zip(fresh, views.grabs(), strict=True))
    for view in views.all:
        view.set_stale(None)
    assert all(a == b for a, b in zip(fresh, views.grabs(), strict=True))


@pytest.mark.parametrize("weights", ["zero", "uniform", "one level"])
def test_flat_matrices_have_a_scale(views, weights):
    analysis = sample_analysis(1 if weights == "one level" else 32, kind="all allowed", size=32)
    if weights != "one level":
        value = 0.0 if weights == "zero" else 1 / 32
        traces = tuple(replace(t, weights=np.full_like(t.weights, value)) for t in analysis.traces)
        analysis = replace(analysis, traces=traces)
    assert 0 < scale_of(analysis, "weight").top <= 1
    views.show(analysis)
    matrix = views.all[2].matrix
    for value in ("weight", "scaled"):
        matrix.show_as(value)
        assert not matrix.grab().isNull()
        assert np.isfinite(matrix.model.scale.top)


def test_views_that_are_closed_are_freed():
    selection, theme = Selection(), Theme()
    for cls in SIZES:
        view = cls(selection, theme)
        view.show_analysis(sample_analysis(4, size=16))
        gone = weakref.ref(view)
        shiboken6.delete(view)
        del view
        gc.collect()
        assert gone() is None, cls.__name__
    selection.hover(Place(1, 2))
    theme.set("dark")
