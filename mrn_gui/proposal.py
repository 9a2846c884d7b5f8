"""What the spotter proposes for the open clip, whether it may be seen, and how it becomes marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from mrn_gui.marking import ROLES, Role

if TYPE_CHECKING:
    from mrn_core.spotting import Spotting
    from mrn_gui.open_clip import OpenClip


class Proposal(QObject):
    """The proposal of an open clip. It is never written by itself: a person takes it."""

    changed = Signal()  # other frames, or it may be seen now, or no longer
    taking = Signal()  # marks are about to be set, as one step for whoever undoes it
    taken = Signal()

    def __init__(self, clip: OpenClip) -> None:
        super().__init__(clip)
        self._clip = clip
        self._hides = False
        for signal in (clip.clip_changed, clip.marks_changed, clip.curve_changed):
            signal.connect(self.changed)

    @property
    def hides(self) -> bool:
        """Whether curve and proposal stay hidden until a coder has marked onset and apex."""
        return self._hides

    def set_hides(self, hides: bool) -> None:
        """Changes that."""
        if hides != self._hides:
            self._hides = hides
            self.changed.emit()

    @property
    def hidden(self) -> bool:
        """Whether they are hidden now."""
        marks = self._clip.marks
        return self._hides and (marks.onset is None or marks.apex is None)

    @property
    def curve(self) -> Spotting | None:
        """What may be drawn of the curve."""
        return None if self.hidden else self._clip.curve

    def frames(self) -> dict[Role, int]:
        """The proposed frames that are not marked already, as far as they may be seen."""
        curve = self.curve
        if curve is None:
            return {}
        proposed: dict[Role, int | None] = {role: getattr(curve, role) for role in ROLES}
        return {
            role: frame
            for role, frame in proposed.items()
            if frame is not None and frame != getattr(self._clip.marks, role)
        }

    def missing(self) -> dict[Role, int]:
        """Those of them that stand where nothing is marked: what Enter takes."""
        return {
            role: frame for role, frame in self.frames().items() if getattr(self._clip.marks, role) is None
        }

    def take(self) -> None:
        """Marks what is missing from the proposal; a mark that a person set stays as it is."""
        missing = self.missing()
        if missing:
            self._set(missing)
        else:
            self._clip.notice.emit(self._nothing_told())

    def take_one(self, role: Role) -> None:
        """Takes one frame of the proposal, also in place of a mark."""
        frames = self.frames()
        if role in frames:
            self._set({role: frames[role]})

    def _set(self, frames: dict[Role, int]) -> None:
        assert self._clip.curve is not None
        source = self._clip.curve.source
        self.taking.emit()
        for role, frame in frames.items():
            self._clip.set_mark(role, frame, source)
        self.taken.emit()

    def _nothing_told(self) -> str:
        if self.hidden:
            return "The proposal is hidden until onset and apex are marked. It can be shown in the View menu."
        if self._clip.curve is None:
            return self._clip.curve_note or "There is no proposal."
        if self._clip.curve.apex is None:
            return "Nothing is proposed: no rise and fall of brows or mouth stands out of the noise."
        if self.frames():
            return "Every mark is set. Click the sign under a dashed line to take it in place of a mark."
        return "The marks are the proposed ones already."

    def told(self, role: Role) -> str:
        """What one proposed frame says when it is pointed at."""
        curve = self._clip.curve
        if curve is None or self._clip.known is None or getattr(curve, role) is None:
            return ""
        frame = getattr(curve, role)
        how = {"flow": "optical flow", "difference": "frame differences"}[curve.method]
        marked = getattr(self._clip.marks, role)
        keys = "Click its sign to take it" if marked is not None else "Enter takes it"
        where = self._clip.told(frame)
        return (
            f"Proposed {role}: frame {where}, confidence {curve.confidence:.2f} of 1, by {how}.\n"
            f"{keys}. Confidence orders proposals; it is not the chance to be right."
        )
