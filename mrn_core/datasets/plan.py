"""What a made data set will hold, drawn before anything is written: who shows what, in which clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from mrn_core.datasets.kinds import CASME2_CLASSES
from mrn_core.errors import SettingsError


@dataclass(frozen=True)
class Preset:
    """How much of what is made.

    Attributes:
        subjects: how many people.
        clips: clips of each; the emotions take turns, so that every class has as many.
        options: passed on to what makes a clip; sizes and lengths for tests.
    """

    subjects: int
    clips: int
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 1 <= self.clips <= 200:  # there are 285 names
            raise SettingsError(f"A person cannot have {self.clips} clips.", "Give 1 to 200.", "clips")


PRESETS: dict[str, Preset] = {"small": Preset(8, 10), "full": Preset(40, 10)}


@dataclass(frozen=True)
class PlannedClip:
    """One clip that is to be made; equal plans give equal bytes.

    Attributes:
        source: "rendered" or "photo".
        subject: two digits, in the order of the people.
        clip: its name, in the manner of CASME II: film, number, and for some an "f".
        emotion: one of the five classes.
        seed: of everything drawn for this clip.
        person: the number of the identity, or the name of the photograph.
        first: number of the first frame; recordings are cut out of longer ones.
        options: of the preset.
    """

    source: str
    subject: str
    clip: str
    emotion: str
    seed: int
    person: int | str
    first: int
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its folder under the root."""
        return f"sub{self.subject}/{self.clip}"

    def to_dict(self) -> dict[str, Any]:
        """As the clip's record holds it."""
        return asdict(self)


def plan_rendered(preset: Preset, seed: int) -> list[PlannedClip]:
    """The clips of a set of rendered faces; person 0 is subject 01."""
    return _plan("rendered", list(range(preset.subjects)), preset, seed)


def plan_photos(photos: Sequence[str], preset: Preset, seed: int) -> list[PlannedClip]:
    """The clips of a set made from photographs, one subject a photograph; ``photos`` are file names."""
    return _plan("photo", list(photos), preset, seed)


def _plan(source: str, people: Sequence[int | str], preset: Preset, seed: int) -> list[PlannedClip]:
    if not 0 <= seed < 2**63:
        raise SettingsError(f"The seed cannot be {seed}.", "Give a number from 0 on.", "seed")
    planned = []
    for index, person in enumerate(people):
        # By subject, so that a set with more people has the same first ones.
        rng = np.random.default_rng([seed, index])
        emotions = [CASME2_CLASSES[(index + i) % len(CASME2_CLASSES)] for i in range(preset.clips)]
        order = rng.permutation(preset.clips)
        names: set[str] = set()
        for i in order:
            name = _name(rng, names)
            planned.append(
                PlannedClip(
                    source=source,
                    subject=f"{index + 1:02d}",
                    clip=name,
                    emotion=emotions[i],
                    seed=int(rng.integers(2**63)),
                    person=person,
                    first=int(rng.integers(1, 120)),
                    options=preset.options,
                )
            )
    return sorted(planned, key=lambda clip: (clip.subject, clip.clip))


def _name(rng: np.random.Generator, taken: set[str]) -> str:
    while True:
        name = f"EP{int(rng.integers(1, 20)):02d}_{int(rng.integers(1, 16)):02d}" + "f" * int(rng.integers(2))
        if name.removesuffix("f") not in {other.removesuffix("f") for other in taken}:
            taken.add(name)
            return name
