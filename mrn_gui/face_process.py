"""dlib in a process of its own, so that the window's thread never waits for it.

dlib holds Python's lock while it reads its models (over a second) and while it searches a picture
(0.1 s and more); in a thread it would stop the window for as long. The other process runs the same
code on the same pictures, so the numbers are the same, and a crash of it is only an error here.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import mrn_core
from mrn_core.errors import ClipError, FaceError, MRNError, WeightsError

if TYPE_CHECKING:
    from mrn_core.faces.face import Box, Face, FaceBackend, Image

_SERVE = "from mrn_gui.face_process import serve; serve()"
_KINDS = {kind.__name__: kind for kind in (MRNError, ClipError, FaceError, WeightsError)}


class FaceProcess:
    """A face backend that asks another process. One question at a time, from any thread."""

    name = "dlib"

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._closed = False

    def detect(self, image: Image) -> list[Face]:
        """See ``DlibBackend.detect``."""
        found: list[Face] = self._ask("detect", image)
        return found

    def predict(self, image: Image, box: Box) -> Face:
        """See ``DlibBackend.predict``."""
        found: Face = self._ask("predict", image, box)
        return found

    def start(self) -> None:
        """Starts the process, so that its models are read before the first question."""
        with self._lock:
            self._running()

    def close(self) -> None:
        """Ends the process; a question that waits fails. Nothing can be asked afterwards."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()
            process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise FaceError("The face finder is closed.")
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _SERVE],
                cwd=Path(mrn_core.__file__).parents[1],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._process

    def _ask(self, *question: Any) -> Any:
        with self._lock:
            process = self._running()
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                pickle.dump(question, process.stdin, pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
                kind, answer = pickle.load(process.stdout)
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                process.kill()
                process.wait()
                raise FaceError("The face finder ended unexpectedly.", "Try again.") from error
        if kind == "found":
            return answer
        if kind in _KINDS:
            raise _KINDS[kind](*answer)
        raise RuntimeError(f"{kind}: {answer}")


_installed: tuple[FaceProcess, FaceBackend] | None = None


def install() -> None:
    """From now on dlib runs in a process of its own, for everything in this process."""
    global _installed
    from mrn_core.faces import backends

    if _installed is None:
        made = FaceProcess()
        _installed = (made, backends["dlib"])
        backends["dlib"] = made
        made.start()


def remove() -> None:
    """Ends the process and puts the core's own backend back."""
    global _installed
    if _installed is not None:
        from mrn_core.faces import backends

        made, before = _installed
        backends["dlib"] = before
        _installed = None
        made.close()


def serve() -> None:
    """The other process: answers questions until its input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the window decides when it ends
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    from mrn_core.faces.dlib_backend import DlibBackend

    _serve(DlibBackend(), questions, answers)


def _serve(backend: Any, questions: IO[bytes], answers: IO[bytes]) -> None:
    while True:
        try:
            method, *arguments = pickle.load(questions)
        except EOFError:
            return
        try:
            said: tuple[str, Any] = ("found", getattr(backend, method)(*arguments))
        except MRNError as error:
            said = (type(error).__name__, (error.what, error.advice))
        except Exception as error:
            said = ("error", repr(error))
        pickle.dump(said, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
