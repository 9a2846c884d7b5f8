"""A view of an analysis: a kept picture of the data, and what is pointed at painted over it."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QRegion
from PySide6.QtWidgets import QToolTip, QWidget

from mrn_core.result import Analysis
from mrn_core.trace import AttentionTrace
from mrn_gui.painting import CENTRE, text, width_of, wrapped_height
from mrn_gui.selection import Place, Selection
from mrn_gui.theme import Theme
from mrn_gui.turns import turns

LEAVE_MS = 150
STALE_OPACITY = 0.45
WAITING = "Appears when the clip is analysed"


class Canvas(QWidget):
    """Base of the painted views.

    The picture is drawn by ``paint_data`` and kept until data, theme, size or scale change; the one before
    is shown until the view's turn comes (see ``turns``). ``paint_marks`` draws over it whatever is hovered
    or pinned, and only inside ``mark_region``.
    """

    picture_follows = frozenset({"block", "head", "table", "shape"})
    shows_stale_tag = False
    marks_are_data = False  # they are dimmed with it

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.selection = selection
        self.theme = theme
        self.analysis: Analysis | None = None
        self.waiting = WAITING
        self.stale: str | None = None
        self._picture: QPixmap | None = None
        self._before: QPixmap | None = None
        self._marked = QRegion()
        self._pointing: Place | None = None
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(LEAVE_MS)
        self._leaving.timeout.connect(self._let_go_of_hover)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        theme.changed.connect(self.theme_changed)
        selection.subscribe(self._selection_changed)

    # What the window calls

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows an analysis, or the empty skeleton."""
        self.analysis = analysis
        self.renew()

    def set_waiting(self, words: str) -> None:
        """What stands in the empty skeleton: when it will fill."""
        if words != self.waiting:
            self.waiting = words
            if self.analysis is None:
                self.renew()

    def set_stale(self, words: str | None) -> None:
        """Dims the data and says of what analysis it is; None: it is up to date."""
        if words != self.stale:
            self.stale = words
            self.update()

    def renew(self) -> None:
        """Draws the picture anew at the next paint."""
        self._picture = None
        self._marked = self.mark_region()
        self.update()

    # What a view fills in

    def ready(self) -> bool:
        """Whether what is drawn is known; a view that had to ask for it repaints itself when it is."""
        return True

    def theme_changed(self) -> None:
        """Forgets what was drawn in the old colours."""
        self.renew()

    def paint_data(self, p: QPainter) -> None:
        """Draws everything but what is pointed at, in logical pixels, on the panel's ground."""
        raise NotImplementedError

    def paint_rest(self, p: QPainter) -> None:
        """Goes on where ``paint_data`` left off when the view's turn was over, and it was ``unfinished``."""

    @property
    def unfinished(self) -> bool:
        """Whether ``paint_data`` left something for the next turn."""
        return False

    def paint_marks(self, p: QPainter) -> None:
        """Draws what is hovered and pinned."""

    def mark_region(self) -> QRegion:
        """Where ``paint_marks`` draws at present."""
        return QRegion()

    def place_at(self, point: QPointF) -> Place | None:
        """What a click or the pointer means at a point."""
        return None

    def tip_at(self, point: QPointF) -> str:
        """What is said when the pointer rests on a point; "": nothing."""
        return ""

    def show_tip(self, event: QHelpEvent) -> None:
        """Says it, at the pointer."""
        QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)

    # For the views

    @property
    def scale(self) -> float:
        """Device pixels for one logical pixel."""
        return self.devicePixelRatioF()

    @property
    def trace(self) -> AttentionTrace:
        """The chosen block's trace; an analysis must be there."""
        assert self.analysis is not None
        return self.analysis.traces[self.block]

    @property
    def block(self) -> int:
        assert self.analysis is not None
        return min(self.selection.block, len(self.analysis.traces) - 1)

    @property
    def head(self) -> int:
        return min(self.selection.head, self.trace.heads - 1)

    @property
    def table(self) -> int:
        return min(self.selection.table, self.trace.tables - 1)

    def marked_places(self) -> list[tuple[Place, bool, bool]]:
        """What to mark as (place, pinned, dashed): the pinned, then the hovered, dashed beside a pin."""
        levels = 0 if self.analysis is None else len(self.analysis.levels)
        pinned, hovered = self.selection.pinned, self.selection.hovered
        made = []
        if pinned is not None:
            made.append((pinned, True, False))
        if hovered is not None and hovered != pinned:
            made.append((hovered, False, pinned is not None))
        return [mark for mark in made if max(mark[0].levels) < levels]

    def paint_waiting(self, p: QPainter, field: QRectF) -> None:
        """The words of an empty skeleton, in the middle of where the data will be."""
        inner = field.adjusted(12, 0, -12, 0)
        align = CENTRE | Qt.TextFlag.TextWordWrap
        text(p, inner, self.waiting, self.theme.font(12, 500), self.theme.colour("text2"), align)

    def point_at(self, place: Place | None) -> None:
        """The pointer is over ``place`` of this view, or over nothing of it."""
        if place is None:
            if self._pointing is not None and not self._leaving.isActive():
                self._leaving.start()
            return
        self._leaving.stop()
        self._pointing = place
        self.selection.hover(place)

    # Qt

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self.show_tip(event)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.up_to_date and self.ready():
            with turns.drawing(self) as now:
                if now:
                    self._draw_picture()
        picture = self._picture if self.up_to_date else None
        p = QPainter(self)
        try:
            if picture is None:
                p.fillRect(event.rect(), self.theme.colour("panel"))
                if self._before is not None:
                    p.drawPixmap(0, 0, self._before)
                return
            if self.stale is not None:
                p.fillRect(event.rect(), self.theme.colour("panel"))
                p.setOpacity(STALE_OPACITY)
            p.drawPixmap(0, 0, picture)  # Qt clips it to what is dirty
            if not self.marks_are_data:
                p.setOpacity(1)
            if self.analysis is not None:
                self.paint_marks(p)
                p.setOpacity(1)
                if self.stale is not None and self.shows_stale_tag:
                    self._paint_stale_tag(p, self.stale)
        finally:
            p.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.point_at(self.place_at(event.position()) if self.analysis is not None else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.analysis is not None:
            place = self.place_at(event.position())
            if place is not None:
                self.selection.click(place)

    def leaveEvent(self, event: QEvent) -> None:
        self.point_at(None)

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def stale_field(self) -> QRectF:
        """Where the tag of an old analysis is centred."""
        return QRectF(self.rect())

    def _paint_stale_tag(self, p: QPainter, words: str) -> None:
        font = self.theme.font(12, 600)
        width = min(width_of(words, font) + 16, self.width() - 8.0)
        rect = QRectF(0, 0, width, wrapped_height(words, font, width - 12) + 13)
        rect.moveCenter(self.stale_field().center())
        rect.moveLeft(min(max(rect.left(), 4), self.width() - 4 - width))
        p.setPen(self.theme.colour("control"))
        p.setBrush(self.theme.colour("panel"))
        p.drawRoundedRect(rect, 4, 4)
        p.setFont(font)
        p.setPen(self.theme.colour("text"))
        p.drawText(rect.adjusted(6, 0, -6, 0), int(CENTRE | Qt.TextFlag.TextWordWrap), words)

    @property
    def up_to_date(self) -> bool:
        """Whether the picture is whole and shows what is set now; else its turn is still to come."""
        return self._stands(self._picture) and not self.unfinished

    def _stands(self, picture: QPixmap | None) -> bool:
        return (
            picture is not None
            and picture.size() == self._picture_size()
            and picture.devicePixelRatio() == self.scale
        )

    def _picture_size(self) -> QSize:
        scale = self.scale
        return QSize(max(1, round(self.width() * scale)), max(1, round(self.height() * scale)))

    def _draw_picture(self) -> None:
        """Draws the picture, or goes on with an unfinished one."""
        picture, draw = self._picture, self.paint_rest
        if picture is None or not self._stands(picture):
            picture, draw = QPixmap(self._picture_size()), self.paint_data
            picture.setDevicePixelRatio(self.scale)
            picture.fill(self.theme.colour("panel"))
        p = QPainter(picture)
        try:
            draw(p)
        finally:
            p.end()
        self._picture = picture
        if self.unfinished:
            turns.again(self)
        else:
            self._before = picture
            self._marked = self.mark_region()

    def _selection_changed(self, notes: frozenset[str]) -> None:
        if not shiboken6.isValid(self):
            return
        if notes & self.picture_follows:
            self.renew()
        elif notes & {"hovered", "pinned"}:
            before, self._marked = self._marked, self.mark_region()
            self.update(before.united(self._marked))

    def _let_go_of_hover(self) -> None:
        place, self._pointing = self._pointing, None
        self.selection.leave(place)
