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
from .matrices import (
    Cells,
    CellValue,
    How,
    agreeing,
    angles,
    cells_over,
    head_cells,
    head_values,
    reach_over,
)
from .reasons import LevelReason, PairReason, TableReason, level, pair

__all__ = [
    "NEAR",
    "SUMMARIES",
    "Array",
    "CellValue",
    "Cells",
    "How",
    "LevelReason",
    "PairReason",
    "Redraws",
    "TableReason",
    "agreeing",
    "angles",
    "cells_over",
    "check_draws",
    "head_cells",
    "head_values",
    "health",
    "level",
    "of_traces",
    "pair",
    "reach_over",
    "redraws",
    "summarised",
    "theory",
    "unrelated",
]
