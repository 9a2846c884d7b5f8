"""The painted answer: portraits, sentence, and the tables of a pair or the heads of a level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPixmap, QRegion, QWheelEvent
from PySide6.QtWidgets import QWidget

from mrn_core.result import Analysis
from mrn_gui import terms
from mrn_gui.canvas import Canvas
from mrn_gui.hashing.words import colours_words
from mrn_gui.painting import CENTRE, LEFT, RIGHT, WRAPPED, outline, pixmap_of, text, width_of, wrapped_height
from mrn_gui.selection import Place, Selection
from mrn_gui.theme import Theme
from mrn_gui.why.geometry import PADDING, ROWS, WhyGeometry, window_of
from mrn_gui.why.rows import paint_codes, paint_head_cell
from mrn_gui.why.told import CodeRow, HeadCell, Sight, Told
from mrn_gui.why.words import of_place

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws
    from mrn_gui.whatif.pinned import Difference


class WhyCanvas(Canvas):
    """Follows the pointer. A click on a portrait pins its level, on a row its table, on a cell its head."""

    marks_are_data = True

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, parent)
        self.compact = False
        self.first = 0  # of the tables, when not all fit
        self._sight: Sight | None = None
        self._told: tuple[object, Told] | None = None
        self._portraits: dict[int, QPixmap] = {}
        self._scaled_for: tuple[float, float] = (0, 0)
        self.setAccessibleName("Why a cell is full or empty")

    def show_analysis(self, analysis: Analysis | None) -> None:
        if analysis is None or self.analysis is None or analysis.frames is not self.analysis.frames:
            self._portraits.clear()
        if analysis is None:
            self._sight = None
        elif self._sight is None or self._sight.analysis is not analysis:
            self._sight = Sight(analysis)  # chance and the pinned state's difference are not its own
        self.first = 0
        super().show_analysis(analysis)

    def set_chance(self, chance: Sequence[Redraws] | None) -> None:
        """What chance gives over redraws of the planes, block by block."""
        if self.analysis is not None and self._sight is not None:
            self._sight = Sight(self.analysis, chance, self._sight.beside)
        self.renew()

    def set_pinned(self, difference: Difference | None) -> None:
        """The pinned state beside this analysis; None: nothing is pinned."""
        pairs = None if difference is None else difference.pairs
        if pairs is not None and self.analysis is not None and pairs.now[0] is not self.analysis.traces[0]:
            difference = None  # it is of another analysis
        if self.analysis is not None and self._sight is not None and self._sight.beside is not difference:
            self._sight = Sight(self.analysis, self._sight.chance, difference)
            self.renew()

    def renew(self) -> None:
        self._told = None
        super().renew()

    @property
    def geometry_now(self) -> WhyGeometry:
        """Where the parts stand at the present size."""
        return WhyGeometry(self.width(), self.height(), self.compact)

    @property
    def shown_place(self) -> Place | None:
        """The hovered place, else the pinned, where this analysis has it."""
        marks = self.marked_places()
        return marks[-1][0] if marks else None

    @property
    def told(self) -> Told:
        """What is said now; an analysis must be there."""
        assert self._sight is not None
        key = (self.shown_place, self.block, self.head, self.compact)
        if self._told is None or self._told[0] != key:
            place = self.shown_place
            self._told = (key, of_place(self._sight, self.block, self.head, place, self.compact))
            self.first = 0
        return self._told[1]

    def rows_shown(self) -> list[CodeRow]:
        """The tables on the screen: all, or those that answer first, scrolled by the wheel."""
        rows = list(self.told.rows)
        if len(rows) > ROWS:
            rows.sort(key=lambda row: not row.answers)
        self.first = min(self.first, max(0, len(rows) - ROWS))
        return rows[self.first : self.first + ROWS]

    def grid_shown(self) -> list[list[HeadCell]]:
        """The blocks and heads on the screen: those around the chosen ones, where not all fit."""
        grid = self.told.grid
        if not grid:
            return []
        first, last = window_of(len(grid), self.block)
        left, right = self.geometry_now.heads_shown(len(grid[0]), self.head)
        return [list(row[left:right]) for row in grid[first:last]]

    # Painting

    def paint_data(self, p: QPainter) -> None:
        if self.analysis is None:
            self.paint_waiting(p, QRectF(self.rect()))

    def mark_region(self) -> QRegion:
        return QRegion(self.rect())

    def paint_marks(self, p: QPainter) -> None:
        told, geometry, theme = self.told, self.geometry_now, self.theme
        self._paint_portraits(p, geometry, told)
        for rect, words, font, colour in self.answer_lines():
            text(p, rect, words, font, theme.colour(colour), WRAPPED)
        if told.rows:
            self._paint_rows(p, geometry, told)
        elif told.grid:
            self._paint_grid(p, geometry, told)
        x, y, width, _ = geometry.foot
        p.fillRect(QRectF(x, y - 2, width, 1), theme.colour("line"))
        for rect, words, font, colour in self.foot_lines():
            text(p, rect, words, font, theme.colour(colour), LEFT)

    def _paint_portraits(self, p: QPainter, geometry: WhyGeometry, told: Told) -> None:
        theme = self.theme
        size = 11 if self.compact else 12
        for place, portrait in enumerate(told.portraits):
            rect = QRectF(*geometry.portrait(place))
            p.drawPixmap(rect.topLeft(), self._portrait(portrait.level, rect.width()))
            outline(p, rect.adjusted(1, 1, -1, -1), theme.colour("selection"), 2)
            words = QRectF(rect.left(), rect.bottom() + 2, rect.width() + 8, 15)
            text(p, words, portrait.role, theme.font(size, 600), theme.colour("text"), LEFT)
            words.translate(0, 13 if self.compact else 15)
            text(p, words, portrait.factor, theme.font(size), theme.colour("text2"), LEFT)

    def _portrait(self, level: int, side: float) -> QPixmap:
        assert self.analysis is not None
        if (side, self.scale) != self._scaled_for:
            self._portraits.clear()
            self._scaled_for = (side, self.scale)
        if level not in self._portraits:
            device = round(side * self.scale)
            picture = pixmap_of(self.analysis.frames[level]).scaled(
                device,
                device,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            picture.setDevicePixelRatio(self.scale)
            self._portraits[level] = picture
        return self._portraits[level]

    def answer_lines(self) -> list[tuple[QRectF, str, QFont, str]]:
        """The sentence and the details that have room: place, words, font and the name of the colour."""
        told, theme = self.told, self.theme
        rect = QRectF(*self.geometry_now.answer(len(told.portraits)))
        bold, plain = theme.font(13 if self.compact else 15, 600), theme.font(11 if self.compact else 12)
        height = min(wrapped_height(told.sentence, bold, rect.width()), rect.height())
        made = [(QRectF(rect.left(), rect.top(), rect.width(), height + 2), told.sentence, bold, "text")]
        y, gap = rect.top() + height + (3 if self.compact else 6), 2.0 if self.compact else 5.0
        for words in told.details:
            height = wrapped_height(words, plain, rect.width())
            if y + height > rect.bottom() + 1:
                break
            made.append((QRectF(rect.left(), y, rect.width(), height + 2), words, plain, "text2"))
            y += height + gap
        return made

    def foot_lines(self) -> list[tuple[QRectF, str, QFont, str]]:
        """The last lines, likewise."""
        font, line = self.theme.font(11 if self.compact else 12), 13.0 if self.compact else 18.0
        x, y, width, height = self.geometry_now.foot
        return [
            (QRectF(x, y + place * line, width, line), words, font, "text2")
            for place, words in enumerate(self.told.foot[: int(height // line)])
        ]

    def _paint_rows(self, p: QPainter, geometry: WhyGeometry, told: Told) -> None:
        theme, rows = self.theme, self.rows_shown()
        small, grey = theme.font(11), theme.colour("text3")
        names = QRectF(*geometry.names())
        first, second, third = geometry.columns
        more = ""
        if len(told.rows) > ROWS:
            more = f"  {self.first + 1}–{self.first + len(rows)} of {len(told.rows)}"
        text(p, names, "Table", small, grey, LEFT)
        for left, words in zip((first, second, third), told.columns, strict=True):
            if left == third and more:  # the rows themselves say "yes" or "no"
                whole = words + more
                words = whole if left + width_of(whole, small) <= names.right() else f"{more.strip()} tables"
            text(p, QRectF(left, names.y(), names.right() - left, names.height()), words, small, grey, LEFT)
        repeated = colours_words(self.trace.planes, short=True)
        taken = third + width_of(f"{told.columns[2]}{more}", small) + 12
        if repeated and taken + width_of(repeated, small) <= names.right():
            text(p, names, repeated, small, grey, RIGHT)
        for place, row in enumerate(rows):
            ground = QRectF(*geometry.row(place))
            if row.answers:
                p.fillRect(ground, theme.colour("sunk"))
            paint_codes(p, theme, geometry, ground, row, self.trace.planes)

    def _paint_grid(self, p: QPainter, geometry: WhyGeometry, told: Told) -> None:
        theme, grid = self.theme, self.grid_shown()
        small, bold, grey = theme.font(11), theme.font(11, 600), theme.colour("text3")
        names = QRectF(*geometry.names())
        columns = len(grid[0])
        title = told.grid_title.partition(" ")[0] if self.compact else told.grid_title
        left = QRectF(names.x(), names.y(), geometry.grid_left - names.x() + 6, names.height())
        text(p, left, title, small, grey, LEFT)
        for column, cell in enumerate(grid[0]):
            x, _, width, _ = geometry.grid_cell(0, column, columns)
            chosen = cell.head == self.head
            ink = theme.colour("text") if chosen else grey
            place = QRectF(x, names.y(), width, names.height())
            text(p, place, str(cell.head + 1), bold if chosen else small, ink, CENTRE)
        for row, cells in enumerate(grid):
            block = cells[0].block
            x, y, _, height = geometry.row(row)
            words = f"B{block + 1}" if self.compact else f"Block {block + 1}"
            font = bold if block == self.block else small
            ink = theme.colour("text" if block == self.block else "text2")
            text(p, QRectF(PADDING, y, geometry.grid_left - PADDING, height), words, font, ink, LEFT)
            for column, cell in enumerate(cells):
                rect = QRectF(*geometry.grid_cell(row, column, columns))
                chosen = (cell.block, cell.head) == (self.block, self.head)
                paint_head_cell(p, theme, rect, cell, chosen)

    # What is pointed at

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.analysis is None or event.button() != Qt.MouseButton.LeftButton:
            return
        told, geometry, at = self.told, self.geometry_now, event.position()
        for place, portrait in enumerate(told.portraits):
            if QRectF(*geometry.portrait(place)).contains(at):
                self.selection.click(Place.level(portrait.level))
                return
        if told.rows:
            rows = self.rows_shown()
            found = geometry.row_at(at.y(), len(rows))
            if found is not None:
                self.selection.choose(table=rows[found].table)
            return
        grid = self.grid_shown()
        cell = geometry.grid_hit(at.x(), at.y(), len(grid), len(grid[0])) if grid else None
        if cell is not None:
            chosen = grid[cell[0]][cell[1]]
            self.selection.choose(block=chosen.block, head=chosen.head)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.analysis is not None and len(self.told.rows) > ROWS:
            down = 1 if event.angleDelta().y() < 0 else -1
            self.first = min(max(0, self.first + down), len(self.told.rows) - ROWS)
            self.update()

    def tip_at(self, point: QPointF) -> str:
        """The paper's terms in what the pointer rests on, each in a sentence; and what had no room."""
        if self.analysis is None:
            return ""
        told, geometry = self.told, self.geometry_now
        for place, portrait in enumerate(told.portraits):
            if QRectF(*geometry.portrait(place)).contains(point):
                return f"{portrait.role}, {portrait.factor}: a click pins the level\n{terms.told('af')}"
        lines = self.answer_lines()
        for rect, words, _, _ in lines:
            if rect.contains(point):
                left_out = told.details[len(lines) - 1 :] if words == told.sentence else ()
                return "\n".join(filter(None, [*left_out, terms.explained(words)]))
        for rect, words, font, _ in self.foot_lines():
            if rect.contains(point):
                cut = words if width_of(words, font) > rect.width() else ""
                return "\n".join(filter(None, [cut, terms.explained(words)]))
        if not geometry.names()[1] <= point.y() < geometry.foot[1]:
            return ""
        if told.rows:
            if point.x() >= geometry.columns[2]:
                return terms.told("turn")
            return "\n".join(filter(None, [terms.told("bucket"), colours_words(self.trace.planes)]))
        grid = self.grid_shown()
        found = geometry.grid_hit(point.x(), point.y(), len(grid), len(grid[0])) if grid else None
        if found is not None:
            return grid[found[0]][found[1]].tip
        named = bool(grid) and point.y() < geometry.rows_top and point.x() < geometry.grid_left
        return f"{told.grid_title}, in each head of each block\n{terms.told('reach')}" if named else ""
