"""Another process of this program: for work that would hold Python's lock, or leave much garbage, here.

It answers one question at a time. Question and answers go through a pipe of its own as pickles; nothing
else ever writes to that pipe. A crash of it is only an error here, and the next question starts it again.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import mrn_core
from mrn_core.errors import Cancelled, MRNError

Progress = Callable[[str, int, int], None]
Cancel = Callable[[], bool]
_COUNT = struct.Struct("<Q")


class Child:
    """The process as this one sees it; safe in every thread.

    Args:
        serve: the module whose ``serve`` the other process runs.
        called: what it is, for the errors: "The face finder".
        error: what is raised where it is closed or lost.
    """

    def __init__(self, serve: str, called: str, error: type[MRNError]) -> None:
        self._serve, self._called, self._error = serve, called, error
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._closed = False

    def start(self) -> None:
        """Starts the process, so that what it imports is there before the first question."""
        with self._lock:
            self._running()

    def rest(self) -> None:
        """Ends the process until the next question; waits for an answer that is under way."""
        with self._lock:
            self._end()

    def close(self) -> None:
        """Ends the process; a question that waits fails. Nothing can be asked afterwards."""
        self._closed = True
        self._end()

    def ask(
        self, question: str, *arguments: Any, progress: Progress | None = None, cancel: Cancel | None = None
    ) -> Any:
        """The answer, or the error that the other process met, raised here.

        Args:
            question: the name of one of the handlers that the other process gave to ``answer``.
            progress, cancel: called in this thread while the other process works.
        """
        with self._lock:
            process = self._running()
            try:
                kind, *said = self._converse(process, (question, *arguments), progress, cancel)
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                self._end()
                raise self._error(f"{self._called} ended unexpectedly.", "Try again.") from error
            except BaseException:  # of ours, in the midst of its answer
                self._end()
                raise
        if kind == "cancelled":
            raise Cancelled
        if kind == "failed":
            fault, told = said
            raise fault from _There(told)
        return said[0]

    def _converse(
        self,
        process: subprocess.Popen[bytes],
        question: tuple[Any, ...],
        progress: Progress | None,
        cancel: Cancel | None,
    ) -> tuple[Any, ...]:
        assert process.stdin is not None
        assert process.stdout is not None
        _send(process.stdin, question)
        while True:
            said: tuple[Any, ...] = _receive(process.stdout)
            if said[0] == "cancel":
                _send(process.stdin, cancel is not None and cancel())
            elif said[0] != "progress":
                return said
            elif progress is not None:
                progress(*said[1:])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise self._error(f"{self._called} is closed.")
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", f"from {self._serve} import serve; serve()"],
                cwd=Path(mrn_core.__file__).parents[1],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._process

    def _end(self) -> None:
        process = self._process
        if process is not None:
            process.kill()
            process.wait()


class _There(Exception):
    """Where in the other process an error was raised, for "Copy details"."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


class Talk:
    """What a handler may say and ask meanwhile."""

    def __init__(self, questions: IO[bytes], answers: IO[bytes]) -> None:
        self._questions, self._answers = questions, answers

    def progress(self, stage: str, done: int, total: int) -> None:
        """Tells how far the work is."""
        _send(self._answers, ("progress", stage, done, total))

    def cancel(self) -> bool:
        """Whether the work should stop."""
        _send(self._answers, ("cancel",))
        return bool(_receive(self._questions))


def answer(handlers: Mapping[str, Callable[..., Any]]) -> None:
    """In the other process: answers until its input ends. Handlers get a ``Talk`` and the arguments."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the window decides when it ends
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    if sys.stderr is not None:  # there is none where no console is
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    talk = Talk(questions, answers)
    while True:
        try:
            question, *arguments = _receive(questions)
        except EOFError:
            return
        try:
            _send(answers, ("found", handlers[question](talk, *arguments)))
        except Cancelled:
            _send(answers, ("cancelled",))
        except EOFError:  # the window is gone, in the midst of a question
            return
        except Exception as error:
            _send(answers, ("failed", _portable(error), traceback.format_exc()))


def _portable(error: Exception) -> Exception:
    """The error itself where it survives the way, else its words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(repr(error))
    return error


def _send(where: IO[bytes], what: Any) -> None:
    """Large arrays go after the pickle, straight from where they lie: a pickle of them would be copied, with
    Python's lock held.
    """
    arrays: list[pickle.PickleBuffer] = []
    head = pickle.dumps(what, 5, buffer_callback=arrays.append)
    parts = [memoryview(head), *(array.raw() for array in arrays)]
    where.write(_COUNT.pack(len(parts)))
    for part in parts:
        where.write(_COUNT.pack(part.nbytes))
        where.write(part)
    where.flush()


def _receive(where: IO[bytes]) -> Any:
    parts = [_read(where, _count(where)) for _ in range(_count(where))]
    return pickle.loads(parts[0], buffers=parts[1:])


def _count(where: IO[bytes]) -> int:
    return int(_COUNT.unpack(_read(where, _COUNT.size))[0])


def _read(where: IO[bytes], size: int) -> bytearray:
    room = bytearray(size)
    if where.readinto(room) < size:  # type: ignore[attr-defined]
        raise EOFError
    return room
