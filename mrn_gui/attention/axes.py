"""What stands around the matrix: axes, bucket strips, colour bar, and the bars under the columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from mrn_gui.attention.geometry import MatrixGeometry
from mrn_gui.attention.model import LONGEST_CODE, MatrixModel, bar, bar_place, level_labels
from mrn_gui.attention.values import runs
from mrn_gui.painting import CENTRE, RIGHT, outline, pixmap_of, ring, text, width_of
from mrn_gui.theme import Theme

Places = npt.NDArray[np.float64]
SPACE = 23.0  # px from one AF to the next
CODE_SPACE, CODE_DIGIT = 5.0, 6.7  # px beside a code, and of a digit in it


@dataclass(frozen=True)
class AxisLabel:
    """Words along an axis, and the pixels they take."""

    words: str
    rect: QRectF
    align: Qt.AlignmentFlag


def axis_labels(geometry: MatrixGeometry, model: MatrixModel | Sequence[float]) -> list[AxisLabel]:
    """The AF, or the bucket codes, along both axes; the AF alone while there is no model yet."""
    edge, label_y = geometry.axis
    x, y, _, _ = geometry.field
    cell = geometry.cell / geometry.scale
    apart = math.ceil(SPACE / cell)
    if isinstance(model, MatrixModel):
        by_level = model.ordered_by == "level"
        wide = CODE_SPACE + CODE_DIGIT * min(model.trace.planes, LONGEST_CODE)
        columns = model.column_labels(apart if by_level else wide / cell)
        rows = model.row_labels(apart if by_level else 13 / cell)
    else:
        by_level = True
        columns = rows = level_labels(np.asarray(model, dtype=np.float64), apart)
    made = []
    for label in columns:
        middle = x + (label.start + label.stop) / 2 * cell
        first = label.start == 0 and by_level and geometry.levels > 1
        words = f"AF {label.words}" if first else label.words
        made.append(AxisLabel(words, QRectF(middle - 24, label_y - 8, 48, 16), CENTRE))
    for label in rows:
        middle = y + (label.start + label.stop) / 2 * cell
        made.append(AxisLabel(label.words, QRectF(0, middle - 7, edge, 14), RIGHT))
    return made


def paint_axes(
    p: QPainter, theme: Theme, geometry: MatrixGeometry, model: MatrixModel | Sequence[float]
) -> None:
    """The axes' names, and what stands along them."""
    name, ink = theme.font(11, 500), theme.colour("text2")
    _, label_y = geometry.axis
    x, y, _, _ = geometry.field
    text(p, QRectF(4, label_y - 8, x - 20, 16), "key →", name, ink, RIGHT)
    text(p, QRectF(0, y - 21, x - 8, 16), "query ↓", name, ink, RIGHT)
    by_bucket = isinstance(model, MatrixModel) and model.ordered_by == "bucket"
    font = theme.font(11, mono=by_bucket)
    for label in axis_labels(geometry, model):
        text(p, label.rect, label.words, font, theme.colour("text3"), label.align)


def paint_strips(
    p: QPainter,
    theme: Theme,
    geometry: MatrixGeometry,
    model: MatrixModel,
    rows: Places | None = None,
    columns: Places | None = None,
) -> None:
    """The buckets along both axes; equal code, equal colour. ``rows``, ``columns``: while they move."""
    planes, gap = model.trace.planes, geometry.gap / geometry.scale
    cell = geometry.cell / geometry.scale
    tables = model.strips
    if geometry.blended and rows is None:
        _paint_blended_strips(p, theme, geometry, model)
        return
    across = np.arange(model.levels) if columns is None else columns
    down = np.arange(model.levels) if rows is None else rows
    tops, lefts = geometry.strip_rects(len(tables), "top"), geometry.strip_rects(len(tables), "left")
    for table, top, left in zip(tables, tops, lefts, strict=True):
        for place, code in zip(across, model.key_codes(table), strict=True):
            colour = theme.colour(theme.palette.bucket(int(code), planes))
            p.fillRect(QRectF(top[0] + float(place) * cell, top[1], cell - gap, top[3]), colour)
        for place, code in zip(down, model.query_codes(table), strict=True):
            colour = theme.colour(theme.palette.bucket(int(code), planes))
            p.fillRect(QRectF(left[0], left[1] + float(place) * cell, left[2], cell - gap), colour)


def _paint_blended_strips(p: QPainter, theme: Theme, geometry: MatrixGeometry, model: MatrixModel) -> None:
    """A stretch of one code at a time: hundreds of levels have far fewer."""
    planes, cell = model.trace.planes, geometry.cell / geometry.scale
    tables = model.strips
    tops, lefts = geometry.strip_rects(len(tables), "top"), geometry.strip_rects(len(tables), "left")
    for table, top, left in zip(tables, tops, lefts, strict=True):
        for code, start, stop in runs(model.key_codes(table)):
            colour = theme.colour(theme.palette.bucket(code, planes))
            p.fillRect(QRectF(top[0] + start * cell, top[1], (stop - start) * cell, top[3]), colour)
        for code, start, stop in runs(model.query_codes(table)):
            colour = theme.colour(theme.palette.bucket(code, planes))
            p.fillRect(QRectF(left[0], left[1] + start * cell, left[2], (stop - start) * cell), colour)


def paint_colour_bar(
    p: QPainter, theme: Theme, geometry: MatrixGeometry, model: MatrixModel, reverse: bool = False
) -> None:
    """The map with its numbers, and the chosen table's name above it."""
    x, y, width, height = geometry.colour_bar
    small, bold = theme.font(11), theme.font(11, 600)
    ink, table, scale = theme.colour("text2"), theme.palette.map_table(), model.scale
    if scale.diverging:
        table = theme.palette.difference_table()
    column = table[:, None] if reverse else table[::-1][:, None]
    p.drawPixmap(QRectF(x, y, width, height), pixmap_of(column), QRectF(0, 0, 1, 256))
    if model.one_head:
        text(p, QRectF(x, y - 17, geometry.width - x, 16), f"table {model.table + 1}", small, ink)
    for value, long, short, main in scale.marks:
        at = y + height * (1 - scale.share(value))
        at = min(max(at, y + 6), y + height - 5)
        font, colour = (bold, theme.colour("text")) if main else (small, ink)
        room = QRectF(x + width + 4, at - 8, geometry.width - x - width - 4, 16)
        text(p, room, long if width_of(long, font) <= room.width() else short, font, colour)


def paint_bars(
    p: QPainter,
    theme: Theme,
    geometry: MatrixGeometry,
    model: MatrixModel,
    columns: Places | None = None,
) -> None:
    """Reach with its chance ticks and rings, and beta, each column under its key, also while it moves."""
    x0, y0, side, height = geometry.reach_row
    _, beta_y, _, beta_height = geometry.beta_row
    small, ink = theme.font(11), theme.colour("text2")
    grey, right = theme.colour("bar"), x0 + side + 9
    room = geometry.width - right
    text(p, QRectF(0, y0, x0 - 8, height), "reach", small, ink, RIGHT)
    text(p, QRectF(0, beta_y, x0 - 8, beta_height), "beta", small, ink, RIGHT)
    text(p, QRectF(right, y0 - 7, room, 14), f"{model.reach_top:.1f}", small, ink)
    text(p, QRectF(right, beta_y - 6, room, 14), f"{model.beta_top:.1f}", small, ink)
    if model.expected is not None:
        p.fillRect(QRectF(right, y0 + 14, 8, 2), theme.colour("text"))
        words = "chance" if width_of("chance", small) <= room - 11 else "ch."
        text(p, QRectF(right + 11, y0 + 7, room - 11, 14), words, small, ink)
    cell = geometry.cell / geometry.scale
    for column in range(model.levels):
        x, _, width, _ = geometry.cell_rect(0, column)
        if columns is not None:
            x += (float(columns[column]) - column) * cell
        place = bar_place(x, width)
        for value, top, row in (
            (model.reach[column], model.reach_top, geometry.reach_row),
            (model.beta[column], model.beta_top, geometry.beta_row),
        ):
            p.fillRect(QRectF(*bar(float(value), top, row, *place)), grey)
        if model.reach_before is not None:
            _paint_moved(p, theme, model, column, geometry.reach_row, place)
        if model.expected is not None and math.isfinite(model.expected[column]):
            tick = y0 + height * (1 - min(1.0, float(model.expected[column]) / model.reach_top))
            p.fillRect(QRectF(x, tick - 0.75, cell, 1.5), theme.colour("text"))
        radius = min(3.0, cell / 2 - 0.5)
        if cell >= 5 and model.zeroed[column]:
            ring(p, QPointF(x + width / 2, y0 + height - 4), radius, theme.colour("text"))
        if cell >= 5 and model.silent[column]:
            ring(p, QPointF(x + width / 2, y0 + 3), radius, theme.colour("text"), crossed=True)


def _paint_moved(
    p: QPainter,
    theme: Theme,
    model: MatrixModel,
    column: int,
    row: tuple[float, float, float, float],
    place: tuple[float, float],
) -> None:
    """What the reach lost since the pinned state as an empty frame, what it gained as a solid end."""
    assert model.reach_before is not None
    now, before = float(model.reach[column]), float(model.reach_before[column])
    if not math.isfinite(now) or now == before:
        return
    sizes = sorted((now, before), reverse=True)
    high, low = (QRectF(*bar(value, model.reach_top, row, *place)) for value in sizes)
    moved = QRectF(high.left(), high.top(), high.width(), max(low.top() - high.top(), 1.0))
    stops = theme.palette.difference_stops
    if now > before:
        p.fillRect(moved, theme.colour(stops[-2]))
    else:
        outline(p, moved.adjusted(1, 1, -1, 0), theme.colour(stops[1]), 1)
