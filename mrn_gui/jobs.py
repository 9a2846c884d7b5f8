"""Work off the window's thread. Nothing else in the window starts a thread.

Work stands in *lanes*. A lane is one thread that does one thing at a time; newer work of a
``latest`` kind takes the place of what still waits there. Answers come back in the window's thread.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from mrn_core.errors import Cancelled

Answer = Callable[..., Any]
GIVES_WAY_EVERY_S = 0.002
GIVES_WAY_S = 0.00005
STEP_BACK = 5  # in steps of "nice": a third of the share that the window gets, where they share a core


class Job:
    """One call. The work gets the job itself, to tell progress and to ask whether it should stop."""

    def __init__(self, jobs: Jobs, work: Callable[[Job], Any], answers: dict[str, Answer | None]) -> None:
        self._jobs = weakref.ref(jobs)
        self._work = work
        self._stop = threading.Event()
        self._answers = {kind: _held_weakly(answer) for kind, answer in answers.items() if answer is not None}
        self.over = False
        self._gave_way = 0.0

    def cancel(self) -> None:
        """Asks the work to stop. From now on no progress and no result of it is delivered."""
        self._stop.set()

    def cancelled(self) -> bool:
        """Whether the work should stop; the work's own thread asks, and gives the window its turn."""
        if time.perf_counter() - self._gave_way > GIVES_WAY_EVERY_S:
            _give_way()
            self._gave_way = time.perf_counter()
        return self._stop.is_set()

    def progress(self, stage: str, done: int, total: int) -> None:
        """Called by the work."""
        self._tell("progress", stage, done, total)

    def part(self, *values: Any) -> None:
        """Called by the work: a piece of the answer that is ready."""
        self._tell("part", *values)

    def _tell(self, kind: str, *values: Any) -> None:
        jobs = self._jobs()
        if jobs is not None:
            jobs._send(self, kind, values)

    def _run(self) -> None:
        if self._stop.is_set():
            self._tell("ended")
            return
        try:
            result = self._work(self)
        except Cancelled:
            self._stop.set()
        except BaseException as error:
            self._tell("failed", error)
        else:
            self._tell("done", result)
        self._tell("ended")

    def _deliver(self, kind: str, values: tuple[Any, ...]) -> None:
        if kind == "ended":
            self.over = True
        elif self._stop.is_set():
            return
        answer = self._answers.get(kind, lambda: None)()
        if answer is not None:
            answer(*values)


def _give_way() -> None:
    """Lets a thread that waits for Python's lock have it.

    One that waits is woken each time that the lock is free, and asks its holder for it only when it was left
    asleep for the switch interval. Work of many short NumPy calls frees the lock all the time and has it back
    before the other is awake, so that it could be kept from the window for as long as the work lasts.
    """
    time.sleep(GIVES_WAY_S)


def _step_back() -> None:
    """Leaves the machine's cores to the window's thread, when both want one.

    What this thread starts, PyTorch's and OpenCV's threads and processes of its own, steps back with it. Only
    Linux has a priority for each thread.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), STEP_BACK)


class _Lane:
    """One thread and what waits for it."""

    def __init__(self, name: str) -> None:
        self._waiting: deque[Job] = deque()
        self._running: Job | None = None
        self._condition = threading.Condition()
        self._closed = False
        self.thread = threading.Thread(target=self._serve, name=f"mrn {name}", daemon=True)
        self.thread.start()

    def put(self, job: Job, latest: bool) -> None:
        with self._condition:
            if latest:
                for old in [*self._waiting, self._running]:
                    if old is not None:
                        old.cancel()
            self._waiting.append(job)
            self._condition.notify()

    def close(self) -> None:
        with self._condition:
            self._closed = True
            for job in [*self._waiting, self._running]:
                if job is not None:
                    job.cancel()
            self._waiting.clear()
            self._condition.notify()

    def _serve(self) -> None:
        _step_back()
        while True:
            with self._condition:
                self._running = None
                while not self._waiting and not self._closed:
                    self._condition.wait()
                if self._closed:
                    return
                job = self._running = self._waiting.popleft()
            job._run()
            del job


class Jobs(QObject):
    """Starts work in lanes and brings the answers back to the thread that it lives in."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[str, _Lane] = {}
        self._closed = False
        self._arrived.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        lane: str,
        work: Callable[[Job], Any],
        *,
        done: Answer | None = None,
        failed: Answer | None = None,
        progress: Answer | None = None,
        part: Answer | None = None,
        ended: Answer | None = None,
        latest: bool = False,
    ) -> Job:
        """Runs ``work(job)`` in a lane.

        Args:
            lane: the name of the thread; made when first used.
            work: raises Cancelled when it stopped because it was asked to.
            done: gets the result.
            failed: gets the exception.
            progress: gets stage, done, total.
            part: gets what the work passed to ``job.part``.
            ended: called without arguments, last and always, also for work that was cancelled.
            latest: cancels everything older in this lane.

        A bound method is held weakly: a view that is gone gets no answer.
        """
        answers = {"done": done, "failed": failed, "progress": progress, "part": part, "ended": ended}
        job = Job(self, work, answers)
        if self._closed:
            job.cancel()
            job.over = True
            return job
        if lane not in self._lanes:
            self._lanes[lane] = _Lane(lane)
        self._lanes[lane].put(job, latest)
        return job

    def shutdown(self, seconds: float = 1.5) -> bool:
        """Cancels everything and waits; True when every thread ended in time. No answer comes after it."""
        self._closed = True
        for lane in self._lanes.values():
            lane.close()
        until = time.monotonic() + seconds
        for lane in self._lanes.values():
            lane.thread.join(max(0.0, until - time.monotonic()))
        return not any(lane.thread.is_alive() for lane in self._lanes.values())

    def _send(self, job: Job, kind: str, values: tuple[Any, ...]) -> None:
        if not self._closed:
            try:
                self._arrived.emit((job, kind, values))
            except RuntimeError:  # the window is gone
                job.cancel()

    @Slot(object)
    def _hand_over(self, letter: tuple[Job, str, tuple[Any, ...]]) -> None:
        if not self._closed:
            job, kind, values = letter
            job._deliver(kind, values)


def _held_weakly(answer: Answer) -> Callable[[], Answer | None]:
    if hasattr(answer, "__self__") and hasattr(answer, "__func__"):
        return weakref.WeakMethod(answer)
    if isinstance(answer, partial) and hasattr(answer.func, "__func__"):
        method = weakref.WeakMethod(answer.func)
        args, keywords = answer.args, answer.keywords
        return lambda: None if (live := method()) is None else partial(live, *args, **keywords)
    return lambda: answer
