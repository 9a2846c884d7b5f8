"""The aligned crop: one similarity from picture to crop, used for the onset and the apex alike.

Pixel convention, everywhere: the centre of the first pixel is (0, 0), a picture's area reaches from -0.5 to
W - 0.5. A crop's area maps onto a square of the picture, and its centre ((size - 1) / 2) onto that square's
centre.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from mrn_core.faces.face import LEFT_EYE, RIGHT_EYE, Image, Points, as_rgb

NEUTRAL = 128  # the grey of what lies outside the picture


@dataclass(frozen=True, eq=False)
class CropTransform:
    """From picture to crop.

    Attributes:
        matrix: (2, 3) float64; crop point = matrix[:, :2] @ picture point + matrix[:, 2].
        size: side of the crop, px.
    """

    matrix: Points
    size: int

    @property
    def scale(self) -> float:
        """Crop pixels per picture pixel."""
        return math.sqrt(abs(float(np.linalg.det(self.matrix[:, :2]))))

    @property
    def angle(self) -> float:
        """Degrees by which the picture is turned, counter-clockwise as seen."""
        return math.degrees(math.atan2(self.matrix[0, 1], self.matrix[0, 0]))

    def to_crop(self, points: npt.ArrayLike) -> Points:
        """(..., 2) points of the picture, in the crop."""
        return np.asarray(points, dtype=np.float64) @ self.matrix[:, :2].T + self.matrix[:, 2]

    def to_image(self, points: npt.ArrayLike) -> Points:
        """(..., 2) points of the crop, in the picture."""
        inverse = np.linalg.inv(self.matrix[:, :2])
        return (np.asarray(points, dtype=np.float64) - self.matrix[:, 2]) @ inverse.T

    def shifted(self, x: float, y: float) -> CropTransform:
        """The same, with everything in the crop moved by (x, y) px."""
        return CropTransform(self.matrix + np.array([[0, 0, x], [0, 0, y]]), self.size)

    def outside(self, height: int, width: int) -> npt.NDArray[np.bool_]:
        """(size, size) True where a pixel's centre lies beyond a picture of this size."""
        steps = np.arange(self.size, dtype=np.float64)
        x, y = np.moveaxis(self.to_image(np.stack(np.meshgrid(steps, steps), axis=-1)), -1, 0)
        return ~((x >= -0.5) & (x <= width - 0.5) & (y >= -0.5) & (y <= height - 0.5))

    def share_outside(self, height: int, width: int) -> float:
        """The share of the crop's pixels whose centres lie beyond a picture of this size, 0..1."""
        return float(self.outside(height, width).mean())


def similarity(centre: npt.ArrayLike, side: float, angle: float, size: int) -> CropTransform:
    """The crop of a square of the picture: its centre, its side in px, and its tilt in radians."""
    scale = size / side
    cos, sin = math.cos(angle) * scale, math.sin(angle) * scale
    turn = np.array([[cos, sin], [-sin, cos]])
    shift = (size - 1) / 2 - turn @ np.asarray(centre, dtype=np.float64)
    return CropTransform(np.column_stack([turn, shift]), size)


def face_transform(landmarks: Points, size: int = 224, margin: float = 0.2) -> CropTransform:
    """The crop of a face: eyes level, a square around the 68 landmarks.

    The line between the eyes' centres (the mean of each eye's six points) is turned level. The box of the
    turned landmarks keeps its centre and becomes a square of its longer side, with ``margin`` of that side
    added all around.

    Args:
        landmarks: (68, 2), px of the picture.
        size: side of the crop, px.
        margin: 0.2 is the design's.
    """
    points = np.asarray(landmarks, dtype=np.float64)
    dx, dy = points[list(RIGHT_EYE)].mean(axis=0) - points[list(LEFT_EYE)].mean(axis=0)
    angle = math.atan2(dy, dx)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    level = points @ turn.T
    low, high = level.min(axis=0), level.max(axis=0)
    side = float((high - low).max()) * (1 + 2 * margin)
    return similarity(turn.T @ ((low + high) / 2), side, angle, size)


def whole_transform(height: int, width: int, size: int = 224) -> CropTransform:
    """The whole picture as a crop, in its proportions: one that is not square gets neutral borders."""
    return similarity(((width - 1) / 2, (height - 1) / 2), float(max(height, width)), 0.0, size)


def crop(image: npt.NDArray[np.generic], transform: CropTransform) -> Image:
    """The crop of a picture: (size, size, 3) uint8.

    Linear interpolation: OpenCV's cubic one moves what it shows by up to 0.05 px, a tenth of
    a small motion. When the picture shrinks, it is read on a grid fine enough to see each of its pixels, then
    averaged over areas, so that nothing aliases. What lies outside the picture is neutral grey (128). A crop
    of the same size as the picture and no turn is the picture itself, to the bit.

    Args:
        image: (H, W, 3) or (H, W) uint8.
    """
    picture = as_rgb(image)
    size, height, width = transform.size, *picture.shape[:2]
    corners = transform.to_image([(-1, -1), (size, -1), (size, size), (-1, size)])
    x0, y0 = np.clip(np.floor(corners.min(axis=0)).astype(int) - 3, 0, [width, height])
    x1, y1 = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 4, 0, [width, height])
    if x1 <= x0 or y1 <= y0:
        return np.full((size, size, 3), NEUTRAL, dtype=np.uint8)
    fine = max(1, math.ceil(1 / transform.scale - 1e-9))
    matrix = transform.matrix * fine
    # the shift to the part that is read, and the half pixel between the fine grid and the crop's
    matrix[:, 2] += matrix[:, :2] @ (x0, y0) + (fine - 1) / 2
    grid = (size * fine, size * fine)
    part = picture[y0:y1, x0:x1].astype(np.float32)
    shown = cv2.warpAffine(part, matrix, grid, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    # by pixel centres, so that no colour of the picture bleeds into the neutral part
    inside = cv2.warpAffine(np.ones(part.shape[:2], np.uint8), matrix, grid, flags=cv2.INTER_NEAREST)
    shown[inside == 0] = NEUTRAL
    if fine > 1:
        shown = cv2.resize(shown, (size, size), interpolation=cv2.INTER_AREA)
    return np.clip(np.rint(shown), 0, 255).astype(np.uint8)
