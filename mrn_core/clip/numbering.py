"""Frame numbers as people give them."""

from __future__ import annotations

import re

from mrn_core.clip.base import Clip
from mrn_core.errors import ClipError


def frame_index(clip: Clip, text: str) -> int:
    """The index that a written frame number means: "12" counts from 0, "#46" is the source's own number 46.

    Raises:
        ClipError: it is no frame number, or no frame has it; names both valid ranges.
    """
    match = re.fullmatch(r"\s*(#?)\s*([0-9]{1,18})\s*", text)
    if match is None:
        raise ClipError(f"{text.strip()!r} is no frame number.", clip.ranges())
    number = int(match[2])
    if not match[1]:
        return check_frame(clip, number)
    return clip.index_of(number)


def check_frame(clip: Clip, index: int, role: str = "Frame") -> int:
    """The index itself if the clip has that frame; ``role`` is what the message calls it ("Onset").

    Raises:
        ClipError: out of range; names both valid ranges.
    """
    if not clip.has_frame(index):
        raise ClipError(f"{role} {index} is outside {clip.name}.", clip.ranges())
    return int(index)
