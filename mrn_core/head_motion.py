"""How the whole head moved between onset and apex, and what was done about it: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class RigidMotion:
    """A motion of the whole head in the picture's plane, from onset to apex, in px of the crop.

    Attributes:
        x, y: the shift at the middle of nose and eyes, px, right and down.
        degrees: the turn about it, counter-clockwise as seen.
        px: what that moves the face by: root mean square over the 68 landmarks (where they are not known,
            over a disc whose radius is a third of the crop's side).
    """

    x: float
    y: float
    degrees: float
    px: float


@dataclass(frozen=True)
class HeadMotion:
    """The head's motion in an analysis.

    Attributes:
        left: between the two crops as they were analysed; None where it cannot be told.
        taken_out: what a refined alignment took out of the apex; None where the apex is cut as the onset is.
        onset_matrix, apex_matrix: (2, 3), from px of the frame to px of the crop; None in what an older
            program wrote.
    """

    left: RigidMotion | None = None
    taken_out: RigidMotion | None = None
    onset_matrix: Matrix | None = None
    apex_matrix: Matrix | None = None

    def as_told(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_told(cls, told: Mapping[str, Any] | None) -> HeadMotion:
        """What ``as_told`` gave; None (an older program's) knows nothing.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        if told is None:
            return cls()
        left, taken_out = (
            None if told[name] is None else RigidMotion(**told[name]) for name in ("left", "taken_out")
        )
        return cls(left, taken_out, _matrix(told["onset_matrix"]), _matrix(told["apex_matrix"]))


def _matrix(rows: Any) -> Matrix | None:
    if rows is None:
        return None
    matrix = tuple(tuple(float(value) for value in row) for row in rows)
    if [len(row) for row in matrix] != [3, 3]:
        raise ValueError("a crop's matrix is (2, 3)")
    return matrix
