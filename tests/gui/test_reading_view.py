"""The reading: no probability without its badge."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from sample import sample_analysis

from mrn_core.worth import UNTRAINED, untrained
from mrn_gui.painting import wrapped_height
from mrn_gui.palette import DARK, LIGHT
from mrn_gui.reading import ReadingPanel
from mrn_gui.reading import panel as reading_panel
from mrn_gui.selection import Place, Selection
from mrn_gui.theme import Theme


def shown(qtbot, analysis, size=(236, 385), theme="light"):
    view = ReadingPanel(Selection(), Theme(theme))
    view.resize(*size)
    view.show_analysis(analysis)
    qtbot.addWidget(view)
    view.show()
    return view


def colours(view):
    image = view.canvas.grab().toImage()
    return [
        image.pixelColor(x, y).name().upper() for y in range(image.height()) for x in range(image.width())
    ]


@pytest.mark.parametrize("size", [(236, 385), (150, 242), (120, 242)])
@pytest.mark.parametrize("stale", [None, "Previous analysis"])
def test_the_badge_is_whole_and_never_dimmed(qtbot, size, stale):
    view = shown(qtbot, sample_analysis(2), size)
    view.set_stale(stale)
    badge = view.canvas.badge_rect()
    assert view.canvas.rect().contains(badge.toAlignedRect())
    needed = wrapped_height(UNTRAINED, view.theme.font(11, 600), badge.width() - 34)
    assert badge.height() >= needed + 8
    image = view.canvas.grab().toImage()
    found = image.pixelColor(int(badge.right()) - 3, int(badge.center().y())).name().upper()
    assert found == LIGHT.caution_ground


def test_trained_bars_are_solid_and_have_no_badge(qtbot):
    untrained = colours(shown(qtbot, sample_analysis(2)))
    trained = colours(shown(qtbot, sample_analysis(2, trained=True)))
    assert LIGHT.primary not in untrained
    assert trained.count(LIGHT.primary) > 300
    assert LIGHT.caution_ground not in trained
    assert LIGHT.caution_ground in untrained


def test_untrained_bars_are_hollow(qtbot):
    view = shown(qtbot, sample_analysis(2), theme="dark")
    found = colours(view)
    assert found.count(DARK.control) > 50
    assert DARK.primary not in found


def test_many_labels_and_one_are_painted(qtbot):
    many = sample_analysis(2, labels=tuple(f"class {i}" for i in range(40)))
    for analysis in (many, sample_analysis(1, labels=("one",))):
        for size in ((236, 385), (150, 242)):
            view = shown(qtbot, analysis, size)
            view.selection.hover(Place.level(0))
            assert not view.grab().isNull()


def test_without_an_analysis_it_says_when_it_fills(qtbot):
    view = shown(qtbot, None, (150, 242))
    assert LIGHT.caution_ground not in colours(view)
    assert any(QColor(colour) != QColor(LIGHT.panel) for colour in colours(view))


@pytest.mark.parametrize("trained", [True, False])
def test_tips_explain_badge_probabilities_and_beta(qtbot, trained):
    analysis = sample_analysis(4, trained=trained)
    view = shown(qtbot, analysis)
    canvas = view.canvas
    middle = QPointF(100, 100)
    assert (UNTRAINED in canvas.tip_at(middle)) == (not trained), "no probability without its badge"
    for label, probability in analysis.probabilities.items():
        assert f"{label} {probability:.3f}" in canvas.tip_at(middle)
    assert "Eq. 7" in canvas.tip_at(QPointF(100, canvas.height() - 20))
    if not trained:
        tip = canvas.tip_at(canvas.badge_rect().center())
        assert "at random" in tip
        assert tip.endswith(untrained("all")), "what else is worth something is said as in the exports"
    view.show_analysis(None)
    assert canvas.tip_at(middle) == ""


@pytest.mark.parametrize("height", [60, 90, 110, 150, 242])
@pytest.mark.parametrize("width", [150, 236])
def test_nothing_is_drawn_over_anything_in_a_low_panel(qtbot, width, height):
    """Badge, bars, the line of what is left out and beta give way from below; none lies on another."""
    view = shown(qtbot, sample_analysis(4), (width, height))
    canvas, texts = view.canvas, []
    drawn = reading_panel.text
    try:
        reading_panel.text = lambda p, rect, words, *rest: texts.append((rect, words))
        canvas.grab()
    finally:
        reading_panel.text = drawn
    lines = {}
    for rect, words in texts:  # label and number of a row stand on one line
        lines.setdefault(round(rect.top()), (rect, words))
    ordered = [lines[top] for top in sorted(lines)]
    for (upper, first), (lower, second) in pairwise(ordered):
        assert upper.top() + 11 <= lower.top(), (first, second)
    assert canvas.badge_rect().bottom() <= min((r.top() for r, w in texts if w != UNTRAINED), default=1e9) + 1


@pytest.mark.parametrize("height", range(242, 252))
def test_the_drawn_small_panel_shows_all_five_emotions(qtbot, monkeypatch, height):
    view = shown(qtbot, sample_analysis(4), (150, height))
    words = []
    monkeypatch.setattr(reading_panel, "text", lambda p, rect, said, *rest: words.append(said))
    view.canvas.grab()
    assert {"happiness", "disgust", "repression", "surprise", "others"} <= set(words)
