"""Zero, constant and 1 x 1 data in every view: drawn without a warning, with finite and unequal scales."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from sample import sample_analysis

from mrn_core.network import explain
from mrn_gui.attention.heads import HeadsGrid
from mrn_gui.attention.scales import VALUES, scale_of
from mrn_gui.attention.view import AttentionView
from mrn_gui.hashing.buckets import BucketPanel
from mrn_gui.hashspace import HashSpacePanel
from mrn_gui.reading import ReadingPanel
from mrn_gui.selection import Place, Selection
from mrn_gui.strip import LevelStrip
from mrn_gui.theme import Theme
from mrn_gui.why import WhyPanel

VIEWS = (LevelStrip, HeadsGrid, AttentionView, WhyPanel, HashSpacePanel, ReadingPanel, BucketPanel)


def flat(case):
    """An analysis whose every head is flat in one way."""
    levels = 1 if case == "one level" else 6
    kind = "all masked" if case == "all rows zero" else "all allowed"
    analysis = sample_analysis(levels, heads=2, blocks=2, kind=kind, size=16)
    traces = []
    for trace in analysis.traces:
        if case == "zero vectors":
            nothing = np.zeros_like(trace.queries)
            trace = replace(
                trace, queries=nothing, keys=nothing, weights=np.full_like(trace.weights, 1 / levels)
            )
        elif case == "constant vectors":
            alike = np.broadcast_to(trace.queries[:, :1], trace.queries.shape).copy()
            trace = replace(trace, queries=alike, keys=alike, weights=np.full_like(trace.weights, 1 / levels))
        traces.append(trace)
    alike = np.broadcast_to(analysis.frames[:1], analysis.frames.shape).copy()
    return replace(analysis, traces=tuple(traces), frames=alike, scores=np.full(levels, 0.5, np.float32))


@pytest.mark.parametrize("case", ["all rows zero", "zero vectors", "constant vectors", "one level"])
def test_flat_data_are_drawn_without_a_warning(qtbot, qtlog, case):
    analysis = flat(case)
    levels = len(analysis.levels)
    chance = [explain.redraws(trace, 3) for trace in analysis.traces]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for kind in VIEWS:
            selection = Selection()
            selection.set_shape(2, 2, levels, 4)
            view = kind(selection, Theme())
            qtbot.addWidget(view)
            view.resize(420, 340)
            view.show_analysis(analysis)
            if hasattr(view, "set_chance"):
                view.set_chance(chance)
            view.show()
            for place in (None, Place(levels - 1, 0), Place.level(0)):
                selection.hover(place)
                assert not view.grab().isNull()
            if kind is HashSpacePanel:
                for axes in ("spread", "origin"):
                    view.canvas.show_axes(axes)
                    points = np.asarray(view.canvas.geometry_now.points)
                    assert np.isfinite(points).all()
                    assert not view.grab().isNull()
            if kind in (AttentionView, HeadsGrid):
                for value in VALUES:
                    (
                        view.show_value(value.name)
                        if kind is AttentionView
                        else view.show_as(value.name, False)
                    )
                    assert not view.grab().isNull()
        for value in VALUES:
            scale = scale_of(analysis, value.name)
            assert np.isfinite(scale.top)
            assert scale.top > 0
            ends = [mark[0] for mark in scale.marks]
            assert min(ends) < max(ends)
            assert all(0 <= scale.share(end) <= 1 for end in ends)
    told = [record.message for record in qtlog.records if "propagateSizeHints" not in record.message]
    assert told == []


def test_a_masked_cell_is_not_a_zero_weight_nor_a_small_one(qtbot):
    """On the screen: no fill and a dot, a fill with an outline, a fill."""
    analysis = sample_analysis(6, heads=1, blocks=1, kind="all allowed", size=16)
    trace = analysis.traces[0]
    mask, weights = trace.mask.copy(), np.full_like(trace.weights, 1e-6)
    mask[0, 0, 0], weights[0, 0, 0], weights[0, 0, 1] = False, 0, 0
    selection = Selection()
    selection.set_shape(1, 1, 6, 4)
    view = AttentionView(selection, Theme())
    qtbot.addWidget(view)
    view.resize(520, 500)
    view.show_analysis(replace(analysis, traces=(replace(trace, mask=mask, weights=weights),)))
    view.show()
    geometry, image = view.matrix.geometry_now, view.matrix.grab().toImage()
    seen = []
    for key in range(3):
        x, y, side, _ = (int(v) for v in geometry.cell_rect(0, key))
        seen.append(tuple(image.pixelColor(x + dx, y + dx).name() for dx in (0, 3, side // 2)))
    assert len(set(seen)) == 3, seen
