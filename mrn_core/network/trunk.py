"""Published ResNet-18 weights in the encoder, with the input normalisation that belongs to them."""

from __future__ import annotations

import torch

from mrn_core.errors import WeightsError
from mrn_core.weights import load

from .encoder import FrameEncoder


def load_trunk(encoder: FrameEncoder, name: str) -> None:
    """Puts the imported weights ``name`` into the encoder, in place.

    Raises:
        WeightsError: they are unknown, not imported, damaged, or no ResNet-18.
    """
    tensors, metadata = load(name)
    own = encoder.state_dict()
    missing = [
        key for key in own if key not in tensors and key not in ("mean", "std") and "num_batches" not in key
    ]
    if missing:
        raise WeightsError(
            f"The weights {name} lack {missing[0]}: they are no ResNet-18.",
            "Choose weights of a ResNet-18.",
            name,
        )
    normal = metadata.get("input", {})
    for part in ("mean", "std"):
        if part in normal:
            tensors[part] = torch.tensor(normal[part]).view(3, 1, 1)
    encoder.load_state_dict({**own, **{key: tensors[key] for key in own if key in tensors}})
