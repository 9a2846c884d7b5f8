"""Onset, apex and offset of clips, kept by the clip's content in the user's data folder.

One small JSON file a clip, written whole at each change: a damaged file costs one clip's marks, and
two programs that run at once do not write over each other's clips.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt
import platformdirs

from mrn_core.errors import FileError
from mrn_core.frame_numbers import frame_told
from mrn_core.result import write_whole

T = TypeVar("T")

Box = tuple[float, float, float, float]
Landmarks = tuple[tuple[float, float], ...]
MarkedFace = Literal["whole"] | Box | Landmarks | None
POINTS = 68

FORMAT = 1
RECENT_KEPT = 12


def data_folder() -> Path:
    """Where the program keeps what the user made: ``MRN_STUDIO_DATA``, or the system's place for it."""
    chosen = os.environ.get("MRN_STUDIO_DATA")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("mrn-studio", appauthor=False))


@dataclass(frozen=True)
class Marks:
    """Frame indices from 0, None where nothing is marked, and what else a person told of the clip.

    Attributes:
        onset, apex, offset: frame indices.
        when: the last change, ISO 8601 in UTC.
        face: None = to be detected; "whole" = the picture is a face crop already; (x, y, w, h) = the box that
            holds the face, px; 68 pairs (x, y) = its landmarks in the onset, px.
        fps: frames per second, where the source does not tell them or tells them wrongly; None = as it tells.
        apex_source: who chose the apex: "user", "annotated" (a sheet or a demo clip's truth), "middle" or
            "spotted:" with the method whose proposal was taken; "" without an apex.
    """

    onset: int | None = None
    apex: int | None = None
    offset: int | None = None
    when: str = ""
    face: MarkedFace = None
    fps: float | None = None
    apex_source: str = ""

    def __bool__(self) -> bool:
        return any(mark is not None for mark in (self.onset, self.apex, self.offset))

    def fit(self, frames: int) -> bool:
        """Whether every mark is a frame of a clip with that many frames."""
        return all(mark is None or 0 <= mark < frames for mark in (self.onset, self.apex, self.offset))


def marked_box(face: MarkedFace) -> Box | None:
    """The box that a person drew, (x, y, w, h) px, or None where the mark is something else."""
    if face is None or isinstance(face, str) or len(face) == POINTS:
        return None
    x, y, w, h = face
    return x, y, w, h  # type: ignore[return-value]


def marked_landmarks(face: MarkedFace) -> npt.NDArray[np.float64] | None:
    """The landmarks that a person moved, (68, 2) px, or None where the mark is something else."""
    if face is None or isinstance(face, str) or len(face) != POINTS:
        return None
    return np.array(face, np.float64)


def face_choice(face: MarkedFace) -> Literal["whole"] | Box | npt.NDArray[np.float64] | None:
    """A marked face as ``Analyzer.run`` and ``spot`` take it."""
    if face is None or face == "whole":
        return face
    box = marked_box(face)
    return marked_landmarks(face) if box is None else box


@dataclass(frozen=True)
class Recent:
    """A clip that was open lately.

    Attributes:
        when: ISO 8601 in UTC.
        runs: (index, the source's own number) of the first frame of each run in which both count on
            together: ((0, 46),) for img46.jpg and all that follow.
    """

    path: str
    sha256: str
    frames: int
    when: str = ""
    runs: tuple[tuple[int, int], ...] = ()

    def told(self, frame: int) -> str:
        """A frame as it is named everywhere: "12 (#58)"."""
        before = [(index, number) for index, number in self.runs if index <= frame]
        if not before:
            return frame_told(frame)
        index, number = max(before)
        return frame_told(frame, number + frame - index)

    @property
    def name(self) -> str:
        """The file's or folder's own name."""
        return Path(self.path).name


class MarkStore:
    """Reads and writes marks and the list of recent clips.

    Args:
        folder: where; None for :func:`data_folder`. It is made at the first write.

    Attributes:
        notices: sentences for the user on files that were damaged and set aside; the reader clears it.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self.folder = data_folder() if folder is None else Path(folder)
        self.notices: list[str] = []

    def get(self, sha256: str) -> Marks | None:
        """The marks of the clip with this content, or None where there are none.

        A file that cannot be understood is renamed, and a notice says so.
        """
        return self._read(self._marks_file(sha256), _marks_from)

    def put(self, sha256: str, marks: Marks) -> Marks:
        """Keeps the marks of the clip with this content; returns them with the time of writing.

        Raises:
            FileError: they cannot be written; the old ones stay.
        """
        marks = replace(marks, when=_now())
        self._write(self._marks_file(sha256), asdict(marks))
        return marks

    def recent(self) -> list[Recent]:
        """The clips that were open lately, the latest first."""
        return self._read(self.folder / "recent.json", _recent_from) or []

    def remember(
        self,
        path: str | os.PathLike[str],
        sha256: str,
        frames: int,
        numbers: npt.NDArray[np.int64] | None = None,
    ) -> None:
        """Puts a clip at the head of the recent ones; ``numbers``: the source's own of its frames.

        Raises:
            FileError: the list cannot be written.
        """
        text = os.fspath(path)
        kept = [entry for entry in self.recent() if entry.path != text]
        entries = [Recent(text, sha256, frames, _now(), _runs(numbers)), *kept][:RECENT_KEPT]
        self._write(self.folder / "recent.json", {"clips": [asdict(entry) for entry in entries]})

    def _marks_file(self, sha256: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError(f"{sha256!r} is no SHA-256")
        return self.folder / "marks" / f"{sha256}.json"

    def _read(self, path: Path, understand: Callable[[dict[str, Any]], T]) -> T | None:
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            self._set_aside(path, error)
            return None
        try:
            told = json.loads(text)
            if not isinstance(told, dict) or told.get("format") != FORMAT:
                raise ValueError("another format")
            return understand(told)
        except (ValueError, KeyError, TypeError) as error:
            self._set_aside(path, error)
            return None

    def _set_aside(self, path: Path, error: Exception) -> None:
        aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
        try:
            path.rename(aside)
        except OSError:
            self.notices.append(f"{path.name} cannot be read ({error}).")
        else:
            self.notices.append(f"{path.name} was damaged and is kept as {aside.name}.")

    def _write(self, path: Path, told: dict[str, Any]) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(
                f"The folder {path.parent} cannot be made: {error.strerror or error}.",
                "Choose another with MRN_STUDIO_DATA.",
            ) from error
        text = json.dumps({"format": FORMAT, **told}, indent=1, ensure_ascii=False)
        write_whole(path, lambda file: file.write(text.encode()))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _marks_from(told: dict[str, Any]) -> Marks:
    for name in ("onset", "apex", "offset"):
        value = told[name]
        if value is not None and (type(value) is not int or value < 0):
            raise ValueError(f"{name} is no frame number")
    frames = (told["onset"], told["apex"], told["offset"])
    fps = told.get("fps")
    if fps is not None and not 0 < _number(fps) <= 1e6:
        raise ValueError("fps is no rate")
    source = told.get("apex_source", "user") if told["apex"] is not None else ""
    return Marks(*frames, str(told.get("when", "")), _face_from(told.get("face")), fps, str(source))


def _face_from(told: Any) -> MarkedFace:
    if told is None or told == "whole":
        return "whole" if told else None
    if len(told) == POINTS:
        return tuple((_number(x), _number(y)) for x, y in told)
    x, y, w, h = (_number(value) for value in told)
    return x, y, w, h


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)


def _runs(numbers: npt.NDArray[np.int64] | None) -> tuple[tuple[int, int], ...]:
    if numbers is None:
        return ()
    starts = np.flatnonzero(np.diff(numbers, prepend=numbers[:1] - 2) != 1)
    return tuple((int(index), int(numbers[index])) for index in starts)


def _recent_from(told: dict[str, Any]) -> list[Recent]:
    names = [f.name for f in fields(Recent) if f.name != "runs"]
    return [
        Recent(
            **{name: entry[name] for name in names},
            runs=tuple((int(index), int(number)) for index, number in entry.get("runs", [])),
        )
        for entry in told["clips"]
    ]
