"""The painted strip: scaled once, repainted only where something is pointed at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QToolTip, QWidget

from mrn_core.result import Analysis
from mrn_gui.attention.model import chance_of
from mrn_gui.canvas import Canvas
from mrn_gui.painting import LEFT, RIGHT, chip, outline, pixmap_of, tag, tag_size, text
from mrn_gui.selection import Place, Selection
from mrn_gui.strip.model import ROOMY, StripGeometry, greyed, number_words, tip
from mrn_gui.theme import Theme

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws

Floats = npt.NDArray[np.float64]


class StripCanvas(Canvas):
    """All frames with their numbers, buckets and reach; or, while running, those made so far."""

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, parent)
        self.room = QSize(1200, 260)
        self.chance: Sequence[Redraws] | None = None
        self.factors: Floats = np.empty(0)
        self.gains: Floats = np.empty(0)
        self.running = False
        self._frames: dict[int, npt.NDArray[np.uint8]] = {}
        self._pixmaps: dict[tuple[int, bool], QPixmap] = {}
        self._scaled_for: tuple[int, float] = (0, 0.0)
        self.setAccessibleName("Magnified frames of all levels")

    def theme_changed(self) -> None:
        self._pixmaps.clear()
        super().theme_changed()

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows all frames of an analysis, or nothing."""
        self.running = False
        if analysis is not self.analysis:
            self.chance = None  # it belongs to other planes
        same = analysis is not None and self.analysis is not None and analysis.frames is self.analysis.frames
        if not same:
            self._pixmaps.clear()
        if analysis is None:
            self.factors, self.gains, self._frames = np.empty(0), np.empty(0), {}
        else:
            self.factors, self.gains = analysis.levels, analysis.gains
            self._frames = dict(enumerate(analysis.frames))
        super().show_analysis(analysis)

    def begin(self, factors: Floats, gains: Floats) -> None:
        """Empty cells with numbers, to be filled one by one."""
        self.running = True
        self.analysis = None
        self.stale = None
        self.factors, self.gains, self._frames = np.asarray(factors), np.asarray(gains), {}
        self._pixmaps.clear()
        self.renew()

    def set_stale(self, words: str | None) -> None:
        """Dims the frames of an old analysis, never those that are being made."""
        super().set_stale(None if self.running else words)

    def set_frame(self, level: int, frame: npt.NDArray[np.uint8]) -> None:
        """One more frame is made; only its place is repainted."""
        if not 0 <= level < len(self.factors):
            return
        self._frames[level] = frame
        for kind in (False, True):
            self._pixmaps.pop((level, kind), None)
        geometry = self.geometry_now
        if self._picture is not None:
            p = QPainter(self._picture)
            try:
                p.fillRect(QRectF(*geometry.words(level)), self.theme.colour("panel"))
                self._paint_level(p, geometry, level)
            finally:
                p.end()
        self.update(QRectF(*geometry.whole(level)).toAlignedRect())

    def set_chance(self, chance: Sequence[Redraws] | None) -> None:
        """What chance gives over redraws of the planes, block by block."""
        self.chance = chance
        self.renew()

    @property
    def geometry_now(self) -> StripGeometry:
        """Where the frames stand at the present size."""
        return StripGeometry(self.room.width(), self.room.height(), len(self.factors))

    def place_at(self, point: QPointF) -> Place | None:
        level = self.geometry_now.hit(point.x(), point.y())
        return None if level is None else Place.level(level)

    def paint_data(self, p: QPainter) -> None:
        geometry = self.geometry_now
        if not len(self.factors):
            self.paint_waiting(p, QRectF(self.rect()))
            return
        for level in range(len(self.factors)):
            self._paint_level(p, geometry, level)

    def _paint_level(self, p: QPainter, geometry: StripGeometry, level: int) -> None:
        theme, there = self.theme, level in self._frames
        frame = QRectF(*geometry.frame(level))
        zeroed = silent = False
        edge = theme.colour("line")
        if self.analysis is not None:
            trace = self.analysis.traces[self.block]
            zeroed = bool(self._zeroed()[level])
            silent = bool(self._silent()[level])
            code = int(trace.key_buckets[self.head, self.table, level])
            edge = theme.colour(theme.palette.bucket(code, trace.planes))
        p.fillRect(QRectF(*geometry.edge(level)), edge)
        if there:
            p.drawPixmap(frame.topLeft(), self._pixmap(geometry, level, zeroed))
        else:
            p.fillRect(frame, theme.colour("sunk"))
        self._paint_words(p, geometry, level, there)
        if self.analysis is not None:
            self._paint_bar(p, geometry, level)
            corner = QPointF(frame.left() + 3, frame.bottom() - 3)
            if zeroed or silent:
                words = "zeroed" if zeroed else "silent"
                chip(p, corner, words if frame.width() >= 52 else "", theme, words)

    def _paint_words(self, p: QPainter, geometry: StripGeometry, level: int, there: bool) -> None:
        theme, rect = self.theme, QRectF(*geometry.words(level))
        number, factor, gain = number_words(
            level,
            float(self.factors[level]),
            float(self.gains[level]),
            geometry.shows_gain,
            roomy=geometry.side >= ROOMY,
        )
        bold = theme.font(11, 600)
        if not there:
            text(p, rect, number, theme.font(11), theme.colour("text3"), LEFT)
            return
        text(p, rect, number, bold, theme.colour("text"), LEFT)
        grey, plain = theme.colour("text2"), theme.font(11)
        if gain:
            text(p, rect, gain, plain, grey, RIGHT)
            text(p, rect.adjusted(24, 0, -30, 0), factor, plain, grey, LEFT)
        elif rect.width() >= 40:
            text(p, rect.adjusted(18, 0, 0, 0), factor, plain, grey, RIGHT)

    def _paint_bar(self, p: QPainter, geometry: StripGeometry, level: int) -> None:
        rect = QRectF(*geometry.bar(level))
        p.fillRect(rect, self.theme.colour("line"))
        reach, expected = self._reach()
        share = float(reach[level])
        if math.isfinite(share):
            bar = QRectF(rect.x(), rect.y(), rect.width() * share, rect.height())
            p.fillRect(bar, self.theme.colour("text3"))
        if expected is not None and math.isfinite(expected[level]):
            x = rect.x() + rect.width() * float(expected[level])
            p.fillRect(QRectF(x - 1, rect.y() - 2, 2, rect.height() + 3), self.theme.colour("text"))

    def renew(self) -> None:
        self._known: dict[str, npt.NDArray[np.bool_]] = {}
        self._reaches: tuple[Floats, Floats | None] | None = None
        super().renew()

    def _zeroed(self) -> npt.NDArray[np.bool_]:
        if "zeroed" not in self._known:
            self._known["zeroed"] = self.trace.zeroed()[self.head]
        return self._known["zeroed"]

    def _silent(self) -> npt.NDArray[np.bool_]:
        if "silent" not in self._known:
            self._known["silent"] = self.trace.silent()[self.head]
        return self._known["silent"]

    def _reach(self) -> tuple[Floats, Floats | None]:
        """(L,) reach in the chosen block and head, and what chance gives."""
        if self._reaches is None:
            levels = self.trace.levels
            expected = chance_of(self.chance, self.block, self.head, levels, np.arange(levels))
            self._reaches = self.trace.reach()[self.head], expected
        return self._reaches

    def _pixmap(self, geometry: StripGeometry, level: int, zeroed: bool) -> QPixmap:
        size = (geometry.side, self.scale)
        if size != self._scaled_for:
            self._pixmaps.clear()
            self._scaled_for = size
        if (level, zeroed) not in self._pixmaps:
            frame = self._frames[level]
            picture = pixmap_of(greyed(frame, self.theme.palette) if zeroed else frame)
            side = round(geometry.side * self.scale)
            picture = picture.scaled(
                side,
                side,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            picture.setDevicePixelRatio(self.scale)
            self._pixmaps[level, zeroed] = picture
        return self._pixmaps[level, zeroed]

    def mark_region(self) -> QRegion:
        region = QRegion()
        if self.analysis is None:
            return region
        geometry = self.geometry_now
        for place, _, _ in self.marked_places():
            for level in place.levels:
                region |= QRegion(QRectF(*geometry.whole(level)).toAlignedRect())
        return region

    def paint_marks(self, p: QPainter) -> None:
        geometry, theme = self.geometry_now, self.theme
        for place, pinned, dashed in self.marked_places():
            for level in dict.fromkeys(place.levels):
                x, y, side, _ = geometry.frame(level)
                frame = QRectF(x, y - 3, side, side + 3)
                outline(p, frame.adjusted(1, 1, -1, -1), theme.colour("selection"), 2, dashed)
                role = place.role(level)
                width, height = tag_size(role, theme, pinned)
                tag(p, QRectF(x, y - 3, min(width, side), height), role, theme, pinned, second=dashed)
                words = QRectF(*geometry.words(level))
                p.fillRect(words.adjusted(0, 1, 20 - words.width(), 0), theme.colour("panel"))
                text(p, words, str(level), theme.font(11, 600), theme.colour("selection"), LEFT)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def tip_at(self, point: QPointF) -> str:
        """What a frame says when the pointer rests on it."""
        level = self.geometry_now.hit(point.x(), point.y())
        if level is None:
            return ""
        numbers = float(self.factors[level]), float(self.gains[level])
        if self.analysis is None:
            return tip(level, *numbers)
        reach, expected = self._reach()
        received = float(self.trace.received()[self.head, level])
        return tip(
            level,
            *numbers,
            float(reach[level]),
            None if expected is None else float(expected[level]),
            received,
        )
