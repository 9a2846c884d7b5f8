"""A network as one safetensors file, its configuration and what it was trained on inside."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from mrn_core.errors import SettingsError, WeightsError
from mrn_core.result import write_whole
from mrn_core.settings import MRNConfig

from .mrn import MRN

FORMAT = "mrn-1"


def save_mrn(
    network: MRN, path: str | os.PathLike[str], trained: bool = False, told: dict[str, Any] | None = None
) -> None:
    """Writes weights, hyper-planes, input normalisation and config, whole or not at all.

    Args:
        trained: whether its probabilities mean anything.
        told: anything JSON-able about its making (data, date, licence).

    Raises:
        FileError: the place cannot be written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_mrn(MRN(MRNConfig(blocks=1, feedforward=8)), f"{folder}/n.safetensors")
        ...     load_mrn(f"{folder}/n.safetensors")[1]["trained"]
        False
    """
    tensors = {name: tensor.contiguous().cpu() for name, tensor in network.state_dict().items()}
    about = {
        "format": FORMAT,
        "config": network.config.to_dict(),
        "trained": trained,
        "told": told or {},
    }
    # One key: the file format keeps several in no fixed order, and equal networks shall give equal bytes.
    metadata = {"mrn": json.dumps(about, sort_keys=True)}
    data = save(tensors, metadata)
    write_whole(path, lambda file: file.write(data))


def load_mrn(path: str | os.PathLike[str]) -> tuple[MRN, dict[str, Any]]:
    """The network in a file that ``save_mrn`` wrote, in eval mode, and {"trained", "told", "config"}.

    Raises:
        WeightsError: the file is missing, damaged, of another kind, or does not fit its own config;
            names the first tensor at fault.
    """
    name = Path(path).name
    if not Path(path).is_file():
        raise WeightsError(f"There is no weights file {path}.", "Check the name.", name)
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise WeightsError(
            f"{name} is no whole safetensors file ({error}).", "Copy it again from where it came.", name
        ) from error
    try:
        about = json.loads(metadata.get("mrn", "{}"))
        if about.get("format") != FORMAT:
            raise WeightsError(
                f"{name} holds no network of MRN Studio.", "Choose a file written by mrn train.", name
            )
        config = MRNConfig.from_dict(about["config"])
        trained, told = bool(about["trained"]), dict(about["told"])
    except (KeyError, ValueError, TypeError, AttributeError, SettingsError) as error:
        raise WeightsError(f"The configuration in {name} cannot be read: {error}", "", name) from error
    network = MRN(config)
    wanted = network.state_dict()
    for key in sorted(wanted.keys() | tensors.keys()):
        if key not in tensors or key not in wanted:
            where = "lacks" if key not in tensors else "has the unknown tensor"
            raise WeightsError(f"{name} {where} {key}.", "It does not fit its own configuration.", name)
        if wanted[key].shape != tensors[key].shape:
            raise WeightsError(
                f"{key} in {name} is {tuple(tensors[key].shape)}, not {tuple(wanted[key].shape)}.",
                "It does not fit its own configuration.",
                name,
            )
        if tensors[key].is_floating_point() and not bool(torch.isfinite(tensors[key]).all()):
            raise WeightsError(f"{key} in {name} is not finite.", "Copy or train it again.", name)
    network.load_state_dict(tensors)
    network.saved_planes = [tensors[f"blocks.{b}.attention.hyperplanes"] for b in range(config.blocks)]
    network.configure(config)
    return network.eval(), {"trained": trained, "told": told, "config": config}
