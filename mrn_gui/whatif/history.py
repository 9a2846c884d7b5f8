"""Undo and redo of settings: a stack of its own beside the clips' stacks of marks."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from mrn_core import settings as core_settings
from mrn_core.settings import AnalysisSettings
from mrn_gui.session import Session

MERGE_S = 0.6  # changes of one setting within this time are one: a held arrow, a dragged handle
_ID = 1


@dataclass(frozen=True)
class State:
    """Everything that the controls set."""

    settings: AnalysisSettings
    device: str

    def differs_in(self, other: State) -> list[str]:
        """The paths of the settings that differ, "device" among them."""
        paths = [row.path for row in core_settings.rows()]
        made = [
            p for p in paths if core_settings.get(self.settings, p) != core_settings.get(other.settings, p)
        ]
        return [*made, "device"] if self.device != other.device else made


class _Change(QUndoCommand):
    """One change, from a state to another."""

    def __init__(self, put: Callable[[State], None], old: State, new: State, at: float) -> None:
        super().__init__()
        self._put, self.old, self.new, self.at = put, old, new, at
        self._say()

    def _say(self) -> None:
        self.paths = self.old.differs_in(self.new)
        self.setText(change_told(self.paths))

    def id(self) -> int:
        return _ID

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change):
            return False
        if other.at - self.at > MERGE_S or other.paths != self.paths or len(self.paths) > 2:
            return False
        self.new, self.at = other.new, other.at
        self._say()
        if not self.paths:
            self.setObsolete(True)  # it came back to where it was
        return True

    def undo(self) -> None:
        self._put(self.old)

    def redo(self) -> None:
        self._put(self.new)  # the first time it is so already, and nothing happens


class SettingsHistory(QObject):
    """Takes down every change of a setting. ``changed`` when there is more or less to undo."""

    changed = Signal()

    def __init__(self, session: Session, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(session)
        self._session, self._clock = session, clock
        self._stack = QUndoStack(self)
        self._going = False
        self._now = self._read()
        session.settings_changed.connect(self._note)

    def undo(self) -> None:
        """Takes the last change back."""
        self._go(self._stack.undo)

    def redo(self) -> None:
        """Makes the change again that was taken back last."""
        self._go(self._stack.redo)

    @property
    def can(self) -> tuple[bool, bool]:
        """Whether there is something to undo, and to redo."""
        return self._stack.canUndo(), self._stack.canRedo()

    def told(self) -> tuple[str, str]:
        """What undo and redo would do, in words."""
        undo, redo = self._stack.undoText(), self._stack.redoText()
        return (
            f"Undo in What if: {undo}" if undo else "Undo in What if",
            f"Redo in What if: {redo}" if redo else "Redo in What if",
        )

    def _read(self) -> State:
        return State(self._session.settings, self._session.device)

    def _go(self, way: Callable[[], None]) -> None:
        self._going = True
        try:
            way()
        finally:
            self._going = False
            self._now = self._read()
        self.changed.emit()

    def _put(self, state: State) -> None:
        self._session.change_device(state.device)
        settings = state.settings
        values = {row.path: core_settings.get(settings, row.path) for row in core_settings.rows()}
        self._session.change_settings(values)

    def _note(self) -> None:
        if self._going:
            return
        old, new = self._now, self._read()
        if old == new:
            return
        self._now = new
        self._going = True
        try:
            self._stack.push(_Change(self._put, old, new, self._clock()))
        finally:
            self._going = False
        self.changed.emit()


def change_told(paths: list[str]) -> str:
    """What a change is called, by the settings that it is of."""
    if not paths:
        return "nothing"
    if set(paths) <= {"af_low", "af_high"}:
        return "AF range"
    if set(paths) <= {"network.qk", "network.hash_centre"}:
        return "hashing variant"
    if len(paths) > 2:
        return f"{len(paths)} settings"
    names = ["Device" if path == "device" else core_settings.row(path).limits.label for path in paths]
    return " and ".join(names)
