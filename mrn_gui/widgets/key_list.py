"""The list of keys, made from the commands; a few words find one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mrn_gui.actions import COMMANDS, MENUS, VIEW_KEYS
from mrn_gui.theme import Theme
from mrn_gui.widgets.keys import KeyHint, key_words
from mrn_gui.widgets.scrolled import Scrolled, fit

KEYS_WIDTH = 124  # px: the longest keys
_LEFT = ("Menu", "View", "Help")


class KeyList(QDialog):
    """Stays open beside the work; Esc closes it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setModal(False)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find by a word or a key")
        self.search.setAccessibleName("Find a key")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.none = QLabel("No key does that.")
        self.none.setProperty("tone", "3")
        self.none.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.setSpacing(12)
        whole.addWidget(self.search)
        whole.addWidget(self.none)
        part = QWidget()
        columns = QHBoxLayout(part)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(24)
        groups: list[tuple[str, list[tuple[Sequence[str], str]]]] = [
            (menu, [(c.keys, c.text.removesuffix("...")) for c in COMMANDS if c.menu == menu and c.keys])
            for menu in MENUS
        ]
        groups.append(("Where the focus is", list(VIEW_KEYS)))
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(4)
            columns.addLayout(column)
        self._groups: list[tuple[QWidget, list[tuple[str, tuple[QWidget, QWidget]]]]] = []
        for title, rows in groups:
            group = QWidget()
            grid = QGridLayout(group)
            grid.setContentsMargins(0, 0, 0, 14)
            grid.setHorizontalSpacing(16)
            grid.setVerticalSpacing(5)
            grid.setColumnMinimumWidth(0, KEYS_WIDTH)
            grid.setColumnStretch(1, 1)
            heading = QLabel(title)
            heading.setFont(theme.font(13, 600))
            grid.addWidget(heading, 0, 0, 1, 2)
            lines: list[tuple[str, tuple[QWidget, QWidget]]] = []
            for i, (keys, words) in enumerate(rows, start=1):
                told = QLabel(words)
                told.setProperty("tone", "2")
                once = [key for i, key in enumerate(keys) if key_words(key) not in map(key_words, keys[:i])]
                hint = KeyHint(theme, once[:4], "")
                hint.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
                grid.addWidget(hint, i, 0, Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(told, i, 1)
                spoken = f"{words} {' '.join(keys)} {' '.join(map(key_words, keys))}"
                lines.append((spoken.lower(), (hint, told)))
            (left if title in _LEFT else right).addWidget(group)
            self._groups.append((group, lines))
        left.addStretch(1)
        right.addStretch(1)
        whole.addWidget(Scrolled(part), 1)
        fit(self)

    def shown(self) -> list[str]:
        """The words of the rows that are found, in small letters."""
        return [words for _, lines in self._groups for words, (hint, _) in lines if not hint.isHidden()]

    def _filter(self, typed: str) -> None:
        asked = typed.lower().split()
        some = False
        for part, lines in self._groups:
            any_here = False
            for words, widgets in lines:
                found = all(word in words for word in asked)
                any_here = any_here or found
                for widget in widgets:
                    widget.setVisible(found)
            part.setVisible(any_here)
            some = some or any_here
        self.none.setVisible(not some)
