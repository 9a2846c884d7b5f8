"""Curves and proposal as files: CSV for the curves, JSON-able data for what is proposed."""

from __future__ import annotations

import csv
import io
import math
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from mrn_core import __version__
from mrn_core.annotation import Span, Tier
from mrn_core.spotting.result import CURVES, Spotting

_MADE_FROM = ("clip", "method", "reference", "program")


class Numbered(Protocol):
    """What is asked of a clip to name its frames."""

    @property
    def numbers(self) -> npt.NDArray[np.int64]: ...

    @property
    def times(self) -> npt.NDArray[np.float64]: ...


class Named(Numbered, Protocol):
    """A clip whose name stands in a table of its curves."""

    @property
    def name(self) -> str: ...


def proposal_told(spotting: Spotting, clip: Numbered) -> dict[str, Any]:
    """What is proposed, as JSON holds it: onset, apex and offset with index, source number and seconds.

    A frame that is not proposed is None; nothing is NaN.
    """
    return {
        **{role: _frame(getattr(spotting, role), clip) for role in ("onset", "apex", "offset")},
        "apex_source": None if spotting.apex is None else spotting.source,
        "confidence": round(spotting.confidence, 4),
        "method": spotting.method,
        "units": spotting.units,
        "fps": spotting.fps,
        "reference": _frame(spotting.reference, clip),
        "frames": len(spotting.curves["motion"]),
        "frames_without_face": int(np.isnan(spotting.curves["motion"]).sum()),
        "blinks": [{"first": _frame(a, clip), "last": _frame(b, clip)} for a, b in spotting.blinks],
    }


def curves_csv(spotting: Spotting, clip: Named) -> bytes:
    """The curves as UTF-8 CSV, a row a frame.

    Columns: frame (index from 0), source_number (the source's own), seconds, motion, brows, eyes, nose, mouth
    (in ``spotting.units``, empty where the frame does not show the face), units, blink (0 or 1), proposed
    ("onset", "apex", "offset" or empty), and what the row was made from: clip, method, the frame that motion
    is measured against, program. Numbers read back to the same bits.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["frame", "source_number", "seconds", *CURVES, "units", "blink", "proposed", *_MADE_FROM])
    made = [clip.name, spotting.method, spotting.reference, f"MRN Studio {__version__}"]
    proposed = {getattr(spotting, role): role for role in ("onset", "offset", "apex")}
    for frame in range(len(spotting.curves["motion"])):
        values = (float(spotting.curves[name][frame]) for name in CURVES)
        blink = any(first <= frame <= last for first, last in spotting.blinks)
        writer.writerow(
            [
                frame,
                int(clip.numbers[frame]),
                repr(float(clip.times[frame])),
                *("" if math.isnan(value) else repr(value) for value in values),
                spotting.units,
                int(blink),
                proposed.get(frame, ""),
                *made,
            ]
        )
    return text.getvalue().encode("utf-8", "backslashreplace")


def proposal_tiers(spotting: Spotting) -> list[Tier]:
    """What is proposed as tiers of an annotation file: the expression, its apex, the blinks.

    An expression that begins before the clip begins with its first frame, and ends so.
    """
    who, last = f"MRN Studio, {spotting.source}", len(spotting.curves["motion"]) - 1
    whole, apex = [], []
    if spotting.apex is not None:
        start = 0 if spotting.onset is None else spotting.onset
        end = last if spotting.offset is None else spotting.offset
        whole = [Span(start, end, f"proposed, confidence {spotting.confidence:.2f}")]
        apex = [Span(spotting.apex, spotting.apex, "apex, proposed")]
    blinks = [Span(first, end, "blink") for first, end in spotting.blinks]
    named = (("expression", whole), ("apex", apex), ("blinks", blinks))
    return [Tier(name, tuple(spans), who) for name, spans in named]


def _frame(index: int | None, clip: Numbered) -> dict[str, Any] | None:
    if index is None:
        return None
    return {
        "frame": index,
        "source_number": int(clip.numbers[index]),
        "seconds": round(float(clip.times[index]), 6),
    }
