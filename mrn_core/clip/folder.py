"""A folder of numbered pictures as a clip."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np

from mrn_core.clip.base import Cancel, Clip, Facts, Progress, file_sha256
from mrn_core.clip.naming import is_litter, known_rate, number_in, without_copies
from mrn_core.clip.picture import Header, read_header, read_picture
from mrn_core.errors import Cancelled, ClipError

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff"})
ASSUMED_FPS = 200.0
"""The rate of CASME II and SAMM, taken where nobody told the rate and the path names no known set."""


class FolderClip(Clip):
    """The pictures of one folder, in the order of the last number in their names.

    Pictures are read when they are asked for. ``times`` follow the numbers, so a missing picture
    leaves a gap; where numbers are missing or occur twice, they follow the positions.
    """

    def __init__(
        self,
        source: Path,
        fps: float | None,
        memory: int | None,
        progress: Progress | None,
        cancel: Cancel | None,
    ) -> None:
        super().__init__(source, memory)
        pictures, copies = without_copies(_pictures(source))
        paths = sorted(pictures, key=lambda path: (number_in(path) is None, number_in(path), path.name))
        self._paths, headers = self._readable(paths, progress, cancel)
        self.size = _common_size(self._paths, headers)
        self._cache.fit(3 * self.size[0] * self.size[1] * len(self._paths))
        turned = sum(header.turned for header in headers)
        if turned:
            self.notices.append(f"{turned} of {len(headers)} pictures are turned as their EXIF tag asks.")
        deep = sum(header.deep for header in headers)
        if deep:
            self.notices.append(f"{deep} of {len(headers)} pictures have 16 bits a sample; 8 are used.")
        clear = sum(header.transparent for header in headers)
        if clear:
            self.notices.append(
                f"{clear} of {len(headers)} pictures have transparency: it is dropped, stored colours count."
            )
        if copies:
            names = _some([path.name for path in copies])
            self.notices.append(
                f"{len(copies)} pictures are copies by their names and are left out: {names}."
            )
        rate = self._assumed_rate() if fps is None else float(fps)
        numbers, times, uneven = self._numbered(rate)
        self._made = Facts(times, numbers, rate, fps is not None, uneven)

    def _assumed_rate(self) -> float:
        """A known set's frame rate where the path names one, else the usual one; says so in the notices."""
        known = known_rate(self.source)
        rate = ASSUMED_FPS if known is None else known[0]
        why = "" if known is None else f", the rate of {known[1]}, which the path names"
        self.notices.append(f"A folder has no frame rate: {rate:g} frames per second are assumed{why}.")
        return rate

    def _facts(self) -> Facts:
        return self._made

    def _readable(
        self, paths: list[Path], progress: Progress | None, cancel: Cancel | None
    ) -> tuple[list[Path], list[Header]]:
        """The pictures whose headers can be read; the others are named in the notices."""
        good, headers, bad = [], [], []
        for done, path in enumerate(paths, 1):
            if cancel is not None and cancel():
                raise Cancelled
            try:
                headers.append(read_header(path))
                good.append(path)
            except ClipError:
                bad.append(path.name)
            if progress is not None:
                progress("index", done, len(paths))
        if not good:
            raise ClipError(
                f"None of the {len(bad)} pictures in {self.source} can be read.", "Copy the folder again."
            )
        if bad:
            self.notices.append(f"{len(bad)} pictures cannot be read and are left out: {_some(bad)}.")
        return good, headers

    def _numbered(self, fps: float) -> tuple[np.ndarray, np.ndarray, bool]:
        """Numbers, times and whether these are uneven; what is to be said of them goes to the notices."""
        own = [number_in(path) for path in self._paths]
        positions = np.arange(len(own), dtype=np.int64)
        known = [number for number in own if number is not None]
        if len(known) < len(own):
            if known:
                unnumbered = [p.name for p, number in zip(self._paths, own, strict=True) if number is None]
                self.notices.append(
                    f"{len(unnumbered)} names have no number ({_some(unnumbered)}): frames count from 0."
                )
            return positions, positions / fps, False
        numbers = np.array(known, dtype=np.int64)
        steps = np.diff(numbers)
        if (steps == 0).any():
            twice = [f"{number} ({self._names(number)})" for number, n in Counter(known).items() if n > 1]
            self.notices.append(
                f"Numbers occur more than once, times follow the order of the files: {_some(twice)}."
            )
            return numbers, positions / fps, False
        uneven = False
        if len(steps) and (steps > 1).any():
            uneven = bool((steps != steps[0]).any())
            self.notices.append(_gaps(known))
        return numbers, (numbers - numbers[0]) / fps, uneven

    def _names(self, number: int) -> str:
        return ", ".join(path.name for path in self._paths if number_in(path) == number)

    def _read(self, index: int) -> np.ndarray:
        frame = read_picture(self._paths[index])
        if (frame.shape[1], frame.shape[0]) != self.size:
            raise ClipError(f"{self._paths[index]} has another size than at first.", "Open it again.")
        self._cache.put(index, frame)
        return frame

    def _hash(self) -> str:
        digest = hashlib.sha256()
        for path in sorted(self._paths, key=lambda path: path.name):
            digest.update(path.name.encode("utf-8", "surrogateescape") + b"\0")
            digest.update(file_sha256(path).encode() + b"\n")
        return digest.hexdigest()


def _pictures(folder: Path) -> list[Path]:
    """The folder's pictures, without what operating systems leave there."""
    try:
        entries = list(folder.iterdir())
        files = [entry for entry in entries if not is_litter(entry.name)]
        found = [path for path in files if path.suffix.lower() in PICTURE_SUFFIXES and path.is_file()]
        inner = any(path.is_dir() for path in files) if not found else False
    except OSError as error:
        raise ClipError(
            f"The folder {folder} cannot be read ({error.strerror}).", "Check its permissions."
        ) from error
    if not found:
        advice = (
            "Open one of the folders in it." if inner else "Choose one with JPEG, PNG, BMP or TIFF files."
        )
        raise ClipError(f"There is no picture in the folder {folder}.", advice)
    return found


def _common_size(paths: list[Path], headers: list[Header]) -> tuple[int, int]:
    counts = Counter(header.size for header in headers)
    (width, height), _ = counts.most_common(1)[0]
    odd = [
        (path, header.size)
        for path, header in zip(paths, headers, strict=True)
        if header.size != (width, height)
    ]
    if odd:
        path, (w, h) = odd[0]
        more = f" ({len(odd) - 1} more differ)" if len(odd) > 1 else ""
        raise ClipError(
            f"{path.name} is {w} x {h} pixels, the others in {path.parent} are {width} x {height}{more}.",
            "Keep one sequence of one size in a folder.",
        )
    return width, height


def _gaps(numbers: list[int]) -> str:
    steps = {b - a for a, b in pairwise(numbers)}
    if len(steps) == 1:
        return f"The numbers go in steps of {steps.pop()}; times follow the numbers."
    spans = [str(a + 1) if b - a == 2 else f"{a + 1} to {b - 1}" for a, b in pairwise(numbers) if b - a > 1]
    return f"Numbers are missing, times keep their gaps: {_some(spans)}."


def _some(names: list[str], most: int = 4) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
