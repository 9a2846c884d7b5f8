"""How far an analysis is, stage by stage, and how long it may still take (no Qt)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

LABELS = {"face": "Face", "magnify": "Magnify", "encode": "Features", "blocks": "Blocks and reading"}
_SURE_AFTER = 0.4  # seconds of a stage before a time is told


@dataclass
class Progress:
    """Told by ``tell``; ``now`` is any clock in seconds."""

    stage: str = ""
    done: int = 0
    total: int = 0
    began: float = 0.0
    now: float = 0.0
    stages: dict[str, str] = field(default_factory=lambda: dict(LABELS))

    def tell(self, stage: str, done: int, total: int, now: float) -> None:
        """The work said that ``done`` of ``total`` parts of a stage are there."""
        if stage not in self.stages:
            return
        if stage != self.stage:
            self.began = now
        self.stage, self.done, self.total, self.now = stage, done, total, now

    def state(self, stage: str) -> Literal["done", "now", "next"]:
        """Whether a stage is over, under way or still to come."""
        names = list(self.stages)
        if not self.stage:
            return "next"
        if stage == self.stage:
            return "done" if self.total and self.done >= self.total and stage == names[-1] else "now"
        return "done" if names.index(stage) < names.index(self.stage) else "next"

    def label(self, stage: str) -> str:
        """The stage's name, with its count while it is under way."""
        words = self.stages[stage]
        if stage == self.stage and self.total > 1:
            return f"{words} {self.done} of {self.total}"
        return words

    @property
    def share(self) -> float:
        """0..1 of the present stage."""
        return self.done / self.total if self.total else 0.0

    def left(self) -> str:
        """ "about 3 s left" of the present stage, or nothing while that cannot be told."""
        spent = self.now - self.began
        if spent < _SURE_AFTER or not 0 < self.done < self.total:
            return ""
        seconds = max(1, round(spent / self.done * (self.total - self.done)))
        return f"about {seconds} s left" if seconds < 90 else f"about {round(seconds / 60)} min left"
