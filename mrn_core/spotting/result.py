"""What spotting gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

UNITS = {"difference": "gray levels", "flow": "px at 224"}
CURVES = ("motion", "brows", "eyes", "nose", "mouth")
"""The curves of every Spotting, in the order in which they are told."""


@dataclass(frozen=True, eq=False)
class Spotting:
    """Curves over a clip of N frames and what they propose.

    Attributes:
        curves: (N,) float64 each, smoothed in time: "brows", "eyes", "mouth" against the nose, "nose" against
            the reference frame, and "motion", the root mean square of brows and mouth (eyes are left out: a
            blink is larger than any micro-expression). NaN where the frame does not show the face.
        onset, apex, offset: frame indices, or None when the curves show none. The apex is the frame at which
            the rise ends (of a large motion, the peak of the curve); an onset or offset that would lie
            outside the clip is None.
        confidence: 0..1, how far the proposal can be believed: the share of what brows and mouth do (slow
            drift left out) that one rise and fall tells (of a large motion, how far it stands out of the
            noise), times the share of frames that show the face, halved when onset or offset is missing,
            and halved when the apex falls into a blink. It orders proposals; it is not the chance to be
            right.
        method: "difference" or "flow".
        fps: the frame rate used for times.
        units: of the curves: "gray levels" or "px at 224".
        reference: index of the frame that the others are compared with.
        blinks: first and last frame of each blink, in order.
        times: (N,) float64, s of each frame from the clip's start; None where they are not known.
        numbers: (N,) int, the source's own number of each frame; None where it is not known.
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
    blinks: tuple[tuple[int, int], ...] = ()
    times: Array | None = None
    numbers: npt.NDArray[np.integer] | None = None

    @property
    def source(self) -> str:
        """What ``apex_source`` says of an apex that was taken from this proposal."""
        return f"spotted:{self.method}"
