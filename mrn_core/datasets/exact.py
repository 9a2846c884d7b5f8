"""The exact magnified frames of a clip whose truth is known, to hold a magnifier's levels against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from mrn_core.clip import Clip
from mrn_core.clip.demo import demo_clip_path, demo_truth
from mrn_core.datasets.truth import truth_file
from mrn_core.errors import FileError
from mrn_core.faces import CropTransform, crop, whole_transform

if TYPE_CHECKING:
    from pathlib import Path

    from mrn_core.datasets.synthetic import Written
    from mrn_core.result import FaceReading

RESTING = 32
"""At most so many frames at rest make the clean picture of a photograph."""
_STILL = 1e-6  # of the apex's motion: less is rest


@dataclass(frozen=True, eq=False)
class ExactFrame:
    """What a perfect magnifier would give.

    Attributes:
        frame: ``(H, W, 3)`` uint8 RGB in the clip's pixels, without noise.
        beyond: whether a face unit leaves its authors' range: the face may fold there.
    """

    frame: npt.NDArray[np.uint8]
    beyond: bool


class ExactLevels(Protocol):
    """The exact frames of one clip. ``how`` says in a sentence what they are made from."""

    how: str

    def frame(self, gain: float, onset: int, apex: int) -> ExactFrame:
        """The onset with the expression's change up to the apex times ``gain``; gain 0 is the onset.

        Args:
            gain: 1 + AF.
            onset, apex: frame indices of the clip.

        Raises:
            FileError: the truth does not have these frames.
        """
        ...


def is_known(source: Path) -> bool:
    """Whether the truth of a clip at this place is known; no file is opened."""
    return source == demo_clip_path().absolute() or truth_file(source) is not None


def exact_levels(clip: Clip) -> ExactLevels:
    """What makes the exact frames of a clip; reads its truth, and some frames of a photograph's clip.

    Raises:
        FileError: its truth is not known, or cannot be read.
        ClipError: its frames cannot be read.
    """
    if clip.source == demo_clip_path().absolute():
        demo = demo_truth()
        return MovedLevels(clip, demo.activation, demo.field)
    file = truth_file(clip.source)
    if file is None:
        raise FileError(
            f"The true motion of {clip.name} is not known.", "Only clips that this program made have it."
        )
    if file.suffix == ".npz":
        from mrn_core.datasets.photos import PhotoTruth

        told = PhotoTruth(file)
        return MovedLevels(clip, told.activation, told.field)
    from mrn_core.datasets.synthetic import read_truth

    return RenderedLevels(clip, read_truth(file))


class RenderedLevels:
    """Frames of a rendered clip, rendered again with the expression magnified; an ``ExactLevels``."""

    how = "Rendered anew with the expression magnified, without noise"

    def __init__(self, clip: Clip, written: Written) -> None:
        self._written, self._numbers, self._name = written, clip.numbers, clip.name
        self._width, self._height = clip.size

    def frame(self, gain: float, onset: int, apex: int) -> ExactFrame:
        """See ``ExactLevels.frame``."""
        try:
            ends = [self._written.frame(int(self._numbers[index])) for index in (onset, apex)]
            made = self._written.clip.magnified(gain - 1, *ends)
        except IndexError as error:
            raise FileError(
                f"The truth beside {self._name} has other frames ({error}).", "Make the clip again."
            ) from error
        height, width = made.frame.shape[:2]
        if not (0 <= height - self._height <= 1 and 0 <= width - self._width <= 1):  # H.264 has even sides
            raise FileError(
                f"The truth beside {self._name} has frames of {width} x {height} pixels, the clip "
                f"{self._width} x {self._height}.",
                "Make the clip again.",
            )
        return ExactFrame(made.frame[: self._height, : self._width], bool(made.beyond))


class MovedLevels:
    """Frames of a clip made from a photograph: what is seen at rest, moved; an ``ExactLevels``.

    The clean picture is the mean of frames at rest; it is read at x + share * field(x), the paper's Eq. 1,
    as the clip was made.

    Args:
        clip: the clip.
        activation: ``(N,)`` the share of the apex's motion that each frame shows.
        field: ``(H, W, 2)`` px, the apex's reading field.

    Raises:
        FileError: no frame is at rest, or clip and truth differ in size.
        ClipError: the clip's frames cannot be read.
    """

    how = "The mean of the frames at rest, moved by the clip's own field"

    def __init__(
        self, clip: Clip, activation: npt.NDArray[np.float64], field: npt.NDArray[np.float32]
    ) -> None:
        from mrn_core.magnification.warping import Continuous

        resting = np.flatnonzero(np.abs(activation) < _STILL)[:RESTING]
        if len(activation) != len(clip) or clip.size != field.shape[1::-1] or not len(resting):
            raise FileError(f"{clip.name} is not the clip that its truth tells of.", "Make the clip again.")
        clean: npt.NDArray[np.float32] = np.zeros((*field.shape[:2], 3), np.float32)
        for index in resting:
            clean += clip[int(index)] / np.float32(len(resting))
        self._activation, self._field, self._clean = activation, field, Continuous(clean)

    def frame(self, gain: float, onset: int, apex: int) -> ExactFrame:
        """See ``ExactLevels.frame``."""
        start, end = (float(self._activation[index]) for index in (onset, apex))
        moved = self._clean.moved(self._field, start + gain * (end - start))
        return ExactFrame(np.clip(np.rint(moved), 0, 255).astype(np.uint8), beyond=False)


def cropped_like(face: FaceReading, frame: npt.NDArray[np.uint8], size: int = 224) -> npt.NDArray[np.uint8]:
    """A frame of the clip, cut as the analysis cut its onset: ``(size, size, 3)`` uint8.

    Args:
        face: what the analysis says of the face.
        frame: ``(H, W, 3)`` uint8, as large as the clip's.
    """
    return crop(frame, onset_crop(face, frame.shape[0], frame.shape[1], size))


def onset_crop(face: FaceReading, height: int, width: int, size: int = 224) -> CropTransform:
    """The transform from a frame to the onset's crop.

    It is the similarity that takes the landmarks in the frame to those in the crop, by least squares; for
    a clip that is a face crop already, that of the whole picture.

    Args:
        face: what the analysis says of the face.
        height, width: of the clip's frames, px.
        size: side of the crop, px.
    """
    if face.landmarks is None or face.crop_landmarks is None:
        return whole_transform(height, width, size)
    points = face.landmarks[:, 0] + 1j * face.landmarks[:, 1]
    inside = face.crop_landmarks[:, 0] + 1j * face.crop_landmarks[:, 1]
    centred = points - points.mean()
    turn = complex(np.vdot(centred, inside - inside.mean()) / np.vdot(centred, centred))
    shift = complex(inside.mean() - turn * points.mean())
    matrix = np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
    return CropTransform(matrix, size)
