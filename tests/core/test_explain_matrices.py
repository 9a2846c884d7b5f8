"""The matrices of all pairs against the reasons of single ones."""

import math

import numpy as np
import pytest
import torch

from mrn_core.network import MRN, MRNConfig, explain


@pytest.fixture(scope="module")
def traces():
    network = MRN(MRNConfig(blocks=2, heads=4, feedforward=16)).eval()
    features = torch.randn(1, 9, 1024, generator=torch.Generator().manual_seed(0)).cumsum(1)
    return network.trace(features=features)[2][0]


@pytest.fixture(scope="module")
def drawn(traces):
    return [explain.redraws(trace, 50) for trace in traces]


def test_every_angle_and_count_is_that_of_the_pair(traces):
    trace = traces[1]
    angles, counts = explain.angles(trace), explain.agreeing(trace)
    for head, i, j in np.ndindex(4, 9, 9):
        why = explain.pair(trace, head, i, j)
        assert angles[head, i, j] == pytest.approx(why.angle, abs=1e-4)
        assert counts[head, i, j] == sum(table.shared for table in why.tables)
    np.testing.assert_array_equal(counts > 0, trace.mask)


def test_a_centred_hash_has_the_angles_of_what_is_hashed():
    network = MRN(MRNConfig(blocks=1, heads=2, feedforward=16, hash_centre="mean")).eval()
    trace = network.trace(features=torch.randn(1, 5, 1024))[2][0][0]
    assert explain.angles(trace)[1, 0, 3] == pytest.approx(explain.pair(trace, 1, 0, 3).angle)
    flat = network.trace(features=torch.ones(1, 1, 1024))[2][0][0]
    assert np.isnan(explain.angles(flat)).all()
    assert np.isnan(explain.cells_over([flat], "angle").values).all()
    assert np.isnan(explain.cells_over([flat], "angle", "union").values).all()


@pytest.mark.parametrize("value", ["scaled", "weight", "angle", "tables", "chance"])
def test_mean_and_union_are_those_of_the_heads_one_by_one(traces, drawn, value):
    heads = [
        explain.head_cells(trace, head, value, redrawn)
        for trace, redrawn in zip(traces, drawn, strict=True)
        for head in range(4)
    ]
    mean = explain.cells_over(traces, value, "mean", drawn)
    union = explain.cells_over(traces, value, "union", drawn)
    for i, j in [(0, 0), (0, 8), (3, 5), (8, 1)]:
        own = [float(head.values[i, j]) for head in heads]
        assert mean.values[i, j] == pytest.approx(sum(own) / 8)
        most = {"angle": min(own), "chance": 1 - math.prod(1 - c for c in own)}.get(value, max(own))
        assert union.values[i, j] == pytest.approx(most, abs=1e-6)
        assert union.allowed[i, j] == mean.allowed[i, j] == any(head.allowed[i, j] for head in heads)


def test_one_head_has_the_traces_own_numbers(traces, drawn):
    trace = traces[0]
    np.testing.assert_array_equal(explain.head_cells(trace, 2, "weight").values, trace.weights[2])
    np.testing.assert_array_equal(explain.head_cells(trace, 2, "scaled").values, trace.scaled()[2])
    np.testing.assert_array_equal(
        explain.head_cells(trace, 2, "chance", drawn[0]).values, drawn[0].allowed[2]
    )


def test_chance_is_unknown_without_redraws_of_the_same_levels(traces, drawn):
    assert explain.head_cells(traces[0], 0, "chance") is None
    assert explain.cells_over(traces, "chance", "mean", drawn[:1]) is None
    network = MRN(MRNConfig(blocks=1, heads=4, feedforward=16)).eval()
    other = network.trace(features=torch.randn(1, 5, 1024))[2][0][0]
    assert explain.head_cells(other, 0, "chance", drawn[0]) is None


def test_reach_over_heads_is_the_mean_or_that_of_the_union(traces, drawn):
    mean, chance = explain.reach_over(traces, "mean", drawn)
    np.testing.assert_allclose(
        mean, np.mean([trace.reach()[h] for trace in traces for h in range(4)], axis=0)
    )
    np.testing.assert_allclose(chance, np.mean([r.reach[h] for r in drawn for h in range(4)], axis=0))
    union, expected = explain.reach_over(traces, "union", drawn)
    for key in range(9):
        others = [q for q in range(9) if q != key]
        open_in = [any(trace.mask[h, q, key] for trace in traces for h in range(4)) for q in others]
        assert union[key] == pytest.approx(np.mean(open_in))
        shut = [math.prod(1 - r.allowed[h, q, key] for r in drawn for h in range(4)) for q in others]
        assert expected[key] == pytest.approx(1 - np.mean(shut), abs=1e-6)
    assert explain.reach_over(traces, "union")[1] is None
    assert explain.reach_over(traces, "mean", drawn[:1])[1] is None


def test_a_plane_that_turns_a_little_further_than_parts_at_parts_a_pair(traces):
    """Turns the nearest plane towards the nearer vector, and asks on which sides both are then."""
    trace, tried = traces[0], 0
    for head, i, j in np.ndindex(4, 9, 9):
        why = explain.pair(trace, head, i, j)
        q, k = trace.queries[head, i].astype(float), trace.keys[head, j].astype(float)
        for r, table in enumerate(why.tables):
            if not table.shared or i == j:
                assert math.isnan(table.parts_at)
                continue
            normals = trace.hyperplanes[head, r].astype(float)
            normals /= np.linalg.norm(normals, axis=1, keepdims=True)
            lengths = np.linalg.norm(q), np.linalg.norm(k)
            off = np.abs(normals @ np.stack([q / lengths[0], k / lengths[1]]).T)
            m, nearer = np.unravel_index(off.argmin(), off.shape)
            x = (q, k)[nearer] / lengths[nearer]
            n = normals[m] * np.sign(normals[m] @ x)
            across = x - (x @ n) * n
            across /= np.linalg.norm(across)
            for factor, parted in ((0.99, False), (1.01, True)):
                turn = math.radians(table.parts_at * factor)
                turned = math.cos(turn) * n - math.sin(turn) * across
                assert ((q @ turned > 0) != (k @ turned > 0)) == parted
            tried += 1
    assert tried > 20


def test_without_planes_nothing_parts_a_pair():
    network = MRN(MRNConfig(blocks=1, heads=2, feedforward=16, planes=0)).eval()
    trace = network.trace(features=torch.randn(1, 3, 1024))[2][0][0]
    assert math.isnan(explain.pair(trace, 0, 0, 1).tables[0].parts_at)
