"""A head laid on a plane: exact cuts are the bits, and the origin and the centre stand where they are."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrn_core.errors import SettingsError
from mrn_core.network.explain.example import example
from mrn_core.network.projection import axes_of, exact_axes, parting, project
from mrn_core.trace import AttentionTrace


def trace_of(levels=6, planes=3, dim=8, tables=2, seed=0, away=0.0, centred=False):
    """Random queries and keys about a point that lies ``away`` from the origin, hashed by the sign rule."""
    rng = np.random.default_rng(seed)
    queries = (rng.normal(size=(2, levels, dim)) + away).astype(np.float32)
    keys = (rng.normal(size=(2, levels, dim)) + away).astype(np.float32)
    centres = [x.mean(1) if centred else np.zeros((2, dim), np.float32) for x in (queries, keys)]
    hyperplanes = rng.normal(size=(2, tables, planes, dim)).astype(np.float32)
    place = 2 ** np.arange(planes)[::-1]
    codes = [
        ((np.einsum("hld,htpd->htlp", x - c[:, None], hyperplanes) <= 0) * place).sum(-1).astype(np.int64)
        for x, c in zip((queries, keys), centres, strict=True)
    ]
    mask = (codes[0][..., :, None] == codes[1][..., None, :]).any(1)
    weights = np.where(mask, 1, 0).astype(np.float32)
    weights /= np.maximum(weights.sum(-1, keepdims=True), 1)
    return AttentionTrace(weights, mask, *codes, queries, keys, hyperplanes, *centres)


def sides(seen, cut, points):
    return ~(points @ cut.normal + cut.offset > 0)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5), st.booleans())
def test_the_cuts_of_the_two_planes_are_the_bits(seed, planes, centred):
    trace = trace_of(planes=planes, seed=seed, centred=centred, away=1.0)
    for axes in axes_of(trace)[2:]:
        seen = project(trace, 1, 1, axes)
        for m in axes:
            cut = seen.cuts[m - 1]
            assert cut.exact
            assert cut.right == 1
            assert cut.offset == 0
            for points, codes in ((seen.queries, trace.query_buckets), (seen.keys, trace.key_buckets)):
                bits = (codes[1, 1] >> (planes - m)) & 1
                assert (sides(seen, cut, points) == bits.astype(bool)).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["spread", "origin", (1, 2), (1, 3)]))
def test_a_plane_shortens_and_never_lengthens(seed, axes):
    trace = trace_of(seed=seed)
    seen = project(trace, 0, 0, axes)
    assert (np.linalg.norm(seen.queries, axis=1) <= np.linalg.norm(trace.queries[0], axis=1) + 1e-5).all()
    assert 0 <= seen.spread <= 1 + 1e-12
    for cut in seen.cuts:
        drawn = np.concatenate([sides(seen, cut, seen.queries), sides(seen, cut, seen.keys)])
        codes = np.concatenate([trace.query_buckets[0, 0], trace.key_buckets[0, 0]])
        bits = ((codes >> (3 - cut.plane)) & 1).astype(bool)
        assert cut.right == (drawn == bits).mean()


def test_the_largest_spread_is_that_of_the_covariance():
    trace = trace_of(seed=4)
    both = np.concatenate([trace.queries[0], trace.keys[0]]).astype(float)
    values = np.linalg.eigvalsh(np.cov(both.T))
    assert project(trace, 0, 0).spread == pytest.approx(values[-2:].sum() / values.sum())
    assert project(trace, 0, 0, (1, 2)).spread <= values[-2:].sum() / values.sum() + 1e-12


def test_nearly_parallel_vectors_lie_in_a_narrow_cone_far_from_the_origin():
    near, far = trace_of(seed=1), trace_of(seed=1, away=100.0)
    narrow, wide = project(far, 0, 0, "origin"), project(near, 0, 0, "origin")
    assert narrow.cone < 5 < wide.cone
    radius = np.linalg.norm(narrow.queries - narrow.centre, axis=1).max()
    assert np.linalg.norm(narrow.centre) > 20 * radius
    assert np.linalg.norm(narrow.centre) == pytest.approx(
        np.linalg.norm(np.concatenate([far.queries[0], far.keys[0]]).mean(0)), rel=1e-3
    )


def test_a_centred_hash_has_its_centre_at_the_origin():
    seen = project(trace_of(centred=True, away=50.0, seed=2), 0, 0, (1, 2))
    assert np.allclose(seen.centre, 0, atol=1e-4)


def test_three_levels_of_the_plane_by_hand():
    seen = project(example(), 0, 1, "origin")
    assert np.allclose(seen.queries, seen.keys)
    assert np.allclose(np.linalg.norm(seen.queries, axis=1), 1)
    assert seen.cuts[0].exact
    assert seen.cuts[0].right == 1
    assert np.allclose(seen.centre, seen.queries.mean(0))


@pytest.mark.parametrize("levels", [1, 2, 12, 64])
@pytest.mark.parametrize("planes", [0, 1, 2])
def test_few_levels_and_few_planes(levels, planes):
    trace = trace_of(levels=levels, planes=planes)
    for axes in axes_of(trace):
        seen = project(trace, 0, 0, axes)
        assert seen.queries.shape == (levels, 2)
        assert len(seen.cuts) == planes
        assert np.isfinite(seen.queries).all()


def test_zero_vectors_are_on_the_origin_and_have_no_cone():
    trace = trace_of()
    zero = replace(trace, queries=np.zeros_like(trace.queries), keys=np.zeros_like(trace.keys))
    seen = project(zero, 0, 0)
    assert (seen.queries == 0).all()
    assert np.isnan(seen.cone)
    assert np.isnan(seen.spread)


def test_what_is_not_there_is_refused_in_words():
    trace = trace_of()
    for wrong in (
        lambda: project(trace, 9, 0),
        lambda: project(trace, 0, 9),
        lambda: project(trace, 0, 0, (1, 1)),
        lambda: project(trace, 0, 0, (1, 4)),
    ):
        with pytest.raises(SettingsError):
            wrong()


def test_cuts_of_the_origins_view_go_through_it_and_a_share_is_whole_only_where_all_are_right():
    trace = trace_of(levels=40, away=1.0, seed=3)
    seen = project(trace, 0, 0, "origin")
    assert [cut.offset for cut in seen.cuts] == [0, 0, 0]
    assert not any(cut.exact for cut in seen.cuts)
    assert any(cut.offset != 0 for cut in project(trace, 0, 0).cuts)
    cut = seen.cuts[0]
    assert [(replace(cut, right=right).share, replace(cut, right=right).holds) for right in (0.996, 1.0)] == [
        ("99 %", False),
        ("100 %", True),
    ]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_the_exact_view_holds_planes_that_part_the_pair(seed, planes):
    trace = trace_of(planes=planes, seed=seed)
    query, key = seed % 6, seed // 6 % 6
    apart = parting(trace, 1, 0, query, key)
    bits = [format(int(side[1, 0, i]), f"0{planes}b") for side, i in
            ((trace.query_buckets, query), (trace.key_buckets, key))]  # fmt: skip
    assert apart == tuple(m for m in range(1, planes + 1) if bits[0][m - 1] != bits[1][m - 1])
    axes = exact_axes(planes, apart)
    assert axes in axes_of(trace)
    assert set(axes) >= set(apart[:2])
    assert len(set(axes) & set(apart)) == min(2, len(apart))


def test_an_angle_is_the_distance_from_an_exact_cut():
    """Two vectors of one length, 2 and 3 degrees off plane 1: their distances are those of the bar."""
    rng = np.random.default_rng(0)
    planes = np.linalg.qr(rng.normal(size=(8, 8)))[0][:2]
    along = np.linalg.qr(rng.normal(size=(8, 8)))[0][0]
    along -= planes.T @ (planes @ along)
    along /= np.linalg.norm(along)
    vectors = np.stack([
        5 * (np.cos(np.radians(a)) * along + np.sin(np.radians(a)) * planes[0]) for a in (2.0, 3.0)
    ])  # fmt: skip
    trace = trace_of(levels=2, planes=2)
    held = np.stack([vectors, vectors]).astype(np.float32)
    drawn = np.broadcast_to(planes, trace.hyperplanes.shape).astype(np.float32)
    seen = project(replace(trace, queries=held, keys=held, hyperplanes=drawn), 0, 0, (1, 2))
    cut = seen.cuts[0]
    found = seen.queries @ cut.normal / np.linalg.norm(cut.normal)
    assert found == pytest.approx([seen.away(2.0), seen.away(3.0)], rel=1e-5)
