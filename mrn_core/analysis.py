"""The path from two frames to an answer, and the Analyzer that walks it.

    clip, onset, apex -> face -> flow -> magnified frames -> features -> blocks and fusion -> Analysis

Each stage reads what came before and a few settings, and is kept under a key of just these; a
changed setting runs again from the first stage that reads it.
"""

from __future__ import annotations

import operator
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex

import numpy as np

from . import provenance
from .errors import Cancelled, ClipError, SettingsError
from .faces import NEUTRAL, CroppedPair, FaceChoice, crop_pair, rigid_motion
from .head_motion import HeadMotion
from .magnification import AmplificationLevels, magnifiers
from .magnification.flow import dense_flow
from .motion import fold_warning, motion_px, motion_warnings
from .networks import Networks
from .result import Analysis, FaceReading
from .settings import AnalysisSettings, get, row, rows
from .stages import StageCache, digest

if TYPE_CHECKING:
    import os

    from .clip import Clip

ApexSource = Literal["user", "annotated", "middle"] | str
Progress = Callable[[str, int, int], None]
Cancel = Callable[[], bool]
OnFrame = Callable[[int, np.ndarray], None]
FEW_LEVELS = 64  # up to which the blocks' matrices are small
CROP = 224


@dataclass(frozen=True)
class _Watch:
    """Who is told of progress, and who may stop the work."""

    progress: Progress | None = None
    cancel: Cancel | None = None
    on_frame: OnFrame | None = None

    def tell(self, stage: str, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(stage, done, total)
        self.check()

    def check(self) -> None:
        if self.cancel is not None and self.cancel():
            raise Cancelled


class Analyzer:
    """Owns the weights and one cache of stage results.

    Args:
        weights: a network that ``mrn train`` wrote; None takes seeded, untrained weights.
        device: "auto" (a CUDA device if there is one, else the CPU), "cpu", "cuda", "cuda:1" ...
        cache_dir: where stage results are kept between runs; None keeps them in memory alone.

    Its methods may be called from any thread, one at a time. torch is imported by the first stage
    that needs it.

    Raises:
        WeightsError: the weights file cannot be used (when it is first read).
        SettingsError: there is no such device (when it is first used).
    """

    def __init__(
        self,
        weights: str | os.PathLike[str] | None = None,
        device: str = "auto",
        cache_dir: str | os.PathLike[str] | None = None,
    ) -> None:
        self.networks = Networks(None if weights is None else Path(weights), device)
        self.cache = StageCache(folder=cache_dir)
        self._lock = threading.RLock()

    def default_settings(self) -> AnalysisSettings:
        """The defaults, with the configuration of the weights file where there is one."""
        return AnalysisSettings(network=self.networks.config())

    def run(
        self,
        clip: Clip,
        onset: int,
        apex: int,
        settings: AnalysisSettings | None = None,
        face: FaceChoice = None,
        apex_source: ApexSource = "user",
        progress: Progress | None = None,
        cancel: Cancel | None = None,
        on_frame: OnFrame | None = None,
    ) -> Analysis:
        """Magnifies the motion from ``onset`` to ``apex`` (indices from 0) and reads it.

        Args:
            clip: anything that ``open_clip`` gives.
            settings: the defaults if None.
            face: None (detect), "whole" (already a crop), a box (x, y, w, h), or landmarks (68, 2).
            apex_source: who chose the apex; stored.
            progress: called with (stage, done, total); stages are face, magnify, encode, blocks.
            cancel: asked between levels, batches and blocks.
            on_frame: called with each level's index and frame as it is made.

        Raises:
            ClipError: a frame number does not fit the clip, or the onset is not before the apex.
            FaceError, SettingsError, WeightsError: see there.
            Cancelled: ``cancel`` said so.
        """
        settings = settings or self.default_settings()
        watch = _Watch(progress, cancel, on_frame)
        onset, apex = check_marks(clip, onset, apex)
        with self._lock:
            watch.tell("face", 0, 1)
            pair = self._crop(clip, onset, apex, settings, face)
            pair_key = digest(pair.onset, pair.apex)
            flow = self.cache.get(
                "flow", digest(pair_key, 1), lambda: {"flow": dense_flow(pair.onset, pair.apex)}
            )["flow"]
            if pair.outside is not None:
                flow = np.where(pair.outside[..., None], np.float32(0), flow)
            watch.tell("face", 1, 1)
            levels = AmplificationLevels(
                settings.af_low, settings.af_high, settings.levels, settings.convention
            )
            frames, frame_keys = self._magnify(pair, pair_key, levels, settings, watch)
            features, precision, notes = self._encode(frames, frame_keys, settings, watch)
            moved = motion_px(flow, pair.landmarks_crop)
            warps = settings.magnifier == "lagrangian"
            head = _head_motion(pair)
            told = provenance.of_run(
                clip, onset, apex, apex_source, face, self.networks.told(settings.network)
            )
            told |= {
                "magnifier": magnifiers[settings.magnifier].identity(),
                "precision": precision,
                "notes": notes,
            }
            read = self._read(features, settings, watch)
            return Analysis(
                onset=pair.onset,
                apex=pair.apex,
                flow=flow,
                face=_face_reading(pair, face),
                motion_px=moved,
                rigid_px=None if head.left is None else head.left.px,
                head=head,
                levels=levels.values,
                gains=levels.gains,
                frames=frames,
                features=features,
                settings=settings,
                warnings=[
                    *pair.warnings,
                    *motion_warnings(clip, onset, apex, moved, head, settings.micro_motion_px),
                    *(fold_warning(flow, levels.values, levels.gains) if warps else []),
                    *notes,
                ],
                provenance=told | self._machine(settings),
                **read,
            )

    def rerun(self, analysis: Analysis, settings: AnalysisSettings, cancel: Cancel | None = None) -> Analysis:
        """The same frames and features read with other planes, tables, hash seed, centre, softmax ...

        Raises:
            SettingsError: a setting differs that an earlier stage reads; names it.
        """
        for one in rows():
            if one.limits.stage != "blocks" and get(settings, one.path) != get(analysis.settings, one.path):
                raise SettingsError(
                    f"{one.limits.label} is read before the blocks.", "Analyse the clip again.", one.path
                )
        with self._lock:
            read = self._read(analysis.features, settings, _Watch(cancel=cancel))
            told = (
                analysis.provenance
                | {"weights": self.networks.told(settings.network)}
                | self._machine(settings)
            )
            return replace(analysis, settings=settings, provenance=told, **read)

    def prepare(self, settings: AnalysisSettings, cancel: Cancel | None = None) -> None:
        """Makes the untrained networks that differ from these settings' in their projections alone, so that
        ``rerun`` need not: a tenth of a second each.
        """
        if self.networks.weights is None:
            for qk in row("network.qk").limits.choices:
                with self._lock:
                    if cancel is not None and cancel():
                        return
                    self.networks.get(replace(settings.network, qk=qk))

    def _crop(
        self, clip: Clip, onset: int, apex: int, settings: AnalysisSettings, face: FaceChoice
    ) -> CroppedPair:
        self.cache.counts["face"] += 1
        return crop_pair(
            clip[onset],
            clip[apex],
            face=face,
            backend=settings.face_backend,
            size=CROP,
            margin=settings.crop_margin,
            refine=settings.apex_alignment == "refined",
            onset_frame=onset,
            apex_frame=apex,
            onset_number=int(clip.numbers[onset]),
            apex_number=int(clip.numbers[apex]),
        )

    def _magnify(
        self,
        pair: CroppedPair,
        pair_key: str,
        levels: AmplificationLevels,
        settings: AnalysisSettings,
        watch: _Watch,
    ) -> tuple[np.ndarray, list[str]]:
        """(L, 224, 224, 3) uint8 and the key of each level; only missing levels are made."""
        magnifier = magnifiers[settings.magnifier]
        identity = magnifier.identity()
        if magnifier.needs_weights is not None:
            identity += f" {self._prepare_torch(settings)} threads"
        gains = [float(gain) for gain in levels.gains]
        # the flow is smooth across the picture's border: what lies beyond would be drawn along
        beyond = () if pair.outside is None else (pair.outside,)
        keys = [digest(pair_key, identity, gain, *beyond) for gain in gains]
        frames = np.empty((len(gains), *pair.onset.shape), np.uint8)
        state: Any = None
        for i, (gain, key) in enumerate(zip(gains, keys, strict=True)):
            found = self.cache.find("magnify", key)
            if found is None:
                state = magnifier.prepare(pair.onset, pair.apex) if state is None else state
                frame = magnifier.render(state, gain)
                if pair.outside is not None:
                    frame[pair.outside] = NEUTRAL
                found = self.cache.store("magnify", key, {"frame": frame})
            frames[i] = found["frame"]
            if watch.on_frame is not None:
                watch.on_frame(i, found["frame"])
            watch.tell("magnify", i + 1, len(gains))
        return frames, keys

    def _encode(
        self, frames: np.ndarray, frame_keys: Sequence[str], settings: AnalysisSettings, watch: _Watch
    ) -> tuple[np.ndarray, str, list[str]]:
        """(L, 1024) float32, the precision they were computed in, and notes; kept ones are not encoded."""
        import torch

        self._prepare_torch(settings)
        watch.tell("encode", 0, len(frames))
        device = self.networks.device()
        network = self.networks.get(settings.network)
        precision, notes = "float32", []
        if settings.precision == "bfloat16":
            from .network.encoder import bfloat16_works

            if bfloat16_works(device):
                precision = "bfloat16"
            else:
                notes.append("This processor has no bfloat16: the features were computed in float32.")
        trunk = self.networks.trunk_told(settings.network)
        keys = [digest(key, trunk, precision, str(device), torch.get_num_threads(), 1) for key in frame_keys]
        kept = [self.cache.find("encode", key) for key in keys]
        missing = [i for i, found in enumerate(kept) if found is None]
        if missing:
            ready = len(frames) - len(missing)
            batch = torch.from_numpy(frames[missing]).permute(0, 3, 1, 2).float() / 255
            features = network.encoder.encode(
                batch, getattr(torch, precision), lambda done: watch.tell("encode", ready + done, len(frames))
            )
            for i, row in zip(missing, features.cpu().numpy(), strict=True):
                kept[i] = self.cache.store("encode", keys[i], {"feature": row.copy()})
        watch.tell("encode", len(frames), len(frames))
        return np.stack([found["feature"] for found in kept if found is not None]), precision, notes

    def _read(self, features: np.ndarray, settings: AnalysisSettings, watch: _Watch) -> dict[str, Any]:
        """Blocks, fusion and classifier on the features of one clip."""
        import torch

        from .devices import one_thread

        self._prepare_torch(settings)
        network = self.networks.get(settings.network)
        watch.tell("blocks", 0, 1)
        with one_thread(len(features) <= FEW_LEVELS):
            logits, beta, traces = network.trace(
                features=torch.tensor(features, device=self.networks.device()).unsqueeze(0)
            )
        self.cache.counts["blocks"] += 1
        watch.tell("blocks", 1, 1)
        shares = torch.softmax(logits[0].double(), dim=-1).tolist()
        return {
            "scores": beta[0].cpu().numpy().astype(np.float32),
            "probabilities": dict(zip(network.config.labels, shares, strict=True)),
            "traces": tuple(traces[0]),
            "trained": self.networks.trained,
        }

    def _prepare_torch(self, settings: AnalysisSettings) -> int:
        from .devices import use_threads

        return use_threads(settings.threads)

    def _machine(self, settings: AnalysisSettings) -> dict[str, Any]:
        from .devices import threads

        return {
            "settings": settings.to_dict(),
            "device": str(self.networks.device()),
            "threads": threads(),
            "versions": provenance.versions(),
        }


def analyze(
    clip: Clip,
    onset: int,
    apex: int,
    settings: AnalysisSettings | None = None,
    *,
    weights: str | os.PathLike[str] | None = None,
    device: str = "auto",
    **options: Any,
) -> Analysis:
    """``Analyzer.run`` on an Analyzer of its own; see there for ``options`` and errors."""
    return Analyzer(weights, device).run(clip, onset, apex, settings, **options)


def check_marks(clip: Clip, onset: SupportsIndex, apex: SupportsIndex) -> tuple[int, int]:
    """The marks as whole numbers that fit the clip.

    Raises:
        ClipError: one is out of range (the range is named), the onset is not before the apex, or the clip
            has one frame.
    """
    if len(clip) == 1:
        raise ClipError(f"{clip.name} has one frame; two are needed.", "Choose a clip with more frames.")
    marks = {"onset": operator.index(onset), "apex": operator.index(apex)}
    for name, frame in marks.items():
        if not 0 <= frame < len(clip):
            raise ClipError(f"The {name} {frame} is not in {clip.name}.", clip.ranges())
    named = {name: clip.so_far().told(frame) for name, frame in marks.items()}
    if marks["onset"] >= marks["apex"]:
        what = (
            "is the apex itself" if marks["onset"] == marks["apex"] else f"is after the apex {named['apex']}"
        )
        raise ClipError(
            f"The onset {named['onset']} {what}.",
            "Put the onset before the apex: the motion between them is magnified.",
        )
    return marks["onset"], marks["apex"]


def _head_motion(pair: CroppedPair) -> HeadMotion:
    onset, apex = (
        tuple(tuple(row) for row in transform.matrix.tolist())
        for transform in (pair.transform, pair.apex_transform or pair.transform)
    )
    left = rigid_motion(pair.onset, pair.apex, pair.landmarks_crop)
    return HeadMotion(left, pair.taken_out, onset, apex)


def _face_reading(pair: CroppedPair, face: FaceChoice) -> FaceReading:
    if pair.face is None:
        return FaceReading(source="whole", measured=pair.measured, chosen=pair.chosen)
    given = None if face is None or isinstance(face, str) else np.asarray(face)
    source = pair.face.backend
    if given is not None:
        source = "landmarks" if given.shape == (68, 2) else "box"
    return FaceReading(
        box=pair.face.box,
        landmarks=pair.face.landmarks,
        crop_landmarks=pair.landmarks_crop,
        quality=pair.face.quality,
        source=source,
        measured=pair.measured,
        chosen=pair.chosen,
    )
