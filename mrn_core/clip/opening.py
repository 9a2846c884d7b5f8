"""Opening a clip, whatever it is stored in."""

from __future__ import annotations

import math
from os import PathLike
from pathlib import Path

from mrn_core.clip.base import Cancel, Clip, Progress
from mrn_core.clip.folder import ASSUMED_FPS, PICTURE_SUFFIXES, FolderClip
from mrn_core.clip.video import VideoClip
from mrn_core.errors import ClipError, SettingsError

__all__ = ["ASSUMED_FPS", "PICTURE_SUFFIXES", "VIDEO_SUFFIXES", "open_clip"]

VIDEO_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".wmv"}
    | {".flv", ".3gp", ".ogv", ".mxf", ".gif"}
)
"""Suffixes by which lists and file dialogs know a video; any file is tried when it is opened by name."""


def open_clip(
    path: str | PathLike[str],
    fps: float | None = None,
    *,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    memory: int | None = None,
) -> Clip:
    """Opens a video file or a folder of pictures.

    A short clip's frames are all counted then. A long video is given out after a moment, with its first
    frames, and the others are counted in the background: see :class:`mrn_core.clip.Clip`.

    Args:
        path: a video that FFmpeg's libraries decode, or a folder of JPEG, PNG, BMP or TIFF pictures.
        fps: frames per second of the recording, where the source does not tell or tells wrongly
            (a high-speed recording stored for slow playing). A folder without it has the rate of the
            research set that its path names (CASME II, SAMM, SMIC ...), else 200; the notices say which.
        progress: called as ``progress("index", done, total)`` until the clip is given out; total is 0
            where it is not known. ``Clip.wait_for_index`` tells of what follows.
        cancel: asked between frames, until the clip is given out.
        memory: bytes of decoded frames to keep; by default 384 MiB where these are all of them, else 192.

    Raises:
        ClipError: it cannot be read, or it holds no frame.
        SettingsError: ``fps`` is no positive number.
        Cancelled: ``cancel`` said so.
    """
    if fps is not None and not (math.isfinite(fps) and 0 < fps <= 1e6):
        raise SettingsError(f"{fps:g} frames per second is not possible.", "Give a positive number.", "fps")
    source = Path(path).expanduser().absolute()
    try:
        is_folder = source.is_dir()
        size = 0 if is_folder else source.stat().st_size
    except FileNotFoundError:
        raise ClipError(f"There is no file or folder {source}.", "Check the path.") from None
    except (OSError, ValueError) as error:
        raise ClipError(f"{source} cannot be read ({error}).", "Check its permissions.") from error
    if is_folder:
        return FolderClip(source, fps, memory, progress, cancel)
    if not source.is_file():
        raise ClipError(f"{source} is neither a file nor a folder.", "Choose a video or a folder.")
    if size == 0:
        raise ClipError(f"{source} is an empty file.", "Copy it again from where it came from.")
    if source.suffix.lower() in PICTURE_SUFFIXES:
        raise ClipError(f"{source} is a single picture.", "Open the folder that holds the sequence.")
    return VideoClip(source, fps, memory, progress, cancel)
