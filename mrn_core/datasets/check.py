"""Everything odd about a data set, with what only a look into the files can tell."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from mrn_core.clip import PICTURE_SUFFIXES
from mrn_core.datasets.model import Dataset, Problem
from mrn_core.errors import Cancelled, ClipError

MADE = "made.json"
"""What ``synthesize`` leaves in each clip's folder: its files and their SHA-256."""


def check(
    dataset: Dataset,
    progress: Callable[[str, int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> list[Problem]:
    """All that is odd: what opening found, and pictures that cannot be read or differ in size.

    In a set made by this program each file is compared with what was made. Nothing is written.

    Args:
        progress: called as ``progress("check", done, total)``, clips.
        cancel: asked between clips.

    Raises:
        Cancelled: ``cancel`` said so.
    """
    problems = list(dataset.problems)
    folders = sorted({s.path for s in dataset.samples if s.path is not None and s.path.is_dir()})
    for done, folder in enumerate(folders, 1):
        if cancel is not None and cancel():
            raise Cancelled
        where = folder.relative_to(dataset.root).as_posix()
        problems += _pictures(folder, where)
        problems += _changed(folder, where)
        if progress is not None:
            progress("check", done, len(folders))
    return problems


def _pictures(folder: Path, where: str) -> list[Problem]:
    from mrn_core.clip.picture import read_header

    sizes: dict[str, tuple[int, int]] = {}
    problems = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.suffix.lower() not in PICTURE_SUFFIXES:
            continue
        try:
            sizes[path.name] = read_header(path).size
        except ClipError as error:
            problems.append(Problem("unreadable-frame", f"{where}/{path.name}", error.what, error.advice))
    if len(set(sizes.values())) > 1:
        (usual, _), *_ = Counter(sizes.values()).most_common(1)
        odd = [name for name, size in sizes.items() if size != usual]
        width, height = sizes[odd[0]]
        problems.append(
            Problem(
                "unreadable-frame", f"{where}/{odd[0]}",
                f"it is {width} x {height} pixels, most of the clip {usual[0]} x {usual[1]}"
                + (f"; {len(odd) - 1} more differ." if len(odd) > 1 else "."),
                "Keep one size in a clip.",
            )
        )  # fmt: skip
    return problems


def files_of(folder: Path) -> dict[str, str]:
    """Name and SHA-256 of each file of a made clip, the record left out, sorted."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.name != MADE and not path.name.startswith(".") and path.is_file():
            with path.open("rb") as file:
                found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def recorded(folder: Path) -> dict[str, str] | None:
    """What the record of a made clip says of its files; None where there is no record that can be read."""
    try:
        told = json.loads((folder / MADE).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return told if isinstance(told, dict) else None


def _changed(folder: Path, where: str) -> list[Problem]:
    made = recorded(folder)
    if made is None:
        return []
    found = files_of(folder)
    missing = [name for name in made if name not in found]
    changed = [name for name in made if name in found and found[name] != made[name]]
    problems = []
    if missing:
        problems.append(
            Problem(
                "missing-frame", where, f"{_some(missing)} of the {len(made)} files made are not there.",
                "Make the set again into the same folder: what is whole is kept.",
            )
        )  # fmt: skip
    if changed:
        problems.append(
            Problem(
                "changed", where, f"{_some(changed)} are not as they were made.",
                "Make the set again into the same folder: what is whole is kept.",
            )
        )  # fmt: skip
    return problems


def _some(names: list[str], most: int = 3) -> str:
    names = sorted(names, key=lambda name: (len(name), name))
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
