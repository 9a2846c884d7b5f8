"""Dialogs on a small screen: what does not fit is scrolled, and their buttons stay where they are."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

LEAST = 120  # px of height in which there is still something to scroll
FRAME = 48  # px that the title bar and the edges of a dialog take


class Scrolled(QScrollArea):
    """Around a part of a dialog: as high as it asks for where the dialog has the room; never narrower."""

    def __init__(self, part: QWidget) -> None:
        super().__init__()
        self._part = part
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(part)

    @classmethod
    def column(cls, spacing: int) -> tuple[Scrolled, QVBoxLayout]:
        """One around a column of widgets, and the column."""
        part = QWidget()
        made = QVBoxLayout(part)
        made.setContentsMargins(0, 0, 0, 0)
        made.setSpacing(spacing)
        return cls(part), made

    def sizeHint(self) -> QSize:
        asked = self._part.sizeHint()
        return QSize(asked.width() + self.verticalScrollBar().sizeHint().width(), asked.height())

    def minimumSizeHint(self) -> QSize:
        least = self._part.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(least, min(LEAST, self._part.sizeHint().height()))


def fit(dialog: QDialog, asked: QSize | None = None) -> None:
    """Makes a dialog as large as it asks for, or as its screen allows."""
    screen = dialog.screen() or QGuiApplication.primaryScreen()
    room = screen.availableGeometry().size() - QSize(0, FRAME)
    dialog.resize((dialog.sizeHint() if asked is None else asked).boundedTo(room))
