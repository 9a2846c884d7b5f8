"""A table of many cells that waits for its turn."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QTableView

from mrn_gui.turns import turns


class TurnTable(QTableView):
    """Drawn in the next repaint where the painted views have taken all of one; never left out twice."""

    def __init__(self) -> None:
        super().__init__()
        self._waited = False

    def paintEvent(self, event: QPaintEvent) -> None:
        self._waited = turns.spent and not self._waited
        if self._waited:
            turns.again(self.viewport())
        else:
            super().paintEvent(event)
