"""Ctrl Z where somebody acted last: the clip's marks, or What if; and what is said of it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionSpinBox

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def acting(window, opened, qtbot):
    window.activateWindow()
    return window


def undo(window, qtbot, modifiers=CONTROL):
    qtbot.keyClick(QApplication.focusWidget() or window.page.player.timeline, Qt.Key.Key_Z, modifiers)


def up_arrow(field):
    option = QStyleOptionSpinBox()
    field.initStyleOption(option)
    part = QStyle.SubControl.SC_SpinBoxUp
    return field.style().subControlRect(QStyle.ComplexControl.CC_SpinBox, option, part, field).center()


def test_two_clicks_on_an_arrow_are_two_steps_and_each_is_told(acting, opened, qtbot):
    window, planes = acting, acting.page.whatif.planes
    for _ in range(2):
        qtbot.mouseClick(planes, Qt.MouseButton.LeftButton, pos=up_arrow(planes))
    assert opened.settings.network.planes == 5
    planes.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is planes, timeout=5000)
    action = window.actions_by_id["undo"]
    assert action.text().lower() == "undo planes 5 → 4"
    undo(window, qtbot)
    assert opened.settings.network.planes == 4
    assert window.status.said == "Undone: planes 5 → 4"
    undo(window, qtbot)
    assert opened.settings.network.planes == 3
    assert window.status.said == "Undone: planes 4 → 3"
    undo(window, qtbot)
    assert window.status.said == "Nothing to undo"
    undo(window, qtbot, CONTROL | SHIFT)
    assert opened.settings.network.planes == 4
    assert window.status.said == "Done again: planes 3 → 4"


def test_undo_goes_where_somebody_acted_last_then_to_the_other_place(acting, opened, qtbot):
    window = acting
    timeline = window.page.player.timeline
    timeline.setFocus()
    opened.change_setting("planes", 5)
    opened.set_mark("apex", 40)
    assert window.actions_by_id["undo"].text() == "Undo move apex"
    undo(window, qtbot)
    assert (opened.marks.apex, opened.settings.network.planes) == (52, 5)
    undo(window, qtbot)
    assert opened.settings.network.planes == 3
    undo(window, qtbot, CONTROL | SHIFT)
    undo(window, qtbot, CONTROL | SHIFT)
    assert (opened.marks.apex, opened.settings.network.planes) == (40, 5)
    opened.change_setting("tables", 2)
    undo(window, qtbot)
    assert (opened.marks.apex, opened.settings.network.tables) == (40, 4)


def test_what_is_half_typed_is_undone_in_the_field_and_a_held_arrow_is_one_step(acting, opened, qtbot):
    seed, planes = acting.page.whatif.seed, acting.page.whatif.planes
    qtbot.mousePress(planes, Qt.MouseButton.LeftButton, pos=up_arrow(planes))
    qtbot.waitUntil(lambda: opened.settings.network.planes >= 5, timeout=5000)
    qtbot.mouseRelease(planes, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    held = opened.settings.network.planes
    seed.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is seed, timeout=5000)
    seed.selectAll()
    qtbot.keyClicks(seed, "17")
    undo(acting, qtbot)
    assert opened.settings.network.planes == held, "the typing is undone, not the planes"
    assert opened.settings.network.hash_seed == -1
    acting.page.player.timeline.setFocus()
    undo(acting, qtbot)
    assert opened.settings.network.planes == 3
