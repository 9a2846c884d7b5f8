"""Every number that a view prints is the analysis' own, for three analyses of different shape.

What is painted is read where it is painted; what is wanted is worked out from the arrays alone.
"""

import math
import re
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from sample import sample_analysis

from mrn_core.network import explain
from mrn_core.network.comparison import compare
from mrn_gui import painting
from mrn_gui.attention import AttentionView, HeadsGrid
from mrn_gui.hashing import BucketPanel, HealthPanel
from mrn_gui.hashspace import HashSpacePanel
from mrn_gui.level import LevelPanel
from mrn_gui.reading import ReadingPanel
from mrn_gui.selection import Place, Selection
from mrn_gui.strip import LevelStrip
from mrn_gui.theme import Theme
from mrn_gui.told import provenance_told
from mrn_gui.why import WhyPanel

SHAPES = {
    "as by default": {"levels": 32, "seed": 3},
    "one head, one table": {"levels": 12, "heads": 1, "tables": 1, "blocks": 2, "kind": "empty rows"},
    "64 levels, six tables": {"levels": 64, "heads": 2, "tables": 6, "planes": 4, "blocks": 1, "seed": 7},
}
SHAPES_BY_LEVELS = {shape["levels"]: shape for shape in SHAPES.values()}
DRAWS = 5


@pytest.fixture(scope="module", params=list(SHAPES))
def known(request):
    """An analysis, its redraws, and the block, head and table that are looked at: the last ones."""
    analysis = sample_analysis(size=16, **SHAPES[request.param])
    trace = analysis.traces[-1]
    return SimpleNamespace(
        analysis=analysis,
        drawn=[explain.redraws(each, DRAWS) for each in analysis.traces],
        block=len(analysis.traces) - 1,
        head=trace.heads - 1,
        table=trace.tables - 1,
        trace=trace,
        levels=len(analysis.levels),
        mask=trace.mask[-1],
    )


@pytest.fixture
def printed(monkeypatch):
    """Notes every word that a view paints with its place; empties itself when a view is asked for."""
    found = []

    def noting(p, rect, words, *rest, **more):
        found.append((QRectF(rect), words))
        return painting.text(p, rect, words, *rest, **more)

    for name, module in list(sys.modules.items()):
        own = module is not painting and name.startswith("mrn_gui.")
        if own and getattr(module, "text", None) is painting.text:
            monkeypatch.setattr(module, "text", noting)

    def of(canvas):
        canvas.renew()
        found.clear()
        canvas.grab()
        return list(found)

    return of


@pytest.fixture
def shown(known, qtbot):
    views = []  # a view lives as long as its test

    def make(cls, width, height):
        selection, trace = Selection(), known.trace
        selection.set_shape(len(known.analysis.traces), trace.heads, trace.levels, trace.tables)
        selection.choose(known.block, known.head, known.table)
        view = cls(selection, Theme())
        view.resize(width, height)
        qtbot.addWidget(view)
        view.show_analysis(known.analysis)
        if hasattr(view, "set_chance"):
            view.set_chance(known.drawn)
        view.show()
        views.append(view)
        return view

    return make


def words_in(found, rect):
    """The words whose place lies in a rectangle, from left to right."""
    rect = QRectF(*rect).adjusted(-0.5, -0.5, 0.5, 0.5)
    found = sorted(found, key=lambda each: each[0].left())
    return [words for place, words in found if rect.contains(place.center())]


def reach_of(mask):
    return (mask.sum(0) - mask.diagonal()) / (len(mask) - 1)


def test_under_each_frame_stand_its_level_af_gain_received_and_beta(known, printed, shown):
    strip = shown(LevelStrip, 1567, 298)
    analysis, trace = known.analysis, known.trace
    weights, others = trace.weights[known.head].astype(np.float64), known.levels - 1
    received = (weights.sum(0) - weights.diagonal()) / others
    for _ in range(4):
        found, geometry = printed(strip.canvas), strip.canvas.geometry_now
        for level in range(known.levels):
            wanted = {f"{level}"}
            words = words_in(found, geometry.words(level))
            assert str(level) in words
            if len(words) > 1:
                digits = 2 if geometry.shows_gain and geometry.side >= 90 else 1
                wanted.add(f"{analysis.levels[level]:.{digits}f}")
            if geometry.shows_gain:
                wanted.add(f"×{analysis.gains[level]:.1f}")
            assert set(words) == wanted
            if geometry.shows_details:
                assert words_in(found, geometry.details(level)) == [
                    f"receives {received[level]:.3f}", f"β {analysis.scores[level]:.3f}"
                ]  # fmt: skip
        strip.zoom_in()
    assert geometry.shows_details


def test_the_axes_the_bars_and_the_colour_bar_have_the_numbers_of_their_places(known, printed, shown):
    matrix = shown(AttentionView, 703, 703).matrix
    found, geometry = printed(matrix), matrix.geometry_now
    x, y, side, _ = geometry.field
    cell, factors = geometry.cell / geometry.scale, known.analysis.levels
    apart = factors[1] - factors[0]
    across = [
        (r, w) for r, w in found if abs(r.center().y() - geometry.axis[1]) < 2 and re.match(r"(AF )?\d", w)
    ]
    down = [(r, w) for r, w in found if r.right() <= geometry.axis[0] + 0.5 and re.fullmatch(r"[\d.]+", w)]
    assert min(len(across), len(down)) >= 4
    for rect, words in [*across, *down]:
        at = (rect.center().x() - x) if (rect, words) in across else (rect.center().y() - y)
        level = math.floor(at / cell)
        assert abs(float(words.removeprefix("AF ")) - factors[level]) <= apart / 2 + 0.006, words
    reach, chance = reach_of(known.mask), known.drawn[known.block].reach[known.head]
    tops = (max(reach.max(), chance.max()), known.analysis.scores.max())
    for most, row in zip(tops, (geometry.reach_row, geometry.beta_row), strict=True):
        top = max(0.1, math.ceil(most * 10 - 1e-6) / 10)
        numbers = [
            words for rect, words in found
            if rect.left() > x + side and row[1] - 8 <= rect.top() < row[1] and re.fullmatch(r"\d\.\d", words)
        ]  # fmt: skip
        assert numbers == [f"{top:.1f}"]
    left, above, _, high = geometry.colour_bar
    marks = {w: r.center().y() for r, w in found if r.left() > left and re.fullmatch(r"\d|1 uniform", w)}
    for words, value in (("0", 0.0), ("1 uniform", 1.0), ("2", 2.0)):
        assert marks[words] == pytest.approx(above + high * (1 - value / 2.5), abs=6 if value == 0 else 1)


def test_under_each_small_multiple_stands_its_density(known, printed, shown):
    canvas = shown(HeadsGrid, 266, 703).canvas
    found, geometry = printed(canvas), canvas.geometry_now
    for block, trace in enumerate(known.analysis.traces):
        for head in range(trace.heads):
            x, y, side, _ = geometry.rect(block, head)
            assert words_in(found, (x, y + side, side, geometry.below)) == [f"{trace.mask[head].mean():.2f}"]


def percent(part):
    if 0 < part < 0.01 or 0.99 < part < 1:
        return "under 1 %" if part < 0.5 else "over 99 %"
    return f"{100 * part:.1f} %" if 0 < part < 0.0995 else f"{100 * part:.0f} %"


def test_why_a_cell_prints_weight_angle_chances_and_reach(known, printed, shown):
    view = shown(WhyPanel, 640, 640)  # room for every line
    trace, head, drawn = known.trace, known.head, known.drawn[known.block]
    reach = reach_of(known.mask)
    full, empty = (np.argwhere(known.mask == so) for so in (True, False))
    pairs = [tuple(map(int, place)) for some in (full, empty) for place in some[:: max(1, len(some) // 3)]]
    for query, key in pairs:
        view.selection.hover(Place(query, key))
        said = " ".join(words for _, words in printed(view.canvas))
        q, k = (v[head].astype(np.float64) for v in (trace.queries, trace.keys))
        cosine = q[query] @ k[key] / np.linalg.norm(q[query]) / np.linalg.norm(k[key])
        angle = math.degrees(math.acos(np.clip(cosine, -1, 1)))
        theory = 1 - (1 - (1 - angle / 180) ** trace.planes) ** trace.tables
        assert (
            f"{angle:.0f}° apart: by chance such a pair meets in {percent(theory)} of cases (theory), "
            in said
        )
        assert f"(theory), {percent(drawn.allowed[head, query, key])} of {DRAWS} redraws" in said
        weight, allowed = float(trace.weights[head, query, key]), int(known.mask[query].sum())
        if known.mask[query, key]:
            assert f"Weight {weight:.3f}: {weight * allowed:.2f} times the equal share of {allowed} " in said
        else:
            assert "Weight" not in said
        of = int(known.mask[:, key].sum() - known.mask[key, key])
        open_to = "query" if known.levels == 2 else "queries"
        assert f"Key {key} is open to {of} of {known.levels - 1} {open_to}: reach {reach[key]:.2f}" in said
        assert f"by chance {drawn.reach[head, key]:.2f}." in said
        rows = view.canvas.told.rows
        for row, table in zip(rows, range(trace.tables), strict=True):
            codes = int(trace.query_buckets[head, table, query]), int(trace.key_buckets[head, table, key])
            assert (row.query_code, row.key_code, row.shared) == (*codes, codes[0] == codes[1])
            bits = format(codes[0] ^ codes[1], f"0{trace.planes}b")
            assert row.differing == tuple(n + 1 for n, bit in enumerate(bits) if bit == "1")
            planes = trace.hyperplanes[head, table].astype(np.float64)
            lengths = np.linalg.norm(planes, axis=1)
            away = [
                np.degrees(np.arcsin(np.abs(planes @ v) / lengths / np.linalg.norm(v)))
                for v in (q[query], k[key])
            ]
            turns = np.minimum(*away)
            if row.shared:
                assert row.remark == f"yes, a turn by {told(turns.min())} parts them"
            elif len(row.differing) == 1:
                assert row.remark == f"no, a turn by {told(turns[row.differing[0] - 1])} joins them"
            else:
                most = told(max(turns[n - 1] for n in row.differing))
                assert row.remark == f"no, {len(row.differing)} planes must turn, up to {most}"


def told(angle):
    return "under 0.1°" if 0 < angle < 0.05 else f"{angle:.1f}°"


def test_why_a_level_prints_its_reach_in_every_head_and_over_redraws(known, printed, shown):
    view = shown(WhyPanel, 700, 640)
    drawn = known.drawn[known.block]
    weights = known.trace.weights[known.head].astype(np.float64)
    for level in (0, known.levels // 2, known.levels - 1):
        view.selection.hover(Place.level(level))
        found, geometry = printed(view.canvas), view.canvas.geometry_now
        for row, cells in enumerate(view.canvas.grid_shown()):
            for column, cell in enumerate(cells):
                place = geometry.grid_cell(row, column, len(cells))
                mask = known.analysis.traces[cell.block].mask[cell.head]
                assert words_in(found, place) == [f"{reach_of(mask)[level]:.2f}"]
        said = " ".join(words for _, words in found)
        assert f"Reach {reach_of(known.mask)[level]:.2f}, " in said
        shares = [float(part[known.head, level]) for part in (drawn.zeroed, drawn.silent)]
        parts = ["none" if s <= 0 else "all" if s >= 1 else f"{100 * s:.0f} %" for s in shares]
        zeroed, silent = f"{parts[0]} of {DRAWS} redraws", parts[1]
        assert f"Chance zeroes this level in {zeroed}, makes it silent in {silent}." in said
        received = (weights[:, level].sum() - weights[level, level]) / (known.levels - 1)
        assert f"receives weight {received:.3f} (equal share {1 / known.levels:.3f})" in said


def test_the_reading_prints_probabilities_and_beta(known, printed, shown):
    view = shown(ReadingPanel, 300, 385)
    level = known.levels - 2
    view.selection.hover(Place.level(level))
    found = printed(view.canvas)
    for label, probability in known.analysis.probabilities.items():
        (row,) = [rect for rect, words in found if words == label]
        beside = [w for r, w in found if r.top() == row.top() and w != label]
        assert beside == [f"{probability:.2f}"]
    scores = known.analysis.scores
    said = " ".join(words for _, words in found)
    assert f"Level {level} counts {scores[level]:.2f} (beta)" in said
    assert f"that is {scores[level] / scores.sum():.3f} of the weighted mean" in said


def test_the_hash_prints_its_health_and_the_codes_of_what_is_pointed_at(known, printed, shown):
    health = shown(HealthPanel, 470, 240)
    (canvas,) = health.findChildren(type(health.canvas)) if hasattr(health, "canvas") else (health,)
    found = [words for _, words in printed(canvas)]
    for block, trace in enumerate(known.analysis.traces):
        assert f"Block {block + 1}" in found
        start = found.index(f"Block {block + 1}") + 1
        near = np.abs(np.subtract.outer(range(known.levels), range(known.levels)))
        parts = [trace.mask, trace.mask[:, near <= 3], trace.mask[:, near >= known.levels / 2]]
        assert found[start : start + 3] == [f"{part.mean():.2f}" for part in parts]
        unrelated = 1 - (1 - 0.5**trace.planes) ** trace.tables
        assert found[start + 5] == f"{unrelated:.2f}"
    query, key = known.levels - 1, 0
    for cls in (BucketPanel, HashSpacePanel):
        view = shown(cls, 400, 420)
        view.selection.hover(Place(query, key))
        words = [words for _, words in printed(view.canvas)]
        codes = [
            format(int(side[known.head, known.table, level]), f"0{known.trace.planes}b")
            for side, level in ((known.trace.query_buckets, query), (known.trace.key_buckets, key))
        ]
        assert words[-4:] == [f"query {query}", codes[0], f"key {key}", codes[1]]


def test_points_and_cuts_of_the_hash_space_are_the_projection_at_one_scale(known, shown):
    canvas = shown(HashSpacePanel, 361, 385).canvas
    for axes in ("spread", "origin", (1, 2)):
        canvas.show_axes(axes)
        seen, geometry = canvas.seen, canvas.geometry_now
        given = np.concatenate([seen.queries, seen.keys]) * (1, -1)
        put = np.concatenate([geometry.queries, geometry.keys])
        scale = np.std(put[:, 0]) / np.std(given[:, 0])
        shift = put.mean(0) - scale * given.mean(0)
        np.testing.assert_allclose(put, given * scale + shift, atol=1e-6)
        for cut in seen.cuts:
            for end in geometry.line(cut) or ():
                back = (np.array(end) - shift) / scale * (1, -1)
                assert float(cut.normal @ back) + cut.offset == pytest.approx(0, abs=1e-6)


def test_a_level_large_names_itself(known, shown):
    view = shown(LevelPanel, 352, 340)
    for level in (0, known.levels - 1):
        view.selection.hover(Place.level(level))
        assert view.header.title == f"Level {level}"
        assert (
            view.header.remark == f"AF {known.analysis.levels[level]:.2f}, ×{known.analysis.gains[level]:.1f}"
        )


def test_a_comparison_prints_how_many_pairs_opened_and_closed(known, printed, shown):
    other = sample_analysis(size=16, **{**SHAPES_BY_LEVELS[known.levels], "seed": 11})
    pairs = compare(other.traces, known.analysis.traces)
    before, now = (each.traces[known.block].mask[known.head] for each in (other, known.analysis))
    opened, closed = int((now & ~before).sum()), int((before & ~now).sum())
    view = shown(AttentionView, 703, 703)
    view.set_beside(pairs, ("3 planes",), True)
    view.show_value("difference")
    words = [words for _, words in printed(view.matrix)]
    for name, count in (("opened", opened), ("closed", closed)):
        assert words[words.index(name) + 1] == f"{count:,}"
    assert f"of {now.size:,}" in words
    heads = shown(HeadsGrid, 266, 703)
    heads.set_beside(pairs)
    heads.show_as("difference", False)
    x, y, side, _ = heads.canvas.geometry_now.rect(known.block, known.head)
    found = words_in(printed(heads.canvas), (x, y + side, side, heads.canvas.geometry_now.below))
    assert found == [f"+{opened} −{closed}"]


def test_the_status_line_says_both_seeds(known):
    network = replace(known.analysis.settings.network, seed=3, hash_seed=7)
    seeded = replace(known.analysis, settings=replace(known.analysis.settings, network=network))
    assert provenance_told(seeded, seeded.settings).startswith("Untrained weights · seed 3 · hash seed 7 · ")
