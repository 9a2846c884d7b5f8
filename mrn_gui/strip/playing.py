"""Plays through the levels: each is pointed at in turn, in every view at once."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from mrn_gui.selection import Place, Selection

STEP_MS = 125


class LevelPlayer(QObject):
    """Points at one level after the other, and lets go after the last; ``changed`` when it starts or ends."""

    changed = Signal()

    def __init__(self, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._level = 0
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self.step)

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    def toggle(self) -> None:
        """Starts at level 0, or stops."""
        if self.playing:
            self.stop()
            return
        self._level = 0
        self._selection.hover(Place.level(0))
        self._timer.start()
        self.changed.emit()

    def step(self) -> None:
        """The next level."""
        here = Place.level(self._level)
        self._level += 1
        if self._level < self._selection.levels and self._selection.hovered in (here, None):
            self._selection.hover(Place.level(self._level))
        else:  # past the last, or somebody points at something else
            self.stop()

    def stop(self) -> None:
        """Lets go of the level, unless something else is pointed at by now."""
        if self.playing:
            self._timer.stop()
            self._selection.leave(Place.level(min(self._level, self._selection.levels - 1)))
            self.changed.emit()
