"""What a press on the frame does while the face is corrected: draw a box, choose a face, move landmarks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsScene

from mrn_gui.player.overlay import CONTOURS, HALF_PIXEL, Landmarks, Outline, Points, corners_of

LEAST_BOX = 8  # px of the frame: a smaller box is a click that slipped
REACH = 9.0  # px of the screen: how near a press takes a landmark


class Tool(Protocol):
    """One way to correct the face. Points are px of the frame; ``pixel`` is one of the screen in them.

    Attributes:
        words: what to do, for the panel's header.
        over: whether it has done its work.
    """

    words: str
    over: bool

    def press(self, point: QPointF, pixel: float, group: bool) -> bool:
        """Whether the press is taken; else the frame is moved. ``group``: a key is held with it."""
        ...

    def move(self, point: QPointF, pixel: float, group: bool) -> None:
        """The pointer moved, pressed or not."""
        ...

    def release(self, point: QPointF) -> None:
        """The press ended."""
        ...

    def remove(self) -> None:
        """Takes what it drew off the scene."""
        ...


class BoxTool:
    """Drags a box inside the frame: ``done(x, y, w, h)``."""

    words = "Drag a box around the face"

    def __init__(
        self, scene: QGraphicsScene, frame: QRectF, ink: QColor, done: Callable[..., object]
    ) -> None:
        self.over = False
        self._frame, self._done = frame, done
        self._corner: QPointF | None = None
        self._drawn = QGraphicsRectItem()
        pen = QPen(ink, 2)
        pen.setCosmetic(True)
        self._drawn.setPen(pen)
        self._drawn.setVisible(False)
        scene.addItem(self._drawn)

    def press(self, point: QPointF, pixel: float, group: bool) -> bool:
        """Begins a box."""
        self._corner = point
        return True

    def move(self, point: QPointF, pixel: float, group: bool) -> None:
        """Draws it to here."""
        if self._corner is not None:
            self._drawn.setRect(self._box_to(self._corner, point))
            self._drawn.setVisible(True)

    def release(self, point: QPointF) -> None:
        """Takes the box, if it is one."""
        if self._corner is None:
            return
        box = self._box_to(self._corner, point)
        self._corner = None
        self._drawn.setVisible(False)
        if min(box.width(), box.height()) >= LEAST_BOX:
            self.over = True
            self._done(box.x(), box.y(), box.width(), box.height())

    def remove(self) -> None:
        """Takes the box off the scene."""
        self._drawn.scene().removeItem(self._drawn)

    def _box_to(self, corner: QPointF, point: QPointF) -> QRectF:
        """From where the drag began to here, inside the frame, in whole pixels of it."""
        inside = QRectF(corner, point).normalized().intersected(self._frame)
        return QRectF(QRectF(inside.toAlignedRect()).intersected(self._frame))


class ChooseTool:
    """Shows the faces that were found; a click chooses one: ``done(index)``."""

    words = "Click the face"

    def __init__(
        self,
        scene: QGraphicsScene,
        boxes: Sequence[Sequence[float]],
        chosen: int,
        ink: QColor,
        done: Callable[[int], object],
    ) -> None:
        self.over = False
        self._boxes = [QRectF(*map(float, box)) for box in boxes]
        self._ink, self._done = ink, done
        self._outlines = []
        for i, box in enumerate(boxes):
            outline = Outline(scene)
            outline.show(corners_of(box))
            if i == chosen:
                outline.colour(ink, 2)
            self._outlines.append(outline)

    def press(self, point: QPointF, pixel: float, group: bool) -> bool:
        """Chooses the face under the pointer; of several, the smallest box."""
        under = [(box.width() * box.height(), i) for i, box in enumerate(self._boxes) if box.contains(point)]
        if under:
            self.over = True
            self._done(min(under)[1])
        return bool(under)

    def move(self, point: QPointF, pixel: float, group: bool) -> None:
        """Nothing: the boxes stand."""

    def release(self, point: QPointF) -> None:
        """Nothing: a press chooses."""

    def remove(self) -> None:
        """Takes the boxes off the scene."""
        for outline in self._outlines:
            outline.remove()


class PointsTool:
    """Drags landmarks, with Shift a whole brow, eye, nose, mouth or jaw: ``done(points)`` after each drag."""

    words = "Drag landmarks; Esc ends"

    def __init__(
        self, scene: QGraphicsScene, points: Points, ink: QColor, done: Callable[[Points], object]
    ) -> None:
        self.over = False
        self._points = points.copy()
        self._ink, self._done = ink, done
        self._item = Landmarks()
        self._item.show_points(self._points)
        self._taken: frozenset[int] = frozenset()
        self._from = QPointF()
        self._before = self._points
        scene.addItem(self._item)

    def set_points(self, points: Points) -> None:
        """Other points, as after an undo."""
        self._points = points.copy()
        self._item.show_points(self._points)

    def press(self, point: QPointF, pixel: float, group: bool) -> bool:
        """Takes the nearest landmark within reach."""
        self._taken = self._under(point, pixel, group)
        self._from, self._before = point, self._points
        return bool(self._taken)

    def move(self, point: QPointF, pixel: float, group: bool) -> None:
        """Carries what is taken; else lights what would be."""
        if not self._taken:
            self._item.light(self._under(point, pixel, group), self._ink)
            return
        moved = self._before.copy()
        moved[list(self._taken)] += (point.x() - self._from.x(), point.y() - self._from.y())
        self._points = moved
        self._item.show_points(moved)

    def release(self, point: QPointF) -> None:
        """Puts it down."""
        if self._taken:
            self._taken = frozenset()
            if not np.array_equal(self._points, self._before):
                self._done(self._points.copy())

    def remove(self) -> None:
        """Takes the landmarks off the scene."""
        self._item.scene().removeItem(self._item)

    def _under(self, point: QPointF, pixel: float, group: bool) -> frozenset[int]:
        away = np.hypot(*(self._points + HALF_PIXEL - (point.x(), point.y())).T)
        nearest = int(away.argmin())
        if away[nearest] > REACH * pixel:
            return frozenset()
        part = next(chain for chain, _ in CONTOURS if nearest in chain)
        if group and nearest >= 48:
            part = range(48, 68)
        return frozenset(part) if group else frozenset({nearest})
