"""What the spotter proposes: dashed, taken by Enter or a click as one step, hidden where that is wanted."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent

from mrn_core.spotting import Spotting
from mrn_gui.player.curve_paint import SIGN
from mrn_gui.player.geometry import gaps


def spotting(onset=30, apex=51, offset=77, blinks=((5, 12),), count=100):
    shape = np.exp(-(((np.arange(count) - 51) / 10.0) ** 2))
    sizes = {"brows": 1.0, "mouth": 0.6, "eyes": 0.2, "nose": 0.1}
    curves = {name: shape * size for name, size in sizes.items()}
    curves["motion"] = shape * 0.8
    for curve in curves.values():
        curve[90:95] = np.nan
    return Spotting(curves, onset, apex, offset, 0.91, "flow", 200.0, "px at 224", 0, blinks)


def show(session, found):
    """In place of what the worker measures."""
    session.jobs.start("curve", lambda job: None, latest=True)
    session.curve, session.curve_note = found, ""
    session.curve_changed.emit()


@pytest.fixture
def bare(window, opened):
    """The demo clip in a window, without marks, with a proposal."""
    for role in ("onset", "apex", "offset"):
        opened.set_mark(role, None)
    show(opened, spotting())
    return opened


def marks(session):
    return session.marks.onset, session.marks.apex, session.marks.offset


def test_nothing_is_written_by_itself(bare):
    assert marks(bare) == (None, None, None)
    assert bare.proposal.missing() == {"onset": 30, "apex": 51, "offset": 77}


def test_enter_takes_it_as_one_step_and_it_can_be_undone(bare, window, qtbot):
    qtbot.keyClick(window.page.player.timeline, Qt.Key.Key_Return)
    assert marks(bare) == (30, 51, 77)
    assert bare.marks.apex_source == "spotted:flow"
    assert bare.request.apex_source == "spotted:flow"
    assert bare.store.get(bare.clip.sha256()).apex_source == "spotted:flow"
    assert window.actions_by_id["undo"].text() == "Undo take the proposal"
    window.actions_by_id["undo"].trigger()
    assert marks(bare) == (None, None, None)
    assert bare.marks.apex_source == ""
    window.actions_by_id["redo"].trigger()
    assert (marks(bare), bare.marks.apex_source) == ((30, 51, 77), "spotted:flow")


def test_enter_leaves_a_persons_mark_alone(bare):
    bare.set_mark("apex", 48)
    bare.proposal.take()
    assert marks(bare) == (30, 48, 77)
    assert bare.marks.apex_source == "user"


def test_undo_gives_an_apex_its_source_back(bare, window):
    bare.proposal.take()
    bare.set_mark("apex", 40)
    assert bare.marks.apex_source == "user"
    window.history.undo()
    assert (bare.marks.apex, bare.marks.apex_source) == (51, "spotted:flow")
    bare.set_mark("apex", 51)  # a person says so too
    assert bare.marks.apex_source == "user"


def test_a_click_on_its_sign_takes_one_frame(bare, window, qtbot):
    timeline = window.page.player.timeline
    bare.set_mark("apex", 70)
    foot = round(timeline.field().bottom() - SIGN)
    place = QPoint(round(timeline.axis().x(51)), foot)
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=place)
    assert marks(bare) == (None, 51, None)
    assert bare.marks.apex_source == "spotted:flow"
    assert bare.frame == 51
    higher = QPoint(round(timeline.axis().x(30)), round(timeline.field().top()) + 4)
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=higher)
    assert bare.marks.onset is None, "a click elsewhere goes to the frame"
    assert bare.frame == 30


def test_what_was_not_taken_is_said(bare):
    said = []
    bare.notice.connect(said.append)
    bare.proposal.take()
    bare.proposal.take()
    assert said[-1] == "The marks are the proposed ones already."
    bare.set_mark("apex", 40)
    bare.proposal.take()
    assert "Every mark is set" in said[-1]
    show(bare, spotting(None, None, None))
    bare.proposal.take()
    assert "Nothing is proposed" in said[-1]


def test_hidden_until_marked_and_remembered(bare, window):
    action = window.actions_by_id["hide_proposal"]
    action.trigger()
    assert action.isChecked()
    assert window.stored.value("hide_proposal", False, bool) is True
    assert bare.proposal.curve is None
    assert bare.proposal.frames() == {}
    bare.proposal.take()
    assert marks(bare) == (None, None, None)
    bare.set_mark("onset", 20)
    assert bare.proposal.hidden
    bare.set_mark("apex", 44)
    assert bare.proposal.frames() == {"onset": 30, "apex": 51, "offset": 77}
    bare.set_mark("apex", None)
    assert bare.proposal.hidden
    action.trigger()
    assert not bare.proposal.hidden
    assert window.stored.value("hide_proposal", True, bool) is False


def test_the_dashed_line_and_what_is_told_of_a_place(bare, window, theme):
    timeline = window.page.player.timeline
    bare.seek(0)
    field, axis = timeline.field(), timeline.axis()

    def column(frame):
        image, x = timeline.grab().toImage(), round(axis.x(frame))
        rows = range(round(field.top()) + 1, round(field.bottom() - 2 * SIGN))
        return {image.pixelColor(x, y).name().upper() for y in rows}

    def told(frame):
        return timeline.told_at(QPointF(axis.x(frame), field.center().y()))

    assert theme.palette.primary in column(30)
    assert len(column(30)) > 1, "what lies between the dashes"
    window.actions_by_id["hide_proposal"].trigger()
    assert theme.palette.primary not in column(30)
    assert "frame 30" not in told(30)
    window.actions_by_id["hide_proposal"].trigger()
    assert "Proposed onset: frame 30, confidence 0.91 of 1, by optical flow." in told(30)
    assert told(8) == "A blink, frames 5 to 12."
    assert told(92) == "No face in frames 90 to 94."
    assert "brows" in told(60)


def test_blinks_are_shaded_and_gaps_hatched(bare, window, theme):
    timeline = window.page.player.timeline
    bare.seek(60)
    image, field, axis = timeline.grab().toImage(), timeline.field(), timeline.axis()
    top = round(field.top()) + 2

    def at(frame):
        return image.pixelColor(round(axis.x(frame)), top + 14).name().upper()

    assert at(8) == theme.palette.line
    assert at(20) == theme.palette.sunk
    hatched = {image.pixelColor(round(axis.x(92)), y).name() for y in range(top, round(field.bottom()) - 2)}
    assert len(hatched) > 1


def test_gaps_of_a_curve():
    values = np.array([np.nan, 1, np.nan, np.nan, 2, np.nan])
    assert gaps(values) == [(0, 0), (2, 3), (5, 5)]
    assert gaps(np.ones(3)) == []


def test_the_demo_clips_true_apex_is_annotated_and_an_analysis_says_so(analysed):
    assert analysed.marks.apex_source == "annotated"
    assert analysed.analysis.provenance["apex_source"] == "annotated"
    assert analysed.stale is None
    analysed.set_mark("apex", analysed.marks.apex)  # a person says so too
    assert analysed.stale == f"Previous analysis: apex {analysed.marks.apex} by annotated"


def test_enter_and_o_are_the_matrixs_own_while_it_has_the_focus(bare, window, qtbot):
    matrix, timeline = window.page.attention.matrix, window.page.player.timeline
    for widget, claimed in ((matrix, True), (timeline, False)):
        for key in (Qt.Key.Key_Return, Qt.Key.Key_O):
            event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
            assert window.keyboard._claims(widget, event) == claimed
    assert window.actions_by_id["take"].isEnabled(), "in the menu they stay"
