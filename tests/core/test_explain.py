"""Explanations against slow, plain computations, and redraws against theory."""

import math

import numpy as np
import pytest
import torch

from mrn_core.errors import SettingsError
from mrn_core.network import MRN, MRNConfig, explain


@pytest.fixture(scope="module")
def trace():
    network = MRN(MRNConfig(blocks=1, feedforward=16)).eval()
    features = torch.randn(1, 16, 1024, generator=torch.Generator().manual_seed(0)).cumsum(1)
    return network.trace(features=features)[2][0][0]


def test_health_is_counted_pair_by_pair(trace):
    told = explain.health(trace)
    h, L = trace.heads, trace.levels
    near = [trace.mask[n, i, j] for n in range(h) for i in range(L) for j in range(L) if abs(i - j) <= 3]
    far = [trace.mask[n, i, j] for n in range(h) for i in range(L) for j in range(L) if abs(i - j) >= L / 2]
    corner = [trace.mask[n, i, j] for n in range(h) for i in range(12, 16) for j in range(12, 16)]
    assert told["density"] == pytest.approx(trace.mask.mean())
    assert told["near"] == pytest.approx(np.mean(near))
    assert told["far"] == pytest.approx(np.mean(far))
    assert told["corner"] == pytest.approx(np.mean(corner))
    assert told["unrelated"] == pytest.approx(1 - (1 - 1 / 8) ** 4)
    assert told["all_or_none"] == 0
    assert told["empty_rows"] == pytest.approx(
        np.mean([not row.any() for head in trace.mask for row in head])
    )


def test_health_of_one_level_is_undefined_where_there_are_no_pairs():
    network = MRN(MRNConfig(blocks=1, feedforward=16)).eval()
    one = network.trace(features=torch.randn(1, 1, 1024))[2][0][0]
    told = explain.health(one)
    assert told["far"] is None
    assert told["corner"] is None
    assert told["density"] == 1
    assert np.isnan(one.reach()).all()
    assert np.isnan(one.received()).all()
    assert not one.zeroed().any()
    assert not one.silent().any()
    again = explain.redraws(one, draws=10)
    assert np.isnan(again.reach).all()


def test_all_or_none_heads_are_counted():
    network = MRN(MRNConfig(blocks=1, feedforward=16, planes=0)).eval()
    full = network.trace(features=torch.randn(1, 8, 1024))[2][0][0]
    told = explain.health(full)
    assert told["all_or_none"] == 1
    assert told["density"] == told["unrelated"] == 1


def test_a_pair_is_explained_by_its_own_numbers(trace):
    seen = set()
    for head, i, j in [(0, 0, 0), (0, 0, 15), (3, 2, 9), (7, 14, 3), (5, 8, 7)]:
        why = explain.pair(trace, head, i, j)
        q, k = trace.queries[head, i].astype(float), trace.keys[head, j].astype(float)
        cosine = q @ k / math.sqrt((q @ q) * (k @ k))
        assert why.angle == pytest.approx(math.degrees(math.acos(min(1, cosine))), abs=1e-3)
        assert why.allowed == any(t.shared for t in why.tables) == bool(trace.mask[head, i, j])
        seen.add(why.allowed)
        for r, table in enumerate(why.tables):
            expected = [
                m + 1
                for m in range(3)
                if (q @ trace.hyperplanes[head, r, m] > 0) != (k @ trace.hyperplanes[head, r, m] > 0)
            ]
            assert list(table.differing) == expected
            assert table.shared == (not expected)
    assert seen == {True, False}


def test_a_turn_by_a_little_more_than_opens_at_joins_a_pair_and_a_little_less_does_not(trace):
    """Turns the nearer vector through each differing plane, and hashes again."""

    def code(x, planes):
        return tuple(x @ plane > 0 for plane in planes)

    def through(x, plane, degrees):
        normal = plane / np.linalg.norm(plane)
        along = x - (x @ normal) * normal
        along /= np.linalg.norm(along)
        start = math.atan2(x @ normal, x @ along)
        angle = start - math.copysign(math.radians(degrees), start)
        return np.linalg.norm(x) * (math.cos(angle) * along + math.sin(angle) * normal)

    tried = 0
    for i in range(16):
        why = explain.pair(trace, 2, i, 15 - i)
        q, k = (x[2].astype(float) for x in (trace.queries, trace.keys))
        for r, table in enumerate(why.tables):
            if len(table.differing) != 1:
                continue
            plane = trace.hyperplanes[2, r, table.differing[0] - 1].astype(float)
            pair = [q[i], k[15 - i]]
            nearer = min((0, 1), key=lambda s: abs(pair[s] @ plane) / np.linalg.norm(pair[s]))
            for factor, joined in ((0.999, False), (1.001, True)):
                turned = list(pair)
                turned[nearer] = through(pair[nearer], plane, table.opens_at * factor)
                one = [plane]
                assert (code(turned[0], one) == code(turned[1], one)) == joined
            tried += 1
    assert tried > 3


def test_a_zero_vector_has_no_angle():
    network = MRN(MRNConfig(blocks=1, feedforward=16)).eval()
    trace = network.trace(features=torch.ones(1, 4, 1024))[2][0][0]
    centred = MRN(MRNConfig(blocks=1, feedforward=16, hash_centre="mean")).eval()
    flat = centred.trace(features=torch.ones(1, 1, 1024))[2][0][0]
    assert math.isnan(explain.pair(flat, 0, 0, 0).angle)
    assert explain.pair(trace, 0, 1, 1).angle == pytest.approx(0, abs=1e-3)


def test_a_level_is_counted_by_hand(trace):
    for head, i in [(0, 0), (4, 7), (7, 15)]:
        told = explain.level(trace, head, i)
        queries = sum(bool(trace.mask[head, j, i]) for j in range(16) if j != i)
        keys = sum(bool(trace.mask[head, i, j]) for j in range(16) if j != i)
        weight = sum(float(trace.weights[head, j, i]) for j in range(16) if j != i) / 15
        assert (told.queries, told.keys) == (queries, keys)
        assert told.reach == pytest.approx(queries / 15)
        assert told.received == pytest.approx(weight)
        assert told.zeroed == (queries == 0)
        assert told.silent == (keys == 0)


def test_redraws_meet_as_often_as_theory_says(trace):
    drawn = explain.redraws(trace, draws=625, seed=3)
    q, k = trace.queries.astype(float), trace.keys.astype(float)
    size = np.linalg.norm(q, axis=-1)[..., None] * np.linalg.norm(k, axis=-1)[:, None]
    angle = np.arccos(np.clip(np.einsum("hid,hjd->hij", q, k) / size, -1, 1))
    expected = 1 - (1 - (1 - angle / np.pi) ** 3) ** 4
    error = np.sqrt(expected * (1 - expected) / 625)
    assert (np.abs(drawn.allowed - expected) <= 4.5 * error + 1e-6).all()
    off = ~np.eye(16, dtype=bool)
    np.testing.assert_allclose(drawn.reach, (drawn.allowed * off).sum(1) / 15, atol=1e-6)
    assert (drawn.reach_low <= drawn.reach).all()
    assert (drawn.reach <= drawn.reach_high).all()
    assert drawn.summary["density"].mean() == pytest.approx(drawn.allowed.mean(), abs=1e-6)
    # Two draws agree on a pair that meets with chance c in c^2 + (1 - c)^2 of all cases.
    assert drawn.agreement == pytest.approx((expected**2 + (1 - expected) ** 2).mean(), abs=0.01)
    assert drawn.summary["empty_rows"].shape == (625,)


@pytest.mark.parametrize("draws", [2, 19, 20, 100, 625])
def test_fewer_than_one_draw_in_twenty_lies_beyond_either_end_of_the_range(trace, draws):
    from mrn_core.network.explain import chance

    drawn = explain.redraws(trace, draws=draws, seed=3)
    mask = chance._redrawn_masks(trace, 0, draws, np.random.default_rng(3))
    reach = (mask & ~np.eye(16, dtype=bool)).sum(1) / 15
    for level in range(16):
        low, high, found = drawn.reach_low[0, level], drawn.reach_high[0, level], sorted(reach[:, level])
        under, over = sum(x < low for x in found), sum(x > high for x in found)
        assert low in found
        assert high in found
        assert max(under, over) < 0.05 * draws
        assert sum(x <= low for x in found) >= 0.05 * draws <= sum(x >= high for x in found)


def test_a_head_names_every_level_of_the_least_reach_and_each_outside_its_range(trace):
    drawn = explain.redraws(trace, draws=60, seed=3)
    outside = 0
    for head in range(8):
        told = explain.head(trace, head, drawn)
        counts = [sum(bool(trace.mask[head, j, i]) for j in range(16) if j != i) for i in range(16)]
        assert told.least == tuple(i for i in range(16) if counts[i] == min(counts))
        assert told.reach == pytest.approx(min(counts) / 15)
        below = [i for i in range(16) if counts[i] / 15 < drawn.reach_low[head, i] - 1e-9]
        above = [i for i in range(16) if counts[i] / 15 > drawn.reach_high[head, i] + 1e-9]
        assert [(found.level, found.reach, found.end) for found in told.below] == [
            (i, counts[i] / 15, drawn.reach_low[head, i]) for i in below
        ]
        assert [(found.level, found.reach, found.end) for found in told.above] == [
            (i, counts[i] / 15, drawn.reach_high[head, i]) for i in above
        ]
        for i in range(16):
            one = explain.level(trace, head, i, drawn)
            assert one.beyond == (i in above) - (i in below)
            assert (one.low, one.high) == (drawn.reach_low[head, i], drawn.reach_high[head, i])
        said = explain.outside_told(told)
        assert said.startswith("No level lies") == (not below and not above)
        assert all((word in said) == bool(some) for word, some in (("under it", below), ("over it", above)))
        outside += len(below) + len(above)
    assert outside, "this trace has some, so that the words are tried"


def test_what_is_said_of_a_head_without_redraws_or_of_one_level():
    lone = explain.head(MRN(MRNConfig(blocks=1, feedforward=16)).eval().trace(
        features=torch.randn(1, 1, 1024))[2][0][0], 0)  # fmt: skip
    assert explain.head_told(lone) == ["There is one level only, and no other to attend to it."]
    assert explain.outside_told(lone) == ""
    full = MRN(MRNConfig(blocks=1, feedforward=16, planes=0)).eval()
    same = explain.head(full.trace(features=torch.randn(1, 5, 1024))[2][0][0], 2)
    assert explain.head_told(same) == ["No level is zeroed.", "All 5 levels have the same reach, 1.00."]
    assert explain.least_place_told(np.full((2, 1), np.nan)) == "undefined"


def test_redraws_repeat_with_their_seed_and_weights_sum_to_one(trace):
    a, b, c = (explain.redraws(trace, draws=50, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(a.allowed, b.allowed)
    assert not np.array_equal(a.allowed, c.allowed)
    # A tied head's level always meets itself, so each row of weights sums to 1 in every redraw.
    assert (a.received.sum(-1) < 16 / 15).all()
    full = MRN(MRNConfig(blocks=1, feedforward=16, planes=0)).eval()
    one = full.trace(features=torch.randn(1, 16, 1024))[2][0][0]
    np.testing.assert_allclose(explain.redraws(one, draws=3).received, one.received(), atol=1e-6)


@pytest.mark.parametrize(("planes", "tables"), [(1, 1), (3, 4), (8, 16)])
def test_unrelated_vectors_are_at_right_angles(planes, tables):
    assert explain.unrelated(planes, tables) == pytest.approx(explain.theory(90, planes, tables))


def test_what_does_not_exist_is_refused(trace):
    for call in (
        lambda: explain.pair(trace, 8, 0, 0),
        lambda: explain.pair(trace, 0, 16, 0),
        lambda: explain.level(trace, 0, -1),
        lambda: explain.redraws(trace, draws=1),
    ):
        with pytest.raises(SettingsError):
            call()


def test_redraws_through_all_blocks_start_from_the_same_features():
    from mrn_core.network.redrawing import redraws_through

    network = MRN(MRNConfig(blocks=2, feedforward=16)).eval()
    features = torch.randn(10, 1024, generator=torch.Generator().manual_seed(0)).cumsum(0)
    before = network.trace(features=features[None])[2][0]
    said = []
    through = redraws_through(network, features.numpy(), draws=20, seed=1, progress=lambda *p: said.append(p))
    after = network.trace(features=features[None])[2][0]
    for b in range(2):
        np.testing.assert_array_equal(before[b].mask, after[b].mask)
        assert through[b].reach.shape == (8, 10)
        assert through[b].draws == 20
    # Block 1 hears nothing of other blocks: its distribution is that of fresh planes alone.
    alone = explain.redraws(before[0], draws=625, seed=5)
    error = np.sqrt(alone.allowed * (1 - alone.allowed) / 20) + 0.02
    assert (np.abs(through[0].allowed - alone.allowed) < 4 * error).all()
    assert said[-1] == ("redraws", 20, 20)
    again = redraws_through(network, features.numpy(), draws=20, seed=1)
    np.testing.assert_array_equal(again[1].allowed, through[1].allowed)


def test_redraws_through_can_be_stopped_and_leave_the_network_as_it_was():
    from mrn_core.errors import Cancelled
    from mrn_core.network.redrawing import redraws_through

    network = MRN(MRNConfig(blocks=1, feedforward=16)).eval()
    planes = network.blocks[0].attention.hyperplanes.clone()
    with pytest.raises(Cancelled):
        redraws_through(network, np.ones((3, 1024), np.float32), draws=5, cancel=lambda: True)
    assert torch.equal(network.blocks[0].attention.hyperplanes, planes)
