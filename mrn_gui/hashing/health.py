"""The panel that says why a pair is full or empty, above the health of the hash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QHelpEvent, QPainter, QRegion, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from mrn_core.result import Analysis
from mrn_gui.attention.values import code_text
from mrn_gui.canvas import Canvas
from mrn_gui.hashing.words import COLUMNS, Said, TableRow, health_row, in_order, of_place
from mrn_gui.painting import CENTRE, LEFT, RIGHT, WRAPPED, text, wrapped_height
from mrn_gui.panel import PADDING, Panel
from mrn_gui.selection import Place, Selection
from mrn_gui.theme import Theme

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws

ROWS = 4  # tables shown at once; room for four is kept
BLOCKS = 3  # rows of the health shown at once: the chosen block is one of them


class HealthCanvas(Canvas):
    """The words follow the pointer; the table of the hash's health stays at the bottom."""

    marks_are_data = True

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, parent)
        self.compact = False
        self.chance: Sequence[Redraws] | None = None
        self.first = 0
        self._health: list[list[str]] = []
        self._said: tuple[Place | None, Said | None] = (None, None)
        self.setAccessibleName("The hash: why a pair meets, and its health")

    def show_analysis(self, analysis: Analysis | None) -> None:
        self._health = [] if analysis is None else [health_row(numbers) for numbers in analysis.health()]
        self.first = 0
        if analysis is not self.analysis:
            self.chance = None  # it belongs to other planes
        super().show_analysis(analysis)

    def set_chance(self, chance: Sequence[Redraws] | None) -> None:
        """What chance gives over redraws of the planes, block by block."""
        self.chance = chance
        self.renew()

    def renew(self) -> None:
        self._said = (None, None)
        super().renew()

    @property
    def said(self) -> Said | None:
        """What is said of the place that is shown now."""
        marks = self.marked_places()
        place = marks[-1][0] if marks else None
        if place != self._said[0]:
            chance = self.chance[self.block] if self.chance and self.block < len(self.chance) else None
            self._said = (place, of_place(self.trace, self.head, place, chance))
        return self._said[1]

    # Geometry

    @property
    def line(self) -> int:
        """Height of a row of a table."""
        return 17 if self.compact else 22

    @property
    def table_top(self) -> float:
        """Where the health begins."""
        return self.height() - (min(len(self._health), BLOCKS) + 1) * (self.line - 2) - 5.0

    @property
    def rows_top(self) -> float:
        """Where the tables' rows begin; the sentence and its second line stand above."""
        return self.table_top - (ROWS + 1) * self.line - 7.0

    def column_at(self, point: QPointF) -> int | None:
        """The column of the health table at a point."""
        if point.y() < self.table_top:
            return None
        for i, (left, width) in enumerate(self._columns()):
            if left <= point.x() < left + width:
                return i
        return None

    def _columns(self) -> list[tuple[float, float]]:
        first = 40.0 if self.compact else 66.0
        room = (self.width() - 2 * PADDING - first) / len(COLUMNS)
        return [(PADDING + first + i * room, room) for i in range(len(COLUMNS))]

    # Painting

    def paint_data(self, p: QPainter) -> None:
        if self.analysis is None:
            self.paint_waiting(p, QRectF(self.rect()))
            return
        theme, step = self.theme, self.line - 2.0
        small, grey = theme.font(11), theme.colour("text3")
        top = self.table_top
        p.fillRect(QRectF(PADDING, top - 5, self.width() - 2 * PADDING, 1), theme.colour("line"))
        head = QRectF(PADDING, top, 60, step)
        text(p, head, "Hash", theme.font(11, 600), theme.colour("text2"), LEFT)
        for (_, name, _), (left, width) in zip(COLUMNS, self._columns(), strict=True):
            if self.compact:
                name = {"all or none": "all/none", "unrelated": "unrel."}.get(name, name)
            text(p, QRectF(left, top, width - 4, step), name, small, grey, RIGHT)
        first = min(max(0, self.block - BLOCKS + 1), max(0, len(self._health) - BLOCKS))
        for block, row in list(enumerate(self._health))[first : first + BLOCKS]:
            y = top + (block - first + 1) * step
            chosen = block == self.block
            if chosen:
                ground = QRectF(PADDING - 4, y, self.width() - 2 * PADDING + 8, step)
                p.fillRect(ground, theme.colour("sunk"))
            font = theme.font(11, 600 if chosen else 400)
            words = f"B{block + 1}" if self.compact else f"Block {block + 1}"
            text(p, QRectF(PADDING, y, 60, step), words, font, theme.colour("text"), LEFT)
            for value, (left, width) in zip(row, self._columns(), strict=True):
                text(p, QRectF(left, y, width - 4, step), value, font, theme.colour("text"), RIGHT)

    def mark_region(self) -> QRegion:
        return QRegion(0, 0, self.width(), max(0, int(self.table_top) - 6))

    def paint_marks(self, p: QPainter) -> None:
        said, theme = self.said, self.theme
        width = self.width() - 2.0 * PADDING
        top = QRectF(PADDING, 2, width, self.rows_top - 4)
        if said is None:
            middle = QRectF(PADDING, 0, width, self.table_top - 6)
            bold = theme.font(13, 500)
            text(
                p,
                middle.adjusted(0, -24, 0, 0),
                "Point at a cell or a level",
                bold,
                theme.colour("text2"),
                CENTRE,
            )
            words = "and read why it is full or empty."
            text(p, middle.adjusted(0, 20, 0, 0), words, theme.font(12), theme.colour("text2"), CENTRE)
            return
        bold, plain = theme.font(13 if self.compact else 15, 600), theme.font(11 if self.compact else 12)
        height = min(wrapped_height(said.sentence, bold, width), top.height())
        text(p, QRectF(PADDING, 2, width, height + 2), said.sentence, bold, theme.colour("text"), WRAPPED)
        rest = QRectF(PADDING, height + 5, width, self.rows_top - height - 4)
        for count in range(len(said.details), 0, -1):  # as much as the room holds
            words = "  ·  ".join(said.details[:count])
            if wrapped_height(words, plain, width) <= rest.height():
                text(p, rest, words, plain, theme.colour("text2"), WRAPPED)
                break
        self._paint_rows(p, said)

    def _paint_rows(self, p: QPainter, said: Said) -> None:
        theme, line, y = self.theme, float(self.line), self.rows_top
        small, grey = theme.font(11), theme.colour("text3")
        first, second, third = self._row_columns()
        rows = in_order(said.rows, ROWS)
        self.first = min(self.first, max(0, len(rows) - ROWS))
        shown = rows[self.first : self.first + ROWS]
        more = f" {self.first + 1} to {self.first + len(shown)} of {len(rows)}" if len(rows) > ROWS else ""
        text(p, QRectF(PADDING, y, first - PADDING - 4, line), "Table", small, grey, LEFT)
        text(p, QRectF(first, y, second - first, line), said.first, small, grey, LEFT)
        text(p, QRectF(second, y, third - second, line), said.second, small, grey, LEFT)
        text(p, QRectF(third, y, self.width() - third - PADDING, line), more.strip(), small, grey, LEFT)
        for row in shown:
            y += line
            self._paint_row(p, row, y)

    def _paint_row(self, p: QPainter, row: TableRow, y: float) -> None:
        theme, line = self.theme, float(self.line)
        first, second, third = self._row_columns()
        planes = self.trace.planes
        if row.table == self.table:
            p.fillRect(QRectF(PADDING - 4, y, self.width() - 2 * PADDING + 8, line), theme.colour("sunk"))
        bold, plain = theme.font(11, 600), theme.font(11)
        text(p, QRectF(PADDING + 4, y, 30, line), str(row.table + 1), bold, theme.colour("text"), LEFT)
        for x, code in ((first, row.query_code), (second, row.key_code)):
            square = QRectF(x, y + line / 2 - 5, 10, 10)
            p.fillRect(square, theme.colour(theme.palette.bucket(code, planes)))
            mono = theme.font(12, 700 if row.shared else 400, mono=True)
            text(p, QRectF(x + 16, y, 70, line), code_text(code, planes), mono, theme.colour("text"), LEFT)
        ink = theme.colour("text" if row.shared else "text2")
        rest = QRectF(third, y, self.width() - third - PADDING, line)
        text(p, rest, row.remark, bold if row.shared else plain, ink, LEFT)

    def _row_columns(self) -> tuple[float, float, float]:
        """Left edges: the query's code, the key's code, the remark."""
        return (54.0, 122.0, 190.0) if self.compact else (72.0, 172.0, 272.0)

    # Qt

    def wheelEvent(self, event: QWheelEvent) -> None:
        said = self.said if self.analysis is not None else None
        if said is not None and len(said.rows) > ROWS:
            down = 1 if event.angleDelta().y() < 0 else -1
            self.first = min(max(0, self.first + down), len(said.rows) - ROWS)
            self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            column = self.column_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if column is None else COLUMNS[column][2], self)
            return True
        return super().event(event)


class HealthPanel(Panel):
    """Why a cell is full or empty, in words; and whether the hash tells levels apart at all."""

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, "Hash", 470, parent)
        self.canvas = HealthCanvas(selection, theme, self)
        self.body.addWidget(self.canvas, 1)
        self._say()

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows an analysis, or when it fills."""
        self.canvas.show_analysis(analysis)

    def set_chance(self, chance: Sequence[Redraws] | None) -> None:
        """What chance gives over redraws of the planes, block by block."""
        self.canvas.set_chance(chance)

    def set_stale(self, words: str | None) -> None:
        """Dims the numbers; None: they are up to date."""
        self.canvas.set_stale(words)

    def set_waiting(self, words: str) -> None:
        """What stands in the empty panel."""
        self.canvas.set_waiting(words)

    def set_compact(self, compact: bool) -> None:
        super().set_compact(compact)
        self.canvas.compact = compact
        self.canvas.renew()

    def selection_changed(self, notes: frozenset[str]) -> None:
        self._say()

    def _say(self) -> None:
        place, where = (
            self.selection.shown,
            f"block {self.selection.block + 1}, head {self.selection.head + 1}",
        )
        if place is None:
            self.header.say(right=where)
        elif place.is_pair:
            self.header.say(right=f"query {place.query} → key {place.key}")
        else:
            self.header.say(right=f"level {place.query}")
