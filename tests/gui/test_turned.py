"""Pairs that opened or closed since a state was pinned: their shapes, counts and words in every view."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from sample import sample_analysis

from mrn_core.network.comparison import PairCount, compare
from mrn_core.network.explain import redraws
from mrn_gui import painting
from mrn_gui.attention import AttentionView, HeadsGrid
from mrn_gui.attention import axes as axes_module
from mrn_gui.attention import heads as heads_module
from mrn_gui.attention import legend as legend_module
from mrn_gui.attention import matrix as matrix_module
from mrn_gui.attention.legend import legend_rect
from mrn_gui.attention.scales import BY_NAME, DIFFERENCES, scale_of
from mrn_gui.attention.turned import inks, nothing_differs, pairs_told, pixels_of, textured
from mrn_gui.attention.values import cell_colours, matrix_picture, rgb
from mrn_gui.palette import PALETTES
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme

BEFORE = sample_analysis(seed=5, size=16)
NOW = sample_analysis(seed=1, planes=4, size=16)
BESIDE = compare(BEFORE.traces, NOW.traces)


@pytest.fixture(params=["light", "dark"])
def palette(request):
    return PALETTES[request.param]


def one_cell(value, allowed, which, palette, inner, edge=1):
    """The cell of one pair: stayed (None), opened (0) or closed (1)."""
    turned = tuple(np.array([[which == i]]) for i in (0, 1))
    picture = matrix_picture(
        np.array([[value]]), np.array([[allowed]]), 2.5, palette, inner + edge, edge, 2, diverging=True,
        turned=turned,
    )  # fmt: skip
    return picture[:inner, :inner].astype(int)


@pytest.mark.parametrize("value", [-2.5, -0.02, 0.0, 0.02, 2.5])
@pytest.mark.parametrize("inner", [3, 5, 11, 16, 24])
def test_opened_and_closed_differ_in_shape_from_each_other_and_from_what_stayed(palette, value, inner):
    stayed = one_cell(value, True, None, palette, inner)
    assert (stayed == stayed[0, 0]).all(), "one colour all over"
    opened = one_cell(abs(value), True, 0, palette, inner)
    closed = one_cell(-abs(value), True, 1, palette, inner)
    for sign in (opened, closed):
        shades = np.unique((sign @ np.array([0.2126, 0.7152, 0.0722])).round(3))
        assert len(shades) >= 2, "seen in grey too"
        assert shades.max() - shades.min() > 60
    grey = [cell @ np.array([0.2126, 0.7152, 0.0722]) for cell in (opened, closed)]
    assert ((grey[0] < grey[0].mean()) != (grey[1] < grey[1].mean())).any(), "told apart without colour"


def test_a_closed_pair_is_masked_and_so_has_no_fill(palette):
    cell = one_cell(-1.2, True, 1, palette, 11)
    _, ink = inks(palette)
    assert (cell[0] == ink).all()
    assert (cell[:, -1] == ink).all()
    assert (cell[1, 1:-1] == rgb(palette.sunk)).all(), "the ground inside of the frame"
    lost = cell_colours(np.array([-1.2]), np.array([True]), 2.5, palette, diverging=True)[0]
    assert (cell[5, 5] == lost).all(), "what it had, small in the middle"


def test_an_opened_pair_is_filled_and_has_a_plus(palette):
    cell = one_cell(0.9, True, 0, palette, 11)
    filled = cell_colours(np.array([0.9]), np.array([True]), 2.5, palette, diverging=True)[0]
    assert (cell[0] == filled).all()
    marked = (cell != filled).any(-1)
    assert marked[5, 3:8].all()
    assert marked[3:8, 5].all()
    assert marked.sum() == 9


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 70), st.integers(1, 96), st.integers(0, 99))
def test_small_pictures_show_each_pair_where_it_is(levels, side, seed):
    rng = np.random.default_rng(seed)
    opened = rng.random((levels, levels)) < 0.3
    closed = ~opened & (rng.random((levels, levels)) < 0.4)
    places = pixels_of(opened, side), pixels_of(closed, side)
    ground = np.full((side, side, 3), 7, np.uint8)
    made = textured(ground, places, 1, PALETTES["light"])
    assert (made[~places[0] & ~places[1]] == 7).all(), "what stayed is left as it was"
    for y in range(0, side, 7):
        for x in range(0, side, 5):
            query, key = (int((v + 0.5) * levels / side) for v in (y, x))
            assert places[0][y, x] == opened[query, key]
    even = (np.add.outer(np.arange(side), np.arange(side)) % 2) == 0
    assert (made[places[1] & even] == inks(PALETTES["light"])[1]).all()


def test_the_words_of_pairs():
    assert pairs_told(PairCount(12, 300, 1024)) == "12 pairs opened, 300 closed, of 1,024"
    assert pairs_told(PairCount(1, 0, 9), "in this head") == "1 pair opened, 0 closed, of 9 in this head"
    assert pairs_told(PairCount(0, 0, 1024)) == "No pair of 1,024 opened or closed"


@pytest.fixture(params=["light", "dark"])
def views(request, qtbot):
    selection, theme = Selection(), Theme(request.param)
    matrix, heads = AttentionView(selection, theme), HeadsGrid(selection, theme)
    for view in (matrix, heads):
        qtbot.addWidget(view)
        view.show_analysis(NOW)
    matrix.resize(700, 700)
    heads.resize(266, 660)
    matrix.shown_as.connect(heads.show_as)
    heads.set_beside(BESIDE)
    matrix.set_beside(BESIDE, ("3 planes", "4 tables", "seed saved"))
    return matrix, heads, theme


@pytest.mark.parametrize("name", [value.name for value in DIFFERENCES])
def test_every_view_counts_what_the_core_counts(views, name):
    matrix, heads, _ = views
    matrix.show_value(name)
    for over, where in (("head", ([0], 0)), ("mean block", ([0], None)), ("union all", (None, None))):
        matrix.show_over(over)
        model = matrix.matrix.model
        assert model.count == BESIDE.count(*where)
        assert not matrix.grab().isNull()
    matrix.show_over("head")
    model = matrix.matrix.model
    mask_before, mask_now = BEFORE.traces[0].mask[0], NOW.traces[0].mask[0]
    assert (model.turned[0] == (mask_now & ~mask_before)).all()
    assert (model.turned[1] == (mask_before & ~mask_now)).all()
    assert model.reach_before.tolist() == BEFORE.traces[0].reach()[0].tolist()
    point = legend_rect(matrix.matrix.geometry_now).center()
    tip = matrix.matrix.tip_at(point)
    assert pairs_told(BESIDE.count([0], 0), "in this head") in tip
    assert "3 planes, 4 tables, seed saved" in tip
    x, y, *_ = heads.canvas.geometry_now.rect(1, 2)
    assert pairs_told(BESIDE.count([1], 2)) in heads.canvas.tip_at(QPointF(x + 4, y + 4))
    assert heads.header.remark == "opened, closed"
    matrix.show_value("scaled")
    assert matrix.matrix.model.count is None
    assert heads.header.remark == "density"


def test_what_differs_has_a_scale_that_is_one_for_all_heads_and_a_tip_that_explains_its_unit():
    scale = scale_of(NOW, "weight difference", BESIDE)
    assert scale.top == BESIDE.top()
    assert [mark for mark, *_ in scale.marks] == sorted(mark for mark, *_ in scale.marks)
    assert max(mark for mark, *_ in scale.marks) < scale.top
    assert "sums to 0" in BY_NAME["weight difference"].tip
    assert "1 is uniform" in BY_NAME["difference"].tip


def test_both_themes_come_back_as_they_were_while_states_are_compared(views):
    matrix, heads, theme = views
    matrix.show_value("difference")
    for view in (matrix.matrix, heads.canvas):
        first = view.grab().toImage()
        theme.set(theme.other)
        other = view.grab().toImage()
        theme.set(theme.other)
        assert other != first
        assert view.grab().toImage() == first


@pytest.mark.parametrize("levels", [1, 2, 12])
@pytest.mark.parametrize("kind", ["path", "all masked", "all allowed"])
def test_flat_and_single_matrices_are_compared_without_a_warning(qtbot, qtlog, levels, kind):
    before = sample_analysis(levels, seed=3, kind="all allowed", size=16)
    now = sample_analysis(levels, seed=4, kind=kind, size=16)
    view = AttentionView(Selection(levels=levels), Theme())
    qtbot.addWidget(view)
    view.resize(700, 700)
    for first in (before, now):
        view.show_analysis(now)
        beside = compare(first.traces, now.traces)
        view.set_beside(beside, ("3 planes",))
        for value in DIFFERENCES:
            view.show_value(value.name)
            with np.errstate(all="raise"):
                assert not view.grab().isNull()
            scale = view.matrix.model.scale
            assert np.isfinite(scale.top)
            assert scale.top > 0
    assert not [r for r in qtlog.records if "propagateSizeHints" not in r.message]


def drawn(monkeypatch, module, view):
    """The words that a module writes into a view, and how wide their places are."""
    lines = []

    def text(p, rect, words, *rest):
        lines.append((words, rect))
        painting.text(p, rect, words, *rest)

    monkeypatch.setattr(module, "text", text)
    view.grab()
    monkeypatch.undo()
    return [words for words, _ in lines]


@pytest.mark.parametrize("other", [False, True])
def test_a_difference_of_nothing_is_said_in_the_matrix_and_in_every_head(qtbot, monkeypatch, other):
    theme = Theme()
    matrix, heads = AttentionView(Selection(), theme), HeadsGrid(Selection(), theme)
    for view, size in ((matrix, (521, 514)), (heads, (176, 514))):
        qtbot.addWidget(view)
        view.resize(*size)
        view.show_analysis(NOW)
        view.set_beside(BESIDE if other else compare(NOW.traces, NOW.traces))
    matrix.shown_as.connect(heads.show_as)
    matrix.show_value("difference")
    assert (matrix_module.SAME in drawn(monkeypatch, matrix_module, matrix.matrix)) != other
    same = drawn(monkeypatch, heads_module, heads.canvas).count("same")
    assert same == (0 if other else 24)


def test_one_value_that_differs_is_something():
    none = np.zeros((2, 2), bool)
    assert nothing_differs(np.array([[0.0, np.nan], [0.0, 0.0]]), (none, none))
    assert not nothing_differs(np.array([[0.0, np.nan], [1e-6, 0.0]]), (none, none))
    assert not nothing_differs(np.zeros((2, 2)), (none, ~none))


@pytest.mark.parametrize("size", [(699, 703), (645, 731), (521, 514)])
def test_a_part_of_the_legend_is_whole_or_told_by_a_sign(qtbot, monkeypatch, size):
    view = AttentionView(Selection(), Theme())
    qtbot.addWidget(view)
    view.resize(*size)
    view.show_analysis(NOW)
    view.set_beside(BESIDE, ("3 planes", "4 tables", "seed saved"))
    view.show_value("difference")
    words = drawn(monkeypatch, legend_module, view.matrix)
    for part in (["before:", "3 planes", "4 tables", "seed saved"], ["colour:", "first 3 of", "4 digits"]):
        assert len(set(part) & set(words)) in (0, len(part))
        assert set(part) <= set(words) or words[-1] == "…"
    assert ("…" in words) == (size == (521, 514)), "beside a side dock all is there"


def test_at_1280_the_words_beside_the_matrix_are_whole(qtbot, monkeypatch):
    view = AttentionView(Selection(), Theme())
    qtbot.addWidget(view)
    view.resize(521, 514)
    view.show_analysis(NOW)
    view.set_chance([redraws(trace, 4, 0) for trace in NOW.traces])
    words = drawn(monkeypatch, axes_module, view.matrix)
    assert "1 uniform" in words
    assert "chance" in words
    view.show_value("chance")
    bar = view.matrix.bar_rect().center()
    assert "what vectors at right angles give" in view.matrix.tip_at(bar)
