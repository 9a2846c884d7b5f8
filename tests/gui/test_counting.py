"""A long clip in the window: its first frames are there while the others are counted."""

import threading

import numpy as np
import pytest

from mrn_core.clip import indexing
from mrn_core.clip.demo import demo_clip_path, demo_truth
from mrn_core.errors import ClipError
from mrn_gui.player.panel import PlayerPanel
from mrn_gui.told import marks_told


@pytest.fixture
def held(monkeypatch):
    """Counting stops after the first frames until the event is set."""
    go_on = threading.Event()
    count = indexing.FrameIndex._go_on

    def wait_first(index):
        go_on.wait(30)
        count(index)

    monkeypatch.setattr(indexing, "AT_ONCE_SECONDS", 0.0)
    monkeypatch.setattr(indexing, "AT_ONCE_BYTES", 320 * 320 * 3 * 5)
    monkeypatch.setattr(indexing.FrameIndex, "_go_on", wait_first)
    yield go_on
    go_on.set()


@pytest.fixture
def begun(session, held, theme, qtbot):
    player = PlayerPanel(session, theme)
    qtbot.addWidget(player)
    player.show()
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(demo_clip_path())
    yield player
    held.set()
    session.close_clip()


def test_the_first_frames_are_shown_and_stepped_through(begun, session, held, qtbot):
    assert not session.whole
    assert 5 <= session.frames < 100
    assert session.opening is not None
    told = marks_told(session.known, session.marks, True, session.whole)
    assert told == f"at least {session.frames} frames"
    qtbot.waitUntil(lambda: not begun.view._picture.pixmap().isNull(), timeout=20_000)
    session.seek(3)
    session.seek(999)
    assert session.frame == session.frames - 1
    begun.go_to.setText("2")
    begun.go_to._take()
    assert session.frame == 2
    with qtbot.waitSignal(session.notice) as said:
        begun.go_to.setText("99")
        begun.go_to._take()
    assert "still being counted" in said.args[0]


def test_nothing_is_marked_or_analysed_before_all_frames_are_counted(begun, session, held, qtbot):
    with pytest.raises(ClipError, match="still being counted"):
        session.set_mark("onset", 1)
    session.set_face("whole")
    session.set_fps(25.0)
    assert not session.marks
    assert session.marks.face is None
    assert session.request is None
    session.analyse()
    assert not session.running
    assert session.curve_note == "Counting the frames"


def test_when_all_are_counted_the_clip_is_whole_and_the_playhead_stays(begun, session, held, qtbot):
    session.seek(4)
    clip = session.clip
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        held.set()
    assert session.whole
    assert session.clip is clip
    assert session.frames == 100
    assert session.frame == 4
    assert session.marks.apex == demo_truth().apex
    assert np.array_equal(clip[99], clip[99])
    assert marks_told(session.known, session.marks, False) == "30 → 52 of 100"


def test_another_clip_is_opened_meanwhile(begun, session, held, tmp_path, qtbot):
    first = session.clip
    session.open_path(tmp_path / "missing.mp4")
    assert session.clip is None
    with qtbot.waitSignal(session.open_failed, timeout=20_000):
        pass
    held.set()
    assert first._closed
    with qtbot.waitSignal(session.clip_changed, timeout=20_000, check_params_cb=lambda: session.whole):
        session.open_path(demo_clip_path())


def test_counting_that_fails_leaves_no_half_clip(begun, session, held, monkeypatch, qtbot):
    def broken(_):
        raise OSError("the disk is gone")

    monkeypatch.setattr(indexing.FrameIndex, "_step", broken)
    with qtbot.waitSignal(session.open_failed, timeout=20_000) as said:
        held.set()
    assert "failed" in said.args[0].what
    assert session.clip is None
