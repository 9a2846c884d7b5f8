"""The table of levels for Qt: its cells, their order, and the marks of what is pointed at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from mrn_gui.selection import Selection
from mrn_gui.table.columns import Column
from mrn_gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MARGIN = 3  # px at both sides of a cell's text


class LevelModel(QAbstractTableModel):
    """The columns; the last row stands for all levels."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: list[Column] = []

    def show(self, columns: Sequence[Column]) -> None:
        """Other columns; where only their numbers differ, the view keeps its place and order."""
        same = [(c.title, len(c.values)) for c in columns] == [(c.title, len(c.values)) for c in self.columns]
        if same and columns:
            self.columns = list(columns)
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
            return
        self.beginResetModel()
        self.columns = list(columns)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.columns[0].values) if self.columns and not parent.isValid() else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            if index.column() == 0 and row == self.rowCount() - 1:
                return "All"
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.columns[section].tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT
        return None


class LevelOrder(QSortFilterProxyModel):
    """Sorted by a column's numbers, equal ones by level; what is undefined, and the row for all, stand last.

    All of this in either direction.
    """

    def lessThan(self, left: Index, right: Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, LevelModel)
        last, up = model.rowCount() - 1, self.sortOrder() == Qt.SortOrder.AscendingOrder
        values = model.columns[left.column()].values
        a, b = float(values[left.row()]), float(values[right.row()])
        for x, y, answer in ((left, right, not up), (right, left, up)):
            if x.row() == last and y.row() != last:
                return answer
        if a == b or (math.isnan(a) and math.isnan(b)):
            return (left.row() < right.row()) == up
        if math.isnan(a) or math.isnan(b):
            return math.isnan(a) != math.isnan(b) and up == math.isnan(b)
        return a < b

    def source_rows(self) -> list[int]:
        """The rows in the order in which they are shown."""
        return [self.mapToSource(self.index(row, 0)).row() for row in range(self.rowCount())]


class LevelMarks(QStyledItemDelegate):
    """A line above and below the rows that are pointed at or pinned, and a rule above the row for all."""

    def __init__(self, selection: Selection, theme: Theme, order: LevelOrder) -> None:
        super().__init__()
        self._selection, self._theme, self._order = selection, theme, order
        self._last: list[tuple[tuple[int, ...], bool]] = []

    def refresh(self, view: QTableView) -> None:
        """Paints the rows anew whose marks have changed, and no others: a cell costs more than a view of all
        levels."""
        before, self._last = self._last, self._marked()
        model = self._order.sourceModel()
        for row in {level for marks in (before, self._last) for levels, _ in marks for level in levels}:
            index = self._order.mapFromSource(model.index(row, 0))
            if index.isValid():
                place = view.visualRect(index)
                view.viewport().update(0, place.top(), view.viewport().width(), place.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._order.mapToSource(index).row()
        rect: QRect = option.rect
        self._paint_text(painter, option, index)
        if row == self._order.rowCount() - 1:
            painter.setPen(QPen(self._theme.colour("control"), 1))
            painter.drawLine(rect.topLeft(), rect.topRight())
            return
        for place, dashed in self._marked():
            if row in place:
                style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
                painter.setPen(QPen(self._theme.colour("selection"), 2, style))
                for y in (rect.top() + 1, rect.bottom()):
                    painter.drawLine(rect.left(), y, rect.right(), y)

    def _paint_text(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell as the style would draw it, in a third of the time: it asks seven things of each cell."""
        rect, chosen = option.rect, bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, option.palette.highlight())
        words, inner = str(index.data() or ""), rect.adjusted(_MARGIN, 0, -_MARGIN, 0)
        if option.fontMetrics.horizontalAdvance(words) > inner.width():
            words = option.fontMetrics.elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        painter.setFont(option.font)
        painter.setPen(option.palette.color(role))
        painter.drawText(inner, int(_RIGHT), words)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.colour("primary"), 1))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _marked(self) -> list[tuple[tuple[int, ...], bool]]:
        """The levels of the pinned and of the hovered place, and whether they are dashed."""
        pinned, hovered = self._selection.pinned, self._selection.hovered
        made = [] if pinned is None else [(pinned.levels, False)]
        if hovered is not None and hovered != pinned:
            made.append((hovered.levels, pinned is not None))
        return made


def fit_columns(view: QTableView, order: LevelOrder, model: LevelModel) -> None:
    """Each as wide as its longest text; the view's own way asks the style about every cell."""
    header = view.horizontalHeader()
    for i, column in enumerate(model.columns):
        longest = max(range(len(column.values)), key=lambda row: len(column.text(row)), default=0)
        index = order.mapFromSource(model.index(longest, i))
        cell = view.sizeHintForIndex(index).width() if index.isValid() else 0
        header.resizeSection(i, max(cell + 1, header.sectionSizeHint(i)))
