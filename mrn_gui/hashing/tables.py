"""The switch of the hash table that every view shows."""

from __future__ import annotations

import shiboken6
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from mrn_gui.panel import Segments
from mrn_gui.selection import Selection

SEGMENTS = 4  # tables: more are chosen from a list


class TableSwitch(QWidget):
    """A few tables side by side, or a list of many; speaks to the selection, and follows it."""

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        tips = [f"Table {i + 1} (T: the next)" for i in range(SEGMENTS)]
        self.few = Segments([str(i + 1) for i in range(SEGMENTS)], self._choose, tips)
        for button in self.few.buttons():
            button.setStyleSheet("padding: 0 1px; min-width: 11px")  # four fit a narrow panel
        self.many = QComboBox()
        self.many.setToolTip("The hash table (T: the next)")
        self.many.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.many.setMinimumContentsLength(3)
        self.many.activated.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.few)
        row.addWidget(self.many)
        selection.subscribe(self._noted)
        self._shape()

    def _choose(self, table: int) -> None:
        self._selection.choose(table=table)

    def _noted(self, notes: frozenset[str]) -> None:
        if not shiboken6.isValid(self):
            return
        if "shape" in notes:
            self._shape()
        elif "table" in notes:
            self._show_table()

    def _shape(self) -> None:
        tables = self._selection.tables
        self.few.setVisible(tables <= SEGMENTS)
        self.many.setVisible(tables > SEGMENTS)
        for i, button in enumerate(self.few.buttons()):
            button.setVisible(i < tables)
        self.many.clear()
        self.many.addItems([str(i + 1) for i in range(tables)])
        self._show_table()

    def _show_table(self) -> None:
        self.few.choose(self._selection.table)
        self.many.setCurrentIndex(self._selection.table)
