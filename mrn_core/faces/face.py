"""What a face is, and what finds one: the record and the interface of the backends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from mrn_core.errors import ClipError

Image = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]

# The 68 points of the iBUG / 300-W scheme, counted from 0. Left and right are the picture's.
LEFT_BROW = tuple(range(17, 22))
RIGHT_BROW = tuple(range(22, 27))
NOSE_BRIDGE = tuple(range(27, 31))
NOSE_BASE = tuple(range(31, 36))
LEFT_EYE = tuple(range(36, 42))
RIGHT_EYE = tuple(range(42, 48))
MOUTH = tuple(range(48, 68))

# Point i of a face is point MIRRORED[i] of its mirror image.
# fmt: off
MIRRORED = np.array([
    16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 27, 28, 29, 30, 35, 34, 33, 32, 31,
    45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40,
    54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65,
])
# fmt: on


@dataclass(frozen=True, eq=False)
class Face:
    """One face in a picture.

    Attributes:
        box: (x, y, width, height) in pixels of the picture, as the detector or a person gave it. May reach
            beyond the picture.
        landmarks: (68, 2) float64, x and y in pixels of the picture; the centre of the first pixel is (0, 0).
        quality: 0..1, how far the landmarks can be believed: high for a free frontal face, lower for a
            covered, turned or badly lit one. Each backend says how it is measured.
        backend: the name of what found it; "given" for landmarks that came from outside.
        score: the detector's own, in the backend's scale; NaN where a box or landmarks were given.
    """

    box: Box
    landmarks: Points
    quality: float
    backend: str
    score: float = math.nan

    @property
    def size(self) -> float:
        """The longer side of the landmarks' bounding box, px."""
        return float(np.ptp(self.landmarks, axis=0).max())


class FaceBackend(Protocol):
    """A detector with a landmark predictor. Both take (H, W, 3) uint8 RGB."""

    name: str

    def detect(self, image: Image) -> list[Face]:
        """All faces in the picture, in any order."""
        ...

    def predict(self, image: Image, box: Box) -> Face:
        """The face inside a given box, whether or not there is one."""
        ...


def as_rgb(image: npt.NDArray[np.generic]) -> Image:
    """A grey (H, W), (H, W, 1) or colour (H, W, 3) uint8 picture as contiguous (H, W, 3) uint8.

    Raises:
        ClipError: it is neither.
    """
    array = np.asarray(image)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if array.ndim == 2:
        array = np.repeat(array[..., None], 3, axis=2)
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3 or 0 in array.shape:
        raise ClipError(
            f"A picture of shape {tuple(array.shape)} and type {array.dtype} cannot be searched for a face.",
            "Give it as 8-bit grey (H, W) or RGB (H, W, 3).",
        )
    return np.ascontiguousarray(array)
