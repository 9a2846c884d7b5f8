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
from .example import example
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
from .reasons import HeadReason, LevelReason, PairReason, TableReason, head, level, pair
from .words import (
    head_told,
    least_place_told,
    least_told,
    level_told,
    levels_told,
    outside_told,
    runs_told,
)

__all__ = [
    "NEAR",
    "SUMMARIES",
    "Array",
    "CellValue",
    "Cells",
    "HeadReason",
    "How",
    "LevelReason",
    "PairReason",
    "Redraws",
    "TableReason",
    "agreeing",
    "angles",
    "cells_over",
    "check_draws",
    "example",
    "head",
    "head_cells",
    "head_told",
    "head_values",
    "health",
    "least_place_told",
    "least_told",
    "level",
    "level_told",
    "levels_told",
    "of_traces",
    "outside_told",
    "pair",
    "reach_over",
    "redraws",
    "runs_told",
    "summarised",
    "theory",
    "unrelated",
]
