"""One rise, hold and fall, shared by many channels over time, found by least squares.

The model: channel c at frame t is b_c(t) + d_c s(t), where b_c is a parabola (the head's slow sway and the
light's drift), d_c how far the channel moves at the apex, and s(t) the course: 0 before the onset, a smooth
step up to 1, a hold, a smooth step down, 0 from the offset on. For a given course the best b and d follow in
closed form, so that only its four times are searched. Against the largest value of a smoothed curve this
uses every frame of the event, has no noise floor, and tells the apex of an expression that holds, where the
rise ends, from the middle of the hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mrn_core.errors import Cancelled

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_SHORTEST_S, _LONGEST_S = 0.05, 3.5  # from onset to offset: micro- and macro-expressions
_DURATIONS = 14
_USUAL = (0.4, 0.1, 0.5)  # rise, hold and fall of the courses that are tried first
_STEP = 0.1  # of the duration, from one onset tried to the next
_AROUND_S = 0.4  # rest on either side that the course is judged against
_AT_ONCE = 64  # courses tried together, some 2 ms
_REFINED = 3  # the best durations whose times are then refined
_ROUNDS = 200
_FINEST = 0.1  # frames
# What one step changes in (start, rise, hold, fall): one of the four moments, or two that stand together.
_MOVES = np.array(
    [
        [sign * m for m in move]
        for move in ((1, -1, 0, 0), (0, 1, -1, 0), (0, 0, 1, -1), (0, 0, 0, 1), (0, 1, 0, -1), (1, 0, 0, 0))
        for sign in (1, -1)
    ],
    dtype=np.float64,
)
_LEAST_FRAMES = 8  # with a value, around a course
_LEAST_SIZE = 0.05  # of a course's sum of squares, drift left out; below, it cannot be told from a drift


@dataclass(frozen=True)
class Event:
    """A course and how well it fits.

    Attributes:
        start, rise, hold, fall: in frames; the onset is ``start``, the apex ``start + rise``.
        share: 0..1, of the channels' variance around the event, drift left out, that it tells.
        strength: F ratio of that variance to the rest, per channel: how far it stands out of the noise.
        amplitude: root mean square over the channels of what they do at the apex, in their unit.
    """

    start: float
    rise: float
    hold: float
    fall: float
    share: float
    strength: float
    amplitude: float

    @property
    def apex(self) -> float:
        """Where the rise ends."""
        return self.start + self.rise

    @property
    def end(self) -> float:
        """Where it has fallen."""
        return self.start + self.rise + self.hold + self.fall


def course(frames: npt.ArrayLike, start: float, rise: float, hold: float, fall: float) -> Array:
    """s(t), 0..1, at these frames."""
    return _courses(np.asarray(frames, dtype=np.float64), np.array([[start, rise, hold, fall]]))[0]


def _courses(frames: Array, times: Array) -> Array:
    """(K, M) float64, 0..1: the courses of these (K, 4) times at (M,) frames."""
    start, rise, hold, fall = times.T[:, :, None]
    t = frames - start
    return _step(t / rise) * _step((rise + hold + fall - t) / fall)


def _step(share: Array) -> Array:
    inside = np.clip(share, 0, 1)
    return inside * inside * (3 - 2 * inside)


def find_event(
    channels: Array, there: Flags, fps: float, cancel: Callable[[], bool] | None = None
) -> Event | None:
    """The event that tells most of what the channels do, or None where there is too little to judge.

    Args:
        channels: (N, C) float64; rows that are not ``there`` are not read.
        there: (N,) bool.
        fps: frames per second.
        cancel: asked now and then.

    Raises:
        Cancelled: ``cancel`` said so.
    """
    if there.sum() < _LEAST_FRAMES:
        return None
    rows = channels[there]
    # frame to frame, noise alone differs: a channel counts by how still it can be
    noise = np.std(np.diff(rows, axis=0), axis=0) / np.sqrt(2)
    noise = np.maximum(noise, 0.05 * float(noise.max()) + 1e-9)
    search = _Search(channels / noise, there, fps)
    found = []
    for duration in np.geomspace(_SHORTEST_S, _LONGEST_S, _DURATIONS) * fps:
        if duration < 3 or duration > 1.3 * len(channels):
            continue
        starts = np.arange(-0.2 * duration, len(channels) - 0.3 * duration, max(1.0, _STEP * duration))
        tried = np.column_stack([starts, np.tile(np.multiply(duration, _USUAL), (len(starts), 1))])
        gains = []
        for first in range(0, len(tried), _AT_ONCE):
            _ask(cancel)
            gains.append(search.gains(tried[first : first + _AT_ONCE]))
        all_gains = np.concatenate(gains)
        best = int(np.argmax(all_gains))
        found.append((float(all_gains[best]), duration, tried[best]))
    found = sorted(found, key=lambda one: one[:2], reverse=True)[:_REFINED]
    if not found or found[0][0] <= 0:
        return None
    refined = search.refine(np.array([times for *_, times in found]), cancel)
    return search.event(refined[int(np.argmax(search.gains(refined)))], noise)


def _ask(cancel: Callable[[], bool] | None) -> None:
    if cancel is not None and cancel():
        raise Cancelled


class _Search:
    """The least-squares problem around one clip's channels, for many courses at a time.

    They are computed together, since one by one the many short calls leave no other thread its turn.
    """

    def __init__(self, channels: Array, there: Flags, fps: float) -> None:
        self._channels = np.where(there[:, None], channels, 0.0)
        self._there, self._fps = there, fps
        self._around = _AROUND_S * fps

    def _problem(self, times: Array) -> tuple[slice, Array, Array, Array]:
        """For (K, 4) times: a range of M frames that holds every course and what lies around it; (K, M) which
        of them count, 0 or 1; (3, K, M) an orthonormal basis of the drift there; and the (K, M) courses
        without drift. Where a course has too few frames, nothing counts.
        """
        ends = times.sum(axis=1)
        low = np.clip(np.trunc(times[:, 0] - self._around), 0, len(self._channels) - 1)
        high = np.minimum(len(self._channels), np.trunc(ends + self._around) + 2)
        span = slice(int(low.min()), max(int(low.min()) + 1, int(high.max())))
        frames = np.arange(span.start, span.stop, dtype=np.float64)
        near = (frames >= low[:, None]) & (frames < high[:, None]) & self._there[span]
        near &= near.sum(axis=1, keepdims=True) >= _LEAST_FRAMES
        counts = near.astype(np.float64)
        x = frames - ((low + high) / 2)[:, None]
        x /= np.maximum(1, (high - low) / 2)[:, None]
        basis = np.empty((3, *counts.shape))
        for power in range(3):
            basis[power] = counts * x**power
            for _ in range(2):  # the second pass takes out what rounding left
                _take_out(basis[power], basis[:power])
            basis[power] /= np.maximum(np.linalg.norm(basis[power], axis=1), 1e-12)[:, None]
        shapes = counts * _courses(frames, times)
        _take_out(shapes, basis)
        return span, counts, basis, shapes

    def gains(self, times: Array) -> Array:
        """(K,): by how much each course lowers the sum of squares; 0 where it cannot be told from a drift."""
        span, _, _, shapes = self._problem(times)
        size = np.einsum("km,km->k", shapes, shapes)
        fitted = shapes @ self._channels[span]
        told = size >= _LEAST_SIZE
        return np.where(told, np.einsum("kc,kc->k", fitted, fitted) / np.where(told, size, 1), 0.0)

    def refine(self, times: Array, cancel: Callable[[], bool] | None = None) -> Array:
        """(K, 4): the best times near each of these; steps are halved when none of them helps."""
        found, best = times.copy(), self.gains(times)
        step = 0.1 * times[:, 1:].sum(axis=1)
        for _ in range(_ROUNDS):
            _ask(cancel)
            live = np.flatnonzero(step >= _FINEST)
            if not len(live):
                break
            tried = found[live, None] + step[live, None, None] * _MOVES
            rise, hold, fall = tried[..., 1], tried[..., 2], tried[..., 3]
            allowed = (np.minimum(rise, fall) >= 1) & (hold >= 0)
            allowed &= rise + hold + fall <= 1.2 * _LONGEST_S * self._fps
            gains = np.full(allowed.shape, -1.0)
            if allowed.any():
                gains[allowed] = self.gains(tried[allowed])
            chosen = gains.argmax(axis=1)
            rows = np.arange(len(live))
            better = gains[rows, chosen] > best[live]
            found[live[better]] = tried[rows, chosen][better]
            best[live[better]] = gains[rows, chosen][better]
            step[live[~better]] /= 2
        return found

    def event(self, times: Array, noise: Array) -> Event | None:
        """The course with what is told of its fit."""
        span, counts, basis, shapes = self._problem(times[None])
        frames, shape = int(counts.sum()), shapes[0]
        if frames < _LEAST_FRAMES:
            return None
        near = self._channels[span] * counts[0][:, None]
        size = float(shape @ shape)
        drift_free = near - basis[:, 0].T @ (basis[:, 0] @ near)
        total, gain = float((drift_free**2).sum()), float(self.gains(times[None])[0])
        freedom = max(1, frames - 8)  # three of the drift, one of the size, four of the times
        rest = max(total - gain, 1e-12 * max(total, 1e-12)) / freedom
        amplitudes = shape @ near / size * noise
        start, rise, hold, fall = map(float, times)
        return Event(
            start, rise, hold, fall, gain / total, gain / rest, float(np.sqrt((amplitudes**2).mean()))
        )


def _take_out(rows: Array, basis: Array) -> None:
    """In place: of (K, M) rows, what lies along an orthonormal (B, K, M) basis."""
    for one in basis:
        rows -= np.einsum("km,km->k", rows, one)[:, None] * one
