"""Undo and redo of marks: one stack a clip, kept while the program runs."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from mrn_gui.marking import Role
from mrn_gui.session import Session


class _MarkChange(QUndoCommand):
    """A mark that was set, moved or cleared."""

    def __init__(self, session: Session, role: Role, old: int | None, new: int | None) -> None:
        verb = "clear" if new is None else "set" if old is None else "move"
        super().__init__(f"{verb} {role}")
        self._set = partial(session.set_mark, role)
        self._old, self._new = old, new

    def undo(self) -> None:
        self._set(self._old)

    def redo(self) -> None:
        self._set(self._new)  # the first time it is set already, and nothing happens


class MarkHistory(QObject):
    """Takes down every mark that the session sets. ``changed`` when there is more or less to undo."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._stacks: dict[str, QUndoStack] = {}
        self._going_back = False
        session.mark_set.connect(self._note)
        session.clip_changed.connect(self.changed)

    @property
    def stack(self) -> QUndoStack | None:
        """That of the open clip."""
        clip = self._session.clip
        if clip is None:
            return None
        key = clip.sha256()
        if key not in self._stacks:
            self._stacks[key] = QUndoStack(self)
        return self._stacks[key]

    def undo(self) -> None:
        """Takes the last change of a mark back."""
        self._go(back=True)

    def redo(self) -> None:
        """Makes the change again that was taken back last."""
        self._go(back=False)

    def _go(self, back: bool) -> None:
        stack = self.stack
        if stack is None:
            return
        self._going_back = True
        try:
            stack.undo() if back else stack.redo()
        finally:
            self._going_back = False
        self.changed.emit()

    def _note(self, role: Role, old: int | None, new: int | None) -> None:
        stack = self.stack
        if not self._going_back and stack is not None:
            stack.push(_MarkChange(self._session, role, old, new))
            self.changed.emit()

    def told(self) -> tuple[str, str]:
        """The words of both menu entries; without what they would change where nothing is there."""
        stack = self.stack
        undo, redo = ("", "") if stack is None else (stack.undoText(), stack.redoText())
        return (f"Undo: {undo}" if undo else "Undo"), (f"Redo: {redo}" if redo else "Redo")

    @property
    def can(self) -> tuple[bool, bool]:
        """Whether there is something to undo, and to redo."""
        stack = self.stack
        return (False, False) if stack is None else (stack.canUndo(), stack.canRedo())
