"""The empty page: a sentence, four ways to open something, and the clips that were open lately."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mrn_core.annotation import Marks, Recent
from mrn_gui.actions import BY_ID
from mrn_gui.theme import Theme
from mrn_gui.widgets.keys import key_words

WIDTH = 560
SHOWN = 4
_OWN = (
    ("demo", "Demo clip", "A photograph that smiles by one pixel"),
    (
        "rendered_demo",
        "Rendered demo clip",
        "A face that never lived: every magnified level can be compared with the exact one",
    ),
)


class StartPage(QWidget):
    """``opened`` carries the path of a recent clip that was chosen."""

    opened = Signal(str)

    def __init__(self, theme: Theme, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QHBoxLayout(self)
        column = QVBoxLayout()
        outer.addStretch(1)
        outer.addLayout(column)
        outer.addStretch(1)
        column.setSpacing(0)
        column.addStretch(2)
        title = QLabel("Open a clip of a face")
        title.setFont(theme.font(20, 600))
        title.setFixedWidth(WIDTH)
        column.addWidget(title)
        column.addSpacing(10)
        column.addWidget(
            self._words("A video file, or a folder with one picture a frame. Drop it anywhere here.")
        )
        column.addSpacing(18)
        row = QHBoxLayout()
        row.setSpacing(8)
        for name, words in (("open", "Open clip"), ("open_folder", "Open folder")):
            row.addWidget(self._button(words, BY_ID[name].keys[0], actions[name], name == "open"))
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(22)
        column.addWidget(self._words("Or look at one that comes with the program:"))
        column.addSpacing(8)
        own = QHBoxLayout()
        own.setSpacing(8)
        for name, words, tip in _OWN:
            button = self._button(words, BY_ID[name].keys[0], actions[name], False)
            button.setToolTip(tip)
            own.addWidget(button)
        own.addStretch(1)
        column.addLayout(own)
        column.addSpacing(30)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        column.addLayout(self._recent)
        column.addStretch(3)

    def show_recent(self, entries: Sequence[Recent], marks: Callable[[str], Marks | None]) -> None:
        """Lists up to four clips; ``marks`` gives those of a clip by its SHA-256."""
        while self._recent.count():
            item = self._recent.takeAt(0)
            widget = None if item is None else item.widget()
            if widget is not None:
                widget.deleteLater()
        if not entries:
            return
        heading = QLabel("Recent")
        heading.setFont(self._theme.font(12, 600))
        heading.setProperty("tone", "2")
        heading.setFixedHeight(26)
        self._recent.addWidget(heading)
        for entry in entries[:SHOWN]:
            rule = QFrame()
            rule.setProperty("kind", "rule")
            rule.setFixedHeight(1)
            self._recent.addWidget(rule)
            self._recent.addWidget(self._entry(entry, marks(entry.sha256)))

    def _entry(self, entry: Recent, marks: Marks | None) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "row")
        button.setFixedHeight(52)
        button.setToolTip(entry.path)
        button.setAccessibleName(f"Open {entry.name}")
        button.clicked.connect(lambda: self.opened.emit(entry.path))
        column = QVBoxLayout(button)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(2)
        name = QLabel(entry.name)
        name.setFont(self._theme.font(13, 600))
        column.addWidget(name)
        column.addWidget(self._words(told_of(entry, marks)))
        for label in button.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return button

    def _words(self, words: str) -> QLabel:
        label = QLabel(words)
        label.setFont(self._theme.font(12))
        label.setProperty("tone", "2")
        return label

    def _button(self, words: str, key: str, action: QAction, main: bool) -> QPushButton:
        button = QPushButton()
        button.setAccessibleName(words)
        button.setProperty("kind", "primary" if main else "")
        row = QHBoxLayout(button)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(20)
        for told, size, weight in ((words, 13, 600), (key_words(key), 11, 400)):
            label = QLabel(told)
            label.setFont(self._theme.font(size, weight))
            label.setProperty("tone", "inverse" if main else "2" if size == 11 else "")
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label)
        button.setFixedSize(row.sizeHint().width(), 36)
        button.clicked.connect(action.trigger)
        return button


def told_of(entry: Recent, marks: Marks | None) -> str:
    """What a recent clip's second line says."""
    parts = [f"{entry.frames} frames"]
    if marks:
        found = [(role, getattr(marks, role)) for role in ("onset", "apex", "offset")]
        parts.append(", ".join(f"{role} {entry.told(frame)}" for role, frame in found if frame is not None))
    try:
        days = (datetime.now(UTC).date() - datetime.fromisoformat(entry.when).date()).days
    except ValueError:
        return " · ".join(parts)
    parts.append({0: "opened today", 1: "opened yesterday"}.get(days, f"opened {days} days ago"))
    return " · ".join(parts)
