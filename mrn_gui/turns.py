"""Views take turns at drawing: one repaint of the window lasts no longer than a person notices.

After a change of theme, size or data every view is drawn anew, together 100 ms and more. What does not fit
into one repaint of a window shows what it had, and is drawn in the next, when keys and pointer were served.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication, QWidget

BUDGET_S = 0.016  # for drawing in one repaint; the first view is drawn whatever it takes
_UNCOVERED = (QEvent.Type.Expose, QEvent.Type.Paint)  # of the system's window; then it is repainted at once
NEXT_MS = 1  # a timer, not a posted event: those are handled before the pointer's


class Turns:
    """Outside of ``repaint`` everything may be drawn at once: a grab shows what is, whatever it takes."""

    def __init__(self) -> None:
        self._left: float | None = None
        self._began = 0.0
        self._waiting: list[QWidget] = []

    @contextmanager
    def repaint(self, window: QWidget) -> Iterator[None]:
        """Around one repaint of a window."""
        self._left = BUDGET_S
        try:
            yield
        finally:
            self._left = None
            waiting, self._waiting = self._waiting, []
            if waiting:
                QTimer.singleShot(NEXT_MS, window, partial(_update, waiting))

    @contextmanager
    def drawing(self, view: QWidget) -> Iterator[bool]:
        """Around the drawing of a view: whether it may be drawn now; else it is asked to paint again soon."""
        if self.spent:
            self.again(view)
            yield False
            return
        self._began = time.perf_counter()
        try:
            yield True
        finally:
            if self._left is not None:
                self._left -= time.perf_counter() - self._began

    @property
    def spent(self) -> bool:
        """Whether this repaint has drawn all that it may."""
        return self._left is not None and self._left <= 0

    @property
    def over(self) -> bool:
        """Asked in the midst of drawing: whether what is left should wait for the next repaint."""
        return self._left is not None and time.perf_counter() - self._began >= self._left

    def again(self, view: QWidget) -> None:
        """Asks for another turn in the next repaint."""
        self._waiting.append(view)


class Uncovered(QObject):
    """Has views take turns also where the system asks for a repaint, because something lay over the window.

    It watches what the system knows of the window, its handle.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._passing = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _UNCOVERED or self._passing or not isinstance(watched, QWindow):
            return False
        self._passing = True
        try:
            with turns.repaint(self._window):
                QApplication.sendEvent(watched, event)
        finally:
            self._passing = False
        return True


def _update(views: list[QWidget]) -> None:
    for view in views:
        if shiboken6.isValid(view):
            view.update()


turns = Turns()
