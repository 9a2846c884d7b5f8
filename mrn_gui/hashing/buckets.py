"""The panel of the bucket ids: of every level, as a query and as a key, in every table."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QRegion, QWheelEvent
from PySide6.QtWidgets import QWidget

from mrn_core.result import Analysis
from mrn_gui import terms
from mrn_gui.attention.values import code_text
from mrn_gui.canvas import Canvas
from mrn_gui.hashing.codes import paint_codes
from mrn_gui.hashing.grid import BOTTOM, LEFT, TOP, BucketGeometry
from mrn_gui.hashing.tables import TableSwitch
from mrn_gui.hashing.words import colours_words
from mrn_gui.painting import CENTRE, RIGHT, outline, text, width_of
from mrn_gui.panel import PADDING, Panel
from mrn_gui.selection import Place, Selection
from mrn_gui.theme import Theme


class BucketCanvas(Canvas):
    """The painted grid; the last line names the codes of what is pointed at."""

    marks_are_data = True

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, parent)
        self.first = 0
        self.setAccessibleName("Buckets of queries and keys")

    def show_analysis(self, analysis: Analysis | None) -> None:
        self.first = 0
        super().show_analysis(analysis)

    @property
    def geometry_now(self) -> BucketGeometry:
        """Where the rows and columns stand at present."""
        trace = self.trace
        return BucketGeometry(self.width(), self.height(), trace.levels, trace.tables, self.table, self.first)

    def place_at(self, point: QPointF) -> Place | None:
        level = self.geometry_now.level_at(point.x(), point.y())
        return None if level is None else Place.level(level)

    def tip_at(self, point: QPointF) -> str:
        """A level's codes in the table under the pointer, and what a bucket is."""
        if self.analysis is None:
            return ""
        trace, level = self.trace, self.geometry_now.level_at(point.x(), point.y())
        said = ""
        if level is not None:
            sides = (("query", trace.query_buckets), ("key", trace.key_buckets))
            of = [
                f"{name} {code_text(int(codes[self.head, self.table, level]), trace.planes)}"
                for name, codes in sides
            ]
            said = f"Level {level} in table {self.table + 1}: {', '.join(of)}."
        return "\n".join(filter(None, [said, terms.told("bucket"), colours_words(trace.planes)]))

    def paint_data(self, p: QPainter) -> None:
        if self.analysis is None:
            p.fillRect(self.rect().adjusted(PADDING, 4, -PADDING, -8), self.theme.colour("sunk"))
            self.paint_waiting(p, QRectF(self.rect()))
            return
        geometry, theme, trace = self.geometry_now, self.theme, self.trace
        for table in range(geometry.tables):
            left, width = geometry.column(table)
            chosen = table == self.table
            words = str(table + 1)
            if chosen and width >= 90:
                words = f"table {table + 1}: query, key"
            ink = theme.colour("text" if chosen else "text3")
            font = theme.font(11, 600 if chosen else 400)
            if chosen or width >= width_of(words, font):
                text(p, QRectF(left - 8, 0, width + 16, TOP - 3), words, font, ink, CENTRE)
            for level in range(geometry.top_level, geometry.top_level + geometry.shown):
                for key, codes in ((False, trace.query_buckets), (True, trace.key_buckets)):
                    code = int(codes[self.head, table, level])
                    colour = theme.colour(theme.palette.bucket(code, trace.planes))
                    p.fillRect(QRectF(*geometry.cell(table, level, key)), colour)
        for level in self._labelled(geometry):
            rect = QRectF(*geometry.label(level))
            text(p, rect, str(level), theme.font(11), theme.colour("text3"), RIGHT)

    def _labelled(self, geometry: BucketGeometry) -> list[int]:
        every = geometry.label_every()
        shown = range(geometry.top_level, geometry.top_level + geometry.shown)
        return [level for level in shown if level % every == 0]

    def _labels_under(self, geometry: BucketGeometry, place: QRectF) -> list[QRectF]:
        """The numbers that another number at ``place`` would cut in half."""
        numbers = (QRectF(*geometry.label(level)) for level in self._labelled(geometry))
        inks = (number.adjusted(0, 1, 0, -1) for number in numbers)
        return [ink for ink in inks if ink.intersects(place.adjusted(0, 3, 0, -3))]

    def mark_region(self) -> QRegion:
        if self.analysis is None:
            return QRegion()
        geometry = self.geometry_now
        region = QRegion(0, int(self.height() - BOTTOM), self.width(), int(BOTTOM) + 1)
        for place, _, _ in self.marked_places():
            for level in place.levels:
                _, y, _, height = geometry.line(level)
                region |= QRegion(0, int(y) - 16, self.width(), int(height) + 32)
        return region

    def paint_marks(self, p: QPainter) -> None:
        geometry, theme = self.geometry_now, self.theme
        for place, _, dashed in self.marked_places():
            for level in place.levels:
                if not geometry.visible(level):
                    continue
                rect = QRectF(*geometry.line(level))
                outline(p, rect, theme.colour("selection"), 2, dashed)
                label = QRectF(0, rect.center().y() - 8, LEFT - 5, 16)
                opacity = p.opacity()
                p.setOpacity(1)  # the numbers below are hidden whole, also in an old analysis
                for hidden in self._labels_under(geometry, label):
                    p.fillRect(hidden, theme.colour("panel"))
                p.setOpacity(opacity)
                text(
                    p,
                    label.adjusted(0, 0, -3, 0),
                    str(level),
                    theme.font(11, 600),
                    theme.colour("selection"),
                    RIGHT,
                )
        self._paint_words(p)

    def _paint_words(self, p: QPainter) -> None:
        theme = self.theme
        marks = self.marked_places()
        rect = QRectF(PADDING, self.height() - BOTTOM + 3, self.width() - 2 * PADDING, BOTTOM - 4)
        if not marks:
            grid = self.geometry_now
            words = "Point at a level to read its codes"
            if repeated := colours_words(self.trace.planes, short=True):
                words = f"{repeated[0].upper()}{repeated[1:]}; point for the code"
            if grid.shown < grid.levels:
                last = grid.top_level + grid.shown - 1
                words = f"{grid.top_level} to {last} of {grid.levels}: scroll"
            text(p, rect, words, theme.font(11), theme.colour("text3"))
            return
        paint_codes(p, theme, self.trace, self.head, self.table, marks[-1][0], rect)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.analysis is not None and event.button() == Qt.MouseButton.LeftButton:
            table = self.geometry_now.table_at(event.position().x(), event.position().y())
            if table is not None:
                self.selection.choose(table=table)
                return
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.analysis is None:
            return
        geometry = self.geometry_now
        if geometry.shown < geometry.levels:
            step = -4 if event.angleDelta().y() > 0 else 4
            self.first = min(max(0, geometry.top_level + step), geometry.levels - geometry.shown)
            self.renew()


class BucketPanel(Panel):
    """The bucket ids of the chosen block and head; the switch chooses the table for every view."""

    shows = "hash"

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, "Buckets", 276, parent)
        self.canvas = BucketCanvas(selection, theme, self)
        self.tables = TableSwitch(selection, self)
        self.header.setToolTip(terms.told("bucket"))
        self.header.add(self.tables)
        self.body.addWidget(self.canvas, 1)

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows an analysis, or an empty field."""
        self.canvas.show_analysis(analysis)

    def set_stale(self, words: str | None) -> None:
        """Dims the grid; None: it is up to date."""
        self.canvas.set_stale(words)

    def set_waiting(self, words: str) -> None:
        """What stands in the empty field."""
        self.canvas.set_waiting(words)
