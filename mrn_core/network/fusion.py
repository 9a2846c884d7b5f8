"""Feature fusion (section II-D): what the trunk saw, weighted, beside what the blocks made of it."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ScoreFusion(nn.Module):
    """Scores beta (Eq. 7), the weighted mean of F beside the mean of S, and one layer to C classes."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.score = nn.Linear(width, 1)
        self.classify = nn.Linear(2 * width, classes)

    def forward(self, features: Tensor, encoded: Tensor) -> tuple[Tensor, Tensor]:
        """features F and encoded S, both (B, L, width) -> logits (B, C) and beta (B, L).

        beta_i = sigmoid(q0 F_i + b) in 0..1; the classifier reads sum(beta_i F_i) / sum(beta_i) and mean(S).
        """
        beta = torch.sigmoid(self.score(features)).squeeze(-1)
        weighted = (beta.unsqueeze(-1) * features).sum(1) / beta.sum(1, keepdim=True)  # Eq. 8, normalised
        return self.classify(torch.cat([weighted, encoded.mean(1)], dim=-1)), beta
