"""The wipe between two pictures: geometry and partner (no Qt)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Partner = Literal["onset", "apex", "exact", "pinned", "blink", "off"]
TOLD: dict[Partner, str] = {
    "onset": "onset",
    "apex": "apex",
    "exact": "exact truth",
    "pinned": "pinned",
    "blink": "onset, apex",
    "off": "off",
}
Rect = tuple[float, float, float, float]


@dataclass(frozen=True)
class WipeGeometry:
    """A whole square picture in the middle of a field, split at a share of its width.

    The picture is never cropped: brows and chin carry the motion too.
    """

    width: float
    height: float
    split: float = 0.5
    padding: float = 12

    @property
    def field(self) -> Rect:
        """The ground of the picture."""
        width, height = max(1.0, self.width - 2 * self.padding), max(1.0, self.height - self.padding)
        return self.padding, 0, width, height

    @property
    def picture(self) -> Rect:
        x, y, width, height = self.field
        side = float(int(min(width, height)))
        return float(int(x + (width - side) / 2)), float(int(y + (height - side) / 2)), side, side

    @property
    def line(self) -> float:
        """x of the split."""
        x, _, side, _ = self.picture
        return float(round(x + self.split * side))

    def split_at(self, x: float) -> float:
        """The split that a pointer at ``x`` means, 0 to 1."""
        left, _, side, _ = self.picture
        return min(max((x - left) / side, 0.0), 1.0)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in the picture, or near the handle."""
        left, top, side, _ = self.picture
        return left - 6 <= x <= left + side + 6 and top <= y <= top + side


def partners(truth_known: bool) -> tuple[Partner, ...]:
    """What a level may be compared with; the exact truth only where it is known."""
    return tuple(partner for partner in TOLD if truth_known or partner != "exact")


def flipped(partner: Partner) -> Partner:
    """The other partner: apex for onset, onset for anything else."""
    return "apex" if partner == "onset" else "onset"
