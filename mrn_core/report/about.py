"""What was analysed and what it was made from, in a person's words."""

from __future__ import annotations

import math
from typing import Any

from mrn_core.facts import Fact
from mrn_core.frame_numbers import frame_told
from mrn_core.result import Analysis

LABELS = {
    "program": "Program",
    "clip": "Clip",
    "clip_sha256": "SHA-256 of the clip",
    "onset": "Onset, frame from 0",
    "onset_number": "Onset, the source's own number",
    "apex": "Apex, frame from 0",
    "apex_number": "Apex, the source's own number",
    "apex_source": "Apex chosen by",
    "face": "Face found by",
    "face_quality": "Quality of the face, 0 to 1",
    "magnifier": "Magnifier",
    "af_low": "AF of level 0",
    "af_high": "AF of the last level",
    "af_means": "AF means",
    "planes": "Hyper-planes of a table",
    "tables": "Hash tables",
    "qk": "Query and key projections",
    "hash_centre": "Centre of the hash",
    "feature_norm": "Feature normalisation",
    "softmax": "Softmax over",
    "seed": "Seed of untrained weights",
    "hash_seed": "Hash seed",
    "weights": "Weights",
    "weights_sha256": "SHA-256 of the weights",
    "precision": "Precision",
    "device": "Device",
    "note": "How far to trust it",
}
"""A label for every name of ``facts``."""


def fact_lines(told: dict[str, Fact]) -> list[list[str]]:
    """(label, value) of each fact."""
    return [[LABELS.get(name, name), _value(name, value, told)] for name, value in told.items()]


def _value(name: str, value: Fact, told: dict[str, Fact]) -> str:
    if value is None:
        seeded = name == "weights_sha256" and told["weights"] == "seeded"
        return "none: drawn from the seed" if seeded else "not known"
    if name == "hash_seed" and value == -1:
        return "-1: the planes that belong to the weights"
    return str(value)


def clip_lines(analysis: Analysis) -> list[list[str]]:
    """(label, value) of what was analysed: clip, marks, face, measured motion."""
    told = analysis.provenance
    lines = [["Clip", _clip(told.get("clip"))], ["Onset", _mark(told.get("onset"))]]
    apex, source = _mark(told.get("apex")), told.get("apex_source")
    lines.append(["Apex", f"{apex}; chosen by: {source}" if source else apex])
    face = f"{_SOURCES.get(analysis.face.source, analysis.face.source)}"
    if analysis.face.chosen:
        face += f" ({analysis.face.chosen})"
    if analysis.face.quality is not None:
        face += f"; its landmarks can be believed to {analysis.face.quality:.0%}"
    if analysis.face.measured is not None and (phrases := analysis.face.measured.in_words()):
        face += f". Measured in the onset: {', '.join(phrases)}"
    lines.append(["Face", face])
    motion = f"{analysis.motion_px:.2f} px from onset to apex in the face of 224 × 224 px (99th percentile)"
    if analysis.rigid_px is not None and math.isfinite(analysis.rigid_px):
        motion += f", {analysis.rigid_px:.2f} px of it by the head as a whole"
    if analysis.head.taken_out is not None:
        motion += f"; {analysis.head.taken_out.px:.2f} px of the head's were taken out of the apex"
    lines.append(["Motion", motion])
    return lines


_SOURCES = {
    "dlib": "found by dlib",
    "fan": "found by fan",
    "box": "a box that was given",
    "landmarks": "landmarks that were given",
    "whole": "the whole picture is the face",
}


def _clip(held: Any) -> str:
    if not isinstance(held, dict) or not held.get("name"):
        return "not known"
    words = str(held["name"])
    if isinstance(held.get("frames"), int):
        words += f", {held['frames']} frame{'' if held['frames'] == 1 else 's'}"
    if isinstance(held.get("fps"), int | float):
        words += f" at {held['fps']:g} per second" + (" (as given)" if held.get("fps_given") else "")
    return words


def _mark(held: Any) -> str:
    if not isinstance(held, dict) or not isinstance(held.get("frame"), int):
        return "not known"
    number = held["number"] if isinstance(held.get("number"), int) else None
    words = f"frame {frame_told(held['frame'], number)}"
    if isinstance(held.get("seconds"), int | float):
        words += f", {held['seconds']:.3f} s"
    if number not in (None, held["frame"]):
        words += "; # is the source's own number"
    return words
