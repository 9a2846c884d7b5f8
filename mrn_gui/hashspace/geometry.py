"""Where points and cuts of a projection stand (no Qt, no science)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mrn_core.network.projection import Cut, Projection

Rect = tuple[float, float, float, float]
Point = tuple[float, float]
Floats = npt.NDArray[np.float64]
MARGIN = 14.0  # px between the field's edge and the outermost point
CATCH = 9.0  # px from a point that still mean it
BAR = (24.0, 72.0)  # px, of the bar that tells an angle
DEGREES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0, 90.0)
FAR = 1.0  # an origin further outside than the points are wide is not brought into the picture of the spread


@dataclass(frozen=True, eq=False)
class HashSpaceGeometry:
    """The field and the one scale of both axes; y points up.

    Args:
        width, height: of the field, logical pixels, its upper left corner at ``left``, ``top``.
        whole: the origin is brought into the picture wherever it is.
    """

    seen: Projection
    left: float
    top: float
    width: float
    height: float
    whole: bool

    @cached_property
    def _points(self) -> Floats:
        return np.concatenate([self.seen.queries, self.seen.keys])

    @cached_property
    def has_origin(self) -> bool:
        """Whether the origin stands in the picture."""
        if self.whole:
            return True
        low, high = self._points.min(0), self._points.max(0)
        outside = np.maximum(np.maximum(low, -high), 0).max()
        return bool(outside <= FAR * max(float((high - low).max()), 1e-12))

    @cached_property
    def _view(self) -> tuple[Floats, float]:
        """The middle of the picture, and px for one unit."""
        rows = [self._points, self.seen.centre[None]]
        if self.has_origin:
            rows.append(np.zeros((1, 2)))
        every = np.concatenate(rows)
        low, high = every.min(0), every.max(0)
        room = np.array([self.width - 2 * MARGIN, self.height - 2 * MARGIN])
        size = high - low
        fits = [float(r / s) for r, s in zip(room, size, strict=True) if s > 1e-12 * max(1.0, float(s))]
        scale = min(fits) if fits and float(size.max()) > 1e-9 else 1.0
        return (low + high) / 2, max(scale, 1e-12)

    def place(self, points: Floats) -> Floats:
        """(..., 2) px of the widget."""
        middle, scale = self._view
        shifted = (np.asarray(points) - middle) * scale
        corner = np.array([self.left + self.width / 2, self.top + self.height / 2])
        return corner + shifted * np.array([1.0, -1.0])

    @property
    def exact(self) -> bool:
        """Whether a cut is exact, and the distance from it an angle."""
        return any(cut.exact for cut in self.seen.cuts)

    @cached_property
    def bar(self) -> tuple[float, float] | None:
        """Degrees, a round number, and px that a vector of middle length stands from an exact cut whose angle
        to that plane they are; None where no round number has a fitting length."""
        scale = self._view[1]
        lengths = [(degrees, self.seen.away(degrees) * scale) for degrees in DEGREES]
        least, most = BAR
        return next(((d, length) for d, length in lengths if least <= length <= most), None)

    @cached_property
    def queries(self) -> Floats:
        """(L, 2) px."""
        return self.place(self.seen.queries)

    @cached_property
    def keys(self) -> Floats:
        """(L, 2) px."""
        return self.place(self.seen.keys)

    @cached_property
    def points(self) -> Floats:
        """(2L, 2) px, the queries before the keys."""
        return np.concatenate([self.queries, self.keys])

    @cached_property
    def one_cloud(self) -> bool:
        """Whether every key stands on its query, so that one sign is enough."""
        return bool(np.abs(self.queries - self.keys).max() < 1)

    def level_at(self, x: float, y: float) -> int | None:
        """The level of the nearest point, when the pointer is near one."""
        away = np.minimum(
            np.hypot(*(self.queries - (x, y)).T),
            np.hypot(*(self.keys - (x, y)).T),
        )
        level = int(away.argmin())
        return level if away[level] <= CATCH else None

    def line(self, cut: Cut) -> tuple[Point, Point] | None:
        """The two ends of a cut on the field's border; None where it does not pass through the field."""
        middle, scale = self._view
        nx, ny = float(cut.normal[0]), -float(cut.normal[1])
        size = math.hypot(nx, ny)
        if size <= 1e-12:
            return None
        nx, ny = nx / size, ny / size
        # In px from the field's middle: nx * x + ny * y = reach.
        reach = -(float(cut.normal @ middle) + cut.offset) / size * scale
        half_w, half_h = self.width / 2, self.height / 2
        ends = []
        if abs(ny) > 1e-12:
            ends += [(x, (reach - nx * x) / ny) for x in (-half_w, half_w)]
        if abs(nx) > 1e-12:
            ends += [((reach - ny * y) / nx, y) for y in (-half_h, half_h)]
        slack = 1e-6
        inside = [(x, y) for x, y in ends if abs(x) <= half_w + slack and abs(y) <= half_h + slack]
        if len(inside) < 2:
            return None
        first = inside[0]
        last = max(inside, key=lambda end: math.dist(end, first))
        if math.dist(first, last) < 1:
            return None
        x0, y0 = self.left + half_w, self.top + half_h
        return (x0 + first[0], y0 + first[1]), (x0 + last[0], y0 + last[1])
