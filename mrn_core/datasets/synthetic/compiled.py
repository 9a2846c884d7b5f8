"""Compiling a function once for all sessions where that can be remembered, once a session elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., object])


def compiled(function: _Function) -> _Function:
    """The function compiled by numba at its first call (some seconds; afterwards from its cache)."""
    try:
        return cast(_Function, njit(cache=True)(function))
    except RuntimeError:  # neither the installation nor the user's cache folder can be written
        return cast(_Function, njit(function))
