"""The panel of one level: its frame large, wiped against the onset or the apex."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QComboBox, QWidget

from mrn_core.result import Analysis
from mrn_gui.canvas import Canvas
from mrn_gui.level.wipe import PARTNERS, Partner, WipeGeometry, flipped
from mrn_gui.painting import chip, pixmap_of, width_of
from mrn_gui.panel import Panel
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme

CHIP_BESIDE = 24  # px: a chip's ground beside its words, and its distance from the edge and the line


class LevelCanvas(Canvas):
    """The picture of the level that is pointed at, or was last; drag to move the wipe."""

    flip_asked = Signal()
    level_changed = Signal()
    marks_are_data = True

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, parent)
        self.partner: Partner = "onset"
        self.split = 0.5
        self.level = 0
        self._pixmaps: dict[int | str, QPixmap] = {}
        self._dragging = False
        self._made: QPixmap | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("One level large")

    def show_analysis(self, analysis: Analysis | None) -> None:
        self._pixmaps.clear()
        self._made = None
        first = self.analysis is None
        if analysis is not None:
            last = len(analysis.levels) - 1
            shown = self.selection.shown
            self.level = last if first else min(self.level, last)
            if shown is not None and shown.main <= last:
                self.level = shown.main
        super().show_analysis(analysis)

    def set_frame(self, level: int, frame: npt.NDArray[np.uint8]) -> None:
        """Shows a frame as soon as it is made, while there is no analysis."""
        if self.analysis is None:
            self.level, self._made = level, pixmap_of(frame)
            self.level_changed.emit()
            self.renew()

    @property
    def is_making(self) -> bool:
        """Whether a frame of a running analysis is shown."""
        return self._made is not None

    def show_partner(self, partner: Partner) -> None:
        """What stands left of the line."""
        self.partner = partner
        self.update()

    @property
    def geometry_now(self) -> WipeGeometry:
        """Where picture and line stand at present."""
        return WipeGeometry(self.width(), self.height(), self.split)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 60)

    def paint_data(self, p: QPainter) -> None:
        field = QRectF(*self.geometry_now.field)
        if self.analysis is None and self._made is None:
            p.fillRect(field, self.theme.colour("sunk"))
            self.paint_waiting(p, field)
            return
        p.fillRect(field, self.theme.colour("stage"))
        if self.analysis is None and self._made is not None:
            p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            rect = QRectF(*self.geometry_now.picture)
            p.drawPixmap(rect, self._made, QRectF(self._made.rect()))
            corner = QPointF(field.right() - 6, field.bottom() - 6)
            chip(p, corner, f"Level {self.level}", self.theme, "dark", from_right=True)

    def mark_region(self) -> QRegion:
        return QRegion(QRectF(*self.geometry_now.field).toAlignedRect())

    def paint_marks(self, p: QPainter) -> None:
        geometry = self.geometry_now
        picture, field = QRectF(*geometry.picture), QRectF(*geometry.field)
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_picture(p, self.level, picture)
        name = f"Level {self.level}"
        corner = QPointF(field.right() - 6, field.bottom() - 6)
        if self.partner != "off":
            p.save()
            p.setClipRect(QRectF(field.left(), field.top(), geometry.line - field.left(), field.height()))
            self._paint_picture(p, self.partner, picture)
            p.restore()
            p.fillRect(QRectF(geometry.line - 1, picture.top(), 2, picture.height()), Qt.GlobalColor.white)
            handle = QRectF(geometry.line - 4, picture.center().y() - 11, 8, 22)
            p.save()
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(Qt.GlobalColor.white)
            p.drawRoundedRect(handle, 4, 4)
            p.restore()
            left = QPointF(field.left() + 6, field.bottom() - 6)
            if self._has_room(self.partner.capitalize(), geometry.line - field.left()):
                chip(p, left, self.partner.capitalize(), self.theme, "dark")
        if self.partner == "off" or self._has_room(name, field.right() - geometry.line):
            chip(p, corner, name, self.theme, "dark", from_right=True)

    def _has_room(self, words: str, room: float) -> bool:
        """Whether a chip with these words stands on its own side of the line."""
        return width_of(words, self.theme.font(11, 600)) + CHIP_BESIDE <= room

    def _paint_picture(self, p: QPainter, which: int | str, rect: QRectF) -> None:
        assert self.analysis is not None
        if which not in self._pixmaps:
            if isinstance(which, int):
                array = self.analysis.frames[which]
            else:
                array = self.analysis.onset if which == "onset" else self.analysis.apex
            self._pixmaps[which] = pixmap_of(array)
        pixmap = self._pixmaps[which]
        p.drawPixmap(rect, pixmap, QRectF(pixmap.rect()))

    def _selection_changed(self, notes: frozenset[str]) -> None:
        shown = self.selection.shown
        if self.analysis is not None and shown is not None and shown.main < len(self.analysis.levels):
            if shown.main == self.level and not notes & self.picture_follows:
                return  # another key of the same query: nothing to repaint
            self.level = shown.main
            self.level_changed.emit()
        elif not notes & self.picture_follows:
            return
        super()._selection_changed(notes)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if event.button() == Qt.MouseButton.LeftButton and self.geometry_now.holds(at.x(), at.y()):
            self._dragging = self.analysis is not None and self.partner != "off"
            self._drag_to(at.x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        wipes = self.analysis is not None and self.partner != "off"
        over = wipes and self.geometry_now.holds(at.x(), at.y())
        self.setCursor(Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.ArrowCursor)
        self._drag_to(at.x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False

    def _drag_to(self, x: float) -> None:
        if self._dragging:
            self.split = self.geometry_now.split_at(x)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.flip_asked.emit()
        else:
            super().keyPressEvent(event)


class LevelPanel(Panel):
    """One level large. ``flip`` changes the wipe's partner, as the key Z does."""

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, "Level", 296, parent)
        self.canvas = LevelCanvas(selection, theme, self)
        self.canvas.flip_asked.connect(self.flip)
        self.canvas.level_changed.connect(self._say)
        self.partners = QComboBox(self)
        self.partners.addItems([f"Wipe: {partner}" for partner in PARTNERS])
        self.partners.setToolTip("What the level is compared with (Z: the other)")
        self.partners.setFixedWidth(106)
        self.partners.activated.connect(lambda index: self.canvas.show_partner(PARTNERS[index]))
        self.header.add(self.partners)
        self.body.addWidget(self.canvas, 1)

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows an analysis, or an empty field."""
        self.canvas.show_analysis(analysis)
        self._say()

    def set_frame(self, level: int, frame: npt.NDArray[np.uint8]) -> None:
        """Shows a frame (H, W, 3) uint8 as soon as it is made, while there is no analysis."""
        self.canvas.set_frame(level, frame)

    def set_stale(self, words: str | None) -> None:
        """Dims the picture; None: it is up to date."""
        self.canvas.set_stale(words)

    def set_waiting(self, words: str) -> None:
        """What stands in the empty field."""
        self.canvas.set_waiting(words)

    def flip(self) -> None:
        """The wipe's other partner: onset or apex."""
        partner = flipped(self.canvas.partner)
        self.partners.setCurrentIndex(PARTNERS.index(partner))
        self.canvas.show_partner(partner)

    def _say(self) -> None:
        analysis, level = self.canvas.analysis, self.canvas.level
        if analysis is None:
            self.header.say(f"Level {level}" if self.canvas.is_making else "Level", "")
        else:
            self.header.say(
                f"Level {level}", f"AF {analysis.levels[level]:.2f}, ×{analysis.gains[level]:.1f}"
            )
