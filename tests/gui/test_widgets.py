"""The small parts: start page, messages, status line, loading without holding up the window."""

import gc
import sys
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from mrn_core.annotation import Marks, Recent
from mrn_gui.actions import COMMANDS, make_actions
from mrn_gui.loading import map_libraries, without_collection
from mrn_gui.start.page import StartPage, told_of
from mrn_gui.widgets.key_list import KeyList
from mrn_gui.widgets.message import Message
from mrn_gui.widgets.status import StatusLine
from mrn_gui.widgets.top_bar import Caution

SHA = "ab" * 32


def days_ago(days):
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")


@pytest.mark.parametrize(
    ("when", "marks", "told"),
    [
        (days_ago(0), Marks(12, 35), "72 frames · onset 12, apex 35 · opened today"),
        (days_ago(1), None, "72 frames · opened yesterday"),
        (days_ago(9), Marks(offset=60), "72 frames · offset 60 · opened 9 days ago"),
        ("nonsense", None, "72 frames"),
    ],
    ids=["today", "yesterday", "days ago", "nonsense"],
)
def test_a_recent_clip_in_words(when, marks, told):
    assert told_of(Recent("/clips/a.mp4", SHA, 72, when), marks) == told


def test_the_start_page_opens_what_is_chosen(theme, qtbot):
    done, parent = [], QObject()
    actions = make_actions(parent, {c.handler: (lambda name=c.id: done.append(name)) for c in COMMANDS})
    page = StartPage(theme, actions)
    qtbot.addWidget(page)
    page.resize(1280, 700)
    page.show_recent([Recent(f"/clips/{i}.mp4", SHA, 10, days_ago(0)) for i in range(9)], lambda _: None)
    page.show()
    rows = [button for button in page.findChildren(QPushButton) if button.property("kind") == "row"]
    assert [row.toolTip() for row in rows] == [f"/clips/{i}.mp4" for i in range(4)]
    with qtbot.waitSignal(page.opened) as said:
        qtbot.mouseClick(rows[2], Qt.MouseButton.LeftButton)
    assert said.args == ["/clips/2.mp4"]
    for button in page.findChildren(QPushButton):
        if button not in rows:
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["open", "open_folder", "demo", "rendered_demo"]


def test_a_message_stands_whole_inside_the_window(theme, qtbot):
    area = QWidget()
    qtbot.addWidget(area)
    area.resize(700, 400)
    message = Message(theme, area)
    area.show()
    pressed = []
    message.say("error", "A long sentence. " * 8, "What to do. " * 10, [("Do it", lambda: pressed.append(1))])
    assert area.rect().contains(message.geometry())
    button = next(b for b in message.findChildren(QPushButton) if b.isVisible())
    assert message.rect().contains(button.geometry())
    assert button.height() == 26
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == [1]
    message.say("info", "Short.")
    assert message.height() < 80
    assert not [b for b in message.findChildren(QPushButton) if b.isVisible()]
    area.resize(400, 300)
    assert area.rect().contains(message.geometry())
    names = ("Open one_rather_long_name.mp4", "Open another_long_name.mp4", "Open the_third.mp4")
    message.say("info", "Dropped.", "", [(name, message.hide) for name in names])
    qtbot.waitUntil(
        lambda: all(message.rect().contains(button.geometry()) for button in message.buttons()), timeout=5000
    )
    assert len({button.y() for button in message.buttons()}) == 3, "one below the other where it is narrow"


def test_the_status_line_follows_focus_and_work(theme, qtbot):
    line = StatusLine(theme)
    qtbot.addWidget(line)
    line.resize(1280, 28)
    line.show()

    def words():
        return [label.text() for label in line.findChildren(QLabel) if label.isVisible()]

    line.show_hints("Untrained weights", "worth little")
    assert line._right.toolTip() == "worth little"
    assert "onset, apex, offset" in words()
    line.follow_focus(True)
    assert "walk the matrix" in words()
    assert "onset, apex, offset" not in words()
    line.show_stages("Ctrl . cancels")
    line.follow_focus(False)
    assert line.stages.isVisible()
    assert "Ctrl . cancels" in words()
    line.show_words("Opening a.mp4")
    assert words() == ["Opening a.mp4", ""] or words() == ["Opening a.mp4"]


def test_the_list_of_keys_has_every_command(theme, qtbot):
    keys = KeyList(theme)
    qtbot.addWidget(keys)
    words = {label.text() for label in keys.findChildren(QLabel)}
    assert {c.text.removesuffix("...") for c in COMMANDS if c.keys} <= words
    assert not keys.isModal()


def test_a_caution_is_drawn_only_when_there_is_one(theme, qtbot):
    caution = Caution(theme)
    qtbot.addWidget(caution)
    caution.resize(400, 28)

    def ground():
        return caution.grab().toImage().pixelColor(200, 4).name().upper()

    assert ground() != theme.palette.caution_ground
    caution.show_all(["The face moves 20 px from onset to apex, this is no micro-expression.", "Another."])
    assert ground() == theme.palette.caution_ground
    assert "Another." in caution.toolTip()


def test_libraries_that_are_there_or_nowhere_are_not_mapped(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", sys)
    assert map_libraries("cv2") == 0
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.delitem(sys.modules, "triton", raising=False)
    assert map_libraries("triton") == 0


@pytest.mark.parametrize("enabled", [True, False])
def test_the_search_for_garbage_is_as_before(enabled):
    was = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        with without_collection():
            assert not gc.isenabled()
        assert gc.isenabled() == enabled
    finally:
        gc.unfreeze()
        (gc.enable if was else gc.disable)()
