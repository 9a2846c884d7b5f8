"""Where the clips of a data set are: folders of pictures, and video files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from mrn_core.clip import PICTURE_SUFFIXES, VIDEO_SUFFIXES
from mrn_core.datasets.cells import subject_name

_SUBJECT = re.compile(r"(?:subject|subj|sub|s)?[ _.-]*\d{1,6}", re.IGNORECASE)
_SKIPPED = frozenset({"__macosx", "@eadir"})


@dataclass(frozen=True)
class Place:
    """One clip on the disk.

    Attributes:
        path: the folder of pictures, or the video file.
        name: the clip's name: the folder's, or the file's without its suffix.
        subject: as ``cells.subject_name`` writes it; "" where no folder tells.
        tree: the folders above the subject's, relative to the root; () where it stands in the root.
        numbers: the pictures' numbers, ascending, repeated where two pictures have the same.
    """

    path: Path
    name: str
    subject: str
    tree: tuple[str, ...]
    numbers: tuple[int, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What a row is matched by."""
        return clip_key(self.subject, self.name)


def clip_key(subject: str, clip: str) -> tuple[str, str]:
    """Subject and clip without case and outer blanks, and without a picture's or video's suffix."""
    name = clip.strip()
    if Path(name).suffix.lower() in VIDEO_SUFFIXES | PICTURE_SUFFIXES:
        name = name[: -len(Path(name).suffix)]
    return subject.casefold(), name.casefold()


def find_places(root: Path) -> list[Place]:
    """All clips under the root, in the order of their paths. Hidden folders and other files do not count."""
    places = []
    for folder, files in _folders(root):
        pictures = [name for name in files if Path(name).suffix.lower() in PICTURE_SUFFIXES]
        inner = folder.relative_to(root).parts
        if pictures and inner:
            places.append(_place(root, folder, folder.name, inner, _numbers(pictures)))
        for name in files:
            if Path(name).suffix.lower() in VIDEO_SUFFIXES:
                places.append(_place(root, folder / name, Path(name).stem, (*inner, name), ()))
    return places


def doubled_folders(places: list[Place], root: Path) -> list[str]:
    """Folders that stand within one of the same name, relative to the root."""
    found: dict[str, None] = {}
    for place in places:
        parts = place.path.relative_to(root).parts
        for depth, (outer, inner) in enumerate(pairwise(parts), 1):
            if outer.casefold() == inner.casefold():
                found["/".join(parts[: depth + 1])] = None
    return list(found)


def _folders(root: Path) -> Iterator[tuple[Path, list[str]]]:
    """Folders and the files in them, sorted; links are followed once."""
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            stat = folder.stat()
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue  # a folder that may not be read holds no clip for us; its rows are reported
        if (stat.st_dev, stat.st_ino) in seen:
            continue
        seen.add((stat.st_dev, stat.st_ino))
        shown = [e for e in entries if not e.name.startswith(".") and e.name.casefold() not in _SKIPPED]
        yield folder, [entry.name for entry in shown if entry.is_file()]
        waiting += [Path(entry.path) for entry in reversed(shown) if entry.is_dir()]


def _place(root: Path, path: Path, name: str, inner: tuple[str, ...], numbers: tuple[int, ...]) -> Place:
    above = inner[:-1]
    at = next((i for i in reversed(range(len(above))) if _SUBJECT.fullmatch(above[i])), None)
    if at is not None:
        return Place(path, name, subject_name(above[at]), above[:at], numbers)
    if not above and _SUBJECT.fullmatch(root.name):
        return Place(path, name, subject_name(root.name), (), numbers)
    return Place(path, name, subject_name(above[-1]) if above else "", above[:-1], numbers)


def _numbers(names: list[str]) -> tuple[int, ...]:
    """The last number in each name; all positions where a name has none (as a clip counts then)."""
    found = [re.findall(r"[0-9]+", Path(name).stem) for name in names]
    if any(not digits or len(digits[-1]) > 18 for digits in found):
        return tuple(range(len(names)))
    return tuple(sorted(int(digits[-1]) for digits in found))
