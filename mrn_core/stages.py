"""One cache for the results of stages: by content, bounded in bytes, in memory and on disk."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
import zipfile
from collections import Counter, OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .errors import FileError
from .result import write_whole

Arrays = dict[str, np.ndarray]


def digest(*parts: Any) -> str:
    """SHA-256 (hex) of arrays, bytes and JSON-able data, told apart by type, shape and length."""
    whole = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            head, body = f"array {part.dtype.str} {part.shape}", np.ascontiguousarray(part).tobytes()
        elif isinstance(part, bytes):
            head, body = "bytes", part
        else:
            head, body = "json", json.dumps(part, sort_keys=True).encode()
        whole.update(f"{head} {len(body)}\n".encode())
        whole.update(body)
    return whole.hexdigest()


class StageCache:
    """Keeps what stages computed, least recently used out first.

    Args:
        memory_bytes: most that is kept in memory.
        folder: where results are kept beyond the program's life, or None.
        disk_bytes: most that is kept there.

    ``counts[stage]`` tells how often a stage was really computed.
    """

    def __init__(
        self,
        memory_bytes: int = 1 << 30,
        folder: str | os.PathLike[str] | None = None,
        disk_bytes: int = 4 << 30,
    ) -> None:
        self.memory_bytes = memory_bytes
        self.folder = None if folder is None else Path(folder)
        self.disk_bytes = disk_bytes
        self.counts: Counter[str] = Counter()
        self._kept: OrderedDict[str, Arrays] = OrderedDict()
        self._bytes = 0
        self._lock = threading.RLock()

    def find(self, stage: str, key: str) -> Arrays | None:
        """What was stored under this key, from memory or disk, or None. Arrays are read-only."""
        name = f"{stage}-{key}"
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        found = self._read(name)
        if found is not None:
            self._remember(name, found)
        return found

    def store(self, stage: str, key: str, arrays: Arrays) -> Arrays:
        """Counts and keeps what a stage computed; gives it back read-only."""
        name = f"{stage}-{key}"
        with self._lock:
            self.counts[stage] += 1
        self._remember(name, arrays)
        self._write(name, arrays)
        return arrays

    def get(self, stage: str, key: str, compute: Callable[[], Arrays]) -> Arrays:
        """The stored result, or ``compute()``, stored."""
        found = self.find(stage, key)
        return found if found is not None else self.store(stage, key, compute())

    @property
    def used_bytes(self) -> int:
        """Bytes kept in memory."""
        return self._bytes

    def _remember(self, name: str, arrays: Arrays) -> None:
        for array in arrays.values():
            array.flags.writeable = False
        size = _size(arrays)
        with self._lock:
            if name in self._kept:
                self._bytes -= _size(self._kept.pop(name))
            if size > self.memory_bytes:
                return
            self._kept[name] = arrays
            self._bytes += size
            while self._bytes > self.memory_bytes:
                self._bytes -= _size(self._kept.popitem(last=False)[1])

    def _read(self, name: str) -> Arrays | None:
        if self.folder is None:
            return None
        path = self.folder / f"{name}.npz"
        try:
            with np.load(path, allow_pickle=False) as data:
                found = {key: data[key] for key in data.files}
            path.touch()
            return found
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            # A damaged entry is worth no more than none.
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            return None

    def _write(self, name: str, arrays: Arrays) -> None:
        if self.folder is None:
            return
        # A cache that cannot be written costs time, never an analysis.
        with contextlib.suppress(OSError, FileError):
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"{name}.npz"
            write_whole(path, lambda file: np.savez(file, allow_pickle=False, **arrays))
            self._trim()

    def _trim(self) -> None:
        assert self.folder is not None
        with self._lock:
            files = []
            for path in self.folder.glob("*.npz"):
                with contextlib.suppress(OSError):
                    told = path.stat()
                    files.append((told.st_mtime_ns, told.st_size, path))
            total = sum(size for _, size, _ in files)
            for _, size, path in sorted(files):
                if total <= self.disk_bytes:
                    break
                path.unlink(missing_ok=True)
                total -= size


def _size(arrays: Arrays) -> int:
    return sum(array.nbytes for array in arrays.values())
