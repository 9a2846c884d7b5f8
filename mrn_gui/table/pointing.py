"""A table's rows that stand for levels: pointed at here, they are pointed at in every view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QTimer
from PySide6.QtWidgets import QTableView

from mrn_gui.canvas import LEAVE_MS
from mrn_gui.selection import Place, Selection


class RowPointing(QObject):
    """Hovers and pins the levels of a view's rows; leaving the view lets go after a moment.

    Args:
        level_at: the level that an index of the view stands for; None for the row of all.
    """

    def __init__(
        self, view: QTableView, selection: Selection, level_at: Callable[[QModelIndex], int | None]
    ) -> None:
        super().__init__(view)
        self._selection, self._level_at = selection, level_at
        self._pointing: Place | None = None
        self._leaving = QTimer(self, singleShot=True, interval=LEAVE_MS)
        self._leaving.timeout.connect(self.let_go)
        view.setMouseTracking(True)
        view.entered.connect(self._entered)
        view.clicked.connect(self._clicked)
        view.activated.connect(self._clicked)
        view.viewport().installEventFilter(self)

    def let_go(self) -> None:
        """Stops pointing at the level, unless another one is pointed at by now."""
        place, self._pointing = self._pointing, None
        self._selection.leave(place)

    def _entered(self, index: QModelIndex) -> None:
        level = self._level_at(index)
        self._leaving.stop()
        if level is not None:
            self._pointing = Place.level(level)
            self._selection.hover(self._pointing)

    def _clicked(self, index: QModelIndex) -> None:
        level = self._level_at(index)
        if level is not None:
            self._selection.click(Place.level(level))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._leaving.start()
        return super().eventFilter(watched, event)
