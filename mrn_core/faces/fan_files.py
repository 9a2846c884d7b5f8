"""The weight files of the face backend fan: fetched when a person asks for it, or taken from a file.

A file lies in its place whole and checked, or not at all. The authors publish only the start of each
SHA-256, in the file's name (ten digits, as torch.hub reads them). The whole ones here begin so, and are what
several projects pinned who fetched the files independently.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import queue
import re
import shutil
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from mrn_core.errors import Cancelled, WeightsError

FILES = ("s3fd-619a316812.pth", "2DFAN4-11f355bf06.pth.tar")
SHA256 = {
    FILES[0]: "619a31681264d3f7f7fc7a16a42cbbe8b23f31a256f75a366e5a1bcd59b33543",
    FILES[1]: "11f355bf0693120222f5955ce3f9dc8fb5763ebb30a47d7906e509490d32e4aa",
}
SOURCE = "https://www.adrianbulat.com/downloads/python-fan/"
LICENCE = (
    "face-alignment (Adrian Bulat) is under the BSD 3-Clause licence; no licence of their own is "
    "known for its weights, which were trained on face sets for research"
)
ABOUT_MB = {FILES[0]: 90, FILES[1]: 95}
LARGEST = 512 * 2**20  # bytes
STALLED_S = 15.0
_LEAST = 1 << 12  # bytes in that time; a server that drips is one that stands still
_ASKED_S = 0.1  # between two looks at whether to go on
_CHUNK = 1 << 16

Progress = Callable[[str, int, int], None]
Cancel = Callable[[], bool]


def stated_hash(name: str) -> str:
    """The SHA-256 of a published file: whole where it is known, else the ten digits that its name states.

    Raises:
        WeightsError: the name states none.
    """
    if name in SHA256:
        return SHA256[name]
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
            f"{path} is damaged: its SHA-256 is {found[: len(stated)]}, not {stated}.",
            "Fetch the file again, or use the face backend dlib.",
            name=name or path.name,
        )


def lacking(folder: Path) -> list[str]:
    """Those of ``FILES`` that are not in ``folder``, or are not what their names state."""

    def lacks(name: str) -> bool:
        try:
            check_file(folder / name)
        except (WeightsError, OSError):
            return True
        return False

    return [name for name in FILES if lacks(name)]


def size_told(names: Sequence[str]) -> str:
    """About how much is to be fetched: "about 185 MB"."""
    return f"about {sum(ABOUT_MB.get(name, 0) for name in names)} MB"


def fetch(
    name: str,
    folder: Path,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    source: str | None = None,
    stalled_s: float | None = None,
) -> Path:
    """Downloads one of ``FILES`` into ``folder`` and checks it; a file that is there is replaced at the end.

    Args:
        progress: called with (name, bytes so far, bytes in all); 0 in all where the server does not say.
        cancel: asked ten times a second, whatever the server does.
        source: where the files lie, with a slash at its end; ``SOURCE`` by default.
        stalled_s: a server that says nothing, or next to nothing, for so long is given up; ``STALLED_S`` by
            default.

    Raises:
        WeightsError: the server cannot be reached, stops, or sends something else; nothing is left behind.
        Cancelled: ``cancel`` said so.
    """

    limit = STALLED_S if stalled_s is None else stalled_s
    pieces = _pieces((SOURCE if source is None else source) + name, name, limit, cancel)

    def receive(out: IO[bytes]) -> None:
        done = 0
        for total, piece in pieces:
            out.write(piece)
            done += len(piece)
            if progress is not None:
                progress(name, done, total)
            if cancel is not None and cancel():
                raise Cancelled

    try:
        return _placed(name, folder, receive)
    except OSError as error:
        raise WeightsError(
            f"{name} cannot be kept in {folder}: {error.strerror or error}.",
            "Make room there, or let TORCH_HOME name another folder, and try again.",
            name=name,
        ) from error
    finally:
        pieces.close()


def _pieces(
    url: str, name: str, stalled_s: float, cancel: Cancel | None
) -> Generator[tuple[int, bytes], None, None]:
    """The size that the server states (or 0) with each piece of the file.

    The connection is read in a thread that is let go: neither looking up a name nor a silent server can be
    broken off, and whoever cancels does not wait for them.
    """
    told: queue.Queue[tuple[str, Any]] = queue.Queue(maxsize=8)
    over = threading.Event()
    threading.Thread(target=_read, args=(url, stalled_s, told, over), name="fan files", daemon=True).start()
    total = done = counted = 0
    since = time.monotonic()
    try:
        while True:
            if cancel is not None and cancel():
                raise Cancelled
            if done >= counted + _LEAST:
                counted, since = done, time.monotonic()
            elif time.monotonic() - since > stalled_s:
                raise _failed(name, f"next to nothing came for {stalled_s:g} s")
            try:
                kind, value = told.get(timeout=min(_ASKED_S, stalled_s))
            except queue.Empty:
                continue
            if kind == "failed":
                reason = value.reason if isinstance(value, urllib.error.URLError) else value
                raise _failed(name, str(reason) or type(reason).__name__) from value
            if kind == "size":
                total = value
                if total > LARGEST:
                    raise _failed(name, f"the server's file has {total} bytes, far too many")
            elif not value:
                break
            else:
                done += len(value)
            if done > LARGEST:
                raise _failed(name, f"the server sends more than {LARGEST} bytes")
            if kind == "piece":
                yield total, value
        if done < total:
            raise _failed(name, f"the connection ended after {done} of {total} bytes")
    finally:
        over.set()


def _read(url: str, stalled_s: float, told: queue.Queue[tuple[str, Any]], over: threading.Event) -> None:
    """Puts the size, the pieces and an empty last one into ``told``, or what failed; ``over`` ends it."""

    def put(kind: str, value: object) -> None:
        while not over.is_set():
            try:
                told.put((kind, value), timeout=_ASKED_S)
                return
            except queue.Full:
                continue

    try:
        with urllib.request.urlopen(url, timeout=stalled_s) as answer:
            if urlsplit(answer.url).scheme != urlsplit(url).scheme:
                raise ValueError(f"the server leads on to {answer.url}")
            put("size", int(answer.headers.get("Content-Length") or 0))
            while not over.is_set():
                piece = answer.read1(_CHUNK)
                put("piece", piece)
                if not piece:
                    return
    except (OSError, http.client.HTTPException, ValueError) as error:
        put("failed", error)


def take(path: str | os.PathLike[str], folder: Path) -> Path:
    """Copies one of ``FILES`` that a person fetched into ``folder``; known by its content, whatever its name.

    Raises:
        WeightsError: it is none of them, or cannot be read or written; nothing is left behind.
    """
    given = Path(path)
    try:
        with given.open("rb") as file:
            small = os.fstat(file.fileno()).st_size <= LARGEST
            found = hashlib.file_digest(file, "sha256").hexdigest() if small else ""
            name = next((name for name in FILES if found.startswith(stated_hash(name))), None)
            if name is None:
                why = f"its SHA-256 begins with {found[:10]}" if small else "it is far too large"
                raise WeightsError(
                    f"{given} is none of {' and '.join(FILES)}: {why}.",
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
