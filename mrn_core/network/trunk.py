"""Published ResNet-18 weights in the encoder, with the input normalisation that belongs to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mrn_core.errors import WeightsError
from mrn_core.weights import KNOWN, keep, load, read_tensors, sha256_of

from .encoder import IMAGENET_MEAN, IMAGENET_STD, FrameEncoder

GREY = (0.299, 0.587, 0.114)  # Rec. 601, as OpenCV and Pillow make grey
PREFIXES = ("module.", "model.", "backbone.", "encoder.", "resnet.", "features.")


def import_trunk(
    file: Path,
    name: str,
    mean: Sequence[float] = IMAGENET_MEAN,
    std: Sequence[float] = IMAGENET_STD,
    told: str = "",
) -> Path:
    """Keeps a ResNet-18 checkpoint's conv1 .. layer3 as trunk weights under ``name``.

    ImageNet's and others' (FER+): a prefix such as ``module.`` is taken off, layer4 and the
    classifier are left out whatever they are. A first layer that reads grey is turned into one that
    reads the same grey out of RGB (exactly, for one mean and std).

    Args:
        mean, std: what the weights were trained with, of RGB in 0..1, three numbers or one (grey).
        told: where they come from and under which licence.

    Raises:
        WeightsError: the file is damaged or no ResNet-18, or the name or the numbers cannot be used.
    """
    if name in KNOWN or name == "seeded":
        raise WeightsError(f"The name {name} has a meaning already.", "Choose another.", name)
    tensors = _without_prefix(read_tensors(file))
    own = FrameEncoder().state_dict()
    wanted = {key: value.shape for key, value in own.items() if _is_weight(key)}
    kept = {key: tensors[key].float() for key in wanted if key in tensors}
    if "conv1.weight" in kept and kept["conv1.weight"].shape[1] == 1:
        kept["conv1.weight"] = kept["conv1.weight"] * torch.tensor(GREY).view(1, 3, 1, 1)
    for key, shape in wanted.items():
        if key not in kept:
            raise WeightsError(f"{file.name} has no {key}: it is no ResNet-18.", "Choose another file.", name)
        if kept[key].shape != shape:
            raise WeightsError(
                f"{file.name} has {key} as {tuple(kept[key].shape)}, not {tuple(shape)}: it is no ResNet-18.",
                "Choose another file.",
                name,
            )
        if not bool(torch.isfinite(kept[key]).all()):
            raise WeightsError(f"{key} in {file.name} is not finite.", "Choose another file.", name)
    strange = [key for key in tensors if key.startswith(("layer1", "layer2", "layer3")) and key not in own]
    if strange:
        raise WeightsError(
            f"{file.name} has {strange[0]}: it is no ResNet-18, perhaps a deeper one.",
            "Choose another file.",
            name,
        )
    metadata = {
        "kind": "resnet18",
        "name": name,
        "source_file": file.name,
        "source_sha256": sha256_of(file),
        "told": told,
        "grey": tensors["conv1.weight"].shape[1] == 1,
        "input": {"mean": _three(mean, name, low=-10), "std": _three(std, name, low=1e-6)},
    }
    return keep(kept, metadata, name)


def load_trunk(encoder: FrameEncoder, name: str) -> None:
    """Puts the imported weights ``name`` into the encoder, in place.

    Raises:
        WeightsError: they are unknown, not imported, damaged, or no ResNet-18.
    """
    tensors, metadata = load(name)
    own = encoder.state_dict()
    for key in own:
        if _is_weight(key) and (key not in tensors or tensors[key].shape != own[key].shape):
            raise WeightsError(
                f"The weights {name} do not fit at {key}: they are no ResNet-18.", "Choose others.", name
            )
    normal = metadata.get("input", {})
    for part in ("mean", "std"):
        if part in normal:
            tensors[part] = torch.tensor(normal[part]).view(3, 1, 1)
    encoder.load_state_dict({**own, **{key: tensors[key] for key in own if key in tensors}})


def _is_weight(key: str) -> bool:
    """Whether a checkpoint must have it: all but the normalisation and training's counters."""
    return key not in ("mean", "std") and "num_batches" not in key


def _without_prefix(tensors: Mapping[str, Any]) -> dict[str, Tensor]:
    """Names as torchvision has them, whatever stands before them all."""
    named = dict(tensors)
    while "conv1.weight" not in named:
        prefix = next((p for p in PREFIXES if any(key.startswith(p) for key in named)), None)
        if prefix is None:
            break
        named = {key.removeprefix(prefix): value for key, value in named.items() if key.startswith(prefix)}
    return named


def _three(values: Sequence[float], name: str, low: float) -> list[float]:
    numbers = [float(value) for value in values]
    if len(numbers) == 1:
        numbers *= 3
    if len(numbers) != 3 or not all(low <= number <= 10 for number in numbers):
        raise WeightsError(
            f"The mean or std {list(values)} cannot be used.",
            "Give one or three numbers for pixels in 0..1.",
            name,
        )
    return numbers
