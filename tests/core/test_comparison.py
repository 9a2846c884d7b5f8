"""Two states compared: every number against a plain count of its own."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrn_core.errors import SettingsError
from mrn_core.network.comparison import compare, why_not
from mrn_core.network.explain.example import example
from mrn_core.trace import AttentionTrace


def trace_of(seed, levels=5, heads=2):
    rng = np.random.default_rng(seed)
    mask = rng.random((heads, levels, levels)) < 0.4
    weights = np.where(mask, rng.random(mask.shape), 0).astype(np.float32)
    total = weights.sum(-1, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    codes = np.zeros((heads, 1, levels), np.int64)
    x = np.zeros((heads, levels, 4), np.float32)
    centre = np.zeros((heads, 4), np.float32)
    return AttentionTrace(
        weights, mask, codes, codes, x, x, np.ones((heads, 1, 1, 4), np.float32), centre, centre
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 9999), st.integers(0, 9999), st.integers(1, 6))
def test_a_level_is_counted_as_by_hand(one, other, levels):
    before, now = ([trace_of(seed + b, levels) for b in range(3)] for seed in (one, other))
    made = compare(before, now)
    for block, head in ((None, None), (1, None), (2, 1)):
        found = {change.level: change for change in made.levels(block, head)}
        assert sorted(found) == list(range(levels))
        places = [
            (b, h)
            for b in range(3)
            for h in range(2)
            if (block is None or b == block) and (head is None or h == head)
        ]
        for level, change in found.items():
            opened = closed = zeroed = 0
            for b, h in places:
                for query in set(range(levels)) - {level}:
                    was, is_now = before[b].mask[h, query, level], now[b].mask[h, query, level]
                    opened += bool(is_now and not was)
                    closed += bool(was and not is_now)
                others = [q for q in range(levels) if q != level]
                zeroed += bool(others) and not now[b].mask[h, others, level].any()
            assert (change.opened, change.closed, change.zeroed_now) == (opened, closed, zeroed)
            if levels > 1:
                moved = (opened - closed) / (levels - 1) / len(places)
                assert change.reach_now - change.reach_before == pytest.approx(moved)


def test_what_turned_stands_first():
    before, now = trace_of(1), trace_of(1)
    mask = now.mask.copy()
    mask[:, :, 3] = False
    order = [change.level for change in compare([before], [replace(now, mask=mask)]).levels()]
    assert order[0] == 3


def test_the_difference_is_now_less_before_of_weight_times_allowed():
    before, now = [trace_of(1)], [trace_of(2)]
    made = compare(before, now)
    count = now[0].mask[1, 2].sum()
    was = before[0].mask[1, 2].sum()
    expected = now[0].weights[1, 2, 4] * count - before[0].weights[1, 2, 4] * was
    cells = made.head_cells(0, 1)
    assert cells.values[2, 4] == pytest.approx(expected, abs=1e-6)
    assert (cells.allowed == (before[0].mask[1] | now[0].mask[1])).all()
    assert (cells.values[~cells.allowed] == 0).all()


def test_many_heads_are_the_mean_or_the_largest_change():
    made = compare([trace_of(1), trace_of(2)], [trace_of(3), trace_of(4)])
    stack = np.concatenate([made.values(0), made.values(1)])
    assert made.cells_over([0, 1]).values == pytest.approx(stack.mean(0))
    largest = made.cells_over([0, 1], "union").values
    assert np.abs(largest) == pytest.approx(np.abs(stack).max(0))
    assert all(largest[i, j] in stack[:, i, j] for i in range(5) for j in range(5))


def test_pairs_are_counted_both_ways():
    before, now = [trace_of(1)], [trace_of(2)]
    count = compare(before, now).count()
    back = compare(now, before).count()
    assert (back.opened, back.closed, back.every) == (count.closed, count.opened, count.every)
    assert int(now[0].mask.sum()) - int(before[0].mask.sum()) == count.opened - count.closed
    assert count.every == 2 * 5 * 5


def test_what_opened_and_closed_is_counted_pair_by_pair():
    before, now = [trace_of(1), trace_of(2)], [trace_of(3), trace_of(4)]
    made = compare(before, now)
    opened, closed = made.turned([1], head=1)
    for query in range(5):
        for key in range(5):
            was, is_now = before[1].mask[1, query, key], now[1].mask[1, query, key]
            assert opened[query, key] == (is_now and not was)
            assert closed[query, key] == (was and not is_now)
    count = made.count([1], head=1)
    assert (count.opened, count.closed, count.every) == (opened.sum(), closed.sum(), 25)
    assert made.count().opened == sum(made.count([b], head=h).opened for b in range(2) for h in range(2))
    any_before = np.concatenate([t.mask for t in before]).any(0)
    any_now = np.concatenate([t.mask for t in now]).any(0)
    opened, closed = made.turned([0, 1])
    assert (opened == (any_now & ~any_before)).all()
    assert (closed == (any_before & ~any_now)).all()


def test_the_difference_of_weights_moves_what_a_row_has():
    before, now = [trace_of(1)], [trace_of(2)]
    made = compare(before, now)
    values = made.values(0, "weight")
    assert values[1, 2, 4] == pytest.approx(now[0].weights[1, 2, 4] - before[0].weights[1, 2, 4], abs=1e-6)
    both = now[0].mask.any(-1) & before[0].mask.any(-1)
    assert values[both].sum(-1) == pytest.approx(0, abs=1e-6)
    assert (made.head_cells(0, 1, "weight").values == values[1]).all()
    assert made.cells_over([0], "mean", "weight").values == pytest.approx(values.mean(0))
    sizes = np.abs(values[values != 0])
    assert sizes.min() <= made.top() <= sizes.max()
    assert compare(before, before).top() == 1


def test_what_has_no_pairs_in_common_is_refused_in_words():
    with pytest.raises(SettingsError, match="5 levels and 6 levels"):
        compare([trace_of(1)], [trace_of(1, levels=6)])
    assert why_not([trace_of(1)], [trace_of(1, heads=1)]) == "2 heads and 1 head"
    assert why_not([example()], [example()]) == ""
