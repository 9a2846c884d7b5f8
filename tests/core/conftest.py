"""What several files of the core's tests look at: the face of the photographed demo."""

import pytest

from mrn_core import open_clip
from mrn_core.resources import resource


@pytest.fixture(scope="session")
def picture():
    return open_clip(resource("demo", "astronaut.mp4"))[0]


@pytest.fixture(scope="session")
def face(picture):
    from mrn_core.faces import detect_faces

    (found,) = detect_faces(picture)
    return found
