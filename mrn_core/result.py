"""An ``Analysis``: the answer of one run as plain data that explains itself."""

from __future__ import annotations

import json
import math
import os
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import FileError
from .face_reading import FaceQuality as FaceQuality
from .face_reading import FaceReading as FaceReading
from .head_motion import HeadMotion as HeadMotion
from .settings import AnalysisSettings
from .trace import AttentionTrace, BoolArray, FloatArray
from .worth import Shows, untrained

FORMAT = 1


@dataclass(frozen=True, eq=False)
class Analysis:
    """One clip, one onset and apex, one set of settings, and everything computed from them.

    Attributes:
        onset, apex: (224, 224, 3) uint8 RGB, the aligned crops.
        flow: (224, 224, 2) float32 px, apex to onset, read at the apex's pixel.
        face: where the face is.
        motion_px: motion from onset to apex in px at 224, the 99th percentile over the face.
        rigid_px: how far the whole head moves the face, px (``head.left``), or None when it cannot be told.
        levels, gains: (L,) float64, the amplification factors and the gains (1 + AF, Eq. 1).
        frames: (L, 224, 224, 3) uint8.
        features: (L, 1024) float32, the trunk's, before normalisation.
        scores: (L,) float32, beta of Eq. 7.
        probabilities: label to probability.
        traces: one for each block.
        trained: False means that the probabilities mean nothing.
        warnings: sentences for the user.
        settings: what was asked for.
        provenance: everything needed to make it again, JSON-able.
        head: the whole head's motion that is left and that was taken out, and how the crops were cut.
    """

    onset: npt.NDArray[np.uint8]
    apex: npt.NDArray[np.uint8]
    flow: FloatArray
    face: FaceReading
    motion_px: float
    rigid_px: float | None
    levels: npt.NDArray[np.float64]
    gains: npt.NDArray[np.float64]
    frames: npt.NDArray[np.uint8]
    features: FloatArray
    scores: FloatArray
    probabilities: dict[str, float]
    traces: tuple[AttentionTrace, ...]
    trained: bool
    settings: AnalysisSettings
    warnings: list[str] = field(default_factory=list)
    provenance: dict[str, Any] = field(default_factory=dict)
    head: HeadMotion = field(default_factory=HeadMotion)

    def reach(self) -> npt.NDArray[np.float64]:
        """(blocks, h, L) share of the other L-1 queries that may attend to key i; NaN when L = 1."""
        return np.stack([trace.reach() for trace in self.traces])

    def zeroed(self) -> BoolArray:
        """(blocks, h, L) True where reach is 0."""
        return np.stack([trace.zeroed() for trace in self.traces])

    def silent(self) -> BoolArray:
        """(blocks, h, L) True where query i may attend to no key but itself."""
        return np.stack([trace.silent() for trace in self.traces])

    def received(self) -> npt.NDArray[np.float64]:
        """(blocks, h, L) mean weight that key i gets from the other queries; NaN when L = 1."""
        return np.stack([trace.received() for trace in self.traces])

    def health(self) -> list[dict[str, float | None]]:
        """The hash's health, block by block: see ``mrn_core.network.explain.health``."""
        from .network.explain import health

        return [health(trace) for trace in self.traces]

    def badge(self, shows: Shows = "reading") -> str:
        """What must stand by every probability, or by what else is shown; empty once the weights are
        trained."""
        return "" if self.trained else untrained(shows)

    def numbers(self) -> dict[str, Any]:
        """The numbers that a person reads, as plain data without NaN (undefined is None)."""
        zeroed, silent = self.zeroed(), self.silent()
        return plain(
            {
                "format": FORMAT,
                "trained": self.trained,
                "note": self.badge("all"),
                "warnings": self.warnings,
                "probabilities": self.probabilities,
                "face": {**self.face.as_told(), "landmarks": self.face.landmarks},
                "motion_px": self.motion_px,
                "rigid_motion_px": self.rigid_px,
                "head_motion": self.head.as_told(),
                "hash_health": self.health(),
                "levels": [
                    {
                        "level": i,
                        "af": self.levels[i],
                        "gain": self.gains[i],
                        "beta": self.scores[i],
                        "reach": self.reach()[:, :, i].mean(axis=1),
                        "received": self.received()[:, :, i].mean(axis=1),
                        "zeroed_in": _places(zeroed[:, :, i]),
                        "silent_in": _places(silent[:, :, i]),
                    }
                    for i in range(len(self.levels))
                ],
                "provenance": self.provenance,
            }
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes one ``.npz`` file without pickle, whole or not at all.

        Raises:
            FileError: the place cannot be written.
        """
        face_arrays = {
            f"face.{name}": value
            for name in ("landmarks", "crop_landmarks")
            if (value := getattr(self.face, name)) is not None
        }
        plain_part = {
            "format": FORMAT,
            "face": self.face.as_told(),
            "motion_px": self.motion_px,
            "rigid_px": self.rigid_px,
            "head": self.head.as_told(),
            "probabilities": self.probabilities,
            "trained": self.trained,
            "warnings": self.warnings,
            "settings": self.settings.to_dict(),
            "provenance": self.provenance,
            "blocks": len(self.traces),
        }
        arrays: dict[str, np.ndarray] = {name: getattr(self, name) for name in _ARRAYS}
        arrays.update(face_arrays)
        for b, trace in enumerate(self.traces):
            arrays.update({f"trace{b}.{name}": value for name, value in trace.arrays().items()})
        arrays["plain"] = np.frombuffer(json.dumps(plain(plain_part), allow_nan=False).encode(), np.uint8)
        write_whole(path, lambda file: np.savez_compressed(file, allow_pickle=False, **arrays))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Analysis:
        """Reads what ``save`` wrote; nothing in the file is executed.

        Raises:
            FileError: the file is missing, damaged, or of another kind.
        """
        try:
            with np.load(path, allow_pickle=False) as data:
                told = json.loads(data["plain"].tobytes().decode())
                if told["format"] != FORMAT:
                    raise FileError(
                        f"{Path(path).name} was written by another version of MRN Studio (format "
                        f"{told['format']}).",
                        "Open it with that version, or analyse the clip again.",
                    )
                traces = tuple(
                    AttentionTrace(
                        **{name: data[f"trace{b}.{name}"] for name in AttentionTrace.__dataclass_fields__}
                    )
                    for b in range(int(told["blocks"]))
                )
                face = FaceReading.from_told(
                    told["face"], data.get("face.landmarks"), data.get("face.crop_landmarks")
                )
                analysis = cls(
                    face=face,
                    motion_px=told["motion_px"],
                    rigid_px=told["rigid_px"],
                    head=HeadMotion.from_told(told.get("head")),
                    probabilities=told["probabilities"],
                    traces=traces,
                    trained=told["trained"],
                    settings=AnalysisSettings.from_dict(told["settings"]),
                    warnings=told["warnings"],
                    provenance=told["provenance"],
                    **{name: data[name] for name in _ARRAYS},
                )
        except FileNotFoundError:
            raise FileError(f"There is no file {path}.", "Check the name.") from None
        except FileError:
            raise
        except (OSError, ValueError, LookupError, TypeError, zipfile.BadZipFile, EOFError) as error:
            raise FileError(
                f"{Path(path).name} is not a whole analysis of MRN Studio ({error}).",
                "Choose the analysis.npz that mrn analyze wrote, or analyse the clip again.",
            ) from error
        _check_shapes(analysis, Path(path).name)
        return analysis


_ARRAYS = ("onset", "apex", "flow", "levels", "gains", "frames", "features", "scores")


def _check_shapes(a: Analysis, name: str) -> None:
    L = len(a.levels)
    sizes = [len(a.gains), len(a.frames), len(a.features), len(a.scores), *(t.levels for t in a.traces)]
    if any(size != L for size in sizes) or a.frames.ndim != 4 or not a.traces:
        raise FileError(f"{name} holds arrays that do not fit together.", "Analyse the clip again.")


def _places(flags: np.ndarray) -> list[str]:
    return [f"block {b + 1} head {h + 1}" for b, h in np.argwhere(flags)]


def plain(value: Any) -> Any:
    """``value`` as JSON can hold it: arrays as lists, NaN and infinities as None."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def write_whole(path: str | os.PathLike[str], write: Any) -> None:
    """Calls ``write(binary file)`` on a file beside ``path`` and then puts it in place, or leaves nothing.

    Raises:
        FileError: the place cannot be written; says why.
    """
    target = Path(path)
    temporary: Path | None = None
    try:
        if target.is_dir():
            raise IsADirectoryError(21, "a folder stands there")
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}.", suffix=".part", delete=False
        ) as file:
            temporary = Path(file.name)
            write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(target)
    except OSError as error:
        raise FileError(
            f"{target} cannot be written: {error.strerror or error}.",
            "Choose another place, or make room there.",
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
