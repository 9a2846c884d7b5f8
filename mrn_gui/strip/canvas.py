"""The painted strip: scaled once, repainted only where something is pointed at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from mrn_core.result import Analysis
from mrn_gui.attention.model import chance_of
from mrn_gui.attention.values import code_text
from mrn_gui.canvas import Canvas
from mrn_gui.painting import LEFT, RIGHT, chip, outline, tag, tag_size, text, width_of
from mrn_gui.selection import Place, Selection
from mrn_gui.strip.model import StripGeometry, detail_words, number_words, tip
from mrn_gui.strip.pictures import LevelPictures, Mode
from mrn_gui.theme import Theme
from mrn_gui.turns import turns
from mrn_gui.widgets.tips import show_beside

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
        self.zoom = 1.0
        self.one_row = False
        self.mean_reach = False
        self._drawn = 0  # so many frames stand in the picture
        self.pictures = LevelPictures(theme)
        self.setAccessibleName("Magnified frames of all levels")

    def theme_changed(self) -> None:
        self.pictures.forget()
        super().theme_changed()

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows all frames of an analysis, or nothing."""
        self.running = False
        if analysis is not self.analysis:
            self.chance = None  # it belongs to other planes
        self.pictures.take(analysis)
        if analysis is None:
            self.factors, self.gains = np.empty(0), np.empty(0)
        else:
            self.factors, self.gains = analysis.levels, analysis.gains
        super().show_analysis(analysis)

    def begin(self, factors: Floats, gains: Floats) -> None:
        """Empty cells with numbers, to be filled one by one."""
        self.running = True
        self.analysis = None
        self.stale = None
        self.factors, self.gains = np.asarray(factors), np.asarray(gains)
        self.pictures.take(None)
        self.renew()

    def set_stale(self, words: str | None) -> None:
        """Dims the frames of an old analysis, never those that are being made."""
        super().set_stale(None if self.running else words)

    def set_frame(self, level: int, frame: npt.NDArray[np.uint8]) -> None:
        """One more frame is made; only its place is repainted."""
        if not 0 <= level < len(self.factors):
            return
        self.pictures.put(level, frame)
        geometry = self.geometry_now
        if self._picture is not None and level < self._drawn:
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

    def set_mode(self, mode: Mode) -> None:
        """The frames, their difference to the onset, or their flow."""
        self.pictures.set_mode(mode)
        self.renew()

    @property
    def pointing(self) -> Place | None:
        """What the pointer points at in this view."""
        return self._pointing

    @property
    def geometry_now(self) -> StripGeometry:
        """Where the frames stand at the present size."""
        return StripGeometry(
            self.room.width(), self.room.height(), len(self.factors), self.zoom, self.one_row
        )

    def place_at(self, point: QPointF) -> Place | None:
        level = self.geometry_now.hit(point.x(), point.y())
        return None if level is None else Place.level(level)

    def paint_data(self, p: QPainter) -> None:
        if not len(self.factors):
            self.paint_waiting(p, QRectF(self.rect()))
            return
        self._drawn = 0
        self.paint_rest(p)

    def paint_rest(self, p: QPainter) -> None:
        """Frame after frame, as far as this turn goes."""
        geometry, first = self.geometry_now, self._drawn
        for level in range(first, len(self.factors)):
            if level > first and turns.over:
                break
            self._paint_level(p, geometry, level)
            self._drawn = level + 1

    @property
    def unfinished(self) -> bool:
        return self._drawn < len(self.factors)

    def _paint_level(self, p: QPainter, geometry: StripGeometry, level: int) -> None:
        theme, there = self.theme, level in self.pictures.frames
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
            p.drawPixmap(frame.topLeft(), self.pictures.pixmap(level, geometry.side, self.scale, zeroed))
        else:
            p.fillRect(frame, theme.colour("sunk"))
        self._paint_words(p, geometry, level, there)
        if self.analysis is not None:
            self._paint_bar(p, geometry, level)
            if geometry.shows_details:
                self._paint_details(p, geometry, level)
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
            roomy=geometry.is_roomy,
        )
        bold = theme.font(11, 600)
        if not there:
            text(p, rect, number, theme.font(11), theme.colour("text3"), LEFT)
            return
        text(p, rect, number, bold, theme.colour("text"), LEFT)
        grey, plain = theme.colour("text2"), theme.font(11)
        if gain:
            text(p, rect, gain, plain, grey, RIGHT)
            left = max(24.0 if geometry.is_roomy else 18.0, width_of(number, bold) + 4)
            text(p, rect.adjusted(left, 0, -width_of(gain, plain) - 4, 0), factor, plain, grey, LEFT)
        elif rect.width() >= 40:
            text(p, rect.adjusted(18, 0, 0, 0), factor, plain, grey, RIGHT)

    def _paint_details(self, p: QPainter, geometry: StripGeometry, level: int) -> None:
        theme, rect = self.theme, QRectF(*geometry.details(level))
        assert self.analysis is not None
        received, beta = detail_words(float(self._received()[level]), float(self.analysis.scores[level]))
        text(p, rect, received, theme.font(11), theme.colour("text2"), LEFT)
        text(p, rect, beta, theme.font(11), theme.colour("text2"), RIGHT)

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
        self._shares: Floats | None = None
        self._drawn = 0
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
        """(L,) reach in the chosen block and head, or the mean over all, and what chance gives."""
        if self._reaches is None:
            assert self.analysis is not None
            levels = np.arange(self.trace.levels)
            if self.mean_reach:
                self._reaches = self.analysis.reach().mean(axis=(0, 1)), self._mean_chance(levels)
            else:
                expected = chance_of(self.chance, self.block, self.head, len(levels), levels)
                self._reaches = self.trace.reach()[self.head], expected
        return self._reaches

    def _mean_chance(self, levels: npt.NDArray[np.int64]) -> Floats | None:
        assert self.analysis is not None
        every = [
            chance_of(self.chance, block, head, len(levels), levels)
            for block, trace in enumerate(self.analysis.traces)
            for head in range(trace.heads)
        ]
        known = [one for one in every if one is not None]
        return np.mean(known, axis=0) if len(known) == len(every) else None

    def _received(self) -> Floats:
        """(L,) of the chosen block and head, or the mean over all."""
        if self._shares is None:
            assert self.analysis is not None
            if self.mean_reach:
                self._shares = np.asarray(self.analysis.received().mean(axis=(0, 1)))
            else:
                self._shares = np.asarray(self.trace.received()[self.head])
        return self._shares

    def mark_region(self) -> QRegion:
        region = QRegion()
        if self.analysis is None:
            return region
        geometry = self.geometry_now
        for place, pinned, _ in self.marked_places():
            for level in place.levels:
                region |= QRegion(QRectF(*geometry.whole(level)).toAlignedRect())
                region |= QRegion(self.tag_rect(level, place.role(level), pinned).toAlignedRect())
        return region

    def tag_rect(self, level: int, role: str, pinned: bool) -> QRectF:
        """Where a frame's tag stands: in its upper left; a narrow frame's reaches over the next."""
        x, y, _, _ = self.geometry_now.frame(level)
        width, height = tag_size(role, self.theme, pinned)
        return QRectF(max(0.0, min(x, self.width() - width)), y - 3, width, height)

    def paint_marks(self, p: QPainter) -> None:
        geometry, theme = self.geometry_now, self.theme
        for place, pinned, dashed in self.marked_places():
            for level in dict.fromkeys(place.levels):
                x, y, side, _ = geometry.frame(level)
                frame = QRectF(x, y - 3, side, side + 3)
                outline(p, frame.adjusted(1, 1, -1, -1), theme.colour("selection"), 2, dashed)
                role = place.role(level)
                tag(p, self.tag_rect(level, role, pinned), role, theme, pinned, second=dashed)
                words = QRectF(*geometry.words(level))
                p.fillRect(words.adjusted(0, 1, 20 - words.width(), 0), theme.colour("panel"))
                text(p, words, str(level), theme.font(11, 600), theme.colour("selection"), LEFT)

    def show_tip(self, event: QHelpEvent) -> None:
        """Above the rows or below them: frames are there to be compared."""
        point = QPointF(event.pos())
        level = self.geometry_now.hit(point.x(), point.y())
        frame = None if level is None else QRectF(*self.geometry_now.whole(level)).toAlignedRect()
        show_beside(self, self.tip_at(point), frame, self.visibleRegion().boundingRect())

    def tip_at(self, point: QPointF) -> str:
        """What a frame says when the pointer rests on it."""
        level = self.geometry_now.hit(point.x(), point.y())
        if level is None:
            return ""
        numbers = float(self.factors[level]), float(self.gains[level])
        if self.analysis is None:
            return tip(level, *numbers)
        reach, expected = self._reach()
        code = code_text(int(self.trace.key_buckets[self.head, self.table, level]), self.trace.planes)
        told = tip(
            level,
            *numbers,
            float(reach[level]),
            None if expected is None else float(expected[level]),
            float(self._received()[level]),
            float(self.analysis.scores[level]),
            float(self.analysis.motion_px),
        )
        return f"{told}\nbucket {code} in table {self.table + 1}, as a key"
