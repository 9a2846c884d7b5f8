"""A figure of a sweep: four measures of the hash over the first varied settings."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mrn_core.errors import FileError
from mrn_core.result import write_whole

from .style import CAUTION, MAP_STOPS, plain_style, shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = ("density", "near", "far", "zeroed")


def write_sweep_figure(table: Path, target: str | Path) -> Path:
    """Draws the CSV file of a sweep into a .png, .svg or .pdf file.

    Raises:
        FileError: the table is no sweep's, or the target cannot be written or is of another kind.
    """
    path = Path(target)
    kind = path.suffix.lower().lstrip(".")
    if kind not in ("png", "svg", "pdf"):
        raise FileError(f"{path.name} is no kind of figure.", "End its name with .png, .svg or .pdf.")
    with plain_style():
        figure = sweep_figure(table)
        metadata = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[kind]
        write_whole(path, lambda file: figure.savefig(file, format=kind, dpi=150, metadata=metadata))
    return path


def sweep_figure(table: Path) -> Figure:
    """Mean over blocks against the setting with most values, a line for each value of the next one.

    What else varies (seeds, clips) is the band: mean and one standard deviation.

    Raises:
        FileError: the table is no sweep's.
    """
    from matplotlib.figure import Figure

    rows, axes = _read(table)
    across, *rest = sorted(axes, key=lambda name: -len(axes[name]) * _is_axis(name))
    lines = next((name for name in rest if _is_axis(name)), None)
    figure = Figure(figsize=(11, 3.2), layout="constrained")
    for place, measure in enumerate(SHOWN):
        plot = figure.add_subplot(1, len(SHOWN), place + 1)
        chosen = axes[lines] if lines else [None]
        for n, value in enumerate(chosen):
            points: dict[str, list[float]] = defaultdict(list)
            for r in rows:
                if (lines is None or r[lines] == value) and r[measure]:
                    points[r[across]].append(float(r[measure]))
            ticks = [x for x in axes[across] if points[x]]
            mean = np.array([np.mean(points[x]) for x in ticks])
            spread = np.array([np.std(points[x]) for x in ticks])
            colour = MAP_STOPS[2 + n * 6 // max(len(chosen) - 1, 1)] if len(chosen) > 1 else MAP_STOPS[5]
            at = [axes[across].index(x) for x in ticks]
            plot.plot(at, mean, "o-", ms=3, lw=1.5, color=colour, label=value)
            plot.fill_between(at, mean - spread, mean + spread, color=colour, alpha=0.2, lw=0)
        plot.set_xticks(range(len(axes[across])), [_short(x) for x in axes[across]])
        plot.set_ylim(-0.03, 1.03)
        plot.set_title(measure, fontsize=10)
        plot.set_xlabel(_short(across))
        plot.spines[["top", "right"]].set_visible(False)
        if lines and place == 0:
            plot.legend(title=_short(lines), fontsize=7, title_fontsize=8, frameon=False)
    clips = sorted({r["clip"] for r in rows})
    of = shown(clips[0]) if len(clips) == 1 else f"{len(clips)} clips"
    others = ", ".join(_short(name) for name in axes if name not in (across, lines)) or "nothing else"
    words = f"{of}; mean over blocks; band: one standard deviation over {others}"
    figure.supxlabel(f"{words}\n{made}" if (made := _made_from(rows)) else words, fontsize=8)
    if badge := "; ".join(_values(rows, "note")):
        figure.suptitle(badge, fontsize=8, x=0.008, ha="left", color=CAUTION)
    return figure


def _made_from(rows: list[dict[str, str]]) -> str:
    """Seeds, weights and program of all rows; "" for a table that does not say them."""
    seeds = _values(rows, "seed") or _values(rows, "network.seed")
    told = [*([f"seed {', '.join(seeds)}"] if seeds else []), *_values(rows, "weights")]
    return " · ".join([*told, *_values(rows, "program")])


def _values(rows: list[dict[str, str]], name: str) -> list[str]:
    """The different values of a column, in their order; none where it is not there."""
    return list(dict.fromkeys(row[name] for row in rows if row.get(name)))


def _read(table: Path) -> tuple[list[dict[str, str]], dict[str, list[str]]]:
    """The rows that are means over blocks, and the values of each varied setting, in their order."""
    try:
        text = table.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{table} cannot be read: {error}.", "Give a file that mrn sweep wrote.") from error
    reader = csv.DictReader(line for line in text if not line.startswith("#"))
    names = list(reader.fieldnames or [])
    rows = [r for r in reader if r.get("block") == "all"]
    if not rows or not set(SHOWN) <= set(names):
        raise FileError(f"{table} is no sweep, or an empty one.", "Give a file that mrn sweep wrote.")
    varied = [n for n in names[names.index("apex") + 1 : names.index("block")] if n != "apex_source"]
    return rows, {name: list(dict.fromkeys(r[name] for r in rows)) for name in varied}


def _is_axis(name: str) -> bool:
    """Seeds are repetitions, not an axis."""
    return not name.endswith("seed")


def _short(name: str) -> str:
    return name.removeprefix("network.")
