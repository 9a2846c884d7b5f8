"""Named weights: which ones are known, where they are kept, and how published ones come in.

Weights are kept as safetensors, which hold numbers and text and can run nothing. A published
PyTorch file is read once, by ``import_published``, with ``weights_only=True``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mrn_core.errors import WeightsError
from mrn_core.known_weights import INPUT, KNOWN, KnownWeights

if TYPE_CHECKING:
    from torch import Tensor

# One key, because the file format keeps several in no fixed order, and the same import shall
# give the same bytes.
_METADATA_KEY = "mrn"
NAME = r"[a-z0-9][a-z0-9-]{0,60}"  # of installed weights: a plain word, never a path
_POINTER = b"version https://git-lfs"


@dataclass(frozen=True)
class InstalledWeights:
    """Weights on this machine: their name, file, SHA-256 of the file, and what came with them."""

    name: str
    path: Path
    sha256: str
    metadata: dict[str, Any]


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
    own = weights_dir() / f"{name}.safetensors"
    if name not in KNOWN and re.fullmatch(NAME, name) and own.is_file():
        return own
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
    return read_file(find(name), expected=name if name in KNOWN else None)


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
    tensors = _used(read_tensors(file, known), known)
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
        "input": INPUT[name],
    }
    return keep(tensors, metadata, name)


def keep(tensors: Mapping[str, Tensor], metadata: dict[str, Any], name: str) -> Path:
    """Writes tensors and metadata as the installed weights ``name``; gives the file.

    Raises:
        WeightsError: the place cannot be written, or the name is no plain word.
    """
    if not re.fullmatch(NAME, name):
        raise WeightsError(
            f'"{name}" is no name for weights.', "Use small letters, digits and hyphens.", name
        )
    path = weights_dir() / f"{name}.safetensors"
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


def read_tensors(file: Path, known: KnownWeights | None = None) -> dict[str, Any]:
    """The named tensors of a published PyTorch file, read with ``weights_only=True``.

    Checkpoints that hold them under "state_dict", "model_state_dict" or "model" are opened.

    Raises:
        WeightsError: the file is missing, damaged, or holds something else.
    """
    try:
        with file.open("rb") as stream:
            beginning = stream.read(len(_POINTER))
    except OSError as error:
        raise WeightsError(
            f"{file} cannot be read: {error.strerror}.", "Check its name.", file.name
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
    for nested in ("state_dict", "model_state_dict", "model"):
        if isinstance(content, Mapping) and isinstance(content.get(nested), Mapping):
            content = content[nested]
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
