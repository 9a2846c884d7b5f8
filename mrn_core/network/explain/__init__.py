"""Why a pair meets or not, what a level is to the others, and what chance alone would give.

Everything is worked out from an ``AttentionTrace`` with numpy alone.
"""

from .chance import (
    NEAR,
    SUMMARIES,
    Array,
    Redraws,
    check_draws,
    health,
    of_traces,
    redraws,
    summarised,
    theory,
    unrelated,
)
from .reasons import LevelReason, PairReason, TableReason, level, pair

__all__ = [
    "NEAR",
    "SUMMARIES",
    "Array",
    "LevelReason",
    "PairReason",
    "Redraws",
    "TableReason",
    "check_draws",
    "health",
    "level",
    "of_traces",
    "pair",
    "redraws",
    "summarised",
    "theory",
    "unrelated",
]
