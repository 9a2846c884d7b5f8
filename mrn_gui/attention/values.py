"""What the matrix and the small multiples show, and in which colours (no Qt)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from mrn_core.trace import AttentionTrace
from mrn_gui.attention.turned import Turned, put_signs
from mrn_gui.palette import SCALE_TOP, Palette

OrderName = Literal["level", "bucket"]
MAX_STRIPS = 4


def rgb(colour: str) -> npt.NDArray[np.uint8]:
    """(3,) uint8 of ``#RRGGBB``."""
    return np.frombuffer(bytes.fromhex(colour[1:]), np.uint8)


def cell_colours(
    values: npt.NDArray[np.floating],
    mask: npt.NDArray[np.bool_],
    top: float,
    palette: Palette,
    reverse: bool = False,
    whole: bool = False,
    diverging: bool = False,
) -> npt.NDArray[np.uint8]:
    """(..., 3) uint8: the map from 0 to ``top``, and the sunk ground where there is nothing to show.

    Args:
        reverse: large is what is else small.
        whole: masked pairs are coloured too; NaN never is.
        diverging: from ``-top`` to ``top``, on the map of differences.
    """
    known = np.isfinite(values)
    shown = known if whole else mask & known
    numbers = np.where(shown, values, 0.0)
    if diverging:
        return palette.difference_colours(numbers, top, reverse)  # 0 is the ground
    places = palette.map_places(numbers * (SCALE_TOP / top), reverse).astype(np.uint16)
    places[~shown] = 256
    return palette.with_ground(palette.map_table()).take(places, axis=0)


def matrix_picture(
    values: npt.NDArray[np.floating],
    mask: npt.NDArray[np.bool_],
    top: float,
    palette: Palette,
    cell: int,
    gap: int,
    dot: int,
    reverse: bool = False,
    whole: bool = False,
    diverging: bool = False,
    turned: Turned | None = None,
) -> npt.NDArray[np.uint8]:
    """The matrix as (n * cell, n * cell, 3) uint8 in device pixels.

    A cell is ``cell - gap`` wide. A masked one is the ground with a dot of ``dot`` in the middle
    (none when ``dot`` is 0), or with ``whole`` a smaller square of its own colour; an allowed true zero
    of a weight is the first colour with an outline of ``gap``. ``turned``: the pairs that opened and that
    closed, which have signs of their own.
    """
    n = len(values)
    inner = cell - gap
    picture = np.empty((n, cell, n, cell, 3), np.uint8)
    picture[:] = rgb(palette.sunk)
    cells = cell_colours(values, mask, top, palette, reverse, whole, diverging)
    full = np.where(mask[..., None], cells, rgb(palette.sunk)) if whole else cells
    picture[:, :inner, :, :inner] = full[:, None, :, None, :]
    small = small_square(inner) if whole else dot
    if small and inner >= small + 2:
        start = (inner - small) // 2
        middle = picture[:, start : start + small, :, start : start + small]
        inside = cells[:, None, :, None, :] if whole else rgb(palette.masked_dot)
        middle[:] = np.where(mask[:, None, :, None, None], middle, inside)
    zero = mask & (values == 0)
    if not whole and not diverging and zero.any() and gap and inner >= 4 * gap:
        frame = np.ones((inner, inner), bool)
        frame[gap:-gap, gap:-gap] = False
        body = picture[:, :inner, :, :inner]
        where = zero[:, None, :, None] & frame[None, :, None, :]
        body[where] = rgb(palette.map_stops[4])
    if turned is not None:
        filled = picture[:, :inner, :, :inner].copy()
        put_signs(filled, cells, turned, gap, palette, reverse)
        picture[:, :inner, :, :inner] = filled
    return picture.reshape(n * cell, n * cell, 3)


def small_square(inner: int) -> int:
    """Side of a masked pair's square in a cell of ``inner`` px: about half, in its middle."""
    side = max(1, inner // 2)
    return side if (inner - side) % 2 == 0 else side + 1


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


def spread(stretches: list[tuple[int, int, int]], apart: float, length: float) -> list[tuple[int, float]]:
    """Where the codes of these stretches are written: (code, middle), ``apart`` or more from each other.

    Each is as near to the middle of its stretch as the others allow; those that would have to go further than
    half of ``apart`` make room by leaving out the shortest stretch.
    """
    left = list(stretches)
    while left:
        wanted = np.array([(start + stop) / 2 for _, start, stop in left])
        steps = np.arange(len(left)) * apart
        places = np.clip(_rising(wanted - steps), 0, max(0.0, length - steps[-1])) + steps
        if steps[-1] <= length and (np.abs(places - wanted) <= apart / 2 + 1e-9).all():
            return [(code, float(place)) for (code, _, _), place in zip(left, places, strict=True)]
        left.remove(min(left, key=lambda one: one[2] - one[1]))
    return []


def _rising(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The nearest numbers (least squares) of which none is less than the one before it."""
    groups: list[tuple[float, int]] = []
    for value in values:
        groups.append((float(value), 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (first, n), (second, m) = groups[-2:]
            groups[-2:] = [((first * n + second * m) / (n + m), n + m)]
    return np.concatenate([np.full(count, value) for value, count in groups])


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
