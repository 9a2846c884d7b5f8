"""Keys drawn as caps, with the words on what they do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mrn_gui.theme import Theme

_SIGNS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "Enter", "Escape": "Esc"}


def key_words(key: str) -> str:
    """A key as it stands on a cap: "Ctrl+Return" is "Ctrl Enter", "Left" an arrow."""
    if len(key) == 1:
        return key
    if key.endswith("++"):
        return f"{key_words(key[:-2])} +"
    return " ".join(_SIGNS.get(part, part) for part in key.split("+"))


class KeyHint(QWidget):
    """One or more caps and a few words."""

    def __init__(self, theme: Theme, keys: Sequence[str], words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        for key in keys:
            cap = QLabel(key_words(key))
            cap.setProperty("kind", "key")
            cap.setFont(theme.font(11, 500))
            cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
            cap.setFixedHeight(18)
            cap.setMinimumWidth(18)
            row.addWidget(cap)
        row.addSpacing(3)
        label = QLabel(words)
        label.setFont(theme.font(11))
        label.setProperty("tone", "2")
        row.addWidget(label)
