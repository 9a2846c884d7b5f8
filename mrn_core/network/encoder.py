"""The first layers of ResNet-18: a frame becomes a vector of 1024 numbers."""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torchvision.models import resnet18

BATCH = 8  # frames a call; always 8, padded, so that a frame's bits do not depend on its neighbours
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


class FrameEncoder(nn.Module):
    """conv1 .. layer3 (256 x 14 x 14), average-pooled to 2 x 2, flattened to 1024; no layer of its own.

    The input normalisation (``mean``, ``std``) belongs to the weights and is kept with them.

    Example:
        >>> FrameEncoder().eval().encode(torch.rand(3, 3, 224, 224)).shape
        torch.Size([3, 1024])
    """

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        whole = resnet18(weights=None)
        self.conv1: nn.Module = whole.conv1
        self.bn1: nn.Module = whole.bn1
        self.relu, self.maxpool = whole.relu, whole.maxpool
        self.layer1, self.layer2, self.layer3 = whole.layer1, whole.layer2, whole.layer3
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(3, 1, 1))
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(3, 1, 1))
        self._fast: tuple[object, nn.Module] | None = None

    def forward(self, frames: Tensor) -> Tensor:
        """(N, 3, 224, 224) float RGB in 0..1 -> (N, 1024)."""
        x = (frames - self.mean) / self.std
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer3(self.layer2(self.layer1(x)))
        pooled: Tensor = nn.functional.adaptive_avg_pool2d(x, 2).flatten(1)
        return pooled

    def encode(
        self,
        frames: Tensor,
        precision: torch.dtype = torch.float32,
        after_batch: Callable[[int], None] | None = None,
    ) -> Tensor:
        """The same without gradients and faster: folded, channels-last, 8 frames a call.

        Args:
            frames: (N, 3, 224, 224) float RGB in 0..1.
            precision: float32, or bfloat16 for the convolutions.
            after_batch: called with the number of frames done; it may raise to stop.

        Returns:
            (N, 1024) float32. A frame's bits depend on it alone, not on N or its place.
        """
        fast = self._folded(precision)
        done = []
        with torch.inference_mode():
            for start in range(0, len(frames), BATCH):
                batch = frames[start : start + BATCH].to(self.mean.device)
                real = len(batch)
                if real < BATCH:
                    batch = torch.cat([batch, batch.new_zeros(BATCH - real, *batch.shape[1:])])
                batch = batch.contiguous(memory_format=torch.channels_last).to(precision)
                done.append(fast(batch)[:real].float())
                if after_batch is not None:
                    after_batch(start + real)
        return torch.cat(done).clone() if done else frames.new_zeros(0, 1024)

    def _folded(self, precision: torch.dtype) -> nn.Module:
        """A copy with batch normalisation folded into the convolutions, remade when the weights change."""
        tensors = [*self.parameters(), *self.buffers()]
        key = (precision, tuple((t.data_ptr(), t._version) for t in tensors))
        if self._fast is None or self._fast[0] != key:
            self._fast = None
            fast = copy.deepcopy(self).eval()
            _fold(fast, "conv1", "bn1")
            for block in (*fast.layer1, *fast.layer2, *fast.layer3):
                _fold(block, "conv1", "bn1")
                _fold(block, "conv2", "bn2")
                if block.downsample is not None:
                    _fold(block.downsample, "0", "1")
            fast.requires_grad_(False).to(memory_format=torch.channels_last).to(precision)
            self._fast = (key, fast)
        return self._fast[1]


def _fold(owner: nn.Module, convolution: str, norm: str) -> None:
    """Puts a batch normalisation's scale and shift into the convolution before it."""
    folded = fuse_conv_bn_eval(owner.get_submodule(convolution), owner.get_submodule(norm))  # type: ignore[type-var, arg-type]
    setattr(owner, convolution, folded)
    setattr(owner, norm, nn.Identity())


def bfloat16_works(device: torch.device) -> bool:
    """Whether the device computes bfloat16 convolutions in hardware.

    Example:
        >>> bfloat16_works(torch.device("cpu")) in (True, False)
        True
    """
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
