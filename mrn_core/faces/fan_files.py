"""The weight files of the face backend fan: fetched when a person asks for it, or taken from a file.

A file lies in its place whole and checked, or not at all. The check is the start of the SHA-256 that the
authors wrote into each file's name (ten digits, as torch.hub reads them); they publish no longer one.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from mrn_core.errors import Cancelled, WeightsError

FILES = ("s3fd-619a316812.pth", "2DFAN4-11f355bf06.pth.tar")
SOURCE = "https://www.adrianbulat.com/downloads/python-fan/"
LICENCE = (
    "face-alignment (Bulat and Tzimiropoulos) is under the BSD 3-Clause licence; no licence of their own is "
    "known for its weights, which were trained on face sets for research"
)
LARGEST = 512 * 2**20  # bytes; each of the files has about 90 MB
STALLED_S = 15.0
_CHUNK = 1 << 16

Progress = Callable[[str, int, int], None]
Cancel = Callable[[], bool]


def stated_hash(name: str) -> str:
    """The first ten hexadecimal digits of the SHA-256 that a published file's name states.

    Raises:
        WeightsError: the name states none.
    """
    found = re.search(r"-([0-9a-f]{10})\.", name)
    if found is None:
        raise WeightsError(f"{name} states no SHA-256.", f"Known files: {', '.join(FILES)}.", name=name)
    return found[1]


def check_file(path: Path, name: str = "") -> None:
    """Raises WeightsError when the file is not what ``name`` (its own, if empty) states."""
    stated = stated_hash(name or path.name)
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if not found.startswith(stated):
        raise WeightsError(
            f"{path} is damaged: its SHA-256 begins with {found[:10]}, not with {stated}.",
            "Fetch the file again, or use the face backend dlib.",
            name=name or path.name,
        )


def fetch(
    name: str,
    folder: Path,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    source: str = SOURCE,
    stalled_s: float = STALLED_S,
) -> Path:
    """Downloads one of ``FILES`` into ``folder`` and checks it; a file that is there is replaced at the end.

    Args:
        progress: called with (name, bytes so far, bytes in all); 0 in all where the server does not say.
        cancel: asked at each piece; a server that says nothing is waited for ``stalled_s`` at most.
        source: where the files lie, with a slash at its end.

    Raises:
        WeightsError: the server cannot be reached, stops, or sends something else; nothing is left behind.
        Cancelled: ``cancel`` said so.
    """

    def receive(out: IO[bytes]) -> None:
        with urllib.request.urlopen(source + name, timeout=stalled_s) as answer:
            if urlsplit(answer.url).scheme != urlsplit(source).scheme:
                raise _failed(name, f"the server leads on to {answer.url}")
            total, done = int(answer.headers.get("Content-Length") or 0), 0
            if total > LARGEST:
                raise _failed(name, f"the server's file has {total} bytes, far too many")
            while piece := answer.read1(_CHUNK):
                out.write(piece)
                done += len(piece)
                if done > LARGEST:
                    raise _failed(name, f"the server sends more than {LARGEST} bytes")
                if progress is not None:
                    progress(name, done, total)
                if cancel is not None and cancel():
                    raise Cancelled
            if done < total:
                raise _failed(name, f"the connection ended after {done} of {total} bytes")

    try:
        return _placed(name, folder, receive)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise _failed(name, str(reason) or type(reason).__name__) from error


def take(path: str | os.PathLike[str], folder: Path) -> Path:
    """Copies one of ``FILES`` that a person fetched into ``folder``; known by its content, whatever its name.

    Raises:
        WeightsError: it is none of them, or cannot be read or written; nothing is left behind.
    """
    given = Path(path)
    try:
        with given.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            name = next((name for name in FILES if found.startswith(stated_hash(name))), None)
            if name is None:
                raise WeightsError(
                    f"{given} is none of {' and '.join(FILES)}: its SHA-256 begins with {found[:10]}.",
                    f"Fetch the file again from {SOURCE}.",
                    name=given.name,
                )
            file.seek(0)
            return _placed(name, folder, lambda out: shutil.copyfileobj(file, out))
    except OSError as error:
        raise WeightsError(
            f"{given} cannot be kept in {folder}: {error.strerror or error}.",
            "Check the file and the folder.",
        ) from error


def _placed(name: str, folder: Path, write: Callable[[IO[bytes]], None]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=folder, prefix=f".{name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        check_file(Path(part), name)
        Path(part).replace(folder / name)
    finally:
        Path(part).unlink(missing_ok=True)
    return folder / name


def _failed(name: str, reason: str) -> WeightsError:
    return WeightsError(
        f"{name} could not be fetched: {reason}.",
        "Try again, give the file by hand, or use the face backend dlib, which needs no download.",
        name=name,
    )
