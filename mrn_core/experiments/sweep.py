"""A sweep: every combination of some settings on some clips, one row each (Tables IV to VI).

The rows are written as they come, in one fixed order. A sweep that was stopped goes on behind its
last whole row and ends with the bytes that an unbroken one would have written.
"""

from __future__ import annotations

import csv
import io
import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mrn_core.analysis import Analyzer
from mrn_core.clip import open_clip
from mrn_core.errors import Cancelled, FileError
from mrn_core.facts import facts
from mrn_core.network import explain
from mrn_core.result import Analysis
from mrn_core.settings import AnalysisSettings, get, row, rows, stage_of, with_values
from mrn_core.stages import digest

if TYPE_CHECKING:
    from mrn_core.faces import FaceChoice

_CASE = ("clip", "onset", "apex", "onset_number", "apex_number", "apex_source")
ORDER = ("face", "magnify", "encode", "blocks")
MEASURES = (
    "density", "near", "far", "corner", "all_or_none", "unrelated",
    "empty_rows", "zeroed", "silent", "least_reach",
)  # fmt: skip
MADE_FROM = (
    "magnifier", "af_low", "af_high", "planes", "tables", "qk", "hash_centre", "feature_norm", "softmax",
    "seed", "hash_seed", "weights", "precision", "device", "program", "note",
)  # fmt: skip
"""What stands at the end of each row of ``facts``, but for what is swept."""


@dataclass(frozen=True)
class Case:
    """One clip with its marks (indices from 0), and who chose the apex, as ``Analyzer.run`` takes it."""

    path: Path
    onset: int
    apex: int
    face: FaceChoice = None
    apex_source: str = "user"


@dataclass(frozen=True)
class Axes:
    """Which settings take which values, by path, e.g. {"planes": (1, 2, 3), "tables": (1, 4)}.

    Raises:
        SettingsError: a setting is unknown, or a value out of its range.
    """

    values: dict[str, tuple[Any, ...]]
    base: AnalysisSettings = field(default_factory=AnalysisSettings)

    def __post_init__(self) -> None:
        for path, values in self.values.items():
            for value in values:
                with_values(self.base, {path: value})

    @property
    def paths(self) -> tuple[str, ...]:
        """The settings' names, those that an early stage reads first, so that each stage runs least."""
        return tuple(sorted(self.values, key=lambda path: ORDER.index(stage_of(path))))

    def settings(self) -> Iterator[AnalysisSettings]:
        """Every combination; the last path of ``paths`` changes fastest."""
        for combination in itertools.product(*(self.values[path] for path in self.paths)):
            yield with_values(self.base, dict(zip(self.paths, combination, strict=True)))

    def __len__(self) -> int:
        return int(np.prod([len(values) for values in self.values.values()], dtype=int))


def sweep(
    analyzer: Analyzer,
    cases: Sequence[Case],
    axes: Axes,
    out: str | os.PathLike[str],
    progress: Callable[[str, int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Path:
    """Writes one row a clip, combination and block to the CSV file ``out``.

    Columns: clip, onset, apex (indices from 0), onset_number, apex_number (the source's own numbers of them),
    apex_source, one a swept setting, block (from 1; "all" is their mean), and the
    measures of the hash: density, near, far, corner, all_or_none and unrelated as in
    ``explain.health``; empty_rows (share of queries that may attend to no key), zeroed and silent
    (share of levels and heads), least_reach; then what the row was made from, ``MADE_FROM``. Numbers read
    back to the same bits; undefined is an empty cell.

    Args:
        progress: called with ("sweep", combinations done, all).
        cancel: asked before each combination; what is written stays and is gone on from.

    Raises:
        FileError: ``out`` cannot be written, or is another sweep's.
        Cancelled: ``cancel`` said so.
    """
    path = Path(out)
    head = [*_CASE, *(row(p).path for p in axes.paths), "block", *MEASURES, *_made_from(axes)]
    mark = _fingerprint(analyzer, cases, axes)
    done = _whole_rows(path, head, mark)
    per_case = len(axes)
    total = len(cases) * per_case
    try:
        with path.open("a", encoding="utf-8", newline="") as file:
            if done == 0 and file.tell() == 0:
                file.write(f"# sweep {mark}\n{_line(head)}")
            for number, case in enumerate(cases):
                if (number + 1) * per_case <= done:
                    continue
                for index, text in _rows(analyzer, case, axes, max(0, done - number * per_case), cancel):
                    file.write(text)
                    file.flush()
                    if progress is not None:
                        progress("sweep", number * per_case + index + 1, total)
    except OSError as error:
        raise FileError(
            f"{path} cannot be written: {error.strerror or error}.", "Choose another place for --out."
        ) from error
    return path


def _rows(
    analyzer: Analyzer, case: Case, axes: Axes, skip: int, cancel: Callable[[], bool] | None
) -> Iterator[tuple[int, str]]:
    """The combination's index and its lines, for one clip; what shares its features is only read again."""
    last: Analysis | None = None
    with open_clip(case.path) as clip:
        for index, settings in enumerate(axes.settings()):
            if index < skip:
                continue
            if cancel is not None and cancel():
                raise Cancelled
            if last is not None and _same_features(last.settings, settings):
                last = analyzer.rerun(last, settings, cancel)
            else:
                last = analyzer.run(
                    clip,
                    case.onset,
                    case.apex,
                    settings,
                    face=case.face,
                    apex_source=case.apex_source,
                    cancel=cancel,
                )
            swept = (get(settings, p) for p in axes.paths)
            numbers = [int(clip.numbers[frame]) for frame in (case.onset, case.apex)]
            start = [clip.name, case.onset, case.apex, *numbers, case.apex_source, *swept]
            told = facts(last, "hash")
            made = [told[name] for name in _made_from(axes)]
            yield index, "".join(_line([*start, *cells, *made]) for cells in _measured(last))


def _made_from(axes: Axes) -> list[str]:
    """The columns of what is not swept."""
    swept = {row(path).path.rpartition(".")[2] for path in axes.paths}
    return [name for name in MADE_FROM if name not in swept]


def _same_features(before: AnalysisSettings, now: AnalysisSettings) -> bool:
    early = (r.path for r in rows() if r.limits.stage != "blocks")
    return all(get(before, path) == get(now, path) for path in early)


def _measured(analysis: Analysis) -> Iterator[list[Any]]:
    """A row of cells for each block, and one for their mean."""
    table = []
    for trace in analysis.traces:
        told = explain.health(trace)
        reach = trace.reach()
        told |= {
            "zeroed": float(trace.zeroed().mean()),
            "silent": float(trace.silent().mean()),
            "least_reach": None if np.isnan(reach).any() else float(reach.min()),
        }
        table.append([told[name] for name in MEASURES])
    for b, cells in enumerate(table):
        yield [b + 1, *cells]
    yield [
        "all",
        *(None if None in column else float(np.mean(column)) for column in zip(*table, strict=True)),
    ]


def _line(cells: Sequence[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(
        ["" if c is None else repr(float(c)).removesuffix(".0") if isinstance(c, float) else c for c in cells]
    )
    return text.getvalue()


def _fingerprint(analyzer: Analyzer, cases: Sequence[Case], axes: Axes) -> str:
    """What must be equal for a file to be gone on with."""
    plain = {
        "cases": [[c.path.name, c.onset, c.apex, str(c.face), c.apex_source] for c in cases],
        "axes": {path: [str(v) for v in axes.values[path]] for path in axes.paths},
        "base": axes.base.to_dict(),
        "weights": None if analyzer.networks.weights is None else analyzer.networks.weights.name,
    }
    return digest(plain)[:16]


def _whole_rows(path: Path, head: Sequence[str], mark: str) -> int:
    """How many combinations the file holds whole; cuts off what was written half.

    Raises:
        FileError: the file is another sweep's, or cannot be read.
    """
    if not path.exists():
        return 0
    try:
        text = path.read_bytes().decode("utf-8", "replace")
        lines = text.split("\n")
        begun = f"# sweep {mark}\n{_line(head)}"
        if not text or begun.startswith(text):
            path.write_bytes(b"")
            return 0
        if not text.startswith(begun):
            raise FileError(
                f"{path} is there already and holds something else.",
                "Name another file, or remove this one to begin anew.",
            )
        whole = lines[2:-1]
        ends = [i for i, line in enumerate(whole) if next(csv.reader([line]))[head.index("block")] == "all"]
        keep = ends[-1] + 1 if ends else 0
        kept = begun + "".join(f"{line}\n" for line in whole[:keep])
        with path.open("r+b") as file:
            file.truncate(len(kept.encode()))
        return len(ends)
    except OSError as error:
        raise FileError(
            f"{path} cannot be read: {error.strerror or error}.", "Choose another place for --out."
        ) from error
