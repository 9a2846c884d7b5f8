"""Making a data set: every clip whole or not at all, the same bytes each time, continued where it ended."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from mrn_core import __version__
from mrn_core.datasets.check import MADE, files_of, recorded
from mrn_core.datasets.kinds import RECORD, synthesis_record
from mrn_core.datasets.plan import PlannedClip
from mrn_core.datasets.sheet_writer import SheetRow, write_sheet
from mrn_core.datasets.worker import make_clip, partial_folder, settle_worker
from mrn_core.errors import Cancelled, FileError, MRNError
from mrn_core.resources import resource
from mrn_core.result import write_whole

SHEET = "synthetic-coding.xlsx"
ABOUT = "ABOUT.txt"
_FORMAT = 1

_TEXT = """\
Micro-expressions whose true motion is known, made by MRN Studio {version}: {source}.
Nobody was filmed. The folders and the sheet are laid out as those of CASME II are; these are not its data.
Beside the pictures of each clip lie its true motion (truth.json or truth.npz; mrn dataset truth CLIP
shows it) and made.json, what it was made from.
"""


@dataclass(frozen=True)
class Made:
    """What a run did: clips made now, and clips that were there already."""

    made: int
    kept: int


def synthesize(
    plans: Sequence[PlannedClip],
    out: Path,
    recipe: dict[str, Any],
    photos: Path | None = None,
    jobs: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Made:
    """Makes the planned clips, their sheet and a record in a folder of their own.

    A clip is written beside its place and put there when it is whole, so a run that was broken off is
    continued by the same call: clips whose files are as they were made are kept.

    Args:
        out: a new or empty folder, or one that the same recipe was begun in.
        recipe: what the set is made from (source, preset, seed), JSON-able; a folder keeps its recipe.
        photos: the folder of the photographs, for clips made from them.
        jobs: processes; None takes all cores, 1 stays in this process.
        progress: called as ``progress("clips", done, total)``.
        cancel: asked between clips.

    Raises:
        FileError: the folder holds something else, or cannot be written.
        Cancelled: ``cancel`` said so; what is whole stays.
    """
    _claim(out, recipe)
    _clear(out)
    waiting = [plan for plan in plans if not _is_whole(out, plan)]
    kept = len(plans) - len(waiting)
    done = kept

    def told() -> None:
        if progress is not None:
            progress("clips", done, len(plans))
        if cancel is not None and cancel():
            raise Cancelled

    told()
    try:
        with closing(_made(waiting, out, photos, jobs or os.cpu_count() or 1)) as making:
            for _ in making:
                done += 1
                told()
    except OSError as error:
        raise FileError(
            f"{error.filename or out} cannot be read or written: {error.strerror or error}.",
            "Mend that, and start again: what is whole is kept.",
        ) from error
    finally:
        _clear(out)
    write_sheet(out / SHEET, [_row(out, plan) for plan in plans])
    return Made(len(waiting), kept)


def _made(
    waiting: Sequence[PlannedClip], out: Path, photos: Path | None, jobs: int
) -> Generator[None, None, None]:
    """Yields once for each clip made."""
    if jobs == 1 or len(waiting) < 2:
        for plan in waiting:
            make_clip(plan, out, photos)
            yield
        return
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(min(jobs, len(waiting)), context, settle_worker, (stop,))
    try:
        upcoming = iter(waiting)
        running: set[Future[None]] = set()
        while True:
            for nearest in islice(upcoming, 2 * jobs - len(running)):
                running.add(pool.submit(make_clip, nearest, out, photos))
            if not running:
                break
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                future.result()
                yield
    except BrokenProcessPool as error:
        raise MRNError(
            "A process that makes clips was ended from outside; memory may have run out.",
            "Start again with fewer --jobs: what is whole is kept.",
        ) from error
    except BaseException:
        stop.set()  # workers that still make something end at once
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _generator() -> str:
    """SHA-256 of what makes the clips: a set that another generator began would be of two kinds."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    digest.update(resource("heads", "heads.npz").read_bytes())
    return digest.hexdigest()


def _claim(out: Path, recipe: dict[str, Any]) -> None:
    """Makes the folder ours, or finds it begun by the same recipe.

    Raises:
        FileError: it is someone else's, or another recipe's.
    """
    wanted = {
        "made_by": "mrn dataset synthesize",
        "format": _FORMAT,
        "version": __version__,
        "generator": _generator(),
        **recipe,
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        empty = next(out.iterdir(), None) is None
    except OSError as error:
        raise FileError(
            f"{out} cannot be written: {error.strerror or error}.", "Choose another folder."
        ) from error
    held = synthesis_record(out)
    if held is None and not empty:
        raise FileError(
            f"{out} is not empty, and holds no data set that this program began.", "Choose a new folder."
        )
    if held is not None:
        wanted = json.loads(json.dumps(wanted))
        other = sorted(key for key in wanted.keys() | held.keys() if wanted.get(key) != held.get(key))
        if other:
            key = other[0]
            both = {"photos": "other photographs", "generator": "another state of the generator"}.get(
                key, f"{key} {held.get(key)}, not {wanted.get(key)}"
            )
            raise FileError(
                f"{out} was begun with {both}.",
                "Choose a new folder, or give what it was begun with.",
            )
        return
    told = json.dumps(wanted, indent=1, sort_keys=True)
    about = _TEXT.format(version=__version__, source=recipe.get("source", ""))
    write_whole(out / RECORD, lambda file: file.write(told.encode()))
    write_whole(out / ABOUT, lambda file: file.write(about.encode()))


def _clear(out: Path) -> None:
    """Removes what a broken run left half-made."""
    shutil.rmtree(partial_folder(out), ignore_errors=True)


def _is_whole(out: Path, plan: PlannedClip) -> bool:
    """Whether the clip is there, made from this very plan, each file as it was made."""
    folder = out / plan.name
    made = recorded(folder)
    if not made:
        return False
    try:
        told = json.loads((folder / MADE).read_text(encoding="utf-8"))
        return told.get("plan") == json.loads(json.dumps(plan.to_dict())) and files_of(folder) == made
    except (OSError, ValueError):
        return False


def _row(out: Path, plan: PlannedClip) -> SheetRow:
    told = json.loads((out / plan.name / MADE).read_text(encoding="utf-8"))["row"]
    return SheetRow(
        subject=plan.subject,
        clip=plan.clip,
        onset=int(told["onset"]),
        apex=int(told["apex"]),
        offset=int(told["offset"]),
        action_units=str(told["action_units"]),
        emotion=plan.emotion,
    )
