"""The passage from one order of the levels to another (no Qt)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mrn_gui.attention.values import Order

PASSAGE_MS = 300
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Passage:
    """Where rows and columns stand while they move from ``old`` to ``new``."""

    old: Order
    new: Order

    def at(self, share: float) -> tuple[Floats, Floats]:
        """(L,) place of each row and of each column of the new order, in cells, at 0 to 1 of the way."""
        eased = share * share * (3 - 2 * share)
        end = np.arange(len(self.new.rows), dtype=np.float64)
        rows = self.old.row_places[self.new.rows] * (1 - eased) + end * eased
        columns = self.old.column_places[self.new.columns] * (1 - eased) + end * eased
        return rows, columns

    @property
    def moves(self) -> bool:
        """Whether anything changes its place."""
        rows = np.array_equal(self.old.rows, self.new.rows)
        return not (rows and np.array_equal(self.old.columns, self.new.columns))


def moved_picture(
    picture: npt.NDArray[np.uint8], cell: int, rows: Floats, columns: Floats, ground: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
    """The matrix's picture, (n * cell, n * cell, 3) uint8, with its rows and columns at these places.

    What is further on the way covers what it passes; what is left free shows the ground.
    """
    down, across = _sources(rows, cell), _sources(columns, cell)
    made = picture[np.maximum(down, 0)][:, np.maximum(across, 0)]
    made[down < 0] = ground
    made[:, across < 0] = ground
    return made


def _sources(places: Floats, cell: int) -> npt.NDArray[np.intp]:
    """(n * cell,) the pixel that is seen at each pixel of an axis, or -1."""
    count = len(places)
    made = np.full(count * cell, -1, np.intp)
    for i in range(count):
        start = min(max(round(float(places[i]) * cell), 0), (count - 1) * cell)
        made[start : start + cell] = np.arange(i * cell, (i + 1) * cell)
    return made
