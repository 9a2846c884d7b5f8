"""A pinned state: an analysis that is kept to compare the present one with."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from mrn_core import settings as core_settings
from mrn_core.network.comparison import Comparison, compare, why_not
from mrn_core.result import Analysis
from mrn_core.settings import AnalysisSettings
from mrn_gui.session import Session


@dataclass(frozen=True)
class Difference:
    """The pinned state beside the present one.

    Attributes:
        pairs: the comparison, or None where the two have no pairs in common.
        why: in words, why not.
        settings: what is set otherwise, in words; "" where nothing is.
        other_levels: level i has another AF in the two states.
        pinned_as: what was set in the pinned state, in a few short words.
        differs: the state shown is another than the pinned one.
    """

    pairs: Comparison | None
    why: str
    settings: str
    other_levels: bool
    pinned_as: tuple[str, ...]
    differs: bool


class PinnedState(QObject):
    """Pins what is shown, and compares.

    ``changed`` when the pin or either state changed; ``said`` in words what somebody pinned or let go.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.analysis: Analysis | None = None
        self.difference: Difference | None = None
        self._clip = ""
        session.analysis_changed.connect(self._follow)

    def toggle(self) -> None:
        """Pins what is shown, or lets go of what is pinned."""
        if self.analysis is None:
            self.pin()
        else:
            self.let_go()

    def pin(self) -> None:
        """Pins what is shown, in place of what was pinned; does nothing before the first analysis."""
        shown = self._session.shown
        if self._session.analysis is not None and shown is not None:
            self.analysis, self._clip = self._session.analysis, shown.sha256
            self._compare()
            self.said.emit(f"Pinned state: {self.told}. What you change is compared with it in the matrix.")

    @property
    def told(self) -> str:
        """What is set in the pinned state: "3 planes, 4 tables, seed saved"; "" where nothing is pinned."""
        return "" if self.analysis is None else ", ".join(state_words(self.analysis.settings))

    @property
    def told_short(self) -> tuple[str, ...]:
        """The same, each shorter than the one before, for a header; empty where nothing is pinned."""
        if self.analysis is None:
            return ()
        network = self.analysis.settings.network
        sizes = f"{network.planes} × {network.tables}"
        seed = state_words(self.analysis.settings)[-1]
        return f"pinned: {self.told}", f"pinned: {sizes}, {seed}", f"pinned: {sizes}", sizes

    def let_go(self) -> None:
        """Nothing is pinned any more."""
        if self.analysis is not None:
            self.said.emit(f"The state of {self.told} is pinned no more.")
        self.analysis = None
        self._compare()

    def _follow(self) -> None:
        if self.analysis is None:
            return
        shown = self._session.shown
        if self._session.analysis is None or shown is None or shown.sha256 != self._clip:
            self.analysis = None  # another clip
        self._compare()

    def _compare(self) -> None:
        now, before = self._session.analysis, self.analysis
        self.difference = None if now is None or before is None else difference_of(before, now)
        self.changed.emit()


def difference_of(before: Analysis, now: Analysis) -> Difference:
    """The two states side by side."""
    why = why_not(before.traces, now.traces)
    return Difference(
        None if why else compare(before.traces, now.traces),
        why,
        core_settings.changes_told(before.settings, now.settings),
        not why and not bool((before.levels == now.levels).all()),
        state_words(before.settings),
        before is not now,
    )


def state_words(settings: AnalysisSettings) -> tuple[str, ...]:
    """Planes, tables and hash seed, each short enough for a legend: "3 planes", "4 tables", "seed saved"."""
    network = settings.network
    planes, tables = network.planes, network.tables
    return (
        f"{planes} plane{'' if planes == 1 else 's'}",
        f"{tables} table{'' if tables == 1 else 's'}",
        f"seed {'saved' if network.hash_seed == -1 else network.hash_seed}",
    )
