"""Over a clip, frame by frame: measure, then propose."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from mrn_core.errors import Cancelled, FaceError, SettingsError
from mrn_core.faces import FaceChoice
from mrn_core.spotting.blinks import find_blinks
from mrn_core.spotting.event import Event, find_event
from mrn_core.spotting.large import peak_of
from mrn_core.spotting.reference import Reference, Seen
from mrn_core.spotting.result import UNITS, Spotting
from mrn_core.spotting.smoothing import smoothed

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Image = npt.NDArray[np.uint8]

_SMOOTH_S = 0.02  # sigma of the curves' smoothing: a micro-expression rises in 0.05 to 0.25 s
_EXPRESSIVE = ("brows", "mouth")
_LEAST = {"difference": 0.05, "flow": 0.01}  # amplitude under which nothing is proposed, in the units
_CLEAR = 8.0  # strength under which nothing is proposed: noise alone gives 3 to 6
_BLINK_EDGE_S = 0.01  # around a blink, for the lids' first and last motion


class Frames(Protocol):
    """What is asked of a clip."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Image: ...

    @property
    def fps(self) -> float: ...


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
        method: "flow" = dense optical flow (DIS), in pixels: finds far more, takes about four times as long;
            "difference" = mean absolute grey difference of the blurred crops after the head's shift is
            undone: fast, and moved by a change of light.
        reference: index of a frame at rest, the onset where one is marked; by default the first frame that
            shows a face.
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
    numbers = getattr(clip, "numbers", None)  # a made clip has none

    def number(index: int) -> int | None:
        return None if numbers is None else int(numbers[index])

    base = None
    if reference is not None:
        base = Reference.of(clip[reference], reference, method, face, backend, number(reference))
    seen: list[Seen | None] = [None] * count
    for index in range(count):
        if cancel is not None and cancel():
            raise Cancelled
        frame = clip[index]
        if base is None:
            base = Reference.seen(frame, index, method, face, backend, number(index))
        if base is not None:
            seen[index] = base.compare(frame)
        if progress is not None:
            progress("spot", index + 1, count)
    if base is None:
        raise FaceError(
            "No frame of the clip shows a face.",
            "Choose another clip, or give the face's box, or say that the picture is a face crop already.",
        )
    found = _propose(seen, base.index, method, _rate(clip), cancel)
    times = getattr(clip, "times", None)
    return replace(
        found,
        times=None if times is None else np.asarray(times, np.float64),
        numbers=None if numbers is None else np.asarray(numbers),
    )


def _rate(clip: Frames) -> float:
    rate = float(clip.fps or 0)
    return rate if math.isfinite(rate) and rate > 0 else 30.0


def _propose(
    seen: list[Seen | None],
    reference: int,
    method: str,
    fps: float,
    cancel: Callable[[], bool] | None,
) -> Spotting:
    count = len(seen)
    there = np.array([one is not None for one in seen])
    contrast = _over_time([None if one is None else one.contrast for one in seen])
    patches = {
        name: _over_time([None if one is None else one.patches[name] for one in seen])
        for name in ("brows", "eyes", "nose", "mouth")
    }
    head = patches["nose"][:, :1]
    raw = {name: _sizes(values if name == "nose" else values - head) for name, values in patches.items()}
    raw["motion"] = np.sqrt((raw["brows"] ** 2 + raw["mouth"] ** 2) / 2)
    curves = {name: smoothed(curve, fps, _SMOOTH_S) for name, curve in raw.items()}
    blinks = find_blinks(contrast, fps)
    usable = there.copy()
    if method == "difference":  # the fall of a lid changes grey levels far beyond it; flow tells them apart
        edge = math.ceil(_BLINK_EDGE_S * fps)
        for first, last in blinks:
            usable[max(0, first - edge) : last + edge + 1] = False
    channels = np.concatenate([(patches[name] - head).reshape(count, -1) for name in _EXPRESSIVE], axis=1)
    onset, apex, offset, confidence = None, None, None, 0.0
    if peak := peak_of(np.where(usable, curves["motion"], np.nan), raw["motion"], method):
        onset, apex, offset, confidence = peak
    else:
        event = find_event(channels, usable, fps, cancel)
        if event is not None and event.amplitude >= _LEAST[method] and event.strength >= _CLEAR:
            onset, apex, offset = _frames(event, there)
            confidence = event.share
    if apex is not None:
        confidence *= float(there.mean())
        if onset is None or offset is None:
            confidence /= 2
        if any(first <= apex <= last for first, last in blinks):
            confidence /= 2
    return Spotting(curves, onset, apex, offset, confidence, method, fps, UNITS[method], reference, blinks)


def _over_time(values: list[Array | None]) -> Array:
    """(N, ...) the frames' values, NaN where there are none."""
    shape = next(value.shape for value in values if value is not None)
    empty = np.full(shape, np.nan)
    return np.stack([empty if value is None else value for value in values])


def _sizes(values: Array) -> Array:
    """(N,) of (N, patches, d): the mean over patches of the motion's length, or of a difference above 0."""
    if values.shape[2] == 1:
        return np.asarray(np.maximum(values[:, :, 0].mean(axis=1), 0.0), dtype=np.float64)
    return np.asarray(np.linalg.norm(values, axis=2).mean(axis=1), dtype=np.float64)


def _frames(event: Event, there: Flags) -> tuple[int | None, int | None, int | None]:
    """Onset, apex and offset as frames of the clip; the apex on one that shows the face."""
    last = len(there) - 1
    shown = np.flatnonzero(there)
    apex = int(shown[np.argmin(np.abs(shown - event.apex))])
    onset, offset = math.floor(event.start + 0.5), math.floor(event.end + 0.5)
    return (
        min(onset, apex - 1) if onset >= 0 and apex > 0 else None,
        apex,
        max(offset, apex + 1) if offset <= last and apex < last else None,
    )
