"""The numbers behind the views as files: every pair as CSV, everything as arrays."""

from __future__ import annotations

import csv
import io
import json

import numpy as np

from mrn_core.facts import SHORT, facts
from mrn_core.network.explain import How, agreeing, angles
from mrn_core.result import Analysis, plain
from mrn_core.tables import level_table
from mrn_core.tables.level_table import MEASURES, OF_HEADS, cell

from .over import over
from .scene import Scene

_HOWS: tuple[How, ...] = ("mean", "union")

COLUMNS = (
    "block", "head", "query", "key", "query_af", "key_af", "allowed", "weight", "weight_x_allowed_keys",
    "angle", "shared_tables", "chance",
)  # fmt: skip


def pairs_csv(scene: Scene) -> str:
    """CSV, a row for each query and key of every head; at the end of each row what it was made from.

    Blocks and heads count from 1, levels from 0; ``angle``: degrees; ``shared_tables``: how many put the two
    into one bucket; ``chance``: the share of the redraws in which they may meet, empty without redraws.
    Numbers read back to the same bits, with a decimal point in any locale.
    """
    analysis = scene.analysis
    told = {name: value for name, value in facts(analysis, "weights").items() if name in SHORT}
    made = io.StringIO()
    table = csv.writer(made, lineterminator="\n")
    table.writerow([*COLUMNS, *told])
    ends = [cell(value) for value in told.values()]
    af = [cell(float(value)) for value in analysis.levels]
    for b, trace in enumerate(analysis.traces):
        scaled, turns, shared = trace.scaled(), angles(trace), agreeing(trace)
        for h in range(trace.heads):
            for i in range(trace.levels):
                for j in range(trace.levels):
                    at = h, i, j
                    chance = None if scene.chance is None else float(scene.chance[b].allowed[at])
                    numbers = (float(trace.weights[at]), float(scaled[at]), float(turns[at]))
                    row = [b + 1, h + 1, i, j, af[i], af[j], int(trace.mask[at]), *map(cell, numbers)]
                    table.writerow([*row, int(shared[at]), cell(chance), *ends])
    return made.getvalue()


def health_csv(scene: Scene) -> str:
    """CSV, a row a block: how the hash is doing, as ``explain.health`` has it; then what it was made from."""
    analysis = scene.analysis
    told = {name: value for name, value in facts(analysis, "hash").items() if name in SHORT}
    found = analysis.health()
    made = io.StringIO()
    table = csv.writer(made, lineterminator="\n")
    table.writerow(["block", *found[0], *told])
    for b, health in enumerate(found):
        table.writerow([b + 1, *map(cell, health.values()), *map(cell, told.values())])
    return made.getvalue()


def numbers_npz(scene: Scene) -> bytes:
    """Arrays for ``numpy.load`` (no pickle): ``af``, ``gain``, ``beta`` (L,); ``probabilities`` and
    ``labels``; the measures of the level table (blocks, h, L), and those of its heads as a whole (blocks, h);
    ``weights``, ``mask``, ``angle``, ``tables`` (blocks, h, L, L), ``query_buckets``, ``key_buckets``
    (blocks, h, t, L); ``mean`` and ``union`` over heads of weight x allowed keys, of each block and (last,
    where there are several) of all (n, L, L); ``about``: the provenance, JSON. Of a state to compare with:
    ``before_weights``, ``before_mask`` (blocks, h, L, L), ``before_levels`` (L,), ``difference`` and
    ``weight_difference`` (blocks, h, L, L), ``before_about``.
    """
    analysis = scene.analysis
    table = level_table(analysis, scene.chance)
    arrays: dict[str, np.ndarray] = {
        "af": analysis.levels,
        "gain": analysis.gains,
        "beta": analysis.scores,
        "labels": np.array(list(analysis.probabilities)),
        "probabilities": np.array(list(analysis.probabilities.values())),
        **{measure: table.cells[measure] for measure in MEASURES},
        **{measure: table.of_heads(measure) for measure in OF_HEADS},
        "weights": np.stack([trace.weights for trace in analysis.traces]),
        "mask": np.stack([trace.mask for trace in analysis.traces]),
        "angle": np.stack([angles(trace) for trace in analysis.traces]),
        "tables": np.stack([agreeing(trace) for trace in analysis.traces]),
        "query_buckets": np.stack([trace.query_buckets for trace in analysis.traces]),
        "key_buckets": np.stack([trace.key_buckets for trace in analysis.traces]),
        **{how: np.stack([cells.values for _, cells in over(scene, how)]) for how in _HOWS},
        "about": _about(analysis),
    }
    if scene.before is not None and scene.beside is not None:
        blocks = range(len(analysis.traces))
        arrays |= {
            "before_weights": np.stack([trace.weights for trace in scene.before.traces]),
            "before_mask": np.stack([trace.mask for trace in scene.before.traces]),
            "before_levels": scene.before.levels,
            "difference": np.stack([scene.beside.values(b) for b in blocks]),
            "weight_difference": np.stack([scene.beside.values(b, "weight") for b in blocks]),
            "before_about": _about(scene.before),
        }
    made = io.BytesIO()
    np.savez_compressed(made, allow_pickle=False, **arrays)
    return made.getvalue()


def _about(analysis: Analysis) -> np.ndarray:
    told = {**facts(analysis), "provenance": analysis.provenance, "warnings": analysis.warnings}
    return np.array(json.dumps(plain(told), allow_nan=False))
