"""Where the files that come with the program are: demo clip, fonts, icons, cards."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """The path of a file or folder under ``resources/``, from a checkout and from an installed wheel.

    Raises:
        FileNotFoundError: the installation is not whole.
    """
    for root in (_HERE / "_resources", _HERE.parent / "resources"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(
        f"{'/'.join(parts)} is missing from this installation of MRN Studio; install it again"
    )
