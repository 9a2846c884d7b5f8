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

WHEEL_S = 0.4  # notches of the wheel within this time are one turn of it
_ID = 1
_BOTH = "\x1f"  # between what undo and what redo would do, in a command's text


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
    """One change, from a state to another; those of one gesture are one."""

    def __init__(self, put: Callable[[State], None], old: State, new: State, gesture: int | None) -> None:
        super().__init__()
        self._put, self.old, self.new, self.gesture = put, old, new, gesture
        self._say()

    def _say(self) -> None:
        self.paths = self.old.differs_in(self.new)
        back, forth = (
            change_told(self.paths, *ends) for ends in ((self.new, self.old), (self.old, self.new))
        )
        self.setText(f"{back}{_BOTH}{forth}")

    def id(self) -> int:
        return _ID

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change) or self.gesture is None or other.gesture != self.gesture:
            return False
        if other.paths != self.paths:
            return False
        self.new = other.new
        self._say()
        if not self.paths:
            self.setObsolete(True)  # it came back to where it was
        return True

    def undo(self) -> None:
        self._put(self.old)

    def redo(self) -> None:
        self._put(self.new)  # the first time it is so already, and nothing happens


class SettingsHistory(QObject):
    """Takes down every change of a setting.

    Each change is a step of its own, but for those of one gesture: a held key or arrow, a turn of the wheel.
    ``changed`` when there is more or less to undo, ``pushed`` when somebody changed something.
    """

    changed = Signal()
    pushed = Signal()

    def __init__(self, session: Session, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(session)
        self._session, self._clock = session, clock
        self._stack = QUndoStack(self)
        self._going = False
        self._now = self._read()
        self._gestures = 0
        self._gesture: int | None = None
        self._turned: float | None = None  # when the wheel was, where it is what makes the gesture
        session.settings_changed.connect(self._note)

    def begin(self) -> None:
        """A key or button was pressed on a control: what changes until it is let go is one step."""
        self._gestures += 1
        self._gesture, self._turned = self._gestures, None

    def end(self) -> None:
        """It was let go."""
        self._gesture = None

    def turn(self) -> None:
        """A notch of the wheel on a control; soon after another it is the same turn."""
        if not self._turning():
            self.begin()
        self._turned = self._clock()

    def _turning(self) -> bool:
        return self._turned is not None and self._clock() - self._turned <= WHEEL_S

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

    @property
    def words(self) -> tuple[str, str]:
        """What undo and redo would do: "planes 4 → 3", "planes 3 → 4"; "" where there is nothing."""
        return self._stack.undoText().partition(_BOTH)[0], self._stack.redoText().partition(_BOTH)[2]

    def told(self) -> tuple[str, str]:
        """The words of both menu entries."""
        undo, redo = self.words
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
        gesture = self._gesture if self._turned is None or self._turning() else None
        self._going = True
        try:
            self._stack.push(_Change(self._put, old, new, gesture))
        finally:
            self._going = False
        self.pushed.emit()
        self.changed.emit()


def change_told(paths: list[str], old: State, new: State) -> str:
    """What a change is called, from and to: "planes 4 → 3"; more than two settings by their number."""
    if not paths:
        return "nothing"
    if set(paths) <= {"af_low", "af_high"}:
        return f"AF range {_range(old)} → {_range(new)}"
    if len(paths) > 2:
        return f"{len(paths)} settings"
    return " and ".join(_one(path, old, new) for path in paths)


def _range(state: State) -> str:
    return f"{state.settings.af_low:g} to {state.settings.af_high:g}"


def _one(path: str, old: State, new: State) -> str:
    if path == "device":
        return f"device {old.device} → {new.device}"
    label = core_settings.row(path).limits.label
    small = label if label[1:2].isupper() else label[0].lower() + label[1:]
    return f"{small} {setting_told(path, old.settings)} → {setting_told(path, new.settings)}"


def setting_told(path: str, settings: AnalysisSettings) -> str:
    """A setting's value as it is written in a sentence."""
    row = core_settings.row(path)
    words = core_settings.value_told(row, core_settings.get(settings, path))
    return words if words[1:2].isupper() or not row.limits.names else words[0].lower() + words[1:]
