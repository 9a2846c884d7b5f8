"""Position embedding by sines and cosines (section III-B of the paper)."""

from __future__ import annotations

import torch
from torch import Tensor


def sinusoidal(length: int, width: int, device: torch.device | None = None) -> Tensor:
    """(length, width) float32: PE(pos, 2d) = sin(pos / 10000^(2d / width)), PE(pos, 2d+1) its cosine.

    Example:
        >>> sinusoidal(2, 4)[0]
        tensor([0., 1., 0., 1.])
    """
    position = torch.arange(length, dtype=torch.float64).unsqueeze(1)
    frequency = 10000.0 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angle = position * frequency
    return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)[:, :width].float().to(device)
