"""Where the names in the hash space stand: beside the points and each other, not on them (no Qt)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from mrn_core.network.explain import runs_told
from mrn_core.network.projection import Cut
from mrn_gui.hashspace.geometry import Floats, HashSpaceGeometry, Point, Rect
from mrn_gui.hashspace.words import angle_words, cut_name, spread_words

POINT = 5.0  # px from a point's middle that belong to it
AIR = 1.0  # px between a name and what it must not touch
APART = 8.0  # px between two names on one line, which would else be read as one
HIGH, NUMBER_HIGH = 14.0, 16.0  # px, of a name and of a level's number
BAR_HIGH = 7.0  # px, of the bar under its angle
RING = 6.0  # px, radius of what is pointed at
NEAR = 4.0  # px from a line that still mean it
BESIDE = (0.0, 1.0, -1.0)  # on a line, or at one side of it
_ALONG = np.linspace(0.04, 0.96, 47)


@dataclass(frozen=True)
class Name:
    """Words and their place; ``at``: of the sign that they name."""

    words: str
    rect: Rect
    at: Point = (0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Labels:
    """All names of one view.

    Args:
        wide: px that words take.
        bold: the same in the type of a level's number that is pointed at.
    """

    geometry: HashSpaceGeometry
    wide: Callable[[str], float]
    bold: Callable[[str], float]

    @cached_property
    def anchors(self) -> list[Name]:
        """Centre and origin, one name where the two are together."""
        geometry = self.geometry
        centre, origin = (
            (float(x), float(y))
            for x, y in (geometry.place(geometry.seen.centre), geometry.place(geometry.seen.centre * 0))
        )
        if not geometry.has_origin:
            signs = [("centre", centre)]
        elif abs(centre[0] - origin[0]) + abs(centre[1] - origin[1]) < 12:
            signs = [("origin, centre", origin)]
        else:
            signs = [("centre", centre), ("origin", origin)]
        taken = [_around(at, 6.0) for _, at in signs]
        made = []
        for words, at in signs:
            up = words == "centre" and len(signs) > 1 and centre[1] < origin[1]
            name = Name(words, self._best(_beside(at, self.wide(words) + 3, HIGH, 7.0, up), taken), at)
            made.append(name)
            taken.append(name.rect)
        return made

    @cached_property
    def numbers(self) -> list[Name]:
        """The first and the last level's."""
        taken = self._anchored()
        made = []
        for level in sorted({0, len(self.geometry.queries) - 1}):
            made.append(Name(str(level), self._number(level, self.wide, taken)))
            taken.append(made[-1].rect)
        return made

    @cached_property
    def cuts(self) -> list[tuple[Name, tuple[Point, Point], Cut]]:
        """Each cut that crosses the view and is right for enough points: its name, its line, and itself.

        A name stands on its line, else beside it, and not on another line, which it would be read as naming.
        Where it would lie on a point everywhere along the line, it is shorter.
        """
        taken = [*self._anchored(), *(name.rect for name in self.numbers)]
        taken += [name.rect for name in (self.bar, self.spread, self.outside) if name]
        found = [(cut, self.geometry.line(cut)) for cut in self.geometry.seen.cuts if cut.tells]
        lines = [(cut, line) for cut, line in found if line is not None]
        made = []
        for cut, line in lines:
            others = [dot for other, its in lines if other is not cut for dot in _dots(its)]
            words = cut_name(cut)
            long = [w for w in words if not w.isdigit()] or words[:1]
            best, room = self._on_line(long, line, [*taken, *others])
            for fewer in (long, words):
                if room < AIR:
                    best, room = self._on_line(fewer, line, taken)
            taken.append(best.rect)
            made.append((best, line, cut))
        return made

    def _on_line(
        self, words: Sequence[str], line: tuple[Point, Point], taken: Sequence[Rect]
    ) -> tuple[Name, float]:
        """The first words that have room on a line or beside it, else those with the most; and the room."""
        best, room = Name(words[0], (0, 0, 0, 0)), -np.inf
        for said, aside in product(words, BESIDE):
            size = self.wide(said) + 6, HIGH + 1
            places = (_at(line, share, size, aside) for share in _ALONG)
            rect, clear = self._roomiest(places, taken)
            if room < AIR and clear > room:
                best, room = Name(said, rect), clear
        return best, room

    @cached_property
    def bar(self) -> Name | None:
        """The angle that the bar tells, over its bar, which is as long as ``geometry.bar``; in a corner.
        Only where a cut is exact, and distances from it are angles."""
        if self.geometry.bar is None or not self.geometry.exact:
            return None
        degrees, length = self.geometry.bar
        words = angle_words(degrees)
        taken = [*self._anchored(), *(name.rect for name in self.numbers)]
        width = max(length, self.wide(words)) + 6
        rect, _ = self._roomiest_corner(width, taken, HIGH + BAR_HIGH)
        return Name(words, rect, (rect[0] + (rect[2] - length) / 2, rect[1] + HIGH + 3))

    @cached_property
    def spread(self) -> Name | None:
        """How much of the spread an exact view shows: often so little that near points are not near."""
        words = spread_words(self.geometry.seen.spread)
        if not words or not self.geometry.exact:
            return None
        taken = [*self._anchored(), *(name.rect for name in self.numbers)]
        taken += [self.bar.rect] if self.bar else []
        return Name(words, self._roomiest_corner(self.wide(words) + 4, taken)[0])

    def cut_at(self, x: float, y: float) -> Cut | None:
        """The cut whose name or line is at a point."""
        for name, line, cut in self.cuts:
            left, top, width, high = name.rect
            if left <= x <= left + width and top <= y <= top + high:
                return cut
            if _off(line, (x, y)) <= NEAR:
                return cut
        return None

    @cached_property
    def outside(self) -> Name | None:
        """Says which planes are not drawn in this view, in a corner where there is room."""
        taken = [*self._anchored(), *(name.rect for name in self.numbers)]
        taken += [name.rect for name in (self.bar, self.spread) if name]
        best: Name | None = None
        room = -np.inf
        every = outside_words(self.geometry)
        for words in [words for words in every if self.wide(words) + 10 <= self.geometry.width] or every[-1:]:
            rect, clear = self._roomiest_corner(self.wide(words) + 4, taken)
            if best is None or (room < AIR and clear > room):
                best, room = Name(words, rect), clear
        return best

    def _roomiest_corner(self, width: float, taken: Sequence[Rect], high: float = HIGH) -> tuple[Rect, float]:
        geometry = self.geometry
        width = min(width, geometry.width - 6)
        right, low = geometry.width - 3 - width, geometry.height - 1.5 - high
        corners = [(x, y) for y in (1.5, low) for x in (3.0, right)]
        rows = [(x, y) for y in np.linspace(1.5, low, 24) for x in np.linspace(3.0, right, 9)]
        rects = [
            (geometry.left + float(x), geometry.top + float(y), width, high) for x, y in (*corners, *rows)
        ]
        best = self._best(rects, taken)
        return best, float(self.clear([best], taken)[0])

    def number(self, level: int, key: bool) -> Rect:
        """Where the number of a level that is pointed at stands, as a query or as a key; found once."""
        if (level, key) not in self._found:
            taken = [*self._anchored(), *(name.rect for name, _, _ in self.cuts)]
            self._found[level, key] = self._number(level, self.bold, taken, key)
        return self._found[level, key]

    @cached_property
    def _found(self) -> dict[tuple[int, bool], Rect]:
        return {}

    def _anchored(self) -> list[Rect]:
        return [part for name in self.anchors for part in (name.rect, _around(name.at, 6.0))]

    def _number(
        self, level: int, wide: Callable[[str], float], taken: Sequence[Rect], key: bool = False
    ) -> Rect:
        x, y = (self.geometry.keys if key else self.geometry.queries)[level]
        at, width = (float(x), float(y)), wide(str(level)) + 2
        near = [*_aside(at, width, RING + 3), *_aside(at, width, RING + 12)]
        return self._best(near, taken)

    def _best(self, places: Iterable[Rect], taken: Sequence[Rect]) -> Rect:
        """The first place with room, else the one with the most."""
        rects = [self._inside(place) for place in places]
        room = self.clear(rects, taken)
        free = np.flatnonzero(room >= AIR)
        return rects[int(free[0]) if len(free) else int(room.argmax())]

    def _roomiest(self, places: Iterable[Rect], taken: Sequence[Rect]) -> tuple[Rect, float]:
        rects = [self._inside(place) for place in places]
        room = self.clear(rects, taken)
        best = int(room.argmax())
        return rects[best], float(room[best])

    def _inside(self, rect: Rect) -> Rect:
        """The rectangle, moved into the field."""
        field, (x, y, width, height) = self.geometry, rect
        left = min(max(x, field.left + 2), field.left + field.width - width - 2)
        top = min(max(y, field.top + 1), field.top + field.height - height - 1)
        return left, top, width, height

    def clear(self, rects: Sequence[Rect], taken: Sequence[Rect]) -> Floats:
        """(n,) px between each place and the nearest point or name; less than 0: it lies on one."""
        x, y, width, height = (np.asarray(side)[:, None] for side in zip(*rects, strict=True))
        across, down = self.geometry.points.T
        beside = np.maximum(np.maximum(x - across, across - (x + width)), 0)
        above = np.maximum(np.maximum(y - down, down - (y + height)), 0)
        made = np.hypot(beside, above).min(1) - POINT
        if taken:
            left, top, wide, high = np.asarray(taken).T
            beside = np.maximum(left - (x + width), x - (left + wide)) - np.where(wide > 0, APART, 0)
            above = np.maximum(top - (y + height), y - (top + high))
            made = np.minimum(made, np.maximum(beside, above).min(1))
        return np.asarray(made)


def undrawn(geometry: HashSpaceGeometry) -> tuple[list[int], list[int]]:
    """The planes that do not cross the view, and those that do but are right for too few points."""
    outside = [cut.plane for cut in geometry.seen.cuts if geometry.line(cut) is None]
    unclear = [cut.plane for cut in geometry.seen.cuts if not cut.tells and cut.plane not in outside]
    return outside, unclear


def outside_words(geometry: HashSpaceGeometry) -> tuple[str, ...]:
    """ "plane 3 lies outside this view" or "plane 3 cannot be shown in this view", and shorter; none where
    every plane is drawn."""
    outside, unclear = undrawn(geometry)
    if not outside and not unclear:
        return ()
    every = sorted([*outside, *unclear])
    planes, short = f"plane{'' if len(every) == 1 else 's'} {runs_told(every)}", runs_told(every)
    if unclear:
        return f"{planes} cannot be shown in this view", f"{planes} not shown", f"no {short}"
    lie = "lies" if len(every) == 1 else "lie"
    return f"{planes} {lie} outside this view", f"{planes} outside", f"{short} outside"


def _off(line: tuple[Point, Point], point: Point) -> float:
    """px from a point to a line's nearest point."""
    (x0, y0), (x1, y1) = line
    dx, dy = x1 - x0, y1 - y0
    share = ((point[0] - x0) * dx + (point[1] - y0) * dy) / ((dx * dx + dy * dy) or 1.0)
    share = min(max(share, 0.0), 1.0)
    return math.hypot(point[0] - x0 - share * dx, point[1] - y0 - share * dy)


def _dots(line: tuple[Point, Point]) -> list[Rect]:
    """A line as small places, a few px apart."""
    (x0, y0), (x1, y1) = line
    shares = np.linspace(0, 1, max(2, round(math.dist(*line) / 5))).tolist()
    return [(x0 + (x1 - x0) * s, y0 + (y1 - y0) * s, 0.0, 0.0) for s in shares]


def _around(at: Point, reach: float) -> Rect:
    return at[0] - reach, at[1] - reach, 2 * reach, 2 * reach


def _beside(at: Point, width: float, height: float, away: float, up: bool) -> list[Rect]:
    """Under and over a sign, then at its sides and corners."""
    x, y = at
    under, over = (x - width / 2, y + away, width, height), (x - width / 2, y - away - height, width, height)
    sides = [
        (x + away + 2, y - height / 2, width, height),
        (x - away - 2 - width, y - height / 2, width, height),
    ]
    corners = [
        (x + away if right else x - away - width, y + away if low else y - away - height, width, height)
        for low in (True, False)
        for right in (True, False)
    ]
    return [*((over, under) if up else (under, over)), *sides, *corners]


def _aside(at: Point, width: float, away: float) -> list[Rect]:
    """At the right of a point, at its left, then over, under, and at the corners."""
    x, y = at
    half = NUMBER_HIGH / 2
    sides = [(x + away, y - half), (x - away - width, y - half)]
    ends = [(x - width / 2, y - away - NUMBER_HIGH + 4), (x - width / 2, y + away - 4)]
    near = away * 0.7
    corners = [
        (x + near if right else x - near - width, y + near - 4 if low else y - near - NUMBER_HIGH + 4)
        for right in (True, False)
        for low in (False, True)
    ]
    return [(left, top, width, NUMBER_HIGH) for left, top in (*sides, *ends, *corners)]


def _at(line: tuple[Point, Point], share: float, size: tuple[float, float], aside: float = 0.0) -> Rect:
    """A rectangle around the point of a line at that share of its length, or that many px beside it."""
    (x0, y0), (x1, y1) = line
    long = math.hypot(x1 - x0, y1 - y0) or 1.0
    across, down = -(y1 - y0) / long, (x1 - x0) / long
    # A flat line is cleared by half the height of the words, a steep one by half their width.
    reach = math.copysign(abs(across) * size[0] / 2 + abs(down) * size[1] / 2 + 1, aside) if aside else 0.0
    x, y = x0 + (x1 - x0) * share + across * reach, y0 + (y1 - y0) * share + down * reach
    return x - size[0] / 2, y - size[1] / 2, *size
