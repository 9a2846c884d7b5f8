"""Frame numbers as people give them."""

from __future__ import annotations

import re

import numpy as np

from mrn_core.clip.base import Clip
from mrn_core.errors import ClipError


def frame_index(clip: Clip, text: str) -> int:
    """The index that a written frame number means: "12" counts from 0, "#46" is the source's own number 46.

    Raises:
        ClipError: it is no frame number, or no frame has it; names both valid ranges.
    """
    match = re.fullmatch(r"\s*(#?)\s*([0-9]{1,18})\s*", text)
    if match is None:
        raise ClipError(f"{text.strip()!r} is no frame number.", _ranges(clip))
    number = int(match[2])
    if not match[1]:
        return check_frame(clip, number)
    found = np.flatnonzero(clip.numbers == number)
    if len(found) == 0:
        raise ClipError(f"No frame of {clip.name} has the number #{number}.", _ranges(clip))
    if len(found) > 1:
        places = ", ".join(str(int(i)) for i in found)
        raise ClipError(f"Several frames of {clip.name} have the number #{number}.", f"Give one of {places}.")
    return int(found[0])


def check_frame(clip: Clip, index: int, role: str = "Frame") -> int:
    """The index itself if the clip has that frame; ``role`` is what the message calls it ("Onset").

    Raises:
        ClipError: out of range; names both valid ranges.
    """
    if not 0 <= index < len(clip):
        raise ClipError(f"{role} {index} is outside {clip.name}.", _ranges(clip))
    return int(index)


def _ranges(clip: Clip) -> str:
    last = len(clip) - 1
    low, high = int(clip.numbers.min()), int(clip.numbers.max())
    own = f"#{low} to #{high} by the source's own numbers"
    if high - low != last:
        own += ", not all of which are there"
    return f"Frames go from 0 to {last} counted from 0, or from {own}."
