"""The timeline: motion curve, marks that can be dragged, and the playhead."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QToolTip, QWidget

from mrn_gui.marking import ROLES, early_offset
from mrn_gui.painting import CENTRE, LEFT, tag, tag_size, text, width_of, wrapped_height
from mrn_gui.player import curve_paint
from mrn_gui.player.geometry import Axis, Label, gaps, place_labels
from mrn_gui.session import Session
from mrn_gui.theme import Theme

SIDE = 12.0
LABELS = 20.0  # height of the row of marks
NUMBERS = 18.0  # height of the axis' row
TICKS_APART = 34.0  # px, at least
_SHAPE = 11.0
_TIP = "Click: go to a frame. Drag a mark: move it.\nI, P, O: onset, apex, offset at the playhead."
_HIDDEN = "Curve and proposal are hidden until onset and apex are marked (View menu)."


class Timeline(QWidget):
    """Shows what the session says; a press seeks, a drag of a mark sets it when it is let go.

    A press on the sign of a proposed frame takes it.
    """

    mark_dropped = Signal(str, int)

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self._picture: QPixmap | None = None
        self._dragged: str | None = None
        self._at = 0  # the frame under a dragged mark
        self._seeking = False
        self._drawn_frame = 0
        self._level: tuple[str, int, int] | None = None  # words, onset, apex
        self._legend_below = False  # where the level's name else stands; only while the pointer is here
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Timeline")
        self.setToolTip(_TIP)
        for signal in (
            session.clip_changed,
            session.counted,
            session.marks_changed,
            session.proposal.changed,
            session.state_changed,
            theme.changed,
        ):
            signal.connect(self.renew)
        session.frame_changed.connect(self._moved)

    def axis(self) -> Axis:
        """Where the frames stand at the present width."""
        return Axis(self._session.frames, SIDE, max(SIDE, self.width() - SIDE))

    def field(self) -> QRectF:
        """Where the curve is drawn."""
        return QRectF(SIDE, LABELS, self.width() - 2 * SIDE, self.height() - LABELS - NUMBERS)

    def marks(self) -> dict[str, int | None]:
        """The marks as they are drawn: a dragged one stands under the pointer."""
        found: dict[str, int | None] = {role: getattr(self._session.marks, role) for role in ROLES}
        if self._dragged is not None:
            found[self._dragged] = self._at
        return found

    def renew(self) -> None:
        """Draws everything anew at the next paint."""
        self._picture = None
        self.update()

    def show_level(self, words: str, onset: int = 0, apex: int = 0) -> None:
        """Names the magnified level that is pointed at over the frames it was made from; "": none is."""
        level = (words, onset, apex) if words else None
        if level != self._level:
            self._level = level
            self.update()

    @property
    def level_words(self) -> str:
        """What is said of the level that is pointed at."""
        return self._level[0] if self._level is not None else ""

    def sizeHint(self) -> QSize:
        return QSize(240, 76)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 66)

    # -- drawing -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        picture = self._kept_picture()
        p = QPainter(self)
        try:
            p.drawPixmap(0, 0, picture)
            if self._session.clip is not None:
                self._draw_playhead(p)
                self._draw_note(p)
                self._draw_level(p)
        finally:
            p.end()

    def _kept_picture(self) -> QPixmap:
        scale = self.devicePixelRatioF()
        size = QSize(max(1, round(self.width() * scale)), max(1, round(self.height() * scale)))
        if self._picture is None or self._picture.size() != size:
            picture = QPixmap(size)
            picture.setDevicePixelRatio(scale)
            picture.fill(self._theme.colour("panel"))
            p = QPainter(picture)
            try:
                p.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._draw(p)
            finally:
                p.end()
            self._picture = picture
        return self._picture

    def _draw(self, p: QPainter) -> None:
        theme, field, axis, marks = self._theme, self.field(), self.axis(), self.marks()
        self._legend_below = False
        p.fillRect(field, theme.colour("sunk"))
        if self._session.clip is None:
            return
        proposal = self._session.proposal
        curve = proposal.curve
        if curve is not None and marks["onset"] is not None and marks["apex"] is not None:
            ends = sorted(axis.x(frame) for frame in (marks["onset"], marks["apex"]))
            p.fillRect(
                QRectF(ends[0], field.top(), ends[1] - ends[0], field.height()), theme.colour("primary_soft")
            )
        if curve is not None:
            curve_paint.draw_spans(p, field, axis, theme, curve)
            curve_paint.draw_curves(p, field, axis, theme, curve)
            curve_paint.draw_proposal(p, field, axis, theme, proposal.frames())
        if not any(frame is not None for frame in marks.values()):
            self._draw_offer(p)
        widest = width_of(self._session.told(self._session.frames - 1), theme.font(11))
        for frame in axis.ticks(max(TICKS_APART, widest + 8)):
            words = self._session.told(frame)
            wide = width_of(words, theme.font(11)) + 2
            left = min(max(axis.x(frame) - wide / 2, 3), self.width() - wide - 3)
            where = QRectF(left, field.bottom() + 2, wide, NUMBERS - 2)
            text(p, where, words, theme.font(11), theme.colour("text3"), CENTRE)
        if curve is not None and (field.height() >= curve_paint.LEGEND_FROM or self.underMouse()):
            self._legend_below = curve_paint.draw_legend(p, field, axis, theme, curve)
        self._draw_marks(p, field, axis, marks)

    def _draw_offer(self, p: QPainter) -> None:
        """What Enter would take, in the row of the marks while it is empty."""
        missing = self._session.proposal.missing()
        if missing:
            names = {role: self._session.told(frame) for role, frame in missing.items()}
            where = QRectF(SIDE, 0, self.width() - 2 * SIDE, 18)
            font, ink = self._theme.font(11), self._theme.colour("text2")
            numbers = ", ".join(names.values())
            offers = (
                f"Enter takes {', '.join(f'{role} {name}' for role, name in names.items())}",
                f"Enter takes {numbers}",
                f"Enter: {numbers}",
                f"Enter takes {', '.join(names)}",
            )
            words = next((words for words in offers if width_of(words, font) <= where.width()), offers[-1])
            text(p, where, words, font, ink, LEFT)

    def _draw_marks(self, p: QPainter, field: QRectF, axis: Axis, marks: dict[str, int | None]) -> None:
        theme, font = self._theme, self._theme.font(12, 600)
        labels: dict[str, Label] = {}
        words: dict[str, tuple[str, ...]] = {}
        wrong = {"offset"} if early_offset(self._session.marks) else set()
        wrong |= {role for role in marks if role == self._session.fault}
        for role, frame in marks.items():
            if frame is not None:
                name = self._session.told(frame)
                words[role] = (f"{role} {name}", name, "")
                if role in wrong:  # red is near to the playhead's orange for some eyes
                    words[role] = (f"{role} {name} !", f"{name} !", "!")
                widths = tuple(_SHAPE + (width_of(told, font) + 4 if told else 0) for told in words[role])
                before = {"onset": 0.0, "apex": _SHAPE / 2, "offset": None}[role]
                labels[role] = Label(role, axis.x(frame), widths, before)
        for role, left, which in place_labels(list(labels.values()), 4, self.width() - 4):
            ink = theme.colour("error" if role in wrong else "primary")
            x = axis.x(marks[role] or 0)
            top = 4.0 if abs(left - labels[role].left(which)) < 1 else field.top() - 2
            p.fillRect(QRectF(round(x) - 1, top, 2, field.bottom() - top), ink)
            draw_shape(p, role, QPointF(left + _SHAPE / 2, 9), ink)
            where = QRectF(left + _SHAPE + 4, 0, self.width(), 18)
            text(p, where, words[role][which], font, ink, LEFT)

    def _draw_level(self, p: QPainter) -> None:
        """A line from the onset to the apex that the level was made from; under it the level's name."""
        if self._level is None:
            return
        words, onset, apex = self._level
        axis, field, ink = self.axis(), self.field(), self._theme.colour("selection")
        start, end = axis.x(onset), axis.x(apex)
        p.fillRect(QRectF(start, field.bottom() - 2, end - start, 2), ink)
        if self._legend_below:
            return
        width, height = tag_size(words, self._theme)
        left = min(max(end - width / 2, field.left()), field.right() - width)
        tag(p, QRectF(round(left), self.height() - height, width, height), words, self._theme)

    def _draw_note(self, p: QPainter) -> None:
        """What stands in the curve's place, on a ground of its own: no line crosses it."""
        note, font = self._session.curve_note, self._theme.font(11)
        if self._session.proposal.hidden:
            note = _HIDDEN
        if self._session.proposal.curve is not None or not note:
            return
        field = self.field()
        rect = QRectF(field.left(), 0, min(width_of(note, font) + 13, field.width()), 18)
        rect.setHeight(min(field.height(), wrapped_height(note, font, rect.width() - 12) + 4))
        rect.moveTop(field.center().y() - rect.height() / 2)
        p.fillRect(rect, self._theme.colour("sunk"))
        wrapped = LEFT | Qt.TextFlag.TextWordWrap
        text(p, rect.adjusted(6, 0, -6, 0), note, font, self._theme.colour("text2"), wrapped)

    def _draw_playhead(self, p: QPainter) -> None:
        field, x = self.field(), self.axis().x(self._session.frame)
        ink = self._theme.colour("selection")
        p.fillRect(QRectF(round(x) - 1, field.top(), 2, field.height()), ink)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(ink)
        bottom = field.bottom()
        p.drawPolygon([QPointF(x, bottom - 5), QPointF(x + 5, bottom + 2), QPointF(x - 5, bottom + 2)])

    def _moved(self, frame: int) -> None:
        axis = self.axis()
        for place in (axis.x(self._drawn_frame), axis.x(frame)):
            self.update(round(place) - 7, 0, 14, self.height())
        self._drawn_frame = frame

    # -- pointer and keys ----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._session.clip is None:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        x = event.position().x()
        proposal = self._session.proposal
        if role := curve_paint.sign_at(self.field(), self.axis(), proposal.frames(), event.position()):
            frame = proposal.frames()[role]
            proposal.take_one(role)
            self._session.seek(frame)
            return
        self._dragged = self.axis().grabbed(x, self.marks())
        if self._dragged is None:
            self._seeking = True
            self._session.seek(self.axis().frame(x))
        else:
            self._at = getattr(self._session.marks, self._dragged)
            self._session.seek(self._at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._session.clip is None:
            return
        x = event.position().x()
        if self._dragged is not None:
            if self.axis().frame(x) != self._at:
                self._at = self.axis().frame(x)
                self._session.seek(self._at)
                self.renew()
        elif self._seeking:
            self._session.seek(self.axis().frame(x))
        else:
            frames = self._session.proposal.frames()
            if curve_paint.sign_at(self.field(), self.axis(), frames, event.position()):
                self.setCursor(Qt.CursorShape.PointingHandCursor)
            elif self.axis().grabbed(x, self.marks()) is not None:
                self.setCursor(Qt.CursorShape.SizeHorCursor)
            else:
                self.setCursor(Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        role, self._dragged, self._seeking = self._dragged, None, False
        if role is not None:
            self.mark_dropped.emit(role, self._at)
            self.renew()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.renew()  # the legend comes with the pointer where the field is low

    def leaveEvent(self, event: QEvent) -> None:
        self.renew()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def told_at(self, place: QPointF) -> str:
        """What is said of a place that is pointed at."""
        proposal, axis, field = self._session.proposal, self.axis(), self.field()
        curve = proposal.curve
        if curve is None or not field.contains(place):
            return _TIP
        if role := curve_paint.line_at(field, axis, proposal.frames(), place):
            return proposal.told(role)
        frame, known = axis.frame(place.x()), self._session.known
        if known is None:
            return _TIP
        for first, last in curve.blinks:
            if first <= frame <= last:
                return f"A blink, frames {known.told_span(first, last)}."
        for first, last in gaps(curve.curves["motion"]):
            if first <= frame <= last:
                return f"No face in frames {known.told_span(first, last)}."
        told = ", ".join(f"{name} {curve.curves[name][frame]:.2f}" for name in ("brows", "eyes", "mouth"))
        against = f"in {curve.units} against frame {known.told(curve.reference)}"
        return f"Frame {known.told(frame)}, {against}: {told}.\n{_TIP}"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not step_by_key(event, self._session):
            super().keyPressEvent(event)


def step_by_key(event: QKeyEvent, session: Session) -> bool:
    """Steps by Left and Right (ten frames with Shift), Home, End; True when the key was one of them."""
    many = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
    if session.clip is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return False
    steps = {Qt.Key.Key_Left: -many, Qt.Key.Key_Right: many}
    ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: session.frames - 1}
    key = Qt.Key(event.key())
    if key in steps:
        session.step(steps[key], event.isAutoRepeat())
    elif key in ends:
        session.seek(ends[key])
    return key in steps or key in ends


def draw_shape(p: QPainter, role: str, centre: QPointF, ink: QColor) -> None:
    """A mark's sign, filled."""
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(ink)
    p.drawPolygon(curve_paint.sign(role, centre, _SHAPE / 2))
