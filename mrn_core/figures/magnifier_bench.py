"""A figure of a bench of magnifiers: gain, PSNR, SSIM, and what moves that should not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mrn_core.errors import FileError
from mrn_core.result import write_whole

from .style import QUIET, TEXT, plain_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("png", "svg", "pdf")
_TITLES = {"demo": "demo photograph", "synthetic": "rendered faces"}
# Told apart by colour and by mark: Okabe and Ito's, for any eye.
_LOOKS = {
    "apex": (QUIET, ":", ""),
    "true field": (TEXT, "--", ""),
    "true motion": (QUIET, "-.", ""),
    "linear": ("#D55E00", "-", "s"),
    "lagrangian": ("#0062A7", "-", "o"),
    "magnet": ("#009E73", "-", "^"),
}
_OTHER = ("#CC79A7", "-", "D")


def check_target(target: str | Path) -> None:
    """Refuses a file name of no known kind, or in a folder that is not there, before the work is done.

    Raises:
        FileError: such a name.
    """
    path = Path(target)
    if path.suffix.lower().lstrip(".") not in KINDS:
        raise FileError(f"{path.name} is no kind of figure.", "End its name with .png, .svg or .pdf.")
    if not path.absolute().parent.is_dir():
        raise FileError(f"{path} cannot be written: there is no such folder.", "Make it first.")


def write_bench_figure(bench: Any, target: str | Path) -> Path:
    """Draws a :class:`mrn_core.experiments.magnifier_bench.Bench` into a .png, .svg or .pdf file.

    Raises:
        FileError: the target cannot be written or is of another kind.
    """
    check_target(target)
    path = Path(target)
    kind = path.suffix.lower().lstrip(".")
    with plain_style():
        figure = bench_figure(bench)
        metadata = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[kind]
        write_whole(path, lambda file: figure.savefig(file, format=kind, dpi=130, metadata=metadata))
    return path


def bench_figure(bench: Any) -> Figure:
    """A row of four plots a source, over AF: mean over its pairs and noises; band: quartiles."""
    from matplotlib.figure import Figure

    sources = list(dict.fromkeys(row.source for row in bench.rows))
    figure = Figure(figsize=(13, 0.6 + 3.1 * max(len(sources), 1)), layout="constrained")
    plots = figure.subplots(max(len(sources), 1), 4, squeeze=False)
    for line, source in zip(plots, sources, strict=False):
        wanted: tuple[tuple[str, Callable[[Any], Any], bool], ...] = (
            ("measured gain / (1 + AF)", lambda row: row.ratio, False),
            ("PSNR where it moves, dB", lambda row: row.psnr_moving, False),
            ("SSIM where it moves", lambda row: row.ssim_moving, False),
            ("px that seem to move at rest", lambda row: row.false_motion, True),
        )
        for plot, (title, value, at_rest) in zip(line, wanted, strict=True):
            for name in bench.names:
                _draw(plot, bench, source, name, value, at_rest)
            plot.set_title(f"{_TITLES.get(source, source)}: {title}", fontsize=8.5)
            plot.set_xlabel("AF", fontsize=8)
            plot.tick_params(labelsize=8)
            plot.spines[["top", "right"]].set_visible(False)
        line[0].axhline(1, color=QUIET, lw=0.6)
        line[0].set_ylim(-0.02, 1.3)
        line[3].set_ylim(0)
    if sources:
        handles, labels = plots[0][0].get_legend_handles_labels()
        figure.legend(
            handles, labels, loc="outside lower center", ncols=len(labels), frameon=False, fontsize=9
        )
    return figure


def _draw(plot: Any, bench: Any, source: str, name: str, value: Callable[[Any], Any], at_rest: bool) -> None:
    """One magnifier's line and its band."""
    at, spread = [], []
    for af in bench.afs:
        found = [value(row) for row in bench.pick(source, name, af=af, at_rest=at_rest)]
        known = [one for one in found if one is not None]
        if known:
            at.append(af)
            spread.append((float(np.mean(known)), *np.quantile(known, (0.25, 0.75))))
    if not at:
        return
    colour, dashes, mark = _LOOKS.get(name, _OTHER)
    mean, low, high = np.array(spread).T
    plot.plot(at, mean, color=colour, ls=dashes, marker=mark, ms=4, lw=1.5, label=name)
    if mark and not at_rest:
        plot.fill_between(at, low, high, color=colour, alpha=0.15, lw=0)
