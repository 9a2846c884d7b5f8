"""The field for a clip's frames per second."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QDoubleSpinBox

from mrn_gui.session import Session

LEAST, MOST = 0.001, 100_000.0


class RateField(QDoubleSpinBox):
    """Enter takes the rate: the clip is opened again with it. ``closed`` when the field is gone."""

    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setRange(LEAST, MOST)
        self.setDecimals(3)
        self.setSuffix(" fps")
        self.setKeyboardTracking(False)
        self.setFixedSize(112, 26)
        self.setToolTip("Frames per second of the recording: Enter takes it, Esc leaves it")
        self.setAccessibleName("Frames per second")
        self.lineEdit().returnPressed.connect(self._take)
        self.hide()

    def open(self) -> None:
        """Shows the clip's rate, ready to be typed over."""
        if self._session.known is None:
            return
        self.setValue(self._session.known.fps)
        self.show()
        self.setFocus()
        self.selectAll()

    def shut(self) -> None:
        """Goes; what was typed is forgotten."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def textFromValue(self, value: float) -> str:
        return f"{value:.6g}"

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.shut()

    def _take(self) -> None:
        rate, known = self.value(), self._session.known
        self.shut()
        if known is not None and rate != round(known.fps, self.decimals()):
            self._session.set_fps(rate)
