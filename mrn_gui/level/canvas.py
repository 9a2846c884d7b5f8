"""One level's frame large, wiped against another picture."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QWidget

from mrn_core.result import Analysis
from mrn_gui.canvas import Canvas
from mrn_gui.level.truth import ComparedLevel
from mrn_gui.level.wipe import Partner, WipeGeometry
from mrn_gui.motion import system_moves
from mrn_gui.painting import chip, pixmap_of, width_of
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme
from mrn_gui.told import head_is_mistaken, head_told

BLINK_MS = 400  # a picture stands for so long: well under three flashes a second
CHIP_BESIDE = 24  # px: a chip's ground beside its words, and its distance from the edge and the line


class LevelCanvas(Canvas):
    """The picture of the level that is pointed at, or was last; drag to move the wipe.

    ``exact_wanted`` asks for the exact truth of a level; ``show_exact`` answers it.
    """

    exact_wanted = Signal(int)
    level_changed = Signal()
    marks_are_data = True

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, parent)
        self.partner: Partner = "onset"
        self.blinks_to: Literal["onset", "apex"] = "onset"
        self._blinking = QTimer(self, interval=BLINK_MS)
        self._blinking.timeout.connect(self.blink)
        self.split = 0.5
        self.level = 0
        self._pixmaps: dict[int | str, QPixmap] = {}
        self._exact: dict[int, tuple[QPixmap, ComparedLevel]] = {}
        self.exact_note = ""  # what stands in place of an exact level
        self._dragging = False
        self._made: QPixmap | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("One level large")

    def show_analysis(self, analysis: Analysis | None) -> None:
        self._pixmaps.clear()
        if self.analysis is None or analysis is None or analysis.frames is not self.analysis.frames:
            self._exact.clear()
        self._made = None
        first = self.analysis is None
        if analysis is not None:
            last = len(analysis.levels) - 1
            shown = self.selection.shown
            self.level = last if first else min(self.level, last)
            if shown is not None and shown.main <= last and not self._keeps_level():
                self.level = shown.main
        super().show_analysis(analysis)
        self._ask()

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
        self.partner, self.blinks_to = partner, "onset"
        if partner == "blink" and system_moves():
            self._blinking.start()
        else:
            self._blinking.stop()
        self._ask()
        self.update()

    def blink(self) -> None:
        """Shows the other one of the two aligned crops, onset and apex."""
        self.blinks_to = "apex" if self.blinks_to == "onset" else "onset"
        self.update()

    @property
    def blinks_by_itself(self) -> bool:
        """Whether onset and apex alternate without a key."""
        return self._blinking.isActive()

    def show_exact(self, level: int, compared: ComparedLevel) -> None:
        """The exact truth of a level, and how near the level is to it."""
        self._exact[level] = (pixmap_of(compared.picture), compared)
        self.exact_note = ""
        self.update()

    def note_exact(self, words: str) -> None:
        """What stands in place of the exact level, in a few words."""
        self.exact_note = words
        self.update()

    @property
    def compared(self) -> ComparedLevel | None:
        """The level shown beside its exact truth, where that is what is compared."""
        found = self._exact.get(self.level) if self.partner == "exact" else None
        return None if found is None else found[1]

    def _ask(self) -> None:
        if self.partner == "exact" and self.analysis is not None and self.level not in self._exact:
            self.exact_note = "Making the exact level"
            self.exact_wanted.emit(self.level)

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
        blinking = self.partner == "blink"
        shown = self._pixmap(self.blinks_to if blinking else self.level)
        p.drawPixmap(picture, shown, QRectF(shown.rect()))
        if blinking:
            self._paint_blink(p, field)
            return
        name = f"Level {self.level}"
        corner = QPointF(field.right() - 6, field.bottom() - 6)
        partner, words = self._partner_picture()
        if partner is not None:
            p.save()
            p.setClipRect(QRectF(field.left(), field.top(), geometry.line - field.left(), field.height()))
            p.drawPixmap(picture, partner, QRectF(partner.rect()))
            p.restore()
            p.fillRect(QRectF(geometry.line - 1, picture.top(), 2, picture.height()), Qt.GlobalColor.white)
            handle = QRectF(geometry.line - 4, picture.center().y() - 11, 8, 22)
            p.save()
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(Qt.GlobalColor.white)
            p.drawRoundedRect(handle, 4, 4)
            p.restore()
        beside = width_of(name, self.theme.font(11, 600)) + CHIP_BESIDE
        room = geometry.line - field.left() if partner is not None else field.width() - beside
        if words and self._has_room(words, room):
            chip(p, QPointF(field.left() + 6, field.bottom() - 6), words, self.theme, "dark")
        if partner is None or self._has_room(name, field.right() - geometry.line):
            chip(p, corner, name, self.theme, "dark", from_right=True)
        compared = self.compared
        if compared is not None:
            told = next((words for words in compared.short if self._has_room(words, field.width())), "")
            if told:
                chip(p, QPointF(field.left() + 6, field.top() + 28), told, self.theme, "dark")

    def _paint_blink(self, p: QPainter, field: QRectF) -> None:
        """Which of the two it is, and how far the head still moves between them."""
        assert self.analysis is not None
        left = field.left() + 6
        chip(p, QPointF(left, field.bottom() - 6), self.blinks_to.capitalize(), self.theme, "dark")
        room = field.width() - CHIP_BESIDE
        font = self.theme.font(11, 600)
        words = next((told for told in head_told(self.analysis) if width_of(told, font) <= room), "")
        mark = "caution" if head_is_mistaken(self.analysis) else "dark"
        if words:
            chip(p, QPointF(left, field.top() + 28), words, self.theme, mark)

    def _partner_picture(self) -> tuple[QPixmap | None, str]:
        """What stands left of the line and its name; None where there is nothing, and why."""
        assert self.analysis is not None
        if self.partner == "off":
            return None, ""
        if self.partner == "exact":
            found = self._exact.get(self.level)
            return (None, self.exact_note) if found is None else (found[0], "Exact")
        if self.partner == "pinned":
            pinned = self.selection.pinned
            if pinned is None or pinned.main >= len(self.analysis.levels):
                return None, "Pin a level"
            if pinned.main == self.level:
                return None, "Point at another"
            return self._pixmap(pinned.main), f"Level {pinned.main}"
        return self._pixmap(self.partner), self.partner.capitalize()

    def _has_room(self, words: str, room: float) -> bool:
        """Whether a chip with these words stands on its own side of the line."""
        return width_of(words, self.theme.font(11, 600)) + CHIP_BESIDE <= room

    def _pixmap(self, which: int | str) -> QPixmap:
        assert self.analysis is not None
        if which not in self._pixmaps:
            if isinstance(which, int):
                array = self.analysis.frames[which]
            else:
                array = self.analysis.onset if which == "onset" else self.analysis.apex
            self._pixmaps[which] = pixmap_of(array)
        return self._pixmaps[which]

    def _selection_changed(self, notes: frozenset[str]) -> None:
        shown = self.selection.shown
        if self._keeps_level():
            pass  # what is compared with the pinned level stays when the pointer goes to the line
        elif self.analysis is not None and shown is not None and shown.main < len(self.analysis.levels):
            if shown.main == self.level and not notes & self.picture_follows:
                return  # another key of the same query: nothing to repaint
            self.level = shown.main
            self._ask()
            self.level_changed.emit()
        elif not notes & self.picture_follows:
            return
        super()._selection_changed(notes)

    def _keeps_level(self) -> bool:
        """Whether a level stays beside the pinned one, while nothing else is pointed at."""
        pinned = self.selection.pinned
        beside = self.partner == "pinned" and self.selection.hovered is None
        return beside and pinned is not None and pinned.main != self.level

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if event.button() == Qt.MouseButton.LeftButton and self.geometry_now.holds(at.x(), at.y()):
            self._dragging = self.analysis is not None and self._wipes
            self._drag_to(at.x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        wipes = self.analysis is not None and self._wipes
        over = wipes and self.geometry_now.holds(at.x(), at.y())
        self.setCursor(Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.ArrowCursor)
        self._drag_to(at.x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False

    @property
    def _wipes(self) -> bool:
        return self.partner not in ("off", "blink")

    def _drag_to(self, x: float) -> None:
        if self._dragging:
            self.split = self.geometry_now.split_at(x)
            self.update()
