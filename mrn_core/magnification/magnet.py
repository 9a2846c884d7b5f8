"""MagNet (Oh et al. 2018) as a magnifier: PyTorch and the weights are loaded when first used."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from mrn_core import weights
from mrn_core.magnification.base import Image, LevelByLevel, check_pair, to_bytes

if TYPE_CHECKING:
    from torch import Tensor

    from mrn_core.magnification.magnet_network import Encoded, MagNetNetwork

_MULTIPLE = 4  # the texture is kept at a quarter of the size
_SMALLEST_SIDE = 16  # so that a quarter of it can still be mirrored


class MagNetState(NamedTuple):
    """The network, what it encoded, and the (height, width) to cut its answer to."""

    network: MagNetNetwork
    encoded: Encoded
    size: tuple[int, int]


class MagNet(LevelByLevel):
    """The learned magnifier, one level at a time in float32 (batches are slower on a processor).

    Its factor is the gain less one (``alpha``, added to the apex). It reconstructs rather than
    moves pixels, so even gain 1 is not the apex bit for bit, and it moves less than asked.

    Args:
        device: where PyTorch computes, "cpu" or "cuda".
        path: a weights file; without it, the installed ones by name.
    """

    name = "magnet"
    label = "MagNet (Oh et al. 2018)"
    note = "A learned network that repaints the face: it fills what a warp cannot, and moves less than asked."
    needs_weights: ClassVar[str | None] = "magnet"

    def __init__(self, device: str = "cpu", path: Path | None = None) -> None:
        self._device = device
        self._path = path
        self._loaded: tuple[str, MagNetNetwork] | None = None
        self._lock = Lock()

    def identity(self) -> str:
        """Raises WeightsError where the weights are not installed."""
        where = "" if self._device == "cpu" else f" on {self._device}"
        return f"magnet 1, torch {version('torch')}{where}, weights {weights.sha256_of(self._file())}"

    def prepare(self, onset: Image, apex: Image) -> MagNetState:
        import torch

        check_pair(onset, apex)
        network = self._network()
        with torch.inference_mode():
            encoded = network.encode(self._tensor(onset), self._tensor(apex))
        return MagNetState(network, encoded, (onset.shape[0], onset.shape[1]))

    def render(self, state: MagNetState, gain: float) -> Image:
        import torch

        with torch.inference_mode():
            picture = state.network.decode(state.encoded, gain - 1.0)
        height, width = state.size
        values = picture[0].permute(1, 2, 0)[:height, :width].float().cpu().numpy()
        return to_bytes((values + 1.0) * 127.5)

    def _file(self) -> Path:
        return self._path if self._path is not None else weights.find("magnet")

    def _network(self) -> MagNetNetwork:
        """The network with its weights, read again only when their file has changed."""
        import torch

        from mrn_core.magnification.magnet_network import MagNetNetwork

        path = self._file()
        digest = weights.sha256_of(path)
        with self._lock:
            if self._loaded is None or self._loaded[0] != digest:
                tensors, _ = weights.read_file(path, expected="magnet")
                network = MagNetNetwork()
                network.load_state_dict(tensors)
                network.eval().requires_grad_(False)
                network.to(device=self._device, memory_format=torch.channels_last)  # type: ignore[call-overload]
                self._loaded = (digest, network)
            return self._loaded[1]

    def _tensor(self, frame: Image) -> Tensor:
        """(1, 3, H', W') float32 in -1..1, mirrored on to sides that are multiples of 4."""
        import torch

        height, width = frame.shape[:2]
        below, right = (_padding(side) for side in (height, width))
        padded = np.pad(frame, ((0, below), (0, right), (0, 0)), "reflect")
        values = torch.from_numpy(padded).to(self._device).permute(2, 0, 1)[None].float() / 127.5 - 1.0
        return values.contiguous(memory_format=torch.channels_last)


def _padding(side: int) -> int:
    return max(_SMALLEST_SIDE, -(-side // _MULTIPLE) * _MULTIPLE) - side
