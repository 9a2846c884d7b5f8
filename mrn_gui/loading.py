"""Importing large libraries in a worker without holding up the window.

Python maps a library into memory while it holds its lock: 0.5 to 1 s for PyTorch, in which the window
stands still. The same libraries mapped first through C, which needs no lock, are already there when
Python asks for them.
"""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# What each package loads, in its own folder; in an order in which each finds what it needs.
_LIBRARIES = {
    "torch": ("lib/libc10.*", "lib/libtorch_cpu.*", "lib/libtorch_cuda.*", "lib/libtorch_python.*"),
    "triton": ("_C/libtriton.*",),
    "cv2": ("cv2*.so",),
    "llvmlite": ("binding/libllvmlite.*",),
}


def map_libraries(*packages: str) -> int:
    """Maps the shared libraries of these packages into memory; returns how many.

    Does nothing where a package is imported already or is not there, and on Windows. A library that
    cannot be mapped alone is left to the import, which says what is wrong.
    """
    opened = _opener()
    if opened is None:
        return 0
    count = 0
    for package in packages:
        if package in sys.modules:
            continue
        for file in _files(package):
            count += bool(opened(os.fsencode(file), os.RTLD_NOW))
    return count


@contextmanager
def without_collection() -> Iterator[None]:
    """No search for garbage while very many objects are made; afterwards they are not searched again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


def _files(package: str) -> list[Path]:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return []
    if spec is None or not spec.submodule_search_locations:
        return []
    folder = Path(spec.submodule_search_locations[0])
    return [file for pattern in _LIBRARIES[package] for file in sorted(folder.glob(pattern))]


def _opener() -> Callable[[bytes, int], int | None] | None:
    if sys.platform == "win32":
        return None
    opened = ctypes.CDLL(None).dlopen  # called through ctypes it runs without Python's lock
    opened.restype = ctypes.c_void_p
    opened.argtypes = (ctypes.c_char_p, ctypes.c_int)
    return opened
