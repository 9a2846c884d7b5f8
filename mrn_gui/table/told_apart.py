"""How the columns of several analyses are told apart: by name, and by what they were made from (no Qt)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mrn_core.facts import Fact, made_from
from mrn_core.tables import LevelTable

ROOM = 27  # characters of a title's line; the tip says everything
Facts = Mapping[str, Fact]


@dataclass(frozen=True)
class Told:
    """Of one analysis.

    Attributes:
        title: lines over the quantity: its name, and what of it differs; none where it stands alone.
        tip: lines under a column's own tip: its name, and what it was made from; none likewise.
    """

    title: tuple[str, ...]
    tip: tuple[str, ...]


def told_apart(tables: Sequence[LevelTable]) -> list[Told]:
    """Each analysis's name; under it, what is not the same in all: marks, planes x tables, seeds and more."""
    if len(tables) == 1:
        return [Told((), ())]
    every = [{name: say(table.facts) for name, say in _PARTS.items()} for table in tables]
    apart = [name for name in _PARTS if len({told[name] for told in every}) > 1]
    made = []
    for table, told in zip(tables, every, strict=True):
        line = _cut([told[name] for name in apart if told[name]])
        title = (_short(table.name), line) if apart else (_short(table.name),)
        made.append(Told(title, (f"{table.name}: {made_from(table.facts)}",)))
    return made


def _marks(facts: Facts) -> str:
    onset, apex = facts.get("onset"), facts.get("apex")
    return "" if onset is None or apex is None else f"{onset} → {apex}"


def _seed(facts: Facts) -> str:
    seed = facts.get("hash_seed")
    return "seed saved" if seed == -1 else f"seed {seed}"


def _just(*names: str) -> Callable[[Facts], str]:
    return lambda facts: ", ".join(str(facts.get(name)) for name in names)


# What may differ, the most telling first. The names of the clips are those of the analyses already.
_PARTS: Mapping[str, Callable[[Facts], str]] = {
    "marks": _marks,
    "hash": lambda facts: f"{facts.get('planes')} × {facts.get('tables')}",
    "hash seed": _seed,
    "magnifier": _just("magnifier"),
    "AF": lambda facts: f"AF {facts.get('af_low'):g}–{facts.get('af_high'):g}",
    "hashed": _just("qk", "hash_centre"),
    "features": _just("feature_norm"),
    "softmax": _just("softmax"),
    "weights": lambda facts: f"weights {facts.get('weights')}, {facts.get('seed')}",
}


def _cut(parts: Sequence[str]) -> str:
    """As many whole parts as have room, the first in any case; a sign where there are more."""
    line = ""
    for i, part in enumerate(parts):
        longer = f"{line}, {part}" if i else part
        if i and len(longer) > ROOM:
            return f"{line} …"
        line = longer
    return line


def _short(name: str) -> str:
    return name if len(name) <= 18 else f"{name[:8]}…{name[-9:]}"
