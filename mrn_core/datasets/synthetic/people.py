"""People who never lived: who they are, as numbers drawn from a seed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mrn_core.datasets.synthetic.pack import HeadPack, head_pack
from mrn_core.errors import SettingsError
from mrn_core.resources import resource

SHAPE_AXES, ASYMMETRY_AXES = 117, 29
HAIR_STYLES = ("shaved", "crop", "full", "thick")
SPLITS = ("train", "validation", "test")
_DIGITS = 4

# How far the parts of a face differ between people; larger values give caricatures.
_SPREAD = {
    "head": 0.16, "forehead": 0.20, "eyebrows": 0.13, "eyes": 0.15, "nose": 0.20,
    "mouth": 0.17, "chin": 0.18, "cheek": 0.20, "ears": 0.20, "neck": 0.10,
}  # fmt: skip
# Whole-head shifts move the camera, not the face; these would only waste room in the picture.
_STILL = ("head-trans", "neck-trans", "measure-neck-height")
_ASYMMETRY_SPREAD = 0.08


@dataclass(frozen=True)
class Identity:
    """One made-up person; equal numbers make the same head to the bit.

    Attributes:
        seed: what it was drawn from.
        gender: 0 female to 1 male.  age: 0.5 young to 1 old.  muscle, weight: 0 to 1.
        ethnicity: shares of MakeHuman's african, asian and caucasian shapes, sum 1.
        shape: one value in -1..1 for each of the pack's 117 shape axes.
        asymmetry: one value for each of 29 axes, positive on the subject's left.
        tone: skin, 0 lightest to 1 darkest.  redness, freckles, roughness: 0 to 1.
        brow: thickness, density and arch, each 0 to 1.
        iris: linear RGB.  hair: linear RGB.  hair_style: one of HAIR_STYLES.
        hairline: height of the hairline, -1 low to 1 high.
        cloth: linear RGB of the shirt.  background: linear RGB behind the head.
    """

    seed: int
    gender: float
    age: float
    muscle: float
    weight: float
    ethnicity: tuple[float, float, float]
    shape: tuple[float, ...]
    asymmetry: tuple[float, ...]
    tone: float
    redness: float
    freckles: float
    roughness: float
    brow: tuple[float, float, float]
    iris: tuple[float, float, float]
    hair: tuple[float, float, float]
    hair_style: str
    hairline: float
    cloth: tuple[float, float, float]
    background: tuple[float, float, float]

    @property
    def name(self) -> str:
        """A name that says nothing but the seed."""
        return f"synthetic-{self.seed:04d}"

    def to_dict(self) -> dict[str, Any]:
        """The numbers as JSON can hold them."""
        return asdict(self)

    @staticmethod
    def from_dict(stored: dict[str, Any]) -> Identity:
        """The identity that :meth:`to_dict` described.

        Raises:
            SettingsError: a value is missing, unknown or out of place.
        """
        names = {field.name for field in fields(Identity)}
        if set(stored) != names:
            odd = ", ".join(sorted(names ^ set(stored)))
            raise SettingsError(f"This is no identity of a synthetic head: {odd}.", field="identity")
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()}
        made = Identity(**values)
        if len(made.shape) != SHAPE_AXES or len(made.asymmetry) != ASYMMETRY_AXES:
            raise SettingsError("The identity does not fit this program's head pack.", field="shape")
        return made


def identity(seed: int) -> Identity:
    """The person of a seed (any whole number from 0 on).

    Raises:
        SettingsError: the seed is negative.
    """
    if seed < 0:
        raise SettingsError("A seed is a whole number from 0 on.", field="seed")
    rng = np.random.default_rng([seed, 0x4EAD])
    pack = head_pack()
    ethnicity = rng.dirichlet((0.45, 0.45, 0.45))
    ethnicity = np.round(ethnicity, _DIGITS)
    ethnicity[2] = 1 - ethnicity[0] - ethnicity[1]
    dark, asian = float(ethnicity[0]), float(ethnicity[1])
    shape = np.clip(rng.normal(size=SHAPE_AXES) * _spreads(pack), -0.6, 0.6)
    male = rng.random() < 0.5
    old = rng.random() ** 2
    grey = max(0.0, old - 0.6) * 1.6
    colour = np.array((0.012, 0.009, 0.008)) + (1 - max(dark, asian)) ** 2 * rng.random() * np.array(
        (0.16, 0.085, 0.035)
    )
    colour = colour * (1 - grey) + grey * np.array((0.25, 0.24, 0.23))
    light_eyes = rng.random() < 0.6 * float(ethnicity[2])
    iris = (
        ((0.09, 0.14, 0.20), (0.10, 0.10, 0.05), (0.13, 0.14, 0.14))[int(rng.integers(3))]
        if light_eyes
        else ((0.065, 0.03, 0.012), (0.035, 0.016, 0.008), (0.10, 0.055, 0.02))[int(rng.integers(3))]
    )
    return Identity(
        seed=int(seed),
        gender=_rounded(np.clip((0.88 if male else 0.10) + rng.normal() * 0.06, 0, 1)),
        age=_rounded(0.5 + 0.38 * old),
        muscle=_rounded(rng.uniform(0.35, 0.65)),
        weight=_rounded(rng.uniform(0.3, 0.75)),
        ethnicity=_row(ethnicity),
        shape=_row(shape),
        asymmetry=_row(rng.normal(size=ASYMMETRY_AXES) * _ASYMMETRY_SPREAD),
        tone=_rounded(np.clip(0.08 + 0.75 * dark + 0.18 * asian + rng.normal() * 0.06, 0, 1)),
        redness=_rounded(rng.random()),
        freckles=_rounded(rng.random() ** 4 * (1 - dark)),
        roughness=_rounded(0.3 + 0.7 * rng.random()),
        brow=_row(np.array([0.3 + 0.4 * male, 0.5, 0.5]) + rng.uniform(-0.3, 0.3, 3)),
        iris=_row(np.array(iris) * rng.uniform(0.8, 1.2)),
        hair=_row(colour),
        hair_style=HAIR_STYLES[int(rng.choice(4, p=(0.2, 0.4, 0.4, 0) if male else (0, 0.1, 0.3, 0.6)))],
        hairline=_rounded(np.clip(rng.normal() * 0.4 + (0.3 * old if male else -0.2), -1, 1)),
        cloth=_row(rng.uniform(0.02, 0.35) * rng.uniform(0.5, 1.2, 3)),
        background=_row(rng.uniform(0.06, 0.45) * rng.uniform(0.92, 1.08, 3)),
    )


def shape_of(person: Identity) -> NDArray[np.float64]:
    """(V, 3) float64: the person's neutral head, in units of 10 cm, on the base mesh's axes."""
    pack = head_pack()
    vertices = pack.vertices.copy()
    for name, weight in macro_weights(person).items():
        if weight:
            pack.macro.add(vertices, pack.macro.names.index(name), weight)
    for number, (axis, sign) in enumerate(pack.axes):
        weight = person.shape[axis] * sign
        if weight > 0:
            pack.local.add(vertices, number, weight)
    for axis, value in enumerate(person.asymmetry):
        pack.asymmetry.add(vertices, 2 * axis + (value < 0), abs(value))
    return vertices


def macro_weights(person: Identity) -> dict[str, float]:
    """The weight of each of the 48 macro targets. Origins sum to 1, builds sum to 1."""
    gender = {"female": 1 - person.gender, "male": person.gender}
    old = (person.age - 0.5) / 0.5
    age = {"young": 1 - old, "old": old}
    origin = dict(zip(("african", "asian", "caucasian"), person.ethnicity, strict=True))
    weights = {f"{e}-{g}-{a}": origin[e] * gender[g] * age[a] for e, g, a in product(origin, gender, age)}
    muscle, weight = _thirds(person.muscle), _thirds(person.weight)
    for g, a, m, w in product(gender, age, muscle, weight):
        weights[f"universal-{g}-{a}-{m}muscle-{w}weight"] = gender[g] * age[a] * muscle[m] * weight[w]
    return weights


@lru_cache(maxsize=1)
def manifest() -> tuple[Identity, ...]:
    """The 40 frozen identities, stored as numbers so that no library's random stream can change them.

    Raises:
        FileNotFoundError: the installation is not whole.
    """
    stored = json.loads(resource("heads", "manifest.json").read_text(encoding="utf-8"))
    return tuple(Identity.from_dict(entry) for entry in stored["identities"])


def split_of(number: int) -> str:
    """The split of the manifest's identity ``number``: of ten, seven train, one validates, two test."""
    return SPLITS[(0, 0, 2, 0, 0, 1, 0, 2, 0, 0)[number % 10]]


def _thirds(value: float) -> dict[str, float]:
    """Piecewise linear shares of min, average and max, with anchors at 0, 0.5 and 1."""
    return {"min": max(0.0, 1 - 2 * value), "average": 1 - abs(2 * value - 1), "max": max(0.0, 2 * value - 1)}


def _spreads(pack: HeadPack) -> NDArray[np.float64]:
    """(117,) the standard deviation of each shape axis."""
    spread = np.zeros(SHAPE_AXES)
    for (axis, _), name in zip(pack.axes, pack.local.names, strict=True):
        section, target = name.split("/")
        spread[axis] = 0.0 if target.startswith(_STILL) else _SPREAD[section]
    return spread


def _rounded(value: float) -> float:
    return round(float(value), _DIGITS)


def _row(values: Any) -> tuple[Any, ...]:
    return tuple(_rounded(value) for value in values)
