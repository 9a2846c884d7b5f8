"""How a frame is named to a person, everywhere: its index from 0 and, beside it, the source's own number."""

from __future__ import annotations


def frame_told(frame: int, number: int | None = None) -> str:
    """The index, and the source's own number where that is another: "12 (#58)" for img58.jpg.

    Args:
        frame: the index, counted from 0.
        number: the source's own; None where it is not known.

    Examples:
        >>> frame_told(12, 58), frame_told(12, 12), frame_told(12)
        ('12 (#58)', '12', '12')
    """
    return str(frame) if number is None or number == frame else f"{frame} (#{number})"
