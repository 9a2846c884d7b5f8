"""The network of Oh et al., "Learning-based Video Motion Magnification" (ECCV 2018).

In the sizes of the PyTorch version by ZhengPeng, whose published weights fit it: 42
convolutions without bias, every one padded by reflection, 877,968 parameters. Pictures are RGB
in -1..1. The names of the parts follow the published file's, so that it loads as it is.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn


class PaddedConv(nn.Module):
    """Convolution without bias over a reflected border, with a ReLU where asked."""

    def __init__(self, c_in: int, c_out: int, size: int = 3, stride: int = 1, relu: bool = True) -> None:
        super().__init__()
        self.conv2d = nn.Conv2d(
            c_in, c_out, size, stride, padding=size // 2, padding_mode="reflect", bias=False
        )
        self.relu = relu

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv2d(x)
        return torch.relu(x) if self.relu else x


class ResidualBlock(nn.Module):
    """Two convolutions and the way round them; nothing after the sum."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.cba_1 = PaddedConv(channels, channels)
        self.cba_2 = PaddedConv(channels, channels, relu=False)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.cba_2(self.cba_1(x))


def _blocks(channels: int, count: int) -> nn.Sequential:
    return nn.Sequential(*(ResidualBlock(channels) for _ in range(count)))


class Encoder(nn.Module):
    """A picture's texture (B, 32, H/4, W/4) and shape (B, 32, H/2, W/2)."""

    def __init__(self) -> None:
        super().__init__()
        self.cba_1 = PaddedConv(3, 16, size=7)
        self.cba_2 = PaddedConv(16, 32, stride=2)
        self.resblks = _blocks(32, 3)
        self.texture_cba = PaddedConv(32, 32, stride=2)
        self.texture_resblks = _blocks(32, 2)
        self.motion_cba = PaddedConv(32, 32)
        self.motion_resblks = _blocks(32, 2)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        common = self.resblks(self.cba_2(self.cba_1(picture)))
        texture = self.texture_resblks(self.texture_cba(common))
        shape = self.motion_resblks(self.motion_cba(common))
        return texture, shape


class Manipulator(nn.Module):
    """The change of shape to be added: h(alpha * g(shape_b - shape_a))."""

    def __init__(self) -> None:
        super().__init__()
        self.g = PaddedConv(32, 32)
        self.h_conv = PaddedConv(32, 32, relu=False)
        self.h_resblk = ResidualBlock(32)

    def forward(self, shape_a: Tensor, shape_b: Tensor, alpha: float = 1.0) -> Tensor:
        return self.h_resblk(self.h_conv(self.g(shape_b - shape_a) * alpha))


class Decoder(nn.Module):
    """Texture and shape back to a picture (B, 3, H, W)."""

    def __init__(self) -> None:
        super().__init__()
        self.up = nn.UpsamplingNearest2d(scale_factor=2)
        self.resblks = _blocks(64, 9)
        self.cba_1 = PaddedConv(64, 32)
        self.cba_2 = PaddedConv(32, 3, size=7, relu=False)

    def forward(self, texture: Tensor, shape: Tensor) -> Tensor:
        mixed = self.resblks(torch.cat([self.up(texture), shape], dim=1))
        return self.cba_2(self.cba_1(self.up(mixed)))


class Encoded(NamedTuple):
    """The apex' texture and shape, and the change of shape for alpha 1 and for alpha -1."""

    texture_b: Tensor
    shape_b: Tensor
    forward: Tensor
    backward: Tensor


class MagNetNetwork(nn.Module):
    """Onset, apex and alpha in, the magnified picture out; height and width multiples of 4.

    ``alpha`` is the extra gain, added to the apex: by the formula the motion is 1 + alpha times
    that from onset to apex. (The authors' own version takes the total gain instead.)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.manipulator = Manipulator()
        self.decoder = Decoder()

    def forward(self, onset: Tensor, apex: Tensor, alpha: float) -> Tensor:
        """(B, 3, H, W) each, in -1..1: everything again for one alpha, as it is defined."""
        _, shape_a = self.encoder(onset)
        texture_b, shape_b = self.encoder(apex)
        return self.decoder(texture_b, shape_b + self.manipulator(shape_a, shape_b, alpha))

    def encode(self, onset: Tensor, apex: Tensor) -> Encoded:
        """What all alphas share, encoded once.

        Convolutions without bias and ReLU are positively homogeneous, h(c x) = c h(x) for c >= 0,
        so the change of shape for any alpha is |alpha| times that for 1 or for -1.
        """
        _, shape_a = self.encoder(onset)
        texture_b, shape_b = self.encoder(apex)
        forward = self.manipulator(shape_a, shape_b, 1.0)
        backward = self.manipulator(shape_a, shape_b, -1.0)
        return Encoded(texture_b, shape_b, forward, backward)

    def decode(self, encoded: Encoded, alpha: float) -> Tensor:
        """The magnified picture (B, 3, H, W) for one alpha: what ``forward`` gives, for less."""
        change = encoded.forward if alpha >= 0 else encoded.backward
        return self.decoder(encoded.texture_b, encoded.shape_b + abs(alpha) * change)
