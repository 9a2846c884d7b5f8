"""One Undo for both stacks: the marks of the clip, and the settings of What if."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from mrn_gui.undo import MarkHistory
from mrn_gui.whatif.history import SettingsHistory

History = MarkHistory | SettingsHistory
UNDO, REDO = 0, 1


class UndoPlaces(QObject):
    """Undoes where somebody acted last; where nothing is left there, in the other place.

    ``changed`` when there is more or less to undo; ``said`` tells what was undone, or that nothing is left.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(self, marks: MarkHistory, settings: SettingsHistory) -> None:
        super().__init__(marks)
        self._last: History = marks
        self._all: tuple[History, ...] = (marks, settings)
        for history in self._all:
            history.pushed.connect(lambda history=history: self._acted(history))
            history.changed.connect(self.changed)

    def undo(self) -> None:
        """Takes the last change back, and says which."""
        self._go(UNDO)

    def redo(self) -> None:
        """Makes the change again that was taken back last, and says which."""
        self._go(REDO)

    @property
    def can(self) -> tuple[bool, bool]:
        """Whether there is something to undo, and to redo."""
        return any(h.can[UNDO] for h in self._all), any(h.can[REDO] for h in self._all)

    def told(self) -> tuple[str, str]:
        """The words of both menu entries: "Undo planes 4 → 3"; without the rest where nothing is there."""
        return (
            f"Undo {self._place(UNDO).words[UNDO]}".strip(),
            f"Redo {self._place(REDO).words[REDO]}".strip(),
        )

    def _go(self, way: int) -> None:
        place = self._place(way)
        words = place.words[way]
        if not place.can[way]:
            self.said.emit("Nothing to redo" if way else "Nothing to undo")
            return
        self._last = place
        if way == UNDO:
            place.undo()
        else:
            place.redo()
        self.said.emit(f"{'Done again' if way else 'Undone'}: {words}")

    def _place(self, way: int) -> History:
        """Where the next step of this way is taken."""
        if self._last.can[way]:
            return self._last
        return next((history for history in self._all if history.can[way]), self._last)

    def _acted(self, history: History) -> None:
        self._last = history
        self.changed.emit()
