"""The last analysis of each clip that this window has had open, for figures of several clips."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from mrn_core.facts import facts
from mrn_core.result import Analysis
from mrn_gui.session import Session

MOST = 5  # each holds its frames, some 10 MB


class KeptAnalyses(QObject):
    """Keeps them as they come. ``changed`` when there is one more, or another clip is shown."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._held: dict[str, Analysis] = {}
        session.analysis_changed.connect(self._keep)

    def others(self) -> list[Analysis]:
        """Those of other clips than the one that is shown, the latest first."""
        shown = self._session.analysis
        now = "" if shown is None else _clip(shown)
        return [analysis for clip, analysis in reversed(self._held.items()) if clip != now]

    def _keep(self) -> None:
        analysis = self._session.analysis
        if analysis is not None:
            self._held.pop(_clip(analysis), None)
            self._held[_clip(analysis)] = analysis
            while len(self._held) > MOST:
                del self._held[next(iter(self._held))]
        self.changed.emit()


def _clip(analysis: Analysis) -> str:
    told = facts(analysis)
    return str(told["clip_sha256"] or told["clip"])
