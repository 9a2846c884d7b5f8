"""Where torch computes, and with how many threads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from .errors import SettingsError


def devices() -> dict[str, str]:
    """Names that ``device`` takes, each with words for a menu; the CPU comes first."""
    found = {"cpu": "CPU"}
    for i in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        found[f"cuda:{i}"] = torch.cuda.get_device_name(i)
    return found


def device(name: str = "auto") -> torch.device:
    """The device of that name; "auto" is the first CUDA device, or the CPU.

    Raises:
        SettingsError: this machine has no such device; lists those it has.
    """
    known = devices()
    if name == "auto":
        return _exact(torch.device("cuda:0" if "cuda:0" in known else "cpu"))
    wanted = "cuda:0" if name == "cuda" else name
    if wanted not in known:
        raise SettingsError(f"This machine has no device {name!r}.", f"It has: {', '.join(known)}.", "device")
    return _exact(torch.device(wanted))


def _exact(found: torch.device) -> torch.device:
    """float32 shall mean float32: hashing is discontinuous, and TF32 would flip some of the mask."""
    if found.type == "cuda":
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cuda.matmul.allow_tf32 = False
    return found


def use_threads(count: int) -> int:
    """Sets how many CPU threads torch takes; 0 means all cores. Gives the number.

    The count is part of an analysis: sums in another order differ in their last bits.
    """
    wanted = count if count > 0 else _cores()
    if torch.get_num_threads() != wanted:
        torch.set_num_threads(wanted)
    return wanted


@contextmanager
def one_thread(alone: bool = True) -> Iterator[None]:
    """Has torch take one CPU thread meanwhile, and then as many as before; nothing where not ``alone``.

    Of small matrices a second thread gains nothing: it waits at each of them, the longer the busier the
    machine. And their sums are then in one order everywhere.
    """
    before = torch.get_num_threads()
    if alone:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        if torch.get_num_threads() != before:
            torch.set_num_threads(before)


def threads() -> int:
    """How many CPU threads torch takes now."""
    return int(torch.get_num_threads())


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
