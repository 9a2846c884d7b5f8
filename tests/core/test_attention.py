"""Sparse attention against an independent numpy computation, and its properties."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mrn_core.errors import SettingsError
from mrn_core.network.attention import lsh_attention
from mrn_core.network.lsh import bucket_ids, collision_mask, draw_hyperplanes


def by_the_letter(q, k, v, planes):
    """Eq. 4 to 6 in float64, loops over heads, tables, queries and keys.

    Gives the output, the mask, and which rows hold a product within rounding of zero, where
    float32 may fairly decide otherwise.
    """
    h, L, d = q.shape
    out, mask = np.zeros((h, L, v.shape[-1])), np.zeros((h, L, L), bool)
    close = np.zeros((h, L, L), bool)

    def code(x, table):
        tags, near = "", False
        for plane in table:
            product = sum(float(a) * float(b) for a, b in zip(x, plane, strict=True))
            scale = sum(abs(float(a) * float(b)) for a, b in zip(x, plane, strict=True))
            tags += "0" if product > 0 else "1"
            near = near or (0 < abs(product) < 1e-5 * scale)
        return tags, near

    for n in range(h):
        for table in planes[n]:
            tags_q = [code(x, table) for x in q[n]]
            tags_k = [code(x, table) for x in k[n]]
            for i in range(L):
                for j in range(L):
                    if tags_q[i][0] == tags_k[j][0]:
                        mask[n, i, j] = True
                    if tags_q[i][1] or tags_k[j][1]:
                        close[n, i, j] = True
        for i in range(L):
            allowed = [j for j in range(L) if mask[n, i, j]]
            if not allowed:
                continue
            scores = [float(q[n, i].astype(float) @ k[n, j].astype(float)) / math.sqrt(d) for j in allowed]
            top = max(scores)
            shares = [math.exp(s - top) for s in scores]
            for share, j in zip(shares, allowed, strict=True):
                out[n, i] += share / sum(shares) * v[n, j]
    return out, mask, close.any(-1)


@pytest.mark.parametrize("block", range(20))
def test_200_random_cases_agree_with_plain_numpy(block):
    empty = 0
    for case in range(block * 10, block * 10 + 10):
        rng = np.random.default_rng(case)
        L, h, d = int(rng.integers(1, 14)), int(rng.integers(1, 4)), int(rng.integers(2, 10))
        t, p = int(rng.integers(1, 5)), int(rng.integers(0, 7))
        q, k, v = (rng.standard_normal((h, L, d)).astype(np.float32) for _ in range(3))
        if case % 4 == 0:
            k[:, ::2] = 0
        if case % 5 == 0:
            q = k.copy()
        planes = draw_hyperplanes(h, t, p, d, torch.Generator().manual_seed(case))
        expected, mask, close = by_the_letter(q, k, v, planes.numpy())
        tensors = [torch.from_numpy(x) for x in (q, k, v)]
        got_mask = collision_mask(bucket_ids(tensors[0], planes), bucket_ids(tensors[1], planes)).numpy()
        assert (got_mask[~close] == mask[~close]).all()
        empty += int((~mask.any(-1)).sum())
        for method in ("dense", "bucketed", "auto"):
            got = lsh_attention(*tensors, planes, method=method).numpy()
            assert np.isfinite(got).all()
            same = (got_mask == mask).all(-1)
            np.testing.assert_allclose(got[same], expected[same], atol=1e-5)
        if p == 0:
            full = torch.nn.functional.scaled_dot_product_attention(*tensors)
            np.testing.assert_allclose(lsh_attention(*tensors, planes).numpy(), full.numpy(), atol=1e-5)
    assert empty > 0


shapes = st.fixed_dictionaries(
    {
        "L": st.sampled_from([1, 2, 3, 12, 31, 32, 33, 70]),
        "p": st.integers(0, 8),
        "t": st.sampled_from([1, 2, 4, 16]),
        "seed": st.integers(0, 10**6),
        "kind": st.sampled_from(["random", "zeros", "all equal", "doubled"]),
    }
)


def tensors_of(shape, d=8, h=2):
    g = torch.Generator().manual_seed(shape["seed"])
    q, k, v = (torch.randn(h, shape["L"], d, generator=g) for _ in range(3))
    if shape["kind"] == "zeros":
        q[:, ::2], k[:, 1::2] = 0, 0
    elif shape["kind"] == "all equal":
        q, k = q[:, :1].expand_as(q).clone(), q[:, :1].expand_as(q).clone()
    elif shape["kind"] == "doubled":
        k[:, ::2] = q[:, ::2]
    return q, k, v, draw_hyperplanes(h, shape["t"], shape["p"], d, g)


@settings(max_examples=20, deadline=None)
@given(shapes)
def test_bucketed_is_dense_in_output_and_gradients(shape):
    q, k, v, planes = tensors_of(shape)
    runs = []
    for method in ("dense", "bucketed"):
        leaves = [x.clone().requires_grad_() for x in (q, k, v)]
        out = lsh_attention(*leaves, planes, method=method)
        (out * torch.linspace(-1, 1, out.numel()).view_as(out)).sum().backward()
        runs.append([out.detach(), *(x.grad for x in leaves)])
    for dense, bucketed in zip(*runs, strict=True):
        assert torch.isfinite(bucketed).all()
        torch.testing.assert_close(dense, bucketed, atol=1e-5, rtol=1e-5)


@settings(max_examples=25, deadline=None)
@given(shapes)
def test_permuted_levels_permute_the_answer_and_permuted_tables_change_nothing(shape):
    q, k, v, planes = tensors_of(shape)
    out = lsh_attention(q, k, v, planes)
    order = torch.randperm(shape["L"], generator=torch.Generator().manual_seed(shape["seed"]))
    moved = lsh_attention(q[:, order], k[:, order], v[:, order], planes)
    torch.testing.assert_close(moved, out[:, order], atol=1e-5, rtol=1e-5)
    tables = torch.randperm(shape["t"], generator=torch.Generator().manual_seed(1))
    for method in ("dense", "bucketed"):
        torch.testing.assert_close(
            lsh_attention(q, k, v, planes[:, tables], method=method), out, atol=1e-5, rtol=1e-5
        )


@pytest.mark.parametrize("method", ["dense", "bucketed"])
@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_value_touches_only_the_rows_that_may_attend_to_it(method, bad):
    g = torch.Generator().manual_seed(0)
    q, k, v = (torch.randn(2, 32, 8, generator=g) for _ in range(3))
    planes = draw_hyperplanes(2, 1, 3, 8, g)
    mask = collision_mask(bucket_ids(q, planes), bucket_ids(k, planes))
    clean = lsh_attention(q, k, v, planes, method=method)
    v[:, 7] = bad
    out = lsh_attention(q, k, v, planes, method=method)
    free = ~mask[:, :, 7]
    assert free.any()
    assert (~free).any()
    assert torch.equal(out[free], clean[free])
    assert not torch.isfinite(out[~free]).any()


@pytest.mark.parametrize("method", ["dense", "bucketed"])
@pytest.mark.parametrize("size", [1e4, 1e-42])
def test_extreme_inputs_stay_finite(method, size):
    q, k, v, planes = tensors_of({"L": 32, "p": 3, "t": 4, "seed": 1, "kind": "random"})
    leaves = [(x * size).requires_grad_() for x in (q, k, v)]
    out = lsh_attention(*leaves, planes, method=method)
    out.sum().backward()
    assert all(torch.isfinite(x).all() for x in (out, *(leaf.grad for leaf in leaves)))


@pytest.mark.parametrize("seed", range(10))
def test_rows_without_a_key_are_zero_and_backward_is_finite(seed):
    """B29: rows masked throughout must not become NaN."""
    g = torch.Generator().manual_seed(seed)
    q, k, v = (torch.randn(8, 32, 16, generator=g).requires_grad_() for _ in range(3))
    planes = draw_hyperplanes(8, 1, 6, 16, g)
    empty = ~collision_mask(bucket_ids(q, planes), bucket_ids(k, planes)).any(-1)
    assert empty.any()
    out = lsh_attention(q, k, v, planes)
    assert not out[empty].any()
    out.sum().backward()
    for x in (q, k, v):
        assert torch.isfinite(x.grad).all()


def test_zero_vectors_fall_in_the_last_bucket_with_uniform_weights():
    """B32."""
    planes = draw_hyperplanes(1, 4, 3, 8, torch.Generator().manual_seed(0))
    x = torch.randn(1, 32, 8, generator=torch.Generator().manual_seed(1))
    x[:, ::2] = 0
    ids = bucket_ids(x, planes)
    assert (ids[0, :, ::2] == 7).all()
    v = torch.randn(1, 32, 8)
    allowed = collision_mask(ids, ids)[0, 0]
    for method in ("dense", "bucketed"):
        out = lsh_attention(x, x, v, planes, method=method)
        torch.testing.assert_close(out[0, 0], v[0, allowed].mean(0), atol=1e-5, rtol=1e-5)
        assert torch.equal(out, lsh_attention(x, x, v, planes, method=method))


def test_full_softmax_is_masked_afterwards():
    q, k, v, planes = tensors_of({"L": 12, "p": 3, "t": 2, "seed": 3, "kind": "random"})
    mask = collision_mask(bucket_ids(q, planes), bucket_ids(k, planes))
    expected = ((q @ k.mT / math.sqrt(8)).softmax(-1) * mask) @ v
    torch.testing.assert_close(lsh_attention(q, k, v, planes, softmax="full"), expected)


def test_what_is_hashed_may_be_other_than_what_is_multiplied():
    q, k, v, planes = tensors_of({"L": 12, "p": 3, "t": 2, "seed": 3, "kind": "random"})
    mask = collision_mask(bucket_ids(-q, planes), bucket_ids(k * 2, planes))
    scores = (q @ k.mT / math.sqrt(8)).masked_fill(~mask, -math.inf)
    expected = scores.softmax(-1).nan_to_num(0.0) @ v
    for method in ("dense", "bucketed"):
        got = lsh_attention(q, k, v, planes, method=method, hash_q=-q, hash_k=k * 2)
        torch.testing.assert_close(got, expected, atol=1e-5, rtol=1e-5)


def test_bucket_codes_put_plane_one_first():
    planes = torch.eye(3).view(1, 1, 3, 3)
    x = torch.tensor([[[1.0, 1, 1], [-1, 1, 1], [1, -1, 1], [-1, -1, 1], [1, 1, -1]]])
    assert bucket_ids(x, planes).flatten().tolist() == [0b000, 0b100, 0b010, 0b110, 0b001]


def test_drawn_planes_are_nested_and_seeded():
    big = draw_hyperplanes(2, 16, 8, 4, torch.Generator().manual_seed(0))
    for t, p in ((1, 0), (4, 3), (16, 8)):
        assert torch.equal(draw_hyperplanes(2, t, p, 4, torch.Generator().manual_seed(0)), big[:, :t, :p])


@pytest.mark.parametrize(("tables", "planes"), [(17, 3), (0, 3), (4, 9), (4, -1)])
def test_more_planes_or_tables_than_drawn_are_refused(tables, planes):
    with pytest.raises(SettingsError):
        draw_hyperplanes(1, tables, planes, 4)


@pytest.mark.parametrize(
    "options", [{"method": "fast"}, {"softmax": "no"}, {"method": "bucketed", "softmax": "full"}]
)
def test_unknown_ways_are_refused(options):
    q, k, v, planes = tensors_of({"L": 3, "p": 1, "t": 1, "seed": 3, "kind": "random"})
    with pytest.raises(SettingsError):
        lsh_attention(q, k, v, planes, **options)


def test_collisions_come_as_often_as_theory_says():
    """P(same bucket) = 1 - (1 - (1 - angle / pi)^p)^t, over 4000 draws, within 4 standard errors."""
    from mrn_core.network.explain import theory

    g = torch.Generator().manual_seed(0)
    n, t, p = 250, 4, 3
    planes = torch.cat([draw_hyperplanes(16, t, p, 16, g) for _ in range(n)])
    for angle in (0, 10, 45, 90, 135, 170, 180):
        u = torch.zeros(16)
        u[0] = 1
        w = torch.zeros(16)
        w[0], w[1] = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        w = -u if angle == 180 else w
        ids = [bucket_ids(x.expand(len(planes), 1, 16), planes) for x in (u, w)]
        rate = collision_mask(*ids).float().mean().item()
        expected = theory(angle, p, t)
        error = math.sqrt(expected * (1 - expected) / len(planes))
        assert abs(rate - expected) <= 4 * error + 1e-9, angle


def test_auto_takes_the_method_that_touches_less():
    from mrn_core.network.bucketed import bucketed_is_cheaper, bucketed_pairs

    g = torch.Generator().manual_seed(0)
    x = torch.randn(2, 4096, 16, generator=g)
    sparse = bucket_ids(x, draw_hyperplanes(2, 1, 7, 16, g))
    full = torch.zeros_like(sparse)
    assert bucketed_is_cheaper(sparse, sparse)
    assert not bucketed_is_cheaper(full, full)
    counts = sum((sparse[h, 0] == code).sum().item() ** 2 for h in range(2) for code in range(128))
    assert bucketed_pairs(sparse, sparse) == counts
    assert bucketed_pairs(full, full) == 2 * 4096**2


@pytest.mark.parametrize("kind", ["random", "all equal"])
def test_long_sequences_agree_between_the_methods(kind):
    q, k, v, planes = tensors_of({"L": 700, "p": 5, "t": 4, "seed": 1, "kind": kind}, d=8, h=1)
    with torch.no_grad():
        dense = lsh_attention(q, k, v, planes, method="dense")
        for method in ("bucketed", "auto"):
            torch.testing.assert_close(
                lsh_attention(q, k, v, planes, method=method), dense, atol=1e-5, rtol=1e-5
            )
