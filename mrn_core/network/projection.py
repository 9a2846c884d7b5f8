"""What is hashed of one head, laid on a plane: the paper's Fig. 3 with numbers.

A hash table parts the space by hyper-planes through the origin. Seen on a plane that two of their normals
span, the cuts of these two are exact lines. Any other hyper-plane cuts at an angle to what is drawn, and
some points lie on the other side of its line: the line where it meets the drawn plane, which goes through
the origin for "origin", and through the middle of the levels otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mrn_core.errors import SettingsError
from mrn_core.trace import AttentionTrace

from .explain import Array
from .explain.example import example as example

Axes = Literal["spread", "origin"] | tuple[int, int]
LEAST = 0.6
"""A line that is right for a smaller share of the points is not drawn: by chance alone it is for half."""
DASHED = (
    "full line: every point stands on its own side of the plane; dashed: the plane cuts at an angle to this "
    "view, so some points stand on the wrong side, and the percentage on the right one (under "
    f"{100 * LEAST:.0f} % it is not drawn)"
)
"""How a cut is to be read, in the window and in a figure."""
CENTRE = "the mean of all queries and keys"
_TINY = 1e-9


@dataclass(frozen=True, eq=False)
class Cut:
    """One hyper-plane of the table as a line of the drawn plane: ``normal @ (x, y) + offset == 0``.

    Attributes:
        plane: its number in the table, from 1.
        normal: (2,) float64; (0, 0) where the drawn plane lies along the hyper-plane and no line is to be
            seen. The bit of a point is 0 on the side that it points to.
        exact: every vector stands on the side that is drawn, and as far from the line as from the plane.
        right: share of all queries and keys whose drawn side is their bit, 0 to 1.
    """

    plane: int
    normal: Array
    offset: float
    exact: bool
    right: float

    @property
    def holds(self) -> bool:
        """Whether two points on different sides of the line always differ in this plane's bit."""
        return self.exact or self.right == 1

    @property
    def tells(self) -> bool:
        """Whether enough points stand on their side of the line that it is worth drawing."""
        return self.holds or self.right >= LEAST

    @property
    def share(self) -> str:
        """ "91 %" of the points on the right side; "100 %" where it is all of them, and not before."""
        percent = round(100 * self.right)
        return f"{percent if self.holds else min(percent, 99)} %"


@dataclass(frozen=True, eq=False)
class Projection:
    """Queries and keys of one head on a plane; the origin of the hash is at (0, 0).

    Attributes:
        queries, keys: (L, 2) float64, what is hashed (less its centre, where one is subtracted).
        centre: (2,) the mean of all queries and keys.
        cuts: one for each hyper-plane of the table.
        spread: share of the squared distances from the centre that lies in the plane, 0 to 1; NaN where
            there are none.
        cone: degrees from the mean direction of the queries to the query that is furthest from it, or the
            same of the keys, whichever is more; 0 to 180, NaN where a mean is zero. Planes through the
            origin hardly part what lies within a narrow cone.
        length: of the middle one (median) of all queries and keys, in the whole space.
    """

    queries: Array
    keys: Array
    centre: Array
    cuts: tuple[Cut, ...]
    spread: float
    cone: float
    length: float

    def away(self, degrees: float) -> float:
        """How far from an exact cut a vector of middle length stands whose angle to that plane this is."""
        return self.length * math.sin(math.radians(degrees))


def axes_of(trace: AttentionTrace) -> list[Axes]:
    """The planes that one may look at: two by the levels themselves, then each pair of hyper-planes.

    Example:
        >>> axes_of(example())
        ['spread', 'origin']
    """
    count = trace.planes
    pairs: list[Axes] = [(a, b) for a in range(1, count + 1) for b in range(a + 1, count + 1)]
    return ["spread", "origin", *pairs]


def meets_told(axes: Axes) -> str:
    """Where the lines of a view stand, in the window and in a figure.

    Example:
        >>> meets_told("origin")
        'the view goes through the origin, and so does every plane'
    """
    if axes == "origin":
        return "the view goes through the origin, and so does every plane"
    if axes == "spread":
        return "the view goes through the centre, and a plane is drawn where it meets it"
    return (
        f"planes {axes[0]} and {axes[1]} are exact, any other is drawn as the middle of the levels meets it"
    )


def parting(trace: AttentionTrace, head: int, table: int, query: int, key: int) -> tuple[int, ...]:
    """The hyper-planes of a table (from 1) on whose two sides a query and a key stand; none: one bucket.

    Example:
        >>> parting(example(), head=0, table=0, query=0, key=2)
        (1,)
    """
    apart = int(trace.query_buckets[head, table, query]) ^ int(trace.key_buckets[head, table, key])
    return tuple(m for m in range(1, trace.planes + 1) if apart >> (trace.planes - m) & 1)


def exact_axes(planes: int, parted: Sequence[int]) -> Axes | None:
    """The view in which the first two of some hyper-planes are exact, or the only one and its neighbour;
    None where the table has too few.

    Example:
        >>> exact_axes(3, (2, 3)), exact_axes(3, (3,)), exact_axes(3, ()), exact_axes(1, (1,))
        ((2, 3), (1, 3), (1, 2), None)
    """
    if planes < 2:
        return None
    others = [m for m in range(1, planes + 1) if m not in parted]
    first, second = sorted([*parted, *others][:2])
    return first, second


def project(trace: AttentionTrace, head: int, table: int, axes: Axes = "spread") -> Projection:
    """Lays what one head hashes on a plane.

    Args:
        axes: "spread", the two directions in which queries and keys differ most (PCA); "origin", the two
            that keep most of their length: the plane through the origin, and so are all its cuts; or the
            numbers of two hyper-planes of the table (from 1), whose normals span it.

    Raises:
        SettingsError: there is no such head, table, or pair of hyper-planes.

    Example:
        >>> seen = project(example(), head=0, table=0, axes="origin")
        >>> bool(np.allclose(seen.queries @ seen.cuts[0].normal, [1, 1, -1])), seen.cuts[0].exact
        (True, True)
        >>> round(seen.spread, 6), round(seen.cone)
        (1.0, 90)
    """
    if not 0 <= head < trace.heads:
        raise SettingsError(f"There is no head {head}.", f"Heads count from 0 to {trace.heads - 1}.", "head")
    if not 0 <= table < trace.tables:
        raise SettingsError(
            f"There is no hash table {table}.", f"Tables count from 0 to {trace.tables - 1}.", "tables"
        )
    planes = trace.hyperplanes[head, table].astype(np.float64)  # (p, d)
    queries = trace.queries[head].astype(np.float64) - trace.query_centre[head]
    keys = trace.keys[head].astype(np.float64) - trace.key_centre[head]
    both = np.concatenate([queries, keys])  # (2L, d)
    middle = both.mean(0)
    basis = _basis(both, middle, planes, axes)  # (d, 2), orthonormal
    flat = both @ basis
    codes = np.concatenate([trace.query_buckets[head, table], trace.key_buckets[head, table]])
    cuts = []
    for m, plane in enumerate(planes):
        normal = plane @ basis
        rest = plane - basis @ normal
        exact = isinstance(axes, tuple) and m + 1 in axes
        exact = exact or float(np.linalg.norm(rest)) <= _TINY * float(np.linalg.norm(plane))
        offset = 0.0 if exact or axes == "origin" else float(rest @ middle)
        bits = (codes >> (trace.planes - 1 - m)) & 1
        drawn = ~(flat @ normal + offset > 0)
        cuts.append(Cut(m + 1, normal, offset, exact, float((drawn == bits.astype(bool)).mean())))
    levels = trace.levels
    return Projection(
        queries=flat[:levels],
        keys=flat[levels:],
        centre=middle @ basis,
        cuts=tuple(cuts),
        spread=_spread(both - middle, basis),
        cone=float(np.maximum(_cone(queries), _cone(keys))),  # NaN if either is
        length=float(np.median(np.linalg.norm(both, axis=1))),
    )


def _basis(both: Array, middle: Array, planes: Array, axes: Axes) -> Array:
    """(d, 2) orthonormal; signs so that the last level stands to the right of, and above, the first."""
    if isinstance(axes, tuple):
        first, second = axes
        if first == second or not all(1 <= m <= len(planes) for m in axes):
            raise SettingsError(
                f"Hyper-planes {first} and {second} span no plane of this table.",
                f"Take two different ones from 1 to {len(planes)}.",
                "planes",
            )
        basis = _orthonormal(planes[[first - 1, second - 1]])
        return basis * np.where(np.einsum("dk,kd->k", basis, planes[[first - 1, second - 1]]) < 0, -1, 1)
    basis = _orthonormal(_main_directions(both - (middle if axes == "spread" else 0)))
    levels = len(both) // 2
    way = (both[levels - 1] - both[0]) @ basis
    return basis * np.where(way < 0, -1, 1)


def _main_directions(vectors: Array) -> Array:
    """(2, d) the two directions with the largest sum of squares, by the smaller of the two Gram matrices."""
    count, width = vectors.shape
    if width <= count:
        return np.asarray(np.linalg.eigh(vectors.T @ vectors)[1][:, :-3:-1].T)
    found = np.linalg.eigh(vectors @ vectors.T)[1][:, :-3:-1].T @ vectors
    sizes = np.linalg.norm(found, axis=1, keepdims=True)
    return np.divide(found, sizes, out=np.zeros_like(found), where=sizes > _TINY)


def _orthonormal(rows: Array) -> Array:
    """(d, 2): the two rows made orthonormal, filled with axes of the space where they give too little."""
    made: list[Array] = []
    for row in [*rows, *np.eye(rows.shape[1])[:3]]:
        left = row - sum((np.dot(row, other) * other for other in made), np.zeros_like(row))
        size = float(np.linalg.norm(left))
        if size > 1e-6 * max(1.0, float(np.linalg.norm(row))) and len(made) < 2:
            made.append(left / size)
    while len(made) < 2:  # a space of one dimension
        made.append(np.zeros(rows.shape[1]))
    return np.stack(made, axis=1)


def _spread(centred: Array, basis: Array) -> float:
    total = float((centred**2).sum())
    return float(((centred @ basis) ** 2).sum()) / total if total > _TINY else float("nan")


def _cone(vectors: Array) -> float:
    middle = vectors.mean(0)
    size = float(np.linalg.norm(middle))
    sizes = np.linalg.norm(vectors, axis=-1)
    there = sizes > 0
    if size <= _TINY or not there.any():
        return float("nan")
    cosine = vectors[there] @ middle / (sizes[there] * size)
    return float(np.degrees(np.arccos(np.clip(cosine.min(), -1, 1))))
