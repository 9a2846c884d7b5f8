"""A person who touches everything: every control, command, view and key of one window, in a seeded order.

Used for minutes by the acceptance run, which measures how long the window's thread is held, and for a
moment by the suite. Nothing is written outside the test's own folders: dialogs are opened and closed again.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QTableView,
    QToolButton,
    QWidget,
)

from mrn_gui.actions import COMMANDS
from mrn_gui.canvas import Canvas
from mrn_gui.exporting import ExportDialog
from mrn_gui.selection import Place
from mrn_gui.window import MainWindow

Step = tuple[str, Callable[[], object]]
LEAVES = ("quit",)
SLOW = ("close", "demo", "rendered_demo", "next_clip", "previous_clip")
SIZES = ((1280, 800), (1920, 1080), (1600, 900))
KEYS = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_1, Qt.Key.Key_8,
    Qt.Key.Key_B, Qt.Key.Key_T, Qt.Key.Key_O, Qt.Key.Key_V, Qt.Key.Key_Return, Qt.Key.Key_Escape,
)  # fmt: skip


class Script(QObject):
    """The steps of one window.

    Args:
        slow: also closes the clip and opens others.
        folder: where everything is exported to; None: nothing is.
    """

    def __init__(
        self, window: MainWindow, seed: int = 0, slow: bool = True, folder: Path | None = None
    ) -> None:
        super().__init__(window)
        self.window, self.slow, self.folder = window, slow, folder
        self.chance = random.Random(seed)
        self.touched: dict[str, int] = defaultdict(int)
        self.acted: list[str] = []  # the steps done, until the meter takes them
        self.scripting: Callable[[], AbstractContextManager[None]] = nullcontext  # around its own searches

    def round(self) -> list[Step]:
        """Everything once, in another order each time."""
        window = self.window
        steps: list[Step] = [
            (f"command {c.id}", window.actions_by_id[c.id].trigger)
            for c in COMMANDS
            if c.id not in LEAVES and (self.slow or c.id not in SLOW)
        ]
        for control in self.controls():
            steps.append((f"control {named(control)}", lambda control=control: self.touch(control)))
        for view in self.views():
            for _ in range(6):
                steps.append((f"view {type(view).__name__}", lambda view=view: self.point(view)))
        for key in KEYS:
            steps.append((f"matrix key {key.name}", lambda key=key: self.press(key)))
        for table in window.findChildren(QTableView):
            steps.append((f"sort {table.accessibleName()}", lambda table=table: self.sort(table)))
        for size in SIZES:
            steps.append((f"size {size[0]}", lambda size=size: window.resize(*size)))
        steps.append(("settings typed", self.type_setting))
        steps.append(("palette typed", self.type_palette))
        steps.append(("keys searched", self.search_keys))
        steps.append(("words searched", self.search_words))
        if self.folder is not None:
            steps.append(("exported", self.export))
        self.chance.shuffle(steps)
        return steps

    def controls(self) -> list[QWidget]:
        """What can be pressed, chosen from or stepped in the window, dialogs apart."""
        made: list[QWidget] = []
        for kind in (QAbstractButton, QComboBox, QAbstractSpinBox):
            for widget in self.window.findChildren(kind):
                opens_menu = isinstance(widget, QToolButton) and widget.menu() is not None
                if not opens_menu and not isinstance(widget.window(), QDialog):
                    made.append(widget)
        return made

    def views(self) -> list[Canvas]:
        """The painted views, those of hidden docks too."""
        return self.window.findChildren(Canvas)

    def do(self, name: str, act: Callable[[], object]) -> None:
        """Does one step."""
        self.acted.append(name)
        act()

    # -- steps ---------------------------------------------------------------------------------

    def touch(self, control: QWidget) -> None:
        """Presses, chooses or steps; nothing where it is hidden or cannot be used now."""
        if not (shiboken6.isValid(control) and control.isVisible() and control.isEnabled()):
            return
        self.touched[named(control)] += 1
        if isinstance(control, QAbstractButton):
            control.click()
        elif isinstance(control, QComboBox) and control.count():
            index = self.chance.randrange(control.count())
            item = control.model().index(index, 0)
            if item.flags() & Qt.ItemFlag.ItemIsEnabled:
                control.setCurrentIndex(index)
                control.activated.emit(index)
        elif isinstance(control, QAbstractSpinBox):
            control.stepBy(self.chance.choice((-1, 1)))

    def point(self, view: Canvas) -> None:
        """Moves over a view, and sometimes clicks."""
        if not view.isVisible():
            return
        at = QPointF(self.chance.random() * view.width(), self.chance.random() * view.height())
        none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
        kinds = [(QEvent.Type.MouseMove, none)]
        if self.chance.random() < 0.4:
            kinds += [(QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, left)]
        for kind, button in kinds:
            modifiers = Qt.KeyboardModifier.NoModifier
            event = QMouseEvent(kind, at, view.mapToGlobal(at), button, button, modifiers)
            QApplication.sendEvent(view, event)
        selection = self.window.selection
        levels = max(1, selection.levels)
        selection.hover(Place(self.chance.randrange(levels), self.chance.randrange(levels)))

    def press(self, key: Qt.Key) -> None:
        """A key of the matrix."""
        matrix = self.window.page.attention.matrix
        if matrix.isVisible():
            matrix.setFocus()
            QTest.keyClick(matrix, key)

    def sort(self, table: QTableView) -> None:
        """By another column, where the table is shown and has columns."""
        model = table.model()
        if table.isVisible() and model is not None and model.columnCount():
            table.sortByColumn(
                self.chance.randrange(model.columnCount()),
                self.chance.choice((Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)),
            )

    def type_setting(self) -> None:
        """A wrong value, then a right one, in the dialog of settings."""
        self.window.commands.show_settings("planes")
        dialog = self.window.commands._settings
        while not dialog.whole:
            QApplication.processEvents()
        dialog.lines["network.planes"].take("99")
        dialog.lines["network.planes"].take(str(self.chance.randrange(1, 6)))
        dialog.search.setText("hash")

    def type_palette(self) -> None:
        """A search, an assignment, and away."""
        self.window.commands.find_command()
        palette = self.window.commands._palette
        for words in ("le", "level", f"tables={self.chance.randrange(1, 6)}"):
            palette.field.setText(words)
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
        palette.hide()

    def search_keys(self) -> None:
        """A search in the list of keys."""
        self.window.commands.show_keys()
        self.window.commands._keys.search.setText(self.chance.choice(("hash", "ctrl", "")))

    def search_words(self) -> None:
        """A word, then a search in the list of words."""
        self.window.commands.show_words(self.chance.choice(("Reach", "Beta")))
        self.window.commands._words.search.setText(self.chance.choice(("hash", "eq", "")))

    def export(self) -> None:
        """Every view in every kind; what is over it may be closed meanwhile, which stops it."""
        self.window.actions_by_id["export"].trigger()
        dialog = self.window.findChild(ExportDialog)
        dialog.folder.setText(str(self.folder))
        dialog.choose_views(True)
        for box in dialog.kinds.values():
            box.setChecked(True)
        for _ in range(2):  # the second press replaces what is there
            if dialog.go.isEnabled() and dialog.go.text() != "Cancel":
                dialog.go.click()

    def tidy(self) -> None:
        """Closes what was opened over the window, an export apart, and comes back to a clip."""
        with self.scripting():
            dialogs = self.window.findChildren(QDialog)
        for dialog in dialogs:
            if dialog.isVisible() and not (isinstance(dialog, ExportDialog) and dialog.running):
                dialog.reject()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        session = self.window.session
        if self.slow and session.clip is None and session.opening is None:
            self.window.commands.open_demo()
        elif self.slow and session.analysis is None and not session.running and session.request is not None:
            session.analyse()


def named(control: QWidget) -> str:
    """A control by what a person would call it."""
    words = control.accessibleName() or getattr(control, "text", str)() or control.toolTip()
    return f"{type(control).__name__.strip('_')} {words.splitlines()[0] if words else ''}".strip()


def play(script: Script, seconds: float, pause: float = 0.12) -> int:
    """Round after round for so long, each step followed by a short rest; returns how many steps were done."""
    end, done = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        with script.scripting():
            steps = script.round()
        for name, act in steps:
            if time.monotonic() >= end:
                break
            QTimer.singleShot(0, script, partial(script.do, name, act))
            rest = time.monotonic() + pause * script.chance.uniform(0.3, 1.7)
            while time.monotonic() < rest:
                QApplication.processEvents()
                time.sleep(0.0005)
            done += 1
            if done % 8 == 0:
                QTimer.singleShot(0, script, partial(script.do, "tidied", script.tidy))
    return done
