"""What every export says of its analysis: clip, marks, settings, seeds, weights, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import __version__
from .frame_numbers import frame_told
from .result import Analysis
from .worth import Shows

Fact = str | int | float | None
SHORT = (
    "clip", "onset", "onset_number", "apex", "apex_number", "apex_source",
    "planes", "tables", "seed", "hash_seed", "note",
)  # fmt: skip
"""What stands in every row of a long table."""


def note(analysis: Analysis, shows: Shows = "all") -> str:
    """What must be known before a number is believed: the badge of what is shown, or what the weights were
    trained on."""
    if badge := analysis.badge(shows):
        return badge
    told = _network(analysis).get("told")
    data = told.get("data") if isinstance(told, dict) else None
    return f"Trained on {data}" if isinstance(data, str) and data else "Trained weights"


def facts(analysis: Analysis, shows: Shows = "all") -> dict[str, Fact]:
    """The provenance in short, by name, in the order in which it is written; None: not known.

    ``note`` is that of what is shown beside it.
    ``seed`` is that of untrained weights and their planes, ``hash_seed`` of the planes alone (-1: those of
    the weights). ``onset`` and ``apex`` count frames from 0; ``onset_number`` and
    ``apex_number`` are the source's own numbers of them. ``face_quality`` is that of the onset.
    """
    settings, network, told = analysis.settings, analysis.settings.network, analysis.provenance
    clip = told.get("clip")
    clip = clip if isinstance(clip, dict) else {}
    weights = _network(analysis)
    return {
        "program": f"MRN Studio {__version__}",
        "clip": _text(clip.get("name")),
        "clip_sha256": _text(clip.get("sha256")),
        "onset": _frame(told, "onset"),
        "onset_number": _frame(told, "onset", "number"),
        "apex": _frame(told, "apex"),
        "apex_number": _frame(told, "apex", "number"),
        "apex_source": _text(told.get("apex_source")),
        "face": analysis.face.source,
        "face_quality": _face_quality(analysis),
        "magnifier": settings.magnifier,
        "af_low": settings.af_low,
        "af_high": settings.af_high,
        "af_means": settings.convention,
        "planes": network.planes,
        "tables": network.tables,
        "qk": network.qk,
        "hash_centre": network.hash_centre,
        "feature_norm": network.feature_norm,
        "softmax": network.softmax,
        "seed": network.seed,
        "hash_seed": network.hash_seed,
        "weights": _text(weights.get("file")) or "seeded",
        "weights_sha256": _text(weights.get("sha256")),
        "precision": _text(told.get("precision")) or settings.precision,
        "device": _text(told.get("device")),
        "note": note(analysis, shows),
    }


def _face_quality(analysis: Analysis) -> float | None:
    """0..1 to three digits: see ``mrn_core.faces.quality``."""
    measured = analysis.face.measured
    told = None if measured is None else measured.as_told()["overall"]
    return None if told is None else round(told, 3)


def _network(analysis: Analysis) -> dict[str, Any]:
    weights = analysis.provenance.get("weights")
    network = weights.get("network") if isinstance(weights, dict) else None
    return network if isinstance(network, dict) else {}


def mark_told(told: Mapping[str, Fact], role: str) -> str:
    """ "onset 12 (#58)" of what ``facts`` gave; "" where the mark is not known."""
    frame, number = told[role], told[f"{role}_number"]
    if not isinstance(frame, int):
        return ""
    return f"{role} {frame_told(frame, number if isinstance(number, int) else None)}"


def made_from(told: Mapping[str, Fact]) -> str:
    """What ``facts`` gave, in one line: clip, marks, magnifier, hash, seeds, weights, program, the note."""
    marks = [words for role in ("onset", "apex") if (words := mark_told(told, role))]
    if marks and told["apex_source"]:
        marks[-1] += f" ({told['apex_source']})"
    hash_seed = told["hash_seed"]
    drawn = f", hash seed {hash_seed}" if isinstance(hash_seed, int) and hash_seed >= 0 else ""
    parts = [
        told["clip"] or "clip",
        *marks,
        f"{told['magnifier']}, AF {told['af_low']:g} to {told['af_high']:g}",
        f"planes {told['planes']}, tables {told['tables']}, {told['qk']}, {told['hash_centre']}",
        f"seed {told['seed']}{drawn}",
        f"{told['weights']} weights" if told["weights"] == "seeded" else told["weights"],
        told["program"],
        told["note"],
    ]
    return " · ".join(str(part) for part in parts)


def _frame(told: dict[str, Any], role: str, name: str = "frame") -> int | None:
    held = told.get(role)
    frame = held.get(name) if isinstance(held, dict) else None
    return frame if isinstance(frame, int) else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
