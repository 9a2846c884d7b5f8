"""dlib in a process of its own, so that the window's thread never waits for it.

dlib holds Python's lock while it reads its models (over a second) and while it searches a picture
(0.1 s and more); in a thread it would stop the window for as long. The other process runs the same
code on the same pictures, so the numbers are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mrn_core.errors import FaceError
from mrn_gui.child import Child, answer

if TYPE_CHECKING:
    from mrn_core.faces.face import Box, Face, FaceBackend, Image


class FaceProcess:
    """A face backend that asks another process. One question at a time, from any thread."""

    name = "dlib"

    def __init__(self) -> None:
        self.child = Child("mrn_gui.face_process", "The face finder", FaceError)

    def detect(self, image: Image) -> list[Face]:
        """See ``DlibBackend.detect``."""
        found: list[Face] = self.child.ask("detect", image)
        return found

    def predict(self, image: Image, box: Box) -> Face:
        """See ``DlibBackend.predict``."""
        found: Face = self.child.ask("predict", image, box)
        return found


_installed: tuple[FaceProcess, FaceBackend] | None = None


def install() -> None:
    """From now on dlib runs in a process of its own, for everything in this process."""
    global _installed
    from mrn_core.faces import backends

    if _installed is None:
        made = FaceProcess()
        _installed = (made, backends["dlib"])
        backends["dlib"] = made
        made.child.start()


def remove() -> None:
    """Ends the process and puts the core's own backend back."""
    global _installed
    if _installed is not None:
        from mrn_core.faces import backends

        made, before = _installed
        backends["dlib"] = before
        _installed = None
        made.child.close()


def serve() -> None:
    """The other process."""
    from mrn_core.faces.dlib_backend import DlibBackend

    backend = DlibBackend()

    def handler(method: str) -> Any:
        return lambda _talk, *arguments: getattr(backend, method)(*arguments)

    answer({method: handler(method) for method in ("detect", "predict")})
