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
_ASKED_EVERY = 200  # courses tried between two questions whether to go on, some 5 ms
_REFINED = 3  # the best durations whose times are then refined
_ROUNDS = 60
_FINEST = 0.1  # frames
# What one step changes in (start, rise, hold, fall): one of the four moments, or two that stand together.
_MOVES = tuple(
    tuple(sign * m for m in move)
    for move in ((1, -1, 0, 0), (0, 1, -1, 0), (0, 0, 1, -1), (0, 0, 0, 1), (0, 1, 0, -1), (1, 0, 0, 0))
    for sign in (1, -1)
)
_LEAST_FRAMES = 8  # with a value, around a course


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
    t = np.asarray(frames, dtype=np.float64) - start
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
        tried = [(start, *(duration * share for share in _USUAL)) for start in starts]
        gains = []
        for count, times in enumerate(tried):
            if cancel is not None and count % _ASKED_EVERY == 0 and cancel():
                raise Cancelled
            gains.append(search.gain(times))
        found.append((max(gains), tried[int(np.argmax(gains))]))
    best = sorted(found, reverse=True)[:_REFINED]
    if not best or best[0][0] <= 0:
        return None
    refined = [search.refine(times) for _, times in best]
    return search.event(max(refined, key=search.gain), noise)


class _Search:
    """The least-squares problem around one clip's channels."""

    def __init__(self, channels: Array, there: Flags, fps: float) -> None:
        self._channels, self._there, self._fps = channels, there, fps
        self._around = _AROUND_S * fps

    def _window(self, times: tuple[float, ...]) -> tuple[npt.NDArray[np.int64], Array, Array] | None:
        """Frames around a course that have values, the drift's basis there, and the course without drift."""
        start, end = times[0], sum(times)
        low = max(0, int(start - self._around))
        high = min(len(self._channels), int(end + self._around) + 2)
        frames = low + np.flatnonzero(self._there[low:high])
        if len(frames) < _LEAST_FRAMES:
            return None
        x = (frames - frames[0]) / (frames[-1] - frames[0]) * 2 - 1
        basis, _ = np.linalg.qr(np.stack([np.ones_like(x), x, x * x], axis=1))
        shape = course(frames, *times)
        return frames, basis, shape - basis @ (basis.T @ shape)

    def gain(self, times: tuple[float, ...]) -> float:
        """By how much the course lowers the sum of squares; 0 where it cannot be told from a drift."""
        window = self._window(times)
        if window is None:
            return 0.0
        frames, _, shape = window
        size = float(shape @ shape)
        if size < 0.05:
            return 0.0
        fitted = shape @ self._channels[frames]
        return float(fitted @ fitted) / size

    def refine(self, times: tuple[float, ...]) -> tuple[float, ...]:
        """The best times near these: each is moved by steps that are halved when none of them helps."""
        best, found = self.gain(times), times
        step = 0.1 * sum(times[1:])
        for _ in range(_ROUNDS):
            before = best
            for move in _MOVES:
                start, rise, hold, fall = (t + step * m for t, m in zip(found, move, strict=True))
                tried = (start, rise, hold, fall)
                if min(rise, fall) < 1 or hold < 0 or rise + hold + fall > 1.2 * _LONGEST_S * self._fps:
                    continue
                if (gain := self.gain(tried)) > best:
                    best, found = gain, tried
            if best == before:
                step /= 2
                if step < _FINEST:
                    break
        return found

    def event(self, times: tuple[float, ...], noise: Array) -> Event | None:
        """The course with what is told of its fit."""
        window = self._window(times)
        if window is None:
            return None
        frames, basis, shape = window
        near = self._channels[frames]
        size = float(shape @ shape)
        drift_free = near - basis @ (basis.T @ near)
        total, gain = float((drift_free**2).sum()), self.gain(times)
        freedom = max(1, len(frames) - 8)  # three of the drift, one of the size, four of the times
        rest = max(total - gain, 1e-12 * max(total, 1e-12)) / freedom
        amplitudes = shape @ near / size * noise
        start, rise, hold, fall = times
        return Event(
            start, rise, hold, fall, gain / total, gain / rest, float(np.sqrt((amplitudes**2).mean()))
        )
