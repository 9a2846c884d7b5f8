"""``mrn export``, ``mrn figure``, ``mrn levels`` and ``mrn report``: what leaves a saved analysis."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mrn_core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mrn_core.figures.scene import Scene
    from mrn_core.result import Analysis

_ANALYSIS = "analysis.npz as mrn analyze or the window wrote it"


def add(subparsers: Any) -> None:
    """Declares the commands."""
    export = subparsers.add_parser(
        "export",
        help="write figures, numbers and the report of a saved analysis into a folder",
        description="Writes figures, numbers and the report of a saved analysis into a folder.",
        epilog="Blocks, heads and tables count from 1, levels from 0. Files of the same name are replaced.",
    )
    export.add_argument("analysis", metavar="ANALYSIS", help=_ANALYSIS)
    export.add_argument("--out", required=True, metavar="DIR")
    export.add_argument("--views", metavar="NAMES", help="with commas, or none (default: all)")
    export.add_argument(
        "--kinds",
        default="svg",
        metavar="KINDS",
        help="svg, pdf, png; csv: the numbers of each view; with commas",
    )
    _add_scene(export)
    export.add_argument("--no-numbers", action="store_true", help="no CSV, JSON and NPZ")
    export.add_argument("--no-report", action="store_true", help="no HTML report")
    export.add_argument("--film", action="store_true", help="the magnified levels as an MP4 too")
    export.set_defaults(run=_export)

    figure = subparsers.add_parser(
        "figure",
        help="draw one view of a saved analysis into a .svg, .pdf or .png file, or write its .csv",
        description="Draws one view of a saved analysis; fig1 takes several, a row each.",
        epilog="Blocks, heads and tables count from 1, levels from 0.",
    )
    figure.add_argument("view", metavar="VIEW", help="a wrong name lists them all")
    figure.add_argument("analyses", metavar="ANALYSIS", nargs="+", help=_ANALYSIS)
    figure.add_argument("--out", required=True, metavar="FILE", help="its ending says the kind")
    _add_scene(figure)
    figure.set_defaults(run=_figure)

    levels = subparsers.add_parser(
        "levels",
        help="a table of levels by heads: reach beside chance, zeroed, silent, received, beta",
        description="A table of levels by heads of one or more saved analyses, as CSV, or in words.",
    )
    levels.add_argument("analyses", metavar="ANALYSIS", nargs="+", help=_ANALYSIS)
    levels.add_argument("--out", metavar="FILE", help="the file to write (default: printed)")
    levels.add_argument(
        "--words",
        action="store_true",
        help="what the window says of every head in place of the table, and of all together: the levels "
        "zeroed, those that share the least reach, those outside their own range of chance, and whether each "
        "of it is more than chance",
    )
    levels.add_argument("--draws", type=int, default=625, metavar="N", help="redraws for chance (625)")
    levels.set_defaults(run=_levels)

    report = subparsers.add_parser(
        "report",
        help="one HTML file that opens with no network: figures, numbers, settings, provenance",
        description="Writes the report of a saved analysis as one HTML file with everything inside.",
        epilog="Blocks, heads and tables count from 1, levels from 0.",
    )
    report.add_argument("analysis", metavar="ANALYSIS", help=_ANALYSIS)
    report.add_argument("out", metavar="OUT.html")
    _add_scene(report, size=False)
    report.set_defaults(run=_report)


def _add_scene(parser: argparse.ArgumentParser, size: bool = True) -> None:
    """The options that ``_scene`` reads."""
    if size:
        parser.add_argument("--size", default="column", metavar="NAME", help="column (84 mm) or slide (16:9)")
    parser.add_argument("--block", type=int, default=1, metavar="N")
    parser.add_argument("--head", type=int, default=1, metavar="N")
    parser.add_argument("--table", type=int, default=1, metavar="N")
    parser.add_argument("--pair", metavar="QUERY,KEY", help="the cell to explain (default: an empty one)")
    parser.add_argument("--clip", metavar="CLIP", help="the clip itself, for its motion curve")
    parser.add_argument("--before", metavar="ANALYSIS", help="another state of its levels, to compare with")


def _export(args: argparse.Namespace) -> int:
    from mrn_core.figures.views import VIEWS
    from mrn_core.report import Plan, export

    views = tuple(VIEWS) if args.views is None else _names(args.views)
    plan = Plan(views, _names(args.kinds), args.size, not args.no_numbers, not args.no_report, args.film)
    scene = _scene(args, args.analysis, chance=False)
    written = export(scene, plan, args.out, progress=_progress())
    print(f"Written to {args.out}: {', '.join(path.name for path in written)}")
    return 0


def _figure(args: argparse.Namespace) -> int:
    from mrn_core.figures.page import page
    from mrn_core.figures.views import view
    from mrn_core.figures.writing import check_target, write_figure, write_strips

    chosen, on = view(args.view), page(args.size)
    check_target(args.out)
    if len(args.analyses) > 1:
        if chosen.name != "fig1":
            raise SettingsError(f"{chosen.name} shows one analysis.", "Give one; fig1 takes several.", "view")
        path = write_strips([_load(name) for name in args.analyses], on, args.out)
    else:
        path = write_figure(_scene(args, args.analyses[0]), chosen.name, on, args.out)
    print(f"Written: {path}")
    return 0


def _levels(args: argparse.Namespace) -> int:
    from mrn_core.figures.outputs import as_utf8
    from mrn_core.figures.writing import check_place
    from mrn_core.result import write_whole
    from mrn_core.tables import as_csv, chance_of, head_sentences, level_table

    if args.out is not None:
        check_place(args.out)
    names = [Path(name).name for name in args.analyses]
    tables, lines = [], []
    for given, name in zip(args.analyses, names, strict=True):
        analysis = _load(given)
        chance = chance_of(analysis, args.draws)
        # Saved under one name in many folders, analyses are told apart by their folders.
        name = name if names.count(name) == 1 else given
        if args.words:
            lines += [name] if len(names) > 1 else []
            lines += [f"{head}: {said}" for head, said in head_sentences(analysis, chance)]
        else:
            tables.append(level_table(analysis, chance, name))
    if any("too close to tell" in line for line in lines):
        lines.append(f"What is too close to tell, more redraws may tell: --draws {16 * args.draws}.")
    text = "".join(f"{line}\n" for line in lines) if args.words else as_csv(tables)
    if args.out is None:
        print(text, end="")
    else:
        write_whole(args.out, lambda file: file.write(as_utf8(text)))
        print(f"Written: {args.out}")
    return 0


def _report(args: argparse.Namespace) -> int:
    from mrn_core.figures.writing import check_place
    from mrn_core.report import report_html
    from mrn_core.result import write_whole

    check_place(args.out)
    page = report_html(_scene(args, args.analysis))
    write_whole(args.out, lambda file: file.write(page))
    print(f"Written: {args.out}")
    return 0


def _scene(args: argparse.Namespace, name: str, chance: bool = True) -> Scene:
    """What the options choose of an analysis; chance is drawn unless whoever gets it does so."""
    from mrn_core.figures.scene import Scene
    from mrn_core.tables import chance_of

    analysis = _load(name)
    pair = None if args.pair is None else _pair(args.pair)
    chosen = args.block - 1, args.head - 1, args.table - 1
    before = None if args.before is None else _load(args.before)
    scene = Scene(analysis, *chosen, pair, chance_of(analysis) if chance else None, None, before)
    if args.clip is not None:
        from dataclasses import replace

        from mrn_core.clip import open_clip
        from mrn_core.spotting import spot

        with open_clip(args.clip) as clip:
            scene = replace(scene, curve=spot(clip, "difference"))
    return scene


def _load(name: str) -> Analysis:
    from mrn_core.result import Analysis

    return Analysis.load(name)


def _pair(text: str) -> tuple[int, int]:
    try:
        query, key = (int(part) for part in text.split(","))
    except ValueError:
        raise SettingsError(
            f"--pair cannot be {text!r}.", "Write two levels: --pair=12,20.", "pair"
        ) from None
    return query, key


def _names(text: str) -> tuple[str, ...]:
    """Names with commas; "none" is none of them."""
    return () if text.strip() == "none" else tuple(part.strip() for part in text.split(",") if part.strip())


def _progress() -> Callable[[str, int, int], None] | None:
    if not sys.stderr.isatty():
        return None

    def tell(_stage: str, done: int, total: int) -> None:
        print(f"\r\033[K{done} of {total}", end="\n" if done == total else "", file=sys.stderr)

    return tell
