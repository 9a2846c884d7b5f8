"""Writing an analysis in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mrn_gui.session import Session
from mrn_gui.work import as_told

if TYPE_CHECKING:
    from mrn_core.result import Analysis


def write(session: Session, what: Callable[[Analysis], object], told: str) -> None:
    """Calls ``what`` with the session's analysis; ``told`` is the notice when it is done."""
    analysis = session.analysis
    if analysis is None:
        return
    session.jobs.start(
        "files",
        lambda job: what(analysis),
        done=lambda _: session.notice.emit(told),
        failed=lambda error: session.failed.emit(as_told(error, "It could not be saved")),
    )
