"""The legend under the colour bar: masked pairs, pairs that opened and closed, and what is compared."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPixmap

from mrn_gui.attention.geometry import MatrixGeometry
from mrn_gui.attention.model import MatrixModel
from mrn_gui.attention.turned import pairs_told
from mrn_gui.attention.values import matrix_picture
from mrn_gui.hashing.words import colours_words
from mrn_gui.painting import pixmap_of, text
from mrn_gui.theme import Theme

LINE, SIGN = 15.0, 11


def legend_rect(geometry: MatrixGeometry) -> QRectF:
    """Where it stands: from the colour bar down to the rows of reach and beta, or beside them."""
    x, y, _, height = geometry.colour_bar
    top = y + height + 13
    bottom = geometry.height if geometry.apart else geometry.reach_row[1]
    return QRectF(x, top, geometry.width - x, max(0.0, bottom - 4 - top))


def paint_legend(
    p: QPainter,
    theme: Theme,
    geometry: MatrixGeometry,
    model: MatrixModel,
    reverse: bool = False,
    held: tuple[str, ...] = (),
) -> None:
    """The signs with their names; while states are compared, how many, and ``held``: the state of before."""
    room = legend_rect(geometry)
    small, ink = theme.font(11), theme.colour("text2")
    y = room.top()
    _paint_masked(p, theme, model, QRectF(room.left(), y + 2.5, 10, 10))
    text(p, QRectF(room.left() + 15, y, room.width() - 15, LINE), "masked", small, ink)
    if model.count is None:
        y += LINE + 8
        for line in colour_lines(model):
            text(p, QRectF(room.left(), y, room.width(), LINE), line, small, ink)
            y += LINE - 2
        return
    y += LINE + 2
    counts = (("opened", model.count.opened), ("closed", model.count.closed))
    for i, (name, count) in enumerate(counts):
        p.drawPixmap(QPointF(room.left(), y + 2), _sign(theme, i, geometry.scale, reverse))
        text(p, QRectF(room.left() + 15, y, room.width() - 15, LINE), name, small, ink)
        text(p, QRectF(room.left() + 15, y + LINE - 2, room.width() - 15, LINE), f"{count:,}", small, ink)
        y += 2 * LINE - 1
    changed = model.changed_levels
    parts = (
        (f"of {model.count.every:,}",),
        ("before:", *held) if held else (),
        (f"{len(changed)} level{'' if len(changed) == 1 else 's'}", "changed"),
        colour_lines(model),
    )
    told = [lines for lines in parts if lines]
    for lines in told:
        below = LINE + 1 if lines is not told[-1] else 0  # of the sign, should the next part have no room
        whole = y + (LINE - 2) * len(lines) + below <= room.bottom()  # else the tool tip has it
        for line in lines if whole else ("…",):
            if y + LINE - 2 <= room.bottom():
                text(p, QRectF(room.left(), y, room.width(), LINE), line, small, ink)
            y += LINE - 2
        if not whole:
            break
        y += 3


def colour_lines(model: MatrixModel) -> tuple[str, ...]:
    """That the strips' colours repeat, short enough for the legend; none where each bucket has its own."""
    planes = model.trace.planes
    return ("colour:", "first 3 of", f"{planes} digits") if colours_words(planes) and model.one_head else ()


def legend_told(model: MatrixModel, held: tuple[str, ...] = ()) -> str:
    """The whole of it in words, for the tool tip."""
    said = ["A dot on no fill: masked, the query may not attend to the key."]
    if model.whole:
        said = [
            "A small square, chequered in the small multiples: masked, the query may not attend to the key."
        ]
    if colour_lines(model):
        said.append(colours_words(model.trace.planes))
    if model.count is None:
        return "\n".join(said)
    where = "in this head" if model.one_head else "in the heads shown"
    said.append("A plus: opened, may attend now and could not. A frame: closed, with what it had inside.")
    said.append("In the small multiples opened pairs are striped, closed ones chequered.")
    said.append(f"{pairs_told(model.count, where)}.")
    if held:
        said.append(f"Pinned state: {', '.join(held)}.")
    changed = model.changed_levels
    if changed:
        said.append(f"Levels that changed: {', '.join(map(str, changed))}.")
    return "\n".join(said)


def _paint_masked(p: QPainter, theme: Theme, model: MatrixModel, square: QRectF) -> None:
    p.fillRect(square, theme.colour("line"))
    p.fillRect(square.adjusted(1, 1, -1, -1), theme.colour("sunk"))
    if model.whole:
        p.fillRect(QRectF(square.x() + 3, square.y() + 3, 4, 4), theme.colour(theme.palette.map_stops[4]))
    else:
        p.fillRect(QRectF(square.x() + 4, square.y() + 4, 2, 2), theme.colour("masked_dot"))


def _sign(theme: Theme, which: int, scale: float, reverse: bool) -> QPixmap:
    """An opened (0) or closed (1) pair as the matrix draws it."""
    value = np.array([[0.4 - 0.8 * which]])
    turned = np.array([[which == 0]]), np.array([[which == 1]])
    side, edge = round(SIGN * scale), max(1, round(scale))
    picture = matrix_picture(
        value, np.array([[True]]), 1.0, theme.palette, side + edge, edge, 0, reverse, False, True, turned
    )[:side, :side]
    return pixmap_of(picture, scale)
