"""Where the head is and how the camera sees it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NECK = np.array((0.0, -1.35, -0.75))
"""The point that the head turns about, in the head's own axes (0 is between the eyes)."""


@dataclass(frozen=True)
class Pose:
    """Where the head is, rigidly.

    Attributes:
        yaw, pitch, roll: degrees; positive turns to the subject's left, nods down, and tilts to the
            subject's left.
        x, y, z: shift in units of 10 cm, to the picture's right, up, and towards the camera.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0

    def matrix(self) -> NDArray[np.float64]:
        """(3, 3) the rotation: roll, then pitch, then yaw."""
        yaw, pitch, roll = np.deg2rad((self.yaw, self.pitch, self.roll))
        about_y = np.array(((np.cos(yaw), 0, np.sin(yaw)), (0, 1, 0), (-np.sin(yaw), 0, np.cos(yaw))))
        about_x = np.array(((1, 0, 0), (0, np.cos(pitch), -np.sin(pitch)), (0, np.sin(pitch), np.cos(pitch))))
        about_z = np.array(((np.cos(roll), -np.sin(roll), 0), (np.sin(roll), np.cos(roll), 0), (0, 0, 1)))
        return about_y @ about_x @ about_z

    def __add__(self, other: Pose) -> Pose:
        """Both, angle by angle and axis by axis: exact for shifts, near enough for small turns."""
        return Pose(*(getattr(self, k) + getattr(other, k) for k in ("yaw", "pitch", "roll", "x", "y", "z")))


@dataclass(frozen=True)
class Camera:
    """A pinhole camera that looks at the head.

    Attributes:
        width, height: the picture in pixels.
        face: pixels from the eye line to the chin; 106 in 224 fills the picture as an aligned crop does.
        distance: from the eyes, in units of 10 cm.
        eye_line: height of the eyes in the picture, 0 top to 1 bottom.
        samples: how many times the light is sampled in a pixel; ``edge_samples`` where an edge crosses it.
    """

    width: int = 224
    height: int = 224
    face: float = 106.0
    distance: float = 24.0
    eye_line: float = 0.43
    samples: int = 4
    edge_samples: int = 12

    def see(self, vertices: NDArray[np.float64], pose: Pose) -> NDArray[np.float64]:
        """(V, 3) points of a head as the camera sees them: camera at 0, looking along -z, y up."""
        turned = (vertices - NECK) @ pose.matrix().T + NECK
        return turned + np.array((pose.x, pose.y, pose.z - self.distance))

    def project(self, seen: NDArray[np.float64], length: float) -> NDArray[np.float64]:
        """(V, 3) x and y in pixels (centres on whole numbers, y down) and 1 / distance."""
        focal = self.face / length * self.distance
        inverse = -1.0 / seen[:, 2]
        x = (self.width - 1) / 2 + focal * seen[:, 0] * inverse
        y = self.eye_line * (self.height - 1) - focal * seen[:, 1] * inverse
        return np.stack([x, y, inverse], axis=-1)


@dataclass(frozen=True)
class Light:
    """A key light, a weaker fill light, and light from all around.

    Attributes:
        azimuth, elevation: where the key light stands, degrees from the camera; + is the picture's right.
        key, fill, ambient: strengths.
        warmth: colour of the key light, -1 blue to 1 orange.
    """

    azimuth: float = -30.0
    elevation: float = 35.0
    key: float = 0.85
    fill: float = 0.12
    ambient: float = 0.26
    warmth: float = 0.1

    def rows(self) -> NDArray[np.float64]:
        """(6, 3): direction and colour of the key light, of the fill light, ambient colour, glossy direction.

        What a mirror turned to the last would show is the key light.
        """
        tint = np.array((1 + 0.12 * self.warmth, 1.0, 1 - 0.16 * self.warmth))
        towards = _direction(self.azimuth, self.elevation)
        half = towards + np.array((0.0, 0.0, 1.0))
        return np.array(
            (
                towards,
                self.key * tint,
                _direction(-1.6 * self.azimuth, 5.0),
                self.fill * np.ones(3),
                self.ambient * (2 - tint),
                half / np.linalg.norm(half),
            )
        )


def _direction(azimuth: float, elevation: float) -> NDArray[np.float64]:
    a, e = np.deg2rad((azimuth, elevation))
    return np.array((np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)))
