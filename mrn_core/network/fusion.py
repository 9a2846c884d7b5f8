"""Feature fusion (section II-D): what the trunk saw, weighted, beside what the blocks made of it."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ScoreFusion(nn.Module):
    """Scores beta (Eq. 7), the weighted mean of F beside the mean of S, and one layer to C classes.

    Args:
        width: of a feature.
        classes: C.
        variant: "both" as in the paper; "features" or "blocks" keep one branch alone, to see what
            the other adds.

    Example:
        >>> logits, beta = ScoreFusion(8, 5)(torch.randn(2, 32, 8), torch.randn(2, 32, 8))
        >>> logits.shape, beta.shape
        (torch.Size([2, 5]), torch.Size([2, 32]))
    """

    def __init__(self, width: int, classes: int, variant: str = "both") -> None:
        super().__init__()
        self.variant = variant
        self.score = nn.Linear(width, 1)
        self.classify = nn.Linear(2 * width if variant == "both" else width, classes)

    def forward(self, features: Tensor, encoded: Tensor) -> tuple[Tensor, Tensor]:
        """features F and encoded S, both (B, L, width) -> logits (B, C) and beta (B, L).

        beta_i = sigmoid(q0 F_i + b) in 0..1; the classifier reads sum(beta_i F_i) / sum(beta_i) and mean(S).
        """
        beta = torch.sigmoid(self.score(features)).squeeze(-1)
        weighted = (beta.unsqueeze(-1) * features).sum(1) / beta.sum(1, keepdim=True)  # Eq. 8, normalised
        branches = {"features": [weighted], "blocks": [encoded.mean(1)]}
        read = branches.get(self.variant, [weighted, encoded.mean(1)])
        return self.classify(torch.cat(read, dim=-1)), beta
