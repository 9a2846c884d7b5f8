"""Motions drawn for a photographed face: which action units move, and how, placed by its 68 landmarks.

Units are sums of Gaussians in the scale of the distance between the eyes. They say where skin goes, in the
picture's axes (x to the right, y down) for the face's half at the picture's left; the other half is its
mirror image. They are drawings that resemble the units of FACS, not measurements of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mrn_core.datasets.photo_warp import Push, reading_field, scaled_to
from mrn_core.faces.face import LEFT_EYE, MIRRORED, RIGHT_EYE, Points


@dataclass(frozen=True)
class Stroke:
    """One Gaussian of an action unit: the mean of ``points`` (of the picture's left half), moved by
    ``beside`` eye distances, with ``spread`` in eye distances, moves skin along ``motion``."""

    points: tuple[int, ...]
    beside: tuple[float, float]
    spread: tuple[float, float]
    motion: tuple[float, float]


# In the picture's left half "outwards" is -x. A unit in the middle of the face moves both halves alike.
STROKES: dict[int, tuple[Stroke, ...]] = {
    1: (Stroke((20, 21), (0.0, -0.10), (0.22, 0.18), (0.0, -1.0)),),
    2: (Stroke((17, 18, 19), (0.0, -0.08), (0.26, 0.17), (0.0, -1.0)),),
    4: (Stroke((19, 20, 21), (0.0, -0.06), (0.26, 0.17), (0.35, 0.9)),),
    6: (Stroke((1, 31, 41), (-0.08, 0.10), (0.26, 0.2), (0.15, -1.0)),),
    7: (Stroke((40, 41), (0.0, 0.04), (0.16, 0.09), (0.0, -1.0)),),
    9: (Stroke((31,), (-0.04, -0.12), (0.17, 0.2), (0.15, -1.0)),),
    10: (Stroke((49, 50), (0.0, -0.10), (0.16, 0.13), (0.0, -1.0)),),
    12: (
        Stroke((48,), (0.0, 0.0), (0.2, 0.18), (-0.6, -0.8)),
        Stroke((48,), (-0.25, -0.35), (0.28, 0.22), (-0.1, -0.35)),
    ),
    14: (Stroke((48,), (-0.05, 0.0), (0.18, 0.14), (-0.9, 0.1)),),
    15: (Stroke((48,), (-0.02, 0.08), (0.18, 0.18), (-0.15, 1.0)),),
    17: (Stroke((7, 58), (0.12, 0.0), (0.24, 0.18), (0.0, -1.0)),),
    20: (Stroke((48,), (-0.05, 0.06), (0.22, 0.2), (-0.9, 0.35)),),
}  # fmt: skip

MIXTURES: dict[str, tuple[tuple[int, ...], ...]] = {
    "happiness": ((12,), (6, 12)),
    "disgust": ((9,), (4, 9), (9, 10), (4, 9, 10)),
    "repression": ((15,), (15, 17), (17,), (14, 17)),
    "surprise": ((1, 2), (2,)),
    "others": ((4,), (7,), (4, 7), (20,), (1, 4, 15), (14,)),
}
"""The unit combinations from which each emotion draws; the classes of CASME II."""

_ONE_SIDED = {12: 0.15, 14: 0.3}  # how often a unit moves one side alone
_RANGE = (0.3, 2.0)  # of the largest displacement, pixels in a crop of 224


@dataclass(frozen=True, eq=False)
class Motion:
    """A drawn motion.

    Attributes:
        field: ``(size, size, 2)`` float32, the apex's reading field, pixels of the frame.
        units: weight of each unit, 0..1, by its name ("12", "R12"; R and L are the subject's).
    """

    field: npt.NDArray[np.float32]
    units: dict[str, float]


def draw_motion(
    emotion: str, landmarks: Points, size: int, crop_scale: float, rng: np.random.Generator
) -> Motion:
    """Draws units, sides, weights and strength of one motion.

    Args:
        emotion: a key of ``MIXTURES``.
        landmarks: (68, 2), pixels of the frame.
        size: side of the frame.
        crop_scale: pixels of the aligned 224 crop for one of the frame; the largest displacement is
            uniform in 0.3 to 2 pixels of the crop.
    """
    combinations = MIXTURES[emotion]
    numbers = combinations[int(rng.integers(len(combinations)))]
    eyes = [landmarks[list(eye)].mean(axis=0) for eye in (LEFT_EYE, RIGHT_EYE)]
    scale = float(np.linalg.norm(eyes[1] - eyes[0]))
    turn = _axes(eyes[1] - eyes[0])
    pushes: list[Push] = []
    units: dict[str, float] = {}
    for number in numbers:
        weight = float(rng.uniform(0.5, 1.0))
        uneven = float(rng.uniform(-0.15, 0.15))
        side = str(rng.choice(["R", "L"])) if rng.random() < _ONE_SIDED.get(number, 0.0) else ""
        units[f"{side}{number}"] = round(weight, 4)
        # An unmirrored picture shows the subject's right at its left.
        for half, share in (("R", 1 + uneven), ("L", 1 - uneven)):
            if side in ("", half):
                pushes += _pushes(number, half, weight * share, landmarks, scale, turn)
    peak = float(rng.uniform(*_RANGE)) / crop_scale
    return Motion(scaled_to(reading_field(size, pushes), peak), units)


def _axes(across: npt.NDArray[np.float64]) -> Callable[[float, float], npt.NDArray[np.float64]]:
    """From the face's axes (x along the eyes) to the picture's."""
    x = across / np.linalg.norm(across)
    y = np.array([-x[1], x[0]])
    return lambda right, down: right * x + down * y


def _pushes(
    number: int,
    half: str,
    weight: float,
    landmarks: Points,
    scale: float,
    turn: Callable[[float, float], npt.NDArray[np.float64]],
) -> list[Push]:
    mirror = -1.0 if half == "L" else 1.0
    pushes = []
    for stroke in STROKES[number]:
        points = [int(MIRRORED[p]) if half == "L" else p for p in stroke.points]
        at = landmarks[points].mean(axis=0) + scale * turn(mirror * stroke.beside[0], stroke.beside[1])
        motion = weight * turn(mirror * stroke.motion[0], stroke.motion[1])
        # The field says where to read: against the motion.
        pushes.append(
            Push(
                (float(at[0]), float(at[1])),
                (stroke.spread[0] * scale, stroke.spread[1] * scale),
                (-float(motion[0]), -float(motion[1])),
            )
        )
    return pushes
