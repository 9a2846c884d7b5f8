"""Onset and apex as two crops under one transform, and what a person should be told of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from mrn_core.errors import ClipError, FaceError
from mrn_core.face_reading import FaceQuality
from mrn_core.faces.alignment import CropTransform, crop, face_transform, whole_transform
from mrn_core.faces.detection import detect_faces, face_backend
from mrn_core.faces.face import Box, Face, Image, Points, as_rgb
from mrn_core.faces.quality import face_quality
from mrn_core.faces.rigid import motion_between, refined_transform
from mrn_core.head_motion import RigidMotion

FaceChoice = Literal["whole"] | Box | Points | None

GOOD_QUALITY = 0.65  # free faces gave 0.76 to 0.96 in the trials, covered ones and mock profiles 0.1 to 0.6
SMALL_FACE = 40  # px: under it, the crop is mostly interpolation
_OUTSIDE = 0.02  # of the crop beyond the picture that goes without a word


@dataclass(frozen=True, eq=False)
class CroppedPair:
    """Two aligned crops.

    Attributes:
        onset, apex: (size, size, 3) uint8 RGB, cut by the same transform unless the apex's was refined.
        face: the face in px of the onset frame; None when the whole picture is the crop.
        landmarks_crop: (68, 2) float64 px of the crop; None when the whole picture is the crop.
        transform: from picture to crop, of the onset.
        apex_quality: the quality of the face found in the apex; NaN when none was found, None when none was
            looked for (only a detected onset is compared).
        warnings: sentences for the person.
        apex_transform: from picture to crop, of the apex, where it was refined; None where it is the onset's.
        taken_out: the head's motion that the refinement took out of the apex; None where nothing was refined.
        measured: how well the onset shows the face, or the whole picture where that is the crop.
    """

    onset: Image
    apex: Image
    face: Face | None
    landmarks_crop: Points | None
    transform: CropTransform
    apex_quality: float | None = None
    warnings: list[str] = field(default_factory=list)
    apex_transform: CropTransform | None = None
    taken_out: RigidMotion | None = None
    measured: FaceQuality = field(default_factory=FaceQuality)


def find_face(
    image: npt.NDArray[np.generic],
    face: FaceChoice = None,
    backend: str = "dlib",
    frame: int | None = None,
    role: str = "",
) -> tuple[Face | None, list[str]]:
    """The face of a picture as a person wants it found, and what to tell them.

    Args:
        image: (H, W, 3) or (H, W) uint8.
        face: None = detect; "whole" = the picture is a crop already (gives None); (x, y, w, h) = in this box;
            (68, 2) = these landmarks.
        backend: "dlib" or "fan".
        frame, role: named in the messages ("onset", "apex" or "").

    Raises:
        FaceError: no face is found, or the box or the landmarks make no sense.
        SettingsError, WeightsError: see ``detect_faces``.
    """
    picture = as_rgb(image)
    where = _where(frame, role)
    if isinstance(face, str):
        if face != "whole":
            raise FaceError(f"{face!r} is no face.", "Give a box X,Y,W,H or whole.", frame, role)
        return None, []
    if face is None:
        faces = detect_faces(picture, backend)
        if not faces:
            raise FaceError(
                f"No face found in {where}.",
                "Choose a frame that shows the face from the front, or give the face's box, or say that the "
                "picture is a face crop already.",
                frame,
                role,
            )
        told = []
        if len(faces) > 1:
            x, y, w, h = faces[0].box
            told.append(
                f"{len(faces)} faces in {where}: the largest, most central one was taken "
                f"({w:.0f} x {h:.0f} px at {x:.0f}, {y:.0f})."
            )
        return faces[0], told + _doubts(faces[0], where)
    values = np.asarray(face, dtype=np.float64)
    if values.shape == (68, 2):
        return _given(values, frame, role), []
    box = _checked_box(values, picture.shape, frame, role)
    found = face_backend(backend).predict(picture, box)
    return found, _doubts(found, where)


def crop_pair(
    onset: npt.NDArray[np.generic],
    apex: npt.NDArray[np.generic],
    face: FaceChoice = None,
    backend: str = "dlib",
    size: int = 224,
    margin: float = 0.2,
    onset_frame: int | None = None,
    apex_frame: int | None = None,
    refine: bool = False,
) -> CroppedPair:
    """Cut the face out of onset and apex, with the rotation and the box that the onset gives.

    Args:
        onset, apex: (H, W, 3) or (H, W) uint8 frames of one clip.
        face: None = detect on the onset; "whole" = the frames are crops already: scaled to fit, not detected,
            no landmarks; (x, y, w, h) = the landmarks are read inside this box of the onset; (68, 2) = used
            as they are.
        backend: "dlib" or "fan".
        size: side of the crops, px.
        margin: added around the landmarks' box on each side, as a share of its longer side.
        onset_frame, apex_frame: the frames' numbers, for messages.
        refine: take the head's shift and turn between the two out of the apex's crop (``refined_transform``).

    Raises:
        FaceError: no face in the onset, or a box or landmarks that make no sense.
        ClipError: the two frames differ in size.
        SettingsError, WeightsError: see ``detect_faces``.
    """
    first, second = as_rgb(onset), as_rgb(apex)
    if first.shape != second.shape:
        raise ClipError(
            f"The onset is {first.shape[1]} x {first.shape[0]} px, "
            f"the apex {second.shape[1]} x {second.shape[0]}.",
            "Take both from one clip.",
        )
    height, width = first.shape[:2]
    found, warnings = find_face(first, face, backend, onset_frame, "onset")
    if found is None:
        whole = whole_transform(height, width, size)
        pair = CroppedPair(
            crop(first, whole), crop(second, whole), None, None, whole, measured=face_quality(first, None)
        )
        return _cut(pair, second, refine)
    transform = face_transform(found.landmarks, size, margin)
    if found.size < SMALL_FACE:
        warnings.append(
            f"The face is only {found.size:.0f} px wide: enlarged {transform.scale:.1f} times, "
            "the crop shows little that was measured."
        )
    warnings += _border(found, transform, height, width)
    apex_quality = None
    if face is None:
        apex_quality, told = _compare_apex(second, found, backend, _where(apex_frame, "apex"))
        warnings += told
    pair = CroppedPair(
        crop(first, transform),
        crop(second, transform),
        found,
        transform.to_crop(found.landmarks),
        transform,
        apex_quality,
        warnings,
        measured=face_quality(first, found),
    )
    return _cut(pair, second, refine)


def _cut(pair: CroppedPair, apex: Image, refine: bool) -> CroppedPair:
    """The pair as it is, or with the apex cut again so that the head lies as in the onset."""
    if not refine:
        return pair
    refined = refined_transform(pair.onset, apex, pair.transform, pair.landmarks_crop)
    if refined is None:
        told = "The alignment of the apex could not be refined: it is cut as the onset is."
        return replace(pair, warnings=[*pair.warnings, told])
    taken_out = motion_between(pair.transform, refined, pair.landmarks_crop)
    return replace(pair, apex=crop(apex, refined), apex_transform=refined, taken_out=taken_out)


def _where(frame: int | None, role: str) -> str:
    if frame is None:
        return f"the {role}" if role else "the picture"
    return f"frame {frame}, the {role}" if role else f"frame {frame}"


def _doubts(face: Face, where: str) -> list[str]:
    if face.quality >= GOOD_QUALITY:
        return []
    return [
        f"The face in {where} is covered, turned or badly lit (quality {face.quality:.2f} of 1): "
        "its landmarks may be wrong."
    ]


def _given(landmarks: Points, frame: int | None, role: str) -> Face:
    spread = np.ptp(landmarks, axis=0) if np.isfinite(landmarks).all() else np.zeros(2)
    if spread.min() < 1:
        raise FaceError("The landmarks given do not form a face.", "Give 68 finite points.", frame, role)
    x, y = landmarks.min(axis=0)
    return Face((float(x), float(y), float(spread[0]), float(spread[1])), landmarks.copy(), 1.0, "given")


def _checked_box(values: Points, shape: tuple[int, ...], frame: int | None, role: str) -> Box:
    height, width = shape[:2]
    advice = f"Give X,Y,W,H in pixels, inside the picture of {width} x {height}."
    if values.shape != (4,) or not np.isfinite(values).all():
        raise FaceError("A face's box is four numbers.", advice, frame, role)
    x, y, w, h = map(float, values)
    if min(w, h) < 8:
        raise FaceError(f"The face's box is {w:g} x {h:g} px: too small.", advice, frame, role)
    if x + w <= 0 or y + h <= 0 or x >= width or y >= height or max(w, h) > 2 * max(width, height):
        raise FaceError(
            f"The face's box {x:g},{y:g},{w:g},{h:g} does not fit the picture.", advice, frame, role
        )
    return x, y, w, h


def _border(face: Face, transform: CropTransform, height: int, width: int) -> list[str]:
    share = transform.share_outside(height, width)
    low, high = face.landmarks.min(axis=0), face.landmarks.max(axis=0)
    if (low < -0.5).any() or (high > (width - 0.5, height - 0.5)).any():
        return [f"The face is cut by the picture's border: {share:.0%} of the crop is filled with grey."]
    if share > _OUTSIDE:
        return [f"The face is close to the picture's border: {share:.0%} of the crop is filled with grey."]
    return []


def _compare_apex(apex: Image, face: Face, backend: str, where: str) -> tuple[float, list[str]]:
    """Whether the apex shows a face where the onset does: its quality (NaN if none) and what to tell."""
    x, y, w, h = face.box
    left, top = max(0, round(x - w / 2)), max(0, round(y - h / 2))
    around = apex[top : max(top + 1, round(y + 1.5 * h)), left : max(left + 1, round(x + 1.5 * w))]
    faces = detect_faces(around, backend) if around.size else []
    if not faces:
        return float("nan"), [f"No face found in {where}: the crop comes from the onset alone."]
    there = replace(faces[0], landmarks=faces[0].landmarks + np.array([left, top]))
    # the onset's own doubts are told already
    told = _doubts(there, where) if there.quality < face.quality - 0.1 else []
    return there.quality, told
