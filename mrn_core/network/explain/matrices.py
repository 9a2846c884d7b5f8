"""What every pair of levels is at once: the matrices that a view may colour, of one head or of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from mrn_core.trace import AttentionTrace

from .chance import Array, Redraws
from .example import example as example

CellValue = Literal["scaled", "weight", "angle", "tables", "chance"]
How = Literal["mean", "union"]


@dataclass(frozen=True, eq=False)
class Cells:
    """One matrix of levels, rows queries and columns keys.

    Attributes:
        values: (L, L) float64; NaN where there is none (an angle to a zero vector).
        allowed: (L, L) bool, the pairs that may attend.
    """

    values: Array
    allowed: npt.NDArray[np.bool_]


def angles(trace: AttentionTrace) -> Array:
    """(h, L, L) degrees between what is hashed of query and key, 0 to 180; NaN if one of them is zero.

    Example:
        >>> angles(example())[0].round().tolist()
        [[0.0, 90.0, 180.0], [90.0, 0.0, 90.0], [180.0, 90.0, 0.0]]
    """
    sides = []
    for vectors, centre in ((trace.queries, trace.query_centre), (trace.keys, trace.key_centre)):
        x = vectors.astype(np.float64) - centre[:, None]
        size = np.linalg.norm(x, axis=-1, keepdims=True)
        sides.append(np.divide(x, size, out=np.full_like(x, np.nan), where=size > 0))
    cosine = sides[0] @ sides[1].transpose(0, 2, 1)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def agreeing(trace: AttentionTrace) -> npt.NDArray[np.int64]:
    """(h, L, L) how many tables put query and key in one bucket, 0 to t.

    Example:
        >>> agreeing(example())[0].tolist()
        [[2, 1, 0], [1, 2, 1], [0, 1, 2]]
    """
    made = np.zeros(trace.mask.shape, np.int64)
    for r in range(trace.tables):
        made += trace.query_buckets[:, r, :, None] == trace.key_buckets[:, r, None, :]
    return made


def head_values(trace: AttentionTrace, value: CellValue, redrawn: Redraws | None = None) -> Array | None:
    """(h, L, L) of one block: what ``value`` names.

    ``scaled``: weight times the number of keys that the query may attend to (1 is uniform); ``weight``:
    Eq. 6; ``angle``: degrees; ``tables``: how many agree; ``chance``: the share of the redraws in which
    the pair may meet, None without redraws of these heads and levels.

    Example:
        >>> head_values(example(), "scaled")[0, 0].round(2).tolist()
        [1.34, 0.66, 0.0]
    """
    if value == "scaled":
        return trace.scaled().astype(np.float64)
    if value == "weight":
        return trace.weights.astype(np.float64)
    if value == "angle":
        return angles(trace)
    if value == "tables":
        return agreeing(trace).astype(np.float64)
    if redrawn is None or redrawn.allowed.shape != trace.mask.shape:
        return None
    return redrawn.allowed.astype(np.float64)


def head_cells(
    trace: AttentionTrace, head: int, value: CellValue, redrawn: Redraws | None = None
) -> Cells | None:
    """The matrix of one head; None where ``head_values`` is.

    Example:
        >>> head_cells(example(), 0, "tables").values[0].tolist()
        [2.0, 1.0, 0.0]
    """
    values = head_values(trace, value, redrawn)
    return None if values is None else Cells(values[head], trace.mask[head])


def cells_over(
    traces: Sequence[AttentionTrace],
    value: CellValue,
    how: How = "mean",
    redrawn: Sequence[Redraws] | None = None,
) -> Cells | None:
    """One matrix of all heads of these blocks; a pair is allowed where any head allows it.

    ``mean``: over all heads, a masked weight counts 0. ``union``: what the head gives that says most for
    the pair: the largest weight, the smallest angle, the most agreeing tables; for ``chance``, that any
    head joins the pair when each head's planes are drawn alone.

    Returns:
        None where ``head_values`` is None for one of the blocks.

    Example:
        >>> cells_over([example(), example()], "angle", "union").values[0].round().tolist()
        [0.0, 90.0, 180.0]
    """
    parts = []
    for b, trace in enumerate(traces):
        drawn = redrawn[b] if redrawn is not None and b < len(redrawn) else None
        values = head_values(trace, value, drawn)
        if values is None:
            return None
        parts.append(values)
    stack = np.concatenate(parts)
    allowed = np.asarray(np.concatenate([trace.mask for trace in traces]).any(0))
    if how == "mean":
        return Cells(_mean_of_known(stack), allowed)
    if value == "angle":
        return Cells(_least_known(stack), allowed)
    if value == "chance":
        return Cells(np.asarray(1 - np.prod(1 - stack, axis=0)), allowed)
    return Cells(np.asarray(stack.max(0)), allowed)


def _mean_of_known(stack: Array) -> Array:
    """Mean over the first axis without the NaN; NaN where nothing is known."""
    known = np.isfinite(stack)
    count = known.sum(0)
    total = np.where(known, stack, 0.0).sum(0)
    return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)


def _least_known(stack: Array) -> Array:
    """The smallest over the first axis without the NaN; NaN where nothing is known."""
    least = np.where(np.isfinite(stack), stack, np.inf).min(0)
    return np.asarray(np.where(np.isfinite(least), least, np.nan))


def reach_over(
    traces: Sequence[AttentionTrace], how: How = "mean", redrawn: Sequence[Redraws] | None = None
) -> tuple[Array, Array | None]:
    """(L,) reach over all heads of these blocks, and what chance gives; NaN when L = 1.

    ``mean``: of the heads' reach. ``union``: the share of the other queries that may attend to the key in
    any head; its chance is the expectation when each head's planes are drawn alone. The second is None
    without redraws of these heads and levels.

    Example:
        >>> reach_over([example()], "union")[0].tolist()
        [0.5, 1.0, 0.5]
    """
    drawn = cells_over(traces, "chance", how, redrawn)
    if how == "mean":
        reach = np.concatenate([trace.reach() for trace in traces]).mean(0)
        if drawn is None or redrawn is None:
            return reach, None
        return reach, np.concatenate([r.reach for r in redrawn[: len(traces)]]).mean(0)
    allowed = np.asarray(np.concatenate([trace.mask for trace in traces]).any(0), dtype=np.float64)
    return _off_diagonal_mean(allowed), None if drawn is None else _off_diagonal_mean(drawn.values)


def _off_diagonal_mean(values: Array) -> Array:
    """(L,) mean over each column without its diagonal; NaN when L = 1."""
    levels = len(values)
    if levels == 1:
        return np.full(1, np.nan)
    return np.asarray((values.sum(0) - np.diagonal(values)) / (levels - 1))
