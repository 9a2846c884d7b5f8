"""The page in a window that is too small for it: scrolled, so that nothing of it is out of reach."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from mrn_gui.layout import PAGE_LEAST, drawn_sizes, page_holds_all


class RoomyPage(QScrollArea):
    """Around the page, which is as large as the view, but never smaller than all its panels need.

    A screen of 1920 x 1080 at 200 % has 960 x 540 px: there the page is scrolled. A dock that takes height
    from a window with room enough makes the page fold its panels instead, as low as they can be.
    """

    def __init__(self, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidget(page)
        self.setWidgetResizable(True)
        page.setMinimumWidth(PAGE_LEAST[0])

    @property
    def least(self) -> QSize:
        """What the page needs to stand unscrolled in a window with room enough."""
        return QSize(PAGE_LEAST[0], self._page.minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        window = self.window()
        bars = drawn_sizes(window.width(), window.height())
        least = page_holds_all(max(window.width(), PAGE_LEAST[0]), window.height())
        small = window.height() - bars.top_bar - bars.status - 2 < least
        self._page.setMinimumHeight(PAGE_LEAST[1] if small else 0)
        super().resizeEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 160)
