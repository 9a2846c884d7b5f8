"""Whether the hash tells levels apart at all: a row of shares for each block, in a dock."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mrn_core.result import Analysis
from mrn_gui.canvas import Canvas
from mrn_gui.hashing.words import COLUMNS, health_row
from mrn_gui.painting import LEFT, RIGHT, WRAPPED, text
from mrn_gui.panel import PADDING
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme

LINE = 24  # px of a row
FIRST = 52.0  # px of the blocks' names
ADVICE = "Healthy: near is well above unrelated, far below it, and no head is all or none."


class HealthCanvas(Canvas):
    """The table; a click on a row chooses its block."""

    picture_follows = frozenset({"shape", "block"})

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, parent)
        self._told: list[list[str]] | None = None
        self.setAccessibleName("Health of the hash")

    def show_analysis(self, analysis: Analysis | None) -> None:
        self._told = None
        super().show_analysis(analysis)
        self.setMinimumHeight(self.minimumSizeHint().height())

    @property
    def rows(self) -> list[list[str]]:
        """The words of each block, worked out when they are first seen: of many levels that takes a while."""
        if self._told is None:
            found = self.analysis.health() if self.analysis is not None else []
            self._told = [health_row(numbers) for numbers in found]
        return self._told

    @property
    def blocks(self) -> int:
        """How many rows there are."""
        return 0 if self.analysis is None else len(self.analysis.traces)

    def sizeHint(self) -> QSize:
        return QSize(460, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(440, (max(3, self.blocks) + 1) * LINE + 50)

    def column_at(self, point: QPointF) -> int | None:
        """The column at a point."""
        for i, (left, width) in enumerate(self._columns()):
            if left <= point.x() < left + width and self.row_at(point) is not None:
                return i
        return None

    def row_at(self, point: QPointF) -> int | None:
        """The row at a point: 0 for the columns' names, then the blocks."""
        row = int(point.y() // LINE)
        return row if point.y() >= 0 and row <= self.blocks else None

    def _columns(self) -> list[tuple[float, float]]:
        room = (self.width() - 2 * PADDING - FIRST) / len(COLUMNS)
        return [(PADDING + FIRST + i * room, room) for i in range(len(COLUMNS))]

    def paint_data(self, p: QPainter) -> None:
        if self.analysis is None:
            self.paint_waiting(p, QRectF(self.rect()))
            return
        theme = self.theme
        for (_, name, _), (left, width) in zip(COLUMNS, self._columns(), strict=True):
            text(p, QRectF(left, 0, width - 4, LINE), name, theme.font(11), theme.colour("text3"), RIGHT)
        for block, row in enumerate(self.rows):
            y = (block + 1.0) * LINE
            chosen = block == self.block
            if chosen:
                p.fillRect(QRectF(PADDING - 4, y, self.width() - 2 * PADDING + 8, LINE), theme.colour("sunk"))
            font, ink = theme.font(11, 600 if chosen else 400), theme.colour("text")
            text(p, QRectF(PADDING, y, FIRST, LINE), f"Block {block + 1}", font, ink, LEFT)
            for value, (left, width) in zip(row, self._columns(), strict=True):
                text(p, QRectF(left, y, width - 4, LINE), value, font, ink, RIGHT)
        y = (self.blocks + 1.0) * LINE + 8
        rest = QRectF(PADDING, y, self.width() - 2 * PADDING, 36)
        text(p, rest, ADVICE, theme.font(11), theme.colour("text2"), WRAPPED)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and row:
            self.selection.choose(block=row - 1)

    def tip_at(self, point: QPointF) -> str:
        """What the column's number is."""
        column = self.column_at(point)
        return "" if column is None else COLUMNS[column][2]


class HealthPanel(QWidget):
    """The table of the hash's health, to stand in a dock that names it."""

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.selection = selection
        self.canvas = HealthCanvas(selection, theme, self)
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self.canvas)

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows an analysis, or when it fills."""
        self.canvas.show_analysis(analysis)

    def set_stale(self, words: str | None) -> None:
        """Dims the numbers; None: they are up to date."""
        self.canvas.set_stale(words)

    def set_waiting(self, words: str) -> None:
        """What stands in the empty table."""
        self.canvas.set_waiting(words)
