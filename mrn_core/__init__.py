"""MRN Studio's core: magnify a micro-expression, read it with sparse self-attention, and say why.

Names are imported when they are first used, so that a window can open before torch is loaded.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .analysis import Analyzer as Analyzer
    from .analysis import analyze as analyze
    from .clip import open_clip as open_clip
    from .result import Analysis as Analysis
    from .settings import AnalysisSettings as AnalysisSettings
    from .settings import MRNConfig as MRNConfig

_WHERE = {
    "Analysis": "result",
    "AnalysisSettings": "settings",
    "Analyzer": "analysis",
    "MRNConfig": "settings",
    "analyze": "analysis",
    "open_clip": "clip",
}
__all__ = ["Analysis", "AnalysisSettings", "Analyzer", "MRNConfig", "__version__", "analyze", "open_clip"]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f".{_WHERE[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
