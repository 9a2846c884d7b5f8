"""What the window asks of the core in its workers: plain functions, no Qt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mrn_core.annotation import MarkedFace, Marks, MarkStore, face_choice
from mrn_core.clip import Clip, open_clip
from mrn_core.errors import MRNError
from mrn_gui.jobs import Job
from mrn_gui.loading import map_libraries, without_collection

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws
    from mrn_core.result import Analysis, FaceReading
    from mrn_core.spotting import Spotting


FLOW_FRAMES = 3000  # a minute of work; frame differences take a quarter of it


def as_told(error: BaseException, told: str) -> MRNError:
    """The error itself where it was made for people, else one that names what failed; the cause is kept."""
    if isinstance(error, MRNError):
        return error
    made = MRNError(f"{told}: {type(error).__name__}: {error}.", "Copy the details and report it.")
    made.__cause__ = error
    return made


OpenedClip = tuple[Clip, str, Marks]
"""A clip, the SHA-256 of its content, and what is marked on it."""


def open_with_marks(path: str | Path, store: MarkStore, job: Job) -> OpenedClip:
    """The clip, its SHA-256, and its marks: the kept ones, or a demo clip's true ones, or none.

    A frame rate that is kept with the marks takes the place of the source's own.
    """
    clip = _counted(path, None, job)
    sha256 = clip.sha256()
    marks = store.get(sha256)
    if marks is None or not marks.fit(len(clip)):
        marks = _demo_marks(clip)
    if marks.fps is not None and marks.fps != clip.fps:
        clip.close()
        clip = _counted(path, marks.fps, job)
    return clip, sha256, marks


def _counted(path: str | Path, fps: float | None, job: Job) -> Clip:
    """The clip with all its frames counted; a long one is given out before, as a part of the answer."""
    clip = open_clip(path, fps, progress=job.progress, cancel=job.cancelled)
    try:
        if not clip.indexed[1]:
            job.part(clip)
        clip.wait_for_index(job.progress, job.cancelled)
    except BaseException:
        clip.close()
        raise
    return clip


def _demo_marks(clip: Clip) -> Marks:
    from mrn_core.clip.demo import demo_clip_path, demo_truth, rendered_demo_path

    if clip.source == demo_clip_path().absolute():
        truth = demo_truth()
        return Marks(truth.onset, truth.apex, apex_source="annotated")
    if clip.source == rendered_demo_path().absolute():
        load_renderer()
        from mrn_core.datasets.synthetic.demo import rendered_demo_truth

        rendered = rendered_demo_truth()
        return Marks(rendered.onset, rendered.apex, apex_source="annotated")
    return Marks()


def load_renderer() -> None:
    """Imports what renders faces, with as little standstill of the window as may be."""
    map_libraries("llvmlite")
    with without_collection():
        import mrn_core.datasets.synthetic  # noqa: F401


def motion_curve(clip: Clip, face: MarkedFace, job: Job) -> Spotting:
    """The motion over the clip: by optical flow, or in a long clip by frame differences."""
    from mrn_core.spotting import spot

    method = "flow" if len(clip) <= FLOW_FRAMES else "difference"
    return spot(clip, method, face=face_choice(face), progress=job.progress, cancel=job.cancelled)


def chance_redraws(analysis: Analysis, job: Job) -> list[Redraws]:
    """What chance gives in each block, over redraws of its planes."""
    from mrn_core.tables import chance_of

    return chance_of(analysis, cancel=job.cancelled)


def load_network(_job: Job) -> dict[str, str]:
    """Imports what the first analysis needs; returns what PyTorch can compute on, by the analyzer's names."""
    map_libraries("torch", "triton")
    with without_collection():
        import mrn_core.network.mrn  # noqa: F401
        from mrn_core.devices import devices

    found = devices()
    return {"auto": f"Automatic: {found['cuda:0']}", **found} if "cuda:0" in found else {"auto": "CPU"}


FanState = tuple[Path, list[str], str]
"""Where the files of fan belong, which are lacking, and what to do where its package is not installed."""


def fan_files_lacking(_job: Job) -> FanState:
    """Looks for the files of fan, and whether they are what they should be."""
    map_libraries("torch", "triton", "cv2")
    with without_collection():
        from mrn_core.faces.fan_backend import check_package, weights_folder
    from mrn_core.faces.fan_files import lacking

    package = ""
    try:
        check_package()
    except MRNError as error:
        package = str(error)
    folder = weights_folder()
    return folder, lacking(folder), package


def fetch_fan_files(job: Job) -> FanState:
    """Downloads those that are lacking."""
    from mrn_core.faces import fan_files

    folder, names, package = fan_files_lacking(job)
    for name in names:
        fan_files.fetch(name, folder, job.progress, job.cancelled)
    return folder, [], package


def take_fan_files(paths: list[str], job: Job) -> FanState:
    """Copies files that a person picked; what is lacking then."""
    from mrn_core.faces import fan_files

    folder, _, _ = fan_files_lacking(job)
    for path in paths:
        fan_files.take(path, folder)
    return fan_files_lacking(job)


def crop_corners(reading: FaceReading) -> list[tuple[float, float]] | None:
    """The four corners of the 224 x 224 crop in the onset frame, px; None for a clip that is a crop already.

    The crop is a similarity of the frame: the least-squares one from crop to frame landmarks is it.
    """
    if reading.landmarks is None or reading.crop_landmarks is None:
        return None
    inside = reading.crop_landmarks[:, 0] + 1j * reading.crop_landmarks[:, 1]
    frame = reading.landmarks[:, 0] + 1j * reading.landmarks[:, 1]
    centred = inside - inside.mean()
    turn = (np.conj(centred) @ (frame - frame.mean())) / (np.conj(centred) @ centred).real
    corners = frame.mean() + turn * (np.array([0, 224, 224 + 224j, 224j]) - inside.mean())
    return [(float(c.real), float(c.imag)) for c in corners]
