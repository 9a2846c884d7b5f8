"""The list of words: the paper's and the program's terms, gathered from where each is explained (no Qt).

Nothing is explained here: the words are those of ``terms``, of the commands' notes, of the views' own words
and of the settings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from mrn_core import settings as core_settings
from mrn_core.network.projection import CENTRE
from mrn_gui.actions import NOTES
from mrn_gui.hashspace.words import SPREAD
from mrn_gui.setting_words import note_told
from mrn_gui.terms import TERMS

# A note of a command that explains a word, and the word.
_NOTED = (
    ("Onset", "onset"),
    ("Apex", "apex"),
    ("Offset", "offset"),
    ("Block", "block"),
    ("Hash table", "table"),
    ("Hash health", "health"),
)
_TITLED = re.compile(r"(?P<title>[^:(]+?)(?: \((?P<place>[^)]*)\))?: (?P<told>.*)", re.DOTALL)
_PLACE = re.compile(r"Eq\. \d+(?:(?: and |, )\d+)*|Algorithm \d+|Fig\. \d+|II-C")


@dataclass(frozen=True)
class Word:
    """One word of the list.

    Attributes:
        title: the word; also: others that it is asked for by.
        told: what it is, in a sentence.
        place: where the paper has it, "" where it does not or the sentence says so.
        setting: the setting's path, if it is one.
    """

    title: str
    told: str
    also: tuple[str, ...] = ()
    place: str = ""
    setting: str = ""

    @property
    def spoken(self) -> str:
        """All that it is found by, in small letters."""
        return " ".join([self.title, *self.also, self.place, self.told, self.setting]).lower()


@cache
def words() -> tuple[Word, ...]:
    """Every term in the order of the alphabet, then every setting likewise."""
    terms = [_titled(term.told, term.also) for term in TERMS]
    terms += [Word(title, NOTES[name]) for title, name in _NOTED]
    terms += [_titled(SPREAD), Word("Centre", f"{CENTRE[0].upper()}{CENTRE[1:]}.")]
    settings = [
        Word(row.limits.label, note_told(row), row.limits.names, setting=row.path)
        for row in core_settings.rows()
        if row.limits.note
    ]
    return (*sorted(terms, key=_name), *sorted(settings, key=_name))


def found(every: Sequence[Word], typed: str) -> list[Word]:
    """The words that have all that is typed, those whose own name has it first."""
    asked = typed.lower().split()

    def named(word: Word) -> bool:
        names = " ".join([word.title, *word.also]).lower()
        return all(part in names for part in asked)

    kept = [word for word in every if all(part in word.spoken for part in asked)]
    return sorted(kept, key=lambda word: not named(word))


def places(told: str) -> str:
    """Where the paper has what a sentence says: "Eq. 4 and 5", or "".

    Example:
        >>> places("a pair that shares a bucket (the index set, Eq. 4 and 5)")
        'Eq. 4 and 5'
    """
    return ", ".join(dict.fromkeys(_PLACE.findall(told)))


def _name(word: Word) -> str:
    return word.title.lower()


def _titled(told: str, also: tuple[str, ...] = ()) -> Word:
    """ "Beta (Eq. 7 and 8): how much a level counts." as a word with its place."""
    parts = _TITLED.fullmatch(told)
    assert parts is not None, told
    said = parts["told"]
    place = (parts["place"] or places(said)).removeprefix("the paper, ")
    return Word(parts["title"], f"{said[0].upper()}{said[1:]}", also, place)
