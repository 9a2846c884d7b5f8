"""Small things that several views draw: text, tags, rings, pictures from arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPixmap

from mrn_gui.theme import Theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_WRAP = int(Qt.TextFlag.TextWordWrap)


def pixmap_of(picture: npt.NDArray[np.uint8], scale: float = 1.0) -> QPixmap:
    """A pixmap of its own from (H, W, 3) uint8 RGB, ``scale`` device pixels for one logical pixel."""
    picture = np.ascontiguousarray(picture)
    height, width = picture.shape[:2]
    image = QImage(picture.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    pixmap = QPixmap.fromImage(image)  # copies
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def text(
    p: QPainter, rect: QRectF, words: str, font: QFont, colour: QColor, align: Qt.AlignmentFlag = LEFT
) -> None:
    """Draws words, shortened with dots where they do not fit on their one line."""
    p.setFont(font)
    p.setPen(colour)
    flags = int(align)  # the enumeration's own operators take as long as the drawing
    if not flags & _WRAP:
        metrics = QFontMetricsF(font)
        if metrics.horizontalAdvance(words) > rect.width() + 0.5:
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    p.drawText(rect, flags, words)


def width_of(words: str, font: QFont) -> float:
    return QFontMetricsF(font).horizontalAdvance(words)


def wrapped_height(words: str, font: QFont, width: float) -> float:
    """How high the words are when they are broken into lines of ``width``."""
    bounds = QFontMetricsF(font).boundingRect(QRectF(0, 0, width, 10_000), int(WRAPPED), words)
    return bounds.height()


def outline(p: QPainter, rect: QRectF, colour: QColor, width: float = 2, dashed: bool = False) -> None:
    """A sharp frame around the outside of ``rect``."""
    p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    pen = QPen(colour, width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
    if dashed:
        pen.setDashPattern([2, 1.5])
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    p.setPen(pen)
    p.setBrush(Qt.BrushStyle.NoBrush)
    half = width / 2
    p.drawRect(rect.adjusted(-half, -half, half, half))


def ring(p: QPainter, centre: QPointF, radius: float, colour: QColor, crossed: bool = False) -> None:
    """The sign of a zeroed level; crossed, of a silent one."""
    p.save()
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(QPen(colour, 1.5))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.drawEllipse(centre, radius, radius)
    if crossed:
        reach = radius * 0.7
        p.drawLine(centre + QPointF(-reach, reach), centre + QPointF(reach, -reach))
    p.restore()


def tag_size(words: str, theme: Theme, pinned: bool = False) -> tuple[float, float]:
    """Width and height of ``tag``."""
    return width_of(words, theme.font(11, 600)) + (21 if pinned else 10), 17.0


def tag(
    p: QPainter, rect: QRectF, words: str, theme: Theme, pinned: bool = False, second: bool = False
) -> None:
    """What is pointed at, named on the selection's ground.

    ``pinned``: a pin stands in it. ``second``: what is hovered beside a pin; only its outline.
    """
    p.save()
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(QPen(theme.colour("selection"), 1) if second else Qt.PenStyle.NoPen)
    p.setBrush(theme.colour("panel" if second else "selection"))
    p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5) if second else rect, 2, 2)
    ink = theme.colour("selection" if second else "selection_text")
    inside = rect.adjusted(5, 0, -5, 0)
    if pinned:
        x, y = inside.left() + 4, rect.center().y()
        p.setPen(QPen(ink, 1.5))
        p.drawLine(QPointF(x, y), QPointF(x, y + 5))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(ink)
        p.drawEllipse(QPointF(x, y - 2), 3, 3)
        inside.setLeft(inside.left() + 11)
    text(p, inside, words, theme.font(11, 600), ink, LEFT)
    p.restore()


def chip(
    p: QPainter, corner: QPointF, words: str, theme: Theme, mark: str = "", from_right: bool = False
) -> QRectF:
    """Words on a solid ground, its lower left (or right) corner at ``corner``; returns what it covers.

    ``mark``: "zeroed" or "silent" draws their ring before the words; "dark" is the ground over video, and
    "caution" the same for what a person should see.
    """
    dark = mark in ("dark", "caution")
    ground = theme.colour("caution_ground") if mark == "caution" else QColor("#0F1216")
    font = theme.font(11, 600)
    lead = 12 if mark in ("zeroed", "silent") else 0
    width, height = width_of(words, font) + lead + (14 if dark else 8), 22.0 if dark else 16.0
    rect = QRectF(corner.x() - (width if from_right else 0), corner.y() - height, width, height)
    p.save()
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(ground if dark else theme.colour("panel"))
    p.drawRoundedRect(rect, 3, 3)
    ink = QColor("#FFFFFF") if dark else theme.colour("text")
    if mark == "caution":
        ink = theme.colour("caution")
    if lead:
        ring(p, QPointF(rect.left() + 9, rect.center().y()), 3, ink, mark == "silent")
    text(p, rect.adjusted((7 if dark else 4) + lead, 0, 0, 0), words, font, ink, LEFT)
    p.restore()
    return rect
