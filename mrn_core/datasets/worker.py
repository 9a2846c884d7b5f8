"""Making one clip, in whichever process."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
from pathlib import Path
from typing import Any

from mrn_core.datasets.check import MADE, files_of
from mrn_core.datasets.plan import PlannedClip


def partial_folder(out: Path) -> Path:
    """Where clips stand while they are made; hidden, and gone at the end."""
    return out / ".making"


def make_clip(plan: PlannedClip, out: Path, photos: Path | None) -> None:
    """Makes a clip and puts it in place, whole.

    Raises:
        MRNError: it cannot be made.
        OSError: the place cannot be written.
    """
    import cv2

    cv2.setNumThreads(1)  # the processes share the cores
    partial = partial_folder(out) / plan.name.replace("/", "_")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    row = _write(plan, partial, photos)
    record = {"files": files_of(partial), "plan": plan.to_dict(), "row": row}
    (partial / MADE).write_text(json.dumps(record, indent=1, sort_keys=True), encoding="utf-8")
    for path in partial.iterdir():
        _to_disk(path)
    place = out / plan.name
    place.parent.mkdir(exist_ok=True)
    if place.exists():  # ours, and not as it was made
        shutil.rmtree(place)
    partial.rename(place)


def settle_worker(stop: Any) -> None:
    """Sets a worker process up: Ctrl+C is the parent's to handle, and the worker ends with it, however
    it ends.

    Args:
        stop: an event; set, it ends the worker at once.
    """
    import multiprocessing

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        while not stop.wait(0.3) and (parent is None or parent.is_alive()):
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _write(plan: PlannedClip, folder: Path, photos: Path | None) -> dict[str, Any]:
    """Writes pictures and truth; onset, apex, offset and action units for the sheet."""
    if plan.source == "photo":
        from mrn_core.datasets.photos import PhotoClip, write_photo_clip

        photo = (photos or Path()) / str(plan.person)
        return write_photo_clip(PhotoClip(photo, plan.emotion, plan.seed, plan.first, **plan.options), folder)
    from mrn_core.datasets.rendered import write_rendered_clip

    return write_rendered_clip(plan, folder)


def _to_disk(path: Path) -> None:
    """Asks that a file's bytes reach the disk before its folder takes its name."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
