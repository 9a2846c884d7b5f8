"""What one cell of a sheet means: a subject, a frame number, action units, an emotion.

Sheets were filled in by hand and went through spreadsheet programs: a number may be text with a blank,
a code may have become a date. What cannot be told for sure is reported and never guessed.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any, NamedTuple

from mrn_core.datasets.model import ActionUnit

_ABSENT = {"", "/", "-", "--", "?", "n/a", "na", "nan", "none", "null", "#n/a"}
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE_TEXT = re.compile(
    rf"\d{{1,2}}[-./ ](?:{_MONTHS})[a-z]*(?:[-./ ]\d{{2,4}})?|(?:{_MONTHS})[a-z]*[-./ ]\d{{1,4}}"
    r"|\d{4}-\d{1,2}-\d{1,2}(?:[ t].*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}",
    re.IGNORECASE,
)
_UNIT = re.compile(r"(?:AU)?\s*([LRlr]?)\s*(?:AU)?\s*(\d{1,2})\s*[A-Ea-e]?")


class Number(NamedTuple):
    """A frame number, or None with what is wrong with the cell ("" where it is just empty)."""

    value: int | None
    fault: str = ""
    is_date: bool = False


class Units(NamedTuple):
    """Action units that could be read, the cell's text, and the parts that could not be read."""

    units: tuple[ActionUnit, ...]
    text: str
    unread: tuple[str, ...] = ()
    is_date: bool = False


def text_of(value: Any) -> str:
    """A cell as plain text: 12.0 is "12", blanks around it go."""
    if value is None:
        return ""
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        value = int(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return " ".join(str(value).replace("\N{NO-BREAK SPACE}", " ").split())


def absent(value: Any) -> bool:
    """Whether a cell says that there is nothing: blank, "/", "-", "n/a"."""
    return text_of(value).casefold() in _ABSENT


def is_date(value: Any) -> bool:
    """Whether a spreadsheet made a date (or a time) of the cell, or wrote one out as text."""
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return True
    return isinstance(value, str) and _DATE_TEXT.fullmatch(text_of(value)) is not None


def frame_number(value: Any) -> Number:
    """46, 46.0, "46 ", "46,0" and "46.0" are 46."""
    if is_date(value):
        return Number(None, f"holds the date {text_of(value)}", is_date=True)
    if absent(value):
        return Number(None)
    text = text_of(value)
    match = re.fullmatch(r"(\d{1,9})(?:[.,]0*)?", text)
    if isinstance(value, bool) or match is None:
        return Number(None, f"holds {text!r}, which is no frame number")
    return Number(int(match[1]))


def rate(value: Any) -> float | None:
    """Frames per second, "29,97" among them; None where the cell has no positive number."""
    try:
        number = float(text_of(value).replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) and number > 0 else None


def subject_name(value: Any) -> str:
    """1, "01", "sub01", "s1" and "Subject 1" are "01"; other names stay as they are; "" where absent."""
    if absent(value) or is_date(value):
        return ""
    text = text_of(value)
    match = re.fullmatch(r"(?:subject|subj|sub|s)?[ _.-]*(\d{1,6})", text, re.IGNORECASE)
    return match[1].lstrip("0").rjust(2, "0") if match else text


def emotion_name(value: Any) -> str:
    """An emotion in lower case without blanks around it; "" where absent."""
    return "" if absent(value) else text_of(value).casefold()


def action_units(value: Any) -> Units:
    """Reads "4+7", "R12", 12, "AU1, AU2", "L14+R17"; alternatives and doubts stay unread."""
    text = text_of(value)
    if is_date(value):
        return Units((), text, is_date=True)
    if absent(value):
        return Units((), "")
    units, unread = [], []
    for part in re.split(r"[+,;，、；&]", text):
        match = _UNIT.fullmatch(part.strip())
        if match:
            units.append(ActionUnit(int(match[2]), match[1].upper()))
        elif part.strip():
            unread.append(part.strip())
    return Units(tuple(units), text, tuple(unread))
