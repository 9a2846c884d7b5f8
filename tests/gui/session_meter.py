"""How long the window's thread is held, what the time went into, and where the thread stood meanwhile."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QObject, Qt, QTimer
from session_script import Script

SAMPLE_S = 0.004
DEPTH = 24  # frames of a stack that are kept
HERE = {Path(__file__).name, "session_script.py", "threading.py"}


@dataclass
class Hold:
    """One time in which the thread did not come back to its events; all in ms.

    ``gone`` is what a person waits: ``own`` of it this thread computed, for ``core`` it was ready but the
    machine's cores did other work, and the ``rest`` it was blocked: for Python's lock, a file or the screen.
    ``garbage`` is the part of ``own`` that went into Python's search for garbage; ``whole`` is what all
    threads of the program computed meanwhile. What the script itself did is in none of them but ``whole``.
    """

    step: str
    gone: float
    own: float
    whole: float
    core: float
    garbage: float
    stacks: list[str] = field(default_factory=list)  # where this thread stood, the most frequent first
    beside: list[str] = field(default_factory=list)  # what other threads computed at

    @property
    def rest(self) -> float:
        return max(0.0, self.gone - self.own - self.core)


class Holds(QObject):
    """Beats as often as the thread comes back to its events; what lies between two beats is a hold.

    Args:
        script: its ``acted`` gets the name of each step as it is done, and is emptied here.
        stacks_after: ms from which on stacks are looked at; None: never, which disturbs least.
    """

    def __init__(self, script: Script, stacks_after: float | None = None) -> None:
        super().__init__(script)
        self._script, self._before = script, "the start"
        self.all: list[Hold] = []
        self._core = Core()
        self._begun = self._counts()
        self._script_s = self._script_own = 0.0
        self._garbage = self._garbage_from = 0.0
        self._samples: deque[tuple[float, str, tuple[str, ...]]] = deque(maxlen=2000)
        self._after = None if stacks_after is None else stacks_after / 1000
        self._thread = threading.current_thread()
        self._over = threading.Event()
        gc.callbacks.append(self._searched)
        self._timer = QTimer(self, interval=2, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        if self._after is not None:
            threading.Thread(target=self._look, daemon=True, name="meter").start()

    def stop(self) -> None:
        """No beat after this one."""
        self._over.set()
        self._timer.stop()
        gc.callbacks.remove(self._searched)

    @contextmanager
    def scripting(self) -> Iterator[None]:
        """What is done in here is the script's own work, and counts for nothing."""
        wall, own = time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            self._script_s += time.perf_counter() - wall
            self._script_own += time.thread_time() - own

    def _counts(self) -> tuple[float, float, float, float]:
        return time.perf_counter(), time.thread_time(), time.process_time(), self._core.waited()

    def _beat(self) -> None:
        before, self._begun = self._begun, self._counts()
        gone, own, whole, core = ((b - a) * 1000 for a, b in zip(before, self._begun, strict=True))
        gone, own = gone - self._script_s * 1000, own - self._script_own * 1000
        step = " + ".join(self._script.acted) or f"after {self._before}"
        self._before = self._script.acted[-1] if self._script.acted else self._before
        self._script.acted.clear()
        hold = Hold(step, max(0, gone), max(0, own), whole, core, self._garbage * 1000)
        self._script_s = self._script_own = self._garbage = 0.0
        while self._samples:
            at, stack, beside = self._samples.popleft()
            if at >= before[0]:
                hold.stacks.append(stack)
                hold.beside += beside
        hold.stacks = [f"{n * SAMPLE_S * 1000:.0f} ms {s}" for s, n in Counter(hold.stacks).most_common(4)]
        hold.beside = [f"{n * SAMPLE_S * 1000:.0f} ms {s}" for s, n in Counter(hold.beside).most_common(4)]
        self.all.append(hold)

    def _searched(self, phase: str, _info: dict[str, int]) -> None:
        if threading.current_thread() is self._thread:
            if phase == "start":
                self._garbage_from = time.thread_time()
            else:
                self._garbage += time.thread_time() - self._garbage_from

    def _look(self) -> None:
        """In a thread of its own: where the others stand, while the window's is held."""
        while not self._over.wait(SAMPLE_S):
            now = time.perf_counter()
            if now - self._begun[0] < self._after:
                continue
            frames = sys._current_frames()
            me = threading.get_ident()
            names = {thread.ident: thread.name for thread in threading.enumerate()}
            beside = tuple(
                f"{names.get(ident, '?')}: {_told(frame, 3)}"
                for ident, frame in frames.items()
                if ident not in (me, self._thread.ident) and Path(frame.f_code.co_filename).name not in HERE
            )
            held = frames.get(self._thread.ident)
            if held is not None:
                self._samples.append((now, _told(held, DEPTH), beside))


class Core:
    """How long the thread that made it was ready to run and had no core, as far as the system tells."""

    def __init__(self) -> None:
        try:
            self._file = os.open(f"/proc/self/task/{threading.get_native_id()}/schedstat", os.O_RDONLY)
        except OSError:
            self._file = -1

    def waited(self) -> float:
        """Seconds since the thread began; 0 where it is not told."""
        return 0.0 if self._file < 0 else int(os.pread(self._file, 100, 0).split()[1]) / 1e9


def _told(frame: FrameType | None, depth: int) -> str:
    """The innermost calls, the innermost first, up to the script's own."""
    calls = []
    while frame is not None and len(calls) < depth:
        file = Path(frame.f_code.co_filename)
        if file.name in HERE or file.name == "<string>":
            break
        calls.append(f"{file.stem}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(calls) or "Qt or the script"
