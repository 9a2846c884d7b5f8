"""The files of the face backend fan in this window: what is lacking, asked for, under way. No widget code.

Nothing is fetched before a person has seen the licence and accepted it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from mrn_core.errors import MRNError
from mrn_gui import work
from mrn_gui.jobs import Job, Jobs

Buttons = list[tuple[str, Callable[[], object]]]
State = Literal["unknown", "lacking", "asking", "fetching", "taking", "there"]

_MB = 1_000_000


class FanFiles(QObject):
    """One way to the files for every place that offers it; they all say the same at the same time."""

    changed = Signal()  # state, error or note
    moved = Signal(str, int, int)  # the file that is fetched, MB so far, MB in all (0: not told)
    came = Signal()  # every file is there now, and was not before
    pick_asked = Signal()  # somebody wants to give the files

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job | None = None
        self._at = ("", -1)
        self.state: State = "unknown"
        self.lacks: list[str] = []
        self.folder: Path | None = None
        self.error: MRNError | None = None  # of the last try
        self.note = ""  # what became of it, where it was no error
        self.package = ""  # what to do where the package is not installed

    @property
    def busy(self) -> bool:
        """Whether files are being fetched or taken."""
        return self.state in ("fetching", "taking")

    # -- what a person does --------------------------------------------------------------------

    def look(self) -> None:
        """Finds out in the background what is lacking."""
        if not self.busy and self.state != "asking":
            self._start(work.fan_files_lacking, self._seen)

    def assume_lacking(self) -> None:
        """Somebody has just missed them; which, is looked for."""
        if self.state in ("unknown", "there"):
            from mrn_core.faces.fan_files import FILES

            self.state, self.lacks = "lacking", list(FILES)
        self.look()

    def ask(self) -> None:
        """Shows the licence; :meth:`fetch` accepts it, :meth:`refuse` does not."""
        if not self.busy:
            self._become("asking")

    def refuse(self) -> None:
        """Nothing is fetched."""
        if self.state == "asking":
            self._become("lacking")

    def fetch(self) -> None:
        """Downloads what is lacking, with the licence accepted."""
        if self.state == "asking":
            self._at = ("", -1)
            self._become("fetching")
            self._start(work.fetch_fan_files, self._got)

    def take(self, paths: Sequence[str]) -> None:
        """Copies files that a person picked."""
        if paths and not self.busy:
            self._become("taking")
            self._start(partial(work.take_fan_files, list(paths)), self._got)

    def cancel(self) -> None:
        """Lets go of what runs, at once; a file that is not whole is not kept."""
        if self.busy and self._job is not None:
            self._job.cancel()
            self._become("lacking", note="Cancelled. What was not whole is not kept.")
            self.look()

    # -- what comes back -----------------------------------------------------------------------

    def _start(self, what: Callable[[Job], object], done: Callable[[work.FanState], None]) -> None:
        self._job = self._jobs.start("fan", what, done=done, failed=self._failed, progress=self._moved)

    def _seen(self, found: work.FanState) -> None:
        if self.busy or self.state == "asking":
            return
        self.folder, self.lacks, self.package = found
        self._become("lacking" if self.lacks else "there", self.error, self.note)

    def _got(self, found: work.FanState) -> None:
        self.folder, self.lacks, self.package = found
        if self.lacks:
            verb = "is" if len(self.lacks) == 1 else "are"
            self._become("lacking", note=f"{' and '.join(self.lacks)} {verb} still missing.")
        else:
            self._become("there")
            self.came.emit()

    def _failed(self, error: BaseException) -> None:
        self._become("lacking", work.as_told(error, "The files of fan cannot be had"))
        self.look()

    def _moved(self, name: str, done: int, total: int) -> None:
        megabytes = done // _MB
        if self._at != (name, megabytes):
            self._at = (name, megabytes)
            self.moved.emit(name, megabytes, total // _MB)

    def _become(self, state: State, error: MRNError | None = None, note: str = "") -> None:
        self.state, self.error, self.note = state, error, note
        self.changed.emit()

    # -- in words ------------------------------------------------------------------------------

    def told(self) -> tuple[str, str]:
        """What is so, and what to do or to know; "" where nothing has to be said."""
        if self.state == "unknown":
            return "Looking for the files of fan.", ""
        if self.state == "there":
            return "The files of fan are there.", self.package
        from mrn_core.faces import fan_files

        if self.state == "fetching":
            return f"Fetching {' and '.join(self.lacks)}", self.moved_told("", 0, 0)
        if self.state == "taking":
            return "Checking the files", ""
        if self.state == "asking":
            licence = f"{fan_files.LICENCE[0].upper()}{fan_files.LICENCE[1:]}."
            into = "" if self.folder is None else f"The files are kept in {self.folder}."
            asked = f"Fetch {' and '.join(self.lacks)} from {fan_files.SOURCE}?"
            return asked, f"{licence} {into}".strip()
        if self.error is not None:
            return self.error.what, self.error.advice
        return (
            f"Missing: {' and '.join(self.lacks)}.",
            " ".join(part for part in (self.note, self.package) if part),
        )

    def moved_told(self, name: str, done: int, total: int) -> str:
        """How far a file is: "s3fd-619a316812.pth: 12 of 90 MB"."""
        if not name:
            return "Connecting. Ctrl . cancels."
        return f"{name}: {done}{f' of {total}' if total else ''} MB. Ctrl . cancels."

    def buttons(self) -> Buttons:
        """What may be done now."""
        if self.state == "asking":
            return [("Not now", self.refuse), ("Accept and fetch", self.fetch)]
        if self.busy:
            return [("Cancel", self.cancel)]
        if self.state != "lacking":
            return []
        from mrn_core.faces.fan_files import size_told

        again = "Fetch again" if self.error is not None else "Fetch"
        return [
            (f"{again} ({size_told(self.lacks)})", self.ask),
            ("Pick a file...", self.pick_asked.emit),
        ]

    @property
    def main_button(self) -> int:
        """Which of them is the main one; no second press of a double click meets it by chance."""
        return 1 if self.state == "asking" else 0
