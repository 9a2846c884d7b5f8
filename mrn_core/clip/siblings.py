"""The clips that stand beside a clip: the other videos of its folder, or the other folders of pictures."""

from __future__ import annotations

import os
import re
from pathlib import Path

from mrn_core.clip.opening import PICTURE_SUFFIXES, VIDEO_SUFFIXES
from mrn_core.errors import ClipError

_LOOKED_AT = 200  # entries of a folder among which a picture is looked for


def clips_beside(source: str | os.PathLike[str]) -> list[Path]:
    """The clips of the folder that holds a clip, itself among them, in the order in which people count.

    Beside a video stand videos (by their suffix), beside a folder of pictures such folders. Hidden files are
    left out. Nothing is opened, so one of them may turn out to be no clip.

    Args:
        source: a video or a folder of pictures; it is listed also where it is neither any more.

    Raises:
        ClipError: the folder cannot be read.
    """
    own = Path(source).expanduser().absolute()
    folder = own.parent
    wanted = _has_pictures if own.is_dir() else _is_video
    try:
        with os.scandir(folder) as entries:
            found = [Path(entry.path) for entry in entries if entry.name[0] != "." and wanted(entry)]
    except OSError as error:
        raise ClipError(
            f"{folder} cannot be read ({error.strerror or error}).", "Is it still there?"
        ) from error
    return sorted({*found, own}, key=lambda path: counted(path.name))


def counted(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts names as people count: EP2 before EP10, whatever the case."""
    words = re.split(r"([0-9]+)", name.casefold())  # every second one is a number
    parts = ((1, int(word), word) if i % 2 else (0, 0, word) for i, word in enumerate(words))
    return (*parts, (0, 0, name))


def _is_video(entry: os.DirEntry[str]) -> bool:
    return Path(entry.name).suffix.lower() in VIDEO_SUFFIXES and entry.is_file()


def _has_pictures(entry: os.DirEntry[str]) -> bool:
    if not entry.is_dir():
        return False
    try:
        with os.scandir(entry.path) as inside:
            names = [found.name for found, _ in zip(inside, range(_LOOKED_AT), strict=False)]
    except OSError:
        return False
    return any(Path(name).suffix.lower() in PICTURE_SUFFIXES and name[0] != "." for name in names)
