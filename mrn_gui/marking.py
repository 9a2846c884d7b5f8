"""The marks of a clip and what is wrong with them, in words (no Qt)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from mrn_core.annotation import Marks
from mrn_core.errors import ClipError, MRNError

Role = Literal["onset", "apex", "offset"]
ROLES: tuple[Role, ...] = ("onset", "apex", "offset")


def early_offset(marks: Marks, told: Callable[[int], str] = str) -> str:
    """What is wrong with the offset, where it does not come after apex and onset; else empty.

    ``told``: how a frame is named.
    """
    for role in ("apex", "onset"):
        mark, offset = getattr(marks, role), marks.offset
        if mark is not None and offset is not None and offset <= mark:
            return f"Offset {told(offset)} is not after the {role} {told(mark)}: move or clear it."
    return ""


def fault_of(error: MRNError | None, marks: Marks) -> Role | None:
    """The mark that an analysis failed at."""
    named = getattr(error, "role", "") or getattr(error, "field", "")
    if isinstance(error, ClipError):
        named = "onset" if (marks.onset or 0) >= (marks.apex or 0) else ""
    return next((role for role in ROLES if role == named), None)


def missing_told(marks: Marks) -> str:
    """What a person has to mark before the clip can be analysed; empty when nothing is missing."""
    keys = {"onset": "the onset (I)", "apex": "the apex (P)"}
    missing = [words for role, words in keys.items() if getattr(marks, role) is None]
    return f"Mark {' and '.join(missing)}" if missing else ""
