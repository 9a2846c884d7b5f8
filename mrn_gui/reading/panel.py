"""The panel of the probabilities: never without the badge while the weights are untrained."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QRegion
from PySide6.QtWidgets import QWidget

from mrn_core.result import Analysis
from mrn_gui import terms
from mrn_gui.canvas import Canvas
from mrn_gui.icons import pixmap
from mrn_gui.painting import RIGHT, WRAPPED, text, width_of, wrapped_height
from mrn_gui.panel import PADDING, Panel
from mrn_gui.reading.model import Bar, bars, beta_words
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme

MORE = 12.0  # px of the line that says how many labels had no room
SIGN = 26.0  # room of the caution's sign
READING = (
    "Reading: how probable each emotion is to the network, from all levels together (feature fusion and\n"
    "softmax, Fig. 2); the probabilities of all emotions sum to 1."
)
BADGE_TIP = "The network's weights were drawn at random and learnt from no face: only the computing is real."


class ReadingCanvas(Canvas):
    """Badge, bars, and beta of the level that is pointed at."""

    picture_follows = frozenset({"shape"})
    marks_are_data = True

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, parent)
        self.compact = False
        self.waiting = "after the last block"
        self.setAccessibleName("Reading of the clip")

    def badge_rect(self) -> QRectF:
        """Where the badge stands, high enough for all its words; empty once the weights are trained."""
        words = "" if self.analysis is None else self.analysis.badge()
        if not words:
            return QRectF()
        width = self.width() - 2.0 * PADDING
        height = wrapped_height(words, self.theme.font(11, 600), width - SIGN - 8)
        return QRectF(PADDING, 2, width, max(28.0, height + 10))

    def paint_data(self, p: QPainter) -> None:
        if self.analysis is None:
            self.paint_waiting(p, QRectF(self.rect()))
            return
        badge, theme = self.badge_rect(), self.theme
        y = 4.0
        if not badge.isEmpty():
            self._paint_badge(p, badge)
            y = badge.bottom() + 8
        rows = bars(self.analysis)
        free = self.height() - y - self._words_height()
        step = 32.0 if self.compact else 27.0
        step = max(min(step, free / max(1, len(rows))), 22.0 if self.compact else 15.0)
        room = int(free / step + 1e-6)  # a step that is a fifth of the room fits five times
        if len(rows) > room:  # a line of its own says how many are left out
            room = max(0, int((free - MORE) // step))
        for row in rows[:room]:
            self._paint_row(p, row, y, step)
            y += step
        if len(rows) > room and free >= MORE:
            words = f"and {len(rows) - room} less probable" if room else f"{len(rows)} emotions: no room here"
            text(p, QRectF(PADDING, y - 4, self.width(), 14), words, theme.font(11), theme.colour("text3"))

    def tip_at(self, point: QPointF) -> str:
        """What the pointer rests on: the badge, beta, or all probabilities where not all have room."""
        if self.analysis is None:
            return ""
        if self.badge_rect().contains(point):
            return f"{BADGE_TIP}\n{self.analysis.badge('all')}"
        if self.mark_region().contains(point.toPoint()):
            return terms.told("beta")
        rows = [f"{row.label} {row.probability:.3f}" for row in bars(self.analysis)]
        badge = self.analysis.badge()  # wherever a probability stands
        return "\n".join([*([badge] if badge else []), *rows, READING])

    def _paint_badge(self, p: QPainter, badge: QRectF) -> None:
        theme = self.theme
        assert self.analysis is not None
        p.save()
        p.setOpacity(1)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(theme.colour("caution_ground"))
        p.drawRoundedRect(badge, 4, 4)
        sign = pixmap("triangle-alert", theme.colour("caution"), 16, self.scale)
        p.drawPixmap(int(badge.left() + 8), int(badge.center().y() - 8), sign)
        words = badge.adjusted(SIGN + 2, 5, -6, -3)
        text(p, words, self.analysis.badge(), theme.font(11, 600), theme.colour("caution"), WRAPPED)
        p.restore()

    def _paint_row(self, p: QPainter, row: Bar, y: float, step: float) -> None:
        theme, width = self.theme, self.width() - 2.0 * PADDING
        small, ink = theme.font(12), theme.colour("text")
        number = f"{row.probability:.2f}"
        end = width_of(number, small) + 2
        height = 9.0
        if self.compact:  # the bar under its label
            line = min(16.0, step - 8)
            text(p, QRectF(PADDING, y, width - end - 6, line), row.label, small, ink)
            text(p, QRectF(PADDING, y, width, line), number, small, ink, RIGHT)
            left, room, top = float(PADDING), width, y + line + 1
            height = 7.0 if step >= 28 else 5.0
        else:
            label = min(76.0, width * 0.36)
            text(p, QRectF(PADDING, y, label - 6, step), row.label, small, ink)
            text(p, QRectF(PADDING, y, width, step), number, small, ink, RIGHT)
            left, room, top = PADDING + label, width - label - end - 8, y + (step - height) / 2
        self._paint_bar(p, QRectF(round(left), round(top), max(1.0, round(room * row.share)), height))

    def _paint_bar(self, p: QPainter, bar: QRectF) -> None:
        assert self.analysis is not None
        if self.analysis.trained:
            p.fillRect(bar, self.theme.colour("primary"))
            return
        grey = self.theme.colour("control")
        p.save()
        p.fillRect(bar, QBrush(grey, Qt.BrushStyle.BDiagPattern))
        p.setPen(QPen(grey, 1))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
        p.restore()

    def _words_height(self) -> float:
        """Of the last lines, which give way to the badge."""
        wanted = 34.0 if self.compact else 48.0
        return wanted if self.badge_rect().bottom() + wanted <= self.height() else 0.0

    def mark_region(self) -> QRegion:
        top = int(self.height() - self._words_height())
        return QRegion(0, top, self.width(), self.height() - top)

    def paint_marks(self, p: QPainter) -> None:
        assert self.analysis is not None
        marks = self.marked_places()
        words = beta_words(self.analysis, marks[-1][0] if marks else None, self.compact)
        if height := self._words_height():
            rect = QRectF(PADDING, self.height() - height + 2, self.width() - 2 * PADDING, height - 4)
            text(p, rect, words, self.theme.font(11), self.theme.colour("text2"), WRAPPED)
        if self.stale is not None and not self.badge_rect().isEmpty():
            self._paint_badge(p, self.badge_rect())  # never dimmed


class ReadingPanel(Panel):
    """What the network reads in the clip, with what its weights are worth."""

    shows = "reading"

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, "Reading of the clip", 193, parent)
        self.canvas = ReadingCanvas(selection, theme, self)
        self.header.setToolTip(READING)
        self.body.addWidget(self.canvas, 1)

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows an analysis, or when it fills."""
        self.canvas.show_analysis(analysis)

    def set_stale(self, words: str | None) -> None:
        """Dims the numbers, never the badge; None: they are up to date."""
        self.canvas.set_stale(words)

    def set_waiting(self, words: str) -> None:
        """What stands in the empty panel."""
        self.canvas.set_waiting(words)

    def set_compact(self, compact: bool) -> None:
        super().set_compact(compact)
        self.header.say("Reading" if compact else "Reading of the clip")
        self.canvas.compact = compact
        self.canvas.renew()
