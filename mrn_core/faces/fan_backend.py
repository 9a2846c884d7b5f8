"""face-alignment's S3FD detector and 2DFAN4 landmarks (Bulat and Tzimiropoulos 2017).

Only when it is chosen, and only with the package (the extra ``fan``) and the weights that are already on the
machine: the library would fetch missing weights by itself, so they are looked for first. They are checked
against the hash in their names.
"""

from __future__ import annotations

import importlib.util
import math
import threading
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from mrn_core.errors import SettingsError, WeightsError
from mrn_core.faces.face import Box, Face, Image
from mrn_core.faces.fan_files import FILES, check_file

INSTALL = "pip install 'face-alignment>=1.5,<1.6'"
_SEARCH_SIDE = 1000  # px: bigger pictures are made smaller before the search

_lock = threading.Lock()
_network: Any = None


def weights_folder() -> Path:
    """Where the weights belong: torch.hub's checkpoint folder (TORCH_HOME moves it)."""
    import torch

    return Path(torch.hub.get_dir()) / "checkpoints"


def check_package() -> None:
    """Raises SettingsError when face-alignment is not installed."""
    if importlib.util.find_spec("face_alignment") is None:
        raise SettingsError(
            "The face backend fan needs the package face-alignment, which is not installed.",
            f"Install it with {INSTALL}, or use the face backend dlib, which needs nothing more.",
            field="face_backend",
        )


def check_weights() -> None:
    """Raises WeightsError when a file is missing or is not what its name says."""
    folder = weights_folder()
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise WeightsError(
            f"The face backend fan needs {' and '.join(missing)}, which {_are(missing)} not in {folder}.",
            "Fetch them with mrn weights fan --fetch, put them there, or use the face backend dlib, "
            "which needs no download.",
            name=missing[0],
        )
    for name in FILES:
        check_file(folder / name)


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _load() -> Any:
    global _network
    if _network is None:
        check_package()
        check_weights()
        import face_alignment

        _network = face_alignment.FaceAlignment(
            face_alignment.LandmarksType.TWO_D, device="cpu", flip_input=True, compile=False
        )
    return _network


class FanBackend:
    """2DFAN4 on the CPU.

    ``Face.quality`` is the detector's score (0..1, nothing under 0.5 is a face) times the mean peak of the 68
    heat maps, cut to 0..1; a box given by a person has the score 1.

    Raises (all methods): SettingsError when the package is not there, WeightsError when its weights are not.
    """

    name = "fan"

    def detect(self, image: Image) -> list[Face]:
        """All faces in (H, W, 3) uint8."""
        scale = min(1.0, _SEARCH_SIDE / max(image.shape[:2]))
        small = image
        if scale < 1:
            small = np.asarray(
                cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8
            )
        with _lock:
            found = _load().face_detector.detect_from_image(small)
        faces = []
        for x0, y0, x1, y1, score in ([float(value) for value in row] for row in found):
            box = (x0 / scale, y0 / scale, (x1 - x0) / scale, (y1 - y0) / scale)
            faces.append(self._face(image, box, score))
        return faces

    def predict(self, image: Image, box: Box) -> Face:
        """The face in a box that a person gave."""
        return self._face(image, box, None)

    def _face(self, image: Image, box: Box, score: float | None) -> Face:
        x, y, w, h = box
        sure = 1.0 if score is None else score
        with _lock:
            landmarks, peaks, _ = _load().get_landmarks_from_image(
                image, detected_faces=[np.array([x, y, x + w, y + h, sure])], return_landmark_score=True
            )
        peak = float(np.clip(np.asarray(peaks[0], dtype=np.float64), 0, 1).mean())
        points, told = np.asarray(landmarks[0], dtype=np.float64), math.nan if score is None else score
        return Face(box, points, min(1.0, sure) * peak, self.name, told)
