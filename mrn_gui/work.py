"""What the window asks of the core in its workers: plain functions, no Qt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mrn_core.annotation import Marks, MarkStore
from mrn_core.clip import Clip, open_clip
from mrn_core.errors import Cancelled, ClipError, FaceError, MRNError
from mrn_gui.jobs import Job

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws
    from mrn_core.result import Analysis
    from mrn_core.spotting import Spotting


def as_told(error: BaseException, told: str) -> MRNError:
    """The error itself where it was made for people, else one that names what failed; the cause is kept."""
    if isinstance(error, MRNError):
        return error
    made = MRNError(f"{told}: {type(error).__name__}: {error}.", "Copy the details and report it.")
    made.__cause__ = error
    return made


def open_with_marks(path: str | Path, store: MarkStore, job: Job) -> tuple[Clip, str, Marks]:
    """The clip, its SHA-256, and its marks: the kept ones, or the demo clip's true ones, or none."""
    clip = open_clip(path, progress=job.progress, cancel=job.cancelled)
    sha256 = clip.sha256()
    marks = store.get(sha256)
    if marks is None or not marks.fit(len(clip)):
        marks = _demo_marks(clip)
    return clip, sha256, marks


def _demo_marks(clip: Clip) -> Marks:
    from mrn_core.clip.demo import demo_clip_path, demo_truth

    if clip.source != demo_clip_path().absolute():
        return Marks()
    truth = demo_truth()
    return Marks(truth.onset, truth.apex)


def motion_curve(clip: Clip, job: Job) -> Spotting | None:
    """The motion over the clip by frame differences; None where no frame shows a face."""
    from mrn_core.spotting import spot

    try:
        return spot(clip, "difference", cancel=job.cancelled)
    except (FaceError, ClipError):
        return None  # the timeline says so; the analysis will give the reason in its place


def chance_redraws(analysis: Analysis, job: Job) -> list[Redraws]:
    """What chance gives in each block, over redraws of its planes."""
    from mrn_core.network import explain

    made = []
    for trace in analysis.traces:
        if job.cancelled():
            raise Cancelled
        made.append(explain.redraws(trace))
    return made


def devices() -> dict[str, str]:
    """What PyTorch can compute on, by the name that ``Analyzer`` takes."""
    import torch

    found = {"auto": "Automatic", "cpu": "CPU"} if torch.cuda.is_available() else {"auto": "CPU"}
    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        found[f"cuda:{index}"] = torch.cuda.get_device_name(index)
    return found
