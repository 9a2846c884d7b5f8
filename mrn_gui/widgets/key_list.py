"""The list of keys, made from the commands."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mrn_gui.actions import COMMANDS, MENUS, VIEW_KEYS
from mrn_gui.theme import Theme
from mrn_gui.widgets.keys import KeyHint


class KeyList(QDialog):
    """Stays open beside the work; Esc closes it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setModal(False)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(24, 20, 24, 20)
        columns.setSpacing(40)
        groups = [
            (menu, [(c.keys, c.text.removesuffix("...")) for c in COMMANDS if c.menu == menu and c.keys])
            for menu in MENUS
        ]
        groups.append(("Where the focus is", list(VIEW_KEYS)))
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(4)
            columns.addLayout(column)
        for title, rows in groups:
            column = left if title in ("File", "View", "Help") else right
            heading = QLabel(title)
            heading.setFont(theme.font(13, 600))
            column.addWidget(heading)
            grid = QGridLayout()
            grid.setHorizontalSpacing(16)
            grid.setVerticalSpacing(5)
            for i, (keys, words) in enumerate(rows):
                told = QLabel(words)
                told.setProperty("tone", "2")
                grid.addWidget(KeyHint(theme, keys[:4], ""), i, 0, Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(told, i, 1)
            grid.setColumnStretch(1, 1)
            column.addLayout(grid)
            column.addSpacing(14)
        left.addStretch(1)
        right.addStretch(1)
