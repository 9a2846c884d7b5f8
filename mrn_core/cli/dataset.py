"""``mrn dataset``: what a data set holds, what is odd about it, and data sets whose truth is known."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mrn_core.datasets import Dataset, Problem


def add(subparsers: Any) -> None:
    """Adds the command to ``mrn``."""
    command = subparsers.add_parser(
        "dataset",
        help="check a data set, or make one whose true motion is known",
        description="Data sets of micro-expressions: folders of pictures and a sheet of annotations. "
        "A data set is never written into.",
    )
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    checking = actions.add_parser(
        "check",
        help="report everything odd in a data set",
        description="Reads the sheet and every folder, and names what is missing, twice there or "
        "contradictory. The status is 0 whatever is found.",
    )
    checking.add_argument("root", metavar="ROOT", help="the folder that holds the data set")
    checking.add_argument("--sheet", metavar="FILE", help="the .xlsx or .csv, where it is not in ROOT")
    checking.add_argument("--kind", metavar="NAME", help="casme2, synthetic or folder; recognised by default")
    checking.add_argument("--json", action="store_true", help="write JSON and nothing else")
    checking.set_defaults(run=run_check)


def run_check(args: argparse.Namespace) -> int:
    """Prints what the data set holds and everything odd.

    Raises:
        FileError: the folder or the sheet is not there.
        SettingsError: there is no kind of that name.
    """
    from mrn_core.datasets import check, open_dataset

    dataset = open_dataset(args.root, args.sheet, args.kind)
    problems = check(dataset, progress=progress_line())
    if args.json:
        print(json.dumps(as_data(dataset, problems), indent=1, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join(report(dataset, problems)))
    return 0


def as_data(dataset: Dataset, problems: Sequence[Problem]) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "name": dataset.name,
        "kind": dataset.kind,
        "root": str(dataset.root),
        "sheet": None if dataset.sheet is None else str(dataset.sheet),
        "clips": len(dataset.samples),
        "usable": len(dataset.usable),
        "subjects": len(dataset.subjects),
        "labels": list(dataset.labels),
        "emotions": dict(sorted(Counter(s.emotion for s in dataset.usable).items())),
        "left_out": [{"clip": s.name, "row": s.row, "why": s.fault} for s in dataset.left_out],
        "counts": dict(sorted(Counter(problem.kind for problem in problems).items())),
        "problems": [asdict(problem) for problem in problems],
    }


def report(dataset: Dataset, problems: Sequence[Problem]) -> list[str]:
    """The report in lines: what is there, what is odd by kind, what is left out."""
    from mrn_core.datasets import KINDS_OF_PROBLEM

    sheet = "no sheet" if dataset.sheet is None else dataset.sheet.name
    lines = [
        f"{dataset.name} ({dataset.kind}), {sheet}: {len(dataset.samples)} rows, "
        f"{len(dataset.usable)} usable clips of {len(dataset.subjects)} subjects."
    ]
    emotions = Counter(sample.emotion or "(none)" for sample in dataset.usable)
    if emotions:
        lines.append("  " + ", ".join(f"{name} {count}" for name, count in sorted(emotions.items())))
    if not problems:
        return [*lines, "nothing odd"]
    for kind, meaning in KINDS_OF_PROBLEM.items():
        found = [problem for problem in problems if problem.kind == kind]
        if found:
            lines += ["", f"{len(found)} x {meaning}"]
            lines += [f"  {problem}" for problem in found]
    if dataset.left_out:
        lines += ["", f"{len(dataset.left_out)} clips are left out"]
        lines += [f"  {sample.name}: {sample.fault}" for sample in dataset.left_out]
    return lines


def progress_line() -> Callable[[str, int, int], None] | None:
    """Progress with the time left on stderr, where a person watches; None elsewhere."""
    if not sys.stderr.isatty():
        return None
    began = time.monotonic()

    def tell(stage: str, done: int, total: int) -> None:
        left = (time.monotonic() - began) / max(done, 1) * (total - done)
        print(
            f"\r\033[K{stage} {done} of {total}, {clock(left)} left",
            end="\n" if done == total else "",
            file=sys.stderr,
            flush=True,
        )

    return tell


def clock(seconds: float) -> str:
    """Minutes and seconds, "3:07"."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
