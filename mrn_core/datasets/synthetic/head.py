"""A made-up person's head, ready to be moved and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mrn_core.datasets.synthetic.landmarks import CHIN, LANDMARKS
from mrn_core.datasets.synthetic.pack import LEFT_EYE, RIGHT_EYE, SKIN, HeadPack, head_pack
from mrn_core.datasets.synthetic.people import Identity, shape_of
from mrn_core.datasets.synthetic.raster import CENTRE, rasterise, vertex_normals
from mrn_core.datasets.synthetic.skin import hair_at, skin_texture, skin_tone, unrolled

_HAIR_LIFT = {"shaved": 0.0, "crop": 0.06, "full": 0.16, "thick": 0.22}
_SMOOTHINGS = 6
_OCCLUSION_VIEWS, _OCCLUSION_SIZE = 64, 160
_LASH_REACH = 0.016
_LENGTH_OF_WIDTH = 0.763  # of the base head
_OPEN, _WIDEST = 0.35, 0.8  # least opening of the lids over the eye's width; most weight of eyeWide for it


@dataclass(frozen=True, eq=False)
class Head:
    """One person's neutral head and what the renderer needs of it.

    Attributes:
        person: whose head.
        vertices: ``(V, 3)`` float64, neutral, the middle between the eyes at (0, 0, 0); 1 unit is 10 cm.
        length: how long the face is from the eye line to the chin, in units; half of it goes by the width,
            so that broad faces fit the picture.
        attributes: ``(V, 9)``, see :func:`shading.shade`.
        texture: ``(h, w, 4)`` float32, see :func:`skin.skin_texture`.
        palette: ``(7, 3)``, see :func:`shading.shade`.
    """

    person: Identity
    vertices: NDArray[np.float64]
    length: float
    attributes: NDArray[np.float64]
    texture: NDArray[np.float32]
    palette: NDArray[np.float64]

    def moved(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """(V, 3) the head with its expression units (52,) at ``weights``; linear, nothing is cut off."""
        units = head_pack().dense_units
        vertices = self.vertices.copy()
        for number in np.flatnonzero(weights):
            vertices += weights[number] * units[number]
        return vertices

    def landmarks(self, vertices: NDArray[np.float64]) -> NDArray[np.float64]:
        """(68, 3) the points of the usual 68-point scheme on moved vertices."""
        return vertices[LANDMARKS]


@lru_cache(maxsize=3)
def head_of(person: Identity) -> Head:
    """The head of a person; the last three are kept (15 MB each)."""
    pack = head_pack()
    vertices = shape_of(person)
    eyes = np.unique(pack.triangles[(pack.parts == LEFT_EYE) | (pack.parts == RIGHT_EYE)])
    lift = _HAIR_LIFT[person.hair_style]
    if lift:
        _lift_hair(vertices, lift * hair_at(person, pack.vertices), pack)
    vertices -= vertices[eyes].mean(axis=0)
    _open_eyes(vertices, pack)
    width = float(vertices[LANDMARKS[16], 0] - vertices[LANDMARKS[0], 0])
    tone = skin_tone(person)
    palette = np.array(
        (
            np.array((0.80, 0.56, 0.60)) * tone + np.array((0.035, 0.004, 0.008)),
            (0.10, 0.022, 0.018),
            person.hair,
            person.iris,
            (0.56, 0.52, 0.49),
            (0.55, 0.50, 0.42),
            (1 / tone.sum(), 0, 0),
        )
    )
    return Head(
        person=person,
        vertices=vertices,
        length=float(np.sqrt(-vertices[CHIN, 1] * _LENGTH_OF_WIDTH * width)),
        attributes=_attributes(vertices, pack),
        texture=skin_texture(person),
        palette=palette,
    )


def _open_eyes(vertices: NDArray[np.float64], pack: HeadPack) -> None:
    """Lifts sleepy lids, in place: chance can give a shape that no awake face has."""
    for side, first in (("Right", 36), ("Left", 42)):
        corner, upper1, upper2, other, lower2, lower1 = vertices[LANDMARKS[first : first + 6]]
        width = abs(float(corner[0] - other[0]))
        opening = float(upper1[1] + upper2[1] - lower1[1] - lower2[1]) / 2
        wide = pack.dense_units[pack.units.names.index(f"eyeWide{side}")]
        u1, u2, l2, l1 = (wide[LANDMARKS[first + k], 1] for k in (1, 2, 4, 5))
        gain = float(u1 + u2 - l1 - l2) / 2
        vertices += np.clip((_OPEN * width - opening) / gain, 0.0, _WIDEST) * wide


def _lift_hair(vertices: NDArray[np.float64], height: NDArray[np.float64], pack: HeadPack) -> None:
    """Moves the scalp outwards, in place, by the hair's height; ears and face stay."""
    normals = vertex_normals(vertices, pack.triangles)
    skin = np.zeros(len(vertices))
    skin[np.unique(pack.triangles[pack.parts == SKIN])] = 1
    height = height * skin * (1 - np.minimum(1, 2 * pack.masks["ears"]))
    ends = pack.triangles[:, [0, 1, 2, 1, 2, 0]].reshape(-1, 2)
    for _ in range(_SMOOTHINGS):  # a step from one vertex to the next would stand out as a spike
        total = np.bincount(ends[:, 0], height[ends[:, 1]], len(height))
        number = np.bincount(ends[:, 0], minlength=len(height))
        height = (height + total / np.maximum(number, 1)) / 2
    vertices += height[:, None] * normals


def _attributes(vertices: NDArray[np.float64], pack: HeadPack) -> NDArray[np.float64]:
    """(V, 9): texture x and y, occlusion, lips, mouth, lashes, ears, eye x and y."""
    base = pack.vertices
    lash = base[pack.lashes]
    near = np.array([np.min(((lash - v) ** 2).sum(1)) if v[2] > 1.2 else 9.0 for v in base])
    attributes = np.zeros((len(base), 9))
    attributes[:, :2] = unrolled(base)
    attributes[:, 2] = _openness(vertices, pack)
    attributes[:, 3] = pack.masks["lips"]
    attributes[:, 4] = pack.masks["inside-mouth"] * (1 - pack.masks["lips"])
    attributes[:, 5] = np.exp(-near / (2 * _LASH_REACH**2))
    attributes[:, 6] = pack.masks["ears"]
    for part in (LEFT_EYE, RIGHT_EYE):
        of_eye = np.unique(pack.triangles[pack.parts == part])
        centre = (base[of_eye].min(axis=0) + base[of_eye].max(axis=0)) / 2
        attributes[of_eye, 7:] = (base[of_eye] - centre)[:, :2]
    return attributes


def _openness(vertices: NDArray[np.float64], pack: HeadPack) -> NDArray[np.float64]:
    """(V,) ambient occlusion: the cosine-weighted share of the sky each vertex sees, 0 to 1."""
    normals = vertex_normals(vertices, pack.triangles)
    middle = (vertices.min(axis=0) + vertices.max(axis=0)) / 2
    reach = np.linalg.norm(vertices - middle, axis=1).max()
    scale = (_OCCLUSION_SIZE - 2) / (2 * reach)
    total, open_ = np.zeros(len(vertices)), np.zeros(len(vertices))
    for number in range(_OCCLUSION_VIEWS):
        # A spiral covers the sphere evenly.
        up = 1 - (2 * number + 1) / _OCCLUSION_VIEWS
        turn = number * np.pi * (3 - np.sqrt(5))
        level = np.sqrt(1 - up * up)
        ahead = np.array((level * np.cos(turn), up, level * np.sin(turn)))
        side = np.cross((0.0, 0.0, 1.0) if abs(up) > 0.9 else (0.0, 1.0, 0.0), ahead)
        side /= np.linalg.norm(side)
        over = np.cross(ahead, side)
        local = (vertices - middle) @ np.stack([side, over, ahead], axis=1)
        screen = np.empty_like(local)
        screen[:, 0] = local[:, 0] * scale + _OCCLUSION_SIZE / 2
        screen[:, 1] = -local[:, 1] * scale + _OCCLUSION_SIZE / 2
        screen[:, 2] = local[:, 2] + 2 * reach  # larger is nearer, as 1 / distance is
        _, _, near = rasterise(screen, pack.triangles, _OCCLUSION_SIZE, _OCCLUSION_SIZE, CENTRE)
        x = np.clip(np.rint(screen[:, 0]).astype(int), 0, _OCCLUSION_SIZE - 1)
        y = np.clip(np.rint(screen[:, 1]).astype(int), 0, _OCCLUSION_SIZE - 1)
        facing = np.maximum(0.0, normals @ ahead)
        # The tolerance covers the slope of the surface within one sample.
        seen = np.clip((screen[:, 2] - near[0, y, x] + 0.10) / 0.05, 0.0, 1.0)
        total += facing
        open_ += facing * seen
    return open_ / np.maximum(total, 1e-9)
