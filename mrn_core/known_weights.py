"""The published weights that this program has a use for: what they are, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Shapes = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class KnownWeights:
    """Weights that this program has a use for.

    ``published_sha256`` may be the digest's beginning only, where no more is published.
    ``unused`` are beginnings of names that the published file may have and we leave out.
    """

    name: str
    purpose: str
    source: str
    licence: str
    convention: str
    published_name: str
    published_sha256: str
    published_bytes: int | None
    shapes: Shapes
    unused: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        return f"{self.name}.safetensors"


def _magnet_shapes() -> Shapes:
    shapes: Shapes = {
        "encoder.cba_1": (16, 3, 7, 7),
        "encoder.cba_2": (32, 16, 3, 3),
        "encoder.texture_cba": (32, 32, 3, 3),
        "encoder.motion_cba": (32, 32, 3, 3),
        "manipulator.g": (32, 32, 3, 3),
        "manipulator.h_conv": (32, 32, 3, 3),
        "decoder.cba_1": (32, 64, 3, 3),
        "decoder.cba_2": (3, 32, 7, 7),
    }
    blocks = [f"encoder.resblks.{i}" for i in range(3)] + ["manipulator.h_resblk"]
    blocks += [f"encoder.{kind}_resblks.{i}" for kind in ("texture", "motion") for i in range(2)]
    blocks += [f"decoder.resblks.{i}" for i in range(9)]
    for block in blocks:
        width = 64 if block.startswith("decoder") else 32
        shapes |= {f"{block}.cba_{i}": (width, width, 3, 3) for i in (1, 2)}
    return {f"{name}.conv2d.weight": shape for name, shape in shapes.items()}


def _resnet18_shapes() -> Shapes:
    """ResNet-18 from conv1 to layer3, without the counters that only training reads."""

    def norm(name: str, width: int) -> Shapes:
        return {f"{name}.{part}": (width,) for part in ("weight", "bias", "running_mean", "running_var")}

    shapes: Shapes = {"conv1.weight": (64, 3, 7, 7), **norm("bn1", 64)}
    before = 64
    for layer, width in ((1, 64), (2, 128), (3, 256)):
        for block in range(2):
            prefix = f"layer{layer}.{block}"
            shapes[f"{prefix}.conv1.weight"] = (width, before, 3, 3)
            shapes[f"{prefix}.conv2.weight"] = (width, width, 3, 3)
            shapes |= norm(f"{prefix}.bn1", width) | norm(f"{prefix}.bn2", width)
            if before != width:
                shapes[f"{prefix}.downsample.0.weight"] = (width, before, 1, 1)
                shapes |= norm(f"{prefix}.downsample.1", width)
            before = width
    return shapes


KNOWN: Mapping[str, KnownWeights] = {
    known.name: known
    for known in (
        KnownWeights(
            name="magnet",
            purpose="the magnifier MagNet (Oh et al. 2018)",
            source="the PyTorch version of MagNet by ZhengPeng7 on GitHub, release 1.0",
            licence="MIT, (c) 2019 ZhengPeng",
            convention="amp = AF, added to the apex (gain 1 + AF); RGB in -1..1",
            published_name="magnet_epoch12_loss7.28e-02.pth",
            published_sha256="26c0e3ba528152d9219698ca4dac8a1924e3c4528f81277c3296fb7c034d4fae",
            published_bytes=3_528_201,
            shapes=_magnet_shapes(),
        ),
        KnownWeights(
            name="resnet18-imagenet",
            purpose="the frame encoder's trunk, conv1 to layer3",
            source="torchvision, ResNet18_Weights.IMAGENET1K_V1",
            licence="BSD-3-Clause (torchvision); trained on ImageNet, whose terms allow research use",
            convention="RGB in 0..1, less mean (0.485, 0.456, 0.406), over deviation (0.229, 0.224, 0.225)",
            published_name="resnet18-f37072fd.pth",
            published_sha256="f37072fd",
            published_bytes=None,
            shapes=_resnet18_shapes(),
            unused=("layer4.", "fc."),
        ),
    )
}

INPUT: Mapping[str, dict[str, list[float]]] = {
    "magnet": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
    "resnet18-imagenet": {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]},
}
