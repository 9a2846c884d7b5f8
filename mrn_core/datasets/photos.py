"""Clips made from still photographs: the user's own pictures of faces, moved by drawn motions."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mrn_core.clip import PICTURE_SUFFIXES
from mrn_core.clip.picture import read_picture
from mrn_core.datasets.photo_motion import draw_motion
from mrn_core.datasets.photo_warp import camera, course, displacement_at, moved
from mrn_core.errors import ClipError, FileError
from mrn_core.faces import crop, detect_faces, face_transform
from mrn_core.faces.alignment import similarity
from mrn_core.faces.face import Points

TRUTH = "truth.npz"
_OVERSAMPLING = 3  # pixels of the still for one of a frame
_MARGIN = 0.45  # of the landmarks' box, shown around it
_SMALLEST = 60  # px of the landmarks' box, below which a photograph shows no skin to move
_JPEG = 92


@dataclass(frozen=True)
class PhotoClip:
    """How one clip is drawn.

    Attributes:
        photo: the picture.
        emotion: a key of ``MIXTURES``.
        seed: of everything drawn.
        first: number of the first frame.
        size: side of the frames, px.
        pause: frames at rest before and after, at least and at most.
        rise, fall: frames from onset to apex and from apex to offset, at least and at most.
        fps: frames per second.
    """

    photo: Path
    emotion: str
    seed: int
    first: int
    size: int = 280
    pause: tuple[int, int] = (5, 15)
    rise: tuple[int, int] = (8, 40)
    fall: tuple[int, int] = (10, 60)
    fps: float = 200.0


def photos_in(folder: Path) -> list[Path]:
    """The pictures of a folder, sorted by name.

    Raises:
        FileError: there is no such folder, or no picture in it.
    """
    if not folder.is_dir():
        raise FileError(f"There is no folder {folder}.", "Give one that holds pictures of faces.")
    found = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in PICTURE_SUFFIXES and not path.name.startswith(".") and path.is_file()
    )
    if not found:
        raise FileError(
            f"There is no picture in {folder}.", "Give a folder with JPEG or PNG pictures of faces."
        )
    return found


def usable_photos(folder: Path) -> tuple[dict[str, str], list[str]]:
    """The pictures of a folder that show a face: name to SHA-256; and why others cannot be used.

    Raises:
        FileError: there is no such folder, or no picture in it with a face.
        WeightsError: the face finder's weights are not on this machine.
    """
    usable, refused = {}, []
    for path in photos_in(folder):
        try:
            still_of(path, 96)
        except ClipError as error:
            refused.append(f"{error.what} It is left out.")
        else:
            usable[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    if not usable:
        raise FileError(
            f"No picture in {folder} can be used: {refused[0]}", "Give pictures that show a face."
        )
    return usable, refused


def still_of(photo: Path, size: int) -> tuple[npt.NDArray[np.float32], Points]:
    """The face's square of a photograph, ``(3 size, 3 size, 3)`` float32, and its 68 landmarks in
    pixels of a frame.

    The square is upright as the photograph is, and centred on the largest face.

    Raises:
        ClipError: the picture cannot be read, or shows no face, or one too small.
        WeightsError: the face finder's weights are not on this machine.
    """
    picture = read_picture(photo)
    faces = detect_faces(picture)
    if not faces:
        raise ClipError(f"No face is found in {photo.name}.", "Take it out of the folder.")
    face = faces[0]
    if face.size < _SMALLEST:
        raise ClipError(
            f"The face in {photo.name} is {face.size:.0f} pixels large; {_SMALLEST} are needed.",
            "Use a larger picture.",
        )
    low, high = face.landmarks.min(axis=0), face.landmarks.max(axis=0)
    side = float((high - low).max()) * (1 + 2 * _MARGIN)
    # The forehead has no landmarks: show more above than below.
    centre = (low + high) / 2 - np.array([0.0, 0.08 * side])
    large = crop(picture, similarity(centre, side, 0.0, size * _OVERSAMPLING)).astype(np.float32)
    return large, similarity(centre, side, 0.0, size).to_crop(face.landmarks)


def write_photo_clip(plan: PhotoClip, folder: Path) -> dict[str, Any]:
    """Writes the pictures and the truth of one clip into an empty folder.

    Equal plans and photographs give equal bytes.

    Returns:
        onset, apex and offset as the files number them, and action_units as a sheet has them.

    Raises:
        ClipError: the photograph shows no usable face.
    """
    rng = np.random.default_rng(plan.seed)
    large, landmarks = still_of(plan.photo, plan.size)
    motion = draw_motion(plan.emotion, landmarks, plan.size, face_transform(landmarks).scale, rng)
    s = motion.field.astype(np.float16).astype(np.float32)
    before, after = (int(rng.integers(plan.pause[0], plan.pause[1] + 1)) for _ in range(2))
    rise, fall = (int(rng.integers(low, high + 1)) for low, high in (plan.rise, plan.fall))
    onset, apex, offset = before, before + rise, before + rise + fall
    activation = course(offset + after + 1, onset, apex, offset)
    read_noise, shot_noise = float(rng.uniform(0.5, 2.0)), float(rng.uniform(0.0, 0.03))
    for t, amount in enumerate(activation):
        frame = camera(moved(large, s, float(amount)), rng, read_noise, shot_noise)
        write_jpeg(folder / f"img{plan.first + t}.jpg", frame)
    told = {
        "source": "photo",
        "photo": plan.photo.name,
        "photo_sha256": hashlib.sha256(plan.photo.read_bytes()).hexdigest(),
        "emotion": plan.emotion,
        "units": motion.units,
        "onset": onset,
        "apex": apex,
        "offset": offset,
        "first": plan.first,
        "fps": plan.fps,
        "seed": plan.seed,
        "read_noise": read_noise,
        "shot_noise": shot_noise,
    }
    write_arrays(
        folder / TRUTH,
        told=np.frombuffer(json.dumps(told).encode(), np.uint8),
        field=s.astype(np.float16),
        activation=activation,
        landmarks=landmarks,
    )
    return {
        "onset": plan.first + onset,
        "apex": plan.first + apex,
        "offset": plan.first + offset,
        "action_units": "+".join(sorted(motion.units, key=lambda name: int(name.strip("LR")))),
    }


def write_jpeg(path: Path, frame: npt.NDArray[np.uint8]) -> None:
    """Writes a frame as CASME II has them: JPEG, here of quality 92 with full colour resolution."""
    from PIL import Image

    Image.fromarray(frame).save(path, quality=_JPEG, subsampling=0)


def write_arrays(path: Path, **arrays: npt.NDArray[Any]) -> None:
    """``np.savez_compressed`` without the time of writing, so that equal arrays give equal bytes."""
    import zipfile

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            held = io.BytesIO()
            np.lib.format.write_array(held, np.asarray(array), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, held.getvalue())


class PhotoTruth:
    """The true motion of a clip made from a photograph; a ``Truth``.

    Raises:
        FileError: the file is no such truth.
    """

    def __init__(self, path: Path) -> None:
        try:
            with np.load(path, allow_pickle=False) as stored:
                told = json.loads(stored["told"].tobytes().decode())
                self.field = stored["field"].astype(np.float32)
                self.activation = np.asarray(stored["activation"], np.float64)
                self.still_landmarks = np.asarray(stored["landmarks"], np.float64)
            self.onset, self.apex, self.offset = (int(told[k]) for k in ("onset", "apex", "offset"))
            self.emotion = str(told["emotion"])
            self.fps = float(told["fps"])
            self.first = int(told["first"])
            weights = {str(name): float(weight) for name, weight in told["units"].items()}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise FileError(
                f"{path} is not the truth of a clip made from a photograph ({error}).", "Make the clip again."
            ) from error
        self.units: Mapping[str, npt.NDArray[np.float64]] = {
            name: weight * self.activation for name, weight in weights.items()
        }

    def __len__(self) -> int:
        return len(self.activation)

    def landmarks(self, frame: int) -> Points:
        """The 68 points in a frame, ``(68, 2)`` px."""
        moved_by = displacement_at(self.field, float(self.activation[frame]), self.still_landmarks)
        return self.still_landmarks + moved_by

    def displacement(self, frame: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """From a pixel of the frame to where the onset shows it, ``(H, W, 2)`` px; defined everywhere."""
        return self.field * np.float32(self.activation[frame]), np.ones(self.field.shape[:2], bool)

    def expression(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """The apex's field: nothing else moves in a photograph."""
        return self.displacement(self.apex)
