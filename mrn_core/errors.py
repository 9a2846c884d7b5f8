"""The errors that reach a person.

Each carries one sentence on what happened and one on what to do, kept apart so
that the window can set them in two lines and the command in one.
"""

from __future__ import annotations


class MRNError(Exception):
    """Something that the user can understand and act on.

    Args:
        what: what happened, one sentence.
        advice: what to do about it, one sentence; may be empty.

    ``str(error)`` is both, on one line.
    """

    def __init__(self, what: str, advice: str = "") -> None:
        self.what = " ".join(what.split())
        self.advice = " ".join(advice.split())
        super().__init__(f"{self.what} {self.advice}".strip())


class ClipError(MRNError):
    """A clip cannot be read, or a frame number does not fit it."""


class FaceError(MRNError):
    """No usable face. ``frame`` is the index in the clip, ``role`` is "onset" or "apex"."""

    def __init__(self, what: str, advice: str = "", frame: int | None = None, role: str = "") -> None:
        super().__init__(what, advice)
        self.frame = frame
        self.role = role


class SettingsError(MRNError):
    """A setting is out of its range, or does not fit the others. ``field`` names it."""

    def __init__(self, what: str, advice: str = "", field: str = "") -> None:
        super().__init__(what, advice)
        self.field = field


class WeightsError(MRNError):
    """Weights are missing, damaged, or do not fit. ``name`` is the weights' name or file."""

    def __init__(self, what: str, advice: str = "", name: str = "") -> None:
        super().__init__(what, advice)
        self.name = name


class FileError(MRNError):
    """A file of results cannot be read, or cannot be written where it was asked for."""


class Cancelled(MRNError):
    """The user asked to stop; nothing failed."""

    def __init__(self) -> None:
        super().__init__("Cancelled.")
