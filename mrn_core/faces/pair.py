"""Onset and apex as two crops under one transform, and what a person should be told of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from mrn_core.errors import ClipError
from mrn_core.face_reading import FaceQuality
from mrn_core.faces.alignment import CropTransform, crop, face_transform, whole_transform
from mrn_core.faces.choosing import nearest_face, sameness
from mrn_core.faces.detection import detect_faces
from mrn_core.faces.face import Face, Image, Points, as_rgb
from mrn_core.faces.finding import FaceChoice, look_for_face, place
from mrn_core.faces.quality import COVERED_FACE, GOOD_QUALITY, face_quality, quality_warnings, share_inside
from mrn_core.faces.rigid import motion_between, refined_transform
from mrn_core.head_motion import RigidMotion

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
        chosen: why this face, in words.
        outside: (size, size) bool, what lies beyond the picture in the onset's crop or in the apex's: grey,
            with no motion; None where all of the crop is picture.
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
    chosen: str = ""
    outside: npt.NDArray[np.bool_] | None = None


def crop_pair(
    onset: npt.NDArray[np.generic],
    apex: npt.NDArray[np.generic],
    face: FaceChoice = None,
    backend: str = "dlib",
    size: int = 224,
    margin: float = 0.2,
    onset_frame: int | None = None,
    apex_frame: int | None = None,
    onset_number: int | None = None,
    apex_number: int | None = None,
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
        onset_frame, apex_frame: the frames' indices, for messages.
        onset_number, apex_number: the source's own numbers of them, told beside the indices.
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
    seen = look_for_face(first, face, backend, onset_frame, "onset", onset_number)
    found, warnings = seen.face, [*seen.warnings]
    apex_quality = None
    if found is None:
        transform = whole_transform(height, width, size)
    else:
        transform = face_transform(found.landmarks, size, margin)
        warnings += _border(found, transform, height, width)
        if face is None:
            apex_quality, told = _compare_apex(
                first, second, found, seen.measured, backend, place(apex_frame, "apex", apex_number)
            )
            warnings += told
    pair = CroppedPair(
        crop(first, transform),
        crop(second, transform),
        found,
        None if found is None else transform.to_crop(found.landmarks),
        transform,
        apex_quality,
        warnings,
        measured=seen.measured,
        chosen=seen.chosen,
    )
    pair = _cut(pair, second, refine)
    outside = pair.transform.outside(height, width)
    if pair.apex_transform is not None:
        outside |= pair.apex_transform.outside(height, width)
    return replace(pair, outside=outside if outside.any() else None)


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


def _border(face: Face, transform: CropTransform, height: int, width: int) -> list[str]:
    share = transform.share_outside(height, width)
    low, high = face.landmarks.min(axis=0), face.landmarks.max(axis=0)
    if (low < -0.5).any() or (high > (width - 0.5, height - 0.5)).any():
        beyond = 1 - share_inside(face.box, height, width)
        return [
            f"The face is cut by the picture's border: {beyond:.0%} of its box lies outside, {share:.0%} of "
            "the crop is filled with grey."
        ]
    if share > _OUTSIDE:
        return [f"The face is close to the picture's border: {share:.0%} of the crop is filled with grey."]
    return []


def _compare_apex(
    onset: Image, apex: Image, face: Face, measured: FaceQuality, backend: str, where: str
) -> tuple[float, list[str]]:
    """Whether the apex shows the onset's face: its quality there (NaN if none) and what to tell."""
    there = nearest_face(face, _faces_around(apex, face, backend))
    if there is None:
        return float("nan"), [f"No face found in {where}: the crop comes from the onset alone."]
    told = []
    same = sameness(onset, face, apex, there)
    # a cover in the apex alone is told as such, below
    if same.other and there.quality >= GOOD_QUALITY:
        told.append(
            f"The face in {where} may be another one: {same.in_words()}. The crop comes from the onset."
        )
    # the onset's own doubts are told already
    doubtful = there.quality < min(GOOD_QUALITY, face.quality - 0.1)
    free = not measured.parts < COVERED_FACE
    doubts = FaceQuality(
        landmarks=there.quality if doubtful else math.nan,
        parts=face_quality(apex, there).parts if free else math.nan,
    )
    return there.quality, told + quality_warnings(doubts, where)


def _faces_around(picture: Image, face: Face, backend: str) -> list[Face]:
    """The faces of a picture where that of another frame is, or else anywhere."""
    x, y, w, h = face.box
    left, top = max(0, round(x - w / 2)), max(0, round(y - h / 2))
    part = picture[top : max(top + 1, round(y + 1.5 * h)), left : max(left + 1, round(x + 1.5 * w))]
    near = detect_faces(part, backend) if part.size else []
    if near:
        return [
            replace(
                each,
                box=(each.box[0] + left, each.box[1] + top, *each.box[2:]),
                landmarks=each.landmarks + np.array([left, top]),
            )
            for each in near
        ]
    return detect_faces(picture, backend)
