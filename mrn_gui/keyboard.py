"""Which keys are a field's own and which are commands there too; where the focus goes back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from mrn_gui.actions import COMMANDS
from mrn_gui.widgets.range_slider import RangeSlider

if TYPE_CHECKING:
    from mrn_gui.window import MainWindow

_TYPED = (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)
_CHOSEN = (QComboBox, RangeSlider)
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
_WALKS = (
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
)  # fmt: skip
_CHOOSES = (*_WALKS, *_ENDS, Qt.Key.Key_Space)
_IN_MATRIX = (Qt.Key.Key_O, Qt.Key.Key_Return, Qt.Key.Key_Enter)  # commands everywhere else
_BY_MOUSE = (QEvent.Type.MouseButtonRelease, QEvent.Type.Wheel)
_SEEN = frozenset({QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, *_BY_MOUSE})
_WITH_CTRL = frozenset(
    QKeySequence(keys).toString() for command in COMMANDS for keys in command.keys if "Ctrl" in keys
)
_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class Keyboard(QObject):
    """Sees every key press of the program before the focused widget does.

    What is typed into a field is the field's, what edits it with Ctrl too, and Enter and Esc give the focus
    back to the timeline; a command's keys with Ctrl are the command's. A list of choices or a slider keeps
    the keys that choose; letters and digits are commands there as elsewhere. After a choice by mouse, or a
    step by the arrows of a number's field or by the wheel, the focus goes back to the view that had it.

    Only the widget with the focus is watched: to be told of every event of the program costs as much as the
    events, and Python's lock for each.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._view: QWidget | None = None  # that had the focus before a field got it
        self._stepping = False  # a choice that is changing is changed by a key
        for choices in window.findChildren(QComboBox):
            choices.activated.connect(self._chosen)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)
            self._focus_changed(None, app.focusWidget())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _SEEN:
            return False
        if event.type() in _BY_MOUSE and isinstance(watched, QAbstractSpinBox):
            QTimer.singleShot(0, self, self._give_back)  # a press on its text is its line's, not its own
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._claims(watched, event)
        return self._pressed(watched, event)

    def _claims(self, watched: QObject, event: QKeyEvent) -> bool:
        """Before a shortcut is looked for: whether the key is the widget's own."""
        self._window.page.player.repeating = event.isAutoRepeat()
        if isinstance(watched, QAbstractSpinBox) and _undoes(event) and not _half_typed(watched):
            event.ignore()  # else the line in it would undo what is typed, which is nothing
            return True
        if isinstance(watched, _TYPED) and _commands(event):
            event.ignore()  # some platforms' lines have Ctrl E, D or K for themselves
            return True
        if owns(watched, event) or self._is_matrix(watched, event):
            event.accept()
            return True
        return False

    def _pressed(self, watched: QObject, event: QKeyEvent) -> bool:
        """A key that was no shortcut: whether the widget is kept from it."""
        key = Qt.Key(event.key())
        window = self._window
        typing = isinstance(watched, (QLineEdit, QTextEdit, QPlainTextEdit)) or _half_typed(watched)
        here = isinstance(watched, QWidget) and watched.window() is window
        if here and _undoes(event) and not typing:
            back = event.matches(QKeySequence.StandardKey.Undo)
            window.undoing.undo() if back else window.undoing.redo()  # says that there is nothing
            return True
        if isinstance(watched, (*_TYPED, *_CHOSEN)) and key in _ENDS:
            timeline = window.page.player.timeline
            QTimer.singleShot(0, timeline, timeline.setFocus)
            return False
        self._stepping = isinstance(watched, QComboBox) and key in _WALKS
        if isinstance(watched, QComboBox) and not owns(watched, event) and not event.modifiers() & _COMMAND:
            event.ignore()  # no choice by its first letter; the panel may know what to do with it
            return True
        return False

    def _is_matrix(self, watched: QObject, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return watched is self._window.page.attention.matrix and plain and event.key() in _IN_MATRIX

    def _focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if old is not None and shiboken6.isValid(old):
            old.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)
        if now is not None and now.window() is self._window and not _is_control(now):
            self._view = now

    def _chosen(self) -> None:
        stepping, self._stepping = self._stepping, False
        if not stepping:
            QTimer.singleShot(0, self, self._give_back)

    def _give_back(self) -> None:
        """After a choice by mouse or by wheel the view that had the focus has it again."""
        view = self._view
        if view is None or not shiboken6.isValid(view) or not view.isVisible():
            view = self._window.page.attention.matrix
        now = QApplication.focusWidget()
        if isinstance(now, (QComboBox, QAbstractSpinBox)) and now.window() is self._window:
            view.setFocus()


def owns(widget: QObject, event: QKeyEvent) -> bool:
    """Whether a key is the focused widget's own, and so no command."""
    key, command = Qt.Key(event.key()), event.modifiers() & _COMMAND
    if isinstance(widget, QAbstractButton):
        return key == Qt.Key.Key_Space
    if isinstance(widget, _CHOSEN) and not (isinstance(widget, QComboBox) and widget.isEditable()):
        return not command and key in _CHOOSES
    function = Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35
    return isinstance(widget, (*_TYPED, QComboBox)) and not command and not function


def _is_control(widget: QWidget) -> bool:
    return isinstance(widget, (*_TYPED, *_CHOSEN, QAbstractButton))


def _undoes(event: QKeyEvent) -> bool:
    keys = QKeySequence.StandardKey
    return event.matches(keys.Undo) or event.matches(keys.Redo)


def _commands(event: QKeyEvent) -> bool:
    """Whether it is a command's key with Ctrl, and none that edits what is typed."""
    keys = QKeySequence(event.keyCombination()).toString()
    return keys in _WITH_CTRL and not _undoes(event)


def _half_typed(widget: QObject) -> bool:
    """Whether something is typed into a number's field that is not taken yet."""
    return isinstance(widget, QAbstractSpinBox) and widget.lineEdit().isModified()
