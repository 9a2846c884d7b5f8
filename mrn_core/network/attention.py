"""Sparse self-attention: only pairs that share a hash bucket meet (Eq. 6)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from mrn_core.errors import SettingsError
from mrn_core.settings import MAX_PLANES, MAX_TABLES, MRNConfig

from .bucketed import bucketed_attention, bucketed_is_cheaper
from .lsh import bucket_ids, collision_mask

DENSE_UP_TO = 128  # levels; up to here a masked L x L product is always faster than sorting by bucket


def lsh_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    hyperplanes: Tensor,
    method: str = "auto",
    softmax: str = "allowed",
    hash_q: Tensor | None = None,
    hash_k: Tensor | None = None,
) -> Tensor:
    """Attention among the pairs of Omega (Eq. 5 and 6): (..., h, L, d).

    Args:
        q, k, v: (..., h, L, d) float.
        hyperplanes: (h, t, p, d) float.
        method: "dense" masks an L x L matrix; "bucketed" never forms one; "auto" takes
            the one that costs less for these buckets.
        softmax: "allowed" keys only, or "full": over all keys, masked afterwards.
        hash_q, hash_k: (..., h, L, d), hashed in place of q and k (centred copies).

    A query without a key in its buckets gets zeros. A value that a query may not attend to does
    not change its row, whatever stands in it, NaN included.

    Raises:
        SettingsError: an unknown method or softmax, or "bucketed" with "full".

    Example:
        >>> from mrn_core.network.lsh import draw_hyperplanes
        >>> x = torch.randn(2, 8, 32, 16)
        >>> lsh_attention(x, x, x, draw_hyperplanes(8, 4, 3, 16)).shape
        torch.Size([2, 8, 32, 16])
    """
    if method not in ("auto", "dense", "bucketed"):
        raise SettingsError(f"There is no attention method {method!r}.", "Take auto, dense or bucketed.")
    if softmax not in ("allowed", "full"):
        raise SettingsError(f"There is no softmax over {softmax!r}.", "Take allowed or full.")
    if method == "bucketed" and softmax == "full":
        raise SettingsError(
            "The bucketed method never forms the scores that a softmax over all keys needs.", "Take dense."
        )
    query_buckets = bucket_ids(q if hash_q is None else hash_q, hyperplanes)
    key_buckets = bucket_ids(k if hash_k is None else hash_k, hyperplanes)
    if method == "auto":
        small = softmax == "full" or q.shape[-2] <= DENSE_UP_TO
        method = "dense" if small or not bucketed_is_cheaper(query_buckets, key_buckets) else "bucketed"
    if method == "bucketed":
        return bucketed_attention(q, k, v, query_buckets, key_buckets)
    mask = collision_mask(query_buckets, key_buckets)
    if softmax == "allowed" and not torch.is_grad_enabled() and bool(torch.isfinite(v.sum())):
        return _fused(q, k, v, mask)
    return attend(attention_weights(q, k, mask, softmax), v, mask)


def _fused(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    """PyTorch's masked attention, which keeps no matrix; for finite values, without gradients."""
    out = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return out.masked_fill_(~mask.any(dim=-1, keepdim=True), 0.0)  # it makes NaN of an empty row


def attention_weights(q: Tensor, k: Tensor, mask: Tensor, softmax: str = "allowed") -> Tensor:
    """The matrix of Eq. 6 before it meets V: (..., h, L, L), rows of queries, 0 outside the mask.

    Args:
        q, k: (..., h, L, d) float.
        mask: (..., h, L, L) bool.
        softmax: "allowed" or "full", as in ``lsh_attention``.

    Example:
        >>> mask = torch.tensor([[[True, True], [False, False]]])
        >>> attention_weights(torch.zeros(1, 2, 4), torch.zeros(1, 2, 4), mask)
        tensor([[[0.5000, 0.5000],
                 [0.0000, 0.0000]]])
    """
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    masked = ~mask
    if softmax == "full":
        return scores.softmax(dim=-1).masked_fill(masked, 0.0)
    # The lowest number in place of -inf keeps an empty row, and its gradient, free of NaN.
    lowest = torch.finfo(scores.dtype).min
    if not scores.requires_grad:
        return scores.masked_fill_(masked, lowest).softmax(dim=-1).masked_fill_(masked, 0.0)
    return scores.masked_fill(masked, lowest).softmax(dim=-1).masked_fill(masked, 0.0)


def attend(weights: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    """weights @ v in which 0 x NaN is 0: a masked value touches nothing.

    Args:
        weights: (..., h, L, L) float; mask: (..., h, L, L) bool; v: (..., h, L, d) float.

    Example:
        >>> v = torch.tensor([[1.0], [float("nan")]])
        >>> attend(torch.tensor([[1.0, 0.0], [0.0, 1.0]]), v, torch.eye(2, dtype=torch.bool))
        tensor([[1.],
                [nan]])
    """
    finite = torch.isfinite(v)
    if bool(finite.all()):
        return weights @ v
    out = weights @ v.masked_fill(~finite, 0.0)
    touched = mask.to(v.dtype) @ (~finite).to(v.dtype)
    return out.masked_fill(touched > 0, math.nan)


@dataclass(frozen=True)
class BlockTrace:
    """What one pass through one block did, as tensors with a batch in front; see AttentionTrace."""

    weights: Tensor
    mask: Tensor
    query_buckets: Tensor
    key_buckets: Tensor
    queries: Tensor
    keys: Tensor
    hyperplanes: Tensor
    query_centre: Tensor
    key_centre: Tensor


class SparseSelfAttention(nn.Module):
    """Multi-head attention whose every head has hash tables of its own.

    ``hyperplanes`` (h, 16, 8, d) is a buffer, saved with the weights; ``config`` says how many
    tables and planes of it are used, and may be exchanged between calls.
    """

    hyperplanes: Tensor

    def __init__(self, config: MRNConfig) -> None:
        super().__init__()
        self.config = config
        width = config.d_model
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False) if config.qk != "shared" else None
        self.value = nn.Linear(width, width, bias=False)
        self.out = nn.Linear(width, width)
        self.register_buffer("hyperplanes", torch.zeros(config.heads, MAX_TABLES, MAX_PLANES, config.d_head))

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, width) -> (B, L, width)."""
        q, k, v, hash_q, hash_k = self._project(x)
        attended = lsh_attention(
            q, k, v, self._planes(), self.config.attention, self.config.softmax, hash_q, hash_k
        )
        return self.out(attended.transpose(1, 2).flatten(2))

    def trace(self, x: Tensor) -> tuple[Tensor, BlockTrace]:
        """The same by the dense method, and everything that a person may ask about it."""
        q, k, v, hash_q, hash_k = self._project(x)
        planes = self._planes()
        query_buckets, key_buckets = bucket_ids(hash_q, planes), bucket_ids(hash_k, planes)
        mask = collision_mask(query_buckets, key_buckets)
        weights = attention_weights(q, k, mask, self.config.softmax)
        out = self.out(attend(weights, v, mask).transpose(1, 2).flatten(2))
        if self.config.hash_centre == "mean":
            centres = (q.mean(dim=-2), k.mean(dim=-2))
        else:
            centres = (torch.zeros_like(q[:, :, 0]), torch.zeros_like(k[:, :, 0]))
        return out, BlockTrace(weights, mask, query_buckets, key_buckets, q, k, planes, *centres)

    def _planes(self) -> Tensor:
        return self.hyperplanes[:, : self.config.tables, : self.config.planes]

    def _project(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """q, k, v and what is hashed of q and k, each (B, h, L, d)."""
        q = self._split(self.query(x))
        k = q if self.key is None else self._split(self.key(x))
        v = self._split(self.value(x))
        if self.config.hash_centre == "mean":
            return q, k, v, q - q.mean(dim=-2, keepdim=True), k - k.mean(dim=-2, keepdim=True)
        return q, k, v, q, k

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.config.heads, -1)).transpose(1, 2)
