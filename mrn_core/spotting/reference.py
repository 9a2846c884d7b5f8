"""One frame compared with the reference frame, patch by patch."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from mrn_core.errors import FaceError
from mrn_core.faces import (
    CropTransform,
    FaceChoice,
    crop,
    face_transform,
    head_shift,
    look_for_face,
    whole_transform,
)
from mrn_core.spotting.regions import SIZE, Regions

Array = npt.NDArray[np.float64]
Image = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.float32]

_BLUR_PX = 2.0  # sigma: camera noise is finer than motion's traces
_ALIKE = 0.5  # correlation with the reference crop under which a frame does not show the face
_LARGEST_SHIFT = 30.0  # px at 224 that are believed to be the head's


@dataclass(frozen=True, eq=False)
class Seen:
    """What one frame shows against the reference.

    Attributes:
        patches: region -> (patches, d) float64; d is 2, the motion in px (x, y), or 1, the mean absolute
            difference in grey levels.
        contrast: (2,) standard deviation of the grey levels between the lids of either eye.
    """

    patches: dict[str, Array]
    contrast: Array


@dataclass(frozen=True, eq=False)
class Reference:
    """The reference frame, ready to be compared with.

    Attributes:
        index: its frame index.
        transform: from picture to crop, for every frame.
        picture: (224, 224, 3) uint8, the reference's crop.
        landmarks: (68, 2) px of the crop; None for a picture that is a crop already.
    """

    index: int
    transform: CropTransform
    picture: Image
    landmarks: Array | None
    regions: Regions
    method: str
    _dense: cv2.DISOpticalFlow = field(default_factory=lambda: _dense_flow(), repr=False)

    @classmethod
    def of(
        cls,
        frame: Image,
        index: int,
        method: str,
        face: FaceChoice,
        backend: str,
        number: int | None = None,
    ) -> Reference:
        """That frame as the reference; ``number`` is the source's own number of it.

        Raises:
            FaceError: it shows no face.
        """
        found = look_for_face(frame, face, backend, index, "reference", number).face
        if found is None:
            transform, marks = whole_transform(frame.shape[0], frame.shape[1], SIZE), None
        else:
            transform = face_transform(found.landmarks, SIZE)
            marks = transform.to_crop(found.landmarks)
        return cls(index, transform, crop(frame, transform), marks, Regions.around(marks), method)

    @classmethod
    def seen(
        cls,
        frame: Image,
        index: int,
        method: str,
        face: FaceChoice,
        backend: str,
        number: int | None = None,
    ) -> Reference | None:
        """The same, or None when the frame shows no face."""
        if np.ptp(frame) < 8:
            return None
        try:
            return cls.of(frame, index, method, face, backend, number)
        except FaceError:
            if face is None:
                return None
            raise

    def compare(self, frame: Image) -> Seen | None:
        """The frame against the reference; None when it does not show the face."""
        picture = crop(frame, self.transform)
        if _correlation(self.picture, picture) < _ALIKE:
            return None
        if self.method == "flow":
            patches = self._motions(picture)
        else:
            shift = head_shift(self.picture, picture, self.landmarks)
            if math.hypot(*shift) <= _LARGEST_SHIFT:
                picture = crop(frame, self.transform.shifted(-shift[0], -shift[1]))
            patches = self._differences(picture)
        grey = cv2.GaussianBlur(_grey(picture).astype(np.float32), (0, 0), 1.0)
        contrast = np.array([float(grey[eye].std()) for eye in self.regions.lids])
        return Seen(patches, contrast)

    def _differences(self, picture: Image) -> dict[str, Array]:
        change = np.abs(_blurred(picture) - _blurred(self.picture))
        return {
            name: np.array([[float(change[patch].mean())] for patch in patches])
            for name, patches in self.regions.patches.items()
        }

    def _motions(self, picture: Image) -> dict[str, Array]:
        start = np.zeros((SIZE, SIZE, 2), dtype=np.float32)
        flow = np.asarray(self._dense.calc(_grey(self.picture), _grey(picture), start), dtype=np.float64)
        return {
            name: np.array([flow[patch].mean(axis=(0, 1)) for patch in patches])
            for name, patches in self.regions.patches.items()
        }


def _dense_flow() -> cv2.DISOpticalFlow:
    # At the finest scale a brow's motion comes out a sixth too small; the preset's own scale loses more.
    dense = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    dense.setFinestScale(0)
    dense.setPatchStride(4)
    dense.setGradientDescentIterations(12)
    return dense


def _grey(picture: Image) -> Image:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _blurred(picture: Image) -> Grey:
    return np.asarray(cv2.GaussianBlur(_grey(picture).astype(np.float32), (0, 0), _BLUR_PX), dtype=np.float32)


def _correlation(a: Image, b: Image) -> float:
    """Of two crops seen coarsely, -1..1; 0 when one is flat."""
    coarse = [
        cv2.resize(picture, (28, 28), interpolation=cv2.INTER_AREA).astype(np.float64) for picture in (a, b)
    ]
    x, y = (picture - picture.mean() for picture in coarse)
    spread = math.sqrt(float((x * x).sum() * (y * y).sum()))
    return float((x * y).sum()) / spread if spread > 1e-6 else 0.0
