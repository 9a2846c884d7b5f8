"""The networks of an Analyzer: made from seeds or read from one weights file, and kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import SettingsError
from .provenance import file_sha256
from .settings import MRNConfig

if TYPE_CHECKING:
    import torch

    from .network.mrn import MRN

KEPT = 3  # seeded networks; each is some 80 MB; those of one seed share their trunk


class Networks:
    """Gives the network for a configuration; torch is imported when the first is asked for.

    Args:
        weights: a file that ``save_mrn`` wrote, or None for seeded, untrained weights.
        device: a name that ``mrn_core.devices.device`` takes.

    Raises:
        WeightsError: the weights file or the trunk's weights cannot be used (when first read).
        SettingsError: there is no such device, or the configuration does not fit the weights.
    """

    def __init__(self, weights: Path | None, device: str) -> None:
        self.weights = weights
        self.device_name = device
        self._made: dict[MRNConfig, MRN] = {}
        self._loaded: tuple[MRN, dict[str, Any]] | None = None

    def device(self) -> torch.device:
        """Where the networks are."""
        from .devices import device

        return device(self.device_name)

    def get(self, config: MRNConfig) -> MRN:
        """The network, set to this configuration; its weights are made or loaded once."""
        from .network.mrn import LIVE, MRN

        if self.weights is not None:
            network = self._from_file()[0]
            network.configure(config)
            return network
        if config.feature_norm == "dataset":
            raise SettingsError(
                "Untrained weights know no data set to normalise by.",
                "Take feature_norm clip or none, or weights that were trained.",
                "network.feature_norm",
            )
        # Networks that differ in live settings alone share their weights.
        plain = MRNConfig()
        shaped = replace(config, **{name: getattr(plain, name) for name in LIVE})
        if shaped not in self._made:
            while len(self._made) >= KEPT:
                self._made.pop(next(iter(self._made)))
            trunk = config.seed, config.trunk
            known = [made.encoder for key, made in self._made.items() if (key.seed, key.trunk) == trunk]
            network = MRN(shaped, *known[:1]).eval()
            if not known and config.trunk != "seeded":
                from .network.trunk import load_trunk

                load_trunk(network.encoder, config.trunk)
            self._made[shaped] = network.to(self.device())
        network = self._made[shaped]
        network.configure(config)
        return network

    @property
    def trained(self) -> bool:
        """Whether the probabilities mean anything."""
        return self.weights is not None and bool(self._from_file()[1]["trained"])

    def config(self) -> MRNConfig:
        """The configuration of the weights file, or the default one."""
        config: MRNConfig = MRNConfig() if self.weights is None else self._from_file()[1]["config"]
        return config

    def told(self, config: MRNConfig) -> dict[str, Any]:
        """Which weights a configuration uses, for the provenance."""
        network: dict[str, Any] = {"kind": "untrained", "seed": config.seed}
        if self.weights is not None:
            told = self._from_file()[1]
            network = {
                "kind": "trained" if told["trained"] else "untrained",
                "file": self.weights.name,
                "sha256": told["sha256"],
                "told": told["told"],
            }
        return {"network": network, "trunk": self.trunk_told(config)}

    def trunk_told(self, config: MRNConfig) -> dict[str, Any]:
        """Which weights the encoder uses: all that its features' key needs beside the frames."""
        if self.weights is not None:
            return {"file": self.weights.name, "sha256": self._from_file()[1]["sha256"]}
        if config.trunk == "seeded":
            return {"kind": "seeded", "seed": config.seed}
        from .weights import find, sha256_of

        return {"kind": config.trunk, "sha256": sha256_of(find(config.trunk))}

    def _from_file(self) -> tuple[MRN, dict[str, Any]]:
        if self._loaded is None:
            from .network.files import load_mrn

            assert self.weights is not None
            network, told = load_mrn(self.weights)
            told["sha256"] = file_sha256(self.weights)
            self._loaded = (network.to(self.device()), told)
        return self._loaded
