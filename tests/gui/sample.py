"""An ``Analysis`` from random arrays that fit together as the network's do."""

from __future__ import annotations

from typing import Literal

import numpy as np

from mrn_core.result import Analysis, FaceReading
from mrn_core.settings import AnalysisSettings, MRNConfig
from mrn_core.trace import AttentionTrace

Kind = Literal["path", "empty rows", "all masked", "all allowed"]


def sample_trace(
    levels: int = 32,
    heads: int = 8,
    tables: int = 4,
    planes: int = 3,
    seed: int = 0,
    kind: Kind = "path",
    dim: int = 16,
) -> AttentionTrace:
    """Queries and keys walk slowly through the space, so that near levels meet; planes are random.

    ``kind``: "empty rows" moves the odd queries to buckets of their own (where there is one),
    "all masked" does so with every query; "all allowed" gives every level one bucket.
    """
    rng = np.random.default_rng(seed)
    turn = np.linspace(0, 5, levels)[None, :, None] * rng.normal(1, 0.2, (heads, 1, dim // 2))
    path = np.concatenate([np.cos(turn), np.sin(turn)], axis=-1) + rng.normal(0, 0.5, (heads, 1, dim))
    queries = (path + rng.normal(0, 0.1, path.shape)).astype(np.float32)
    keys = (path + rng.normal(0, 0.1, path.shape)).astype(np.float32)
    hyperplanes = rng.normal(0, 1, (heads, tables, planes, dim)).astype(np.float32)
    powers = 2 ** np.arange(planes)[::-1]

    def codes(x: np.ndarray) -> np.ndarray:
        bits = np.einsum("hld,htpd->htlp", x, hyperplanes) <= 0
        return (bits * powers).sum(-1).astype(np.int64)

    query_buckets, key_buckets = codes(queries), codes(keys)
    last = 2**planes - 1
    if kind == "all allowed":
        query_buckets[:] = key_buckets[:] = 0
    elif kind != "path":
        key_buckets[:] = np.minimum(key_buckets, last - 1)
        query_buckets[:, :, slice(1, None, 2) if kind == "empty rows" else slice(None)] = last
    mask = _meet(query_buckets, key_buckets)
    scores = np.einsum("hqd,hkd->hqk", queries, keys) / np.sqrt(dim)
    shares = np.where(mask, np.exp(scores - scores.max(-1, keepdims=True)), 0)
    total = shares.sum(-1, keepdims=True)
    weights = np.divide(shares, total, out=np.zeros_like(shares), where=total > 0)
    return AttentionTrace(
        weights=weights.astype(np.float32),
        mask=mask,
        query_buckets=query_buckets,
        key_buckets=key_buckets,
        queries=queries,
        keys=keys,
        hyperplanes=hyperplanes,
        query_centre=np.zeros((heads, dim), np.float32),
        key_centre=np.zeros((heads, dim), np.float32),
    )


def _meet(query_buckets: np.ndarray, key_buckets: np.ndarray) -> np.ndarray:
    return (query_buckets[..., :, None] == key_buckets[..., None, :]).any(axis=1)


def sample_analysis(
    levels: int = 32,
    heads: int = 8,
    tables: int = 4,
    planes: int = 3,
    blocks: int = 3,
    seed: int = 0,
    kind: Kind = "path",
    trained: bool = False,
    labels: tuple[str, ...] = ("happiness", "disgust", "repression", "surprise", "others"),
    size: int = 224,
) -> Analysis:
    """Blocks of ``sample_trace``, frames that grow lighter with AF, probabilities that sum to 1."""
    rng = np.random.default_rng(seed)
    factors = np.linspace(2, 13, levels) if levels > 1 else np.array([2.0])
    y, x = np.mgrid[0:size, 0:size] / size
    face = np.stack([120 + 100 * x, 90 + 80 * y, 100 + 60 * x * y], axis=-1)
    spot = np.exp(-((x - 0.5) ** 2 + (y - 0.7) ** 2) / 0.02)[..., None]
    frames = np.clip(face[None] - spot[None] * (10 * factors[:, None, None, None]), 0, 255).astype(np.uint8)
    shares = rng.dirichlet(np.full(len(labels), 8.0))
    return Analysis(
        onset=face.astype(np.uint8),
        apex=np.clip(face - 10 * spot, 0, 255).astype(np.uint8),
        flow=np.zeros((size, size, 2), np.float32),
        face=FaceReading(),
        motion_px=1.0,
        rigid_px=0.1,
        levels=factors,
        gains=1 + factors,
        frames=frames,
        features=rng.normal(size=(levels, 8)).astype(np.float32),
        scores=rng.uniform(0.2, 0.8, levels).astype(np.float32),
        probabilities=dict(zip(labels, map(float, shares), strict=True)),
        traces=tuple(
            sample_trace(levels, heads, tables, planes, seed * 100 + block, kind) for block in range(blocks)
        ),
        trained=trained,
        settings=AnalysisSettings(
            levels=levels, network=MRNConfig(heads=8, tables=tables, planes=planes, blocks=blocks)
        ),
    )
