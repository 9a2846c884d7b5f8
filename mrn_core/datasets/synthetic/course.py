"""How an expression comes and goes."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from mrn_core.errors import SettingsError

MICRO, MACRO = "micro", "macro"
_DURATIONS = {MICRO: (1 / 25, 1 / 3), MACRO: (0.5, 4.0)}


@dataclass(frozen=True)
class Course:
    """Rest, rise, hold, fall, rest, in seconds.

    The rise and the fall are minimum-jerk curves over a time that is bent by a power, so that one
    may start slowly and end fast. The apex falls on a frame, whatever the rate.

    Attributes:
        before, after: rest before the onset and after the offset.
        rise, hold, fall: their durations; rise and fall are longer than 0.
        rise_power, fall_power: 1 even; more starts more slowly.
    """

    before: float
    rise: float
    hold: float
    fall: float
    after: float
    rise_power: float = 1.0
    fall_power: float = 1.0

    def __post_init__(self) -> None:
        if min(self.rise, self.fall, self.rise_power, self.fall_power) <= 0 or self.hold < 0:
            raise SettingsError("An expression needs a rise and a fall longer than 0 s.", field="rise")

    @property
    def duration(self) -> float:
        """From onset to offset, in seconds."""
        return self.rise + self.hold + self.fall

    def onset(self, fps: float) -> int:
        """Index of the last frame at rest."""
        return max(0, round(self.before * fps))

    def apex(self, fps: float) -> int:
        """Index of the frame at the peak."""
        return self.onset(fps) + max(1, ceil(self.rise * fps - 1e-9))

    def offset(self, fps: float) -> int:
        """Index of the first frame at rest again."""
        return self.apex(fps) + max(1, ceil((self.hold + self.fall) * fps - 1e-9))

    def count(self, fps: float) -> int:
        """Number of frames."""
        return self.offset(fps) + 1 + max(0, round(self.after * fps))

    def activation(self, frame: int, fps: float) -> float:
        """The share of the apex's expression that a frame shows, 0 to 1."""
        since_apex = (frame - self.apex(fps)) / fps
        if since_apex <= 0:
            return _smooth(max(0.0, 1 + since_apex / self.rise) ** self.rise_power)
        falling = (since_apex - self.hold) / self.fall
        return _smooth(max(0.0, 1 - max(0.0, falling)) ** self.fall_power)


def sample_course(seed: int, kind: str = MICRO, duration: float | None = None) -> Course:
    """A course drawn from a seed.

    Args:
        seed: any whole number from 0 on.
        kind: "micro" (1/25 to 1/3 s) or "macro" (0.5 to 4 s).
        duration: from onset to offset in seconds; drawn where None.

    Raises:
        SettingsError: there is no such kind, or the duration is not positive.
    """
    if kind not in _DURATIONS:
        raise SettingsError(f"No course is called {kind!r}.", 'Choose "micro" or "macro".', "kind")
    rng = np.random.default_rng([seed, 0xC0])
    low, high = _DURATIONS[kind]
    # Most are not at the short end, where few frames are left.
    drawn = low + (high - low) * rng.beta(2.0, 1.6)
    whole = drawn if duration is None else duration
    shares = rng.dirichlet((9.0, 3.0, 11.0))
    rest = rng.uniform(0.08, 0.25, 2)
    powers = np.exp(rng.normal(size=2) * 0.2)
    rise, hold, fall = (round(float(whole * share), 4) for share in shares)
    return Course(
        before=round(float(rest[0]), 4),
        rise=max(rise, 1e-4),
        hold=hold,
        fall=max(fall, 1e-4),
        after=round(float(rest[1]), 4),
        rise_power=round(float(powers[0]), 4),
        fall_power=round(float(powers[1]), 4),
    )


def _smooth(share: float) -> float:
    """Minimum jerk from 0 to 1."""
    return share**3 * (10 - 15 * share + 6 * share**2)
