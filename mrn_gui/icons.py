"""Lucide's icons in any colour, size and scale, drawn once each."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from mrn_core.resources import resource

STROKE = "1.75"


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return (
        resource("icons", f"{name}.svg")
        .read_text(encoding="utf-8")
        .replace('stroke-width="2"', f'stroke-width="{STROKE}"')
    )


def pixmap(
    name: str, colour: QColor | str, size: int = 16, scale: float = 1.0, filled: bool = False
) -> QPixmap:
    """The icon ``resources/icons/NAME.svg`` at ``size`` logical pixels on a screen of ``scale``.

    Args:
        colour: takes the place of the SVG's ``currentColor``.
        filled: the outline's inside takes the colour too.
    """
    ink = QColor(colour).name()
    key = f"mrn-icon:{name}:{ink}:{size}:{scale}:{filled}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    svg = _source(name).replace("currentColor", ink)
    if filled:
        svg = svg.replace('fill="none"', f'fill="{ink}"', 1)
    picture = QPixmap(round(size * scale), round(size * scale))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    try:
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(picture.rect()))
    finally:
        painter.end()
    picture.setDevicePixelRatio(scale)
    QPixmapCache.insert(key, picture)
    return picture


def icon(name: str, colour: QColor | str, size: int = 16, scale: float = 1.0, filled: bool = False) -> QIcon:
    """The same as a ``QIcon``, which a button draws alike whether it is enabled or not.

    It holds the picture at ``scale`` and at twice the size, for screens with small pixels.
    """
    made = QIcon()
    for at in sorted({scale, 2.0}):
        picture = pixmap(name, colour, size, at, filled)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
            made.addPixmap(picture, mode)
    return made
