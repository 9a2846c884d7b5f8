"""Attention within buckets that never forms an L x L matrix.

Each table's queries and keys are sorted by bucket and cut into tiles; a tile of queries meets a
tile of keys of the same bucket, and running maxima and sums join the tiles (the log-sum-exp of
online softmax). A pair that meets in several tables is counted in the first of them alone, so
the result is the softmax over the union of Eq. 5. The backward pass walks the same tiles.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

TILE = 256  # most queries or keys in a tile
PAIRS = 1 << 18  # most pairs in one batch of tiles: bounds the memory beyond q, k, v and the output
SAFE = 40.0  # where no score can be larger, exp needs no shift: e^40 and e^-40 are far inside float32

# Nanoseconds on one core with 128 dimensions a head; only their ratios matter.
ROW, PAIR, DENSE_PAIR, DENSE_TABLE = 3400.0, 37.0, 9.0, 4.5


@dataclass(frozen=True)
class _Tiles:
    """A batch of S tiles of one size: rows of the flattened (G * L) queries and keys, and what counts."""

    queries: Tensor  # (S, Nq) int64
    keys: Tensor  # (S, Nk) int64
    counts: Tensor  # (S, Nq, Nk) bool

    def readable(self, rows: int) -> Tensor:
        """The queries, padding replaced by some row that can be read; no pair of it counts."""
        return self.queries.clamp_max(rows - 1)


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
        G, L = q.shape[:2]
        flat_q, flat_k, flat_v = (x.reshape(G * L, -1) for x in (q, k, v))
        # The accumulators have a row more, which padding writes to and nobody reads.
        peak = q.new_full((G * L + 1,), -math.inf)
        total = q.new_zeros(G * L + 1)
        out = v.new_zeros(G * L + 1, flat_v.shape[1])
        clean = bool(torch.isfinite(flat_v.sum()))  # a sum that overflows costs time, not truth
        largest = float(flat_q.norm(dim=-1).max() * flat_k.norm(dim=-1).max()) * q.shape[-1] ** -0.5
        for tiles in _walk(qb, kb):
            rows = tiles.queries.flatten()
            if largest < SAFE:
                weights, shrink = _products(flat_q, flat_k, tiles).exp_().mul_(tiles.counts), None
            else:
                weights, shrink = _shifted(_scores(flat_q, flat_k, tiles), rows, peak)
            values = _rows(flat_v, tiles.keys)
            part = weights @ values if clean else _guarded(weights, values, tiles.counts)
            if shrink is not None:
                # A real row stands in one tile of a batch, so plain indexing does not collide.
                total[rows] *= shrink
                out.index_copy_(0, rows, out.index_select(0, rows).mul_(shrink.unsqueeze(-1)))
            total.index_add_(0, rows, weights.sum(-1).flatten())
            out.index_add_(0, rows, part.flatten(0, 1))
        met = total > 0
        out.div_(total.masked_fill(~met, 1.0).unsqueeze(-1))  # an empty row stays 0
        # log-sum-exp of each row; +inf for an empty one makes its weights 0 in the backward pass.
        lse = (total.log() if largest < SAFE else peak + total.log()).masked_fill_(~met, math.inf)
        out = out[:-1].view(G, L, -1)
        ctx.save_for_backward(q, k, v, qb, kb, out, lse)
        return out

    @staticmethod
    def backward(ctx, grad: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[no-untyped-def]  # noqa: ANN001
        q, k, v, qb, kb, out, lse = ctx.saved_tensors
        G, L, d = q.shape
        flat_q, flat_k, flat_v, flat_g = (x.reshape(G * L, -1) for x in (q, k, v, grad))
        inner = (grad * out).sum(-1).flatten()
        to_q = q.new_zeros(G * L + 1, d)
        to_k, to_v = torch.zeros_like(flat_k), torch.zeros_like(flat_v)
        for tiles in _walk(qb, kb):
            rows, columns = tiles.queries.flatten(), tiles.keys.flatten()
            read = tiles.readable(G * L)
            weights = torch.exp(_scores(flat_q, flat_k, tiles) - lse[read].unsqueeze(-1))
            grads = _rows(flat_g, read)
            to_v.index_add_(0, columns, (weights.transpose(-1, -2) @ grads).flatten(0, 1))
            to_scores = weights * (
                grads @ _rows(flat_v, tiles.keys).transpose(-1, -2) - inner[read].unsqueeze(-1)
            )
            to_scores = to_scores.masked_fill(~tiles.counts, 0.0) / math.sqrt(d)
            to_q.index_add_(0, rows, (to_scores @ _rows(flat_k, tiles.keys)).flatten(0, 1))
            to_k.index_add_(0, columns, (to_scores.transpose(-1, -2) @ _rows(flat_q, read)).flatten(0, 1))
        return to_q[:-1].view_as(q), to_k.view_as(k), to_v.view_as(v), None, None


def _shifted(scores: Tensor, rows: Tensor, peak: Tensor) -> tuple[Tensor, Tensor]:
    """exp(scores - each row's largest so far), and what the row's earlier sums shrink by; updates peak."""
    old = peak[rows]
    new = torch.maximum(old, scores.amax(-1).flatten())
    safe = new.masked_fill(torch.isinf(new), 0.0)
    peak[rows] = new
    return scores.sub_(safe.view(*scores.shape[:2], 1)).exp_(), torch.exp(old - safe)


def _rows(x: Tensor, index: Tensor) -> Tensor:
    """x[index] for an index of two dimensions, copying whole rows."""
    return x.index_select(0, index.flatten()).view(*index.shape, -1)


def _products(flat_q: Tensor, flat_k: Tensor, tiles: _Tiles) -> Tensor:
    """(S, Nq, Nk) q.k / sqrt(d) of every pair of each tile, those that do not count among them."""
    q, k = _rows(flat_q, tiles.readable(len(flat_q))), _rows(flat_k, tiles.keys)
    # The scale is taken along by the matrix product: a pass less over all pairs.
    return torch.baddbmm(q.new_empty(1, 1, 1), q, k.transpose(-1, -2), beta=0, alpha=q.shape[-1] ** -0.5)


def _scores(flat_q: Tensor, flat_k: Tensor, tiles: _Tiles) -> Tensor:
    """(S, Nq, Nk) q.k / sqrt(d), -inf where the pair does not count."""
    return _products(flat_q, flat_k, tiles).masked_fill_(~tiles.counts, -math.inf)


def _guarded(weights: Tensor, values: Tensor, counts: Tensor) -> Tensor:
    """weights @ values in which a pair that does not count adds nothing, even if the value is NaN."""
    finite = torch.isfinite(values)
    out = weights @ values.masked_fill(~finite, 0.0)
    touched = counts.to(values.dtype) @ (~finite).to(values.dtype)
    return out.masked_fill(touched > 0, math.nan)


def _walk(qb: Tensor, kb: Tensor) -> Iterator[_Tiles]:
    """All pairs that share a bucket, each once, as batches of tiles; a query stands once in a batch."""
    G, t, L = qb.shape
    base = (torch.arange(G, device=qb.device) * L).unsqueeze(1)
    # (t, G * L), and one row more for padding: written to, and never read.
    flat_qb, flat_kb = (
        torch.cat([b.transpose(0, 1).reshape(t, G * L), b.new_full((t, 1), -1)], dim=1).to(torch.int16)
        for b in (qb, kb)
    )
    for r in range(t):
        sorted_q, order_q = qb[:, r].sort(dim=-1, stable=True)
        sorted_k, order_k = kb[:, r].sort(dim=-1, stable=True)
        rows_q, rows_k = (order_q + base).flatten(), (order_k + base).flatten()
        for start_q, len_q, start_k, len_k in _size_classes(sorted_q, sorted_k):
            queries, real_q = _padded(rows_q, start_q, len_q, fill=G * L)
            keys, real_k = _padded(rows_k, start_k, len_k, fill=0)
            counts = real_q.unsqueeze(-1) & real_k.unsqueeze(-2)
            # Not where an earlier table joined the pair already.
            codes_q, codes_k = (
                codes[:r].index_select(1, rows.flatten()).view(r, *rows.shape)
                for codes, rows in ((flat_qb, queries), (flat_kb, keys))
            )
            for earlier in range(r):
                counts &= codes_q[earlier].unsqueeze(-1) != codes_k[earlier].unsqueeze(-2)
            yield _Tiles(queries, keys, counts)


def _size_classes(sorted_q: Tensor, sorted_k: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Tiles of like size together: start and length in the flattened, sorted queries and keys.

    Every start and length is (S,) int64. A query's tile meets the first tile of keys, then the
    second, and so on in batches of their own.
    """
    G, L = sorted_q.shape
    codes = torch.arange(
        int(torch.maximum(sorted_q[:, -1], sorted_k[:, -1]).max()) + 1, device=sorted_q.device
    )
    codes = codes.expand(G, -1).contiguous()
    base = (torch.arange(G, device=sorted_q.device) * L).unsqueeze(1)
    first, count = {}, {}
    for side, ids in (("q", sorted_q), ("k", sorted_k)):
        low = torch.searchsorted(ids.contiguous(), codes)
        count[side] = (torch.searchsorted(ids.contiguous(), codes, right=True) - low).flatten()
        first[side] = (low + base).flatten()
    tiles_q = torch.where(count["k"] > 0, (count["q"] + TILE - 1) // TILE, 0)
    segment = torch.repeat_interleave(torch.arange(len(tiles_q), device=tiles_q.device), tiles_q)
    nth = torch.arange(len(segment), device=segment.device) - (tiles_q.cumsum(0) - tiles_q)[segment]
    start_q = first["q"][segment] + nth * TILE
    len_q = (count["q"][segment] - nth * TILE).clamp_max(TILE)
    remaining = count["k"][segment]
    start_k = first["k"][segment]
    while len(segment):
        len_k = remaining.clamp_max(TILE)
        size = _class(len_q) * (TILE + 1) + _class(len_k)
        for wanted in size.unique():
            chosen = (size == wanted).nonzero().squeeze(-1)
            pairs = int(wanted // (TILE + 1)) * int(wanted % (TILE + 1))
            for part in chosen.split(max(1, PAIRS // pairs)):
                yield start_q[part], len_q[part], start_k[part], len_k[part]
        keep = remaining > TILE
        segment, start_q, len_q = segment[keep], start_q[keep], len_q[keep]
        start_k, remaining = start_k[keep] + TILE, remaining[keep] - TILE


def _class(length: Tensor) -> Tensor:
    """The size that a tile's side is padded to: 8, 16, 32, then at most a quarter more than it is.

    Few sizes mean few batches; among small tiles a batch costs more than the padding.
    """
    exponent = torch.ceil(torch.log2(length.clamp_min(8).double())).long()
    step = torch.where(exponent > 5, 2 ** (exponent - 3), 2**exponent)
    return (length + step - 1) // step * step


def _padded(rows: Tensor, start: Tensor, length: Tensor, fill: int) -> tuple[Tensor, Tensor]:
    """(S, N) rows from ``start`` on, ``fill`` beyond each length, and which of them are real."""
    offset = torch.arange(int(length.max()), device=rows.device)
    real = offset < length.unsqueeze(1)
    place = (start.unsqueeze(1) + offset).clamp_max(len(rows) - 1)
    return torch.where(real, rows[place], fill), real
