"""The export's drawing, in a process of its own.

Matplotlib makes objects by the hundred thousand, most in circles that only the search for garbage frees:
in this process, the window would stand still for up to half a second after every few figures.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from mrn_core.errors import FileError
from mrn_gui.child import Cancel, Child, Progress, Talk, answer

if TYPE_CHECKING:
    from mrn_core.figures.scene import Scene
    from mrn_core.report import Plan
    from mrn_gui.jobs import Job

_child: Child | None = None


def install() -> None:
    """From now on what is exported is drawn in another process, which starts when it is first needed."""
    global _child
    if _child is None:
        _child = Child("mrn_gui.drawing", "The process that draws", FileError)


def remove() -> None:
    """Ends the process; afterwards this one draws."""
    global _child
    if _child is not None:
        _child.close()
        _child = None


def start() -> None:
    """Has the other process import what it draws with, before it is asked to draw."""
    if _child is not None:
        _child.start()


def rest() -> None:
    """Ends the other process until it is needed again, after what it draws now."""
    if _child is not None:
        _child.rest()


def write(scene: Scene, plan: Plan, folder: str, progress: Progress, cancel: Cancel) -> int:
    """How many files were written; see ``mrn_core.report.export``."""
    if _child is None:
        from mrn_core.report import export

        return len(export(scene, plan, folder, progress, cancel))
    return int(_child.ask("write", scene, plan, folder, progress=progress, cancel=cancel))


def write_unless_there(
    scene: Scene, plan: Plan, folder: str, replace: bool, stopping: threading.Event, job: Job
) -> tuple[list[str], int]:
    """The files that are there already, or none and how many were written."""
    from mrn_core.report import existing
    from mrn_core.report.exporting import file_names

    there = [] if replace else existing(folder, file_names(scene, plan))
    if there:
        return there, 0
    return [], write(scene, plan, folder, job.progress, lambda: stopping.is_set() or job.cancelled())


def serve() -> None:
    """The other process."""
    import matplotlib.figure  # noqa: F401

    from mrn_core.report import export

    def written(talk: Talk, scene: Scene, plan: Plan, folder: str) -> int:
        return len(export(scene, plan, folder, talk.progress, talk.cancel))

    answer({"write": written})
