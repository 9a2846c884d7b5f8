"""How a table's two codes and a head's cell are drawn."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from mrn_gui.attention.values import code_text
from mrn_gui.painting import CENTRE, LEFT, ring, text
from mrn_gui.theme import Theme
from mrn_gui.why.geometry import PADDING, WhyGeometry
from mrn_gui.why.told import CodeRow, HeadCell

BASELINE = 4.5  # px from the middle of a row to where the bits stand


def paint_codes(
    p: QPainter, theme: Theme, geometry: WhyGeometry, ground: QRectF, row: CodeRow, planes: int
) -> None:
    """One table: its number, both codes with the planes that part them underlined, and the remark."""
    bold, plain = theme.font(11, 600), theme.font(11)
    y, height, middle = ground.y(), ground.height(), ground.center().y()
    number = QRectF(PADDING + 2, y, 40, height)
    font = bold if row.answers else plain
    text(p, number, str(row.table + 1), font, theme.colour("text"), LEFT)
    pitch = geometry.bit_pitch(planes)
    baseline = middle + BASELINE
    first, second, third = geometry.columns
    for left, code in ((first, row.query_code), (second, row.key_code)):
        p.fillRect(QRectF(left, middle - 5, 10, 10), theme.colour(theme.palette.bucket(code, planes)))
        for m, bit in enumerate(code_text(code, planes)):
            differs = m + 1 in row.differing
            mono = theme.font(12, 700 if differs else 400, mono=True)
            x = left + 18 + m * pitch
            ink = theme.colour("text" if differs or row.shared else "text3")
            p.setFont(mono)
            p.setPen(ink)
            p.drawText(QPointF(x, baseline), bit)
            if differs:
                p.fillRect(QRectF(x - 1, middle + 7, min(pitch - 2, 10), 1.5), theme.colour("text"))
    ink = theme.colour("text" if row.answers else "text2")
    text(p, QRectF(third, y, ground.right() - third, height), row.remark, font, ink, LEFT)


def paint_head_cell(p: QPainter, theme: Theme, rect: QRectF, cell: HeadCell, chosen: bool) -> None:
    """The words over their bar, chance as a tick, a ring where the level is zeroed or silent."""
    if chosen:
        p.fillRect(rect.adjusted(1, 0, -1, 0), theme.colour("sunk"))
    font, ink = theme.font(11, 600 if chosen else 400), theme.colour("text")
    place, align = QRectF(rect.left(), rect.top() + 1, rect.width(), 14), CENTRE
    if cell.zeroed or cell.silent:
        at = QPointF(rect.center().x() - 14, rect.top() + 8)
        ring(p, at, 3, ink, cell.silent and not cell.zeroed)
        place.setLeft(at.x() + 5)
        align = LEFT
    text(p, place, cell.words, font, ink, align)
    bar = QRectF(rect.left() + 4, rect.top() + 16, rect.width() - 8, 3)
    p.fillRect(bar, theme.colour("line"))
    if math.isfinite(cell.share):
        p.fillRect(QRectF(bar.left(), bar.top(), bar.width() * cell.share, 3), theme.colour("text3"))
    if cell.chance is not None and math.isfinite(cell.chance):
        x = bar.left() + bar.width() * cell.chance
        p.fillRect(QRectF(x - 1, bar.top() - 2, 2, 6), ink)
