"""Tool tips: beside what they explain, never over it; what the matrix's surroundings say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QCursor, QGuiApplication, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QToolTip, QWidget
from sample import sample_analysis

from mrn_core.network import explain
from mrn_core.network.comparison import compare
from mrn_gui.attention import AttentionView
from mrn_gui.attention.values import code_text
from mrn_gui.selection import Selection
from mrn_gui.strip import LevelStrip
from mrn_gui.theme import Theme
from mrn_gui.widgets import tips as tips_module
from mrn_gui.widgets.tips import Tips, place, show_beside

SCREEN = QRect(0, 0, 1280, 800)


@given(st.integers(0, 1200), st.integers(0, 770), st.integers(10, 300), st.integers(10, 300))
def test_a_tip_covers_nothing_of_what_it_explains_and_stays_on_the_screen(x, y, width, height):
    explained, tip = QRect(x, y, 60, 27), QRect(0, 0, width, height)
    tip.moveTopLeft(place(explained, tip, SCREEN))
    assert not tip.intersects(explained)
    assert SCREEN.contains(tip)


@given(
    st.integers(0, 1200), st.integers(0, 1), st.integers(40, 300), st.integers(20, 180), st.integers(90, 200)
)
def test_a_tip_of_a_frame_covers_no_frame_of_any_row(x, row, width, height, top):
    rows = QRect(240, top, 1040, 190)
    frame, tip = QRect(max(240, x), top + 95 * row, 59, 90), QRect(0, 0, width, height)
    tip.moveTopLeft(place(frame, tip, SCREEN, rows))
    assert not tip.intersects(rows)
    assert SCREEN.contains(tip)


def test_without_room_above_and_below_the_rows_it_covers_not_its_own_frame():
    rows, frame = QRect(0, 100, 1280, 600), QRect(300, 350, 80, 80)
    tip = QRect(0, 0, 200, 150)
    tip.moveTopLeft(place(frame, tip, SCREEN, rows))
    assert not tip.intersects(frame)


def test_the_tip_of_a_frame_stands_clear_of_the_strip(qtbot):
    strip = LevelStrip(Selection(), Theme())
    qtbot.addWidget(strip)
    strip.move(100, 250)
    strip.resize(1039, 212)
    strip.show_analysis(sample_analysis(size=16))
    strip.show()
    canvas = strip.canvas
    for level in (3, 20):
        spot = QRectF(*canvas.geometry_now.frame(level)).center().toPoint()
        canvas.show_tip(QHelpEvent(QEvent.Type.ToolTip, spot, canvas.mapToGlobal(spot)))
        (label,) = [w for w in QApplication.topLevelWidgets() if w.inherits("QTipLabel") and w.isVisible()]
        assert label.text().startswith(f"Level {level}:")
        shown = canvas.visibleRegion().boundingRect()
        assert not label.frameGeometry().intersects(QRect(canvas.mapToGlobal(shown.topLeft()), shown.size()))
    QToolTip.hideText()


@pytest.mark.parametrize("at", [(40, 30), (900, 560)])
def test_a_shown_tip_stands_beside_its_control(qtbot, at):
    button = QPushButton("Planes")
    qtbot.addWidget(button)
    button.setGeometry(QRect(*at, 80, 26))
    button.show()
    show_beside(button, "n_p: cuts of the space in each hash table.\nTwo lines of words.")
    (label,) = [w for w in QApplication.topLevelWidgets() if w.inherits("QTipLabel") and w.isVisible()]
    control = QRect(button.mapToGlobal(button.rect().topLeft()), button.size())
    assert not label.frameGeometry().intersects(control)
    assert button.screen().availableGeometry().contains(label.frameGeometry())
    show_beside(button, "")
    QToolTip.hideText()


@pytest.fixture
def view(qtbot):
    now, before = sample_analysis(seed=1, planes=5, size=16), sample_analysis(seed=5, size=16)
    made = AttentionView(Selection(), Theme())
    qtbot.addWidget(made)
    made.matrix.resize(520, 483)
    made.show_analysis(now)
    made.set_chance([explain.redraws(trace, 4) for trace in now.traces])
    made.set_beside(compare(before.traces, now.traces), ("3 planes",))
    return made, now, before


@pytest.mark.parametrize("by", ["level", "bucket"])
def test_every_code_and_number_round_the_matrix_can_be_read_at_any_size(view, by):
    whole, now, before = view
    matrix = whole.matrix
    matrix.show_as(by=by, value="difference")
    geometry, model, trace = matrix.geometry_now, matrix.model, now.traces[0]
    x, y, side, _ = geometry.field
    step = geometry.cell / geometry.scale
    for place_now in (0, 9, 31):
        key, query = int(model.order.columns[place_now]), int(model.order.rows[place_now])
        for at in (y - 20, y + side + 12):
            said = matrix.tip_at(QPointF(x + (place_now + 0.4) * step, at))
            assert said.startswith(f"Level {key}, AF {now.levels[key]:.2f}, as a key: bucket ")
            for table in range(4):
                code = code_text(int(trace.key_buckets[0, table, key]), 5)
                assert f"{code} in table {table + 1}" in said
            assert f"reach {trace.reach()[0, key]:.2f}, by chance " in said
            assert f"in the pinned state {before.traces[0].reach()[0, key]:.2f}" in said
            assert f"beta {now.scores[key]:.2f}" in said
        said = matrix.tip_at(QPointF(10, y + (place_now + 0.4) * step))
        assert said.startswith(f"Level {query}, AF {now.levels[query]:.2f}, as a query: bucket ")
        assert code_text(int(trace.query_buckets[0, 2, query]), 5) in said
    assert matrix.tip_at(QPointF(x + 5, y + 5)) == "", "a cell is explained by Why"
    assert "A click reverses" in matrix.tip_at(matrix.bar_rect().center())


def test_many_heads_and_one_level_have_tips_too(qtbot):
    alone = sample_analysis(1, size=16)
    view = AttentionView(Selection(levels=1), Theme())
    qtbot.addWidget(view)
    view.matrix.resize(520, 483)
    view.show_analysis(alone)
    x, y, *_ = view.matrix.geometry_now.field
    said = view.matrix.tip_at(QPointF(x + 4, y - 20))
    assert "reach" not in said, "there is none with one level"
    assert np.isnan(view.matrix.model.reach[0])
    view.show_over("union all")
    assert view.matrix.tip_at(QPointF(x + 4, y - 20)).startswith("Level 0, AF 2.00\nbeta ")
    assert view.matrix.size() == QSize(520, 483)


# -- which control is watched --------------------------------------------------------------------


@pytest.fixture
def form(qtbot):
    whole = QWidget()
    qtbot.addWidget(whole)
    frame = QFrame(whole)
    frame.setToolTip("What the numbers below are.")
    frame.setGeometry(QRect(0, 0, 200, 100))
    label, button = QLabel("3", frame), QPushButton("Planes", frame)
    label.setGeometry(QRect(10, 10, 60, 20))
    button.setGeometry(QRect(80, 10, 60, 20))
    button.setToolTip("n_p: cuts of the space.")
    tips = Tips(whole)
    whole.resize(200, 100)
    whole.show()
    whole.activateWindow()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is whole.windowHandle())
    yield whole, frame, label, button, tips
    QToolTip.hideText()


def move_to(whole, widget):
    """As the system tells it, to the window."""
    at = QPointF(widget.mapTo(whole, widget.rect().center()))
    none = Qt.MouseButton.NoButton
    glob = QPointF(whole.mapToGlobal(at.toPoint()))
    plain = Qt.KeyboardModifier.NoModifier
    move = QMouseEvent(QEvent.Type.MouseMove, at, at, glob, none, none, plain)
    QApplication.sendEvent(whole.windowHandle(), move)


def rest(widget):
    """What Qt sends when the pointer has rested."""
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, widget.rect().center(), QCursor.pos()))


def test_the_control_under_the_pointer_shows_its_tip_beside_itself(form, monkeypatch):
    whole, frame, label, button, _ = form
    shown = []
    monkeypatch.setattr(tips_module, "show_when_it_rests", shown.append)
    for pointed, explained in ((button, button), (label, frame), (button, button)):
        move_to(whole, pointed)
        rest(pointed)
        assert shown.pop() is explained
        assert shown == []
    move_to(whole, label)
    rest(button)
    assert shown == [], "the pointer is elsewhere by now"


def test_a_control_that_is_gone_is_not_missed(form):
    whole, _, label, button, tips = form
    move_to(whole, button)
    button.deleteLater()
    QApplication.sendPostedEvents(button, QEvent.Type.DeferredDelete)
    move_to(whole, label)
    tips.point(None)
