"""What the command palette finds: commands and settings by a few words (no Qt)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mrn_core import settings as core_settings
from mrn_core.errors import SettingsError
from mrn_core.settings import AnalysisSettings
from mrn_gui import glossary
from mrn_gui.actions import COMMANDS

_QUESTION = re.compile(
    r"\s*(?:what(?:'s| is| are| does| do)|define|explain)\s+(?:an? |the )?"
    r"(?P<word>[^?]*?)(?: means?)?\s*\??\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entry:
    """One thing that the palette offers.

    Attributes:
        kind: "command", "setting" (opens the dialog there), "word" (opens the list of words there), or "set"
            (sets it at once).
        name: a command's id, a setting's path, a word, or for "set" the assignment as ``--set`` reads it.
        text: what it is called; detail: where it stands, or what it is set to; keys: as Qt writes them.
        enabled: whether it can be done now.
        words: what else it is found by; note: what it is, in a sentence; also: other names of a word.
    """

    kind: str
    name: str
    text: str
    detail: str = ""
    keys: tuple[str, ...] = ()
    enabled: bool = True
    words: str = ""
    note: str = ""
    also: tuple[str, ...] = ()


def entries(settings: AnalysisSettings, enabled: Mapping[str, bool]) -> list[Entry]:
    """Every command, then every setting with its value, then every word that is no setting."""
    made = [
        Entry(
            "command",
            c.id,
            c.text.removesuffix("..."),
            c.menu,
            c.keys,
            enabled.get(c.id, True),
            f"{c.handler} {c.hint}",
            c.note,
        )
        for c in COMMANDS
        if c.id != "find"
    ]
    for row in core_settings.rows():
        detail = f"Setting: {core_settings.value_told(row, core_settings.get(settings, row.path))}"
        made.append(Entry("setting", row.path, row.limits.label, detail, note=row.limits.note))
    made += [
        Entry(
            "word",
            f"word {word.title}",
            word.title,
            f"Word: {word.told}",
            words=" ".join(word.also),
            also=word.also,
        )
        for word in glossary.words()
        if not word.setting
    ]
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
    """The entries that have every word, the best found first.

    A word is found best as a whole word of the name, then as the beginning of one; then likewise among its
    keys, its id and where it stands; then in its note; last inside of any word. ("marks" is "mark" too.) An
    entry is as good as the worst of its words; a name that begins with all that is typed stands before.
    Among equals what can be done now stands first, then the given order.

    Of a question ("what is reach?") the word is looked for, and words stand first. Else what can be done
    does: a word of just this name comes after the first of it, which Enter takes, and others at the end.
    """
    question = _QUESTION.match(words)
    typed = (question["word"] if question else words).lower().strip()
    asked = typed.split()
    found: list[tuple[tuple[int, int], bool, int, Entry]] = []
    for place, entry in enumerate(every):
        rank = _rank(entry, typed, asked)
        if rank is not None:
            found.append((rank, not entry.enabled, place, entry))
    ranked = [entry for *_, entry in sorted(found, key=lambda one: one[:3])]
    told = [entry for entry in ranked if entry.kind == "word"]
    done = [entry for entry in ranked if entry.kind != "word"]
    if question:
        return [*told, *done]
    own = [entry for entry in told if _is_called(entry, typed)]
    first = next((i + 1 for i, entry in enumerate(done) if entry.enabled), 0)
    return [*done[:first], *own, *done[first:], *(entry for entry in told if entry not in own)]


def _is_called(entry: Entry, typed: str) -> bool:
    return _singular(typed) in {_singular(name) for name in (entry.text.lower(), *entry.also)}


def _rank(entry: Entry, typed: str, asked: Sequence[str]) -> tuple[int, int] | None:
    """How well an entry is found, (-1, 0) the best; None where a word is missing."""
    name = entry.text.lower()
    if not asked or name == typed:
        return -1, 0
    ids = entry.words if entry.kind == "word" else f"{entry.name} {entry.detail} {entry.words}"
    fields = (
        _words_of(name),
        {*_words_of(ids.lower()), *(key.lower() for key in entry.keys)},
        _words_of(entry.note.lower()),
    )
    everything = f"{name} {ids} {entry.note} {' '.join(entry.keys)}".lower()
    ranks = [_rank_of(word, fields, everything) for word in asked]
    if None in ranks:
        return None
    known = [rank for rank in ranks if rank is not None]
    return max(known), sum(known) - name.startswith(typed)


def _rank_of(word: str, fields: Sequence[set[str]], everything: str) -> int | None:
    """0, 2, 4: a whole word of a field; 1, 3, 5: the beginning of one; 6: inside of any; None: nowhere."""
    one = _singular(word)
    for i, field in enumerate(fields):
        if word in field or any(_singular(other) == one for other in field):
            return 2 * i
        if any(other.startswith(word) for other in field):
            return 2 * i + 1
    return 2 * len(fields) if word in everything else None


def _words_of(text: str) -> set[str]:
    """Its words; of "mark_onset" and "network.planes" the whole and the parts."""
    whole = re.findall(r"[\w.]+", text)
    return {part.strip(".") for word in whole for part in (word, *re.split(r"[_.]", word)) if part.strip(".")}


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
