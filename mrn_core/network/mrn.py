"""The magnification-robust network, top to bottom (section II of the paper)."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from mrn_core.errors import SettingsError
from mrn_core.settings import MAX_PLANES, MAX_TABLES, MRNConfig
from mrn_core.trace import AttentionTrace

from .attention import BlockTrace, SparseSelfAttention
from .encoder import FrameEncoder
from .fusion import ScoreFusion
from .lsh import draw_hyperplanes
from .position import sinusoidal

# These may be exchanged on a made network: they choose how its weights are used.
LIVE = ("planes", "tables", "hash_seed", "hash_centre", "softmax", "attention", "feature_norm")


class Block(nn.Module):
    """SSA, residual, LayerNorm, feed-forward, residual, LayerNorm (post-norm, as in Vaswani et al.)."""

    def __init__(self, config: MRNConfig) -> None:
        super().__init__()
        width = config.d_model
        self.attention = SparseSelfAttention(config)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.feedforward = nn.Sequential(
            nn.Linear(width, config.feedforward), nn.ReLU(), nn.Linear(config.feedforward, width)
        )
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, width) -> (B, L, width)."""
        return self._after(x, self.attention(x))

    def trace(self, x: Tensor) -> tuple[Tensor, BlockTrace]:
        attended, trace = self.attention.trace(x)
        return self._after(x, attended), trace

    def _after(self, x: Tensor, attended: Tensor) -> Tensor:
        x = self.norm1(x + self.dropout(attended))
        return self.norm2(x + self.dropout(self.feedforward(x)))


class MRN(nn.Module):
    """Magnified frames to logits; with seeded, untrained weights until others are loaded.

    Args:
        encoder: a frozen one that another network of the same seed has, to be shared with it.

    Example:
        >>> network = MRN(MRNConfig(planes=3, tables=4, seed=0)).eval()
        >>> network.from_features(torch.randn(2, 32, 1024)).shape
        torch.Size([2, 5])
    """

    feature_mean: Tensor
    feature_std: Tensor

    def __init__(self, config: MRNConfig | None = None, encoder: FrameEncoder | None = None) -> None:
        super().__init__()
        self.config = config = config or MRNConfig()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(sub_seed(config.seed, "trunk"))
            self.encoder = encoder or FrameEncoder().eval().requires_grad_(False)
            torch.manual_seed(sub_seed(config.seed, "blocks"))
            blocks = [Block(config) for _ in range(config.blocks)]
            for block in blocks:
                _start_attention(block.attention)
            self.blocks = nn.ModuleList(blocks)
            torch.manual_seed(sub_seed(config.seed, "fusion"))
            self.fusion = ScoreFusion(config.d_model, len(config.labels), config.fusion)
        self.register_buffer("feature_mean", torch.zeros(config.d_model))
        self.register_buffer("feature_std", torch.ones(config.d_model))
        self.saved_planes = self._drawn(sub_seed(config.seed, "planes"))
        self.configure(config)

    def forward(self, frames: Tensor) -> Tensor:
        """(B, L, 3, 224, 224) float RGB in 0..1 -> logits (B, C)."""
        return self.from_features(self.encode(frames))

    def encode(self, frames: Tensor) -> Tensor:
        """(B, L, 3, 224, 224) float RGB in 0..1 -> (B, L, 1024), before normalisation.

        A frozen trunk (the default) is run without gradients, 8 frames a call; a trainable one
        (``encoder.requires_grad_(True)``) as it stands.
        """
        flat = frames.flatten(0, 1)
        trains = any(p.requires_grad for p in self.encoder.parameters())
        encoded = self.encoder(flat) if trains else self.encoder.encode(flat)
        return encoded.unflatten(0, frames.shape[:2])

    def from_features(self, features: Tensor) -> Tensor:
        """(B, L, 1024) as ``encode`` gives them -> logits (B, C)."""
        normal = self.normalise(features)
        x = normal + sinusoidal(normal.shape[1], normal.shape[2], normal.device)
        for block in self._blocks():
            x = block(x)
        logits: Tensor = self.fusion(normal, x)[0]
        return logits

    def trace(
        self, frames: Tensor | None = None, features: Tensor | None = None
    ) -> tuple[Tensor, Tensor, list[list[AttentionTrace]]]:
        """Logits (B, C), beta (B, L), and for each clip a trace of each block; without gradients.

        Raises:
            SettingsError: both or neither of ``frames`` and ``features`` are given.
        """
        if (frames is None) == (features is None):
            raise SettingsError("A trace needs either frames or features.", "Give one of the two.")
        with torch.inference_mode():
            if frames is not None:
                features = self.encode(frames)
            assert features is not None
            normal = self.normalise(features)
            x = normal + sinusoidal(normal.shape[1], normal.shape[2], normal.device)
            traces = []
            for block in self._blocks():
                x, trace = block.trace(x)
                traces.append(trace)
            logits, beta = self.fusion(normal, x)
        clips = [[_as_arrays(trace, i) for trace in traces] for i in range(len(normal))]
        return logits, beta, clips

    def normalise(self, features: Tensor) -> Tensor:
        """F as both branches read it (design section 6), (B, L, 1024).

        "clip": (F - mean_L F) / sqrt(var_L F + 1e-6), each dimension over the clip's own levels,
        so that what changes with AF stays and whose face it is goes. "dataset": by the training
        set's mean and spread. "none": as it is.
        """
        if self.config.feature_norm == "clip":
            mean = features.mean(dim=1, keepdim=True)
            variance = features.var(dim=1, keepdim=True, unbiased=False)
            return (features - mean) / torch.sqrt(variance + 1e-6)
        if self.config.feature_norm == "dataset":
            return (features - self.feature_mean) / self.feature_std
        return features

    def configure(self, config: MRNConfig) -> None:
        """Uses the same weights with other planes, tables, hash seed, centre, softmax, method or norm.

        Raises:
            SettingsError: ``config`` differs in something that shapes the weights; names it.
        """
        for field in dataclasses.fields(config):
            if field.name not in LIVE and getattr(config, field.name) != getattr(self.config, field.name):
                raise SettingsError(
                    f"These weights were made with {field.name} = {getattr(self.config, field.name)}, "
                    f"not {getattr(config, field.name)}.",
                    f"Leave {field.name} as it is, or take other weights.",
                    field=field.name,
                )
        self.config = config
        drawn = self.saved_planes if config.hash_seed < 0 else self._drawn(config.hash_seed)
        for block, planes in zip(self._blocks(), drawn, strict=True):
            block.attention.config = config
            block.attention.hyperplanes = planes.to(block.norm1.weight.device)

    def redraw(self, generator: torch.Generator) -> None:
        """New hyper-planes from a seeded generator, as at each training step (Algorithm 1, line 2)."""
        for block in self._blocks():
            planes = draw_hyperplanes(
                self.config.heads, MAX_TABLES, MAX_PLANES, self.config.d_head, generator
            )
            block.attention.hyperplanes = planes.to(block.norm1.weight.device)

    def _blocks(self) -> list[Block]:
        return cast(list[Block], list(self.blocks))

    def _drawn(self, seed: int) -> list[Tensor]:
        generator = torch.Generator().manual_seed(seed)
        return [
            draw_hyperplanes(self.config.heads, MAX_TABLES, MAX_PLANES, self.config.d_head, generator)
            for _ in range(self.config.blocks)
        ]


def sub_seed(seed: int, part: str) -> int:
    """A seed of its own for each part, so that one part's size never shifts another's numbers.

    Example:
        >>> sub_seed(0, "trunk") != sub_seed(0, "blocks")
        True
    """
    return int.from_bytes(hashlib.sha256(f"{seed}/{part}".encode()).digest()[:6], "big")


def _start_attention(attention: SparseSelfAttention) -> None:
    for layer in (attention.query, attention.key, attention.value, attention.out):
        if layer is not None:
            nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(attention.out.bias)
    if attention.config.qk == "tied" and attention.key is not None:
        # W_k starts at W_q and trains freely: without it no near-diagonal is ever there.
        with torch.no_grad():
            attention.key.weight.copy_(attention.query.weight)


def _as_arrays(trace: BlockTrace, clip: int) -> AttentionTrace:
    def array(x: Tensor, kind: type) -> np.ndarray:
        return np.ascontiguousarray(x.detach().cpu().numpy().astype(kind))

    return AttentionTrace(
        weights=array(trace.weights[clip], np.float32),
        mask=array(trace.mask[clip], np.bool_),
        query_buckets=array(trace.query_buckets[clip], np.int64),
        key_buckets=array(trace.key_buckets[clip], np.int64),
        queries=array(trace.queries[clip], np.float32),
        keys=array(trace.keys[clip], np.float32),
        hyperplanes=array(trace.hyperplanes, np.float32),
        query_centre=array(trace.query_centre[clip], np.float32),
        key_centre=array(trace.key_centre[clip], np.float32),
    )
