"""How well a picture shows a face, in figures.

Brightness and contrast are read in the picture's own pixels, within the hull of the landmarks; sharpness in
the crop that is analysed, as one minus the perceptual blur of Crete et al. ("The blur effect: perception and
estimation with a new no-reference perceptual blur metric", SPIE 6492, 2007): a sharp picture loses most of
its steps from pixel to pixel when it is blurred once more, a blurred one loses few.

``overall`` is the product of four numbers in 0..1; one that cannot be told is left out:

- ``landmarks``: how far they can be believed, as the backend measures it;
- size: the distance between the outer corners of the eyes over 60 px, 1 from there on;
- light: the contrast over 12 grey levels, 1 from there on;
- ``inside``: the share of the box in the picture.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from mrn_core.face_reading import FaceQuality
from mrn_core.faces.alignment import CropTransform, crop, face_transform, whole_transform
from mrn_core.faces.face import Face, Image, Points, as_rgb

_SIZE = 224  # px: the crop that sharpness is read in
_OUTER_CORNERS = (36, 45)
_BLUR = 9  # px: the mean filter of the blur metric; the paper's is 9
GOOD_EYES = 60.0
GOOD_CONTRAST = 12.0


def face_quality(image: npt.NDArray[np.generic], face: Face | None) -> FaceQuality:
    """The figures of one face.

    Args:
        image: (H, W, 3) RGB or (H, W) grey, uint8.
        face: in px of the picture; None: the whole picture is the face, which then has no eyes to measure.
    """
    picture = as_rgb(image)
    height, width = picture.shape[:2]
    if face is None:
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float64)
        light, spread = float(grey.mean()), float(grey.std())
        sharp = _sharpness(picture, whole_transform(height, width, _SIZE), None)
        return _with_overall(
            FaceQuality(float(min(height, width)), math.nan, sharp, spread, light, 1.0, math.nan, math.nan)
        )
    landmarks = np.asarray(face.landmarks, dtype=np.float64)
    light, spread = _light(picture, landmarks)
    return _with_overall(
        FaceQuality(
            size=face.size,
            eyes=float(np.linalg.norm(np.subtract(*landmarks[list(_OUTER_CORNERS)]))),
            sharpness=_sharpness(picture, face_transform(landmarks, _SIZE), landmarks),
            contrast=spread,
            brightness=light,
            inside=share_inside(face.box, height, width),
            score=face.score,
            landmarks=face.quality,
        )
    )


def share_inside(box: tuple[float, float, float, float], height: int, width: int) -> float:
    """The share of a box's area that lies in a picture of this size, 0..1; NaN for a box of no area."""
    x, y, w, h = box
    if not w * h > 0:
        return math.nan
    wide = min(x + w, width - 0.5) - max(x, -0.5)
    high = min(y + h, height - 0.5) - max(y, -0.5)
    return max(0.0, wide) * max(0.0, high) / (w * h)


def _with_overall(told: FaceQuality) -> FaceQuality:
    values = told.as_told()
    parts = (told.landmarks, told.eyes / GOOD_EYES, told.contrast / GOOD_CONTRAST, told.inside)
    values["overall"] = math.prod(min(1.0, part) for part in parts if math.isfinite(part))
    return FaceQuality.from_told(values)


def _hull(landmarks: Points, height: int, width: int) -> npt.NDArray[np.uint8]:
    mask = np.zeros((height, width), np.uint8)
    hull = cv2.convexHull(np.rint(landmarks).astype(np.int32))
    cv2.fillConvexPoly(mask, np.asarray(hull, np.int32), 1)
    return mask


def _light(picture: Image, landmarks: Points) -> tuple[float, float]:
    """Mean and standard deviation of the grey levels within the landmarks' hull; NaN beyond the picture."""
    height, width = picture.shape[:2]
    x0, y0 = np.clip(np.floor(landmarks.min(axis=0)).astype(int), 0, (width, height))
    x1, y1 = np.clip(np.ceil(landmarks.max(axis=0)).astype(int) + 1, 0, (width, height))
    if x1 <= x0 or y1 <= y0:
        return math.nan, math.nan
    grey = cv2.cvtColor(picture[y0:y1, x0:x1], cv2.COLOR_RGB2GRAY).astype(np.float64)
    inside = grey[_hull(landmarks - (x0, y0), y1 - y0, x1 - x0) == 1]
    return (float(inside.mean()), float(inside.std())) if inside.size else (math.nan, math.nan)


def _sharpness(picture: Image, transform: CropTransform, landmarks: Points | None) -> float:
    grey = cv2.cvtColor(crop(picture, transform), cv2.COLOR_RGB2GRAY).astype(np.float64)
    height, width = grey.shape
    seen = np.ones((height, width), np.uint8)
    if landmarks is not None:
        seen = _hull(transform.to_crop(landmarks), height, width)
    blurred = []
    for axis in (0, 1):
        again = cv2.blur(grey, (1, _BLUR) if axis == 0 else (_BLUR, 1), borderType=cv2.BORDER_REPLICATE)
        steps, left = (np.abs(np.diff(each, axis=axis)) for each in (grey, again))
        inner = np.diff(np.cumsum(seen, axis=axis, dtype=np.int64), axis=axis) > 0
        total = float(steps[inner].sum())
        if total > 0:
            blurred.append(1 - float(np.maximum(0, steps - left)[inner].sum()) / total)
    return 1 - max(blurred) if blurred else math.nan
