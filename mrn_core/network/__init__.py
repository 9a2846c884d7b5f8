"""The magnification-robust network: encoder, hashing, sparse self-attention, fusion, explanations."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mrn_core.settings import MRNConfig as MRNConfig
    from mrn_core.trace import AttentionTrace as AttentionTrace

    from . import explain as explain
    from .mrn import MRN as MRN

_WHERE = {"MRN": ".mrn", "MRNConfig": "mrn_core.settings", "AttentionTrace": "mrn_core.trace"}
__all__ = ["MRN", "AttentionTrace", "MRNConfig", "explain"]


def __getattr__(name: str) -> Any:
    # Explaining needs numpy alone; torch is loaded with the first MRN.
    if name == "explain":
        return import_module(".explain", __name__)
    if name in _WHERE:
        return getattr(import_module(_WHERE[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
