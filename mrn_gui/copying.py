"""A panel as a picture for the clipboard, with what it was made from under it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from mrn_core.facts import facts, made_from
from mrn_core.result import Analysis
from mrn_gui.painting import WRAPPED, text, wrapped_height
from mrn_gui.theme import Theme

EDGE = 8.0  # px around the words


def picture_of(panel: QWidget, theme: Theme, analysis: Analysis | None) -> QPixmap:
    """The panel as it stands, and below it clip, marks, settings, seeds and how far to trust what it shows.

    Args:
        analysis: what is shown; None: the picture is the panel alone.
    """
    grabbed = panel.grab()
    if analysis is None:
        return grabbed
    words, font = made_from(facts(analysis, getattr(panel, "shows", "all"))), theme.font(11)
    ratio = grabbed.devicePixelRatio()
    width, height = grabbed.width() / ratio, grabbed.height() / ratio
    room = wrapped_height(words, font, width - 2 * EDGE) + 2
    made = QPixmap(grabbed.width(), round((height + room + 2 * EDGE) * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(theme.colour("panel"))
    p = QPainter(made)
    try:
        p.drawPixmap(0, 0, grabbed)
        p.fillRect(QRectF(0, height, width, 1), theme.colour("line"))
        rect = QRectF(EDGE, height + EDGE, width - 2 * EDGE, room)
        text(p, rect, words, font, theme.colour("text2"), WRAPPED)
    finally:
        p.end()
    return made
