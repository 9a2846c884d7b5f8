"""How well a picture shows a face, in figures, and what to say where it shows it poorly.

Brightness and contrast are read in the picture's own pixels, within the hull of the landmarks; sharpness in
the crop that is analysed, as one minus the perceptual blur of Crete et al. ("The blur effect: perception and
estimation with a new no-reference perceptual blur metric", SPIE 6492, 2007): a sharp picture loses most of
its steps from pixel to pixel when it is blurred once more, a blurred one loses few. ``parts`` looks for what
lies over a face: the contrast within each eye and the mouth over that of the face, the lowest of the three.

``overall`` is the product of six numbers in 0..1; one that cannot be told is left out:

- ``landmarks``: how far they can be believed, as the backend measures it;
- ``size`` over 80 px, ``contrast`` over 12 grey levels, ``sharpness`` over 0.25 and ``parts`` over 0.35, each
  1 from there on;
- ``inside``: the share of the box that lies in the picture.

The bounds are where the picture begins to cost something. Twelve faces (three photographed, nine rendered)
were moved at brows and mouth by 1 px of the crop, made smaller, or darker at 128 px, and given a camera's
noise of 1.5 grey levels (``tests/acceptance/test_face_quality.py``). Medians of the flow's gain (1 is right),
of the motion that it saw in the skin at rest (rms, px of the crop), and of how far the landmarks moved (px of
the crop, without the noise):

========== ==== ======= =========      ============= ==== =======
size       gain at rest landmarks      contrast      gain at rest
========== ==== ======= =========      ============= ==== =======
96 px      0.94 0.07    0.5            26 levels     0.94 0.05
80         0.92 0.08    0.8            13            0.90 0.09
64         0.90 0.10    0.8            7             0.87 0.16
48         0.83 0.14    0.8            3.4           0.84 0.35
40         0.78 0.18    1.1            1.9           0.73 0.50
32         0.69 0.24    1.8
24         0.60 0.34    2.1
========== ==== ======= =========      ============= ==== =======

Free faces gave ``parts`` of 0.61 and more, open eyes or shut, in any even light; covered eyes or mouths 0.00
to 0.1, a half of the face in the dark 0.1 to 0.3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from mrn_core.face_reading import FaceQuality
from mrn_core.faces.alignment import crop, face_transform, whole_transform
from mrn_core.faces.face import LEFT_EYE, MOUTH, RIGHT_EYE, Face, Image, Points, as_rgb

GOOD_QUALITY = 0.65  # free faces gave 0.76 to 0.96 in the trials, covered ones and mock profiles 0.1 to 0.6
SMALL_FACE = 48.0  # px: below it, this is told
DIM_FACE = 8.0  # grey levels of contrast
BLURRED_FACE = 0.18
COVERED_FACE = 0.35
_FULL_SIZE, _FULL_CONTRAST, _FULL_SHARPNESS = 80.0, 12.0, 0.25

# What was measured, see above: (size, gain, px of the landmarks), (contrast, px at rest).
_BY_SIZE = ((48.0, 0.83, 0.8), (40.0, 0.78, 1.1), (32.0, 0.69, 1.8), (24.0, 0.60, 2.1))
_BY_CONTRAST = ((7.0, 0.16), (3.4, 0.35), (1.9, 0.5))

_SIZE = 224  # px: the crop that sharpness and parts are read in
_OUTER_CORNERS = (36, 45)
_BLUR = 9  # px: the mean filter of the blur metric
_LEAST_SPREAD = 0.5  # grey levels: a face as flat as that has no parts to speak of


def face_quality(image: npt.NDArray[np.generic], face: Face | None) -> FaceQuality:
    """The figures of one face.

    Args:
        image: (H, W, 3) RGB or (H, W) grey, uint8.
        face: in px of the picture; None: the whole picture is the face, whose landmarks are not known.

    Raises:
        ClipError: not a picture.
    """
    picture = as_rgb(image)
    height, width = picture.shape[:2]
    if face is None:
        grey = _grey(picture)
        sharpness = _sharpness(_grey(crop(picture, whole_transform(height, width, _SIZE))), None)
        size = float(min(height, width))
        return _with_overall(
            size=size, sharpness=sharpness, contrast=grey.std(), brightness=grey.mean(), inside=1
        )
    landmarks = np.asarray(face.landmarks, dtype=np.float64)
    brightness, contrast = _light(picture, landmarks)
    transform = face_transform(landmarks, _SIZE)
    seen, points = _grey(crop(picture, transform)), transform.to_crop(landmarks)
    return _with_overall(
        size=face.size,
        eyes=np.linalg.norm(np.subtract(*landmarks[list(_OUTER_CORNERS)])),
        sharpness=_sharpness(seen, points),
        contrast=contrast,
        brightness=brightness,
        parts=_parts(seen, points),
        inside=share_inside(face.box, height, width),
        score=face.score,
        landmarks=face.quality,
    )


def quality_warnings(quality: FaceQuality, where: str) -> list[str]:
    """What a person should know of a poorly shown face, each with the figure that says so.

    Args:
        where: "frame 3, the onset", or whatever names the picture.
    """
    told = []
    if quality.landmarks < GOOD_QUALITY:
        told.append(
            f"The face in {where} is covered, turned or badly lit (quality {quality.landmarks:.2f} of 1): "
            "its landmarks may be wrong: look at them, and move them or draw the face's box if they are."
        )
    if quality.parts < COVERED_FACE:
        told.append(
            f"An eye or the mouth in {where} has {quality.parts:.2f} of the face's contrast (free ones 0.6 "
            "and more): it is covered or in the dark, and landmarks there may be wrong."
        )
    if quality.size < SMALL_FACE:
        size, gain, moved = _nearest(_BY_SIZE, quality.size)
        told.append(
            f"The face in {where} is only {quality.size:.0f} px large: at {size:.0f} px the landmarks are "
            f"{moved:g} px of the crop off, and a motion of 1 px is read as {gain:g}."
        )
    if quality.contrast < DIM_FACE:
        contrast, at_rest = _nearest(_BY_CONTRAST, quality.contrast)
        told.append(
            f"The face in {where} has a contrast of {quality.contrast:.1f} grey levels (mean "
            f"{quality.brightness:.0f} of 255): at {contrast:g} a camera's noise of 1.5 levels looks like "
            f"{at_rest:g} px of motion."
        )
    if quality.sharpness < BLURRED_FACE:
        told.append(
            f"The face in {where} is blurred (sharpness {quality.sharpness:.2f} of 1; sharp ones 0.4 and "
            "more): motion is read too small there."
        )
    return told


def share_inside(box: tuple[float, float, float, float], height: int, width: int) -> float:
    """The share of a box's area that lies in a picture of this size, 0..1; NaN for a box of no area."""
    x, y, w, h = box
    if not w * h > 0:
        return math.nan
    wide = min(x + w, width - 0.5) - max(x, -0.5)
    high = min(y + h, height - 0.5) - max(y, -0.5)
    return max(0.0, wide) * max(0.0, high) / (w * h)


def _nearest(rows: Sequence[tuple[float, ...]], value: float) -> tuple[float, ...]:
    return min(rows, key=lambda row: abs(row[0] - value))


def _with_overall(**figures: float | np.floating) -> FaceQuality:
    told = {name: float(value) for name, value in figures.items()}
    bounds = {
        "landmarks": 1.0,
        "size": _FULL_SIZE,
        "contrast": _FULL_CONTRAST,
        "sharpness": _FULL_SHARPNESS,
        "parts": COVERED_FACE,
        "inside": 1.0,
    }
    shares = (told.get(name, math.nan) / bound for name, bound in bounds.items())
    overall = math.prod(min(1.0, share) for share in shares if math.isfinite(share))
    return FaceQuality(**told, overall=overall)


def _grey(picture: Image) -> npt.NDArray[np.float64]:
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float64)


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
    inside = _grey(picture[y0:y1, x0:x1])[_hull(landmarks - (x0, y0), y1 - y0, x1 - x0) == 1]
    return (float(inside.mean()), float(inside.std())) if inside.size else (math.nan, math.nan)


def _parts(grey: npt.NDArray[np.float64], landmarks: Points) -> float:
    """The lowest contrast of the eyes and the mouth over that of the face, in the crop."""
    height, width = grey.shape
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.5)  # noise on a plain cover is not contrast
    whole = float(smooth[_hull(landmarks, height, width) == 1].std())
    if not whole > _LEAST_SPREAD:
        return math.nan
    around = np.ones((7, 7), np.uint8)
    masks = (
        cv2.dilate(_hull(landmarks[list(p)], height, width), around) for p in (LEFT_EYE, RIGHT_EYE, MOUTH)
    )
    seen = [float(smooth[mask == 1].std()) for mask in masks if mask.any()]
    return min(seen) / whole if seen else math.nan


def _sharpness(grey: npt.NDArray[np.float64], landmarks: Points | None) -> float:
    """One minus the blur metric over the crop, or over the hull of its landmarks; NaN for a flat one."""
    height, width = grey.shape
    seen = np.ones((height, width), np.uint8) if landmarks is None else _hull(landmarks, height, width)
    blurred = []
    for axis in (0, 1):
        again = cv2.blur(grey, (1, _BLUR) if axis == 0 else (_BLUR, 1), borderType=cv2.BORDER_REPLICATE)
        steps, left = (np.abs(np.diff(each, axis=axis)) for each in (grey, again))
        inner = (seen[1:] & seen[:-1] if axis == 0 else seen[:, 1:] & seen[:, :-1]) == 1
        total = float(steps[inner].sum())
        if total > 0:
            blurred.append(1 - float(np.maximum(0, steps - left)[inner].sum()) / total)
    return 1 - max(blurred) if blurred else math.nan
