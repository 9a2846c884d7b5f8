"""Writing files in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mrn_gui.jobs import Job
from mrn_gui.session import Session
from mrn_gui.work import as_told

if TYPE_CHECKING:
    from mrn_core.result import Analysis


def write(session: Session, what: Callable[[Analysis], object], told: str) -> None:
    """Calls ``what`` with the session's analysis; ``told`` is the notice when it is done."""
    analysis = session.analysis
    if analysis is not None:
        start(session, lambda job: what(analysis), told)


def start(session: Session, work: Callable[[Job], object], told: str) -> Job:
    """Runs work that writes a file; ``told`` is the notice when it is done."""
    return session.jobs.start(
        "files",
        work,
        done=lambda _: session.notice.emit(told),
        failed=lambda error: session.failed.emit(as_told(error, "It could not be saved")),
    )
