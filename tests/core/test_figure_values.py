"""What each exported figure draws stands where it should and says what the arrays of the analysis say."""

import dataclasses
import math
import re

import numpy as np
import pytest
from figure_scene import scene_of
from matplotlib.collections import LineCollection, PathCollection, QuadMesh
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from mrn_core.figures.fields import round_ticks
from mrn_core.figures.page import PAGES
from mrn_core.figures.style import plain_style
from mrn_core.figures.views import VIEWS
from mrn_core.network.projection import project
from mrn_gui.hashing.words import COLUMNS, health_row
from mrn_gui.palette import LIGHT, SCALE_TOP

L, H, T, BLOCK, HEAD, TABLE = 6, 4, 2, 1, 2, 1


@pytest.fixture(scope="module")
def scene(make_analysis):
    made = scene_of(make_analysis(levels=L, blocks=2, heads=H, tables=T), block=BLOCK, head=HEAD, table=TABLE)
    greys = np.arange(40, 40 + 10 * L, 10, dtype=np.uint8)[:, None, None, None]
    frames = np.broadcast_to(greys, made.analysis.frames.shape)
    shares = dict(zip(made.analysis.probabilities, (0.13, 0.31, 0.09, 0.27, 0.2), strict=True))
    analysis = dataclasses.replace(made.analysis, frames=frames, probabilities=shares)
    return dataclasses.replace(made, analysis=analysis)


@pytest.fixture(scope="module")
def trace(scene):
    return scene.analysis.traces[BLOCK]


@pytest.fixture(scope="module")
def figures(scene):
    made = {}

    def of(name, size="column"):
        if (name, size) not in made:
            with plain_style():
                made[name, size] = VIEWS[name].draw(scene, PAGES[size])
        return made[name, size]

    return of


def fields(figure):
    """The axes that show a matrix, in their order: each as the colours of its cells by (row, column)."""
    found = []
    for axes in figure.axes:
        cells = {}
        for drawn in axes.collections:
            if type(drawn) is PathCollection and len(drawn.get_offsets()) <= 1:
                for path, colour in zip(drawn.get_paths(), drawn.get_facecolors(), strict=True):
                    for corners in path.vertices.reshape(-1, 5, 2):
                        x, y = corners[:4].mean(0)
                        cells[int(y), int(x)] = np.rint(colour[:3] * 255).astype(int)
        if cells:
            low, high = axes.get_ylim()
            assert low > high, "query 0 at the top"
            found.append(cells)
    return found


def same(cells, values, shown, top, diverging=False):
    """Whether exactly the cells ``shown`` are drawn, each in the colour that the window gives its value."""
    assert set(cells) == {(int(i), int(j)) for i, j in np.argwhere(shown)}
    if diverging:
        wanted = LIGHT.difference_colours(np.asarray(values, float), top)
    else:
        wanted = LIGHT.map_colours(np.asarray(values, float) * (SCALE_TOP / top))
    for place, colour in cells.items():
        assert np.abs(colour - wanted[place].astype(int)).max() <= 1, place


def scaled(trace):
    return trace.weights.astype(float) * trace.mask.sum(-1, keepdims=True)


@pytest.mark.parametrize("size", PAGES)
def test_the_matrices_of_one_head(scene, trace, figures, size):
    mask, everything = trace.mask[HEAD], np.ones((L, L), bool)
    weights = trace.weights[HEAD].astype(float)
    assert (mask != mask.T).any(), "else a turned matrix would look the same"
    same(*fields(figures("matrix", size)), scaled(trace)[HEAD], mask, SCALE_TOP)
    same(*fields(figures("fig4", size)), weights, mask, weights.max())
    q, k = (v[HEAD] / np.linalg.norm(v[HEAD], axis=1, keepdims=True) for v in (trace.queries, trace.keys))
    angle = np.degrees(np.arccos(np.clip(q.astype(float) @ k.T.astype(float), -1, 1)))
    same(*fields(figures("angle", size)), angle, everything, 180)
    shared = sum(trace.query_buckets[HEAD, t][:, None] == trace.key_buckets[HEAD, t] for t in range(T))
    same(*fields(figures("tables", size)), shared, shared > 0, T)
    same(*fields(figures("chance", size)), scene.chance[BLOCK].allowed[HEAD], everything, 1)
    codes = trace.query_buckets[HEAD, TABLE], trace.key_buckets[HEAD, TABLE]
    places = np.ix_(*(np.argsort(each, kind="stable") for each in codes))
    same(*fields(figures("by-bucket", size)), scaled(trace)[HEAD][places], mask[places], SCALE_TOP)


def test_the_matrices_of_many_heads(scene, figures):
    traces = scene.analysis.traces
    every = [(scaled(t)[h], t.mask[h]) for t in traces for h in range(H)]
    for cells, (values, mask) in zip(fields(figures("heads")), every, strict=True):
        same(cells, values, mask, SCALE_TOP)
    for name, put in (("mean", np.mean), ("union", np.max)):
        parts = [np.arange(H), H + np.arange(H), np.arange(2 * H)]
        for cells, part in zip(fields(figures(name)), parts, strict=True):
            values, mask = (np.stack([every[i][n] for i in part]) for n in range(2))
            same(cells, put(values, axis=0), mask.any(0), SCALE_TOP)


def test_the_differences(scene, trace, figures):
    now, before = scene.analysis.traces, scene.before.traces
    moved = [scaled(a) - scaled(b) for a, b in zip(now, before, strict=True)]
    either = [a.mask | b.mask for a, b in zip(now, before, strict=True)]
    same(*fields(figures("difference")), moved[BLOCK][HEAD], either[BLOCK][HEAD], SCALE_TOP, True)
    weights = trace.weights[HEAD].astype(float) - before[BLOCK].weights[HEAD]
    (cells,) = fields(figures("weight-difference"))
    assert set(cells) == {(int(i), int(j)) for i, j in np.argwhere(either[BLOCK][HEAD])}
    hue = {place: colour[1] - (colour[0] + colour[2]) / 2 for place, colour in cells.items()}
    green, violet = ({place for place in hue if hue[place] * sign > 25} for sign in (1, -1))
    assert green
    assert violet
    assert all(weights[place] > 0 for place in green)
    assert all(weights[place] < 0 for place in violet)
    pairs = [(moved[b][h], either[b][h]) for b in range(2) for h in range(H)]
    for cells, (values, mask) in zip(fields(figures("difference-heads")), pairs, strict=True):
        same(cells, values, mask, SCALE_TOP, True)
    parts = [moved[0], moved[1], np.concatenate(moved)], [either[0], either[1], np.concatenate(either)]
    for cells, values, mask in zip(fields(figures("difference-mean")), *parts, strict=True):
        same(cells, values.mean(0), mask.any(0), SCALE_TOP, True)


def bars(axes):
    return [bar.get_height() for bar in axes.containers[0]]


def ticks(axes):
    """Heights of the level marks of the last collection of lines."""
    lines = [found for found in axes.collections if isinstance(found, LineCollection)][-1]
    return [segment[0][1] for segment in lines.get_segments()]


def test_reach_and_chance(scene, trace, figures):
    mask = trace.mask[HEAD]
    reach = (mask.sum(0) - mask.diagonal()) / (L - 1)
    others = [t.mask.sum(1) - t.mask.diagonal(0, 1, 2) for t in scene.analysis.traces]
    mean = np.mean(others, axis=(0, 1)) / (L - 1)
    chance = scene.chance[BLOCK].reach[HEAD]
    above, below = figures("reach").axes
    np.testing.assert_allclose(bars(above), reach)
    np.testing.assert_allclose(ticks(above), chance)
    np.testing.assert_allclose(bars(below), mean)
    np.testing.assert_allclose(ticks(below), np.mean([c.reach for c in scene.chance], axis=(0, 1)))
    under = [axes for axes in figures("matrix").axes if axes.containers]
    np.testing.assert_allclose(bars(under[0]), reach)
    was = scene.before.traces[BLOCK].mask[HEAD]
    (moved,) = [axes for axes in figures("difference").axes if axes.containers]
    np.testing.assert_allclose(bars(moved), reach)
    np.testing.assert_allclose(ticks(moved), (was.sum(0) - was.diagonal()) / (L - 1))


@pytest.mark.parametrize("size", PAGES)
def test_levels_by_heads(scene, figures, size):
    shown = [axes for axes in figures("zeroed", size).axes if axes.get_xlim() == (0, H) and axes.lines]
    for axes, cells, trace, drawn in zip(
        shown, fields(figures("zeroed", size)), scene.analysis.traces, scene.chance, strict=True
    ):
        reach = (trace.mask.sum(1) - trace.mask.diagonal(0, 1, 2)) / (L - 1)
        same(cells, reach.T, np.ones((L, H), bool), 1)
        points = [(line.get_marker(), *each) for line in axes.lines for each in np.transpose(line.get_data())]
        marks = {(mark, int(x), int(y)) for mark, x, y in points}
        wanted = {
            "o": reach == 0, "x": trace.silent(),
            "v": (reach < drawn.reach_low) & (reach > 0), "^": reach > drawn.reach_high,
        }  # fmt: skip
        assert marks == {(m, int(h), int(i)) for m, where in wanted.items() for h, i in np.argwhere(where)}


@pytest.mark.parametrize("size", PAGES)
def test_health_is_the_docks(scene, figures, size):
    written = [(t.get_text(), t.get_fontweight(), t.get_position()) for t in figures("health", size).texts]
    assert [words for words, *_ in written if words in {name for _, name, _ in COLUMNS}] == [
        name for _, name, _ in COLUMNS
    ]
    for b, numbers in enumerate(scene.analysis.health()):
        name = next(each for each in written if each[0] == f"Block {b + 1}")
        row = [each for each in written if each[2][1] == name[2][1] and each != name]
        wanted = health_row(numbers)
        assert [words for words, *_ in sorted(row, key=lambda each: each[2][0])] == wanted
        assert {weight for _, weight, _ in (name, *row)} == {"bold" if b == BLOCK else "normal"}


@pytest.mark.parametrize("pair", [None, (3, 1)])
def test_level_between_onset_and_apex(scene, trace, pair):
    chosen, i = dataclasses.replace(scene, pair=pair), L - 1 if pair is None else 3
    with plain_style():
        figure = VIEWS["level"].draw(chosen, PAGES["column"])
    a = scene.analysis
    pictures = [axes.images[0].get_array() for axes in figure.axes]
    for shown, wanted in zip(pictures, (a.onset, a.frames[i], a.apex), strict=True):
        np.testing.assert_array_equal(shown, wanted)
    words = " ".join(t.get_text().replace("\n", " ") for t in figure.texts)
    reach = (trace.mask[HEAD, :, i].sum() - trace.mask[HEAD, i, i]) / (L - 1)
    for told in (f"reach {reach:.2f}", f"AF {a.levels[i]:.2f}", f"Beta {a.scores[i]:.3f}"):
        assert told in words


def test_buckets_along_the_matrix(trace, figures):
    rows = [axes for axes in figures("matrix").axes if len(axes.patches) == L and not axes.containers]
    for axes, side in zip(rows, (trace.key_buckets, trace.query_buckets), strict=True):
        wanted = [LIGHT.bucket(int(code), trace.planes) for code in side[HEAD, TABLE]]
        patches = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
        assert [tuple(patch.get_facecolor()[:3]) for patch in patches] == [
            to_rgb(colour) for colour in wanted
        ]
        assert sum(patch.get_x() + patch.get_y() for patch in patches) == sum(range(L))


def test_the_hash_space(trace, figures):
    shown = [axes for axes in figures("hash").axes if len(axes.collections) == 2]
    for axes, plane in zip(shown, ("spread", "origin"), strict=True):
        seen = project(trace, HEAD, TABLE, plane)
        for dots, points, codes in zip(
            axes.collections, (seen.queries, seen.keys), (trace.query_buckets, trace.key_buckets), strict=True
        ):
            np.testing.assert_allclose(dots.get_offsets(), points)
            inks = dots.get_facecolors() if len(dots.get_facecolors()) else dots.get_edgecolors()
            wanted = [LIGHT.bucket(int(code), trace.planes) for code in codes[HEAD, TABLE]]
            assert [tuple(ink[:3]) for ink in inks] == [to_rgb(colour) for colour in wanted]
        cuts = [line for line in axes.lines if len(line.get_xdata()) == 2]
        for line, cut in zip(cuts, [c for c in seen.cuts if np.linalg.norm(c.normal) > 1e-9], strict=True):
            for end in np.transpose(line.get_data()):
                assert float(cut.normal @ end) + cut.offset == pytest.approx(0, abs=1e-4)


def said(figure):
    return [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]


def test_the_reading(scene, figures):
    analysis = scene.analysis
    above, below = figures("reading").axes
    ranked = sorted(analysis.probabilities.items(), key=lambda row: -row[1])
    np.testing.assert_allclose([bar.get_width() for bar in above.containers[0]], [p for _, p in ranked])
    words = said(figures("reading"))
    for label, probability in ranked:
        assert words.index(f"{probability:.3f}") == words.index(label) + 1
    np.testing.assert_allclose(below.lines[0].get_data(), (analysis.levels, analysis.scores))


def test_the_motion(scene, figures):
    (axes,) = figures("motion").axes
    curve, onset, apex = axes.lines[:3]
    np.testing.assert_allclose(curve.get_data(), (np.arange(20), scene.curve.curves["motion"]))
    told = scene.analysis.provenance
    assert (onset.get_xdata()[0], apex.get_xdata()[0]) == (told["onset"]["frame"], told["apex"]["frame"])


def test_why(scene, trace, figures):
    mask = trace.mask[HEAD]
    full = tuple(map(int, np.argwhere(mask & (mask.sum(1, keepdims=True) > 1))[0]))
    with plain_style():
        figure = VIEWS["why"].draw(dataclasses.replace(scene, pair=full), PAGES["column"])
    query, key = full
    q, k = (v[HEAD, level].astype(float) for v, level in ((trace.queries, query), (trace.keys, key)))
    angle = math.degrees(math.acos(np.clip(q @ k / np.linalg.norm(q) / np.linalg.norm(k), -1, 1)))
    theory = 1 - (1 - (1 - angle / 180) ** trace.planes) ** T
    lines = [line for line in said(figure) if re.search("[Ww]eight|apart|redraw", line)]
    printed = [float(number) for line in lines for number in re.findall(r"\d+(?:\.\d+)?", line)]
    weight, met = float(trace.weights[HEAD, query, key]), float(scene.chance[BLOCK].allowed[HEAD, query, key])
    assert min(abs(number - weight) for number in printed) < 0.0006
    assert min(abs(number - angle) for number in printed) <= 0.5
    for share in (theory, met):  # as a share or in percent
        assert min(min(abs(n - share), abs(n / 100 - share)) for n in printed) <= 0.006
    bits = "".join(word for word in said(figure) if word in ("0", "1"))
    sides = (trace.query_buckets, query), (trace.key_buckets, key)
    codes = [
        format(int(side[HEAD, t, level]), f"0{trace.planes}b") for t in range(T) for side, level in sides
    ]
    assert "".join(codes) in bits


def test_frames_stand_in_their_order_under_their_af(scene, figures):
    analysis = scene.analysis
    shown = [axes.images[0].get_array() for axes in figures("strip").axes if axes.images]
    assert [int(frame[5, 5, 0]) for frame in shown] == analysis.frames[:, 5, 5, 0].tolist()
    first, second, *levels = [axes.images[0].get_array() for axes in figures("fig1").axes if axes.images]
    assert (first == analysis.onset).all()
    assert (second == analysis.apex).all()
    assert [int(frame[5, 5, 0]) for frame in levels] == analysis.frames[:, 5, 5, 0].tolist()
    words = said(figures("fig1"))
    assert [w for w in words if w.startswith("AF ")] == [f"AF {af:.3g}" for af in analysis.levels]


@pytest.mark.parametrize("name", ["matrix", "angle", "chance", "mean", "reach", "changes"])
def test_numbers_along_an_axis_are_those_of_their_places(scene, figures, name):
    found, levels = 0, scene.analysis.levels
    for axes in figures(name).axes:
        for axis in (axes.xaxis, axes.yaxis):
            label = axis.get_label_text()
            if not label.startswith("AF"):
                continue
            for place, tick in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True):
                at = np.interp(place, np.arange(len(levels)) + 0.5, levels)
                assert float(tick.get_text()) == pytest.approx(at, abs=1e-9)
                found += 1
    assert found >= 2


@pytest.mark.parametrize("name", ["matrix", "fig4", "angle", "tables", "difference"])
def test_the_colour_bars_numbers_stand_at_their_colours(figures, name):
    (bar,) = [a for a in figures(name).axes if any(isinstance(c, QuadMesh) for c in a.collections)]
    labels = [tick.get_text() for tick in bar.get_yticklabels()]
    numbers = dict(zip(bar.get_yticks(), labels, strict=True))
    assert len(numbers) >= 2
    for place, words in numbers.items():
        number = float(words.strip("≥≤ +°").split()[0].replace("−", "-").rstrip("°"))
        assert number == pytest.approx(place, rel=0.06, abs=0.006)


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (np.linspace(2, 13, 32), ["2", "4", "6", "8", "10", "12"]),
        (np.linspace(2, 13, 12), ["2", "4", "6", "8", "10", "12"]),
        (np.linspace(0.21, 0.47, 32), ["0.25", "0.3", "0.35", "0.4", "0.45"]),
        (np.array([5.0]), ["5"]),
        (np.full(7, 3.0), ["3", "3", "3", "3"]),
    ],
)
def test_ticks_stand_at_round_factors_or_at_every_so_manieth_level(levels, words):
    places, told = round_ticks(levels, 6)
    assert told == words
    apart = np.diff(places)
    assert apart == pytest.approx(apart[:1].repeat(len(apart)))
    assert ((places >= 0.5) & (places <= len(levels) - 0.5)).all()


def test_names_in_the_hash_figure_lie_on_no_point(figures):
    figure = figures("hash")
    for axes in figure.axes:
        names = [text for text in axes.texts if text.get_text()]
        points = np.concatenate([axes.transData.transform(c.get_offsets()) for c in axes.collections])
        assert {text.get_text() for text in names} >= {"0", str(len(points) // 2 - 1)}
        for text in names:
            box = text.get_window_extent()
            inside = (points > (box.x0, box.y0)) & (points < (box.x1, box.y1))
            assert not inside.all(1).any(), text.get_text()
            if text.get_text().startswith("plane"):
                assert text.get_text().endswith("%")
