"""One figure into one file, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mrn_core.errors import FileError
from mrn_core.result import Analysis, write_whole

from .page import Page
from .rendering import KINDS as FIGURE_KINDS
from .rendering import drawn
from .scene import Scene
from .strips import strips_figure
from .style import plain_style
from .views import KINDS, view_bytes


def check_place(target: str | os.PathLike[str]) -> None:
    """Refuses a file that cannot be written, before the work is done.

    Raises:
        FileError: its folder is not there, or a folder stands in its place.
    """
    path = Path(target)
    if not path.absolute().parent.is_dir():
        raise FileError(f"{path} cannot be written: there is no such folder.", "Make it first.")
    if path.is_dir():
        raise FileError(f"{path} cannot be written: a folder stands there.", "Choose another name.")


def check_target(target: str | os.PathLike[str], kinds: Sequence[str] = KINDS) -> str:
    """The kind of file that a file's name asks for, checked before the work is done.

    Raises:
        FileError: a name of no known kind, or what ``check_place`` refuses.
    """
    path = Path(target)
    kind = path.suffix.lower().lstrip(".")
    if kind not in kinds:
        endings = ", ".join(f".{each}" for each in kinds[:-1])
        raise FileError(f"{path.name} is no kind of figure.", f"End its name with {endings} or .{kinds[-1]}.")
    check_place(path)
    return kind


def write_figure(scene: Scene, name: str, on: Page, target: str | os.PathLike[str]) -> Path:
    """Draws the view with this name into a .svg, .pdf or .png file, or writes its numbers into a .csv file.

    Raises:
        SettingsError: there is no such view, or it needs what the scene lacks.
        FileError: the target cannot be written or is of another kind.
    """
    kind = check_target(target)
    data = view_bytes(scene, name, kind, on)
    write_whole(target, lambda file: file.write(data))
    return Path(target)


def write_strips(analyses: Sequence[Analysis], on: Page, target: str | os.PathLike[str]) -> Path:
    """Draws strips of several clips, as in the paper's Fig. 1, into a .svg, .pdf or .png file.

    Raises:
        SettingsError: no analysis.
        FileError: the target cannot be written or is of another kind.
    """
    kind = check_target(target, FIGURE_KINDS)
    with plain_style():
        figure = strips_figure(analyses, replace(on, shows="frames"))
    data = drawn(figure, kind, on.dpi, "Magnified from onset to apex", analyses, "frames")
    write_whole(target, lambda file: file.write(data))
    return Path(target)
