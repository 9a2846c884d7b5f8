"""Undo and redo of marks, clip by clip."""

import cv2
import numpy as np
from pointer import point_at
from PySide6.QtCore import QPoint, Qt

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def keys(window, qtbot, modifiers=CONTROL):
    qtbot.keyClick(window.page.player.timeline, Qt.Key.Key_Z, modifiers)


def test_a_mark_goes_back_and_forth(window, opened, qtbot):
    undo, redo = (window.actions_by_id[name] for name in ("undo", "redo"))
    assert (undo.text(), undo.isEnabled(), redo.isEnabled()) == ("Undo", False, False)
    opened.set_mark("apex", 40)
    opened.set_mark("offset", 80)
    assert (undo.text(), undo.isEnabled()) == ("Undo set offset", True)
    keys(window, qtbot)
    assert (opened.marks.apex, opened.marks.offset) == (40, None)
    assert (undo.text(), redo.text()) == ("Undo move apex", "Redo set offset")
    keys(window, qtbot)
    assert opened.marks.apex == 52
    assert not undo.isEnabled()
    assert opened.store.get(opened.clip.sha256()).apex == 52, "what is undone is kept"
    keys(window, qtbot, CONTROL | SHIFT)
    keys(window, qtbot, CONTROL | SHIFT)
    assert (opened.marks.apex, opened.marks.offset) == (40, 80)
    assert not redo.isEnabled()
    window.actions_by_id["clear_offset"].trigger()
    assert undo.text() == "Undo clear offset"


def test_a_drag_is_one_step(window, opened, qtbot):
    timeline = window.page.player.timeline

    def place(frame):
        return QPoint(round(timeline.axis().x(frame)), 40)

    qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=place(52))
    for frame in (55, 60, 66, 70):
        point_at(timeline, place(frame))
    qtbot.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=place(70))
    assert opened.marks.apex == 70
    keys(window, qtbot)
    assert opened.marks.apex == 52
    assert not window.actions_by_id["undo"].isEnabled()


def test_each_clip_has_steps_of_its_own(window, opened, tmp_path, qtbot):
    opened.set_mark("apex", 40)
    first = opened.clip.source
    for i in range(4):
        cv2.imwrite(str(tmp_path / f"img{i}.png"), np.full((48, 64, 3), i, np.uint8))
    with qtbot.waitSignal(opened.clip_changed, timeout=20_000):
        opened.open_path(tmp_path)
    assert not window.actions_by_id["undo"].isEnabled()
    opened.set_mark("onset", 1)
    keys(window, qtbot)
    assert opened.marks.onset is None
    with qtbot.waitSignal(opened.clip_changed, timeout=20_000):
        opened.open_path(first)
    keys(window, qtbot)
    assert opened.marks.apex == 52
