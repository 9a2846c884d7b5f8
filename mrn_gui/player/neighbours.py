"""The next and the previous clip of the folder; the next one is opened before it is asked for."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from mrn_core.clip.siblings import clips_beside
from mrn_gui.jobs import Job
from mrn_gui.session import Session
from mrn_gui.work import OpenedClip, as_told, open_with_marks

QUIET_MS = 800  # after a clip was opened, before the next one is
MOST_BYTES = 64 * 2**20  # on the disk: a longer clip is opened when it is asked for


class Neighbours(QObject):
    """Goes through the clips of a folder.

    One clip at most is opened ahead, in a lane of its own, while no analysis runs; it is closed when
    another way is taken.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._way = 1
        self._at: Path | None = None  # the clip whose neighbour is next: the last one asked for
        self._ahead: tuple[Path, OpenedClip] | None = None
        self._job: Job | None = None
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._look_ahead)
        session.clip_changed.connect(self._clip_changed)

    @property
    def ahead(self) -> Path | None:
        """The clip that is open already, should it be asked for."""
        return None if self._ahead is None else self._ahead[0]

    def go(self, way: int) -> None:
        """Opens the next clip (1) or the previous one (-1)."""
        at = self._at
        if at is None:
            return
        self._way = way
        self._session.jobs.start(
            "folder",
            lambda _job: _neighbour(at, way),
            done=partial(self._found, at, way),
            failed=lambda error: self._session.failed.emit(as_told(error, "The folder cannot be read")),
            latest=True,
        )

    def _found(self, at: Path, way: int, found: tuple[Path | None, int]) -> None:
        path, count = found
        if path is None:
            which = "last" if way > 0 else "first"
            others = f"the {which} of {count} clips" if count > 1 else "the only clip"
            self._session.notice.emit(f"{at.name} is {others} in {at.parent.name or at.parent}.")
            return
        self._at = path
        if self._ahead is not None and self._ahead[0] == path:
            opened, self._ahead = self._ahead[1], None
            self._session.take(opened)
        else:
            self._session.open_path(path)

    def _clip_changed(self) -> None:
        clip = self._session.clip
        self._at = None if clip is None else clip.source
        self._forget()
        if clip is not None:
            self._quiet.start()

    def _forget(self) -> None:
        self._quiet.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if self._ahead is not None:
            self._ahead[1][0].close()
            self._ahead = None

    def _look_ahead(self) -> None:
        session, at, way = self._session, self._at, self._way
        if session.running or session.opening is not None:
            self._quiet.start()
        elif at is not None:
            self._job = session.jobs.start(
                "ahead",
                lambda job: _open_neighbour(at, way, session, job),
                done=self._opened,
                failed=lambda _error: None,  # it is told when the clip is asked for
                latest=True,
            )

    def _opened(self, ahead: tuple[Path, OpenedClip] | None) -> None:
        self._job, self._ahead = None, ahead


def _neighbour(at: Path, way: int) -> tuple[Path | None, int]:
    """The clip beside this one, and how many clips there are."""
    clips = clips_beside(at)
    place = clips.index(at) + way
    return (clips[place] if 0 <= place < len(clips) else None), len(clips)


def _open_neighbour(at: Path, way: int, session: Session, job: Job) -> tuple[Path, OpenedClip] | None:
    path, _ = _neighbour(at, way)
    if path is None or _bytes(path) > MOST_BYTES or job.cancelled():
        return None
    opened = open_with_marks(path, session.store, job)
    if job.cancelled():
        opened[0].close()
        return None
    return path, opened


def _bytes(path: Path) -> int:
    """How much a clip takes on the disk."""
    if path.is_dir():
        return sum(file.stat().st_size for file in path.iterdir() if file.is_file())
    return path.stat().st_size
