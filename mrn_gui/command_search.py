"""What the command palette finds: commands and settings by a few words (no Qt)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mrn_core import settings as core_settings
from mrn_core.errors import SettingsError
from mrn_core.settings import AnalysisSettings
from mrn_gui.actions import COMMANDS


@dataclass(frozen=True)
class Entry:
    """One thing that the palette offers.

    Attributes:
        kind: "command", "setting" (opens the dialog there), or "set" (sets it at once).
        name: a command's id, a setting's path, or for "set" the assignment as ``--set`` reads it.
        text: what it is called; detail: where it stands, or what it is set to; keys: as Qt writes them.
        enabled: whether it can be done now.
        words: what else it is found by.
    """

    kind: str
    name: str
    text: str
    detail: str = ""
    keys: tuple[str, ...] = ()
    enabled: bool = True
    words: str = ""


def entries(settings: AnalysisSettings, enabled: Mapping[str, bool]) -> list[Entry]:
    """Every command, then every setting with its value."""
    made = [
        Entry(
            "command",
            c.id,
            c.text.removesuffix("..."),
            c.menu,
            c.keys,
            enabled.get(c.id, True),
            f"{c.id} {c.handler} {c.hint} {c.note}",
        )
        for c in COMMANDS
        if c.id != "find"
    ]
    for row in core_settings.rows():
        value = core_settings.get(settings, row.path)
        detail = f"Setting: {value:g}" if isinstance(value, float) else f"Setting: {value}"
        made.append(
            Entry("setting", row.path, row.limits.label, detail, words=f"{row.path} {row.limits.note}")
        )
    return made


def assignment(settings: AnalysisSettings, words: str) -> Entry | None:
    """ "planes=5" as an entry that sets it; one that cannot be set says why. None where it is none."""
    name, equals, value = words.partition("=")
    if not equals or not name.strip() or not value.strip():
        return None
    try:
        row = core_settings.row(name.strip())
    except SettingsError:
        return None
    label, typed = row.limits.label, f"{row.path}={value.strip()}"
    try:
        core_settings.with_text(settings, typed)
    except SettingsError as error:
        return Entry("set", typed, error.what, error.advice, enabled=False)
    return Entry("set", typed, f"Set {label} to {value.strip()}", "Setting")


def search(every: Iterable[Entry], words: str) -> list[Entry]:
    """The entries that have every word, those whose name begins with the words first.

    Order: the name begins so; each word begins one of the name's words; the name has them; the rest has
    them. Among equals what can be done now stands first, then the given order.
    """
    asked = words.lower().split()
    found: list[tuple[int, bool, int, Entry]] = []
    for place, entry in enumerate(every):
        rank = _rank(entry, words.lower().strip(), asked)
        if rank is not None:
            found.append((rank, not entry.enabled, place, entry))
    return [entry for _, _, _, entry in sorted(found, key=lambda one: one[:3])]


def _rank(entry: Entry, whole: str, asked: Sequence[str]) -> int | None:
    name = entry.text.lower()
    if not asked or name.startswith(whole):
        return 0
    parts = name.replace("-", " ").split()
    if all(any(part.startswith(word) for part in parts) for word in asked):
        return 1
    if all(word in name for word in asked):
        return 2
    rest = f"{name} {entry.detail} {entry.words} {' '.join(entry.keys)}".lower()
    return 3 if all(word in rest for word in asked) else None
