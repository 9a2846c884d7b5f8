"""Python's search for garbage, in the window's thread alone.

Left to itself it runs in whatever thread makes objects at the time, and frees what it finds there: a
worker would destroy dialogs and timers of the window, or the window its own in the midst of Qt's work.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500


class Garbage(QObject):
    """Searches from a timer of this thread as often as Python's thresholds ask, until ``remove``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.search)
        self._timer.start()

    def search(self) -> None:
        """Searches the oldest generation that is due, and the younger ones with it."""
        due = [
            i for i, (n, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if n > most
        ]
        if due:
            gc.collect(max(due))

    def remove(self) -> None:
        """Gives the search back to Python."""
        self._timer.stop()
        gc.enable()
