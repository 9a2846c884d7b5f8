"""Named weights: which ones are known, where they are kept, and how published ones come in.

Weights are kept as safetensors, which hold numbers and text and can run nothing. A published
PyTorch file is read once, by ``import_published``, with ``weights_only=True``.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mrn_core.errors import WeightsError

if TYPE_CHECKING:
    from torch import Tensor

Shapes = dict[str, tuple[int, ...]]

# One key, because the file format keeps several in no fixed order, and the same import shall
# give the same bytes.
_METADATA_KEY = "mrn"
_POINTER = b"version https://git-lfs"


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


@dataclass(frozen=True)
class InstalledWeights:
    """Weights on this machine: their name, file, SHA-256 of the file, and what came with them."""

    name: str
    path: Path
    sha256: str
    metadata: dict[str, Any]


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

_INPUT: Mapping[str, dict[str, list[float]]] = {
    "magnet": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
    "resnet18-imagenet": {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]},
}


def weights_dir() -> Path:
    """The folder of installed weights; it may not exist yet.

    In the user's data folder; ``MRN_STUDIO_DATA`` names another.
    """
    import platformdirs

    moved = os.environ.get("MRN_STUDIO_DATA")
    data = Path(moved) if moved else Path(platformdirs.user_data_dir("mrn-studio", appauthor=False))
    return data / "weights"


def installed() -> list[InstalledWeights]:
    """The known weights that are on this machine and can be read, in the order of ``KNOWN``."""
    found = []
    for known in KNOWN.values():
        path = weights_dir() / known.file_name
        if path.is_file():
            try:
                metadata = read_metadata(path)
            except WeightsError:
                continue
            found.append(InstalledWeights(known.name, path, sha256_of(path), metadata))
    return found


def find(name: str) -> Path:
    """The file of installed weights.

    Raises:
        WeightsError: unknown, or not installed.
    """
    known = _known(name)
    path = weights_dir() / known.file_name
    if not path.is_file():
        raise WeightsError(
            f'The weights "{name}" ({known.purpose}) are not installed.',
            f"Get {known.published_name} ({known.source}), then: mrn weights import {name} FILE",
            name,
        )
    return path


def load(name: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Installed weights by name: tensors, and what came with them.

    Raises:
        WeightsError: unknown, not installed, damaged, or other tensors than expected.
    """
    return read_file(find(name), expected=name)


def read_metadata(path: Path) -> dict[str, Any]:
    """What is written in a safetensors file of ours beside its tensors.

    Raises:
        WeightsError: not such a file.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as opened:
            held = json.loads((opened.metadata() or {}).get(_METADATA_KEY, "{}"))
    except (OSError, SafetensorError, ValueError) as error:
        raise _unreadable(path, None, "is no whole safetensors file") from error
    return held if isinstance(held, dict) else {}


def read_file(path: Path, expected: str | None = None) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors and the metadata of a safetensors file; no other kind is read.

    Args:
        path: the file.
        expected: a name in ``KNOWN`` whose tensors it must have, no more and no fewer.

    Raises:
        WeightsError: missing, damaged, of another kind, or other tensors.
    """
    known = _known(expected) if expected is not None else None
    metadata = read_metadata(path)
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise _unreadable(path, known, "is no whole safetensors file") from error
    if known is not None:
        _check(tensors, known, path)
    return tensors, metadata


def import_published(name: str, file: Path) -> Path:
    """Reads a published PyTorch file and keeps its tensors as safetensors in ``weights_dir()``.

    A file with the right tensors but another digest (saved again, or trained anew) is taken,
    and its metadata say that it is not the published one.

    Returns:
        The file written.

    Raises:
        WeightsError: unknown name, missing or damaged file, or other tensors than expected.
    """
    known = _known(name)
    tensors = _used(_read_published(file, known), known)
    _check(tensors, known, file)
    digest = sha256_of(file)
    metadata = {
        "name": name,
        "source": known.source,
        "source_file": file.name,
        "source_sha256": digest,
        "published": digest.startswith(known.published_sha256),
        "licence": known.licence,
        "convention": known.convention,
        "input": _INPUT[name],
    }
    path = weights_dir() / known.file_name
    _write(tensors, metadata, path)
    return path


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex.

    Raises:
        WeightsError: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise WeightsError(
            f"{path} cannot be read: {error.strerror}.", "Check its name.", path.name
        ) from error


def _known(name: str) -> KnownWeights:
    if name not in KNOWN:
        raise WeightsError(f'There are no weights called "{name}".', f"Known: {', '.join(KNOWN)}.", name)
    return KNOWN[name]


def _read_published(file: Path, known: KnownWeights) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            beginning = stream.read(len(_POINTER))
    except OSError as error:
        raise WeightsError(
            f"{file} cannot be read: {error.strerror}.", "Check its name.", known.name
        ) from error
    if beginning == _POINTER:
        raise _unreadable(file, known, "is a pointer text of Git LFS, not the weights themselves")
    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of torch's about a pickle that it then refuses
            content = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises RuntimeError, UnpicklingError, EOFError and more
        raise _unreadable(file, known, "is damaged or no PyTorch weights file") from error
    if not isinstance(content, Mapping) or not all(
        isinstance(value, torch.Tensor) for value in content.values()
    ):
        raise _unreadable(file, known, "holds something else than named tensors")
    return dict(content)


def _used(tensors: dict[str, Any], known: KnownWeights) -> dict[str, Any]:
    """Without the prefix of parallel training, the parts left out, and the training counters."""
    prefix = "module."
    if tensors and all(name.startswith(prefix) for name in tensors):
        tensors = {name.removeprefix(prefix): value for name, value in tensors.items()}
    return {
        name: value
        for name, value in tensors.items()
        if not name.startswith(known.unused or ("\0",)) and not name.endswith(".num_batches_tracked")
    }


def _check(tensors: Mapping[str, Any], known: KnownWeights, path: Path) -> None:
    import torch

    missing = [name for name in known.shapes if name not in tensors]
    strange = [name for name in tensors if name not in known.shapes]
    if missing or strange:
        first = f"no {missing[0]}" if missing else f"an unknown {strange[0]}"
        raise _unreadable(
            path,
            known,
            f"has other tensors than {known.name}: {first} ({len(missing)} missing, {len(strange)} unknown)",
        )
    for name, shape in known.shapes.items():
        if tuple(tensors[name].shape) != shape:
            raise _unreadable(path, known, f"has {name} as {tuple(tensors[name].shape)}, not {shape}")
        if tensors[name].dtype != torch.float32 or not bool(torch.isfinite(tensors[name]).all()):
            raise _unreadable(path, known, f"has {name} in another type than float32, or not finite")


def _unreadable(path: Path, known: KnownWeights | None, why: str) -> WeightsError:
    """What is wrong with a file, its size and digest, and those of the right one."""
    try:
        found = f" ({path.stat().st_size:,} bytes, SHA-256 {sha256_of(path)})"
    except (OSError, WeightsError):
        found = ""
    if known is None:
        return WeightsError(
            f"{path} {why}{found}.", "Import it again: mrn weights import NAME FILE", path.name
        )
    size = f"{known.published_bytes:,} bytes, " if known.published_bytes else ""
    return WeightsError(
        f"{path} {why}{found}.",
        f"Expected {known.published_name}: {size}SHA-256 {known.published_sha256}"
        f"{'' if len(known.published_sha256) == 64 else '...'}; then: mrn weights import {known.name} FILE",
        known.name,
    )


def _write(tensors: Mapping[str, Tensor], metadata: dict[str, Any], path: Path) -> None:
    """Writes beside the place and renames, so that a file there is always whole."""
    from safetensors.torch import save

    data = save(
        {name: tensors[name].contiguous() for name in sorted(tensors)},
        {_METADATA_KEY: json.dumps(metadata, sort_keys=True)},
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise WeightsError(
            f"{path} cannot be written: {error.strerror}.",
            "Free some room, or set MRN_STUDIO_DATA.",
            path.name,
        ) from error
