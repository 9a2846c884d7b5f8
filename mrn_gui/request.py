"""What an analysis is asked for, and whether two ask for the same frames (no Qt)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from mrn_core import settings as core_settings
from mrn_core.annotation import MarkedFace, marked_landmarks
from mrn_core.magnification import magnifiers
from mrn_core.settings import AnalysisSettings


@dataclass(frozen=True)
class Request:
    """What one analysis was asked for."""

    sha256: str
    onset: int
    apex: int
    settings: AnalysisSettings
    device: str
    face: MarkedFace = None
    apex_source: str = "user"

    def same_frames(self, other: Request) -> bool:
        """Whether both differ at most in settings that only the blocks read."""
        return replace(self, settings=before_blocks(self.settings)) == replace(
            other, settings=before_blocks(other.settings)
        )

    def told(self, other: Request | None, frame: Callable[[int], str] = str) -> str:
        """What this one was made from, in the words that tell it from ``other``.

        ``frame``: how a frame is named.
        """
        if other is None or (self.onset, self.apex) != (other.onset, other.apex):
            return f"onset {frame(self.onset)}, apex {frame(self.apex)}"
        if self.face != other.face:
            return face_told(self.face)
        if self.apex_source != other.apex_source:
            return f"apex {frame(self.apex)} by {self.apex_source}"
        s = self.settings
        if _levels(s) == _levels(other.settings):
            return ", ".join(self._otherwise(other))
        magnifier, count = magnifiers.get(s.magnifier), f"{s.levels} level{'' if s.levels == 1 else 's'}"
        name = s.magnifier if magnifier is None else magnifier.label
        return f"{name}, AF {s.af_low:g} to {s.af_high:g}, {count}"

    def _otherwise(self, other: Request) -> list[str]:
        """What is set otherwise than in ``other`` and makes other frames or features, each in a few words."""
        ours, theirs = before_blocks(self.settings), before_blocks(other.settings)
        made = [
            f"{row.limits.label.lower()} {core_settings.value_told(row, core_settings.get(ours, row.path))}"
            for row in core_settings.rows()
            if core_settings.get(ours, row.path) != core_settings.get(theirs, row.path)
        ]
        if self.device != other.device:
            made.append(f"device {self.device}")
        return made or ["another clip"]


def _levels(settings: AnalysisSettings) -> tuple[str, float, float, int]:
    """What makes the magnified levels of a pair."""
    return settings.magnifier, settings.af_low, settings.af_high, settings.levels


def face_told(face: MarkedFace) -> str:
    """Where the face is taken from, in words."""
    if face is None:
        return "face detected"
    if face == "whole":
        return "whole picture is the face"
    return "face box drawn" if marked_landmarks(face) is None else "landmarks moved"


@lru_cache(maxsize=64)
def before_blocks(settings: AnalysisSettings) -> AnalysisSettings:
    """The settings with those that only the blocks read put back to their defaults."""
    rows = [row for row in core_settings.rows() if row.limits.stage == "blocks"]
    return core_settings.with_values(settings, {row.path: row.default for row in rows})


def with_blocks_of(settings: AnalysisSettings, other: AnalysisSettings) -> AnalysisSettings:
    """The settings with ``other``'s values of what only the blocks read."""
    values: dict[str, Any] = {
        row.path: core_settings.get(other, row.path)
        for row in core_settings.rows()
        if row.limits.stage == "blocks"
    }
    return core_settings.with_values(settings, values)
