"""Every number that a linked view holds is the analysis' own, for three analyses of different shape."""

import math
import re

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from sample import sample_analysis

from mrn_core.network import explain
from mrn_gui.attention import AttentionView, HeadsGrid
from mrn_gui.hashing import BucketPanel
from mrn_gui.hashspace import HashSpacePanel
from mrn_gui.level import LevelPanel
from mrn_gui.reading import ReadingPanel
from mrn_gui.reading.model import bars
from mrn_gui.selection import Place, Selection
from mrn_gui.strip import LevelStrip
from mrn_gui.theme import Theme
from mrn_gui.why import WhyPanel

SHAPES = {
    "as by default": {"levels": 32, "seed": 3},
    "one head, one table": {"levels": 12, "heads": 1, "tables": 1, "blocks": 2, "kind": "empty rows"},
    "64 levels, six tables": {"levels": 64, "heads": 2, "tables": 6, "planes": 4, "blocks": 1, "seed": 7},
}


@pytest.fixture(params=list(SHAPES))
def shown(request, qtbot):
    """The views of one analysis on one selection: its last block, head and table."""
    analysis = sample_analysis(size=16, **SHAPES[request.param])
    drawn = [explain.redraws(trace, 5) for trace in analysis.traces]
    selection, theme, trace = Selection(), Theme(), analysis.traces[0]
    selection.set_shape(len(analysis.traces), trace.heads, trace.levels, trace.tables)
    selection.choose(len(analysis.traces) - 1, trace.heads - 1, trace.tables - 1)
    views = {}
    for cls in (
        LevelStrip, HeadsGrid, AttentionView, WhyPanel, BucketPanel, HashSpacePanel, ReadingPanel, LevelPanel,
    ):  # fmt: skip
        view = views[cls] = cls(selection, theme)
        view.resize(700, 700)
        qtbot.addWidget(view)
        view.show_analysis(analysis)
        if hasattr(view, "set_chance"):
            view.set_chance(drawn)
        view.show()
    return analysis, drawn, selection, views


def numbers(words):
    return [float(found) for found in re.findall(r"\d+\.\d+", words)]


def test_each_view_has_the_analysis_numbers(shown):
    analysis, drawn, selection, views = shown
    block, head, table = selection.block, selection.head, selection.table
    trace, levels = analysis.traces[block], len(analysis.levels)
    reach, received = analysis.reach()[block, head], analysis.received()[block, head]

    matrix = views[AttentionView].matrix.model
    order = matrix.order.columns
    np.testing.assert_array_equal(matrix.reach, reach[order])
    np.testing.assert_array_equal(matrix.expected, drawn[block].reach[head][order])
    np.testing.assert_array_equal(matrix.beta, analysis.scores[order].astype(float))
    np.testing.assert_array_equal(matrix.zeroed, analysis.zeroed()[block, head][order])
    np.testing.assert_array_equal(matrix.silent, analysis.silent()[block, head][order])
    np.testing.assert_array_equal(matrix.key_codes(table), trace.key_buckets[head, table][order])
    assert (matrix.query_codes(table) == trace.query_buckets[head, table][matrix.order.rows]).all()

    strip = views[LevelStrip].canvas
    for level in range(0, levels, 5):
        frame = QRectF(*strip.geometry_now.frame(level))
        told = numbers(strip.tip_at(frame.center()))
        known = [analysis.levels[level], analysis.gains[level], reach[level], received[level]]
        for number in known:
            assert any(math.isclose(number, found, abs_tol=0.006) for found in told), (level, number, told)

    heads = views[HeadsGrid].canvas
    for b, other in enumerate(analysis.traces):
        np.testing.assert_allclose(heads._block(b).density, other.mask.mean((1, 2)))
        np.testing.assert_array_equal(heads._values(b, head), other.scaled()[head].astype(float))
        np.testing.assert_array_equal(heads._block(b).zeroed, analysis.zeroed()[b])

    selection.hover(Place(levels - 1, 1))
    why = views[WhyPanel].canvas.told
    assert [row.query_code for row in why.rows] == trace.query_buckets[head, :, levels - 1].tolist()
    assert [row.key_code for row in why.rows] == trace.key_buckets[head, :, 1].tolist()
    seen = views[HashSpacePanel].canvas.seen
    assert len(seen.keys) == levels
    assert views[LevelPanel].canvas.level == levels - 1
    assert numbers(views[LevelPanel].header.remark)[0] == pytest.approx(analysis.levels[-1], abs=0.006)

    read = {bar.label: bar.probability for bar in bars(analysis)}
    assert read == pytest.approx(analysis.probabilities)


def test_a_grab_of_every_view_differs_between_two_heads_of_one_analysis(shown):
    """What is on the screen is drawn from the chosen head, not from another."""
    analysis, _, selection, views = shown
    if analysis.traces[0].heads * len(analysis.traces) == 1:
        pytest.skip("one head")
    follow = [views[cls] for cls in (LevelStrip, AttentionView, WhyPanel, BucketPanel, HashSpacePanel)]
    before = [view.grab().toImage() for view in follow]
    selection.choose(block=0, head=0)
    assert all(a != view.grab().toImage() for a, view in zip(before, follow, strict=True))
