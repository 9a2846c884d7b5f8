"""A trace small enough to follow by hand, for the examples."""

from __future__ import annotations

import numpy as np

from mrn_core.trace import AttentionTrace


def example() -> AttentionTrace:
    """Three levels of one head in the plane: at 0, 90 and 180 degrees; two tables of one plane each."""
    x = np.array([[[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]], np.float32)
    planes = np.array([[[[1.0, 1.0]], [[1.0, -1.0]]]], np.float32)
    buckets = (np.einsum("hld,htpd->htl", x, planes) <= 0).astype(np.int64)
    mask = (buckets[:, :, :, None] == buckets[:, :, None, :]).any(1)
    weights = np.where(mask, np.exp(x @ x.transpose(0, 2, 1) / np.sqrt(2)), 0).astype(np.float32)
    weights /= weights.sum(-1, keepdims=True)
    centre = np.zeros((1, 2), np.float32)
    return AttentionTrace(weights, mask, buckets, buckets, x, x, planes, centre, centre)
