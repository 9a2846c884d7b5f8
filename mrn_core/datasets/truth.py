"""What truly moves in a made clip, whatever it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from mrn_core.errors import FileError


class Truth(Protocol):
    """The truth of one clip; frames are indices from 0, positions are pixels of the frame.

    Attributes:
        onset, apex, offset: the last frame at rest, the peak, the first frame at rest again.
        first: the number of the first frame's file.
        fps: frames per second.
        emotion: what is shown.
        units: the course of each action unit, ``(N,)`` float64, by its name ("12", "R12").
    """

    onset: int
    apex: int
    offset: int
    first: int
    fps: float
    emotion: str
    units: Mapping[str, npt.NDArray[np.float64]]

    def __len__(self) -> int: ...

    def landmarks(self, frame: int) -> npt.NDArray[np.float64]:
        """The 68 points in a frame, ``(68, 2)``."""
        ...

    def displacement(self, frame: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """The reading field s of a frame, frame(x) = onset(x + s(x)): ``(H, W, 2)`` px, and where it is
        defined: ``(H, W)``, False at what the onset does not show. What is seen moves against s."""
        ...

    def expression(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """The same at the apex for the expression alone, without head motion, blinks and the like."""
        ...


def truth_file(clip: str | PathLike[str]) -> Path | None:
    """The file that holds a made clip's truth, or None; no file is opened.

    Args:
        clip: the clip's folder, a file in it, or a film beside its truth (clip.mp4, clip.json).
    """
    path = Path(clip).expanduser().absolute()
    folder = path if path.is_dir() else path.parent
    found = [folder / "truth.json", folder / "truth.npz"]
    if path != folder and path.suffix != ".json":
        found.insert(0, path.with_suffix(".json"))
    return next((file for file in found if file.is_file()), None)


def open_truth(clip: str | PathLike[str]) -> Truth:
    """The truth beside a made clip.

    Args:
        clip: the clip's folder, a file in it, or a film beside its truth (clip.mp4, clip.json).

    Raises:
        FileError: there is none, or it cannot be read.
    """
    file = truth_file(clip)
    if file is None:
        path = Path(clip).expanduser().absolute()
        raise FileError(
            f"There is no truth in {path if path.is_dir() else path.parent}.",
            "Only clips that this program made have it.",
        )
    if file.suffix == ".npz":
        from mrn_core.datasets.photos import PhotoTruth

        return PhotoTruth(file)
    from mrn_core.datasets.rendered import RenderedTruth

    return RenderedTruth(file)


def numbers(truth: Truth) -> dict[str, Any]:
    """The truth in numbers, JSON-able: marks, courses, landmarks, and how far things move at the apex.

    ``expression_largest_px`` is the largest motion of the expression alone and ``expression_mean_px`` its
    mean over what moves by more than a tenth of that; ``apex_largest_px`` is the largest with head motion
    and all, ``known_share`` the share of the picture where that is defined. ``landmark_motion_px`` is, frame
    by frame, that of the landmark that moved most since the onset.
    """
    alone, whole = (_lengths(*field) for field in (truth.expression(), truth.displacement(truth.apex)))
    moving = alone[alone > 0.1 * alone.max()]
    points = [truth.landmarks(i) for i in range(len(truth))]
    at_onset = points[truth.onset]
    roles = ("onset", "apex", "offset")
    return {
        "emotion": truth.emotion,
        "fps": truth.fps,
        "frames": len(truth),
        "first_number": truth.first,
        **{role: getattr(truth, role) for role in roles},
        **{f"{role}_number": truth.first + getattr(truth, role) for role in roles},
        "action_units": {name: [round(float(v), 5) for v in course] for name, course in truth.units.items()},
        "expression_largest_px": round(float(alone.max()), 4),
        "expression_mean_px": round(float(moving.mean()) if len(moving) else 0.0, 4),
        "apex_largest_px": round(float(whole.max()), 4),
        "known_share": round(float(truth.displacement(truth.apex)[1].mean()), 4),
        "landmark_motion_px": [round(float(np.linalg.norm(p - at_onset, axis=-1).max()), 4) for p in points],
        "onset_landmarks": np.round(at_onset, 3).tolist(),
        "apex_landmarks": np.round(points[truth.apex], 3).tolist(),
    }


def coded(truth: Truth) -> str:
    """Its units as a sheet has them: "6+12", and a side where one side alone moves."""
    names = sorted(truth.units, key=lambda name: (int(name.strip("LR")), name))
    both = {name[1:] for name in names if name[0] == "L" and f"R{name[1:]}" in names}
    return "+".join(dict.fromkeys(name.strip("LR") if name.strip("LR") in both else name for name in names))


def _lengths(field: npt.NDArray[np.float32], known: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    return np.where(known, np.linalg.norm(field, axis=-1), np.float32(0))
