"""What the matrix and the small multiples show, and in which colours (no Qt)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from mrn_core.result import Analysis
from mrn_core.trace import AttentionTrace
from mrn_gui.palette import SCALE_TOP, Palette

ValueName = Literal["scaled", "weight"]
OrderName = Literal["level", "bucket"]
MAX_STRIPS = 4


def rgb(colour: str) -> npt.NDArray[np.uint8]:
    """(3,) uint8 of ``#RRGGBB``."""
    return np.frombuffer(bytes.fromhex(colour[1:]), np.uint8)


def scale_top(analysis: Analysis, value: ValueName) -> float:
    """The value at the map's last colour, one for all blocks and heads.

    ``scaled`` (weight x allowed keys) ends at 2.5; ``weight`` at the largest weight of the analysis.
    """
    if value == "scaled":
        return SCALE_TOP
    largest = max((float(trace.weights.max(initial=0)) for trace in analysis.traces), default=0.0)
    return largest or 1.0


def cell_values(trace: AttentionTrace, value: ValueName) -> npt.NDArray[np.float32]:
    """(h, L, L) float32: the weights of Eq. 6, or each times its query's number of allowed keys."""
    return trace.scaled() if value == "scaled" else trace.weights


def cell_colours(
    values: npt.NDArray[np.float32], mask: npt.NDArray[np.bool_], top: float, palette: Palette
) -> npt.NDArray[np.uint8]:
    """(..., 3) uint8: the map from 0 to ``top`` where the pair is allowed, the sunk ground where not."""
    colours = palette.map_colours(values.astype(np.float64) * (SCALE_TOP / top))
    return np.where(mask[..., None], colours, rgb(palette.sunk)).astype(np.uint8)


def matrix_picture(
    values: npt.NDArray[np.float32],
    mask: npt.NDArray[np.bool_],
    top: float,
    palette: Palette,
    cell: int,
    gap: int,
    dot: int,
) -> npt.NDArray[np.uint8]:
    """The matrix as (n * cell, n * cell, 3) uint8 in device pixels.

    A cell is ``cell - gap`` wide. A masked one is the ground with a dot of ``dot`` in the middle
    (none when ``dot`` is 0); an allowed true zero is the first colour with an outline of ``gap``.
    """
    n = len(values)
    inner = cell - gap
    picture = np.empty((n, cell, n, cell, 3), np.uint8)
    picture[:] = rgb(palette.sunk)
    cells = cell_colours(values, mask, top, palette)
    picture[:, :inner, :, :inner] = cells[:, None, :, None, :]
    if dot and inner >= dot + 2:
        start = (inner - dot) // 2
        middle = picture[:, start : start + dot, :, start : start + dot]
        middle[:] = np.where(mask[:, None, :, None, None], middle, rgb(palette.masked_dot))
    zero = mask & (values == 0)
    if zero.any() and gap and inner >= 4 * gap:
        frame = np.ones((inner, inner), bool)
        frame[gap:-gap, gap:-gap] = False
        body = picture[:, :inner, :, :inner]
        where = zero[:, None, :, None] & frame[None, :, None, :]
        body[where] = rgb(palette.map_stops[4])
    return picture.reshape(n * cell, n * cell, 3)


def code_text(code: int, planes: int) -> str:
    """A bucket's code as bits, plane 1 first; "–" where there is no plane."""
    return format(code, f"0{planes}b") if planes else "–"


@dataclass(frozen=True, eq=False)
class Order:
    """In which order the levels stand along the matrix.

    Attributes:
        rows, columns: (L,) the level at each place, of the queries and of the keys.
        row_places, column_places: (L,) the place of each level.
    """

    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]

    @property
    def row_places(self) -> npt.NDArray[np.intp]:
        return np.argsort(self.rows, kind="stable")

    @property
    def column_places(self) -> npt.NDArray[np.intp]:
        return np.argsort(self.columns, kind="stable")


def order_of(trace: AttentionTrace, head: int, table: int, by: OrderName) -> Order:
    """Levels as they are, or sorted by their code in one table (levels of one code keep their order)."""
    if by == "level":
        plain = np.arange(trace.levels)
        return Order(plain, plain)
    return Order(
        np.argsort(trace.query_buckets[head, table], kind="stable"),
        np.argsort(trace.key_buckets[head, table], kind="stable"),
    )


def runs(codes: npt.NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """Stretches of one code as (code, first place, place after the last)."""
    if len(codes) == 0:
        return []
    edges = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    return [(int(codes[a]), a, b) for a, b in pairwise(edges)]


def strip_tables(trace: AttentionTrace, head: int, table: int, pair: tuple[int, int] | None) -> list[int]:
    """The tables shown as strips, the chosen one last: at most four, those that join ``pair`` first."""
    others = [t for t in range(trace.tables) if t != table]
    if pair is not None:
        others.sort(key=lambda t: not shares(trace, head, t, *pair))
    return [*sorted(others[: MAX_STRIPS - 1]), table]


def shares(trace: AttentionTrace, head: int, table: int, query: int, key: int) -> bool:
    """Whether one table puts the query and the key in one bucket."""
    return bool(trace.query_buckets[head, table, query] == trace.key_buckets[head, table, key])


def axis_ticks(factors: npt.NDArray[np.float64], apart: int) -> list[tuple[int, str]]:
    """Levels to label with their AF: those nearest to round numbers, at least ``apart`` levels apart.

    Returns (level, text). The first and the last level are always labelled.
    """
    count = len(factors)
    if count == 1:
        return [(0, _short(float(factors[0])))]
    low, high = float(factors[0]), float(factors[-1])
    span = high - low
    room = max(2, (count - 1) // max(1, apart) + 1)
    step = next((s for s in _STEPS if span / s <= room - 1 + 1e-9), _STEPS[-1])
    marks = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step
    ticks = {0: _short(low), count - 1: _short(high)}
    for mark in marks:
        level = int(np.abs(factors - mark).argmin())
        if all(abs(level - other) >= apart for other in ticks):
            ticks[level] = _short(float(mark))
    return sorted(ticks.items())


_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
