"""What a clip's features give when the planes of all blocks are drawn anew together.

``explain.redraws`` keeps each block's queries and keys; here a block also hears what fresh planes
made of the blocks before it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch

from mrn_core.errors import Cancelled
from mrn_core.trace import AttentionTrace

from .explain import Redraws, check_draws, of_traces
from .mrn import MRN


def redraws_through(
    network: MRN,
    features: npt.NDArray[np.float32],
    draws: int = 100,
    seed: int = 0,
    progress: Callable[[str, int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> list[Redraws]:
    """One ``Redraws`` a block over ``draws`` passes, each with fresh planes in every block.

    Args:
        network: left as it was.
        features: (L, 1024) float32, the trunk's.
        progress: called with ("redraws", done, all).

    Raises:
        SettingsError: fewer than 2 draws.
        Cancelled: ``cancel`` said so.

    Example:
        >>> from mrn_core.network import MRNConfig
        >>> network = MRN(MRNConfig(blocks=2, feedforward=16)).eval()
        >>> [r.reach.shape for r in redraws_through(network, np.ones((4, 1024), np.float32), draws=2)]
        [(8, 4), (8, 4)]
    """
    check_draws(draws)
    generator = torch.Generator().manual_seed(seed)
    given = torch.tensor(features, device=network.feature_mean.device).unsqueeze(0)
    passes: list[list[AttentionTrace]] = []
    try:
        for done in range(draws):
            if cancel is not None and cancel():
                raise Cancelled
            network.redraw(generator)
            passes.append(network.trace(features=given)[2][0])
            if progress is not None:
                progress("redraws", done + 1, draws)
    finally:
        network.configure(network.config)
    return [of_traces(block) for block in zip(*passes, strict=True)]
