"""Why a pair meets or not, and what a level is to the others: numpy on an AttentionTrace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mrn_core.errors import SettingsError
from mrn_core.trace import AttentionTrace

from .chance import Array, Redraws, theory
from .chance import redraws as redraws
from .example import example as example
from .tails import Tail, tail

NAN = float("nan")
SAME_DIRECTION = 1e-4  # degrees: two vectors nearer than this are one direction


@dataclass(frozen=True)
class TableReason:
    """One hash table's view of a pair.

    Attributes:
        query_code, key_code: the two buckets, plane 1 the highest bit.
        shared: whether they are one.
        differing: the planes (from 1) that the two lie on different sides of.
        opens_at: degrees by which each differing plane would have to turn to let the pair meet
            here (the largest of them); 0 where shared.
        parts_at: degrees by which the nearest plane would have to turn to part a pair that meets
            here; NaN where not shared, and where no plane can part them (one direction, no planes).
    """

    query_code: int
    key_code: int
    shared: bool
    differing: tuple[int, ...]
    opens_at: float
    parts_at: float


@dataclass(frozen=True)
class PairReason:
    """Why query i may or may not attend to key j.

    Attributes:
        allowed: whether the pair is in Omega (Eq. 5).
        weight: its entry of the attention matrix; 0 where masked.
        angle: degrees between what is hashed of the two; NaN if one of them is zero.
        theory: the chance of a meeting at that angle, 1 - (1 - (1 - angle / 180)^p)^t.
        tables: one reason for each table.
    """

    allowed: bool
    weight: float
    angle: float
    theory: float
    tables: tuple[TableReason, ...]


@dataclass(frozen=True)
class LevelReason:
    """What one level is to the others in one head.

    Attributes:
        reach: share of the other queries that may attend to it as a key; NaN when L = 1.
        queries: how many those are.
        keys: how many other keys it may attend to as a query.
        zeroed: no other query reaches it.
        silent: it may attend to no key but itself.
        received: mean weight it gets from the other queries; 1/L is uniform; NaN when L = 1.
        chance, low, high: the reach that redraws of the planes give it: their mean, and the range in which
            nine of ten lie; NaN without redraws.
        beyond: -1 where its reach lies below that range, 1 above it, else 0.
    """

    reach: float
    queries: int
    keys: int
    zeroed: bool
    silent: bool
    received: float
    chance: float
    low: float
    high: float
    beyond: int


@dataclass(frozen=True)
class Beyond:
    """A level whose reach lies outside the range of its own; ``end``: the end of the range that it passes."""

    level: int
    reach: float
    end: float


@dataclass(frozen=True)
class HeadReason:
    """How the levels of one head compare in reach, with each other and with chance.

    Attributes:
        levels: how many there are.
        zeroed, silent: which levels are so.
        reach: the least reach; NaN when L = 1.
        least: all levels that have it; none when L = 1.
        draws: of the redraws; 0: there are none, and what follows is empty or None, as it is when L = 1.
        below, above: the levels of the head whose reach lies outside the range of their own.
        least_beside: the least reach beside the least reach of each redraw.
        outside_beside: how many levels lie outside, beside how many levels of each redraw lie outside the
            ranges of the other redraws.
        zeroed_beside: how many levels are zeroed, beside how many each redraw zeroes.
    """

    levels: int
    zeroed: tuple[int, ...]
    silent: tuple[int, ...]
    reach: float
    least: tuple[int, ...]
    draws: int = 0
    below: tuple[Beyond, ...] = ()
    above: tuple[Beyond, ...] = ()
    least_beside: Tail | None = None
    outside_beside: Tail | None = None
    zeroed_beside: Tail | None = None


@dataclass(frozen=True)
class AllReason:
    """What all heads come to together.

    Attributes:
        heads: how many there are, over all blocks.
        levels: of all heads, each level counted in each.
        zeroed: how many of them are zeroed.
        outside_beside, zeroed_beside: as a ``HeadReason`` has them, summed over the heads draw by draw.
        outside_more, least_more: block and head (from 0) of the heads whose own count outside, and whose
            own least reach, is more than chance.
        outside_open, least_open: those of which it is too close to tell with so few redraws.
    """

    heads: int
    levels: int
    zeroed: int
    outside_beside: Tail | None
    zeroed_beside: Tail | None
    outside_more: tuple[tuple[int, int], ...]
    least_more: tuple[tuple[int, int], ...]
    outside_open: tuple[tuple[int, int], ...] = ()
    least_open: tuple[tuple[int, int], ...] = ()


def pair(trace: AttentionTrace, head: int, query: int, key: int) -> PairReason:
    """Why ``query`` may or may not attend to ``key`` (all from 0).

    Raises:
        SettingsError: there is no such head or level.

    Example:
        >>> why = pair(example(), head=0, query=0, key=1)
        >>> why.allowed, round(why.angle), round(why.theory, 2)
        (True, 90, 0.75)
        >>> [(table.shared, table.differing, round(table.opens_at)) for table in why.tables]
        [(True, (), 0), (False, (1,), 45)]
        >>> round(why.tables[0].parts_at)
        45
    """
    _check(trace, head, query, key)
    q = trace.queries[head, query].astype(np.float64) - trace.query_centre[head]
    k = trace.keys[head, key].astype(np.float64) - trace.key_centre[head]
    planes = trace.hyperplanes[head].astype(np.float64)
    sizes = np.linalg.norm(q), np.linalg.norm(k)
    if min(sizes) > 0:
        # atan2 of difference and sum keeps small angles exact, where arccos does not.
        u, v = q / sizes[0], k / sizes[1]
        angle = float(np.degrees(2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))))
    else:
        angle = float("nan")
    tables = []
    # Of each plane, how far the nearer of the two stands from it.
    distances = np.minimum(_to_planes(q, planes), _to_planes(k, planes))
    for r in range(trace.tables):
        codes = int(trace.query_buckets[head, r, query]), int(trace.key_buckets[head, r, key])
        bits = codes[0] ^ codes[1]
        near = [float(distance) for distance in distances[r]]
        differing = tuple(m + 1 for m in range(trace.planes) if bits >> (trace.planes - 1 - m) & 1)
        opens_at = max((near[m - 1] for m in differing), default=0.0)
        parts = not differing and near and angle > SAME_DIRECTION
        parts_at = min(near) if parts else float("nan")
        tables.append(TableReason(*codes, not differing, differing, opens_at, parts_at))
    return PairReason(
        allowed=bool(trace.mask[head, query, key]),
        weight=float(trace.weights[head, query, key]),
        angle=angle,
        theory=theory(angle, trace.planes, trace.tables),
        tables=tuple(tables),
    )


def level(trace: AttentionTrace, head: int, index: int, redrawn: Redraws | None = None) -> LevelReason:
    """What level ``index`` is to the others in ``head`` (from 0).

    Args:
        redrawn: what redraws of this block's planes gave.

    Raises:
        SettingsError: there is no such head or level.

    Example:
        >>> told = level(example(), head=0, index=0)
        >>> told.reach, told.queries, told.zeroed
        (0.5, 1, False)
    """
    _check(trace, head, index, index)
    own = int(trace.mask[head, index, index])
    reach = float(trace.reach()[head, index])
    chance = low = high = NAN
    if redrawn is not None:
        chance, low, high = (
            float(part[head, index]) for part in (redrawn.reach, redrawn.reach_low, redrawn.reach_high)
        )
    return LevelReason(
        reach=reach,
        queries=int(trace.mask[head, :, index].sum()) - own,
        keys=int(trace.mask[head, index, :].sum()) - own,
        zeroed=bool(trace.zeroed()[head, index]),
        silent=bool(trace.silent()[head, index]),
        received=float(trace.received()[head, index]),
        chance=chance,
        low=low,
        high=high,
        beyond=int(reach > high) - int(reach < low),
    )


def head(trace: AttentionTrace, index: int, redrawn: Redraws | None = None) -> HeadReason:
    """Which levels of head ``index`` (from 0) have the least reach, and what of it is more than chance.

    Args:
        redrawn: what redraws of this block's planes gave.

    Raises:
        SettingsError: there is no such head.

    Example:
        >>> told = head(example(), 0, redraws(example(), draws=625))
        >>> told.reach, told.least, told.below, told.above
        (0.5, (0, 2), (), ())
        >>> told.least_beside.share > 0.5
        True
    """
    _check(trace, index)
    return _head(index, trace.reach()[index], trace.silent()[index], redrawn)


def heads(trace: AttentionTrace, redrawn: Redraws | None = None) -> tuple[HeadReason, ...]:
    """``head`` of every head of a block.

    Example:
        >>> [told.least for told in heads(example())]
        [(0, 2)]
    """
    reach, silent = trace.reach(), trace.silent()
    return tuple(_head(h, reach[h], silent[h], redrawn) for h in range(trace.heads))


def all_heads(reasons: Sequence[Sequence[HeadReason]], redrawn: Sequence[Redraws] | None = None) -> AllReason:
    """What the heads of all blocks come to together.

    Args:
        reasons: ``heads`` of each block.
        redrawn: of each block, each from a seed of its own: the planes of two blocks have nothing to do with
            each other, and counts are summed draw by draw. Not read where there is one level.

    Example:
        >>> drawn = redraws(example(), draws=99)
        >>> told = all_heads([heads(example(), drawn)], [drawn])
        >>> told.heads, told.levels, told.outside_beside.found
        (1, 3, 0)
    """
    every = [reason for block in reasons for reason in block]
    zeroed = sum(len(reason.zeroed) for reason in every)
    outside_beside = zeroed_beside = None
    if redrawn is not None and every[0].draws:
        outside = sum(len(reason.below) + len(reason.above) for reason in every)
        outside_beside = tail(outside, np.sum([block.outside.sum(0) for block in redrawn], axis=0))
        zeroed_beside = tail(zeroed, np.sum([block.zeroed_counts.sum(0) for block in redrawn], axis=0))
    return AllReason(
        heads=len(every),
        levels=sum(reason.levels for reason in every),
        zeroed=zeroed,
        outside_beside=outside_beside,
        zeroed_beside=zeroed_beside,
        outside_more=_judged(reasons, "outside_beside", True),
        least_more=_judged(reasons, "least_beside", True),
        outside_open=_judged(reasons, "outside_beside", None),
        least_open=_judged(reasons, "least_beside", None),
    )


def _judged(
    reasons: Sequence[Sequence[HeadReason]], name: str, more: bool | None
) -> tuple[tuple[int, int], ...]:
    """Block and head of those of which ``Tail.more`` is ``more`` in this respect."""
    return tuple(
        (b, h)
        for b, block in enumerate(reasons)
        for h, reason in enumerate(block)
        if (beside := getattr(reason, name)) is not None and beside.more is more
    )


def _head(index: int, reach: Array, silent: npt.NDArray[np.bool_], redrawn: Redraws | None) -> HeadReason:
    """Of the reach of a head's levels, (L,), and of which are silent."""
    levels = len(reach)
    if levels == 1:
        return HeadReason(1, (), (), NAN, ())
    least, zeroed = float(reach.min()), _where(reach == 0)
    told = HeadReason(levels, zeroed, _where(silent), least, _where(reach == least))
    if redrawn is None:
        return told
    low, high = redrawn.reach_low[index], redrawn.reach_high[index]
    below, above = (
        tuple(Beyond(i, float(reach[i]), float(ends[i])) for i in _where(outside))
        for ends, outside in ((low, reach < low), (high, reach > high))
    )
    return replace(
        told,
        draws=redrawn.draws,
        below=below,
        above=above,
        least_beside=tail(least, redrawn.least[index], low=True),
        outside_beside=tail(len(below) + len(above), redrawn.outside[index]),
        zeroed_beside=tail(len(zeroed), redrawn.zeroed_counts[index]),
    )


def _where(flags: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(found) for found in np.flatnonzero(flags))


def _to_planes(x: Array, planes: Array) -> Array:
    """(t, p) degrees between a vector and planes (t, p, d); a zero vector lies in every plane: 0."""
    sizes = np.linalg.norm(planes, axis=-1) * np.linalg.norm(x)
    sine = np.divide(np.abs(planes @ x), sizes, out=np.zeros_like(sizes), where=sizes > 0)
    return np.asarray(np.degrees(np.arcsin(np.minimum(sine, 1))))


def _check(trace: AttentionTrace, head: int, *levels: int) -> None:
    if not 0 <= head < trace.heads:
        raise SettingsError(f"There is no head {head}.", f"Heads count from 0 to {trace.heads - 1}.", "head")
    for index in levels:
        if not 0 <= index < trace.levels:
            raise SettingsError(
                f"There is no level {index}.", f"Levels count from 0 to {trace.levels - 1}.", "level"
            )
