"""Lagrangian magnification: follow the flow between the two frames, and go further along it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mrn_core.magnification.base import Image, LevelByLevel, to_bytes
from mrn_core.magnification.flow import ALGORITHM, dense_flow
from mrn_core.magnification.warping import Continuous


class LagrangianState(NamedTuple):
    """``onset`` and ``apex``, to be read anywhere; ``flow`` (H, W, 2) px, apex to onset."""

    onset: Continuous
    apex: Continuous
    flow: NDArray[np.float32]


class Lagrangian(LevelByLevel):
    """I(x) = mean of onset(x + gain s(x)) and apex(x + (gain - 1) s(x)): the paper's Eq. 1.

    Both frames show the magnified face; their mean halves the noise's power and has the pixels
    that only the apex shows, such as those of an opening mouth.
    """

    name = "lagrangian"
    label = "Lagrangian flow"
    note = "Measures the flow from apex to onset and warps both frames along it: sharp, and true to the gain."

    def identity(self) -> str:
        # The flow's bits are OpenCV's, and may change with it.
        import cv2

        return f"lagrangian 1, {ALGORITHM}, opencv {cv2.__version__}"

    def prepare(self, onset: Image, apex: Image) -> LagrangianState:
        flow = dense_flow(onset, apex)
        return LagrangianState(Continuous(onset), Continuous(apex), flow)

    def render(self, state: LagrangianState, gain: float) -> Image:
        from_onset = state.onset.moved(state.flow, gain)
        from_apex = state.apex.moved(state.flow, gain - 1.0)
        return to_bytes((from_onset + from_apex) / 2)
