"""Keys in fields, lists of choices and views: what is a command where, and where the focus goes back to."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QStyle,
    QStyleOptionSpinBox,
    QWidget,
)

from mrn_gui.keyboard import owns
from mrn_gui.widgets.range_slider import RangeSlider

LETTERS = ("B", "T", "O", "1", "8", "Z", "V", "I", "Comma", "M", "F")
PLAIN, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def press(name, modifiers=PLAIN):
    return QKeyEvent(QEvent.Type.ShortcutOverride, getattr(Qt.Key, f"Key_{name}"), modifiers)


@pytest.mark.parametrize("kind", [QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit])
def test_letters_in_a_field_are_the_fields_but_not_with_ctrl(qtbot, kind):
    field = kind()
    qtbot.addWidget(field)
    for name in (*LETTERS, "Space", "Right", "Up", "Return"):
        assert owns(field, press(name))
        assert not owns(field, press(name, CONTROL))
    assert not owns(field, press("F1"))


def test_a_list_and_a_slider_keep_the_keys_that_choose_and_no_letter(qtbot, theme):
    editable = QComboBox()
    editable.setEditable(True)
    for widget in (QComboBox(), RangeSlider(theme, "AF range")):
        qtbot.addWidget(widget)
        for name in LETTERS:
            assert not owns(widget, press(name))
        for name in ("Up", "Down", "Left", "Space", "Return", "PageDown"):
            assert owns(widget, press(name))
    qtbot.addWidget(editable)
    assert owns(editable, press("B")), "something is typed there"
    button, plain = QPushButton(), QWidget()
    for widget in (button, plain):
        qtbot.addWidget(widget)
        assert not owns(widget, press("B"))
    assert owns(button, press("Space"))
    assert not owns(plain, press("Space"))


def focused(widget, qtbot):
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is widget, timeout=5000)
    return widget


def test_letters_go_past_a_list_to_the_commands_and_the_focus_back_to_the_view(window, analysed, qtbot):
    window.activateWindow()
    page, chosen = window.page, window.selection
    matrix = page.attention.matrix
    focused(matrix, qtbot)
    for choices in (page.attention.values, page.whatif.softmax):
        focused(choices, qtbot)
        before = choices.currentIndex()
        block, table, head = chosen.block, chosen.table, chosen.head
        qtbot.keyClick(choices, Qt.Key.Key_B)
        qtbot.keyClick(choices, Qt.Key.Key_T)
        qtbot.keyClick(choices, Qt.Key.Key_2 if head == 0 else Qt.Key.Key_1)
        assert (chosen.block, chosen.table) != (block, table)
        assert chosen.head == (1 if head == 0 else 0)
        assert choices.currentIndex() == before, "no choice by its first letter"
    focused(page.attention.values, qtbot)
    qtbot.keyClick(page.attention.values, Qt.Key.Key_Down)
    qtbot.wait(20)
    assert QApplication.focusWidget() is page.attention.values, "whoever steps with the keys stays there"
    page.attention.values.activated.emit(0)  # as a choice by mouse does
    qtbot.waitUntil(lambda: QApplication.focusWidget() is matrix, timeout=5000)


def test_no_command_fires_from_a_field_and_right_is_a_frame_after_enter(window, opened, qtbot):
    window.activateWindow()
    timeline = window.page.player.timeline
    for field in (window.page.whatif.low, window.page.whatif.seed):
        focused(field, qtbot)
        opened.seek(10)
        marks, head = opened.marks, window.selection.head
        for key in ("Right", "Up", "5", "Space", "I", "O", "B", "Z"):
            qtbot.keyClick(field, getattr(Qt.Key, f"Key_{key}"))
        assert (opened.frame, opened.marks, window.selection.head) == (10, marks, head)
        assert not window.page.player.playing
        qtbot.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: QApplication.focusWidget() is timeline, timeout=5000)
        qtbot.keyClick(timeline, Qt.Key.Key_Right)
        assert opened.frame == 11


def arrow_of(field):
    """The middle of its upper arrow."""
    option = QStyleOptionSpinBox()
    field.initStyleOption(option)
    kind, part = QStyle.ComplexControl.CC_SpinBox, QStyle.SubControl.SC_SpinBoxUp
    return field.style().subControlRect(kind, option, part, field).center()


def test_after_a_click_on_a_fields_arrow_the_keys_are_the_views_again(window, analysed, qtbot):
    window.activateWindow()
    page, planes = window.page, window.page.whatif.planes
    matrix = focused(page.attention.matrix, qtbot)
    before, block = planes.value(), window.selection.block
    qtbot.mouseClick(planes, Qt.MouseButton.LeftButton, pos=arrow_of(planes))
    assert planes.value() == before + 1
    qtbot.waitUntil(lambda: QApplication.focusWidget() is matrix, timeout=5000)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_B)
    assert window.selection.block != block
    spot = planes.lineEdit().rect().center()
    qtbot.mouseClick(planes.lineEdit(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.wait(20)
    assert QApplication.focusWidget() is planes, "whoever clicks the number types there"


def test_commands_with_ctrl_are_heard_in_a_field_and_what_edits_is_the_fields(window, opened, qtbot):
    window.activateWindow()
    field = focused(window.page.whatif.seed, qtbot)
    heard = []
    for name in ("export", "go_to", "find", "demo"):
        action = window.actions_by_id[name]
        action.setEnabled(True)
        action.triggered.disconnect()
        action.triggered.connect(lambda _checked=False, name=name: heard.append(name))
    for key in ("E", "G", "K", "D"):
        qtbot.keyClick(field, getattr(Qt.Key, f"Key_{key}"), CONTROL)
    assert heard == ["export", "go_to", "find", "demo"]
    field.clear()
    qtbot.keyClicks(field, "12")
    qtbot.keyClick(field, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(field, Qt.Key.Key_C, CONTROL)
    assert QApplication.clipboard().text() == "12"
