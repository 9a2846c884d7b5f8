"""The painted matrix with its axes, bucket strips, colour bar, and the rows of reach and beta."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from mrn_core.network.comparison import Comparison
from mrn_core.network.explain import Cells
from mrn_core.result import Analysis
from mrn_gui.attention.axes import paint_axes, paint_bars, paint_colour_bar, paint_strips
from mrn_gui.attention.geometry import MatrixGeometry
from mrn_gui.attention.legend import paint_legend
from mrn_gui.attention.marks import MatrixMarks
from mrn_gui.attention.model import MatrixModel
from mrn_gui.attention.passage import PASSAGE_MS, Passage
from mrn_gui.attention.picture import field_picture
from mrn_gui.attention.scales import UNITS, Over, ValueName
from mrn_gui.attention.tips import tip_of
from mrn_gui.attention.turned import nothing_differs
from mrn_gui.attention.values import OrderName
from mrn_gui.canvas import Canvas
from mrn_gui.jobs import Jobs
from mrn_gui.motion import system_moves
from mrn_gui.painting import CENTRE, outline, pixmap_of, text, width_of, wrapped_height
from mrn_gui.selection import Place, Selection
from mrn_gui.theme import Theme
from mrn_gui.widgets.tips import show_beside

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws

WRAPPED_CENTRE = CENTRE | Qt.TextFlag.TextWordWrap
SAME = "Nothing differs from the pinned state"
STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class MatrixCanvas(Canvas):
    """Rows are queries, columns keys. Hover, click and keys speak to the selection."""

    shows_stale_tag = True
    failed = Signal(object)  # what went wrong in a worker
    order_asked = Signal()
    value_asked = Signal()
    reverse_asked = Signal()

    def __init__(
        self, selection: Selection, theme: Theme, parent: QWidget | None = None, jobs: Jobs | None = None
    ) -> None:
        super().__init__(selection, theme, parent)
        self._jobs = jobs
        self._asked: MatrixModel | None = None  # of a worker
        self._last: MatrixModel | None = None
        self.value: ValueName = "scaled"
        self.by: OrderName = "level"
        self.over: Over = "head"
        self.reverse = False
        self.moves = system_moves()  # whether a change of the order is shown as a passage
        self.compact = False
        self._passage: Passage | None = None
        self._way = QVariantAnimation(self)
        self._way.setStartValue(0.0)
        self._way.setEndValue(1.0)
        self._way.setDuration(PASSAGE_MS)
        self._way.valueChanged.connect(self._redraw)
        self._way.finished.connect(self._arrive)
        self.factors: list[float] = []
        self.chance: Sequence[Redraws] | None = None
        self.beside: Comparison | None = None
        self.pinned_as: tuple[str, ...] = ()
        self._model: MatrixModel | None = None
        self._geometry = MatrixGeometry(1, 1, 1, 1, False)
        self._marks: MatrixMarks | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Attention matrix")

    def show_analysis(self, analysis: Analysis | None) -> None:
        if analysis is not self.analysis:
            self.chance = self.beside = self._last = None  # they belong to other planes
        super().show_analysis(analysis)

    def begin(self, factors: Iterable[float]) -> None:
        """The axes of what is being made; they stand while there is no analysis."""
        self.factors = [float(factor) for factor in factors]
        if self.analysis is None:
            self.renew()

    def set_chance(self, chance: Sequence[Redraws] | None) -> None:
        """What chance gives over redraws of the planes, block by block."""
        self.chance = chance
        self.renew()

    def set_beside(self, beside: Comparison | None, pinned_as: tuple[str, ...] = ()) -> None:
        """The pinned state beside this one, and what is set in it in a few short words."""
        self.beside, self.pinned_as = beside, pinned_as
        if self.value in UNITS:
            self.renew()
        self._model = None

    def show_as(
        self,
        value: ValueName | None = None,
        by: OrderName | None = None,
        over: Over | None = None,
        reverse: bool | None = None,
    ) -> None:
        """Changes what the colours say, the order, of which heads, or the map's direction."""
        old = self.model.order if by is not None and by != self.by and self.analysis is not None else None
        self.value = value or self.value
        self.by = by or self.by
        self.over = over or self.over
        self.reverse = self.reverse if reverse is None else reverse
        self.renew()
        if old is not None and self.moves and self.isVisible():
            passage = Passage(old, self.model.order)
            if passage.moves:
                self._passage = passage
                self._way.start()

    def renew(self) -> None:
        self._model = None
        if self._passage is not None:  # other data: the levels stand where they belong
            self._passage = None
            self._way.stop()
        super().renew()

    def _redraw(self) -> None:
        """The next picture of the passage; the model stays."""
        self._picture = None
        self.update()

    def _arrive(self) -> None:
        self._passage = None
        self._redraw()

    @property
    def model(self) -> MatrixModel:
        """What is drawn; an analysis must be there."""
        if self._model is None or self._model.analysis is not self.analysis:
            assert self.analysis is not None
            pinned = self.selection.pinned
            pair = (pinned.query, pinned.key) if pinned is not None and self._fits(pinned) else None
            self._model = MatrixModel(
                self.analysis,
                self.block,
                self.head,
                self.table,
                self.value,
                self.by,
                self.chance,
                pair,
                self.over,
                self.beside,
            )
            last = self._last
            if last is not None and last.worked_out and self._model.has_cells_of(last):
                self._model.take(last.cells)
            self._last = self._model
        return self._model

    def ready(self) -> bool:
        """All heads of many levels are put together in a worker; the picture before stands until then."""
        if self.analysis is None or self._jobs is None or not self.model.slow:
            return True
        if self._asked is not self.model:
            self._asked = model = self.model
            self._jobs.start(
                "cells",
                lambda job: model.work_out(),
                done=partial(self._worked_out, model),
                failed=self.failed.emit,
                latest=True,
            )
        return False

    def _worked_out(self, model: MatrixModel, cells: Cells | None) -> None:
        model.take(cells)
        self._asked = None
        self.update()

    @property
    def geometry_now(self) -> MatrixGeometry:
        """Where the parts stand at the present size and scale."""
        levels = len(self.factors) or self.selection.levels
        if self.analysis is not None:
            levels = len(self.analysis.levels)
        made = MatrixGeometry(self.width(), self.height(), self.scale, levels, self.compact)
        if self._geometry != made:
            self._geometry = made
        return self._geometry  # with what it has worked out already

    def sizeHint(self) -> QSize:
        return QSize(700, 667)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 280)

    def paint_data(self, p: QPainter) -> None:
        geometry = self.geometry_now
        field = QRectF(*geometry.field)
        if self.analysis is None:
            paint_axes(p, self.theme, geometry, self.factors)
            p.fillRect(field, self.theme.colour("sunk"))
            self.paint_waiting(p, field)
            return
        model = self.model
        rows = columns = None
        if self._passage is not None:
            rows, columns = self._passage.at(float(self._way.currentValue()))
        paint_axes(p, self.theme, geometry, model)
        paint_strips(p, self.theme, geometry, model, rows, columns)
        if model.cells is None:
            p.fillRect(field, self.theme.colour("sunk"))
            font, ink = self.theme.font(12, 500), self.theme.colour("text2")
            text(p, field, model.missing, font, ink, WRAPPED_CENTRE)
        else:
            picture = field_picture(model, geometry, self.theme.palette, self.reverse, rows, columns)
            p.drawPixmap(field.topLeft(), pixmap_of(picture, self.scale))
            if rows is None:
                self._paint_rules(p, geometry)
            if model.turned is not None and nothing_differs(model.values, model.turned):
                self._paint_sameness(p, field)
        paint_colour_bar(p, self.theme, geometry, model, self.reverse)
        paint_legend(p, self.theme, geometry, model, self.reverse, self.pinned_as)
        paint_bars(p, self.theme, geometry, model, columns)

    def _paint_sameness(self, p: QPainter, field: QRectF) -> None:
        """On a ground of its own, so that a difference of nothing is not taken for a view that is broken."""
        font = self.theme.font(12, 500)
        width = min(width_of(SAME, font) + 24, field.width())
        note = QRectF(0, 0, width, wrapped_height(SAME, font, width - 16) + 14)
        note.moveCenter(field.center())
        p.fillRect(note, self.theme.colour("panel"))
        text(p, note.adjusted(8, 0, -8, 0), SAME, font, self.theme.colour("text"), WRAPPED_CENTRE)

    def _paint_rules(self, p: QPainter, geometry: MatrixGeometry) -> None:
        x, y, side, _ = geometry.field
        gap = max(geometry.gap, 1) / geometry.scale
        rows, columns = self.model.rules()
        colour = self.theme.colour("text3")
        for row in rows:
            p.fillRect(QRectF(x, geometry.cell_rect(row, 0)[1] - gap, side, gap), colour)
        for column in columns:
            p.fillRect(QRectF(geometry.cell_rect(0, column)[0] - gap, y, gap, side), colour)

    # What is pointed at

    def place_at(self, point: QPointF) -> Place | None:
        return self.model.place_at(self.geometry_now, point.x(), point.y())

    @property
    def marks(self) -> MatrixMarks:
        """What paints the marks on what is drawn now; an analysis must be there."""
        geometry, model = self.geometry_now, self.model
        if self._marks is None or self._marks.model is not model or self._marks.geometry != geometry:
            self._marks = MatrixMarks(geometry, model, self.theme)
        return self._marks

    def mark_region(self) -> QRegion:
        return QRegion() if self.analysis is None else self.marks.region(self.marked_places())

    def paint_marks(self, p: QPainter) -> None:
        if self.hasFocus():
            outline(p, QRectF(*self.geometry_now.field), self.theme.colour("primary"), 1)
        self.marks.paint(p, self.marked_places())

    def stale_field(self) -> QRectF:
        """The matrix; the room under a small one, which the tag would cover."""
        geometry = self.geometry_now
        field, under = QRectF(*geometry.field), geometry.beta_row[1] + geometry.beta_row[3]
        wide = width_of(self.stale or "", self.theme.font(12, 600)) + 16
        if wide <= 0.75 * field.width() or self.height() - under < 60:
            return field
        return QRectF(field.left(), under + 8, wide, 44)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        on_bar = self.analysis is not None and self.bar_rect().contains(event.position())
        if on_bar and event.button() == Qt.MouseButton.LeftButton:
            self.reverse_asked.emit()
        else:
            super().mousePressEvent(event)

    def bar_rect(self) -> QRectF:
        """The colour bar; a click on it reverses the map."""
        return QRectF(*self.geometry_now.colour_bar)

    def tip_at(self, point: QPointF) -> str:
        """What stands around the matrix, explained; "" over a cell, which *Why* explains."""
        return (
            "" if self.analysis is None else tip_of(self.geometry_now, self.model, point, self.pinned_as)[0]
        )

    def show_tip(self, event: QHelpEvent) -> None:
        """Beside the part that it explains."""
        if self.analysis is not None:
            words, part = tip_of(self.geometry_now, self.model, QPointF(event.pos()), self.pinned_as)
            show_beside(self, words, part.toAlignedRect())

    # Keys

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._key(event):
            super().keyPressEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if self.analysis is None or not plain:
            return False
        key = Qt.Key(event.key())
        if key in STEPS:
            self.selection.hover(self.model.step(self._started(), *STEPS[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selection.hovered is not None:
            self.selection.click(self.selection.hovered)
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_8:
            self.selection.choose(head=key - Qt.Key.Key_1)
        elif key == Qt.Key.Key_B:
            self.selection.next_block()
        elif key == Qt.Key.Key_T:
            self.selection.next_table()
        elif key == Qt.Key.Key_O:
            self.order_asked.emit()
        elif key == Qt.Key.Key_V:
            self.value_asked.emit()
        elif key == Qt.Key.Key_Escape:
            self.selection.let_go()
        else:
            return False
        return True

    def _started(self) -> Place | None:
        shown = self.selection.shown
        return shown if shown is not None and self._fits(shown) else None

    def _fits(self, place: Place) -> bool:
        assert self.analysis is not None
        return max(place.levels) < len(self.analysis.levels)

    def _selection_changed(self, notes: frozenset[str]) -> None:
        super()._selection_changed(notes)
        if "pinned" in notes and self.analysis is not None and self.trace.tables > 4:
            self.renew()  # other tables may join the pinned pair
