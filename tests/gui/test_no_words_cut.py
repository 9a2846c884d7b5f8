"""No view shortens its words, or lays numbers on one another, at the sizes that are drawn, whatever L."""

import importlib
from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF, Qt
from sample import sample_analysis

from mrn_core.network.comparison import compare
from mrn_gui.attention.view import AttentionView
from mrn_gui.hashspace import HashSpacePanel
from mrn_gui.painting import width_of
from mrn_gui.reading import ReadingPanel
from mrn_gui.selection import Place, Selection
from mrn_gui.strip import LevelStrip
from mrn_gui.theme import Theme
from mrn_gui.why import WhyPanel

PAINTERS = (
    "strip.canvas",
    "why.canvas",
    "why.rows",
    "hashspace.canvas",
    "hashing.codes",
    "reading.panel",
    "attention.axes",
    "attention.legend",
)
SMALL = {
    LevelStrip: (1039, 212),
    AttentionView: (521, 514),
    WhyPanel: (340, 272),
    HashSpacePanel: (189, 242),
    ReadingPanel: (150, 242),
}
LOW = {LevelStrip: (1039, 132), AttentionView: (521, 312)}  # over a dock
LARGE = {
    LevelStrip: (1567, 298),
    AttentionView: (699, 703),
    WhyPanel: (600, 340),
    HashSpacePanel: (363, 362),
    ReadingPanel: (236, 362),
}
SHAPES = (
    {"levels": 1},
    {"levels": 2, "planes": 1, "tables": 1},
    {"levels": 12},
    {"levels": 32, "tables": 16},
    {"levels": 32, "heads": 1, "tables": 1},
    {"levels": 32, "kind": "all masked"},
    {"levels": 64},
    {"levels": 200, "heads": 2},
)


def drawn_words(qtbot, monkeypatch, kind, size, analysis, prepare=None):
    """(rect, words, font, align) of every line that a view draws with a pinned pair."""
    selection, lines = Selection(), []
    trace = analysis.traces[0]
    selection.set_shape(len(analysis.traces), trace.heads, trace.levels, trace.tables)
    view = kind(selection, Theme())
    view.resize(*size)
    qtbot.addWidget(view)
    view.show_analysis(analysis)
    view.show()
    if prepare is not None:
        prepare(view)
    last = trace.levels - 1
    selection.click(Place(last, last // 3))
    for name in PAINTERS:
        module = importlib.import_module(f"mrn_gui.{name}")
        if hasattr(module, "text"):

            def note(p, rect, words, font, colour, align=Qt.AlignmentFlag.AlignLeft):
                lines.append((QRectF(rect), words, font, int(align)))

            monkeypatch.setattr(module, "text", note)
    view.grab()
    assert lines
    return lines


@pytest.mark.parametrize("sizes", [SMALL, LOW, LARGE], ids=["small", "low", "large"])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "-".join(map(str, shape.values())))
def test_no_line_is_shortened(qtbot, monkeypatch, sizes, shape):
    analysis = sample_analysis(seed=2, size=16, **shape)
    for kind, size in sizes.items():
        with monkeypatch.context() as patch:
            for rect, words, font, align in drawn_words(qtbot, patch, kind, size, analysis):
                if not align & int(Qt.TextFlag.TextWordWrap):
                    assert width_of(words, font) <= rect.width() + 0.5, (kind.__name__, words)


@pytest.mark.parametrize("levels", [3, 8, 10, 11, 12, 13, 14, 16])
def test_the_numbers_under_a_frame_stand_apart(qtbot, monkeypatch, levels):
    """Level and AF from the left, the gain from the right."""
    analysis = sample_analysis(levels, size=16)
    lines = drawn_words(qtbot, monkeypatch, LevelStrip, SMALL[LevelStrip], analysis)
    ends = {}
    for rect, words, font, align in lines:
        if align & int(Qt.AlignmentFlag.AlignRight):
            span = rect.right() - width_of(words, font), rect.right()
        else:
            span = rect.left(), rect.left() + width_of(words, font)
        ends.setdefault(round(rect.top()), set()).add((*span, words))  # a marked level's number is drawn anew
    for found in ends.values():
        row = sorted(found)
        for (_, end, first), (start, _, second) in pairwise(row):
            assert start - end >= 3, (first, second)


@pytest.mark.parametrize("height", range(300, 520, 40))
def test_the_legend_of_a_difference_stands_clear_of_the_numbers_of_the_bars(qtbot, monkeypatch, height):
    before, now = (sample_analysis(seed=seed, size=16) for seed in (1, 2))

    def with_difference(view):
        view.set_beside(compare(before.traces, now.traces), ("3 planes", "4 tables", "seed saved"), True)
        assert view.matrix.value == "difference"

    lines = drawn_words(qtbot, monkeypatch, AttentionView, (521, height), now, with_difference)
    inks = []
    for rect, words, font, align in lines:
        if rect.left() < 300 or align & int(Qt.AlignmentFlag.AlignHCenter):
            continue  # the axes
        middle = rect.center().y()
        inks.append((QRectF(rect.left(), middle - 4, width_of(words, font), 8), words))
    assert {"masked", "opened", "closed"} <= {words for _, words in inks}
    for n, (ink, words) in enumerate(inks):
        for other, said in inks[:n]:
            assert not ink.intersects(other), (words, said)
