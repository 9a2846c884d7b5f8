"""Where things stand on the timeline (no Qt): frames and pixels, ticks, labels, what is grabbed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

GRAB_PX = 7.0
_SIDE = {"onset": 1, "apex": 0, "offset": -1}  # where a mark's shape stands beside its line


@dataclass(frozen=True)
class Axis:
    """The frames of a clip from ``left`` to ``right``, px: the first and the last stand on the ends."""

    frames: int
    left: float
    right: float

    def x(self, frame: float) -> float:
        """Where a frame stands, px."""
        if self.frames < 2:
            return self.left
        return self.left + (self.right - self.left) * frame / (self.frames - 1)

    def frame(self, x: float) -> int:
        """The frame nearest to a place, kept inside the clip."""
        if self.frames < 2 or self.right <= self.left:
            return 0
        share = (x - self.left) / (self.right - self.left)
        return min(max(0, round(share * (self.frames - 1))), self.frames - 1)

    def ticks(self, least_px: float) -> list[int]:
        """Frames for the axis' numbers: a step of 1, 2 or 5 times a power of ten, never too close."""
        if self.frames < 2:
            return [0]
        px = (self.right - self.left) / (self.frames - 1)
        if px <= 0:
            return [0]
        least = max(1.0, least_px / px)
        power = 10 ** math.floor(math.log10(least))
        step = next(int(power * m) for m in (1, 2, 5, 10) if power * m >= least - 1e-9)
        return list(range(0, self.frames, step))

    def grabbed(self, x: float, marks: Mapping[str, int | None]) -> str | None:
        """The mark that a press at ``x`` takes hold of: the nearest within reach.

        Marks on one frame are told apart by the side that their shapes stand on.
        """
        near = [
            (round(abs(x - self.x(frame)), 3), _SIDE[role] * (self.x(frame) - x), role)
            for role, frame in marks.items()
            if frame is not None and abs(x - self.x(frame)) <= GRAB_PX
        ]
        return min(near)[2] if near else None


@dataclass(frozen=True)
class Label:
    """A mark's words beside its line.

    Attributes:
        at: where the line stands, px.
        widths: of the words in full and in ever fewer letters, px.
        before: how far from the line the words begin, px to the left; None: they end at the line.
    """

    role: str
    at: float
    widths: tuple[float, ...]
    before: float | None = 0.0

    def left(self, which: int) -> float:
        """Where these words would begin, px."""
        return self.at - (self.widths[which] if self.before is None else self.before)


def place_labels(
    labels: Sequence[Label], left: float, right: float, gap: float = 8.0
) -> list[tuple[str, float, int]]:
    """(role, left edge px, which words fit), none over another, in the order of their lines.

    All are between left and right; all take words of the same kind, the last where none fit.
    """
    ordered = sorted(labels, key=lambda label: label.at)
    room = right - left - gap * max(0, len(ordered) - 1)
    kinds = range(len(ordered[0].widths)) if ordered else ()
    which = next((k for k in kinds if sum(label.widths[k] for label in ordered) <= room), len(kinds) - 1)
    widths = [label.widths[which] for label in ordered]
    starts: list[float] = []
    edge = left
    for label, width in zip(ordered, widths, strict=True):
        starts.append(max(edge, min(label.left(which), right - width)))
        edge = starts[-1] + width + gap
    edge = right
    for i in range(len(ordered) - 1, -1, -1):
        starts[i] = max(left, min(starts[i], edge - widths[i]))
        edge = starts[i] - gap
    return [(label.role, start, which) for label, start in zip(ordered, starts, strict=True)]


def curve_runs(
    values: npt.NDArray[np.float64], axis: Axis, top: float, bottom: float, peak: float | None = None
) -> list[list[tuple[float, float]]]:
    """The curve as runs of (x, y) px, broken where it is NaN; at most about two points a pixel.

    Scaled from 0 at ``bottom`` to ``peak`` at ``top``, by default to its own greatest value; what is greater
    is cut off there.
    """
    finite = np.isfinite(values)
    if not finite.any():
        return []
    peak = (float(np.max(values[finite])) if peak is None else peak) or 1.0
    step = max(1, int(len(values) / max(1.0, 2 * (axis.right - axis.left))))
    starts = np.arange(0, len(values), step)
    highest = np.maximum.reduceat(np.where(finite, values, -np.inf), starts)
    y = bottom - (bottom - top) * np.clip(highest / peak, 0.0, 1.0)
    points = [(axis.x(frame), height) for frame, height in zip(starts.tolist(), y.tolist(), strict=True)]
    edges = np.flatnonzero(np.diff(np.isfinite(highest), prepend=False, append=False)).tolist()
    return [points[first:end] for first, end in zip(edges[::2], edges[1::2], strict=True)]


def gaps(values: npt.NDArray[np.float64]) -> list[tuple[int, int]]:
    """First and last frame of each run of NaN."""
    missing = np.concatenate([[False], ~np.isfinite(values), [False]])
    edges = np.flatnonzero(missing[1:] != missing[:-1])
    return [(int(first), int(end) - 1) for first, end in zip(edges[::2], edges[1::2], strict=True)]
