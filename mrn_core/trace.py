"""What one block of sparse self-attention did: plain arrays, no torch."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class AttentionTrace:
    """One block, all heads, for one clip.

    ``h`` heads, ``L`` levels, ``t`` hash tables, ``p`` hyper-planes a table, ``d`` width of a head.

    Attributes:
        weights: (h, L, L) float32, the attention matrix of Eq. 6; a row is a query. A row sums
            to 1, or is 0 throughout where the query shares a bucket with no key.
        mask: (h, L, L) bool, Omega of Eq. 5: the pairs that share a bucket in any table.
        query_buckets, key_buckets: (h, t, L) int64, bucket codes 0..2^p - 1, plane 1 the highest bit.
        queries, keys: (h, L, d) float32.
        hyperplanes: (h, t, p, d) float32.
        query_centre, key_centre: (h, d) float32, what was subtracted before hashing (0: planes
            through the origin).
    """

    weights: FloatArray
    mask: BoolArray
    query_buckets: IntArray
    key_buckets: IntArray
    queries: FloatArray
    keys: FloatArray
    hyperplanes: FloatArray
    query_centre: FloatArray
    key_centre: FloatArray

    @property
    def heads(self) -> int:
        return int(self.mask.shape[0])

    @property
    def levels(self) -> int:
        return int(self.mask.shape[-1])

    @property
    def tables(self) -> int:
        return int(self.hyperplanes.shape[1])

    @property
    def planes(self) -> int:
        return int(self.hyperplanes.shape[2])

    def reach(self) -> npt.NDArray[np.float64]:
        """(h, L) share of the other L-1 queries that may attend to key i; NaN when L = 1."""
        others = self.mask & ~np.eye(self.levels, dtype=bool)
        return _share(others.sum(axis=-2), self.levels)

    def received(self) -> npt.NDArray[np.float64]:
        """(h, L) mean weight that key i gets from the other L-1 queries; NaN when L = 1."""
        others = np.where(np.eye(self.levels, dtype=bool), 0.0, self.weights.astype(np.float64))
        return _share(others.sum(axis=-2), self.levels)

    def zeroed(self) -> BoolArray:
        """(h, L) True where no other query may attend to key i; False when L = 1."""
        return np.asarray(self.reach() == 0)

    def silent(self) -> BoolArray:
        """(h, L) True where query i may attend to no key but itself; False when L = 1."""
        others = self.mask & ~np.eye(self.levels, dtype=bool)
        return np.asarray(~others.any(axis=-1) & (self.levels > 1))

    def scaled(self) -> npt.NDArray[np.float32]:
        """(h, L, L) weight times the number of keys that the query may attend to; 1 is uniform."""
        return np.asarray(self.weights * self.mask.sum(axis=-1, keepdims=True).astype(np.float32))

    def arrays(self) -> dict[str, np.ndarray]:
        """The fields by name, as they are saved."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


def _share(total: np.ndarray, levels: int) -> npt.NDArray[np.float64]:
    if levels == 1:
        return np.full(total.shape, np.nan)
    return np.asarray(total / (levels - 1), dtype=np.float64)
