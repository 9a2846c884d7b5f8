"""What is pointed at or pinned, painted over one drawn matrix."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QRegion

from mrn_gui.attention.axes import axis_labels
from mrn_gui.attention.geometry import MatrixGeometry, Rect
from mrn_gui.attention.model import MatrixModel, bar, bar_place
from mrn_gui.painting import outline, tag, tag_size, width_of
from mrn_gui.selection import Place
from mrn_gui.theme import Theme

Mark = tuple[Place, bool, bool]  # place, pinned, dashed
STRIPS = 28.0  # px: how far the hairlines reach over the bucket strips


class MatrixMarks:
    """Outlines, hairlines, tags and lit bars of places; knows where it paints.

    One for each geometry and model: what can be worked out before anything is pointed at is kept.
    """

    def __init__(self, geometry: MatrixGeometry, model: MatrixModel, theme: Theme) -> None:
        self.geometry, self.model, self._theme = geometry, model, theme

    @cached_property
    def inks(self) -> list[QRectF]:
        """Where the words along the axes have their ink."""
        font = self._theme.font(11, mono=self.model.ordered_by == "bucket")
        made = []
        for label in axis_labels(self.geometry, self.model):
            ink = QRectF(label.rect.adjusted(0, 2, 0, -2))
            if label.align & Qt.AlignmentFlag.AlignHCenter:
                width = width_of(label.words, font)
                ink = QRectF(ink.center().x() - width / 2 - 1, ink.y(), width + 2, ink.height())
            made.append(ink)
        return made

    def cell(self, place: Place) -> Rect:
        """The cell of a pair, or of a level with itself."""
        rows, columns = self.model.row_places, self.model.column_places
        return self.geometry.cell_rect(int(rows[place.query]), int(columns[place.key]))

    def tags(self, place: Place, pinned: bool) -> tuple[QRectF, QRectF]:
        """The tag at the row of the query, and the one at the column of the key."""
        cell, (edge, label_y) = self.cell(place), self.geometry.axis
        width, height = tag_size(self._factor(place.query), self._theme)
        down = QRectF(max(edge - width + 4, 1), cell[1] + cell[3] / 2 - height / 2, width, height)
        width, height = tag_size(self._factor(place.key), self._theme, pinned)
        across = QRectF(cell[0] + cell[2] / 2 - width / 2, label_y - height / 2, width, height)
        return down, across

    def hidden(self, down: QRectF, across: QRectF) -> list[QRectF]:
        """The labels that a tag would cut in half."""
        return [ink for ink in self.inks if ink.intersects(down) or ink.intersects(across)]

    def region(self, marks: Sequence[Mark]) -> QRegion:
        """Where ``paint`` paints."""
        region, geometry = QRegion(), self.geometry
        x, _, side, _ = geometry.field
        bottom = geometry.beta_row[1] + geometry.beta_row[3]
        for place, pinned, _ in marks:
            down, across = self.tags(place, pinned)
            for rect in (across, down, *self.hidden(down, across)):
                region |= QRegion(rect.toAlignedRect())
            cell = self.cell(place)
            region |= _around(cell[0], 0, cell[2], bottom)
            region |= _around(0, cell[1], x + side, cell[3])
            for level in place.levels:
                column = geometry.cell_rect(0, int(self.model.column_places[level]))
                row_top = geometry.reach_row[1]
                region |= _around(column[0], row_top, column[2], bottom - row_top)
        return region

    def paint(self, p: QPainter, marks: Sequence[Mark]) -> None:
        """Paints them in their order."""
        theme = self._theme
        for place, pinned, dashed in marks:
            cell = self.cell(place)
            self._paint_hairlines(p, cell, whole=not place.is_pair)
            outline(p, QRectF(*cell), theme.colour("selection"), 2, dashed)
            for level in place.levels:
                self._paint_lit_bars(p, level, pinned)
            down, across = self.tags(place, pinned)
            for rect in self.hidden(down, across):
                p.fillRect(rect, theme.colour("panel"))
            tag(p, down, self._factor(place.query), theme, second=dashed)
            tag(p, across, self._factor(place.key), theme, pinned, second=dashed)

    def _paint_hairlines(self, p: QPainter, cell: Rect, whole: bool) -> None:
        x, y, side, _ = self.geometry.field
        colour = self._theme.colour("selection")
        right = x + side if whole else cell[0]
        bottom = y + side if whole else cell[1]
        for edge in (cell[0] - 1, cell[0] + cell[2]):
            p.fillRect(QRectF(edge, y - STRIPS, 1, bottom - y + STRIPS), colour)
        for edge in (cell[1] - 1, cell[1] + cell[3]):
            p.fillRect(QRectF(x - STRIPS, edge, right - x + STRIPS, 1), colour)

    def _paint_lit_bars(self, p: QPainter, level: int, pinned: bool) -> None:
        """A pinned level's bars are solid, a hovered one's outlined."""
        geometry, model = self.geometry, self.model
        column = int(model.column_places[level])
        x, _, width, _ = geometry.cell_rect(0, column)
        colour = self._theme.colour("selection")
        for values, top, row in (
            (model.reach, model.reach_top, geometry.reach_row),
            (model.beta, model.beta_top, geometry.beta_row),
        ):
            rect = QRectF(*bar(float(values[column]), top, row, *bar_place(x, width)))
            if pinned:
                p.fillRect(rect, colour)
            else:
                outline(p, rect.adjusted(1, 1, -1, -1), colour, 1)

    def _factor(self, level: int) -> str:
        return f"{self.model.analysis.levels[level]:.1f}"


def _around(x: float, y: float, width: float, height: float) -> QRegion:
    return QRegion(QRectF(x - 3, y - 3, width + 6, height + 6).toAlignedRect())
