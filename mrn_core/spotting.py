"""Where the apex may be: curves of motion over a clip, and the frames they propose.

Every frame is cut by the transform of one reference frame and compared with it, region by region; what the
nose does is the head's motion and is taken off. The proposals are a help to a person, not a measurement.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from mrn_core.errors import Cancelled, FaceError, SettingsError
from mrn_core.faces import (
    CropTransform,
    FaceChoice,
    crop,
    face_transform,
    find_face,
    head_shift,
    whole_transform,
)

Array = npt.NDArray[np.float64]
Image = npt.NDArray[np.uint8]

UNITS = {"difference": "gray levels", "flow": "px at 224"}

_SIZE = 224
_SMOOTH_S = 0.02  # sigma of the smoothing in time: a micro-expression rises in 0.05 to 0.25 s
_BLUR_PX = 2.0  # sigma: camera noise is finer than motion's traces
_ALIKE = 0.5  # correlation with the reference crop under which a frame does not show the face
_LARGEST_SHIFT = 30.0  # px at 224 that are believed to be the head's
_EDGE = 0.1  # onset and offset: where the curve has this share of its rise
_FLOOR = {"difference": 0.1, "flow": 0.02}  # noise that is assumed at the least, in the method's units
_CLEAR = 4.0  # rise over noise under which nothing is proposed

# The 68 points whose surroundings make up a region, patch by patch: the corners of a smiling mouth move
# against each other, so each patch has a motion of its own.
_PATCHES: dict[str, tuple[tuple[int, ...], ...]] = {
    "brows": ((17, 18, 19), (20, 21), (22, 23), (24, 25, 26)),
    "eyes": ((36, 37, 38, 39, 40, 41), (42, 43, 44, 45, 46, 47)),
    "nose": ((27, 28, 29, 30),),
    "mouth": ((48, 60), (54, 64), (50, 51, 52, 62), (56, 57, 58, 66)),
}
_PATCH_MARGIN = 7  # px at 224, around a patch's points
# Where the patches lie in a picture that is a crop already and has no landmarks: (x0, y0, x1, y1), shares.
_WHOLE: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "brows": (
        (0.18, 0.16, 0.34, 0.30),
        (0.34, 0.16, 0.48, 0.30),
        (0.52, 0.16, 0.66, 0.30),
        (0.66, 0.16, 0.82, 0.30),
    ),
    "eyes": ((0.22, 0.28, 0.44, 0.42), (0.56, 0.28, 0.78, 0.42)),
    "nose": ((0.42, 0.32, 0.58, 0.56),),
    "mouth": (
        (0.28, 0.64, 0.42, 0.80),
        (0.58, 0.64, 0.72, 0.80),
        (0.40, 0.62, 0.60, 0.72),
        (0.40, 0.74, 0.60, 0.84),
    ),
}


class Frames(Protocol):
    """What is asked of a clip."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Image: ...

    @property
    def fps(self) -> float: ...


@dataclass(frozen=True, eq=False)
class Spotting:
    """Curves over a clip of N frames and what they propose.

    Attributes:
        curves: (N,) float64 each, smoothed in time: "brows", "eyes", "mouth" against the nose, "nose" against
            the reference frame, and "motion", the root mean square of brows and mouth (eyes are left out: a
            blink is larger than any micro-expression). NaN where the frame does not show the face.
        onset, apex, offset: frame indices, or None when the curve shows none.
        confidence: 0..1: how far the motion at the apex stands out of the curve's noise, halved when the
            curve does not fall off on both sides, times the share of frames that show the face.
        method: "difference" or "flow".
        fps: the frame rate used for smoothing.
        units: of the curves: "gray levels" or "px at 224".
        reference: index of the frame that the others are compared with.
    """

    curves: dict[str, Array]
    onset: int | None
    apex: int | None
    offset: int | None
    confidence: float
    method: str
    fps: float
    units: str
    reference: int


def spot(
    clip: Frames,
    method: str = "difference",
    *,
    reference: int | None = None,
    face: FaceChoice = None,
    backend: str = "dlib",
    progress: Callable[[str, int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Spotting:
    """Find where a clip's face moves most against a reference frame.

    Args:
        clip: frames by index, (H, W, 3) uint8, and ``fps``; read once, in order.
        method: "difference" = mean absolute grey difference of the blurred crops after the head's shift is
            undone: fast, and moved by a change of light; "flow" = dense optical flow (DIS), in pixels.
        reference: index of a frame at rest; by default the first frame that shows a face.
        face: as for ``crop_pair``, in the reference frame.
        backend: "dlib" or "fan".
        progress: called with ("spot", frames done, frames in all).
        cancel: asked before each frame.

    Raises:
        SettingsError: unknown method or backend, or a reference outside the clip.
        FaceError: no frame shows a face (or the reference frame shows none).
        Cancelled: ``cancel`` said so.
    """
    if method not in UNITS:
        raise SettingsError(
            f"There is no spotting method {method!r}.", f"Choose one of: {', '.join(UNITS)}.", "method"
        )
    count = len(clip)
    if reference is not None and not 0 <= reference < count:
        raise SettingsError(
            f"The reference frame {reference} is not in the clip.",
            f"Choose one of 0 to {count - 1}.",
            "reference",
        )
    base = None if reference is None else _Base.of(clip[reference], reference, method, face, backend)
    raw = {name: np.full(count, np.nan) for name in _PATCHES}
    for index in range(count):
        if cancel is not None and cancel():
            raise Cancelled
        frame = clip[index]
        if base is None:
            base = _Base.seen(frame, index, method, face, backend)
        if base is not None:
            for name, value in base.compare(frame).items():
                raw[name][index] = value
        if progress is not None:
            progress("spot", index + 1, count)
    if base is None:
        raise FaceError(
            "No frame of the clip shows a face.",
            "Choose another clip, or give the face's box, or say that the picture is a face crop already.",
        )
    return _propose(raw, base.reference, method, _rate(clip))


@dataclass(frozen=True, eq=False)
class _Base:
    """The reference frame, ready to be compared with."""

    reference: int
    transform: CropTransform
    picture: Image
    landmarks: Array | None
    patches: dict[str, tuple[tuple[slice, slice], ...]]
    method: str

    @classmethod
    def of(cls, frame: Image, index: int, method: str, face: FaceChoice, backend: str) -> _Base:
        found, _ = find_face(frame, face, backend, index, "reference")
        if found is None:
            transform, marks = whole_transform(frame.shape[0], frame.shape[1], _SIZE), None
        else:
            transform = face_transform(found.landmarks, _SIZE)
            marks = transform.to_crop(found.landmarks)
        return cls(index, transform, crop(frame, transform), marks, _patches(marks), method)

    @classmethod
    def seen(cls, frame: Image, index: int, method: str, face: FaceChoice, backend: str) -> _Base | None:
        """The same, or None when the frame shows no face."""
        if np.ptp(frame) < 8:
            return None
        try:
            return cls.of(frame, index, method, face, backend)
        except FaceError:
            if face is None:
                return None
            raise

    def compare(self, frame: Image) -> dict[str, float]:
        """Motion or difference per region; nothing when the frame does not show the face."""
        picture = crop(frame, self.transform)
        if _correlation(self.picture, picture) < _ALIKE:
            return {}
        return self._differences(picture, frame) if self.method == "difference" else self._motions(picture)

    def _differences(self, picture: Image, frame: Image) -> dict[str, float]:
        shift = head_shift(self.picture, picture, self.landmarks)
        if math.hypot(*shift) <= _LARGEST_SHIFT:
            picture = crop(frame, self.transform.shifted(-shift[0], -shift[1]))
        change = np.abs(_blurred(picture) - _blurred(self.picture))
        means = {
            name: float(np.mean([change[patch].mean() for patch in patches]))
            for name, patches in self.patches.items()
        }
        return {
            name: value if name == "nose" else max(0.0, value - means["nose"])
            for name, value in means.items()
        }

    def _motions(self, picture: Image) -> dict[str, float]:
        # At the finest scale a brow's motion comes out 7 % too small; the preset's own scale loses 17 %.
        dense = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        dense.setFinestScale(0)
        dense.setPatchStride(4)
        dense.setGradientDescentIterations(12)
        start = np.zeros((_SIZE, _SIZE, 2), dtype=np.float32)
        flow = np.asarray(dense.calc(_grey(self.picture), _grey(picture), start), dtype=np.float64)
        moved = {
            name: np.array([flow[patch].mean(axis=(0, 1)) for patch in patches])
            for name, patches in self.patches.items()
        }
        head = moved["nose"][0]
        return {
            name: float(np.linalg.norm(vectors if name == "nose" else vectors - head, axis=1).mean())
            for name, vectors in moved.items()
        }


def _grey(picture: Image) -> Image:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _blurred(picture: Image) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(_grey(picture).astype(np.float32), (0, 0), _BLUR_PX), dtype=np.float32)


def _correlation(a: Image, b: Image) -> float:
    """Of two crops seen coarsely, -1..1; 0 when one is flat."""
    coarse = [
        cv2.resize(picture, (28, 28), interpolation=cv2.INTER_AREA).astype(np.float64) for picture in (a, b)
    ]
    x, y = (picture - picture.mean() for picture in coarse)
    spread = math.sqrt(float((x * x).sum() * (y * y).sum()))
    return float((x * y).sum()) / spread if spread > 1e-6 else 0.0


def _patches(landmarks: Array | None) -> dict[str, tuple[tuple[slice, slice], ...]]:
    """Rows and columns of each region's patches in the crop."""
    if landmarks is None:
        boxes = {name: [np.array(box) * _SIZE for box in shares] for name, shares in _WHOLE.items()}
    else:
        boxes = {
            name: [
                np.concatenate(
                    [
                        landmarks[list(points)].min(axis=0) - _PATCH_MARGIN,
                        landmarks[list(points)].max(axis=0) + _PATCH_MARGIN,
                    ]
                )
                for points in patches
            ]
            for name, patches in _PATCHES.items()
        }
    return {name: tuple(_slices(box) for box in patches) for name, patches in boxes.items()}


def _slices(box: Array) -> tuple[slice, slice]:
    x0, y0, x1, y1 = np.clip(np.rint(box).astype(int), 0, _SIZE)
    return slice(int(y0), max(int(y0) + 1, int(y1))), slice(int(x0), max(int(x0) + 1, int(x1)))


def _rate(clip: Frames) -> float:
    rate = float(clip.fps or 0)
    return rate if math.isfinite(rate) and rate > 0 else 30.0


def _smoothed(curve: Array, fps: float) -> Array:
    """Gaussian in time over the frames that are there; gaps stay gaps."""
    sigma = _SMOOTH_S * fps
    reach = math.ceil(3 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    there = np.isfinite(curve)
    # "full" cut to the middle: "same" would return the kernel's length for a shorter clip
    sums, weights = (
        np.convolve(values, kernel)[reach : reach + len(curve)]
        for values in (np.where(there, curve, 0), there)
    )
    return np.where(there, sums / np.maximum(weights, 1e-12), np.nan)


def _propose(raw: dict[str, Array], reference: int, method: str, fps: float) -> Spotting:
    together = np.sqrt((raw["brows"] ** 2 + raw["mouth"] ** 2) / 2)
    curves = {name: _smoothed(curve, fps) for name, curve in {**raw, "motion": together}.items()}
    motion = curves["motion"]
    there = np.isfinite(motion)
    onset = apex = offset = None
    confidence = 0.0
    if there.sum() > 2:
        peak = int(np.nanargmax(motion))
        rest = float(np.nanpercentile(motion, 10))
        rise = float(motion[peak]) - rest
        jitter = (together - motion)[there]
        noise = max(_FLOOR[method], 1.4826 * float(np.median(np.abs(jitter - np.median(jitter)))))
        clear = max(0.0, (rise / noise - _CLEAR) / (rise / noise + _CLEAR))
        if clear > 0:
            low = np.flatnonzero(there & (motion <= rest + _EDGE * rise))
            before, after = low[low < peak], low[low > peak]
            onset = int(before[-1]) if len(before) else None
            apex = peak
            offset = int(after[0]) if len(after) else None
            confidence = clear * float(there.mean()) * (0.5 if onset is None or offset is None else 1.0)
    return Spotting(curves, onset, apex, offset, confidence, method, fps, UNITS[method], reference)
