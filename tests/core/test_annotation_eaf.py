"""Annotation files for ELAN: whole milliseconds, no overlap in a tier, frame numbers that come back."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrn_core.annotation import Span, Tier, eaf_bytes, read_eaf
from mrn_core.annotation.eaf import frame_edges
from mrn_core.errors import FileError

NTSC = np.arange(40) * 1001 / 30000
TWO_RATERS = [
    Tier("AU12 A", (Span(10, 20, "12"),), "A"),
    Tier("AU4 A", (Span(15, 25, "4"),), "A"),
    Tier("mark B", (Span(0, 0, "onset"), Span(39, 39, "apex")), "B"),
]


def annotations(data):
    """Tier to [(start ms, end ms, value)], read by other code than wrote it."""
    root = ElementTree.fromstring(data)
    slots = {s.get("TIME_SLOT_ID"): int(s.get("TIME_VALUE")) for s in root.find("TIME_ORDER")}
    assert list(slots.values()) == sorted(slots.values())
    return {
        tier.get("TIER_ID"): [
            (slots[a.get("TIME_SLOT_REF1")], slots[a.get("TIME_SLOT_REF2")], a.findtext("ANNOTATION_VALUE"))
            for a in tier.iter("ALIGNABLE_ANNOTATION")
        ]
        for tier in root.iter("TIER")
    }


@pytest.mark.parametrize(
    "times",
    [NTSC, np.arange(40) / 30, 0.08 + np.arange(40) / 25, np.arange(40) / 2000, np.arange(40) * 10.0],
    ids=("29.97", "30", "TS that begins at 0.08 s", "2000 per second", "a frame in ten seconds"),
)
def test_frames_come_back_exactly_and_times_are_whole(times):
    data = eaf_bytes(TWO_RATERS, times)
    assert read_eaf(data, times) == TWO_RATERS
    for spans in annotations(data).values():
        for start, end, _ in spans:
            assert 0 <= start < end
    without = data.replace(b"mrn-studio:frames", b"something-else")
    assert read_eaf(without, times) == TWO_RATERS  # by the times alone


@given(
    st.lists(st.tuples(st.integers(0, 39), st.integers(0, 15)), max_size=8),
    st.sampled_from([NTSC, np.arange(40) / 200, 1.4 + np.arange(40) / 25]),
)
def test_overlapping_spans_are_all_there_in_tiers_without_overlap(made, times):
    spans = [Span(first, min(39, first + long), str(n)) for n, (first, long) in enumerate(made)]
    data = eaf_bytes([Tier("AU", tuple(spans), "A")], times)
    for found in annotations(data).values():
        ordered = sorted(found)
        assert all(one[1] <= two[0] for one, two in pairwise(ordered))
    back = [span for tier in read_eaf(data, times) for span in tier.spans]
    assert sorted(back, key=lambda s: s.value) == sorted(spans, key=lambda s: s.value)
    names = [tier.name for tier in read_eaf(data, times)]
    assert len(set(names)) == len(names)


def test_difficult_comments_come_back():
    words = 'two\nlines, a comma; "quotes" <b> & \t tab, ümlaut 微表情\r\nand a last break\n'
    tier = Tier('a "b" <c> 微', (Span(3, 5, words),), "ra&ter")
    assert read_eaf(eaf_bytes([tier], NTSC), NTSC) == [tier]
    assert (
        read_eaf(eaf_bytes([Tier("x", (Span(1, 1, "bell \x07"),))], NTSC), NTSC)[0].spans[0].value == "bell �"
    )


def test_what_was_moved_in_another_program_takes_the_nearest_frames():
    data = eaf_bytes([Tier("AU", (Span(10, 20, "12"),))], NTSC)
    edges = frame_edges(NTSC)
    moved = data.replace(f'"{edges[10]}"'.encode(), f'"{edges[12] + 5}"'.encode())
    assert read_eaf(moved, NTSC)[0].spans == (Span(12, 20, "12"),)


def test_the_file_names_its_medium_and_its_date():
    data = eaf_bytes([], NTSC, Path("/clips/50% smile #1.mp4"), "me", datetime(2030, 1, 2, tzinfo=UTC))
    root = ElementTree.fromstring(data)
    medium = root.find("HEADER/MEDIA_DESCRIPTOR")
    assert medium.get("MEDIA_URL") == "file:///clips/50%25%20smile%20%231.mp4"
    assert medium.get("MIME_TYPE") == "video/mp4"
    assert root.get("DATE") == "2030-01-02T00:00:00+00:00"
    assert root.find("HEADER/PROPERTY[@NAME='lastUsedAnnotationId']").text == "0"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a/>",
        b"no",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"<ANNOTATION_DOCUMENT><TIER/></ANNOTATION_DOCUMENT>",
    ],
)
def test_other_files_are_refused_in_words(data):
    with pytest.raises(FileError):
        read_eaf(data, NTSC)


def test_frames_that_are_not_there_are_refused():
    with pytest.raises(ValueError, match="no frames of 40"):
        eaf_bytes([Tier("AU", (Span(10, 40),))], NTSC)
