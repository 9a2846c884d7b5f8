"""Expressions as FACS action units with side and strength, and as mixtures drawn for an emotion."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mrn_core.datasets.synthetic.pack import head_pack
from mrn_core.errors import SettingsError

# Action unit -> face units and their shares; "*" stands for Left and Right.
ACTION_UNITS: dict[int, tuple[tuple[str, float], ...]] = {
    1: (("browInnerUp", 1.0),),
    2: (("browOuterUp*", 1.0),),
    4: (("browDown*", 1.0),),
    5: (("eyeWide*", 1.0),),
    6: (("cheekSquint*", 1.0),),
    7: (("eyeSquint*", 1.0),),
    9: (("noseSneer*", 1.0),),
    10: (("mouthUpperUp*", 1.0),),
    12: (("mouthSmile*", 1.0),),
    14: (("mouthDimple*", 1.0),),
    15: (("mouthFrown*", 1.0),),
    17: (("mouthShrugLower", 1.0), ("mouthShrugUpper", 0.3)),
    20: (("mouthStretch*", 1.0),),
    24: (("mouthRollLower", 0.8), ("mouthRollUpper", 0.7), ("mouthPress*", 0.2), ("mouthPucker", 0.3)),
    25: (("mouthLowerDown*", 0.7), ("mouthUpperUp*", 0.3)),
    26: (("jawOpen", 0.4),),
    45: (("eyeBlink*", 1.0),),
}
SIDED = frozenset(number for number, units in ACTION_UNITS.items() if all("*" in name for name, _ in units))
"""The action units that can be shown on one side alone."""

INTENSITIES = {"A": 0.08, "B": 0.22, "C": 0.45, "D": 0.72, "E": 1.0}
"""The strength that each FACS letter stands for; 1 is as far as the heads' authors meant a unit to go."""
_LIMITS = (("A", 0.15), ("B", 0.33), ("C", 0.58), ("D", 0.86))

# Emotion -> its mixtures: (action unit, share, how often it is there).
_MIXTURES: dict[str, tuple[tuple[int, float, float], ...]] = {
    "happiness": ((12, 1.0, 1.0), (6, 0.7, 0.8)),
    "disgust": ((9, 0.9, 1.0), (10, 0.6, 0.7), (4, 0.5, 0.8)),
    "repression": ((15, 1.0, 1.0), (17, 0.8, 0.8)),
    "surprise": ((1, 1.0, 1.0), (2, 0.6, 0.95), (5, 0.7, 0.7)),
    "sadness": ((1, 1.0, 1.0), (4, 0.5, 0.8), (15, 0.8, 0.9)),
    "fear": ((1, 0.9, 1.0), (2, 0.6, 0.8), (4, 0.5, 0.8), (5, 0.8, 0.9), (20, 0.8, 0.9)),
    "contempt": ((12, 1.0, 1.0), (14, 1.0, 1.0)),
    "tense": ((4, 0.8, 1.0), (7, 0.5, 0.9), (24, 0.8, 0.9)),
}
OTHERS = ("sadness", "fear", "contempt", "tense")
EMOTIONS = (*_MIXTURES, "others")
"""What :func:`sample_expression` can draw; "others" is one of OTHERS."""
_SPREAD, _ASYMMETRY = 0.25, 0.15


@dataclass(frozen=True)
class ActionUnit:
    """One action unit at its strongest.

    Attributes:
        number: FACS number, one of ACTION_UNITS.
        side: "L" or "R" (the subject's), or "B" for both.
        weight: 0 none to 1 the end of the valid range; magnified ones go beyond.
    """

    number: int
    side: str = "B"
    weight: float = 1.0

    def __post_init__(self) -> None:
        if self.number not in ACTION_UNITS:
            known = ", ".join(str(number) for number in ACTION_UNITS)
            raise SettingsError(f"Action unit {self.number} is not known.", f"Known are {known}.", "number")
        if self.side not in ("L", "R", "B") or (self.side != "B" and self.number not in SIDED):
            raise SettingsError(f"Action unit {self.number} has no side {self.side!r}.", field="side")

    @staticmethod
    def of(code: str) -> ActionUnit:
        """An action unit from its FACS code, as "12", "L12B" or "4C"; without a letter it is E.

        Raises:
            SettingsError: this is no such code.
        """
        found = re.fullmatch(r"([LR]?)(\d+)([A-E]?)", code.strip())
        if found is None:
            raise SettingsError(f"{code!r} is no action unit.", 'Write it as "12", "L12B" or "4C".', "code")
        side, number, letter = found.groups()
        return ActionUnit(int(number), side or "B", INTENSITIES[letter or "E"])

    @property
    def intensity(self) -> str:
        """The FACS letter A (trace) to E (maximum)."""
        return next((letter for letter, limit in _LIMITS if self.weight < limit), "E")

    @property
    def code(self) -> str:
        """As FACS writes it: side, number, letter."""
        return f"{'' if self.side == 'B' else self.side}{self.number}{self.intensity}"

    def units(self) -> dict[str, float]:
        """The face units that show it, with their weights."""
        sides = {"L": ("Left",), "R": ("Right",), "B": ("Left", "Right")}[self.side]
        return {
            name.replace("*", side): share * self.weight
            for name, share in ACTION_UNITS[self.number]
            for side in (sides if "*" in name else ("",))
        }


@dataclass(frozen=True)
class Expression:
    """What a face shows at its apex.

    Attributes:
        emotion: the class, one of EMOTIONS or a name of the user's.
        mixture: which mixture it was drawn from; differs from the emotion for "others".
        units: the action units at the apex; the two sides of an uneven one stand apart.
    """

    emotion: str
    mixture: str
    units: tuple[ActionUnit, ...]

    def weights(self) -> NDArray[np.float64]:
        """(52,) float64, the weight of each face unit of the pack; shared units add up."""
        names = head_pack().units.names
        total = np.zeros(len(names))
        for unit in self.units:
            for name, weight in unit.units().items():
                total[names.index(name)] += weight
        return total

    def scaled(self, factor: float) -> Expression:
        """The same expression ``factor`` times as strong."""
        return replace(self, units=tuple(replace(u, weight=u.weight * factor) for u in self.units))

    @property
    def label(self) -> str:
        """The action units as a coding sheet has them: "6+12", or "L14" where one side alone moves."""
        sides: dict[int, set[str]] = {}
        for unit in self.units:
            sides.setdefault(unit.number, set()).update("LR" if unit.side == "B" else unit.side)
        return "+".join(
            f"{next(iter(shown)) if len(shown) == 1 else ''}{number}"
            for number, shown in sorted(sides.items())
        )


def out_of_range(weights: NDArray[np.float64]) -> dict[str, float]:
    """The face units beyond their authors' range, by name: there skin may fold."""
    names = head_pack().units.names
    return {names[k]: float(weights[k]) for k in np.flatnonzero((weights > 1 + 1e-9) | (weights < -1e-9))}


def sample_expression(seed: int, emotion: str) -> Expression:
    """An expression of an emotion, drawn from a seed; its strongest unit is near 1: scale it.

    Raises:
        SettingsError: the emotion is not one of EMOTIONS.
    """
    if emotion not in EMOTIONS:
        raise SettingsError(f"No emotion is called {emotion!r}.", f"Choose one of {', '.join(EMOTIONS)}.")
    rng = np.random.default_rng([seed, 0xFACE])
    mixture = OTHERS[int(rng.integers(len(OTHERS)))] if emotion == "others" else emotion
    if mixture == "contempt":
        number, side = (12, 14)[int(rng.integers(2))], "LR"[int(rng.integers(2))]
        return Expression(emotion, mixture, (ActionUnit(number, side, 1.0),))
    units: list[ActionUnit] = []
    for number, share, often in _MIXTURES[mixture]:
        there, weight = rng.random() < often, share * float(np.exp(rng.normal() * _SPREAD))
        uneven = float(np.clip(rng.normal() * _ASYMMETRY, -0.6, 0.6))
        if not there:
            continue
        if number in SIDED:
            units.append(ActionUnit(number, "L", round(weight * (1 + uneven), 4)))
            units.append(ActionUnit(number, "R", round(weight * (1 - uneven), 4)))
        else:
            units.append(ActionUnit(number, "B", round(weight, 4)))
    return Expression(emotion, mixture, tuple(units))
