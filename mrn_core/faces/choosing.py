"""Which of several faces, whether two frames show the same one, and whether a picture is a face already."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from mrn_core.faces.alignment import crop, face_transform
from mrn_core.faces.face import Face, Image

FILLS = 0.62  # of width and height: crops gave 0.68 and more, whole heads in a picture 0.55 and less
_FAR = 0.25  # of the face's size: farther, it is another face, or the head moved as no expression does
_OTHER_SIZE = 1.25  # times
_ALIKE = 0.6  # one man through neutral and smile: 0.93 and more; 40 rendered people: half below 0.57
_COARSE = 28  # px: crops are compared at this size


def prominence(face: Face, height: int, width: int) -> float:
    """The area of a face's box, px², weighted down towards the border of a picture of this size."""
    w, h = face.box[2:]
    return w * h * math.exp(-((away_from_middle(face, height, width) / 0.5) ** 2))


def away_from_middle(face: Face, height: int, width: int) -> float:
    """From the picture's middle to that of the box, each axis in the picture's own length: 0..0.7 inside."""
    x, y, w, h = face.box
    return math.hypot((x + w / 2) / width - 0.5, (y + h / 2) / height - 0.5)


def proposed_face(faces: Sequence[Face], height: int, width: int) -> tuple[int, str]:
    """Which face is proposed of those that a picture shows, and why.

    The one of the largest ``prominence``: large, and near to the middle.

    Args:
        faces: at least one, as ``detect_faces`` gives them.
        height, width: of the picture, px.

    Returns:
        (index, words), for instance "the largest, and nearest to the middle: 212 px, the next 160 px". Sizes
        are those of ``Face.size``.
    """
    if len(faces) == 1:
        return 0, "the only face"
    order = sorted(range(len(faces)), key=lambda i: prominence(faces[i], height, width), reverse=True)
    best, others = faces[order[0]], [faces[i] for i in order[1:]]
    largest = best.size >= 0.98 * max(each.size for each in others)
    near = away_from_middle(best, height, width)
    nearest = near <= min(away_from_middle(each, height, width) for each in others)
    if largest and nearest:
        why = "the largest, and nearest to the middle"
    elif largest:
        why = "the largest, though another is nearer to the middle"
    elif nearest:
        why = "nearest to the middle, though another is larger"
    else:
        why = "large and near to the middle"
    return order[0], f"{why}: {best.size:.0f} px, the next {others[0].size:.0f} px"


@dataclass(frozen=True)
class Sameness:
    """How far a face of the apex is the onset's.

    Attributes:
        shift: between the middles of the landmarks, px of the frame.
        ratio: of the sizes, apex over onset.
        likeness: correlation of the two faces seen coarsely, each cut by its own landmarks, -1..1.
        size: of the onset's face, px of the frame.
    """

    shift: float
    ratio: float
    likeness: float
    size: float

    @property
    def other(self) -> bool:
        """Whether it is likely to be another face: far off, of another size, or unlike."""
        moved = self.shift > _FAR * self.size or max(self.ratio, 1 / self.ratio) > _OTHER_SIZE
        return moved or self.likeness < _ALIKE

    def in_words(self) -> str:
        """What was measured."""
        return (
            f"{self.shift:.0f} px from the onset's ({self.shift / self.size:.0%} of its size), "
            f"{self.ratio:.2f} times as large, likeness {self.likeness:.2f} of 1"
        )


def sameness(onset: Image, face: Face, apex: Image, other: Face) -> Sameness:
    """Compares a face of the onset with one of the apex, by place, size and looks.

    Args:
        onset, apex: (H, W, 3) uint8 frames.
        face, other: a face of either, px of its frame.
    """
    shift = math.hypot(*(other.landmarks.mean(axis=0) - face.landmarks.mean(axis=0)))
    likeness = float((_coarse(onset, face) * _coarse(apex, other)).sum())
    return Sameness(shift, other.size / max(face.size, 1e-9), likeness, face.size)


def nearest_face(face: Face, others: Sequence[Face]) -> Face | None:
    """That of the others which is most alike in place and size; None where there are none."""

    def away(other: Face) -> float:
        shift = math.hypot(*(other.landmarks.mean(axis=0) - face.landmarks.mean(axis=0)))
        return shift / face.size + abs(math.log(max(other.size, 1e-9) / face.size))

    return min(others, key=away, default=None)


def fills_picture(face: Face, height: int, width: int) -> str:
    """Says so, with what was measured, where a face fills its picture as in a clip that is cut to it already.

    Args:
        face: in px of the picture.
        height, width: of the picture, px.

    Returns:
        A sentence; "" where there is room around the face.
    """
    wide, high = np.ptp(face.landmarks, axis=0) / (width, height)
    if min(wide, high) < FILLS:
        return ""
    return (
        f"The landmarks span {wide:.0%} of the picture's width and {high:.0%} of its height: the clip seems "
        "to be cut to the face already. If it is, say that the whole picture is the face, and it is taken as "
        "it is."
    )


def _coarse(picture: Image, face: Face) -> npt.NDArray[np.float64]:
    """A face at a glance, with the mean 0 and the length 1; 0 where it is flat."""
    grey = cv2.cvtColor(crop(picture, face_transform(face.landmarks, 8 * _COARSE, 0.05)), cv2.COLOR_RGB2GRAY)
    seen = cv2.resize(grey, (_COARSE, _COARSE), interpolation=cv2.INTER_AREA).astype(np.float64)
    seen -= seen.mean()
    length = float(np.sqrt((seen * seen).sum()))
    return seen / length if length > 1e-6 else np.zeros_like(seen)
