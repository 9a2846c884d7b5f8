"""Locality-sensitive hashing by random hyper-planes: Eq. 4 and 5, Algorithm 1."""

from __future__ import annotations

import torch
from torch import Tensor

from mrn_core.errors import SettingsError
from mrn_core.settings import MAX_PLANES, MAX_TABLES


def draw_hyperplanes(
    heads: int, tables: int, planes: int, dim: int, generator: torch.Generator | None = None
) -> Tensor:
    """Hyper-planes through the origin, standard normal: (heads, tables, planes, dim) float32.

    A set of 16 tables of 8 planes is drawn whatever is asked for and its first tables and planes
    are given. So with one generator state a table more only adds pairs, and a plane more only
    removes some.

    Raises:
        SettingsError: more than 16 tables or 8 planes, or fewer than 1 table or 0 planes.

    Example:
        >>> few = draw_hyperplanes(8, 4, 3, 128, torch.Generator().manual_seed(0))
        >>> many = draw_hyperplanes(8, 8, 5, 128, torch.Generator().manual_seed(0))
        >>> bool((many[:, :4, :3] == few).all())
        True
    """
    if not 1 <= tables <= MAX_TABLES:
        raise SettingsError(f"{tables} hash tables cannot be drawn.", f"Take 1 to {MAX_TABLES}.", "tables")
    if not 0 <= planes <= MAX_PLANES:
        raise SettingsError(f"{planes} hyper-planes cannot be drawn.", f"Take 0 to {MAX_PLANES}.", "planes")
    drawn = torch.randn(heads, MAX_TABLES, MAX_PLANES, dim, generator=generator)
    return drawn[:, :tables, :planes]


def bucket_ids(x: Tensor, hyperplanes: Tensor) -> Tensor:
    """The bucket of each vector in each table: (..., h, t, L) int64 in 0 .. 2^p - 1.

    Args:
        x: (..., h, L, d) float.
        hyperplanes: (h, t, p, d) float.

    The bit of a plane is 0 where x.h > 0, else 1 (so a zero vector has every bit 1); the bit of
    plane 1 is the most significant. With no plane all vectors share bucket 0.

    Example:
        >>> planes = torch.tensor([[[[1.0, 0.0], [0.0, 1.0]]]])
        >>> bucket_ids(torch.tensor([[[2.0, 3.0], [2.0, -3.0], [-2.0, 3.0], [0.0, 0.0]]]), planes)
        tensor([[[0, 1, 2, 3]]])
    """
    h, t, p, d = hyperplanes.shape
    products = x.detach() @ hyperplanes.detach().reshape(h, t * p, d).transpose(-1, -2)  # (..., h, L, t*p)
    # As numbers of one type, which hold 0 .. 255 exactly: several times faster here than bool and int.
    zeros = torch.gt(products, 0.0, out=torch.empty_like(products)).unflatten(-1, (t, p))
    place = 2.0 ** torch.arange(p - 1, -1, -1, device=x.device).to(products.dtype)
    return (2**p - 1 - zeros @ place).long().transpose(-1, -2)  # (..., h, t, L)


def collision_mask(query_buckets: Tensor, key_buckets: Tensor) -> Tensor:
    """Omega of Eq. 5: which queries and keys share a bucket in any table.

    Args:
        query_buckets, key_buckets: (..., h, t, L) int64.

    Returns:
        (..., h, L, L) bool, a row for each query.

    Example:
        >>> q = torch.tensor([[[0, 1], [2, 2]]])
        >>> k = torch.tensor([[[0, 0], [3, 2]]])
        >>> collision_mask(q, k)
        tensor([[[ True,  True],
                 [False,  True]]])
    """
    # Table by table, in small integers: all tables at once would take t times the memory.
    q, k = query_buckets.to(torch.int16).unsqueeze(-1), key_buckets.to(torch.int16).unsqueeze(-2)
    mask = q[..., 0, :, :] == k[..., 0, :, :]
    for table in range(1, q.shape[-3]):
        mask |= q[..., table, :, :] == k[..., table, :, :]
    return mask
