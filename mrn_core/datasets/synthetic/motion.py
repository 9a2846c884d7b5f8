"""What moves beside the expression: the head as a whole, blinks, glances, lips that speak."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mrn_core.datasets.synthetic.camera import Pose
from mrn_core.datasets.synthetic.pack import head_pack
from mrn_core.errors import SettingsError

DISTRACTORS = ("blink", "gaze", "lips")
_AXES = 6
# Postural sway, degrees and units of 10 cm (0.005 is about half a pixel at 224).
_SWAY = np.array((0.35, 0.30, 0.20, 0.006, 0.005, 0.02))


@dataclass(frozen=True)
class HeadMotion:
    """A resting pose and a slow sway about it, two sines an axis.

    Attributes:
        rest: where the head is on average.
        sizes: 12 amplitudes, two for each field of a Pose, in its unit.
        rates: 12 frequencies in Hz.
        phases: 12 phases in radians.
    """

    rest: Pose = field(default_factory=Pose)
    sizes: tuple[float, ...] = (0.0,) * 12
    rates: tuple[float, ...] = (0.0,) * 12
    phases: tuple[float, ...] = (0.0,) * 12

    def pose(self, time: float) -> Pose:
        """The pose at a time in seconds."""
        waves = np.array(self.sizes) * np.sin(2 * np.pi * np.array(self.rates) * time + np.array(self.phases))
        return self.rest + Pose(*(float(value) for value in waves.reshape(_AXES, 2).sum(axis=1)))


def sample_head_motion(seed: int, amount: float = 1.0) -> HeadMotion:
    """A resting pose of some degrees and a sway, drawn from a seed.

    Args:
        seed: any whole number from 0 on.
        amount: how much the head sways, 1 as a person who sits still; 0 not at all.
    """
    rng = np.random.default_rng([seed, 0x4EAD])
    rest = np.round(rng.normal(size=_AXES) * np.array((3.0, 2.0, 1.5, 0.02, 0.01, 0.2)), 4)
    sizes = np.repeat(_SWAY, 2) * np.abs(rng.normal(size=12)) * np.tile((0.8, 0.3), _AXES)
    rates = np.tile((0.3, 0.9), _AXES) * rng.uniform(0.6, 1.6, 12)
    phases = rng.uniform(0, 2 * np.pi, 12)
    return HeadMotion(
        Pose(*rest.tolist()),
        tuple(np.round(amount * sizes, 5).tolist()),
        tuple(np.round(rates, 4).tolist()),
        tuple(np.round(phases, 4).tolist()),
    )


@dataclass(frozen=True)
class Distractor:
    """Something that a face does and that is no expression.

    Attributes:
        kind: "blink", "gaze" or "lips".
        start, duration: in seconds.
        amount: 0 to 1, share of the units' valid range.
        direction: of a glance, degrees; 0 is to the subject's left, 90 up.
    """

    kind: str
    start: float
    duration: float
    amount: float
    direction: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in DISTRACTORS:
            raise SettingsError(f"No distractor is called {self.kind!r}.", field="kind")
        if self.duration <= 0 or not 0 <= self.amount <= 1:
            raise SettingsError(
                "A distractor lasts longer than 0 s, with an amount from 0 to 1.", field="amount"
            )

    def units(self, time: float) -> dict[str, float]:
        """The face units that it moves at a time in seconds, with their weights."""
        share = (time - self.start) / self.duration
        if not 0 < share < 1:
            return {}
        if self.kind == "blink":
            closed = self.amount * _bump(share, 0.33, 0.42)
            return {"eyeBlinkLeft": closed, "eyeBlinkRight": closed}
        if self.kind == "lips":
            opened = (
                np.sin(np.pi * share) * np.sin(2 * np.pi * max(1, round(self.duration * 4)) * share / 2) ** 2
            )
            return {
                "jawOpen": 0.15 * self.amount * float(opened),
                "mouthFunnel": 0.1 * self.amount * float(opened),
            }
        held = self.amount * _bump(share, 0.15, 0.85)
        left, up = np.cos(np.deg2rad(self.direction)), np.sin(np.deg2rad(self.direction))
        sideways = ("OutLeft", "InRight") if left >= 0 else ("InLeft", "OutRight")
        upwards = ("UpLeft", "UpRight") if up >= 0 else ("DownLeft", "DownRight")
        return {f"eyeLook{name}": held * abs(float(left)) for name in sideways} | {
            f"eyeLook{name}": held * abs(float(up)) for name in upwards
        }


def distracted(distractors: tuple[Distractor, ...], time: float) -> NDArray[np.float64]:
    """(52,) the weights of all distractors at a time; closed eyes are closed once."""
    names = head_pack().units.names
    total = np.zeros(len(names))
    for distractor in distractors:
        for name, weight in distractor.units(time).items():
            number = names.index(name)
            total[number] = min(1.0, total[number] + weight)
    return total


def sample_distractors(seed: int, duration: float) -> tuple[Distractor, ...]:
    """Perhaps a blink, a glance, moving lips, within ``duration`` seconds, drawn from a seed.

    In a second a face blinks with a chance of 0.25, glances with 0.3 and moves its lips with 0.1.
    """
    rng = np.random.default_rng([seed, 0xD15])
    drawn = []
    for kind, often, (short, long), (least, most) in (
        ("blink", 0.25, (0.15, 0.3), (0.8, 1.0)),
        ("gaze", 0.3, (0.25, 0.6), (0.15, 0.6)),
        ("lips", 0.1, (0.3, 0.9), (0.1, 0.6)),
    ):
        there, start = rng.random() < 1 - np.exp(-often * duration), rng.uniform(0, duration)
        lasts, amount, direction = rng.uniform(short, long), rng.uniform(least, most), rng.uniform(0, 360)
        if there:
            drawn.append(Distractor(kind, *(round(float(v), 4) for v in (start, lasts, amount, direction))))
    return tuple(drawn)


def _bump(share: float, up: float, down: float) -> float:
    """0 at the ends, 1 between ``up`` and ``down``, smooth."""
    x = share / up if share < up else (1 - share) / (1 - down) if share > down else 1.0
    return x * x * (3 - 2 * x)
