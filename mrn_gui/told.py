"""Clip, marks and provenance in the words of the top bar and the status line (no Qt)."""

from __future__ import annotations

from mrn_core.annotation import Marks
from mrn_core.clip.base import Facts
from mrn_core.face_reading import FaceQuality
from mrn_core.result import Analysis
from mrn_core.settings import AnalysisSettings
from mrn_gui.marking import early_offset
from mrn_gui.request import face_told


def marks_told(known: Facts, marks: Marks, wide: bool, whole: bool = True, named: bool = False) -> str:
    """ "72 frames · 200 fps · onset 12 · apex 35", or "onset 12 → apex 35 of 72 frames", or with least room
    "12 (#58) → 35 (#81) of 72".

    Args:
        known: what is known of the clip's frames.
        marks: what is marked.
        wide: whether there is room for everything.
        whole: False while the frames are being counted.
        named: whether there is room for the marks' names, if not for everything.
    """
    frames = len(known.times)
    if not whole:
        return f"at least {frames} frames"
    found = [(role, getattr(marks, role)) for role in ("onset", "apex", "offset")]
    early = early_offset(marks)
    ends = [f"offset {known.told(marks.offset or 0)} too early"] if early and not wide else []
    ends += [] if marks.face is None else [face_told(marks.face)]
    if not wide and marks.onset is not None and marks.apex is not None:
        passed = [(role, known.told(at)) for role, at in found if at is not None]
        passed = passed[:2] if early else passed
        way = " → ".join(f"{role} {at}" if named else at for role, at in passed)
        return " · ".join([f"{way} of {frames}{' frames' if named else ''}", *ends])
    rate = f"{known.fps:.4g} fps" + ("" if known.fps_given else " assumed")
    told = [f"{role} {known.told(frame)}" for role, frame in found if frame is not None]
    said = told if wide else []
    if early and wide:
        said[-1] += " (too early)"
    return " · ".join([f"{frames} frame{'' if frames == 1 else 's'}", rate, *said, *ends])


LOW_OVERALL = 0.5  # of a face: what it shows is halfway to useless


def quality_told(source: str, landmarks: float, measured: FaceQuality | None) -> tuple[str, bool]:
    """ "dlib: quality 0.83", and whether that is low.

    Args:
        source: what found the face.
        landmarks: how far its landmarks can be believed, 0..1.
        measured: the face's figures; None: the landmarks' alone are known.
    """
    from mrn_core.faces.quality import GOOD_QUALITY  # with OpenCV; imported by now: a face was found with it

    overall = landmarks if measured is None else measured.overall
    low = landmarks < GOOD_QUALITY or overall < LOW_OVERALL
    return f"{source}: quality {overall:.2f}{' (low)' if low else ''}", low


def face_lines(chosen: str, measured: FaceQuality | None, cut: str = "") -> list[str]:
    """What is known of a face, a line each.

    Args:
        chosen: why it was taken; "" where nobody chose.
        measured: its figures.
        cut: a sentence where the clip seems to be cut to it.
    """
    phrases = [*([f"taken: {chosen}"] if chosen else []), *([] if measured is None else measured.in_words())]
    return [*(f"{phrase[0].upper()}{phrase[1:]}" for phrase in phrases), *([cut] if cut else [])]


def head_told(analysis: Analysis) -> tuple[str, ...]:
    """How far the whole head moves between the aligned crops, the longest words first."""
    rigid = analysis.rigid_px
    if rigid is None:
        return ("The head's motion cannot be told", "Head: not told")
    if head_is_mistaken(analysis):
        return (
            f"Head moves {rigid:.2f} px: as much as an expression",
            f"Head moves {rigid:.2f} px",
        )
    taken_out = analysis.head.taken_out
    before = () if taken_out is None else (f"Head moves {rigid:.2f} px, {taken_out.px:.2f} taken out",)
    return (*before, f"Head moves {rigid:.2f} px", f"Head {rigid:.2f} px")


def head_is_mistaken(analysis: Analysis) -> bool:
    """Whether the head's motion could be taken for an expression."""
    from mrn_core.motion import looks_like_expression  # with OpenCV; imported by now: it was analysed

    return looks_like_expression(analysis.rigid_px, analysis.motion_px)


def provenance_told(analysis: Analysis | None, settings: AnalysisSettings) -> str:
    """What the numbers shown were made with: weights, seed, device, threads, number format."""
    if analysis is None:
        return f"Untrained weights · seed {settings.network.seed} · {settings.precision}"
    told = analysis.provenance
    network = told.get("weights", {}).get("network", {})
    parts = ["Trained weights" if analysis.trained else "Untrained weights"]
    if "file" in network:
        parts.append(str(network["file"]))
    else:
        parts.append(f"seed {network.get('seed', analysis.settings.network.seed)}")
    if analysis.settings.network.hash_seed >= 0:
        parts.append(f"hash seed {analysis.settings.network.hash_seed}")
    device, threads = str(told.get("device", "cpu")), told.get("threads")
    parts.append("CPU" if device == "cpu" else device)
    if device == "cpu" and threads is not None:
        parts.append(f"{threads} thread{'' if threads == 1 else 's'}")
    parts.append(str(told.get("precision", analysis.settings.precision)))
    return " · ".join(parts)
