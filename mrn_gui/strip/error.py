"""What failed, in the place of what it would have made: a red edge, words, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mrn_gui.icons import pixmap
from mrn_gui.theme import Theme

BUTTONS = 3


class ErrorPanel(QWidget):
    """One error: a sentence that says what happened, one on what to do, and up to three buttons."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mends = False
        self.title = QLabel(self)
        self.words = QLabel(self)
        for label, size, weight in ((self.title, 15, 600), (self.words, 12, 400)):
            label.setFont(theme.font(size, weight))
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setProperty("tone", "2")
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(66, 22, 24, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addSpacing(14)
        column.addLayout(self._row)
        column.addStretch(1)
        self._buttons: list[QPushButton] = []
        theme.changed.connect(self.update)

    def say(
        self,
        title: str,
        words: str,
        buttons: Sequence[tuple[str, Callable[[], object]]],
        main: int = 0,
        mends: bool = False,
    ) -> None:
        """Another error, or what is done about it.

        Args:
            main: which button is the main one.
            mends: nothing has failed here; it is being mended.
        """
        self._mends = mends
        self.update()
        self.title.setText(title)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        focused = any(button.hasFocus() for button in self._buttons)
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()  # it is deleted later only
            button.deleteLater()
        self._buttons = []
        for i, (name, handler) in enumerate(buttons[:BUTTONS]):
            button = QPushButton(name, self)
            button.setProperty("kind", "primary" if i == main else "")
            button.clicked.connect(lambda _=False, run=handler: run())
            self._row.insertWidget(i, button)
            self._buttons.append(button)
        if focused and self._buttons:
            self._buttons[0].setFocus()

    def buttons(self) -> list[QPushButton]:
        """Those shown now."""
        return list(self._buttons)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 100)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        try:
            body = self.rect().adjusted(12, 0, -12, -12)
            p.fillRect(self.rect(), self._theme.colour("panel"))
            p.fillRect(body, self._theme.colour("sunk"))
            ink = self._theme.colour("primary" if self._mends else "error")
            name = "info" if self._mends else "circle-alert"
            p.fillRect(body.left(), body.top(), 4, body.height(), ink)
            sign = pixmap(name, ink, 20, self.devicePixelRatioF())
            p.drawPixmap(body.left() + 22, body.top() + 25, sign)
        finally:
            p.end()
