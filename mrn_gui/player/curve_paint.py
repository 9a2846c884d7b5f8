"""How the timeline draws what was measured over a clip: curves, blinks, gaps, and what is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF

from mrn_gui.marking import Role
from mrn_gui.painting import CENTRE, LEFT, text, width_of
from mrn_gui.player.geometry import Axis, curve_runs, gaps
from mrn_gui.theme import Theme

if TYPE_CHECKING:
    from mrn_core.spotting import Spotting

SIGN = 9.0  # px, a proposed frame's hollow sign at the foot of its dashed line
TOP, FOOT = 4.0, 3.0  # px that the curves keep from the field's edges
LEGEND = 15.0  # px, height of the legend
LEGEND_FROM = 56.0  # px of height from which the legend stands in the field without being asked for
# Each region by its stroke, so that no colour is needed: the curve of all together is solid and heavier.
_STROKES: dict[str, tuple[list[float], float]] = {
    "brows": ([], 0.8),
    "mouth": ([5, 3], 1.0),
    "eyes": ([1, 2], 1.0),
}


def draw_spans(p: QPainter, field: QRectF, axis: Axis, theme: Theme, curve: Spotting) -> None:
    """Blinks as a shade from top to bottom with their name where it fits, frames without a face hatched."""
    line, font = theme.colour("line"), theme.font(11)
    for first, last in curve.blinks:
        where = _span(field, axis, first, last)
        p.fillRect(where, line)
        if where.width() >= width_of("blink", font) + 4:
            text(p, QRectF(where.left(), field.top(), where.width(), 14), "blink", font,
                 theme.colour("text3"), CENTRE)  # fmt: skip
    for first, last in gaps(curve.curves["motion"]):
        p.fillRect(_span(field, axis, first, last), QBrush(line, Qt.BrushStyle.BDiagPattern))


def draw_curves(p: QPainter, field: QRectF, axis: Axis, theme: Theme, curve: Spotting) -> None:
    """The regions quietly, and over them the motion of brows and mouth together; one scale for all."""
    peak = peak_of(curve)
    for name, (dashes, width) in _STROKES.items():
        _draw(p, field, axis, curve.curves[name], peak, _pen(theme, "text3", width, dashes))
    _draw(p, field, axis, curve.curves["motion"], peak, _pen(theme, "text2", 1.5, []))


def peak_of(curve: Spotting) -> float:
    """What is drawn at the field's top."""
    scaled = [curve.curves[name] for name in ("motion", "brows", "mouth")]
    return max((float(np.nanmax(c)) for c in scaled if np.isfinite(c).any()), default=1.0) or 1.0


def legend_place(field: QRectF, axis: Axis, curve: Spotting, width: float) -> QRectF:
    """Where the legend covers no curve: at the field's top where the curves are lowest, the further right the
    better; under the field, in the row of its numbers, where that is not low enough."""
    every = np.nan_to_num(np.stack([curve.curves[name] for name in ("motion", *_STROKES)])).max(axis=0)
    heights = (field.height() - TOP - FOOT) * np.clip(every / peak_of(curve), 0.0, 1.0)
    room = QRectF(field.right() - width, field.top() + 1, width, LEGEND)
    best, least = room, float("inf")
    for left in np.arange(room.left(), field.left() - 0.5, -4.0):
        first, last = axis.frame(float(left)), axis.frame(float(left) + width)
        highest = float(heights[max(0, first - 1) : last + 2].max(initial=0.0))
        if highest < least - 0.5:
            best, least = QRectF(float(left), room.top(), width, LEGEND), highest
    if field.bottom() - FOOT - least < best.bottom() + 1:
        return QRectF(room.left(), field.bottom() + 2, width, LEGEND)
    return best


def draw_legend(p: QPainter, field: QRectF, axis: Axis, theme: Theme, curve: Spotting) -> bool:
    """Which stroke is what, on a ground of its own, over no curve; whether it took the row of numbers."""
    font = theme.font(11)
    entries = [("brows + mouth", _pen(theme, "text2", 1.5, []))]
    entries += [(name, _pen(theme, "text3", width, dashes)) for name, (dashes, width) in _STROKES.items()]
    entries = entries if field.width() >= 300 else entries[1:]
    widths = [width_of(name, font) + 28 for name, _ in entries]
    if sum(widths) + 2 > field.width():
        return False
    room = legend_place(field, axis, curve, sum(widths) + 2)
    below = room.top() > field.bottom()
    if below:  # no number of the row is cut in two
        p.fillRect(QRectF(0, room.top(), field.right() + field.left(), LEGEND), theme.colour("panel"))
    else:
        p.fillRect(room, theme.colour("sunk"))
    left = room.left() + 2
    for (name, pen), width in zip(entries, widths, strict=True):
        p.setPen(pen)
        middle = room.center().y()
        p.drawLine(QPointF(left, middle), QPointF(left + 16, middle))
        text(p, QRectF(left + 20, room.top(), width - 20, LEGEND), name, font, theme.colour("text3"), LEFT)
        left += width
    return below


def draw_proposal(p: QPainter, field: QRectF, axis: Axis, theme: Theme, frames: Mapping[Role, int]) -> None:
    """A dashed line for each proposed frame, with its sign, hollow, at the foot."""
    ink = theme.colour("primary")
    for role, frame in frames.items():
        x, y = round(axis.x(frame)) + 0.5, field.bottom() - SIGN
        p.setPen(_pen(theme, "primary", 1.2, [3, 3]))
        p.drawLine(QPointF(x, field.top()), QPointF(x, y - SIGN / 2 - 1))
        p.setPen(QPen(ink, 1.4))
        p.setBrush(theme.colour("panel"))
        p.drawPolygon(sign(role, QPointF(x, y), SIGN / 2))


def sign_at(field: QRectF, axis: Axis, frames: Mapping[Role, int], place: QPointF) -> Role | None:
    """The proposed role whose sign is at a place."""
    if not field.bottom() - 2 * SIGN <= place.y() <= field.bottom():
        return None
    return _nearest(axis, frames, place, SIGN)


def line_at(field: QRectF, axis: Axis, frames: Mapping[Role, int], place: QPointF) -> Role | None:
    """The proposed role whose dashed line or sign is at a place, for what is told of it."""
    return _nearest(axis, frames, place, 5.0) if field.contains(place) else None


def _nearest(axis: Axis, frames: Mapping[Role, int], place: QPointF, reach: float) -> Role | None:
    near = {role: abs(axis.x(frame) - place.x()) for role, frame in frames.items()}
    role = min(near, key=lambda one: near[one], default=None)
    return role if role is not None and near[role] <= reach else None


def sign(role: str, centre: QPointF, r: float) -> QPolygonF:
    """The sign of a mark: onset is a flag to the right, apex a diamond, offset a flag to the left."""
    x, y = centre.x(), centre.y()
    shapes = {
        "onset": [(x - r, y - r), (x + r, y), (x - r, y + r)],
        "apex": [(x, y - r), (x + r, y), (x, y + r), (x - r, y)],
        "offset": [(x + r, y - r), (x - r, y), (x + r, y + r)],
    }
    return QPolygonF([QPointF(px, py) for px, py in shapes[role]])


def _span(field: QRectF, axis: Axis, first: int, last: int) -> QRectF:
    left, right = axis.x(first - 0.5), axis.x(last + 0.5)
    return QRectF(left, field.top(), right - left, field.height()).intersected(field)


def _pen(theme: Theme, colour: str, width: float, dashes: list[float]) -> QPen:
    pen = QPen(theme.colour(colour), width)
    if dashes:
        pen.setDashPattern(dashes)
    return pen


def _draw(p: QPainter, field: QRectF, axis: Axis, values: np.ndarray, peak: float, pen: QPen) -> None:
    p.setPen(pen)
    for run in curve_runs(values, axis, field.top() + TOP, field.bottom() - FOOT, peak):
        if len(run) == 1:
            p.drawPoint(QPointF(*run[0]))
        else:
            p.drawPolyline(QPolygonF([QPointF(x, y) for x, y in run]))
