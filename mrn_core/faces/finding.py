"""The face of a picture as a person wants it found, why that one, and what to tell them of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from mrn_core.errors import FaceError
from mrn_core.face_reading import FaceQuality
from mrn_core.faces.choosing import fills_picture, proposed_face
from mrn_core.faces.detection import detect_faces, face_backend, searched
from mrn_core.faces.face import Box, Face, Image, Points, as_rgb
from mrn_core.faces.quality import face_quality, quality_warnings
from mrn_core.frame_numbers import frame_told

FaceChoice = Literal["whole"] | Box | Points | None

LEAST_FACE = 20.0  # px: smaller ones are not found, or by chance
_DARKEST = 12.0  # mean grey level: faces of 14 were found in the trials, most of 8 were not
_FLATTEST = 8  # grey levels from the darkest to the brightest pixel


@dataclass(frozen=True, eq=False)
class FoundFace:
    """A face, or the decision that the whole picture is one.

    Attributes:
        face: None where the whole picture is the face.
        chosen: why this one, in words.
        measured: how well the picture shows it.
        warnings: sentences for the person.
    """

    face: Face | None
    chosen: str
    measured: FaceQuality
    warnings: list[str] = field(default_factory=list)


def look_for_face(
    image: npt.NDArray[np.generic],
    face: FaceChoice = None,
    backend: str = "dlib",
    frame: int | None = None,
    role: str = "",
    number: int | None = None,
) -> FoundFace:
    """The face of a picture, found or given.

    Args:
        image: (H, W, 3) or (H, W) uint8.
        face: None = detect; "whole" = the picture is a crop already; (x, y, w, h) = in this box; (68, 2) =
            these landmarks.
        backend: "dlib" or "fan".
        frame, role: named in the messages ("onset", "apex" or "").
        number: the source's own number of the frame, named beside it.

    Raises:
        FaceError: no face is found, it is smaller than 20 px, or the box or the landmarks make no sense.
        SettingsError, WeightsError: see ``detect_faces``.
    """
    picture = as_rgb(image)
    where = place(frame, role, number)
    if isinstance(face, str):
        if face != "whole":
            raise FaceError(f"{face!r} is no face.", "Give a box X,Y,W,H or whole.", frame, role)
        measured = face_quality(picture, None)
        return FoundFace(None, "the whole picture", measured, quality_warnings(measured, where))
    told: list[str] = []
    if face is None:
        found, chosen = _detected(picture, backend, frame, role, where, told)
    else:
        values = np.asarray(face, dtype=np.float64)
        if values.shape == (68, 2):
            found, chosen = _given(values, frame, role), "the landmarks that were given"
        else:
            box = checked_box(values, picture.shape, frame, role)
            found, chosen = face_backend(backend).predict(picture, box), "in the box that was given"
    if found.size < LEAST_FACE:
        raise FaceError(
            f"The face in {where} is {found.size:.0f} px large: too small.",
            f"At least {LEAST_FACE:.0f} px are needed, and 80 px to lose nothing: take a larger picture.",
            frame,
            role,
        )
    measured = face_quality(picture, found)
    return FoundFace(found, chosen, measured, told + quality_warnings(measured, where))


def place(frame: int | None, role: str, number: int | None = None) -> str:
    """How a picture is named to a person."""
    if frame is None:
        return f"the {role}" if role else "the picture"
    name = f"frame {frame_told(frame, number)}"
    return f"{name}, the {role}" if role else name


def _detected(
    picture: Image, backend: str, frame: int | None, role: str, where: str, told: list[str]
) -> tuple[Face, str]:
    faces = detect_faces(picture, backend)
    if not faces:
        raise _nothing_found(picture, backend, frame, role, where)
    height, width = picture.shape[:2]
    index, chosen = proposed_face(faces, height, width)
    face = faces[index]
    if len(faces) > 1:
        x, y, w, h = face.box
        told.append(
            f"{len(faces)} faces in {where}: taken is {chosen} (at {x + w / 2:.0f}, {y + h / 2:.0f})."
        )
    if filled := fills_picture(face, height, width):
        told.append(filled)
    return face, chosen


def _nothing_found(picture: Image, backend: str, frame: int | None, role: str, where: str) -> FaceError:
    """What was tried, what the picture is like, and what may help."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    mean, span = float(grey.mean()), int(np.ptp(grey))
    what = f"No face found in {where}."
    if span < _FLATTEST:
        what += f" It is all of one grey: mean {mean:.0f} of 255, {span} levels from darkest to brightest."
    else:
        what += (
            f" {searched(picture, backend)}; mean grey level {mean:.0f} of 255, contrast "
            f"{float(grey.std()):.0f}."
        )
    dark = (
        "It is too dark: faces of a mean of 14 are found. Brighten the clip, or c" if mean < _DARKEST else "C"
    )
    return FaceError(
        what,
        f"{dark}hoose a frame that shows the face from the front, or give the face's box, or say that the "
        "picture is a face crop already.",
        frame,
        role,
    )


def _given(landmarks: Points, frame: int | None, role: str) -> Face:
    spread = np.ptp(landmarks, axis=0) if np.isfinite(landmarks).all() else np.zeros(2)
    if spread.min() < 1:
        raise FaceError("The landmarks given do not form a face.", "Give 68 finite points.", frame, role)
    x, y = landmarks.min(axis=0)
    return Face((float(x), float(y), float(spread[0]), float(spread[1])), landmarks.copy(), 1.0, "given")


def checked_box(values: Points, shape: tuple[int, ...], frame: int | None, role: str) -> Box:
    """A box that a person gave, as four numbers that fit a picture of this shape.

    Raises:
        FaceError: it makes no sense.
    """
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
