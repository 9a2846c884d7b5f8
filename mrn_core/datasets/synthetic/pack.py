"""The CC0 heads that come with the program, read from resources/heads/heads.npz."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mrn_core.resources import resource

SKIN, LEFT_EYE, RIGHT_EYE, UPPER_TEETH, LOWER_TEETH, TONGUE = range(6)
_LASHES = 6
_PER_UNIT, _PER_UNIT_BASE = 1e-3, 1e-4


@dataclass(frozen=True, eq=False)
class Targets:
    """Named displacements of some vertices, stored one after the other.

    Attributes:
        names: what each target is called in MakeHuman.
        starts: ``(T + 1,)``, where each target's entries begin.
        indices: ``(E,)``, the vertices moved.
        offsets: ``(E, 3)`` float64, by how much, in units of 10 cm.
    """

    names: tuple[str, ...]
    starts: NDArray[np.int32]
    indices: NDArray[np.int64]
    offsets: NDArray[np.float64]

    def add(self, vertices: NDArray[np.float64], number: int, weight: float) -> None:
        """Adds ``weight`` times one target to ``vertices`` (V, 3), in place."""
        entries = slice(self.starts[number], self.starts[number + 1])
        vertices[self.indices[entries]] += weight * self.offsets[entries]


@dataclass(frozen=True, eq=False)
class HeadPack:
    """One head of mean shape and everything that changes it. 1 unit is 10 cm, y up, face to +z.

    Attributes:
        vertices: ``(V, 3)`` float64, the base mesh's head.
        triangles: ``(F, 3)`` int32, counter-clockwise seen from outside; no lashes.
        parts: ``(F,)`` uint8: SKIN, LEFT_EYE (the subject's left, +x), RIGHT_EYE, ...
        lashes: indices of the vertices of the lash strips.
        masks: per vertex, 0 to 1: "face", "lips", "inside-mouth", "eyelids", "ears".
        macro, local, asymmetry, units: the targets: origin and build, shape, one-sidedness, expression.
        axes: for each local target its axis and sign; a shape axis has targets for either sign.
        dense_units: ``(52, V, 3)`` float64, the expression units.
    """

    vertices: NDArray[np.float64]
    triangles: NDArray[np.int32]
    parts: NDArray[np.uint8]
    lashes: NDArray[np.int64]
    masks: dict[str, NDArray[np.float64]]
    macro: Targets
    local: Targets
    asymmetry: Targets
    units: Targets
    axes: NDArray[np.int64]
    dense_units: NDArray[np.float64]


@lru_cache(maxsize=1)
def head_pack() -> HeadPack:
    """The pack, read once.

    Raises:
        FileNotFoundError: the installation is not whole.
    """
    with np.load(resource("heads", "heads.npz"), allow_pickle=False) as stored:
        vertices = stored["vertices"] * _PER_UNIT_BASE
        quads, part = stored["quads"][..., 0].astype(np.int32), stored["part"]
        masks = {
            str(name): mask / 255.0 for name, mask in zip(stored["mask_names"], stored["masks"], strict=True)
        }

        def targets(group: str) -> Targets:
            return Targets(
                names=tuple(str(name) for name in stored[f"{group}_names"]),
                starts=stored[f"{group}_starts"],
                indices=stored[f"{group}_indices"].astype(np.int64),
                offsets=stored[f"{group}_offsets"] * _PER_UNIT,
            )

        macro, local, asymmetry, units = (targets(group) for group in ("macro", "local", "asym", "unit"))
        axes = stored["local_axes"].astype(np.int64)
    solid = part != _LASHES
    halves = quads[solid][:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)
    dense = np.zeros((len(units.names), *vertices.shape))
    for number in range(len(units.names)):
        units.add(dense[number], number, 1.0)
    return HeadPack(
        vertices=vertices,
        triangles=np.ascontiguousarray(halves),
        parts=np.repeat(part[solid], 2),
        lashes=np.unique(quads[~solid]).astype(np.int64),
        masks=masks,
        macro=macro,
        local=local,
        asymmetry=asymmetry,
        units=units,
        axes=axes,
        dense_units=dense,
    )


@lru_cache(maxsize=1)
def lip_sides() -> NDArray[np.int8]:
    """(F,) 1 for the upper lip, -1 for the lower one, 0 elsewhere: on the base mesh they touch."""
    pack = head_pack()

    def moved_by(unit: str) -> NDArray[np.float64]:
        pair = (pack.dense_units[pack.units.names.index(unit + side)] for side in ("Left", "Right"))
        return np.asarray(np.linalg.norm(sum(pair), axis=1))

    upper, lower = moved_by("mouthUpperUp"), moved_by("mouthLowerDown")
    mouth = (pack.masks["lips"] > 0.3) | (pack.masks["inside-mouth"] > 0.3)
    sides = np.where(mouth, np.sign(upper - lower), 0.0)[pack.triangles].sum(axis=1)
    return np.asarray(np.sign(sides), np.int8)
