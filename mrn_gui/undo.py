"""Undo and redo of marks and faces: one stack a clip, kept while the program runs."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from mrn_core.annotation import MarkedFace, marked_landmarks
from mrn_gui.marking import Role
from mrn_gui.session import Session

_Mark = tuple[int | None, str]  # the frame, and who chose it

_FACE_TOLD = {
    "detected": "detect the face",
    "whole": "whole picture is the face",
    "box": "choose the face's box",
    "landmarks": "move landmarks",
}


class _MarkChange(QUndoCommand):
    """A mark that was set, moved or cleared."""

    def __init__(self, session: Session, role: Role, old: _Mark, new: _Mark) -> None:
        verb = "clear" if new[0] is None else "set" if old[0] is None else "move"
        super().__init__(f"{verb} {role}")
        self._set = partial(session.set_mark, role)
        self._old, self._new = old, new

    def undo(self) -> None:
        self._set(*self._old)

    def redo(self) -> None:
        self._set(*self._new)  # the first time it is set already, and nothing happens


class _FaceChange(QUndoCommand):
    """Where the face is taken from."""

    def __init__(self, session: Session, old: MarkedFace, new: MarkedFace) -> None:
        super().__init__(_FACE_TOLD[_kind(new)])
        self._set = session.set_face
        self._old, self._new = old, new

    def undo(self) -> None:
        self._set(self._old)

    def redo(self) -> None:
        self._set(self._new)  # the first time it is set already, and nothing happens


def _kind(face: MarkedFace) -> str:
    if face is None or face == "whole":
        return face or "detected"
    return "box" if marked_landmarks(face) is None else "landmarks"


class MarkHistory(QObject):
    """Takes down every mark and face that the session sets.

    ``changed``: there is more or less to undo. ``pushed``: somebody set something.
    """

    changed = Signal()
    pushed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._stacks: dict[str, QUndoStack] = {}
        self._going_back = False
        self._source = session.marks.apex_source  # before the next change
        session.mark_set.connect(self._note)
        session.face_set.connect(self._note_face)
        session.proposal.taking.connect(self._begin_taking)
        session.proposal.taken.connect(self._end_taking)
        session.clip_changed.connect(self._take_source)
        session.clip_changed.connect(self.changed)

    @property
    def stack(self) -> QUndoStack | None:
        """That of the open clip."""
        key = self._session.sha256
        if not key:
            return None
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
        stack, before = self.stack, self._source
        self._take_source()
        if not self._going_back and stack is not None:
            stack.push(_MarkChange(self._session, role, (old, before), (new, self._source)))
            self._pushed()

    def _pushed(self) -> None:
        self.pushed.emit()
        self.changed.emit()

    def _take_source(self) -> None:
        self._source = self._session.marks.apex_source

    def _begin_taking(self) -> None:
        if (stack := self.stack) is not None:
            stack.beginMacro("take the proposal")

    def _end_taking(self) -> None:
        if (stack := self.stack) is not None:
            stack.endMacro()
            self._pushed()

    def _note_face(self, old: MarkedFace, new: MarkedFace) -> None:
        stack = self.stack
        if not self._going_back and stack is not None:
            stack.push(_FaceChange(self._session, old, new))
            self._pushed()

    @property
    def words(self) -> tuple[str, str]:
        """What undo and redo would change; "" where there is nothing."""
        stack = self.stack
        return ("", "") if stack is None else (stack.undoText(), stack.redoText())

    @property
    def can(self) -> tuple[bool, bool]:
        """Whether there is something to undo, and to redo."""
        stack = self.stack
        return (False, False) if stack is None else (stack.canUndo(), stack.canRedo())
