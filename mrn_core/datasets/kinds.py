"""The kinds of data set that are known, each with its own words. Another kind is another entry here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mrn_core.datasets.sheet import Sheet
from mrn_core.datasets.tree import Place
from mrn_core.errors import SettingsError

RECORD = "synthesis.json"
"""What ``synthesize`` writes into the root of what it makes."""


@dataclass(frozen=True)
class Kind:
    """What is particular to one data set.

    Attributes:
        key: its name in commands and files.
        name: what people call it; "" takes the folder's name.
        fps: frames per second, or None.
        emotions: the words that its sheet uses, in lower case; () allows any.
        classes: those that published evaluations use, sorted; () takes all that occur.
        spellings: other words for them.
        recognise: whether a root with this sheet and these clips is of this kind.
    """

    key: str
    name: str
    fps: float | None
    emotions: tuple[str, ...]
    classes: tuple[str, ...]
    recognise: Callable[[Path, Sheet | None, list[Place]], bool]
    spellings: Mapping[str, str] = field(default_factory=dict)


def _is_synthetic(root: Path, sheet: Sheet | None, places: list[Place]) -> bool:
    return isinstance(synthesis_record(root), dict)


def _is_casme2(root: Path, sheet: Sheet | None, places: list[Place]) -> bool:
    wanted = {"subject", "clip", "onset", "apex", "offset", "action_units", "emotion"}
    if sheet is None or not wanted <= set(sheet.columns):
        return False
    named = [p for p in places if any(re.fullmatch(r"sub\d\d", part.lower()) for part in p.path.parts)]
    return bool(named) or not places


def synthesis_record(root: Path) -> dict[str, object] | None:
    """What ``synthesize`` noted in the root; None where this is nothing that it made."""
    try:
        told = json.loads((root / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and told.get("made_by") == "mrn dataset synthesize" else None


CASME2_EMOTIONS = ("disgust", "fear", "happiness", "others", "repression", "sadness", "surprise")
CASME2_CLASSES = ("disgust", "happiness", "others", "repression", "surprise")

kinds: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "synthetic", "Synthetic faces", 200.0, CASME2_EMOTIONS, CASME2_CLASSES, _is_synthetic,
            {"other": "others"},
        ),
        Kind(
            "casme2", "CASME II", 200.0, CASME2_EMOTIONS, CASME2_CLASSES, _is_casme2, {"other": "others"}
        ),
        Kind("folder", "", None, (), (), lambda root, sheet, places: True),
    )
}  # fmt: skip
"""Kinds by key, in the order in which they are tried."""


def kind_of(name: str | None, root: Path, sheet: Sheet | None, places: list[Place]) -> Kind:
    """The kind of that name, or the first that recognises the root.

    Raises:
        SettingsError: there is no kind of that name.
    """
    if name is not None and name not in kinds:
        raise SettingsError(f"There is no kind of data set {name!r}.", f"Known: {', '.join(kinds)}.", "kind")
    if name is None:
        kind = next(kind for kind in kinds.values() if kind.recognise(root, sheet, places))
    else:
        kind = kinds[name]
    given = (synthesis_record(root) or {}).get("fps")
    return replace(kind, fps=float(given)) if isinstance(given, (int, float)) else kind
