"""The exact truth of a level beside it, made in a worker for clips whose motion is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from mrn_core.clip import Clip
from mrn_core.errors import Cancelled, MRNError
from mrn_gui.jobs import Job
from mrn_gui.request import Request
from mrn_gui.session import Session
from mrn_gui.work import as_told, load_renderer

if TYPE_CHECKING:
    from mrn_core.datasets.exact import ExactLevels
    from mrn_core.experiments.level_likeness import Likeness
    from mrn_core.result import Analysis


@dataclass(frozen=True, eq=False)
class ComparedLevel:
    """The exact level, and how near the magnified one is to it.

    Attributes:
        picture: (224, 224, 3) uint8, cut as the analysis cut its onset.
        likeness: the numbers.
        beyond: the face is driven beyond its model's range: the truth itself may fold.
        how: what the exact level is made from.
    """

    picture: npt.NDArray[np.uint8]
    likeness: Likeness
    beyond: bool
    how: str

    @property
    def short(self) -> tuple[str, ...]:
        """For a chip, the longest first."""
        found = self.likeness
        if not np.isfinite(found.moving):
            return (f"{found.grey:.1f} grey levels off",)
        share = f"shows {max(0.0, found.explained):.0%} of the exact change"
        return (f"{share} · {found.moving:.1f} grey levels off", share, f"{found.moving:.1f} off")

    @property
    def sentence(self) -> str:
        """Everything, for a tool tip."""
        found, lines = self.likeness, []
        if np.isfinite(found.moving):
            lines.append(
                f"Of what changes between onset and the exact level (Eq. 1), this level shows "
                f"{max(0.0, found.explained):.0%}: 100 % is the exact picture, 0 % is as far off as the "
                "onset unchanged."
            )
            lines.append(
                f"Where the truth moves, this level is off by {found.moving:.2f} grey levels on average; the "
                f"onset itself is by {found.still:.2f}."
            )
        also = f"PSNR {found.psnr:.1f} dB, " if np.isfinite(found.psnr) else ""
        also += f"SSIM {found.ssim:.3f}; the higher, the nearer"
        lines.append(f"The whole crop is off by {found.grey:.2f} grey levels on average ({also}).")
        if self.beyond:
            lines.append("The face is driven beyond its model's range: the truth itself may fold here.")
        return "\n".join([*lines, f"{self.how}."])


class LevelTruth(QObject):
    """Makes exact levels when they are asked for; each once for an analysis."""

    known_changed = Signal(bool)
    made = Signal(int, object)  # ComparedLevel
    failed = Signal(object)  # MRNError

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._source: tuple[Clip, ExactLevels] | None = None  # used in the lane "truth" alone
        session.clip_changed.connect(self._look)
        self._look()

    def want(self, level: int) -> None:
        """Asks for the exact truth of a level of the analysis shown: ``made`` or ``failed`` tells it."""
        session = self._session
        clip, analysis, request = session.clip, session.analysis, session.shown
        if clip is not None and analysis is not None and request is not None:
            session.jobs.start(
                "truth",
                lambda job: self._compare(job, clip, analysis, request, level),
                done=partial(self._made, analysis, level),
                failed=self._not_made,
                latest=True,
            )

    def _look(self) -> None:
        clip = self._session.clip
        self.known_changed.emit(False)
        if clip is not None:
            self._session.jobs.start(
                "truth", lambda _job: _is_known(clip), done=partial(self._found, clip), latest=True
            )

    def _found(self, clip: Clip, known: bool) -> None:
        if clip is self._session.clip:
            self.known_changed.emit(known)

    def _compare(
        self, job: Job, clip: Clip, analysis: Analysis, request: Request, level: int
    ) -> ComparedLevel:
        load_renderer()
        from mrn_core.datasets.exact import cropped_like, exact_levels
        from mrn_core.experiments.level_likeness import level_likeness

        if self._source is None or self._source[0] is not clip:
            self._source = (clip, exact_levels(clip))
        exact = self._source[1]
        crops = []
        for gain in (0.0, float(analysis.gains[level])):
            if job.cancelled():
                raise Cancelled
            made = exact.frame(gain, request.onset, request.apex)
            crops.append(cropped_like(analysis.face, made.frame, len(analysis.onset)))
        rest, picture = crops
        found = level_likeness(analysis.frames[level], picture, analysis.onset, rest)
        return ComparedLevel(picture, found, made.beyond, exact.how)

    def _made(self, analysis: Analysis, level: int, compared: ComparedLevel) -> None:
        shown = self._session.analysis
        if shown is not None and shown.frames is analysis.frames:
            self.made.emit(level, compared)

    def _not_made(self, error: BaseException) -> None:
        told: MRNError = as_told(error, "The exact level cannot be made")
        self.failed.emit(told)


def _is_known(clip: Clip) -> bool:
    from mrn_core.datasets.exact import is_known

    return is_known(clip.source)
