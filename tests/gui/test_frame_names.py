"""A folder numbered from 46: wherever the window names a frame, index and own number stand together."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPointF
from test_proposal import show, spotting

from mrn_core.errors import ClipError, MRNError
from mrn_gui.player import timeline as timeline_module
from mrn_gui.request import Request
from mrn_gui.start.page import told_of

COUNT, FIRST = 90, 46
PROPOSED = {"onset": 12, "apex": 35, "offset": 60}


@pytest.fixture
def named(window, session, tmp_path, qtbot):
    """The window at its narrow size with such a folder, nothing marked."""
    folder = tmp_path / "img"
    folder.mkdir()
    for i in range(COUNT):
        cv2.imwrite(str(folder / f"img{FIRST + i}.png"), np.full((24, 32), i, np.uint8))
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(folder)
    show(session, spotting(**PROPOSED, blinks=((5, 9),), count=COUNT + 10))
    return session


class MarkedError(MRNError):
    """Any error that names the mark it came from."""

    role = "onset"


def mark(session, **frames):
    for role, frame in frames.items():
        session.set_mark(role, frame)


def painted(widget, monkeypatch):
    """Every text that the timeline draws."""
    words, draw = [], timeline_module.text

    def take(p, where, told, *rest):
        words.append(told)
        draw(p, where, told, *rest)

    monkeypatch.setattr(timeline_module, "text", take)
    widget.renew()
    widget.grab()
    return words


def test_the_top_bar_wide_and_narrow(named, window):
    mark(named, **PROPOSED)
    bar = window.top_bar._marks
    assert bar.text() == "onset 12 (#58) → apex 35 (#81) → offset 60 (#106) of 90 frames"
    for words in ("onset 12 (#58)", "apex 35 (#81)", "offset 60 (#106)"):
        assert words in bar.toolTip()
    window.resize(1920, 1080)
    assert bar.text().endswith("onset 12 (#58) · apex 35 (#81) · offset 60 (#106)")
    said = []
    named.notice.connect(said.append)
    mark(named, offset=20)
    assert said == ["Offset 20 (#66) is not after the apex 35 (#81): move or clear it."]
    window.resize(1280, 800)
    assert bar.text() == "onset 12 (#58) → apex 35 (#81) of 90 frames · offset 20 (#66) too early"
    window.resize(960, 800)
    assert bar.text() == "12 (#58) → 35 (#81) of 90 · offset 20 (#66) too early"


def test_the_player_and_the_timeline(named, window, monkeypatch):
    player = window.page.player
    named.seek(12)
    assert player._number.text() == "12 (#58)"
    words = painted(player.timeline, monkeypatch)
    assert "Enter: 12 (#58), 35 (#81), 60 (#106)" in words
    assert {"0 (#46)", "50 (#96)"} <= set(words)
    window.resize(1920, 1080)
    words = painted(player.timeline, monkeypatch)
    assert "Enter takes onset 12 (#58), apex 35 (#81), offset 60 (#106)" in words
    mark(named, onset=12, apex=35)
    words = painted(player.timeline, monkeypatch)
    assert {"onset 12 (#58)", "apex 35 (#81)"} <= set(words)
    mark(named, offset=60)
    window.resize(1280, 800)
    words = painted(player.timeline, monkeypatch)
    assert [told for told in words if told in ("12 (#58)", "35 (#81)", "60 (#106)")] == [
        "12 (#58)",
        "35 (#81)",
        "60 (#106)",
    ], "from left to right, as their lines stand"


def test_what_is_pointed_at(named, window):
    timeline = window.page.player.timeline

    def told_at(frame):
        return timeline.told_at(QPointF(timeline.axis().x(frame), timeline.field().bottom() - 3))

    assert told_at(20).startswith("Frame 20 (#66), in px at 224 against frame 0 (#46): ")
    assert told_at(7) == "A blink, frames 5 (#51) to 9 (#55)."
    assert "Proposed apex: frame 35 (#81), confidence" in named.proposal.told("apex")


def test_a_previous_analysis(named):
    mark(named, onset=12, apex=35)
    named._shown = Request(named.sha256, 10, 33, named.settings, named.device)
    assert named.stale == "Previous analysis: onset 10 (#56), apex 33 (#79)"
    named._shown = replace(named._shown, onset=12, apex=35, apex_source="spotted:flow")
    assert named.stale == "Previous analysis: apex 35 (#81) by spotted:flow"


def test_errors_and_their_buttons(named, window, qtbot):
    mark(named, onset=12, apex=35)
    for apply in (lambda: named.set_mark("apex", 90), lambda: window.page.player.go_to._take()):
        window.page.player.go_to.setText("90")
        said = []
        named.notice.connect(said.append)
        try:
            apply()
        except ClipError as error:
            said.append(str(error))
        assert "from 0 to 89" in said[-1]
        assert "#46 to #135" in said[-1]
    named.seek(0)
    named._not_run(MarkedError("It failed."))
    assert "Show frame 12 (#58)" in [button.text() for button in window.page.strip.error.buttons()]
    said = []
    named.notice.connect(said.append)
    window.page.player.choose_face()
    qtbot.waitUntil(lambda: bool(said), timeout=60_000)
    assert said[-1].startswith("No face is found in frame 12 (#58)")
    named.set_face(None)
    named.analyse()
    qtbot.waitUntil(lambda: named.error is not None, timeout=60_000)
    assert named.error.what.startswith("No face found in frame 12 (#58), the onset")


def test_the_recent_clips(named):
    mark(named, onset=12, apex=35)
    [entry] = named.store.recent()
    assert told_of(entry, named.marks).startswith("90 frames · onset 12 (#58), apex 35 (#81) · opened")
