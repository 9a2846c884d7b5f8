"""A frame is named by its index and the source's own number, in everything that is written."""

import csv
import dataclasses
import json

import cv2
import numpy as np
import pytest

from mrn_core.analysis import check_marks
from mrn_core.annotation import MarkStore
from mrn_core.clip import open_clip
from mrn_core.errors import ClipError
from mrn_core.facts import facts, mark_told
from mrn_core.figures.motion_curve import motion_figure
from mrn_core.figures.numbers import pairs_csv
from mrn_core.figures.page import PAGES
from mrn_core.figures.scene import Scene
from mrn_core.figures.style import provenance_line
from mrn_core.frame_numbers import frame_told
from mrn_core.report.about import clip_lines
from mrn_core.report.page import _lead
from mrn_core.spotting import CURVES, Spotting
from mrn_core.tables import as_csv, level_table

MARKS = {
    "onset": {"frame": 12, "number": 58, "seconds": 0.06},
    "apex": {"frame": 35, "number": 81, "seconds": 0.175},
}


@pytest.fixture(scope="module")
def analysis(make_analysis):
    made = make_analysis(levels=3, blocks=1, heads=1, tables=1)
    return dataclasses.replace(made, provenance=made.provenance | MARKS)


def test_one_function_names_it():
    assert [frame_told(0, 46), frame_told(7, 7), frame_told(7)] == ["0 (#46)", "7", "7"]


def test_the_facts_of_every_export_hold_both(analysis):
    told = facts(analysis)
    assert [told[name] for name in ("onset", "onset_number", "apex", "apex_number")] == [12, 58, 35, 81]
    assert mark_told(told, "apex") == "apex 35 (#81)"
    assert mark_told(facts(dataclasses.replace(analysis, provenance={})), "apex") == ""


@pytest.mark.parametrize("make", [lambda a: as_csv([level_table(a)]), lambda a: pairs_csv(Scene(a))])
def test_tables(make, analysis):
    rows = list(csv.DictReader(make(analysis).splitlines()))
    assert rows
    for row in rows:
        assert [row[f"{role}{of}"] for role in MARKS for of in ("", "_number")] == ["12", "58", "35", "81"]


def test_figures(analysis):
    assert "onset 12 (#58), apex 35 (#81)" in provenance_line(analysis).replace(" · ", ", ")
    curves = dict.fromkeys(CURVES, np.linspace(0, 1, 90))
    curve = Spotting(curves, None, None, None, 0.0, "flow", 200.0, "px at 224", 0, ())
    figure = motion_figure(Scene(analysis, curve=curve), PAGES["column"])
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert {"onset 12 (#58)", "apex 35 (#81)"} <= set(words)


def test_the_report(analysis):
    assert "onset 12 (#58) · apex 35 (#81)" in _lead(facts(analysis))
    assert dict(clip_lines(analysis))["Apex"].startswith("frame 35 (#81), 0.175 s")


def test_marks_that_do_not_fit(tmp_path):
    for number in range(46, 52):
        cv2.imwrite(str(tmp_path / f"img{number}.png"), np.full((8, 12, 3), number, np.uint8))
    with open_clip(tmp_path) as clip:
        assert clip.so_far().told_span(1, 3) == "1 (#47) to 3 (#49)"
        for marks, said in (
            ((4, 2), r"The onset 4 \(#50\) is after the apex 2 \(#48\)"),
            ((3, 3), r"The onset 3 \(#49\) is the apex itself"),
            ((1, 46), r"The apex 46 is not in .* 0 to 5 .* #46 to #51"),
        ):
            with pytest.raises(ClipError, match=said):
                check_marks(clip, *marks)


def test_recent_clips_know_their_numbers_also_over_gaps(tmp_path):
    store = MarkStore(tmp_path)
    store.remember("/a/gaps", "0" * 64, 5, np.array([46, 47, 50, 51, 52]))
    store.remember("/a/film.mp4", "1" * 64, 5, np.arange(5))
    store.remember("/a/unknown", "2" * 64, 5)
    told = {entry.name: [entry.told(k) for k in range(5)] for entry in MarkStore(tmp_path).recent()}
    assert told["gaps"] == ["0 (#46)", "1 (#47)", "2 (#50)", "3 (#51)", "4 (#52)"]
    assert told["film.mp4"] == told["unknown"] == ["0", "1", "2", "3", "4"]
    older = tmp_path / "recent.json"
    older.write_text(
        json.dumps({"format": 1, "clips": [{"path": "/b", "sha256": "", "frames": 3, "when": ""}]})
    )
    assert [entry.told(1) for entry in MarkStore(tmp_path).recent()] == ["1"]
