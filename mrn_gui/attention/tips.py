"""What the matrix's surroundings say when the pointer rests on them (no Qt widgets)."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF

from mrn_gui.attention.geometry import MatrixGeometry
from mrn_gui.attention.legend import legend_rect, legend_told
from mrn_gui.attention.model import MatrixModel
from mrn_gui.attention.scales import BY_NAME
from mrn_gui.attention.values import code_text


def tip_of(
    geometry: MatrixGeometry, model: MatrixModel, point: QPointF, pinned_as: tuple[str, ...] = ()
) -> tuple[str, QRectF]:
    """The words, and the part that they explain: the colour bar, the legend, a column or a row beside its
    cells. A cell itself is explained by *Why*: no words."""
    bar = QRectF(*geometry.colour_bar)
    if bar.contains(point):
        said = [f"{BY_NAME[model.value].tip}."]
        if model.value == "chance":
            said += [
                f"{short}: what vectors at right angles give."
                for *_, short, main in model.scale.marks
                if main
            ]
        return "\n".join([*said, "A click reverses the map"]), bar
    legend = legend_rect(geometry)
    if legend.contains(point):
        return legend_told(model, pinned_as), legend
    found = geometry.hit(point.x(), point.y())
    if found is None or found[0] == "cell":
        return "", QRectF()
    part, row, column = found
    x, y, side, _ = geometry.field
    cell = geometry.cell / geometry.scale
    if part == "query":
        return query_told(model, row), QRectF(0, y + row * cell, x, cell)
    top, height = (0.0, y) if point.y() < y else (y + side, geometry.height - y - side)
    return key_told(model, column), QRectF(x + column * cell, top, cell, height)


def key_told(model: MatrixModel, column: int) -> str:
    """The level of a column: its buckets as a key, its reach beside chance, its beta."""
    level = int(model.order.columns[column])
    said = [_codes(model, level, "key", [int(model.key_codes(table)[column]) for table in model.strips])]
    reach = float(model.reach[column])
    if math.isfinite(reach):
        told = f"reach {reach:.2f}"
        if model.expected is not None and math.isfinite(model.expected[column]):
            told += f", by chance {model.expected[column]:.2f}"
        if model.reach_before is not None:
            told += f", in the pinned state {model.reach_before[column]:.2f}"
        ends = (("zeroed", model.zeroed[column]), ("silent", model.silent[column]))
        said.append(", ".join([told, *(words for words, so in ends if so)]))
    return "\n".join([*said, f"beta {model.beta[column]:.2f}"])


def query_told(model: MatrixModel, row: int) -> str:
    """The level of a row, and its buckets as a query."""
    level = int(model.order.rows[row])
    return _codes(model, level, "query", [int(model.query_codes(table)[row]) for table in model.strips])


def _codes(model: MatrixModel, level: int, role: str, codes: list[int]) -> str:
    said = f"Level {level}, AF {model.analysis.levels[level]:.2f}"
    if not codes:
        return said
    tables = sorted(zip(model.strips, codes, strict=True))
    written = ", ".join(f"{code_text(code, model.trace.planes)} in table {t + 1}" for t, code in tables)
    return f"{said}, as a {role}: bucket {written}"
