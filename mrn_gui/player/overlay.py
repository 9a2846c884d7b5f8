"""What is drawn over a frame: the crop's box, the landmarks, the boxes of several faces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPolygonItem,
    QGraphicsScene,
    QStyleOptionGraphicsItem,
    QWidget,
)

Points = npt.NDArray[np.float64]

# The 68 points of the iBUG scheme as lines; True: the line is closed.
CONTOURS: tuple[tuple[range, bool], ...] = (
    (range(17), False),
    (range(17, 22), False),
    (range(22, 27), False),
    (range(27, 31), False),
    (range(31, 36), False),
    (range(36, 42), True),
    (range(42, 48), True),
    (range(48, 60), True),
    (range(60, 68), True),
)
HALF_PIXEL = 0.5  # a landmark of (0, 0) is the centre of the first pixel, which the scene has at (0.5, 0.5)
DARK, LIGHT = QColor("#0F1216"), QColor("#FFFFFF")
_MARGIN = 12.0


class Landmarks(QGraphicsItem):
    """68 points and their lines, as thin at every zoom; light on dark, so that they show on any skin."""

    def __init__(self) -> None:
        super().__init__()
        self.points: Points | None = None
        self.lit: frozenset[int] = frozenset()  # drawn larger, in ``ink``
        self.ink = LIGHT

    def show_points(self, points: Points | None) -> None:
        """(68, 2) px of the frame, or None for nothing."""
        self.prepareGeometryChange()
        self.points = points
        self.setVisible(points is not None)
        self.update()

    def light(self, which: frozenset[int], ink: QColor) -> None:
        """Which points are pointed at."""
        self.lit, self.ink = which, ink
        self.update()

    def boundingRect(self) -> QRectF:
        if self.points is None:
            return QRectF()
        low, high = self.points.min(axis=0) - _MARGIN, self.points.max(axis=0) + _MARGIN
        return QRectF(QPointF(*map(float, low)), QPointF(*map(float, high)))

    def paint(self, p: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self.points is None:
            return
        places = [QPointF(float(x) + HALF_PIXEL, float(y) + HALF_PIXEL) for x, y in self.points]
        pixel = 1 / max(1e-6, abs(p.worldTransform().m11()))
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width, opacity in ((DARK, 2.5, 0.35), (LIGHT, 1.0, 0.75)):
            pen = QPen(colour, width)
            pen.setCosmetic(True)
            p.setPen(pen)
            p.setOpacity(opacity)
            for chain, closed in CONTOURS:
                line = QPolygonF([places[i] for i in chain])
                p.drawPolygon(line) if closed else p.drawPolyline(line)
        p.setPen(Qt.PenStyle.NoPen)
        p.setOpacity(1.0)
        # A face that is small on the screen keeps its features under the points.
        dot = min(1.6, max(0.7, float(np.ptp(self.points, axis=0).max()) / pixel / 110))
        for i, place in enumerate(places):
            lit = i in self.lit
            for colour, radius in ((DARK, dot + 1), (self.ink if lit else LIGHT, dot)):
                size = radius * pixel * (1.8 if lit else 1.0)
                p.setBrush(colour)
                p.drawEllipse(place, size, size)


class Outline:
    """A polygon in the frame, light on dark."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self.items = [QGraphicsPolygonItem(), QGraphicsPolygonItem()]
        for item, (colour, width, opacity) in zip(
            self.items, ((DARK, 3, 0.45), (LIGHT, 1, 0.9)), strict=True
        ):
            pen = QPen(colour, width)
            pen.setCosmetic(True)
            item.setPen(pen)
            item.setOpacity(opacity)
            item.setVisible(False)
            scene.addItem(item)

    def show(self, corners: Sequence[tuple[float, float]] | None) -> None:
        """Corners in px of the frame, or None for nothing."""
        for item in self.items:
            item.setVisible(corners is not None)
            if corners is not None:
                item.setPolygon(QPolygonF([QPointF(float(x), float(y)) for x, y in corners]))

    def colour(self, ink: QColor, width: float) -> None:
        """The light line in another colour."""
        pen = QPen(ink, width)
        pen.setCosmetic(True)
        self.items[1].setPen(pen)

    def remove(self) -> None:
        """Takes it off the scene."""
        for item in self.items:
            scene = item.scene()
            if scene is not None:
                scene.removeItem(item)


def corners_of(box: Sequence[float]) -> list[tuple[float, float]]:
    """The corners of (x, y, w, h)."""
    x, y, w, h = map(float, box)
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
