"""Linear (Eulerian) magnification: the difference of the two frames, times the gain."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mrn_core.magnification.base import Image, LevelByLevel, check_pair, to_bytes


class LinearState(NamedTuple):
    """``onset`` and ``difference`` = apex - onset, both (H, W, 3) float32."""

    onset: NDArray[np.float32]
    difference: NDArray[np.float32]


class Linear(LevelByLevel):
    """clip(onset + gain (apex - onset)): the paper's Eq. 2, with the difference signed.

    The paper's bars around the difference would be an absolute value, which loses the direction
    of the motion. True for shifts well under the width of an edge; ghosts beyond.
    """

    name = "linear"
    label = "Linear"
    note = "Adds the difference of the two frames times the gain: fast and plain, but it amplifies noise too."

    def identity(self) -> str:
        return "linear 1"

    def prepare(self, onset: Image, apex: Image) -> LinearState:
        check_pair(onset, apex)
        start = onset.astype(np.float32)
        return LinearState(start, apex.astype(np.float32) - start)

    def render(self, state: LinearState, gain: float) -> Image:
        return to_bytes(state.onset + np.float32(gain) * state.difference)
