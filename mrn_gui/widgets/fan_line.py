"""Under the choice of the face finder: whether the files of fan are there, and the ways to them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from mrn_gui.fan_files import FanFiles
from mrn_gui.session import Session


class FanLine(QWidget):
    """Seen while fan is chosen."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._fan = session, session.fan
        self.title, self.words = QLabel(), QLabel()
        for label in (self.title, self.words):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setProperty("tone", "2")
        self.bar = QProgressBar()
        self.bar.setFixedHeight(4)
        self.bar.setTextVisible(False)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self._buttons: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        for widget in (self.title, self.words, self.bar):
            column.addWidget(widget)
        column.addLayout(self._row)
        self._fan.changed.connect(self._show)
        self._fan.moved.connect(self._move)
        session.settings_changed.connect(self.follow)
        self._show()
        self.follow()

    def follow(self) -> None:
        """Is seen while fan is chosen, and looks for the files then."""
        chosen = self._session.settings.face_backend == "fan"
        self.setVisible(chosen)
        if chosen:
            self._fan.look()

    def buttons(self) -> list[QPushButton]:
        """Those shown now."""
        return list(self._buttons)

    def _show(self) -> None:
        fan: FanFiles = self._fan
        title, words = fan.told()
        tone = "error" if fan.error is not None else "2" if fan.state == "there" else ""
        if self.title.property("tone") != tone:
            self.title.setProperty("tone", tone)
            self.title.style().unpolish(self.title)
            self.title.style().polish(self.title)
        self.title.setText(title)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.bar.setVisible(fan.busy)
        self.bar.setRange(0, 0)
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()  # it is deleted later only
            button.deleteLater()
        self._buttons = []
        for i, (name, handler) in enumerate(fan.buttons()):
            button = QPushButton(name)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, run=handler: run())
            self._row.insertWidget(i, button)
            self._buttons.append(button)

    def _move(self, name: str, done: int, total: int) -> None:
        self.words.setText(self._fan.moved_told(name, done, total))
        self.bar.setRange(0, total)
        self.bar.setValue(min(done, total))
