"""``mrn dataset``: what a data set holds, what is odd about it, and data sets whose truth is known."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mrn_core.errors import SettingsError

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
    _add_synthesize(actions)
    showing = actions.add_parser(
        "truth",
        help="show what truly moves in a clip that this program made",
        description="Draws onset and apex with their landmarks, the true displacement of each pixel and the "
        "course of each action unit, and prints the numbers.",
    )
    showing.add_argument("clip", metavar="CLIP", help="the clip's folder")
    showing.add_argument("--out", metavar="FILE", help="the picture (default: NAME-truth.png here)")
    showing.add_argument("--json", action="store_true", help="write JSON and nothing else; no picture")
    showing.set_defaults(run=run_truth)


def _add_synthesize(actions: Any) -> None:
    making = actions.add_parser(
        "synthesize",
        help="make a data set of faces that never lived, or of moved photographs",
        description="Makes clips whose true motion is known, in folders and with a sheet as CASME II has "
        "them. The same seed gives the same bytes. The same command continues a run that was broken off.",
    )
    source = making.add_mutually_exclusive_group()
    source.add_argument(
        "--preset", metavar="NAME", help="small (80 clips of 8 people; default) or full (400 of 40)"
    )
    source.add_argument(
        "--photos", metavar="DIR", type=Path, help="a folder of face pictures, 10 clips of each"
    )
    making.add_argument("--seed", type=int, default=0, metavar="N", help="draws another set (default 0)")
    making.add_argument(
        "--out", required=True, metavar="DIR", type=Path, help="a new folder, or one begun so"
    )
    making.add_argument("--jobs", type=int, metavar="N", help="processes (default: one for each core)")
    making.set_defaults(run=run_synthesize)


def run_synthesize(args: argparse.Namespace) -> int:
    """Makes a data set.

    Raises:
        SettingsError: an unknown preset, or a number that is not possible.
        FileError: the folder holds something else, or cannot be written.
    """
    from mrn_core.datasets.making import synthesize
    from mrn_core.datasets.plan import PRESETS, plan_photos, plan_rendered

    if args.jobs is not None and args.jobs < 1:
        raise SettingsError(f"--jobs cannot be {args.jobs}.", "Give 1 or more.", "jobs")
    recipe: dict[str, Any] = {"seed": args.seed}
    if args.photos is None:
        name = args.preset or "small"
        if name not in PRESETS:
            raise SettingsError(f"There is no preset {name!r}.", f"Known: {', '.join(PRESETS)}.", "preset")
        plans = plan_rendered(PRESETS[name], args.seed)
        recipe |= {"source": "rendered faces", "preset": name}
    else:
        from mrn_core.datasets.photos import usable_photos

        photos, refused = usable_photos(args.photos)
        for sentence in refused:
            print(f"mrn: {sentence}", file=sys.stderr)
        plans = plan_photos(sorted(photos), PRESETS["small"], args.seed)
        recipe |= {"source": "moved photographs", "photos": photos}
    made = synthesize(plans, args.out, recipe, args.photos, args.jobs, progress_line())
    kept = f" ({made.kept} were there already)" if made.kept else ""
    subjects = len({plan.subject for plan in plans})
    print(f"{len(plans)} clips of {subjects} subjects in {args.out}{kept}.")
    return 0


def run_truth(args: argparse.Namespace) -> int:
    """Shows the truth of a clip as a picture and as numbers.

    Raises:
        FileError: the clip has none, or the picture cannot be written.
        ClipError: its pictures cannot be read.
    """
    from mrn_core.datasets.truth import numbers, open_truth

    truth = open_truth(args.clip)
    told = numbers(truth)
    if args.json:
        print(json.dumps(told, allow_nan=False))
        return 0
    from mrn_core.clip import open_clip
    from mrn_core.datasets.truth_figure import write_truth_figure

    folder = Path(args.clip).absolute()
    folder = folder if folder.is_dir() else folder.parent
    name = f"{folder.parent.name}/{folder.name}"
    path = Path(args.out or f"{name.replace('/', '_')}-truth.png")
    with open_clip(folder) as clip:
        write_truth_figure(truth, (clip[truth.onset], clip[truth.apex]), path, name)
    marks = ", ".join(
        f"{role} {told[role]} (img{told[role + '_number']})" for role in ("onset", "apex", "offset")
    )
    print(f"{name}: {told['emotion']}, {told['frames']} frames at {told['fps']:g} per second; {marks}")
    for unit, course in told["action_units"].items():
        print(f"  AU {unit:<4} {max(course):.3f} at its peak")
    print(
        f"  the expression moves by up to {told['expression_largest_px']:.3f} px, on average "
        f"{told['expression_mean_px']:.3f} px; with the head's motion, up to {told['apex_largest_px']:.3f} px"
    )
    print(f"Drawn in {path}")
    return 0


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
    began, before = 0.0, -1

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal began, before
        if before < 0:  # what was done before this run says nothing of its speed
            began, before = time.monotonic(), min(done, total - 1)
        pace = (time.monotonic() - began) / max(done - before, 1)
        left = f", {clock(pace * (total - done))} left" if done > before else ""
        print(
            f"\r\033[K{stage} {done} of {total}{left}",
            end="\n" if done == total else "",
            file=sys.stderr,
            flush=True,
        )

    return tell


def clock(seconds: float) -> str:
    """Minutes and seconds, "3:07"."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
