"""What chance alone would give, in theory and over redraws of the planes, and the health of a hash."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mrn_core.errors import Cancelled, SettingsError
from mrn_core.trace import AttentionTrace

from .example import example as example

NEAR = 3  # levels: pairs at most this far apart are near, a level and itself among them
SUMMARIES = ("density", "near", "far", "corner", "all_or_none", "empty_rows")
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Redraws:
    """What the present queries and keys give under many draws of the hyper-planes.

    Attributes:
        draws: how many.
        reach, received: (h, L) means over the draws; NaN when L = 1.
        reach_low, reach_high: (h, L) the range of reach in which nine of ten draws lie (their 5th and 95th
            percentile), its ends reaches that a draw gave: fewer than 5 % of the draws lie beyond either.
        zeroed, silent: (h, L) share of the draws in which the level is so.
        least: (h, draws) each draw's least reach in a head; NaN when L = 1.
        outside: (h, draws) how many levels of a head each draw puts outside their own range, that of the
            *other* draws: a draw is less often outside a range that it helped to form than the present
            planes are, which helped to form none.
        zeroed_counts: (h, draws) how many levels of a head each draw zeroes.
        allowed: (h, L, L) share of the draws in which the pair may meet.
        summary: for each of density, near, far, corner, empty_rows: (draws,) over all heads; to be
            laid beside ``health``.
        agreement: share of pairs on which two draws agree, mean over heads; 1 - 2 d (1 - d) is what
            masks of density d that have nothing to do with each other give.
    """

    draws: int
    reach: Array
    reach_low: Array
    reach_high: Array
    received: Array
    zeroed: Array
    silent: Array
    least: Array
    outside: npt.NDArray[np.int64]
    zeroed_counts: npt.NDArray[np.int64]
    allowed: npt.NDArray[np.float32]
    summary: dict[str, Array]
    agreement: float


def unrelated(planes: int, tables: int) -> float:
    """The chance that two unrelated (orthogonal) vectors meet: 1 - (1 - 2^-p)^t.

    Example:
        >>> round(unrelated(3, 4), 3)
        0.414
    """
    return float(1 - (1 - 2.0**-planes) ** tables)


def theory(angle: float, planes: int, tables: int) -> float:
    """The chance that two vectors at ``angle`` degrees meet: 1 - (1 - (1 - angle / 180)^p)^t.

    Example:
        >>> theory(0, 3, 4), round(theory(90, 3, 4), 3), theory(180, 3, 4)
        (1.0, 0.414, 0.0)
    """
    return float(1 - (1 - (1 - angle / 180) ** planes) ** tables)


def health(trace: AttentionTrace) -> dict[str, float | None]:
    """The hash's health in one block; a share each, None where there is no such pair.

    density: of all pairs that may meet; near: of those at most 3 levels apart (a level and itself
    among them); far: of those at least half of L apart; corner: of the last quarter by the last
    quarter; all_or_none: share of heads under 3 % or over 97 % full; empty_rows: of the queries, those
    that may attend to no key; unrelated: the density that unrelated vectors would give. Density is
    also the share of the L x L pairs whose product is formed.

    Example:
        >>> health(example())["unrelated"]
        0.75
        >>> round(health(example())["density"], 2)
        0.78
    """
    told = _shapes_of(trace.mask[None])
    numbers = {name: _number(value[0]) for name, value in told.items()}
    return {**numbers, "unrelated": unrelated(trace.planes, trace.tables)}


def redraws(
    trace: AttentionTrace, draws: int = 625, seed: int = 0, cancel: Callable[[], bool] | None = None
) -> Redraws:
    """The distributions over ``draws`` fresh sets of hyper-planes, given the queries and keys.

    With 625 draws a share's standard error is at most 2 %. Weights are those of a softmax over the
    allowed keys.

    Args:
        cancel: asked before each head.

    Raises:
        SettingsError: fewer than 2 draws.
        Cancelled: ``cancel`` said so.

    Example:
        >>> drawn = redraws(example(), draws=625, seed=0)
        >>> bool(abs(drawn.allowed[0, 0, 1] - 0.75) < 0.06)  # at 90 degrees, as theory has it
        True
    """
    check_draws(draws)
    rng = np.random.default_rng(seed)
    heads = []
    for head in range(trace.heads):
        if cancel is not None and cancel():
            raise Cancelled
        mask = _redrawn_masks(trace, head, draws, rng)
        heads.append(_HeadMasks(mask, _received(trace, head, mask)))
    return summarised(heads)


def check_draws(draws: int) -> None:
    """Raises SettingsError for fewer than 2 draws."""
    if draws < 2:
        raise SettingsError(f"{draws} redraws tell nothing.", "Take at least 2; 625 is the default.", "draws")


@dataclass(frozen=True, eq=False)
class _HeadMasks:
    """One head under many draws: mask (draws, L, L) and received weight (draws, L)."""

    mask: npt.NDArray[np.bool_]
    received: Array


def of_traces(traces: Sequence[AttentionTrace]) -> Redraws:
    """The distributions over traces of one block, each from a draw of its own."""
    masks = np.stack([trace.mask for trace in traces])
    received = np.stack([trace.received() for trace in traces])
    return summarised([_HeadMasks(masks[:, h], received[:, h]) for h in range(masks.shape[1])])


def summarised(heads: Sequence[_HeadMasks]) -> Redraws:
    """Means, percentiles and shares over the draws, head by head."""
    draws, L = heads[0].mask.shape[:2]
    others = ~np.eye(L, dtype=bool)
    reach = np.full((len(heads), draws, L), np.nan)
    silent = np.zeros((len(heads), L))
    for h, head in enumerate(heads):
        if L > 1:
            reach[h] = (head.mask & others).sum(1) / (L - 1)
            silent[h] = (~(head.mask & others).any(2)).mean(0)
    shapes = [_shapes_of(head.mask[:, None]) for head in heads]
    # Between two counts of levels there is no reach: an end between them would call the lower one outside.
    ordered = np.sort(reach, axis=1)
    beyond = _beyond(draws)
    return Redraws(
        draws=draws,
        reach=reach.mean(1),
        reach_low=ordered[:, beyond],
        reach_high=ordered[:, draws - 1 - beyond],
        received=np.stack([head.received.mean(0) for head in heads]),
        zeroed=(reach == 0).mean(1),
        silent=silent,
        least=reach.min(2),
        outside=_outside_others(reach, ordered),
        zeroed_counts=(reach == 0).sum(2),
        allowed=np.stack([head.mask.mean(0, dtype=np.float32) for head in heads]),
        summary={
            name: np.mean([shape[name] for shape in shapes], axis=0)
            for name in SUMMARIES
            if name != "all_or_none"
        },
        agreement=float(np.mean([(head.mask[1:] == head.mask[:-1]).mean() for head in heads])),
    )


def _beyond(draws: int) -> int:
    """How many draws lie beyond either end of the range in which nine of ten lie."""
    return max(0, math.ceil(0.05 * draws) - 1)


def _outside_others(reach: Array, ordered: Array) -> npt.NDArray[np.int64]:
    """(h, draws) how many levels of each draw lie outside the range of the other draws.

    Args:
        reach: (h, draws, L); ``ordered``: the same, sorted over the draws.
    """
    draws = reach.shape[1]
    beyond = _beyond(draws - 1)
    # Without a draw that lies below it, the lower end is the next reach up; and it lies below that end
    # exactly where it is less than this next one. Likewise above.
    low, high = ordered[:, None, beyond + 1], ordered[:, None, draws - 2 - beyond]
    return np.asarray(((reach < low) | (reach > high)).sum(2))


def _redrawn_masks(
    trace: AttentionTrace, head: int, draws: int, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """(draws, L, L) Omega of one head under fresh planes."""
    t, p, L = trace.tables, trace.planes, trace.levels
    q = trace.queries[head] - trace.query_centre[head]
    k = trace.keys[head] - trace.key_centre[head]
    # Only a plane's part in the span of the vectors matters, and it is normal there too: drawing
    # that part alone is the same distribution for a fraction of the numbers.
    _, sizes, basis = np.linalg.svd(np.concatenate([q, k]), full_matrices=False)
    span = basis[sizes > 1e-6 * max(float(sizes[0]), 1e-30)]
    planes = rng.standard_normal((draws * t * p, len(span)), dtype=np.float32)
    place = (1 << np.arange(p - 1, -1, -1)).astype(np.uint8)
    codes = []
    for x in (q, k):
        bits = ((planes @ (x @ span.T).T) <= 0).reshape(draws, t, p, L)
        codes.append(np.einsum("ntpl,p->ntl", bits, place, dtype=np.uint8, casting="unsafe"))
    mask = np.zeros((draws, L, L), bool)
    for r in range(t):
        mask |= codes[0][:, r, :, None] == codes[1][:, r, None, :]
    return mask


def _received(trace: AttentionTrace, head: int, mask: npt.NDArray[np.bool_]) -> Array:
    """(draws, L) mean weight from the other queries under each mask."""
    L = trace.levels
    if L == 1:
        return np.full((len(mask), 1), np.nan)
    q, k = trace.queries[head].astype(np.float64), trace.keys[head].astype(np.float64)
    scores = q @ k.T / np.sqrt(q.shape[-1])
    strength = np.exp(scores - scores.max(1, keepdims=True)).astype(np.float32)
    kept = np.where(mask, strength, np.float32(0))
    total = kept.sum(2, keepdims=True)
    weights = np.divide(kept, total, out=np.zeros_like(kept), where=total > 0)
    weights[:, np.arange(L), np.arange(L)] = 0
    return np.asarray(weights.sum(1) / (L - 1), dtype=np.float64)


def _shapes_of(masks: npt.NDArray[np.bool_]) -> dict[str, Array]:
    """Density, near, far, corner and all-or-none of (n, h, L, L) masks: (n,) each, NaN if undefined."""
    L = masks.shape[-1]
    apart = np.abs(np.subtract.outer(np.arange(L), np.arange(L)))
    last = np.arange(L) >= L - L // 4
    full = masks.mean(axis=(-1, -2))

    def share(where: npt.NDArray[np.bool_]) -> Array:
        if not where.any():
            return np.full(len(masks), np.nan)
        return np.asarray(masks[..., where].mean(axis=(-1, -2)))

    return {
        "density": full.mean(-1),
        "near": share(apart <= NEAR),
        "far": share((apart >= L / 2) & (apart > 0)),
        "corner": share(np.logical_and.outer(last, last)),
        "all_or_none": ((full < 0.03) | (full > 0.97)).mean(-1),
        "empty_rows": (~masks.any(-1)).mean(axis=(-1, -2)),
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
