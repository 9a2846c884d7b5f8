"""Marks on a clip as an annotation file of ELAN (.eaf, format 3.0), and back.

A tier is what one person says of one thing (an action unit, say), so that its spans never overlap. ELAN
counts whole milliseconds from the start of the medium; the frame numbers are kept beside them, and are read
back exactly as long as nobody moved the annotation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import numpy.typing as npt

from mrn_core.errors import FileError

FRAMES = "mrn-studio:frames"
"""The property of the header that holds the frames of every annotation, as JSON."""
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0
_TYPES = {".mp4": "video/mp4", ".mov": "video/quicktime", ".avi": "video/avi", ".mpg": "video/mpeg"}


@dataclass(frozen=True)
class Span:
    """Frames ``first`` to ``last``, from 0, both included; ``value``: what is said of them."""

    first: int
    last: int
    value: str = ""


@dataclass(frozen=True)
class Tier:
    """What ``annotator`` says of one thing."""

    name: str
    spans: tuple[Span, ...] = ()
    annotator: str = ""


def eaf_bytes(
    tiers: Sequence[Tier],
    times: npt.ArrayLike,
    media: Path | None = None,
    author: str = "",
    when: datetime | None = None,
) -> bytes:
    """The file of these tiers. Spans of a tier that overlap go into further tiers of its name.

    Args:
        times: (N,) seconds at which the frames begin; the first stands for the start of the medium.
        media: the clip's file, which ELAN opens.
        when: the date of the file; now if None.

    Raises:
        ValueError: a span is no frames of the clip.
    """
    edges = frame_edges(times)
    apart = [part for tier in tiers for part in _without_overlap(tier)]
    names = _distinct([part.name for part in apart])
    slots: list[int] = []
    frames: dict[str, list[int]] = {}
    body = []
    for name, tier in zip(names, apart, strict=True):
        made = []
        for span in sorted(tier.spans, key=lambda each: each.first):
            if not 0 <= span.first <= span.last < len(edges) - 1:
                raise ValueError(f"{span.first} to {span.last} are no frames of {len(edges) - 1}")
            frames[f"a{len(frames) + 1}"] = [span.first, span.last]
            slots += [int(edges[span.first]), int(edges[span.last + 1])]
            made.append(
                f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{len(frames)}" '
                f'TIME_SLOT_REF1="ts{len(slots) - 1}" TIME_SLOT_REF2="ts{len(slots)}">'
                f"<ANNOTATION_VALUE>{_text(span.value)}</ANNOTATION_VALUE>"
                "</ALIGNABLE_ANNOTATION></ANNOTATION>"
            )
        who = f" ANNOTATOR={_attribute(tier.annotator)}" if tier.annotator else ""
        body.append(
            f'<TIER{who} LINGUISTIC_TYPE_REF="default-lt" TIER_ID={_attribute(name)}>{"".join(made)}</TIER>'
        )
    order = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="ts{n + 1}" TIME_VALUE="{slots[n]}"/>'
        for n in np.argsort(slots, kind="stable")
    )
    date = (when or datetime.now(UTC)).isoformat(timespec="seconds")
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<ANNOTATION_DOCUMENT AUTHOR={_attribute(author)} DATE="{date}" FORMAT="3.0" VERSION="3.0" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">',
        f'<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">{_media(media)}'
        f'<PROPERTY NAME="{FRAMES}">{_text(json.dumps(frames))}</PROPERTY>'
        f'<PROPERTY NAME="lastUsedAnnotationId">{len(frames)}</PROPERTY></HEADER>',
        f"<TIME_ORDER>{order}</TIME_ORDER>",
        *body,
        '<LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>',
        "</ANNOTATION_DOCUMENT>",
    )
    return ("\n".join(lines) + "\n").encode("utf-8")


def read_eaf(data: bytes, times: npt.ArrayLike) -> list[Tier]:
    """The tiers of a file, in its order; annotations without times of their own are left out.

    Args:
        times: (N,) seconds at which the clip's frames begin.

    Raises:
        FileError: it is no annotation file of ELAN.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise FileError("The file defines entities of its own: no program writes .eaf so.", "Choose another.")
    try:
        root = ElementTree.fromstring(data)
        if root.tag != "ANNOTATION_DOCUMENT":
            raise ValueError(f"it is <{root.tag}>")
        slots = {
            slot.attrib["TIME_SLOT_ID"]: int(slot.attrib["TIME_VALUE"])
            for slot in root.iter("TIME_SLOT")
            if "TIME_VALUE" in slot.attrib
        }
        held = next((p.text for p in root.iter("PROPERTY") if p.get("NAME") == FRAMES), None)
        frames = json.loads(held or "{}")
        edges = frame_edges(times)
        return [
            Tier(
                tier.attrib["TIER_ID"],
                tuple(
                    _span(one, slots, frames, edges)
                    for one in tier.iter("ALIGNABLE_ANNOTATION")
                    if {one.attrib["TIME_SLOT_REF1"], one.attrib["TIME_SLOT_REF2"]} <= slots.keys()
                ),
                tier.get("ANNOTATOR", ""),
            )
            for tier in root.iter("TIER")
        ]
    except (ElementTree.ParseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(f"This is no annotation file of ELAN ({error}).", "Choose an .eaf file.") from error


def frame_edges(times: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """(N + 1,) whole milliseconds at which the frames begin and the last one ends: from 0, each later than
    the one before.

    Example:
        >>> frame_edges([1.0, 1.0333, 1.0667]).tolist()
        [0, 33, 67, 100]
    """
    seconds = np.asarray(times, np.float64)
    if not len(seconds):
        return np.zeros(1, np.int64)
    last = float(np.median(np.diff(seconds))) if len(seconds) > 1 else 0.04
    edges = np.rint((np.append(seconds, seconds[-1] + last) - seconds[0]) * 1000).astype(np.int64)
    steps = np.arange(len(edges))
    return np.asarray(np.maximum.accumulate(edges - steps) + steps)


def _span(
    one: ElementTree.Element,
    slots: dict[str, int],
    frames: dict[str, list[int]],
    edges: npt.NDArray[np.int64],
) -> Span:
    """The frames that were written, where they still stand at these times; else the nearest."""
    start, end = slots[one.attrib["TIME_SLOT_REF1"]], slots[one.attrib["TIME_SLOT_REF2"]]
    value = one.findtext("ANNOTATION_VALUE") or ""
    kept = frames.get(one.attrib["ANNOTATION_ID"])
    if kept is not None:
        first, last = (int(frame) for frame in kept)
        if 0 <= first <= last < len(edges) - 1 and (edges[first], edges[last + 1]) == (start, end):
            return Span(first, last, value)
    first = int(np.abs(edges[:-1] - start).argmin())
    last = max(first, int(np.abs(edges[1:] - end).argmin()))
    return Span(first, last, value)


def _without_overlap(tier: Tier) -> list[Tier]:
    rows: list[list[Span]] = [[]]
    for span in sorted(tier.spans, key=lambda each: (each.first, each.last)):
        free = next((row for row in rows if not row or row[-1].last < span.first), None)
        if free is None:
            rows.append([span])
        else:
            free.append(span)
    return [Tier(tier.name, tuple(row), tier.annotator) for row in rows]


def _distinct(names: Sequence[str]) -> list[str]:
    """Names that ELAN can tell apart: "AU12", "AU12 (2)"."""
    made: list[str] = []
    for name in names:
        taken, count = name, 1
        while taken in made:
            count += 1
            taken = f"{name} ({count})"
        made.append(taken)
    return made


def _media(media: Path | None) -> str:
    if media is None:
        return ""
    kind = _TYPES.get(media.suffix.lower(), "video/*")
    url, near = media.absolute().as_uri(), f"./{quote(media.name)}"
    return (
        f'<MEDIA_DESCRIPTOR MEDIA_URL={_attribute(url)} MIME_TYPE="{kind}" '
        f"RELATIVE_MEDIA_URL={_attribute(near)}/>"
    )


def _text(words: str) -> str:
    return escape(_ILLEGAL.sub("�", words), {"\r": "&#13;"})


def _attribute(words: str) -> str:
    return quoteattr(_ILLEGAL.sub("�", words))
