"""Frames of a clip as pictures for the screen, decoded in a worker and kept for a while."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from mrn_core.clip import Clip
from mrn_core.errors import MRNError
from mrn_gui.jobs import Job, Jobs
from mrn_gui.work import as_told

KEPT_BYTES = 96 * 2**20
AHEAD = 8


class FrameSource(QObject):
    """Asks for one frame at a time; what is wanted last comes first, then those that follow it."""

    ready = Signal(int, QImage)
    failed = Signal(object)  # MRNError

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._clip: Clip | None = None
        self._job: Job | None = None
        self._wanted = -1  # read by the worker; a plain number needs no lock
        self._step = 1
        self._kept: OrderedDict[int, QImage] = OrderedDict()
        self._room = AHEAD

    def set_clip(self, clip: Clip | None) -> None:
        """Changes the clip and forgets the pictures of the one before."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._clip = clip
        self._wanted = -1
        self._kept.clear()
        if clip is not None:
            width, height = clip.size
            self._room = max(AHEAD + 2, KEPT_BYTES // max(1, 4 * width * height))

    def want(self, frame: int) -> None:
        """Delivers this frame by ``ready``, at once where it is kept."""
        if self._clip is None:
            return
        if frame != self._wanted and self._wanted >= 0:
            self._step = 1 if frame > self._wanted else -1
        self._wanted = frame
        picture = self._kept.get(frame)
        if picture is not None:
            self._kept.move_to_end(frame)
            self.ready.emit(frame, picture)
        if self._job is None:
            self._begin()

    def _begin(self) -> None:
        clip, known = self._clip, frozenset(self._kept)
        if clip is None:
            return
        self._job = self._jobs.start(
            "frames",
            lambda job: self._decode(job, clip, known),
            part=self._decoded,
            failed=self._not_decoded,
            ended=self._ended,
        )

    def _decode(self, job: Job, clip: Clip, known: frozenset[int]) -> None:
        """In the worker: the wanted frame, again whenever another is wanted, then a few that follow."""
        made = set(known)
        goal = -1
        while not job.cancelled():
            if self._wanted != goal:
                goal, step, ahead = self._wanted, self._step, 0
            else:
                ahead += 1
            frame = goal + ahead * step
            if ahead > AHEAD or not 0 <= frame < clip.indexed[0]:
                return
            if frame not in made:
                job.part(frame, picture_of(clip, frame))
                made.add(frame)

    def _decoded(self, frame: int, picture: QImage) -> None:
        self._kept[frame] = picture
        self._kept.move_to_end(frame)
        while len(self._kept) > self._room:
            self._kept.popitem(last=False)
        if frame == self._wanted:
            self.ready.emit(frame, picture)

    def _not_decoded(self, error: BaseException) -> None:
        self._wanted = -1
        told: MRNError = as_told(error, "This frame cannot be shown")
        self.failed.emit(told)

    def _ended(self) -> None:
        if self._job is not None and self._job.over:
            self._job = None
            if self._wanted >= 0 and self._wanted not in self._kept:
                self._begin()


def picture_of(clip: Clip, frame: int) -> QImage:
    """One frame as a picture that owns its pixels, in the format that is drawn fastest."""
    pixels = clip[frame]
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)
