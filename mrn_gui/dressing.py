"""A change of theme in steps, so that the window's thread is never held for long."""

from __future__ import annotations

from collections.abc import Iterator

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from mrn_gui.theme import Theme

_WHOLE = object()  # no step is left
NEXT_MS = 1  # keys and pointer are served between two steps


class Dressing(QObject):
    """Changes the theme; all windows show the old one until the new one is whole."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._steps: Iterator[None] | None = None
        self._still: list[QWidget] = []
        self._timer = QTimer(self, interval=NEXT_MS, singleShot=True)
        self._timer.timeout.connect(self._step)

    @property
    def busy(self) -> bool:
        """Whether a change is under way."""
        return self._steps is not None

    def toggle(self) -> None:
        """Begins the change to the other theme, after one that is under way."""
        self.finish()
        self._still = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.updatesEnabled()]
        for window in self._still:
            window.setUpdatesEnabled(False)
        self._steps = self._theme.steps(self._theme.other)
        self._step()

    def finish(self) -> None:
        """Takes what steps are left at once."""
        while self.busy:
            self._step()

    def _step(self) -> None:
        if self._steps is None:
            return
        steps, self._steps = self._steps, None  # none is left, should this one fail
        try:
            if next(steps, _WHOLE) is not _WHOLE:
                self._steps = steps
                self._timer.start()
        finally:
            if self._steps is None:
                self._show()

    def _show(self) -> None:
        """The windows show the new theme."""
        for window in self._still:
            if shiboken6.isValid(window):
                window.setUpdatesEnabled(True)
