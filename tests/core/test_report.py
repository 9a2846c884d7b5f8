"""The report of one analysis: one HTML file with everything inside."""

import dataclasses
import html.parser
import re
import warnings
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from mrn_core.facts import facts
from mrn_core.figures.scene import Scene
from mrn_core.figures.views import VIEWS
from mrn_core.report import report_html
from mrn_core.report.about import LABELS, clip_lines
from mrn_core.report.captions import CAPTIONS
from mrn_core.report.page import FIGURES
from mrn_core.settings import rows
from mrn_core.tables import chance_of, head_sentences
from mrn_core.worth import untrained

NASTY = "<script>alert('x')</script> & \"50%\" é 微表情.mp4"


@pytest.fixture(scope="module")
def scene(make_analysis):
    analysis = make_analysis(levels=4, blocks=2, heads=2, planes=5, tables=1, name=NASTY)
    told = analysis.provenance | {"apex_source": "middle", "threads": 1}
    smooth = np.broadcast_to(np.arange(224, dtype=np.uint8)[:, None, None], analysis.frames.shape)
    analysis = dataclasses.replace(analysis, frames=smooth, onset=smooth[0], apex=smooth[-1])  # soon packed
    analysis = dataclasses.replace(analysis, provenance=told, warnings=["The head <moves>."])
    return Scene(analysis, chance=chance_of(analysis, draws=10))


@pytest.fixture(scope="module")
def page(scene):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # no letter is missing in a figure's font
        return report_html(scene).decode()


class Reader(html.parser.HTMLParser):
    """All tags with their attributes, and all text; complains of tags that are not closed."""

    VOID = frozenset({"meta", "br", "img"})

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_the_report_is_one_file_that_asks_nobody(page):
    read = Reader(page)
    assert read.open == []
    assert {"script", "link", "iframe", "object", "base", "form"}.isdisjoint(tag for tag, _ in read.tags)
    for tag, attributes in read.tags:
        for name, value in attributes.items():
            if name in ("src", "href", "xlink:href", "data", "action", "srcset"):
                assert value.startswith(("data:image/png;base64,", "#")), (tag, name, value[:60])
            assert not name.startswith("on")
    without_names = re.sub(r'xmlns(:\w+)?="[^"]*"', "", page)
    assert not re.search(r"@import|url\((?!#)|https?://", without_names)
    policy = next(a["content"] for tag, a in read.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")


def test_the_report_says_what_it_shows(scene, page):
    read = Reader(page)
    said = " ".join(read.words)
    assert NASTY in said
    assert "<script>" not in page
    assert said.count(untrained("all")) == 3, "at the head, in the provenance and at the foot"
    for shows in ("frames", "reading", "strip"):
        assert untrained(shows) in said
    assert "The head <moves>." in said
    for row in rows():
        assert row.limits.label in said
    for value in facts(scene.analysis).values():
        assert value is None or str(value) in said
    assert "apex 5 (middle)" in said
    reach = scene.analysis.reach()
    for i in range(4):
        assert f"{reach[:, :, i].mean():.2f}" in said


def test_figures_in_the_report_are_whole_and_share_no_name(page):
    figures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(figures) == 9  # all but the motion, whose curve an analysis does not hold
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len(set(names))
    used = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', page))
    assert {a or b for a, b in used} <= set(names)
    for figure in figures:
        assert ElementTree.fromstring(figure).get("viewBox")
        assert "<metadata" not in figure


def test_zeroed_places_are_told_beside_chance(make_analysis):
    from mrn_core.report.words import block_sentences

    analysis = make_analysis(levels=6, blocks=1, heads=2, planes=8, tables=1)
    chance = chance_of(analysis, draws=20)
    count = int(analysis.zeroed().sum())
    assert count > 0
    said = block_sentences(analysis, chance)[0]
    assert f"{count} of 12 levels, counted in each head, are zeroed" in said
    for head, level in np.argwhere(analysis.zeroed()[0]):
        assert f"level {level} in head {head + 1}" in said, "all are named"
    as_many = int((chance[0].zeroed_counts.sum(0) >= count).sum())
    # Wilson's interval of 95 % of 20 draws starts at over 5 % for 3 of them, and never ends under 5 %.
    verdict = "too close to tell with 20 redraws" if as_many <= 2 else "not more than chance"
    assert f"({count} or more in {100 * as_many / 20:.0f} % of redraws: {verdict})" in said
    page = report_html(Scene(analysis, chance=chance)).decode()
    for place, words in head_sentences(analysis, chance):
        assert f"{place}: {words}" in page
    full = make_analysis(levels=6, blocks=1, heads=2, planes=0, tables=1)
    told = block_sentences(full, None)[0]
    assert "no level is zeroed in any head" in told
    assert told.endswith("least reach 1.00 (head 1: levels 0–5; head 2: levels 0–5).")


def test_one_level_makes_a_report(make_analysis):
    page = report_html(Scene(make_analysis(levels=1, blocks=1, heads=1, tables=1))).decode()
    assert Reader(page).open == []
    assert not re.search(r"\bnan\b", page.lower())


def test_the_heading_says_whose_planes_they_are(scene, page):
    from mrn_core.report.page import _lead

    told = facts(scene.analysis)
    assert _lead(told) in html.unescape(page)
    assert "hash seed" not in _lead(told | {"hash_seed": -1})
    assert "1 table of hash seed 7 · seed 0" in _lead(told | {"hash_seed": 7})


def test_every_figure_and_every_fact_is_explained(scene, page):
    assert set(CAPTIONS) == set(VIEWS)
    assert set(LABELS) == set(facts(scene.analysis))
    said = " ".join(Reader(page).words)
    for name in FIGURES:
        assert (CAPTIONS[name] in said) == VIEWS[name].can(scene)
    for label in LABELS.values():
        assert label in said


def test_links_lead_to_parts_of_the_page(page):
    named = {a["id"] for tag, a in Reader(page).tags if tag == "h2" and "id" in a}
    assert {a["href"][1:] for tag, a in Reader(page).tags if tag == "a"} == named
    assert len(named) == 6


def test_clip_and_marks_are_told_as_a_person_says_them(make_analysis):
    told = {
        "clip": {"name": "a.avi", "frames": 90, "fps": 200.0, "fps_given": True},
        "onset": {"frame": 4, "number": 46, "seconds": 0.02},
        "apex": {"frame": 9, "number": 9, "seconds": 0.045},
        "apex_source": "middle",
    }
    analysis = dataclasses.replace(
        make_analysis(levels=2, blocks=1, heads=1, tables=1), provenance=told, rigid_px=0.25
    )
    said = dict(clip_lines(analysis))
    assert said["Clip"] == "a.avi, 90 frames at 200 per second (as given)"
    assert said["Onset"] == "frame 4 (#46), 0.020 s; # is the source's own number"
    assert said["Apex"] == "frame 9, 0.045 s; chosen by: middle"
    assert said["Motion"].endswith("0.25 px of it by the head as a whole")
    bare = dict(clip_lines(dataclasses.replace(analysis, provenance={})))
    assert (bare["Clip"], bare["Onset"]) == ("not known", "not known")
