"""What is needed to make an analysis again, as plain data."""

from __future__ import annotations

import platform
from functools import lru_cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from . import __version__
from .clip.base import file_sha256 as file_sha256
from .faces import FaceChoice
from .result import plain

if TYPE_CHECKING:
    from .clip import Clip

_LIBRARIES = ("torch", "torchvision", "numpy", "av", "dlib-bin")


def of_run(
    clip: Clip, onset: int, apex: int, apex_source: str, face: FaceChoice, weights: dict[str, Any]
) -> dict[str, Any]:
    """Clip, marks, face and weights; both the index and the source's own number of each frame."""
    marks = {
        role: {"frame": i, "number": int(clip.numbers[i]), "seconds": float(clip.times[i])}
        for role, i in (("onset", onset), ("apex", apex))
    }
    told: dict[str, Any] = plain(
        {
            "clip": {
                "name": clip.name,
                "sha256": clip.sha256(),
                "frames": len(clip),
                "fps": float(clip.fps),
                "fps_given": clip.fps_given,
                "notices": list(clip.notices),
            },
            **marks,
            "apex_source": apex_source,
            "face_given": face if face is None or isinstance(face, str) else np.asarray(face),
            "weights": weights,
        }
    )
    return told


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Versions of the program, of Python and of the libraries that compute."""
    import cv2

    # OpenCV comes in several wheels that lie in one folder: what counts is the one that is loaded.
    told = {"mrn-studio": __version__, "python": platform.python_version(), "opencv": cv2.__version__}
    for name in _LIBRARIES:
        try:
            told[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            told[name] = "unknown"
    return told
