"""Finding the faces of a picture with a backend chosen by name."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mrn_core.errors import SettingsError
from mrn_core.faces.choosing import prominence
from mrn_core.faces.dlib_backend import DlibBackend, search_scales
from mrn_core.faces.face import Face, FaceBackend, as_rgb
from mrn_core.faces.fan_backend import FanBackend

backends: dict[str, FaceBackend] = {"dlib": DlibBackend(), "fan": FanBackend()}

# Detectors also see faces in folds and foliage; their points scatter, which is what quality measures.
_DOUBTFUL = 0.15


def face_backend(name: str) -> FaceBackend:
    """The backend of that name.

    Raises:
        SettingsError: there is none.
    """
    if name not in backends:
        raise SettingsError(
            f"There is no face backend {name!r}.",
            f"Choose one of: {', '.join(backends)}.",
            field="face_backend",
        )
    return backends[name]


def detect_faces(image: npt.NDArray[np.generic], backend: str = "dlib") -> list[Face]:
    """The faces of a picture, large and central ones first.

    Args:
        image: (H, W, 3) RGB or (H, W) grey, uint8. Any size: big ones are searched at a smaller scale, small
            faces are searched for in the enlarged picture when nothing else is found.
        backend: "dlib" or "fan".

    Returns:
        Faces in pixels of ``image``, ordered by area, weighted down towards the border. A second face of
        doubtful quality is left out; a first one is kept, with its quality.

    Raises:
        SettingsError: unknown backend, or a package that it needs is not installed.
        WeightsError: the backend's weights are not on this machine.
        ClipError: not a picture.
    """
    found = face_backend(backend).detect(picture := as_rgb(image))
    height, width = picture.shape[:2]

    def rank(face: Face) -> tuple[bool, float]:
        return face.quality >= _DOUBTFUL, prominence(face, height, width)

    ordered = sorted(found, key=rank, reverse=True)
    return ordered[:1] + [face for face in ordered[1:] if face.quality >= _DOUBTFUL]


def searched(image: npt.NDArray[np.generic], backend: str) -> str:
    """How a picture is searched for faces, for the message that none was found."""
    height, width = image.shape[:2]
    words = f"{backend} searched its {width} x {height} px"
    if backend != "dlib":
        return words
    plain, bordered = search_scales(height, width)
    sizes = [f"{scale:.3g}" for scale in plain]
    listed = " and ".join([", ".join(sizes[:-1]), sizes[-1]] if len(sizes) > 1 else sizes)
    words += f" at {listed} times the size"
    return f"{words}, with and without a border" if bordered else words
