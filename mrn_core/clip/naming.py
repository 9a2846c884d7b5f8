"""What the names of pictures and folders tell: numbers, litter, copies, and the frame rate of a known set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

_COPY = re.compile(
    r"(?i)copy(?: \(\d+\))? of (?P<old>.+)"
    r"|(?P<stem>.+?)(?: ?\(\d+\)|(?: -)? (?:copy|kopie|copie)(?: \(?\d+\)?)?)"
)
"""How systems name a second copy: "img46 (1)", "img46 - Copy (2)", "img46 copy 2", "Copy of img46"."""

_LITTER = re.compile(r"(?i)\..*|(folder|albumart.*)\.jpe?g")
"""Hidden files (.DS_Store, ._img1.jpg), and the sleeves that Windows puts into folders."""

_RATES = (
    (r"casme[ _-]?(ii|2)(?![0-9i])", 200.0, "CASME II"),
    (r"cas\(me\)[ _-]?(\^?2|\^?3|ii|iii)|casme[ _-]?(sq(uared)?|3|iii)", 30.0, "CAS(ME)^2 and CAS(ME)^3"),
    (r"casme", 60.0, "CASME"),
    (r"samm[ _-]?(lv|long)?", 200.0, "SAMM"),
    (r"smic[ _-]?(vis|nir)", 25.0, "SMIC-VIS and SMIC-NIR"),
    (r"smic.*", 100.0, "SMIC-HS"),
)
"""What the publishers of the sets say of their cameras."""


def number_in(path: Path) -> int | None:
    """The last number in a file's name; None without one, or with one too long to be a frame number."""
    digits = re.findall(r"[0-9]+", path.stem)
    return int(digits[-1]) if digits and len(digits[-1]) <= 18 else None


def is_litter(name: str) -> bool:
    """Whether a file is one that operating systems leave in folders."""
    return _LITTER.fullmatch(name) is not None


def without_copies(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The pictures, and those among them that are named as copies of others which stand beside them.

    "img (1).jpg", "img (2).jpg" are no copies where there is no "img.jpg".
    """
    names = {(path.stem.casefold(), path.suffix.casefold()) for path in paths}
    kept: list[Path] = []
    copies: list[Path] = []
    for path in paths:
        match = _COPY.fullmatch(path.stem)
        original = "" if match is None else (match["old"] or match["stem"]).casefold()
        (copies if (original, path.suffix.casefold()) in names else kept).append(path)
    return kept, copies


def known_rate(folder: Path) -> tuple[float, str] | None:
    """Frames per second and name of the research set that a folder, or one around it, is named after."""
    for part in reversed(folder.parts):
        for pattern, rate, name in _RATES:
            if re.search(rf"(?i)(?<![a-z]){pattern}", part) is not None:
                return rate, name
    return None
