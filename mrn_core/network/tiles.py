"""Which queries meet which keys: sorted by bucket, cut into tiles, like sizes in one batch.

The plan is made in numpy on the host, whole tables at a time; only the batches are tensors.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

TILE = 256  # most queries or keys in a tile
PAIRS = 1 << 19  # most pairs in one batch of tiles: bounds the memory beyond q, k, v and the output
LEAST = 8  # shorter sides are counted as this long
STEP = 1.15  # tiles whose longer sides differ by less than this factor share a batch

_Index = NDArray[np.int64]


@dataclass(frozen=True)
class Tiles:
    """A batch of S tiles of one size: rows of the flattened (G * L) queries and keys, and what counts.

    Attributes:
        queries: (S, Nq) int64, G * L for padding; a query stands once in a batch.
        keys: (S, Nk) int64, G * L for padding.
        counts: (S, Nq, Nk), 1.0 for a pair that counts, else 0.0; overwritten by the next batch.
    """

    queries: Tensor
    keys: Tensor
    counts: Tensor


class Workspace:
    """Memory that is used again: fresh memory costs more than most of what is written to it."""

    def __init__(self, like: Tensor) -> None:
        self._like = like
        self._held: dict[str, Tensor] = {}

    def take(self, name: str, *shape: int) -> Tensor:
        """A tensor of this shape, of the type and device of ``like``; what it held is gone."""
        size = math.prod(shape)
        held = self._held.get(name)
        if held is None or len(held) < size:
            self._held[name] = held = self._like.new_empty(size)
        return held[:size].view(shape)


def walk(query_buckets: Tensor, key_buckets: Tensor, space: Workspace) -> Iterator[Tiles]:
    """All pairs that share a bucket, each once: in the first table where it meets.

    Args:
        query_buckets, key_buckets: (G, t, L) int64.
        space: gives the type and device of ``counts``.

    Example:
        >>> buckets = torch.tensor([[[0, 1, 1], [2, 2, 2]]])
        >>> [int(tiles.counts.sum()) for tiles in walk(buckets, buckets, Workspace(torch.ones(1)))]
        [5, 4]
    """
    G, t, L = query_buckets.shape
    buckets = int(torch.maximum(query_buckets.max(), key_buckets.max())) + 1
    own_q, own_k = (_own(b, buckets) for b in (query_buckets, key_buckets))
    # Numbers that padding cannot share with anything, nor its two sides with each other.
    codes_q, codes_k = (
        torch.cat([b.transpose(0, 1).reshape(t, G * L), b.new_full((t, 1), pad)], dim=1)
        .to(space.take("codes", 0).dtype)
        for b, pad in ((query_buckets, -1), (key_buckets, -2))
    )  # fmt: skip
    device = query_buckets.device
    for r in range(t):
        for rows_q, rows_k in _batches(own_q[r], own_k[r], G * buckets):
            queries, keys = torch.from_numpy(rows_q).to(device), torch.from_numpy(rows_k).to(device)
            here_q, here_k = (
                codes[: r + 1].index_select(1, rows.flatten()).view(r + 1, *rows.shape)
                for codes, rows in ((codes_q, queries), (codes_k, keys))
            )
            shape = (*queries.shape, keys.shape[1])
            counts, apart = space.take("counts", *shape), space.take("apart", *shape)
            # In the type of the scores: a comparison that changes the type takes five times as long.
            torch.eq(here_q[r].unsqueeze(-1), here_k[r].unsqueeze(-2), out=counts)
            for earlier in range(r):
                counts *= torch.ne(here_q[earlier].unsqueeze(-1), here_k[earlier].unsqueeze(-2), out=apart)
            yield Tiles(queries, keys, counts)


def _own(buckets: Tensor, count: int) -> NDArray[np.integer]:
    """(t, G * L) bucket numbers of which no two heads share one; 16 bits where they suffice: sorted fast."""
    G, t, L = buckets.shape
    numbers = buckets.transpose(0, 1).cpu().numpy() + np.arange(G)[:, None] * count
    return numbers.reshape(t, G * L).astype(np.uint16 if G * count <= 1 << 16 else np.int64)


def _batches(
    own_q: NDArray[np.integer], own_k: NDArray[np.integer], buckets: int
) -> Iterator[tuple[_Index, _Index]]:
    """(S, Nq) and (S, Nk) rows of tiles of like size that share a bucket, ``len(own_q)`` for padding.

    A query's tile meets the first tile of its bucket's keys, then the second, in batches of their own.
    """
    rows_q, rows_k = (np.append(np.argsort(own, kind="stable"), len(own)) for own in (own_q, own_k))
    count_q, count_k = (np.bincount(own, minlength=buckets) for own in (own_q, own_k))
    first_q, first_k = (np.cumsum(count) - count for count in (count_q, count_k))
    tiles = np.where(count_k > 0, -(-count_q // TILE), 0)
    bucket = np.repeat(np.arange(buckets), tiles)
    nth = np.arange(len(bucket)) - np.repeat(np.cumsum(tiles) - tiles, tiles)
    start_q, len_q = first_q[bucket] + nth * TILE, np.minimum(count_q[bucket] - nth * TILE, TILE)
    start_k, left = first_k[bucket], count_k[bucket]
    while len(left):
        len_k = np.minimum(left, TILE)
        for part in _like_sizes(len_q, len_k):
            yield _padded(rows_q, start_q[part], len_q[part]), _padded(rows_k, start_k[part], len_k[part])
        more = left > TILE
        start_q, len_q, start_k, left = start_q[more], len_q[more], start_k[more] + TILE, left[more] - TILE


def _like_sizes(len_q: _Index, len_k: _Index) -> Iterator[_Index]:
    """Indices of tiles whose longer sides are alike, at most PAIRS pairs at once.

    Few sizes mean few batches: up to here a batch more costs as much as the padding that it saves.
    """
    longer = np.maximum(np.maximum(len_q, len_k), LEAST)
    kind = np.ceil(np.log(longer) / math.log(STEP)).astype(np.int16)
    order = np.argsort(kind, kind="stable")
    for alike in np.split(order, np.flatnonzero(np.diff(kind[order])) + 1):
        pairs = max(LEAST, len_q[alike].max()) * max(LEAST, len_k[alike].max())
        at_once = max(1, PAIRS // int(pairs))
        for first in range(0, len(alike), at_once):
            yield alike[first : first + at_once]


def _padded(rows: _Index, start: _Index, length: _Index) -> _Index:
    """(S, longest) rows from ``start`` on; beyond a length the last of ``rows``, which stands for padding."""
    offset = np.arange(length.max())
    place = start[:, None] + offset
    place[offset >= length[:, None]] = len(rows) - 1
    return rows[place]
