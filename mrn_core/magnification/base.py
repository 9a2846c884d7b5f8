"""What every magnifier offers, and the loop over levels that they share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mrn_core.errors import Cancelled, SettingsError
from mrn_core.magnification.levels import AmplificationLevels

Image = NDArray[np.uint8]
Progress = Callable[[str, int, int], None]
Cancel = Callable[[], bool]


@runtime_checkable
class Magnifier(Protocol):
    """Onset and apex in, magnified frames out.

    ``prepare`` does what all levels share; ``render`` makes one level from it. The bits of one
    level never depend on which others are made, so a cache may keep each level by itself.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    note: ClassVar[str]
    needs_weights: ClassVar[str | None]

    def identity(self) -> str:
        """What a cache key must contain: name, version of the algorithm, SHA-256 of the weights."""
        ...

    def prepare(self, onset: Image, apex: Image) -> Any:
        """The part shared by all levels, from two (H, W, 3) uint8 RGB frames of one size."""
        ...

    def render(self, state: Any, gain: float) -> Image:
        """The frame whose motion is ``gain`` times that from onset to apex: (H, W, 3) uint8."""
        ...

    def magnify(
        self,
        onset: Image,
        apex: Image,
        levels: AmplificationLevels,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Image:
        """One frame a level: (L, H, W, 3) uint8."""
        ...


class LevelByLevel(ABC):
    """A magnifier that prepares once and renders level after level."""

    name: ClassVar[str]
    label: ClassVar[str]
    note: ClassVar[str]
    needs_weights: ClassVar[str | None] = None

    @abstractmethod
    def identity(self) -> str:
        """See :meth:`Magnifier.identity`."""

    @abstractmethod
    def prepare(self, onset: Image, apex: Image) -> Any:
        """See :meth:`Magnifier.prepare`."""

    @abstractmethod
    def render(self, state: Any, gain: float) -> Image:
        """See :meth:`Magnifier.render`."""

    def magnify(
        self,
        onset: Image,
        apex: Image,
        levels: AmplificationLevels,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Image:
        """One frame a level: (L, H, W, 3) uint8.

        Args:
            onset, apex: (H, W, 3) uint8 RGB, of one size.
            levels: which levels.
            progress: called with ("magnify", done, total) after each level.
            cancel: asked before each level.

        Raises:
            SettingsError: the frames do not fit each other.
            Cancelled: ``cancel`` said so.
            WeightsError: this magnifier's weights are missing or damaged.
        """
        gains = levels.gains
        _refuse_if(cancel)
        state = self.prepare(onset, apex)
        frames = np.empty((len(gains), *onset.shape), np.uint8)
        for index, gain in enumerate(gains):
            _refuse_if(cancel)
            frames[index] = self.render(state, float(gain))
            if progress is not None:
                progress("magnify", index + 1, len(gains))
        return frames


def check_pair(onset: Image, apex: Image) -> None:
    """Refuses two frames that cannot be magnified together.

    Raises:
        SettingsError: not (H, W, 3) uint8, empty, or of two sizes.
    """
    for role, frame in (("onset", onset), ("apex", apex)):
        if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8 or frame.size == 0:
            raise SettingsError(
                f"The {role} is not a colour picture of bytes: shape {frame.shape}, {frame.dtype}.",
                "Give (H, W, 3) uint8 in RGB.",
                role,
            )
    if onset.shape != apex.shape:
        raise SettingsError(
            f"Onset and apex differ in size: {onset.shape[1]} x {onset.shape[0]} "
            f"and {apex.shape[1]} x {apex.shape[0]}.",
            "Crop both frames alike.",
            "apex",
        )


def to_bytes(values: NDArray[np.floating[Any]]) -> Image:
    """Rounds to the nearest byte and clips to 0..255, never wraps."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _refuse_if(cancel: Cancel | None) -> None:
    if cancel is not None and cancel():
        raise Cancelled
