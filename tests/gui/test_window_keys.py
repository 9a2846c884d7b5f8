"""The window's keys: in fields, everywhere else, and what Escape lets go of."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from sample import sample_analysis

from mrn_gui.selection import Place


@pytest.mark.parametrize("name", ["Right", "Up", "5", "Space", "I"])
def test_keys_in_a_field_are_the_fields(window, opened, qtbot, name):
    window.activateWindow()
    field = window.page.whatif.high
    field.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is field, timeout=5000)
    opened.seek(10)
    before = opened.marks
    qtbot.keyClick(field, getattr(Qt.Key, f"Key_{name}"))
    assert opened.frame == 10
    assert not window.page.player.playing
    assert opened.marks == before
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.page.player.timeline, timeout=5000)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert opened.frame == 11


def test_letters_in_a_line_of_text_fire_no_command(window, opened, qtbot):
    line = QLineEdit(window)
    line.show()
    line.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is line, timeout=5000)
    before = opened.marks
    qtbot.keyClicks(line, "pio ,.b")
    assert line.text() == "pio ,.b"
    assert opened.marks == before


def test_keys_work_everywhere_else(window, opened, qtbot):
    window.activateWindow()
    timeline = window.page.player.timeline
    timeline.setFocus()
    opened.seek(20)
    qtbot.keyClick(timeline, Qt.Key.Key_Period)
    assert opened.frame == 21
    qtbot.keyClick(timeline, Qt.Key.Key_Comma)
    assert opened.frame == 20
    qtbot.keyClick(timeline, Qt.Key.Key_O)
    assert opened.marks.offset == 20
    qtbot.keyClick(timeline, Qt.Key.Key_Space)
    assert window.page.player.playing
    qtbot.keyClick(timeline, Qt.Key.Key_Space)
    assert not window.page.player.playing


def test_z_changes_what_a_level_is_compared_with_wherever_the_focus_is(window, session, qtbot):
    session.analysis = sample_analysis(levels=2, heads=1, blocks=1, tables=1, size=16)
    session.analysis_changed.emit()
    window._show_state()
    window.activateWindow()
    page, partner = window.page, "onset"
    window._stack.setCurrentWidget(page)
    for view in (page.player.timeline, page.attention.matrix, page.heads.canvas, page.level.canvas):
        view.setFocus()
        qtbot.waitUntil(lambda view=view: QApplication.focusWidget() is view, timeout=5000)
        qtbot.keyClick(view, Qt.Key.Key_Z)
        partner = "apex" if partner == "onset" else "onset"
        assert page.level.canvas.partner == partner


SHIFT, PLAIN = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize(
    ("key", "modifier", "frame"),
    [
        ("Greater", PLAIN, 30),
        ("Greater", SHIFT, 30),
        ("Period", SHIFT, 30),
        ("Less", PLAIN, 10),
        ("Less", SHIFT, 10),
        ("Comma", SHIFT, 10),
        ("Colon", SHIFT, 30),
        ("Semicolon", SHIFT, 10),
    ],
)
def test_ten_frames_go_once_on_every_keyboard(window, opened, qtbot, qtlog, key, modifier, frame):
    window.activateWindow()
    opened.seek(20)
    qtbot.keyClick(window.page.player.timeline, getattr(Qt.Key, f"Key_{key}"), modifier)
    assert opened.frame == frame
    assert not [record.message for record in qtlog.records if "mbiguous" in record.message]


def test_no_key_press_means_two_commands(window):
    """Qt finds a sign, and Shift with the key that makes it, in one key press."""
    shifted = {"<": "Shift+,", ">": "Shift+.", ":": "Shift+;", "?": "Shift+/"}
    keys = {key.toString() for action in window.actions_by_id.values() for key in action.shortcuts()}
    assert not [sign for sign, pressed in shifted.items() if {sign, pressed} <= keys]
    assert not {"Shift+,", "Shift+."} & keys


def test_escape_never_cancels_work(window, analysed, qtbot):
    analysed.change_setting("levels", 20)
    window.selection.click(Place(1, 2))
    analysed.analyse()
    qtbot.keyClick(window.page.player.timeline, Qt.Key.Key_Escape)
    assert analysed.running
    assert window.selection.pinned is None
    qtbot.keyClick(window.page.player.timeline, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert not analysed.running


def test_escape_draws_no_box(window, opened, qtbot):
    window.actions_by_id["draw_face"].trigger()
    view = window.page.player.view
    assert view.drawing
    qtbot.keyClick(window.page.player.timeline, Qt.Key.Key_Escape)
    assert not view.drawing
    assert opened.marks.face is None
