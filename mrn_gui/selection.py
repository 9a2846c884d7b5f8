"""What is pointed at, pinned and chosen, shared by every view (no Qt)."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Observer = Callable[[frozenset[str]], None]


@dataclass(frozen=True)
class Place:
    """One level, or one pair: a cell of the matrix, which may lie on the diagonal."""

    query: int
    key: int
    is_pair: bool = True

    @classmethod
    def level(cls, level: int) -> Place:
        """The place of one level, as a query and as a key."""
        return cls(level, level, is_pair=False)

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels that it names: one, or the query and the key."""
        return (self.query, self.key) if self.is_pair else (self.query,)

    @property
    def main(self) -> int:
        """The level that a view of one level shows: the query of a pair."""
        return self.query

    def role(self, level: int) -> str:
        """What ``level`` is here: "query", "key", "query, key", "level", or "" when it is not named."""
        if not self.is_pair:
            return "level" if level == self.query else ""
        roles = [name for name, value in (("query", self.query), ("key", self.key)) if value == level]
        return ", ".join(roles)


class Selection:
    """The hovered and the pinned place, and the chosen block, head and table.

    Observers are called with the names of what changed, out of ``hovered``, ``pinned``, ``block``,
    ``head``, ``table`` and ``shape``. They are held weakly: a view that is gone is forgotten.
    """

    def __init__(self, blocks: int = 3, heads: int = 8, levels: int = 32, tables: int = 4) -> None:
        self._observers: list[weakref.ref[Any]] = []
        self._shape = (blocks, heads, levels, tables)
        self._hovered: Place | None = None
        self._pinned: Place | None = None
        self._block = 0
        self._head = 0
        self._table = 0

    @property
    def hovered(self) -> Place | None:
        return self._hovered

    @property
    def pinned(self) -> Place | None:
        return self._pinned

    @property
    def shown(self) -> Place | None:
        """What a view of one place shows: the hovered, else the pinned."""
        return self._hovered or self._pinned

    @property
    def block(self) -> int:
        return self._block

    @property
    def head(self) -> int:
        return self._head

    @property
    def table(self) -> int:
        return self._table

    @property
    def blocks(self) -> int:
        return self._shape[0]

    @property
    def heads(self) -> int:
        return self._shape[1]

    @property
    def levels(self) -> int:
        return self._shape[2]

    @property
    def tables(self) -> int:
        return self._shape[3]

    def subscribe(self, observer: Observer) -> None:
        """Calls ``observer(changed)`` after each change, as long as its owner lives."""
        method = hasattr(observer, "__self__")
        self._observers.append(weakref.WeakMethod(observer) if method else weakref.ref(observer))

    def hover(self, place: Place | None) -> None:
        """Points at a place, or at nothing; a place outside the shape is nothing."""
        place = place if self._fits(place) else None
        if place != self._hovered:
            self._hovered = place
            self._tell({"hovered"})

    def leave(self, place: Place | None) -> None:
        """Stops pointing at ``place``; does nothing when another place is pointed at by now."""
        if self._hovered is not None and self._hovered == place:
            self.hover(None)

    def click(self, place: Place) -> None:
        """Pins a place; the place that is pinned already is let go."""
        if self._fits(place):
            self._pin(None if place == self._pinned else place)

    def let_go(self) -> None:
        """Lets go of the pinned place, and of the hovered one when nothing is pinned."""
        if self._pinned is not None:
            self._pin(None)
        else:
            self.hover(None)

    def clear(self) -> None:
        """Nothing is pinned or pointed at: another clip."""
        self._pin(None)
        self.hover(None)

    def choose(self, block: int | None = None, head: int | None = None, table: int | None = None) -> None:
        """Chooses a block, a head, a table (from 0); numbers that do not exist are ignored."""
        asked = {"block": (block, self.blocks), "head": (head, self.heads), "table": (table, self.tables)}
        changed = set()
        for name, (value, count) in asked.items():
            if value is not None and 0 <= value < count and value != getattr(self, name):
                setattr(self, f"_{name}", value)
                changed.add(name)
        self._tell(changed)

    def next_block(self) -> None:
        """The next block, the first after the last."""
        self.choose(block=(self._block + 1) % self.blocks)

    def next_table(self) -> None:
        """The next table, the first after the last."""
        self.choose(table=(self._table + 1) % self.tables)

    def set_shape(self, blocks: int, heads: int, levels: int, tables: int) -> None:
        """Follows another analysis: what still fits is kept, the rest is let go or goes to the last.

        Raises:
            ValueError: a number is below 1.
        """
        shape = (blocks, heads, levels, tables)
        if min(shape) < 1:
            raise ValueError(f"a selection needs at least one of each, not {shape}")
        if shape == self._shape:
            return
        self._shape = shape
        changed = {"shape"}
        for name, count in (("block", blocks), ("head", heads), ("table", tables)):
            kept = min(getattr(self, name), count - 1)
            if kept != getattr(self, name):
                setattr(self, f"_{name}", kept)
                changed.add(name)
        for name in ("hovered", "pinned"):
            if not self._fits(getattr(self, name)):
                setattr(self, f"_{name}", None)
                changed.add(name)
        self._tell(changed)

    def _fits(self, place: Place | None) -> bool:
        return place is None or all(0 <= level < self.levels for level in place.levels)

    def _pin(self, place: Place | None) -> None:
        if place != self._pinned:
            self._pinned = place
            self._tell({"pinned"})

    def _tell(self, changed: Iterable[str]) -> None:
        notes = frozenset(changed)
        if not notes:
            return
        for reference in list(self._observers):
            observer = reference()
            if observer is None:
                self._observers.remove(reference)
            else:
                observer(notes)
