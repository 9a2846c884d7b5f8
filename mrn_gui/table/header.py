"""The titles over a table's columns: the sign of the order stands at the title that it belongs to."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QHeaderView, QStyleOptionHeader, QTableView

from mrn_gui.theme import Theme

RIGHT = 6  # px between a title and the column's right edge, as the style sheet has it
SIGN, APART = 7.0, 5.0  # px: the sign's width, and from it to the title
EDGE = 5  # px left of the sign


class TitleRow(QHeaderView):
    """A horizontal header of right-aligned titles.

    Qt's own sign stands at the column's left edge, which in a wide column is nearer to the title before.
    """

    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._theme = theme
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        theme.changed.connect(self.viewport().update)

    def sectionSizeFromContents(self, section: int) -> QSize:
        """As wide as the longest line of its title with the sign beside it."""
        wide = self._wide(section) + RIGHT + APART + SIGN + EDGE
        return QSize(math.ceil(wide), super().sectionSizeFromContents(section).height())

    def _wide(self, section: int) -> float:
        """Of a title's longest line."""
        title = str(self.model().headerData(section, self.orientation(), Qt.ItemDataRole.DisplayRole) or "")
        metrics = QFontMetricsF(self.font())
        return max(metrics.horizontalAdvance(line) for line in title.split("\n"))

    def sign_rect(self, section: int) -> QRectF:
        """Where the sign of the order stands if the table is sorted by ``section``: left of its title."""
        left = self.sectionViewportPosition(section)
        right = left + self.sectionSize(section) - RIGHT
        at = max(left + 2.0, right - self._wide(section) - APART - SIGN)
        return QRectF(at, self.height() / 2 - SIGN / 2, SIGN, SIGN)

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, section: int) -> None:
        """The title without Qt's sign."""
        super().initStyleOptionForIndex(option, section)
        option.sortIndicator = QStyleOptionHeader.SortIndicator.None_

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """The title, and the sign where the table is sorted by it: upwards where the least stands first."""
        super().paintSection(painter, rect, section)
        if section != self.sortIndicatorSection() or not self.isSortIndicatorShown():
            return
        place = self.sign_rect(section)
        up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        tip, foot = (
            (place.top() + 1.5, place.bottom() - 1.5) if up else (place.bottom() - 1.5, place.top() + 1.5)
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("text"), 1.75))
        middle = place.center().x()
        ends = (QPointF(place.left(), foot), QPointF(middle, tip), QPointF(place.right(), foot))
        painter.drawPolyline(QPolygonF(ends))
        painter.restore()
