"""Magnifiers measured against exact truth: how near, how far, and what moves that should not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mrn_core.errors import Cancelled, WeightsError
from mrn_core.experiments.magnifier_pairs import Exact, KnownPair
from mrn_core.experiments.picture_quality import SHIFT_WINDOW, psnr, seeming_shift, ssim
from mrn_core.magnification import magnifiers
from mrn_core.magnification.base import Image, to_bytes
from mrn_core.magnification.measure import measured_gain
from mrn_core.magnification.warping import Continuous

DEFAULT_AFS = (1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 13.0)
APEX, TRUE_FIELD, TRUE_MOTION = "apex", "true field", "true motion"
REFERENCES = {
    APEX: "the apex itself, not magnified: what doing nothing gives",
    TRUE_FIELD: "both frames warped by the apex's true field times the gain: lagrangian with a perfect flow",
    TRUE_MOTION: "the onset warped by the true field of the exact frame itself",
}
"""Rows that are measured beside the magnifiers, and what they are."""

_MOVING = 0.2  # of the largest displacement, as in magnification.measure
_STILL = 0.1  # px; what moves less in the exact frame counts as still
_FEWEST = 400  # px of still face that are enough to measure on


@dataclass(frozen=True)
class Row:
    """One frame that one magnifier made.

    Attributes:
        source, pair, shows, motion, noise: as in :class:`KnownPair`.
        magnifier: its name, or one of REFERENCES.
        af: the amplification factor; ``gain`` = 1 + af is wanted.
        beyond: the exact frame leaves the range of the head's model.
        measured: the motion in the frame over the true motion, by least squares; None at rest.
        ratio: measured / gain.
        psnr, ssim: to the exact frame, whole picture.
        psnr_moving, ssim_moving: where the exact frame moves by at least a fifth of its largest motion;
            over the face where nothing moves.
        false_motion: px, root mean square of the shift that the frame seems to have where the exact
            frame has none (see picture_quality.seeming_shift); None where less than 400 px keep still.
    """

    source: str
    pair: int
    shows: str
    motion: float
    noise: float
    magnifier: str
    af: float
    gain: float
    beyond: bool
    measured: float | None
    ratio: float | None
    psnr: float | None
    psnr_moving: float | None
    ssim: float
    ssim_moving: float
    false_motion: float | None


@dataclass(frozen=True)
class Bench:
    """All rows; ``missing``: magnifier -> in words, why it has none."""

    afs: tuple[float, ...]
    rows: tuple[Row, ...]
    missing: dict[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """References and magnifiers that have rows, in their order."""
        return tuple(dict.fromkeys(row.magnifier for row in self.rows))

    def pick(
        self,
        source: str,
        magnifier: str,
        *,
        af: float | None = None,
        motion: float | None = None,
        noise: float | None = None,
        at_rest: bool = False,
    ) -> list[Row]:
        """The rows of moving pairs (or those at rest) that are as told."""
        return [
            row
            for row in self.rows
            if (row.source, row.magnifier) == (source, magnifier)
            and (row.motion == 0) == at_rest
            and all(
                wanted is None or wanted == value
                for wanted, value in ((af, row.af), (motion, row.motion), (noise, row.noise))
            )
        ]


def bench(
    pairs: Iterable[KnownPair],
    names: Sequence[str],
    afs: Sequence[float] = DEFAULT_AFS,
    references: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
    total: int = 0,
    cancel: Callable[[], bool] | None = None,
) -> Bench:
    """Magnifies every pair by every factor with every magnifier, and measures each frame.

    Args:
        pairs: what is magnified; made one by one if it is a generator.
        names: of magnifiers; one whose weights are missing gives no rows and says why.
        afs: amplification factors.
        references: whether REFERENCES are measured too.
        progress: called with ("bench", done, total) after each pair; ``total`` is how many there are.
        cancel: asked before each magnifier.

    Raises:
        Cancelled: ``cancel`` said so.
    """
    rows: list[Row] = []
    missing: dict[str, str] = {}
    for done, pair in enumerate(pairs, 1):
        for name in (*(REFERENCES if references else ()), *names):
            if cancel is not None and cancel():
                raise Cancelled
            if name in missing:
                continue
            try:
                rows += measure(name, pair, afs)
            except WeightsError as error:
                missing[name] = _why(name, error)
        if progress is not None:
            progress("bench", done, total)
    order = {name: place for place, name in enumerate((*REFERENCES, *names))}
    rows.sort(key=lambda row: (row.source, order[row.magnifier]))
    return Bench(tuple(afs), tuple(rows), missing)


def measure(name: str, pair: KnownPair, afs: Sequence[float]) -> list[Row]:
    """What one magnifier, or one of REFERENCES, makes of one pair.

    Raises:
        WeightsError: the magnifier's weights are missing or damaged.
    """
    render = _renderer(name, pair)
    return [_row(name, pair, af, render(1.0 + af)) for af in afs]


def _renderer(name: str, pair: KnownPair) -> Callable[[float], Image]:
    if name == APEX:
        return lambda gain: pair.apex
    if name == TRUE_FIELD:
        onset, apex = Continuous(pair.onset), Continuous(pair.apex)
        return lambda gain: to_bytes((onset.moved(pair.field, gain) + apex.moved(pair.field, gain - 1.0)) / 2)
    if name == TRUE_MOTION:
        start = Continuous(pair.onset)
        return lambda gain: to_bytes(start.moved(pair.exact(gain).field, 1.0))
    magnifier = magnifiers[name]
    state = magnifier.prepare(pair.onset, pair.apex)
    return lambda gain: magnifier.render(state, gain)


def _row(name: str, pair: KnownPair, af: float, frame: Image) -> Row:
    gain = 1.0 + af
    exact = pair.exact(gain)
    moving, still = _areas(pair, exact)
    measured = measured_gain(frame, pair.clean, pair.counted, 2 * gain) if pair.motion > 0 else None
    false = None
    if int(still.sum()) >= _FEWEST:
        shift = seeming_shift(frame, exact.frame)
        false = float(np.sqrt(np.square(shift[still]).sum(axis=-1).mean()))
    return Row(
        source=pair.source,
        pair=pair.number,
        shows=pair.shows,
        motion=pair.motion,
        noise=pair.noise,
        magnifier=name,
        af=float(af),
        gain=gain,
        beyond=exact.beyond,
        measured=measured,
        ratio=None if measured is None else measured / gain,
        psnr=_finite(psnr(frame, exact.frame)),
        psnr_moving=_finite(psnr(frame, exact.frame, moving)),
        ssim=ssim(frame, exact.frame),
        ssim_moving=ssim(frame, exact.frame, moving),
        false_motion=false,
    )


def _areas(pair: KnownPair, exact: Exact) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(H, W) what moves, or the face where nothing does; (H, W) the face's part that keeps still."""
    import cv2

    size = np.hypot(exact.field[..., 0], exact.field[..., 1])
    largest = float(size.max())
    moving = size >= _MOVING * largest if largest > 0 else pair.face
    # A window that reaches into what moves would see that.
    window = np.ones((2 * round(2 * SHIFT_WINDOW) + 1,) * 2, np.uint8)
    near = np.asarray(cv2.dilate((size > _STILL).astype(np.uint8), window)) > 0
    return moving, pair.face & ~near


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _why(name: str, error: WeightsError) -> str:
    """Missing weights in the words of the list; damaged ones in the error's own."""
    from mrn_core.weights import KNOWN, weights_dir

    needed = magnifiers[name].needs_weights
    if needed is not None and not (weights_dir() / KNOWN[needed].file_name).exists():
        return f"not installed: mrn weights import {needed} FILE"
    return str(error)
