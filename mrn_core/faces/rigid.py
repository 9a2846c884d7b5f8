"""How far the whole head moves between two crops, and the crop of the apex in which it does not.

The head is what most of the nose and the eyes' surroundings do together. Their small patches are followed
one by one (Lucas and Kanade 1981), and one shift and turn is fitted to all, robustly (Tukey's biweight), so
that a glance, a blink, a drawn brow or a raised nostril is left out instead of being taken for the head.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from mrn_core.faces.alignment import CropTransform, crop
from mrn_core.faces.face import (
    LEFT_BROW,
    LEFT_EYE,
    NOSE_BASE,
    NOSE_BRIDGE,
    RIGHT_BROW,
    RIGHT_EYE,
    Image,
    Points,
)
from mrn_core.faces.shift import Grey, head_shift, smooth_grey, stable_box
from mrn_core.head_motion import RigidMotion

Array = npt.NDArray[np.float64]

_STEP = 6  # px between the patches' middles
_PATCH = 4.0  # standard deviation of a patch's window, px
_FACE_GIVES = 0.1  # px by which skin moves against the bone, one standard deviation: caps what one patch says
_FAR = 3.0  # standard deviations from the fit at which a patch no longer counts
_ROUNDS, _SETTLED = 12, 0.002  # px
_LEAST_SPREAD = 0.5  # grey levels of the apex over nose and eyes
_LEAST_PATCHES = 12
# of an eye's width: around the nose, around the eyes, and kept clear of the brows
_NOSE, _EYES, _BROWS = 0.5, 0.35, 0.3


def rigid_motion(
    onset_crop: Image, apex_crop: Image, landmarks_crop: Points | None = None
) -> RigidMotion | None:
    """The motion of the whole head between two crops.

    Args:
        onset_crop, apex_crop: (size, size, 3) uint8.
        landmarks_crop: (68, 2) px of the crop; None (or NaN) takes the middle of the crop.

    Returns:
        None where nose and eyes show too little to tell.
    """
    same = CropTransform(np.eye(2, 3), onset_crop.shape[0])
    found = refined_transform(onset_crop, apex_crop, same, landmarks_crop)
    return None if found is None else motion_between(same, found, landmarks_crop)


def rigid_motion_px(onset_crop: Image, apex_crop: Image, landmarks_crop: Points | None = None) -> float:
    """``rigid_motion``'s px; NaN when it cannot be told."""
    motion = rigid_motion(onset_crop, apex_crop, landmarks_crop)
    return math.nan if motion is None else motion.px


def refined_transform(
    onset_crop: Image, apex: Image, transform: CropTransform, landmarks_crop: Points | None = None
) -> CropTransform | None:
    """The crop of the apex in which the head lies as it does in the onset's crop: a shift and a turn.

    The apex is cut again from the picture in each round, so that what is read was interpolated once.

    Args:
        onset_crop: (size, size, 3) uint8, cut with ``transform``.
        apex: (H, W, 3) uint8, the whole frame.
        transform: the onset's.
        landmarks_crop: (68, 2) px of the crop; None (or NaN) takes the middle of the crop.

    Returns:
        None where nose and eyes show too little to tell, or the two do not come together.
    """
    x, y = head_shift(onset_crop, crop(apex, transform), landmarks_crop)
    if not math.isfinite(x + y):
        return None
    patches = _Patches.of(smooth_grey(onset_crop), landmarks_crop)
    if patches is None:
        return None
    found = transform.shifted(-x, -y)
    for _ in range(_ROUNDS):
        fitted = _fit(patches, smooth_grey(crop(apex, found)))
        if fitted is None:
            return None
        turn, shift = fitted
        # what is at p in the onset's crop was found at turn @ p + shift in the apex's
        matrix = turn.T @ found.matrix
        matrix[:, 2] -= turn.T @ shift
        found = CropTransform(matrix, found.size)
        middle = patches.places.mean(axis=0)
        if np.abs(turn @ middle + shift - middle).max() < _SETTLED:
            break
    return found


def motion_between(
    transform: CropTransform, refined: CropTransform, landmarks_crop: Points | None = None
) -> RigidMotion:
    """The head's motion that makes ``refined`` the crop of the apex where ``transform`` cut the onset.

    Args:
        landmarks_crop: (68, 2) px of the onset's crop; None (or NaN) takes the middle of the crop.
    """
    if landmarks_crop is None or not np.isfinite(landmarks_crop).all():
        angle = np.arange(8) * math.pi / 4
        middle = np.full((1, 2), (transform.size - 1) / 2)
        # eight points at a disc's root mean square radius
        ring = transform.size / (3 * math.sqrt(2)) * np.column_stack([np.cos(angle), np.sin(angle)])
        everywhere = middle + ring
    else:
        everywhere = np.asarray(landmarks_crop, dtype=np.float64)
        middle = everywhere[[*NOSE_BRIDGE, *LEFT_EYE, *RIGHT_EYE]]

    def moved(points: Array) -> Array:
        return transform.to_crop(refined.to_image(points)) - points

    x, y = moved(middle).mean(axis=0)
    degrees = transform.angle - refined.angle
    px = math.sqrt(float((moved(everywhere) ** 2).sum(axis=1).mean()))
    return RigidMotion(float(x), float(y), (degrees + 180) % 360 - 180, px)


@dataclass(frozen=True, eq=False)
class _Patches:
    """What is followed: the onset, its slopes, and where the patches lie.

    Attributes:
        onset, x_slope, y_slope: (size, size) float32.
        mask: (size, size) bool, the region of nose and eyes.
        places: (N, 2) float64, the patches' middles.
        tensors: (N, 2, 2), a patch's mean product of slopes, brightness offset taken out.
    """

    onset: Grey
    x_slope: Grey
    y_slope: Grey
    mask: npt.NDArray[np.bool_]
    places: Array
    tensors: Array

    @classmethod
    def of(cls, onset: Grey, landmarks_crop: Points | None) -> _Patches | None:
        mask = _region(onset, landmarks_crop)
        size = onset.shape[0]
        ys, xs = np.mgrid[_STEP // 2 : size : _STEP, _STEP // 2 : size : _STEP]
        inside = mask[ys, xs]
        places = np.column_stack([xs[inside], ys[inside]]).astype(np.float64)
        if len(places) < _LEAST_PATCHES:
            return None
        x_slope, y_slope = (
            np.asarray(cv2.Sobel(onset, cv2.CV_32F, *order, scale=1 / 8), np.float32)
            for order in ((1, 0), (0, 1))
        )
        x, y = _means(x_slope, places), _means(y_slope, places)
        xx, yy = (_means(slope * slope, places) - mean**2 for slope, mean in ((x_slope, x), (y_slope, y)))
        xy = _means(x_slope * y_slope, places) - x * y
        tensors = np.stack([xx, xy, xy, yy], axis=-1).reshape(-1, 2, 2)
        return cls(onset, x_slope, y_slope, mask, places, tensors)

    def follow(self, apex: Grey) -> tuple[Array, Array]:
        """(N, 2) motions of the patches from onset to apex, px, and their (N, 2, 2) covariances."""
        gain, offset = np.polyfit(apex[self.mask], self.onset[self.mask], 1)
        left = (self.onset - (gain * apex + offset)).astype(np.float32)
        noise = max(0.3, 1.48 * float(np.median(np.abs(left[self.mask]))))
        mean = _means(left, self.places)
        pulls = np.stack(
            [
                _means(slope * left, self.places) - _means(slope, self.places) * mean
                for slope in (self.x_slope, self.y_slope)
            ],
            axis=-1,
        )
        # a flat patch stays where it is, and its covariance says that it knows nothing
        motions = np.linalg.solve(self.tensors + 0.02 * np.eye(2), pulls[..., None])[..., 0]
        seen = math.pi * _PATCH**2  # pixels that a window of this width averages, for blurred noise
        covariances = noise**2 / seen * np.linalg.inv(self.tensors + 1e-3 * np.eye(2))
        return np.asarray(motions, np.float64), np.asarray(covariances, np.float64)


def _fit(patches: _Patches, apex: Grey) -> tuple[Array, Array] | None:
    """(turn, shift): what is at p in the onset was found at turn @ p + shift in the apex."""
    if apex[patches.mask].std() < _LEAST_SPREAD:  # nothing to be followed to
        return None
    motions, covariances = patches.follow(apex)
    trust = np.linalg.inv(covariances + _FACE_GIVES**2 * np.eye(2))
    middle = patches.places.mean(axis=0)
    x, y = (patches.places - middle).T
    one, none = np.ones_like(x), np.zeros_like(x)
    design = np.stack([np.stack([one, none, -y], -1), np.stack([none, one, x], -1)], axis=1)
    counts, answer = np.ones(len(x)), np.zeros(3)
    for _ in range(10):
        weighed = trust * counts[:, None, None]
        normal = np.einsum("nij,nik,nkl->jl", design, weighed, design)
        try:
            answer = np.linalg.solve(normal, np.einsum("nij,nik,nk->j", design, weighed, motions))
        except np.linalg.LinAlgError:  # no patch is left
            return None
        off = motions - design @ answer
        far = np.sqrt(np.einsum("ni,nij,nj->n", off, trust, off) / 2)
        counts = np.clip(1 - (far / _FAR) ** 2, 0, 1) ** 2
    if not np.isfinite(answer).all() or np.abs(answer[:2]).max() > apex.shape[0] / 8:
        return None
    cos, sin = math.cos(answer[2]), math.sin(answer[2])
    turn: Array = np.array([[cos, -sin], [sin, cos]])
    return turn, np.asarray(answer[:2] + middle - turn @ middle, dtype=np.float64)


def _means(picture: Grey, places: Array) -> Array:
    """(N,) weighted means of a picture over each patch's window."""
    blurred = cv2.GaussianBlur(picture, (0, 0), _PATCH)
    x, y = places.astype(int).T
    return np.asarray(blurred[y, x], dtype=np.float64)


def _region(onset: Grey, landmarks_crop: Points | None) -> npt.NDArray[np.bool_]:
    """Nose and eyes without the brows: where most of a face moves with the head."""
    mask = np.zeros(onset.shape, np.uint8)
    if landmarks_crop is None or not np.isfinite(landmarks_crop).all():
        x0, y0, x1, y1 = stable_box(onset, None)
        mask[y0:y1, x0:x1] = 1
        return mask > 0
    points = np.asarray(landmarks_crop, dtype=np.float64)
    eyes, brows = (LEFT_EYE, RIGHT_EYE), (LEFT_BROW, RIGHT_BROW)
    width = float(np.mean([np.ptp(points[list(eye), 0]) for eye in eyes]))
    nose = points[[*NOSE_BRIDGE, *NOSE_BASE, LEFT_EYE[3], RIGHT_EYE[0]]]
    mask = _grown([nose], onset.shape, _NOSE * width)
    mask |= _grown([points[list(eye)] for eye in eyes], onset.shape, _EYES * width)
    for brow in brows:
        line = np.rint(points[list(brow)]).astype(np.int32)
        cv2.polylines(mask, [line], False, 0, max(1, round(2 * _BROWS * width)))
    return mask > 0


def _grown(shapes: list[Points], size: tuple[int, ...], by: float) -> npt.NDArray[np.uint8]:
    """The convex hulls of the shapes, each grown by some px."""
    mask = np.zeros(size, np.uint8)
    for shape in shapes:
        cv2.fillConvexPoly(mask, cv2.convexHull(np.rint(shape * 16).astype(np.int32)), 1, shift=4)
    side = 2 * max(0, round(by)) + 1
    grown = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    return np.asarray(grown, dtype=np.uint8)
