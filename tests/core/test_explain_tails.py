"""Whether something is more than chance: counted one by one, and against a simulation of its own."""

import numpy as np
import pytest
import torch

from mrn_core.network import MRN, MRNConfig, explain
from mrn_core.network.explain import chance

LEVELS = 16


@pytest.fixture(scope="module")
def trace():
    network = MRN(MRNConfig(blocks=1, feedforward=16)).eval()
    features = torch.randn(1, LEVELS, 1024, generator=torch.Generator().manual_seed(0)).cumsum(1)
    return network.trace(features=features)[2][0][0]


def simulated(trace, draws, seed):
    """(draws, h, L) reach under planes drawn in the whole space, pair by pair from the signs."""
    rng = np.random.default_rng(seed)
    q, k = trace.queries.astype(np.float64), trace.keys.astype(np.float64)
    made = np.empty((draws, trace.heads, trace.levels))
    for d in range(draws):
        planes = rng.standard_normal(trace.hyperplanes.shape)
        sides = [np.einsum("hld,htpd->htlp", x, planes) > 0 for x in (q, k)]
        same = (sides[0][:, :, :, None] == sides[1][:, :, None]).all(-1).any(1)
        same[:, np.arange(trace.levels), np.arange(trace.levels)] = False
        made[d] = same.sum(1) / (trace.levels - 1)
    return made


def range_of(values):
    """Both ends: fewer than one value in twenty lies beyond either, and of such ends the nearest."""
    ordered, draws = sorted(values), len(values)
    low = max(v for v in ordered if sum(x < v for x in ordered) < 0.05 * draws)
    high = min(v for v in ordered if sum(x > v for x in ordered) < 0.05 * draws)
    return low, high


@pytest.mark.parametrize("draws", [2, 3, 20, 21, 41])
def test_a_draw_is_counted_against_the_range_of_the_other_draws(trace, draws):
    drawn = explain.redraws(trace, draws=draws, seed=3)
    mask = chance._redrawn_masks(trace, 0, draws, np.random.default_rng(3))
    reach = (mask & ~np.eye(LEVELS, dtype=bool)).sum(1) / (LEVELS - 1)
    for d in range(draws):
        others = np.delete(reach, d, axis=0)
        ends = [range_of(others[:, i]) for i in range(LEVELS)]
        outside = sum(not low <= reach[d, i] <= high for i, (low, high) in enumerate(ends))
        assert drawn.outside[0, d] == outside
        assert drawn.least[0, d] == min(reach[d])
        assert drawn.zeroed_counts[0, d] == sum(found == 0 for found in reach[d])


def test_redraws_lie_outside_as_often_as_planes_that_helped_to_form_no_range(trace):
    """With few draws the difference is large: all of twenty lie within the range that they form together."""
    fresh = simulated(trace, 400, seed=7)
    for draws, room in ((20, 0.6), (625, 0.35)):
        drawn = explain.redraws(trace, draws=draws, seed=11)
        outside = ((fresh < drawn.reach_low) | (fresh > drawn.reach_high)).sum(2)
        assert drawn.outside.mean() == pytest.approx(outside.mean(), abs=room)
        assert outside.mean() > 0.8, "so that the tolerance means something"


def test_planes_like_all_others_are_seldom_more_than_chance(trace):
    drawn = explain.redraws(trace, draws=625, seed=11)
    fresh = simulated(trace, 400, seed=5)
    alarms = {"outside": 0, "least": 0}
    for head in range(trace.heads):
        outside = ((fresh[:, head] < drawn.reach_low[head]) | (fresh[:, head] > drawn.reach_high[head])).sum(
            1
        )
        alarms["outside"] += sum(explain.tail(n, drawn.outside[head]).more is True for n in outside)
        least = fresh[:, head].min(1)
        alarms["least"] += sum(explain.tail(n, drawn.least[head], low=True).more is True for n in least)
        # The same numbers of the simulation itself are spread as those of the redraws.
        assert np.median(least) == pytest.approx(np.median(drawn.least[head]), abs=1 / (LEVELS - 1) + 1e-9)
    for found in alarms.values():
        assert 0 < found / (400 * trace.heads) < 0.065


def test_a_head_and_all_heads_carry_the_tails_of_their_counts(trace):
    drawn = explain.redraws(trace, draws=60, seed=3)
    reasons = explain.heads(trace, drawn)
    reach = trace.reach()
    counts = []
    for h, reason in enumerate(reasons):
        assert reason == explain.head(trace, h, drawn)
        count = sum(not drawn.reach_low[h, i] <= reach[h, i] <= drawn.reach_high[h, i] for i in range(LEVELS))
        counts.append(count)
        as_many = sum(found >= count for found in drawn.outside[h])
        assert (reason.outside_beside.found, reason.outside_beside.as_far) == (count, as_many)
        as_little = sum(found <= min(reach[h]) for found in drawn.least[h])
        assert reason.least_beside.share == as_little / 60
        assert reason.least_beside.median == np.median(drawn.least[h])
        assert reason.zeroed_beside.mean == pytest.approx(drawn.zeroed[h].sum())
    together = explain.all_heads([reasons, reasons], [drawn, drawn])
    assert (together.heads, together.levels) == (16, 16 * LEVELS)
    summed = [2 * sum(drawn.outside[h, d] for h in range(8)) for d in range(60)]
    assert together.outside_beside.found == 2 * sum(counts)
    assert together.outside_beside.as_far == sum(found >= 2 * sum(counts) for found in summed)
    for more, some in ((True, together.outside_more), (None, together.outside_open)):
        heads = [h for h, reason in enumerate(reasons) if reason.outside_beside.more is more]
        assert some == tuple((b, h) for b in range(2) for h in heads)


def ends(count, draws):
    """Wilson's interval of 95 %, as it is commonly written."""
    z, p = 1.959964, count / draws
    middle = p + z * z / (2 * draws)
    half = z * np.sqrt(p * (1 - p) / draws + z * z / (4 * draws * draws))
    return (middle - half) / (1 + z * z / draws), (middle + half) / (1 + z * z / draws)


@pytest.mark.parametrize("draws", [2, 19, 20, 73, 74, 200, 625, 10000])
def test_a_verdict_counts_the_uncertainty_of_its_share(draws):
    for count in {*range(min(draws, 60) + 1), *(draws * part // 1000 for part in range(40, 61)), draws}:
        found = explain.tail(1, [1] * count + [0] * (draws - count))
        low, high = ends(count, draws)
        assert found.more is (True if high <= 0.05 else False if low > 0.05 else None), (count, low, high)


def test_a_share_near_five_per_cent_is_too_close_to_tell():
    """Of one head 4.8 % of 625 redraws are as far out, and 6.0 % of 10,000: it is not more than chance."""
    said = []
    for count in (20, 21, 30, 41, 42):
        found = explain.tail(1, [1] * count + [0] * (625 - count))
        said.append((explain.often_told(found), explain.verdict_told(found)))
    close = "too close to tell with 625 redraws"
    assert said == [
        ("3.2 % of redraws", "more than chance"),
        ("3.4 % of redraws", close),
        ("4.8 % of redraws", close),
        ("6.6 % of redraws", close),
        ("6.7 % of redraws", "not more than chance"),
    ]
    none = explain.tail(999, np.arange(200))
    assert explain.often_told(none) == "fewer than 1 of 200 redraws"
    assert explain.verdict_told(none) == "more than chance"
    assert explain.verdict_told(explain.tail(999, np.arange(19))) == "too close to tell with 19 redraws"


def test_the_sentences_of_a_head_have_its_own_ranges_and_no_other():
    beside = explain.tail(3, [0, 1, 2, 3, 5])
    reason = explain.HeadReason(
        32, (), (), 8 / 31, (0, 1, 25, 26), 5,
        (explain.Beyond(24, 9 / 31, 10 / 31), explain.Beyond(25, 8 / 31, 9 / 31),
         explain.Beyond(26, 8 / 31, 9 / 31)),
        (), explain.tail(8 / 31, [0.2, 0.25, 0.3, 0.3, 0.4], low=True), beside, explain.tail(0, [0] * 5),
    )  # fmt: skip
    assert explain.head_told(reason) == [
        "No level is zeroed; redraws zero 0.0 on average.",
        "4 levels share the least reach, 0.26: 0, 1, 25 and 26. In 40 % of redraws of the planes the least "
        "reach is 0.26 or less: not more than chance.",
        "3 levels lie outside their own range (nine of ten redraws): under it 24 (reach 0.29, range from "
        "0.32), 25 and 26 (0.26, from 0.29). 3 or more do so in 40 % of redraws: not more than chance.",
    ]
    assert explain.head_told(reason, short=True)[1:] == [
        "4 levels share the least reach, 0.26: 0, 1, 25 and 26. As little in 40 % of redraws: not more than "
        "chance.",
        "3 levels lie outside their own range: under it 24–26. As many in 40 % of redraws: not more than "
        "chance.",
    ]
    many = tuple(explain.Beyond(i, 1 - i / 100, 0.8 - i / 100) for i in range(6))
    said = explain.outside_told(
        explain.HeadReason(32, (), (), 0.5, (9,), 5, (), many, beside, beside, beside)
    )
    assert "over it 0–5 (reach 0.95 to 1.00; their ranges end at 0.75 to 0.80)" in said
    zeroed = explain.HeadReason(32, (3, 4, 5), (), 0.0, (3, 4, 5), 5, (), (), beside, beside, beside)
    assert explain.zeroed_told(zeroed) == (
        "Zeroed: levels 3–5. 3 or more are in 40 % of redraws: not more than chance."
    )


def test_the_sentences_of_all_heads_say_how_many_chance_alone_gives():
    beside = explain.tail(49, [50, 60, 40, 45])
    none = explain.tail(0, [0, 1, 0, 0])
    said = explain.all_told(explain.AllReason(24, 768, 0, beside, none, ((0, 6),), ()))
    assert said == [
        "No level is zeroed in any of 24 heads; redraws zero 0.2 on average.",
        "49 of 24 × 32 levels lie outside their own range (nine of ten redraws); 49 or more in 50 % of "
        "redraws: not more than chance.",
        "Of 24 heads one by one, the levels outside are more than chance in 1 (block 1, head 7), the least "
        "reach in none. By chance alone up to 1.2 heads are more than chance in each of the two.",
    ]
    close = explain.AllReason(24, 768, 0, beside, none, (), ((1, 1),), ((0, 6),), ())
    assert explain.all_told(close)[-1] == (
        "Of 24 heads one by one, the levels outside are more than chance in none, the least reach in 1 "
        "(block 2, head 2); too close to tell with 4 redraws: the levels outside in 1 (block 1, head 7), the "
        "least reach in none. By chance alone up to 1.2 heads are more than chance in each of the two."
    )
    some = explain.AllReason(2, 64, 3, None, None, (), ())
    assert explain.all_told(some) == ["3 zeroed levels, counted in each of 2 heads."]
