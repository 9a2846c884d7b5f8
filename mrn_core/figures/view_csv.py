"""The numbers that a view shows, as CSV: a row each, and at the end of each row what it was made from."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from mrn_core.errors import SettingsError
from mrn_core.facts import SHORT, Fact, facts
from mrn_core.network.comparison import LevelChange
from mrn_core.network.explain import CellValue, How, head_cells, pair
from mrn_core.network.projection import project
from mrn_core.tables import as_csv, level_table
from mrn_core.tables.level_table import cell

from .by_bucket import orders
from .difference import compared
from .fields import code_text
from .level import level_of, level_told
from .numbers import health_csv, pairs_csv
from .outputs import levels_table
from .over import blocks_over, over
from .scene import Scene, example_pair

Rows = Iterable[Sequence[Fact]]
_BEFORE = ("planes", "tables", "seed", "hash_seed", "note")


def view_csv(scene: Scene, name: str) -> str:
    """The numbers behind the view with this name; they read back to the same bits in any locale.

    Blocks, heads and tables count from 1, levels and frames from 0. What is undefined is empty.

    Raises:
        SettingsError: there is no such view, or it needs what the scene lacks.
    """
    if name in _WHOLE:
        return _WHOLE[name](scene)
    if name not in _ROWS:
        raise SettingsError(f"There is no view {name!r}.", f"Choose among: {', '.join(NAMES)}.", "view")
    from .views import VIEWS  # which asks this module for its tables

    columns, rows = _ROWS[name](scene)
    shows = VIEWS[name].shows
    told = {key: value for key, value in facts(scene.analysis, shows).items() if key in SHORT}
    if name in _COMPARING and scene.before is not None:
        before = facts(scene.before, shows)
        told |= {f"before_{key}": before[key] for key in _BEFORE}
    made = io.StringIO()
    table = csv.writer(made, lineterminator="\n")
    table.writerow([*columns, *told])
    ends = [cell(value) for value in told.values()]
    for row in rows:
        table.writerow([*map(cell, row), *ends])
    return made.getvalue()


def _place(scene: Scene) -> tuple[int, int]:
    return scene.block + 1, scene.head + 1


_PAIR = ("block", "head", "query", "key", "query_af", "key_af")


def _cells(value: CellValue, scene: Scene) -> tuple[Sequence[str], Rows]:
    found = head_cells(scene.trace, scene.head, value, scene.drawn())
    if found is None:
        raise SettingsError("There are no redraws of the planes.", "Draw chance first.", "chance")
    af, at = scene.analysis.levels.tolist(), _place(scene)
    names = {"scaled": "weight_x_allowed_keys", "tables": "shared_tables"}
    L = range(len(af))
    rows = (
        (*at, i, j, af[i], af[j], int(found.allowed[i, j]), float(found.values[i, j])) for i in L for j in L
    )
    return (*_PAIR, "allowed", names.get(value, value)), rows


def _by_bucket(scene: Scene) -> tuple[Sequence[str], Rows]:
    columns, rows = _cells("scaled", scene)
    queries, keys = (np.argsort(order).tolist() for order in orders(scene))
    trace, at = scene.trace, (scene.head, scene.table)
    codes = [
        [code_text(int(code), trace.planes) for code in side[at]]
        for side in (trace.query_buckets, trace.key_buckets)
    ]
    more = ("table", "row", "column", "query_code", "key_code")
    ends = (
        (scene.table + 1, queries[i], keys[j], codes[0][i], codes[1][j])
        for i in range(len(queries))
        for j in range(len(keys))
    )
    return (*columns, *more), ((*row, *end) for row, end in zip(rows, ends, strict=True))


def _over(how: How, scene: Scene) -> tuple[Sequence[str], Rows]:
    af = scene.analysis.levels.tolist()
    rows = (
        (words, how, i, j, af[i], af[j], int(found.allowed[i, j]), float(found.values[i, j]))
        for words, found in over(scene, how)
        for i in range(len(af))
        for j in range(len(af))
    )
    return ("heads", "how", *_PAIR[2:], "allowed", "weight_x_allowed_keys"), rows


def _reach(scene: Scene) -> tuple[Sequence[str], Rows]:
    trace, drawn, h = scene.trace, scene.drawn(), scene.head
    nothing = np.full(trace.levels, np.nan)
    chance = [nothing] * 3 if drawn is None else [drawn.reach[h], drawn.reach_low[h], drawn.reach_high[h]]
    mean = scene.analysis.reach().mean(axis=(0, 1))
    by_chance = nothing
    if scene.chance is not None:
        by_chance = np.mean([block.reach.mean(axis=0) for block in scene.chance], axis=0)
    zeroed = scene.analysis.zeroed().sum(axis=(0, 1))
    flags = trace.zeroed()[h], trace.silent()[h]
    own, af = trace.reach()[h], scene.analysis.levels
    rows = (
        (
            *_place(scene), i, float(af[i]), float(own[i]), *(float(x[i]) for x in chance),
            *(int(flag[i]) for flag in flags), float(mean[i]), float(by_chance[i]), int(zeroed[i]),
        )
        for i in range(trace.levels)
    )  # fmt: skip
    columns = (
        "block",
        "head",
        "level",
        "af",
        "reach",
        "chance",
        "chance_low",
        "chance_high",
        "zeroed",
        "silent",
    )
    return (*columns, "mean_reach", "mean_chance", "zeroed_heads"), rows


def _why(scene: Scene) -> tuple[Sequence[str], Rows]:
    query, key = scene.pair or example_pair(scene.trace, scene.head)
    reason = pair(scene.trace, scene.head, query, key)
    drawn = scene.drawn()
    chance = None if drawn is None else float(drawn.allowed[scene.head, query, key])
    told = (
        *_place(scene),
        query,
        key,
        int(reason.allowed),
        reason.weight,
        reason.angle,
        reason.theory,
        chance,
    )
    planes = scene.trace.planes
    rows = (
        (
            *told, t + 1, code_text(table.query_code, planes), code_text(table.key_code, planes),
            int(table.shared), " ".join(map(str, table.differing)), table.opens_at, table.parts_at,
        )
        for t, table in enumerate(reason.tables)
    )  # fmt: skip
    columns = ("block", "head", "query", "key", "allowed", "weight", "angle", "theory", "chance", "table")
    return (*columns, "query_code", "key_code", "shared", "differing_planes", "opens_at", "parts_at"), rows


def _buckets(scene: Scene) -> tuple[Sequence[str], Rows]:
    trace, af = scene.trace, scene.analysis.levels.tolist()
    sides = trace.query_buckets, trace.key_buckets
    rows = (
        (
            *_place(scene), t + 1, i, af[i],
            *(code_text(int(side[scene.head, t, i]), trace.planes) for side in sides),
        )
        for t in range(trace.tables)
        for i in range(trace.levels)
    )  # fmt: skip
    return ("block", "head", "table", "level", "af", "query_code", "key_code"), rows


def _hash(scene: Scene) -> tuple[Sequence[str], Rows]:
    trace, af, at = scene.trace, scene.analysis.levels.tolist(), (scene.head, scene.table)
    rows: list[Sequence[Fact]] = []
    for axes in ("spread", "origin"):
        seen = project(trace, scene.head, scene.table, axes)
        for role, points, codes in (
            ("query", seen.queries, trace.query_buckets[at]),
            ("key", seen.keys, trace.key_buckets[at]),
        ):
            for i, (x, y) in enumerate(points.tolist()):
                code = code_text(int(codes[i]), trace.planes)
                rows.append((*_place(scene), scene.table + 1, axes, role, i, af[i], x, y, code))
    return ("block", "head", "table", "plane", "role", "level", "af", "x", "y", "code"), rows


def _reading(scene: Scene) -> tuple[Sequence[str], Rows]:
    analysis = scene.analysis
    rows: list[Sequence[Fact]] = [
        ("probability", label, None, None, float(share)) for label, share in analysis.probabilities.items()
    ]
    rows += [
        ("beta", None, i, float(af), float(beta))
        for i, (af, beta) in enumerate(zip(analysis.levels, analysis.scores, strict=True))
    ]
    return ("what", "label", "level", "af", "value"), rows


def _motion(scene: Scene) -> tuple[Sequence[str], Rows]:
    curve = scene.curve
    if curve is None:
        raise SettingsError("There is no motion curve.", "Give the clip too.", "curve")
    names = tuple(curve.curves)
    rows = (
        (
            i,
            None if curve.numbers is None else int(curve.numbers[i]),
            None if curve.times is None else float(curve.times[i]),
            *(float(curve.curves[name][i]) for name in names),
            curve.units,
        )
        for i in range(len(curve.curves["motion"]))
    )
    return ("frame", "source_number", "seconds", *names, "units"), rows


def _difference(scene: Scene) -> tuple[Sequence[str], Rows]:
    pairs, af = compared(scene), scene.analysis.levels.tolist()
    b, h = scene.block, scene.head
    found = [pairs.head_cells(b, h, unit).values for unit in ("scaled", "weight")]
    states = [traces[b] for traces in (pairs.before, pairs.now)]
    L = range(len(af))
    rows = (
        (
            *_place(scene), i, j, af[i], af[j], *(int(state.mask[h, i, j]) for state in states),
            *(float(state.weights[h, i, j]) for state in states), *(float(values[i, j]) for values in found),
        )
        for i in L
        for j in L
    )  # fmt: skip
    columns = (*_PAIR, "allowed_before", "allowed_now", "weight_before", "weight_now")
    return (*columns, "difference", "weight_difference"), rows


def _difference_mean(scene: Scene) -> tuple[Sequence[str], Rows]:
    pairs, af = compared(scene), scene.analysis.levels.tolist()
    shown = [(words, pairs.cells_over(blocks)) for words, blocks in blocks_over(scene)]
    rows = (
        (words, i, j, af[i], af[j], int(found.allowed[i, j]), float(found.values[i, j]))
        for words, found in shown
        for i in range(len(af))
        for j in range(len(af))
    )
    return ("heads", *_PAIR[2:], "allowed_in_either", "difference"), rows


def _difference_heads(scene: Scene) -> tuple[Sequence[str], Rows]:
    columns: Sequence[str] = ()
    rows: list[Sequence[Fact]] = []
    for b, trace in enumerate(scene.analysis.traces):
        for h in range(trace.heads):
            columns, found = _difference(replace(scene, block=b, head=h, table=0))
            rows += found
    return columns, rows


def _changes(scene: Scene) -> tuple[Sequence[str], Rows]:
    names = tuple(LevelChange.__dataclass_fields__)
    af = scene.analysis.levels.tolist()
    found = sorted(compared(scene).levels(), key=lambda change: change.level)
    return ("af", *names), ((af[c.level], *(getattr(c, name) for name in names)) for c in found)


def _several(scene: Scene) -> str:
    """The levels of the one clip; of several, the table of levels by heads side by side."""
    if not scene.others:
        return _levels(scene)
    return as_csv([level_table(analysis) for analysis in (scene.analysis, *scene.others)])


def _every_head(scene: Scene) -> str:
    return as_csv([level_table(scene.analysis, scene.chance)])


def _level(scene: Scene) -> tuple[Sequence[str], Rows]:
    told = level_told(scene)
    where = level_of(scene), scene.block + 1, scene.head + 1
    return ("level", "block", "head", *told), [(*where, *told.values())]


def _levels(scene: Scene) -> str:
    return levels_table(scene.analysis)


_WHOLE: dict[str, Callable[[Scene], str]] = {
    **dict.fromkeys(("strip", "strip-difference", "strip-flow"), _levels),
    "fig1": _several,
    "heads": pairs_csv,
    "zeroed": _every_head,
    "health": health_csv,
}
_ROWS: dict[str, Callable[[Scene], tuple[Sequence[str], Rows]]] = {
    "matrix": partial(_cells, "scaled"),
    "by-bucket": _by_bucket,
    "fig4": partial(_cells, "weight"),
    "angle": partial(_cells, "angle"),
    "tables": partial(_cells, "tables"),
    "chance": partial(_cells, "chance"),
    "mean": partial(_over, "mean"),
    "union": partial(_over, "union"),
    "difference": _difference,
    "weight-difference": _difference,
    "difference-mean": _difference_mean,
    "difference-heads": _difference_heads,
    "changes": _changes,
    "reach": _reach,
    "why": _why,
    "buckets": _buckets,
    "hash": _hash,
    "reading": _reading,
    "motion": _motion,
    "level": _level,
}
_COMPARING = ("difference", "weight-difference", "difference-mean", "difference-heads", "changes")
NAMES = (*_WHOLE, *_ROWS)
"""The views that have numbers: all."""
