"""What is said above the table, which leaves the table its room."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel

from mrn_gui.panel import PADDING

A_LINE_EACH = 90  # px of the panel's height that one line of words costs at most


class Remark(QLabel):
    """One analysis's sentence is wrapped. Of several each has a line that ends in dots, where the panel is
    too low for all of their lines; the tool tip has them whole."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self.setProperty("tone", "2")
        self.setWordWrap(True)
        self.setMinimumWidth(40)
        self.setContentsMargins(PADDING, 0, PADDING, 4)

    def setText(self, words: str) -> None:
        """Says it, a line for each analysis."""
        self._words = words
        self.setToolTip(words)
        self.fit()

    def text(self) -> str:
        """What is said, whole."""
        return self._words

    @property
    def shown(self) -> str:
        """What of it is seen."""
        return super().text()

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """To the width, and to the height of the panel."""
        parts, metrics, width = self._words.split("\n"), self.fontMetrics(), self.width() - 2 * PADDING
        parent = self.parentWidget()
        room = len(parts) if parent is None else max(len(parts), parent.height() // A_LINE_EACH)
        whole = metrics.boundingRect(QRect(0, 0, width, 10_000), int(Qt.TextFlag.TextWordWrap), self._words)
        if len(parts) > 1 and whole.height() > room * metrics.lineSpacing():
            parts = [metrics.elidedText(part, Qt.TextElideMode.ElideRight, width) for part in parts]
        shown = "\n".join(parts)
        if shown != super().text():
            super().setText(shown)
