"""Attention within buckets that never forms an L x L matrix.

``tiles`` sorts each table's queries and keys by bucket and cuts them into tiles; a tile of queries
meets a tile of keys of the same bucket, and running maxima and sums join the tiles (the
log-sum-exp of online softmax). A pair that meets in several tables is counted in the first of them
alone, so the result is the softmax over the union of Eq. 5. The backward pass walks the same tiles.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from .tiles import Tiles, Workspace, walk

SAFE = 40.0  # where no score can be larger, exp needs no shift: e^40 and e^-40 are far inside float32
ROWS = 1 << 15  # most rows of heads whose sums are kept at once, in memory beyond the output

# Nanoseconds on one core with 128 dimensions a head; only their ratios matter.
ROW, PAIR, DENSE_PAIR, DENSE_TABLE = 1800.0, 10.0, 8.5, 1.2


def bucketed_attention(q: Tensor, k: Tensor, v: Tensor, query_buckets: Tensor, key_buckets: Tensor) -> Tensor:
    """softmax over the keys that share a bucket in any table, times V (Eq. 6).

    Args:
        q, k, v: (..., h, L, d) float.
        query_buckets, key_buckets: (..., h, t, L) int64.

    Returns:
        (..., h, L, d); zeros for a query that shares no bucket with any key.

    Example:
        >>> x = torch.ones(1, 3, 2)
        >>> bucketed_attention(x, x, x, torch.tensor([[[0, 1, 2]]]), torch.tensor([[[0, 0, 1]]]))
        tensor([[[1., 1.],
                 [1., 1.],
                 [0., 0.]]])
    """
    L, d = q.shape[-2:]
    t = query_buckets.shape[-2]
    out = _Bucketed.apply(
        q.reshape(-1, L, d), k.reshape(-1, L, d), v.reshape(-1, L, v.shape[-1]),
        query_buckets.reshape(-1, t, L), key_buckets.reshape(-1, t, L),
    )  # fmt: skip
    return out.reshape(*q.shape[:-1], v.shape[-1])


def bucketed_pairs(query_buckets: Tensor, key_buckets: Tensor) -> int:
    """How many products ``bucketed_attention`` forms: pairs that share a bucket, table by table.

    Args:
        query_buckets, key_buckets: (..., h, t, L) int64.

    Example:
        >>> bucketed_pairs(torch.tensor([[[0, 1, 1]]]), torch.tensor([[[0, 0, 1]]]))
        4
    """
    codes = int(torch.maximum(query_buckets.max(), key_buckets.max())) + 1
    counts = [
        torch.zeros(*b.shape[:-1], codes, dtype=torch.int64, device=b.device).scatter_add_(
            -1, b, torch.ones_like(b)
        )
        for b in (query_buckets, key_buckets)
    ]
    return int((counts[0] * counts[1]).sum())


def bucketed_is_cheaper(query_buckets: Tensor, key_buckets: Tensor) -> bool:
    """Whether the bucketed method is the faster one for these buckets: the rule behind "auto".

    Both costs are linear in what each method touches: rows and pairs here, all L x L pairs once and
    once more a table there. The four prices were read off tests/benchmarks/bench_attention.py.

    Example:
        >>> spread = torch.arange(4096).view(1, 1, 4096) % 128
        >>> bucketed_is_cheaper(spread, spread), bucketed_is_cheaper(spread * 0, spread * 0)
        (True, False)
    """
    *batch, t, L = query_buckets.shape
    rows = math.prod(batch) * L
    bucketed = ROW * t * rows + PAIR * bucketed_pairs(query_buckets, key_buckets)
    return bucketed < (DENSE_PAIR + DENSE_TABLE * t) * rows * L


class _Bucketed(torch.autograd.Function):
    @staticmethod
    def forward(ctx, q: Tensor, k: Tensor, v: Tensor, qb: Tensor, kb: Tensor) -> Tensor:  # type: ignore[no-untyped-def]  # noqa: ANN001
        G, L, d = q.shape
        out, lse = v.new_empty(v.shape), q.new_empty(G, L)
        clean = bool(torch.isfinite(v.sum()))  # a sum that overflows costs time, not truth
        small = float(q.norm(dim=-1).max() * k.norm(dim=-1).max()) * d**-0.5 < SAFE
        space = Workspace(q)
        heads = max(1, ROWS // L)
        for first in range(0, G, heads):
            part = slice(first, first + heads)
            _attend(q[part], k[part], v[part], walk(qb[part], kb[part], space), out[part], lse[part],
                    small, clean, space)  # fmt: skip
        ctx.save_for_backward(q, k, v, qb, kb, out, lse)
        return out

    @staticmethod
    def backward(ctx, grad: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[no-untyped-def]  # noqa: ANN001
        q, k, v, qb, kb, out, lse = ctx.saved_tensors
        G, L, d = q.shape
        flat_q, flat_k, flat_v, flat_g = (x.reshape(G * L, -1) for x in (q, k, v, grad))
        inner, lse = (grad * out).sum(-1).flatten(), lse.flatten()
        # A row more, which padding writes to and nobody reads.
        to_q, to_k = q.new_zeros(G * L + 1, d), k.new_zeros(G * L + 1, d)
        to_v = v.new_zeros(G * L + 1, flat_v.shape[1])
        space = Workspace(q)
        for tiles in walk(qb, kb, space):
            rows, columns = tiles.queries.flatten(), tiles.keys.flatten()
            read = tiles.queries.clamp_max(G * L - 1)
            uncounted = tiles.counts == 0
            scores = _products(flat_q, flat_k, tiles, space).masked_fill_(uncounted, -math.inf)
            weights = torch.exp(scores - lse[read].unsqueeze(-1))
            grads = _rows(flat_g, tiles.queries)
            to_v.index_add_(0, columns, (weights.transpose(-1, -2) @ grads).flatten(0, 1))
            to_scores = weights * (
                grads @ _rows(flat_v, tiles.keys).transpose(-1, -2) - inner[read].unsqueeze(-1)
            )
            to_scores = to_scores.masked_fill(uncounted, 0.0) / math.sqrt(d)
            to_q.index_add_(0, rows, (to_scores @ _rows(flat_k, tiles.keys)).flatten(0, 1))
            to_k.index_add_(
                0, columns, (to_scores.transpose(-1, -2) @ _rows(flat_q, tiles.queries)).flatten(0, 1)
            )
        return to_q[:-1].view_as(q), to_k[:-1].view_as(k), to_v[:-1].view_as(v), None, None


def _attend(
    q: Tensor, k: Tensor, v: Tensor, batches: Iterator[Tiles], out: Tensor, lse: Tensor,
    small: bool, clean: bool, space: Workspace,
) -> None:  # fmt: skip
    """Some heads' attention into ``out`` (g, L, d) and ``lse`` (g, L), the log-sum-exp of each row.

    An empty row is 0 in ``out`` and +inf in ``lse``, which makes its weights 0 in the backward pass.
    """
    g, L = q.shape[:2]
    flat_q, flat_k, flat_v = (x.reshape(g * L, -1) for x in (q, k, v))
    # A row more, which padding writes to and nobody reads.
    peak = space.take("peak", g * L + 1).fill_(-math.inf)
    total = space.take("total", g * L + 1).zero_()
    sums = space.take("sums", g * L + 1, flat_v.shape[1]).zero_()
    for tiles in batches:
        rows = tiles.queries.flatten()
        weights = _products(flat_q, flat_k, tiles, space)
        if small:
            weights.exp_().mul_(tiles.counts)
        else:
            shrink = _shift(weights.masked_fill_(tiles.counts == 0, -math.inf), rows, peak)
            # A real row stands in one tile of a batch, so plain indexing does not collide.
            total[rows] *= shrink
            sums.index_copy_(0, rows, sums.index_select(0, rows).mul_(shrink.unsqueeze(-1)))
        values = _rows(flat_v, tiles.keys, space, "keys")
        part = space.take("queries", *tiles.queries.shape, flat_v.shape[1])
        if clean:
            torch.bmm(weights, values, out=part)
        else:
            part = _guarded(weights, values, tiles.counts)
        total.index_add_(0, rows, weights.sum(-1).flatten())
        sums.index_add_(0, rows, part.flatten(0, 1))
    met = total > 0
    torch.div(sums[:-1].view_as(out), total.masked_fill(~met, 1.0)[:-1].view(g, L, 1), out=out)
    logs = total.log() if small else peak + total.log()
    lse.copy_(logs.masked_fill_(~met, math.inf)[:-1].view(g, L))


def _shift(scores: Tensor, rows: Tensor, peak: Tensor) -> Tensor:
    """Makes scores exp(scores - each row's largest so far); updates peak.

    Returns:
        What the sums of each row so far shrink by: (S * Nq,).
    """
    old = peak[rows]
    new = torch.maximum(old, scores.amax(-1).flatten())
    safe = new.masked_fill(torch.isinf(new), 0.0)
    peak[rows] = new
    scores.sub_(safe.view(*scores.shape[:2], 1)).exp_()
    return torch.exp(old - safe)


def _rows(x: Tensor, index: Tensor, space: Workspace | None = None, name: str = "") -> Tensor:
    """x[index] for an index of two dimensions, whole rows copied; padding reads the last row."""
    wanted = index.clamp_max(len(x) - 1).flatten()
    out = None if space is None else space.take(name, len(wanted), x.shape[1])
    return torch.index_select(x, 0, wanted, out=out).view(*index.shape, -1)


def _products(flat_q: Tensor, flat_k: Tensor, tiles: Tiles, space: Workspace) -> Tensor:
    """(S, Nq, Nk) q.k / sqrt(d) of every pair of each tile, those that do not count among them."""
    q = _rows(flat_q, tiles.queries, space, "queries")
    k = _rows(flat_k, tiles.keys, space, "keys")
    out = space.take("pairs", *tiles.counts.shape)
    # The scale is taken along by the matrix product: a pass less over all pairs.
    return torch.baddbmm(
        q.new_empty(1, 1, 1), q, k.transpose(-1, -2), beta=0, alpha=q.shape[-1] ** -0.5, out=out
    )


def _guarded(weights: Tensor, values: Tensor, counts: Tensor) -> Tensor:
    """weights @ values in which a pair that does not count adds nothing, even if the value is NaN."""
    finite = torch.isfinite(values)
    out = weights @ values.masked_fill(~finite, 0.0)
    touched = counts @ (~finite).to(values.dtype)
    return out.masked_fill(touched > 0, math.nan)
