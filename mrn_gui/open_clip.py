"""The clip that is open, its playhead, marks and motion curve. No widget code."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from mrn_core.annotation import MarkedFace, Marks, MarkStore
from mrn_core.clip import Clip
from mrn_core.clip.base import Facts
from mrn_core.errors import ClipError, MRNError
from mrn_gui import work
from mrn_gui.jobs import Job, Jobs
from mrn_gui.marking import Role, early_offset
from mrn_gui.player.held import Held
from mrn_gui.proposal import Proposal

if TYPE_CHECKING:
    from mrn_core.spotting import Spotting

COUNT_MS = 250  # between two looks at how many frames of a long clip are known


class OpenClip(QObject):
    """One open clip and what a person tells of it; what is computed from it comes with the session."""

    clip_changed = Signal()
    counted = Signal()  # more frames of a long clip are known
    opening_changed = Signal()
    open_failed = Signal(object)  # MRNError; the clip before stays
    marks_changed = Signal()
    mark_set = Signal(str, object, object)  # role, the frame before, the frame now
    face_set = Signal(object, object)  # the face before, the face now
    frame_changed = Signal(int)
    curve_changed = Signal()
    progress = Signal(str, int, int)
    notice = Signal(str)  # a sentence for the user
    failed = Signal(object)  # an error that no panel belongs to

    def __init__(
        self, jobs: Jobs | None = None, store: MarkStore | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.jobs = Jobs(self) if jobs is None else jobs
        self.store = MarkStore() if store is None else store
        self.clip: Clip | None = None
        self.marks = Marks()
        self.frame = 0
        self.curve: Spotting | None = None
        self.curve_note = ""  # what stands in the curve's place
        self.opening: Path | None = None
        self._sha256 = ""
        self._held = Held()
        self.known: Facts | None = None  # of the frames counted so far; nothing waits for it
        self._count = QTimer(self, interval=COUNT_MS)
        self._count.timeout.connect(self._count_on)
        self._opening_job: Job | None = None
        self.proposal = Proposal(self)

    # -- the clip ------------------------------------------------------------------------------

    @property
    def sha256(self) -> str:
        """Of the open clip's content; empty while its frames are still being counted."""
        return self._sha256

    @property
    def frames(self) -> int:
        """How many frames of the clip are known by now; 0 without one."""
        return 0 if self.known is None else len(self.known.times)

    def told(self, frame: int) -> str:
        """A frame of the clip as it is named everywhere: "12 (#58)" where the source's own number is 58."""
        known = self.known
        return str(frame) if known is None or not 0 <= frame < self.frames else known.told(frame)

    @property
    def whole(self) -> bool:
        """Whether a clip is open, all its frames are counted, and it can be marked."""
        return bool(self._sha256)

    def announce(self, path: str | Path) -> None:
        """Says that this path is about to be opened."""
        self.opening = Path(path)
        self.opening_changed.emit()

    def open_path(self, path: str | Path) -> None:
        """Opens a video or a folder of pictures in the background; the old clip stays until it is there."""
        if self.clip is not None and not self.whole:
            self.close_clip()  # its frames are not counted any further
        self.announce(path)
        self._opening_job = self.jobs.start(
            "open",
            partial(work.open_with_marks, path, self.store),
            done=self._opened,
            failed=self._not_opened,
            progress=self.progress.emit,
            part=self._begun,
            latest=True,
        )

    def take(self, opened: work.OpenedClip) -> None:
        """Shows a clip that is open already; from now on it is this session's."""
        if self._opening_job is not None:
            self._opening_job.cancel()
        self._opened(opened)

    def close_clip(self) -> None:
        """Lets go of the clip; nothing is open afterwards."""
        self._take(None, "", Marks())

    def _begun(self, clip: Clip) -> None:
        """A long clip: its first frames are shown while the others are counted."""
        self._take(clip, "", Marks())
        self._count.start()

    def _count_on(self) -> None:
        if self.clip is None or self.whole:
            self._count.stop()
        else:
            self.known = self.clip.so_far()
            self.counted.emit()

    def _not_opened(self, error: BaseException) -> None:
        self.opening = None
        if self.clip is not None and not self.whole:
            self.close_clip()
        self.opening_changed.emit()
        self.open_failed.emit(work.as_told(error, "The clip cannot be opened"))

    def _opened(self, opened: work.OpenedClip) -> None:
        self.opening = None
        self.opening_changed.emit()
        self._take(*opened)
        self._tell_notices()
        assert self.clip is not None
        if self.frames == 1:
            self.notice.emit(f"{self.clip.name} has one frame; two are needed to measure a motion.")
        try:
            assert self.known is not None
            self.store.remember(self.clip.source, self._sha256, self.frames, self.known.numbers)
        except MRNError as error:
            self.failed.emit(error)

    def _is_open(self, clip: Clip | None, sha256: str) -> bool:
        """Whether this is the content that is open already."""
        return clip is not None and self.clip is not None and sha256 == self._sha256 != ""

    def _take(self, clip: Clip | None, sha256: str, marks: Marks) -> None:
        again = self._is_open(clip, sha256)
        old, self.clip, self._sha256, self.marks = self.clip, clip, sha256, marks
        self.known = None if clip is None else clip.so_far()
        self._count.stop()
        stays = again or (old is clip and self.frame > 0)  # somebody went on while the frames were counted
        if not stays:
            self.frame = marks.onset or 0
        self.clip_changed.emit()
        self.marks_changed.emit()
        self.frame_changed.emit(self.frame)
        if old is not None and old is not clip:
            old.close()
        self._draw_curve()

    def _draw_curve(self) -> None:
        clip, self.curve = self.clip, None
        doing = "Measuring the motion" if self.whole else "Counting the frames"
        self.curve_note = "" if clip is None else doing
        self.curve_changed.emit()
        if clip is not None and self.whole:
            self.jobs.start(
                "curve",
                partial(work.motion_curve, clip, self.marks.face),
                done=self._drawn,
                failed=self._not_drawn,
                progress=self._measuring,
                latest=True,
            )

    def _measuring(self, _stage: str, done: int, total: int) -> None:
        note = f"Measuring the motion: {20 * done // total * 5} %"
        if note != self.curve_note:
            self.curve_note = note
            self.curve_changed.emit()

    def _drawn(self, curve: Spotting) -> None:
        self.curve, self.curve_note = curve, ""
        self.curve_changed.emit()

    def _not_drawn(self, error: BaseException) -> None:
        self.curve_note = "No motion curve: " + work.as_told(error, "it failed").what
        self.curve_changed.emit()

    # -- playhead and marks --------------------------------------------------------------------

    def seek(self, frame: int) -> None:
        """Moves the playhead, kept inside the clip."""
        if self.clip is None:
            return
        frame = min(max(0, frame), self.frames - 1)
        if frame != self.frame:
            self.frame = frame
            self.frame_changed.emit(frame)

    def step(self, frames: int, repeated: bool = False) -> None:
        """Moves the playhead by so many frames; further where a held key repeats itself."""
        self.seek(self.frame + frames * self._held.frames(repeated))

    def set_mark(self, role: Role, frame: int | None, source: str = "user") -> None:
        """Sets or clears a mark and keeps it on disk at once; ``source`` says who chose an apex.

        Raises:
            ClipError: no clip is open, or it has no such frame.
        """
        if self.clip is None:
            raise ClipError("No clip is open.", "Open one first.")
        if not self.whole:
            raise ClipError(
                f"The frames of {self.clip.name} are still being counted.",
                "It can be marked when that is done.",
            )
        if frame is not None and not 0 <= frame < self.frames:
            raise ClipError(f"{role.capitalize()} {frame} is outside {self.clip.name}.", self.clip.ranges())
        values: dict[str, Any] = {role: frame}
        if role == "apex":
            values["apex_source"] = "" if frame is None else source
        if (before := getattr(self.marks, role)) == frame and replace(self.marks, **values) == self.marks:
            return
        self._keep(replace(self.marks, **values))
        self.mark_set.emit(role, before, frame)
        self._changed_marks()
        if early := early_offset(self.marks, self.told):
            self.notice.emit(early)

    def set_face(self, face: MarkedFace) -> None:
        """Where the face of this clip is taken from; kept with its marks."""
        before = self.marks.face
        if self.whole and face != before:
            self._keep(replace(self.marks, face=face))
            self.face_set.emit(before, face)
            self._changed_marks()
            self._draw_curve()

    def set_fps(self, fps: float) -> None:
        """Opens the clip again with this frame rate, which is kept with its marks."""
        if self.clip is not None and self.whole and fps != self.clip.fps:
            self._keep(replace(self.marks, fps=fps))
            self.open_path(self.clip.source)

    def _keep(self, marks: Marks) -> None:
        self.marks = marks
        try:
            self.marks = self.store.put(self._sha256, marks)
        except MRNError as error:
            self.failed.emit(error)
        self._tell_notices()

    def _changed_marks(self) -> None:
        self.marks_changed.emit()

    def _tell_notices(self) -> None:
        for sentence in self.store.notices:
            self.notice.emit(sentence)
        self.store.notices.clear()
