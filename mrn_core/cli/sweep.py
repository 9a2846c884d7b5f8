"""``mrn sweep``: what becomes of the hash when planes, tables, AF, seeds or variants change."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mrn_core.errors import ClipError, SettingsError
from mrn_core.settings import row, with_text

from . import analyze

if TYPE_CHECKING:
    from mrn_core.experiments import Case

VARIANTS = {
    "qk": ("tied", "separate", "shared"),
    "hash_centre": ("origin", "mean"),
    "feature_norm": ("clip", "none"),
}


def add(subparsers: Any) -> None:
    """Declares the command."""
    parser = subparsers.add_parser(
        "sweep",
        help="measure the hash over many settings",
        description="Analyses every combination of the varied settings and writes a row for each block.",
        epilog="Example: mrn sweep CLIP --onset 12 --apex 16 --vary planes=1:6 --vary tables=1,2,4,8 "
        "--vary hash_seed=0:7 --out sweep.csv --plot sweep.png. A sweep that was stopped goes on when the "
        "same command is given again.",
    )
    parser.add_argument("clip", nargs="?", metavar="CLIP", help="a video file or a folder of pictures")
    parser.add_argument("--onset", metavar="N")
    parser.add_argument("--apex", metavar="N")
    parser.add_argument(
        "--list",
        metavar="FILE",
        help="CSV with the columns clip, onset, apex, and apex_source if you like, instead of CLIP",
    )
    analyze.add_apex_source(parser)
    parser.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="NAME=VALUES",
        help="values 1,2,4 or a range 1:6 (both ends)",
    )
    parser.add_argument("--variants", action="store_true", help="vary qk, hash_centre and feature_norm")
    parser.add_argument("--out", required=True, metavar="FILE", help="the CSV file")
    parser.add_argument("--plot", metavar="FILE", help="a figure of it (.png, .svg or .pdf)")
    parser.add_argument("--face", metavar="whole|X,Y,W,H")
    analyze.add_settings(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Does what the arguments say; errors are the core's own."""
    from mrn_core.analysis import Analyzer
    from mrn_core.experiments import Axes, sweep

    analyzer = Analyzer(weights=args.weights, device=args.device)
    base = analyze.settings_from(args, analyzer.default_settings())
    values: dict[str, tuple[Any, ...]] = dict(VARIANTS) if args.variants else {}
    for text in args.vary:
        name, found = parse_values(text)
        values[name] = found
    if not values:
        raise SettingsError("Nothing varies.", "Give --vary NAME=VALUES or --variants.", "vary")
    cases = _cases(args)
    out = sweep(analyzer, cases, Axes(values, base), args.out, progress=_progress())
    print(f"Written: {out}")
    if args.plot is not None:
        from mrn_core.figures.sweep import write_sweep_figure

        print(f"Written: {write_sweep_figure(out, args.plot)}")
    return 0


def parse_values(text: str) -> tuple[str, tuple[Any, ...]]:
    """``planes=1:6`` or ``qk=tied,separate`` as a path and its values in their own type.

    Raises:
        SettingsError: the form, the name or a value is wrong.
    """
    from mrn_core.settings import AnalysisSettings, get

    name, equals, listed = text.partition("=")
    if not equals or not listed:
        raise SettingsError(f"--vary cannot be {text!r}.", "Write NAME=1,2,4 or NAME=1:6.", "vary")
    found = row(name.strip())
    parts = listed.split(",")
    if found.kind is int and len(parts) == 1 and ":" in listed:
        low, _, high = listed.partition(":")
        try:
            parts = [str(n) for n in range(int(low), int(high) + 1)]
        except ValueError:
            parts = []
        if not parts:
            raise SettingsError(
                f"--vary {text}: {listed} is no range.", "Write it from low to high: NAME=1:6.", "vary"
            )
    values = tuple(get(with_text(AnalysisSettings(), f"{found.path}={p}"), found.path) for p in parts)
    return found.path, values


def _cases(args: argparse.Namespace) -> list[Case]:
    from mrn_core.clip import open_clip
    from mrn_core.experiments import Case

    rows = [(args.clip, args.onset, args.apex, args.apex_source)]
    if args.list is not None:
        if args.clip is not None:
            raise SettingsError("Both a clip and a list are given.", "Give one of the two.", "list")
        rows = _listed(Path(args.list), args.apex_source)
    elif None in rows[0][:3]:
        raise SettingsError(
            "A clip with --onset and --apex, or a --list of them, is needed.", "See mrn sweep --help.", "clip"
        )
    cases = []
    for path, onset, apex, source in rows:
        with open_clip(path) as clip:
            from mrn_core.analysis import check_marks

            marks = [analyze.frame(clip, role, text) for role, text in (("onset", onset), ("apex", apex))]
            check_marks(clip, *marks)
        cases.append(Case(Path(path), marks[0], marks[1], analyze.parse_face(args.face), source))
    return cases


def _listed(path: Path, source: str) -> list[tuple[str, str, str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            found = [(r["clip"], r["onset"], r["apex"], r.get("apex_source") or source) for r in rows]
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        raise ClipError(
            f"The list {path} cannot be read ({error}).",
            "It needs the columns clip, onset and apex, with commas.",
        ) from error
    if not found:
        raise ClipError(f"The list {path} names no clip.", "Write one row for each.")
    return [
        (str((path.parent / clip) if not Path(clip).is_absolute() else clip), on, ap, who)
        for clip, on, ap, who in found
    ]


def _progress() -> Callable[[str, int, int], None] | None:
    if not sys.stderr.isatty():
        return None
    start: list[tuple[float, int]] = []

    def tell(stage: str, done: int, total: int) -> None:
        start.append((time.monotonic(), done))
        began, first = start[0]
        left = (time.monotonic() - began) / max(done - first, 1) * (total - done)
        end = "\n" if done == total else ""
        print(f"\r\033[K{done} of {total}, about {left:.0f} s left", end=end, file=sys.stderr)

    return tell
