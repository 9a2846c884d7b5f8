"""``mrn bench-magnifiers``: how near each magnifier comes to exact magnified frames."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING, Any

from mrn_core.errors import SettingsError

if TYPE_CHECKING:
    from mrn_core.experiments.magnifier_bench import Bench, Row
    from mrn_core.experiments.magnifier_pairs import KnownPair

SOURCES = {"demo": "The demo photograph", "synthetic": "Rendered faces"}


def add(subparsers: Any) -> None:
    """Adds the command to ``mrn``."""
    command = subparsers.add_parser(
        "bench-magnifiers",
        help="measure the magnifiers against exact magnified frames",
        description="Magnifies pairs of frames whose motion is known, and measures each frame: PSNR and "
        "SSIM to the exact frame, by what the motion was really multiplied (least squares with the true "
        "motion), and how far the face seems moved where nothing moved.",
        epilog="Example: mrn bench-magnifiers --on synthetic --pairs 8 --plot magnifiers.png",
    )
    command.add_argument(
        "--on", choices=(*SOURCES, "all"), default="all", help="which pairs (both sources by default)"
    )
    command.add_argument("--pairs", type=int, default=8, metavar="N", help="rendered pairs (8)")
    command.add_argument("--seed", type=int, default=0, metavar="N", help="of the rendered pairs (0)")
    command.add_argument("--magnifier", nargs="+", metavar="NAME", help="linear, lagrangian, magnet; all")
    command.add_argument(
        "--af", metavar="LIST|LO:HI:COUNT", default="1,2,4,6,8,10,13", help="levels (1,2,4,6,8,10,13)"
    )
    command.add_argument("--plot", metavar="FILE", help="a figure of it (.png, .svg or .pdf)")
    command.add_argument("--json", action="store_true", help="write JSON and nothing else")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measures, and prints the tables.

    Raises:
        SettingsError: an unknown magnifier, levels that cannot be read, or too many pairs.
        FileError: the figure cannot be written.
    """
    from mrn_core.experiments.magnifier_bench import bench
    from mrn_core.magnification import magnifiers

    afs = parse_factors(args.af)
    names = list(dict.fromkeys(args.magnifier or magnifiers))
    for name in names:
        if name not in magnifiers:
            raise SettingsError(
                f'There is no magnifier "{name}".', f"Known: {', '.join(magnifiers)}.", "magnifier"
            )
    if args.plot is not None:
        from mrn_core.figures.magnifier_bench import check_target

        check_target(args.plot)
    pairs, total = _pairs(args)
    measured = bench(pairs, names, afs, progress=_progress(), total=total)
    if args.plot is not None:
        from mrn_core.figures.magnifier_bench import write_bench_figure

        write_bench_figure(measured, args.plot)
    if args.json:
        from mrn_core.figures.outputs import as_json

        print(as_json(as_data(measured, args)).decode(), end="")
    else:
        print(as_tables(measured))
        if args.plot is not None:
            print(f"Written: {args.plot}")
    return 0


def parse_factors(text: str) -> tuple[float, ...]:
    """``1,2,4`` or ``LO:HI:COUNT`` as amplification factors.

    Raises:
        SettingsError: another form, or a factor out of its range.
    """
    from mrn_core.magnification import AmplificationLevels

    if ":" in text:
        return tuple(float(af) for af in AmplificationLevels.parse(text).values)
    try:
        afs = [float(part) for part in text.split(",")]
    except ValueError:
        raise SettingsError(
            f'"{text}" does not name amplification factors.', "Write 1,2,4 or LO:HI:COUNT.", "af"
        ) from None
    return tuple(float(AmplificationLevels(af, af, 1).values[0]) for af in dict.fromkeys(afs))


def as_data(measured: Bench, args: argparse.Namespace) -> dict[str, Any]:
    """What ``--json`` prints; an undefined number is null."""
    from mrn_core.experiments.magnifier_bench import REFERENCES

    return {
        "on": args.on,
        "pairs": args.pairs if args.on != "demo" else None,
        "seed": args.seed if args.on != "demo" else None,
        "afs": list(measured.afs),
        "references": REFERENCES,
        "missing": measured.missing,
        "rows": [asdict(row) for row in measured.rows],
    }


def as_tables(measured: Bench) -> str:
    """Three tables a source: by AF, by motion and noise, and what moves where nothing did."""
    lines: list[str] = []
    for source, title in SOURCES.items():
        rows = [row for row in measured.rows if row.source == source]
        if not rows:
            continue
        moving = [row for row in rows if row.motion > 0]
        count = len({row.pair for row in moving})
        noises = sorted({row.noise for row in rows})
        motions = sorted({row.motion for row in moving})
        lines += [
            f"{title}: {count} {'pair' if count == 1 else 'pairs'}; motion {_listed(motions)} px; "
            f"noise {_listed(noises)} grey levels",
            "",
            "measured gain / (1 + AF), PSNR in dB and SSIM to the exact frame where it moves",
            *_table(
                measured,
                ("AF",),
                [((f"{af:g}",), {"af": af}) for af in measured.afs],
                source,
                _closeness,
            ),
            "",
            "the same by size of motion and by noise, mean over AF",
            *_table(
                measured,
                ("px", "noise"),
                [
                    ((f"{motion:g}", f"{noise:g}"), {"motion": motion, "noise": noise})
                    for motion in motions
                    for noise in noises
                ],
                source,
                _closeness,
            ),
            "",
            "a face at rest twice: px that the skin seems to move (rms over the face)",
            *_table(
                measured,
                ("noise", "AF"),
                [
                    ((f"{noise:g}", f"{af:g}"), {"noise": noise, "af": af, "at_rest": True})
                    for noise in noises
                    for af in _few(measured.afs)
                ],
                source,
                lambda found: [_mean([row.false_motion for row in found], "6.3f")],
            ),
            "",
        ]
        if beyond := [row for row in moving if row.beyond]:
            share = len(beyond) / len(moving)
            lines += [f"In {share:.0%} of the frames the exact face is beyond its model's range.", ""]
    if measured.rows:
        from mrn_core.experiments.magnifier_bench import REFERENCES

        lines += [f"{name}: {what}" for name, what in REFERENCES.items() if name in measured.names]
    lines += [f"{name}: {why}" for name, why in measured.missing.items()]
    return "\n".join(lines)


def _table(
    measured: Bench,
    heads: tuple[str, ...],
    cases: Sequence[tuple[tuple[str, ...], dict[str, Any]]],
    source: str,
    cells: Callable[[list[Row]], list[str]],
) -> Iterator[str]:
    """A line of names, and a line a case with the cells of each magnifier."""
    body = [
        ("".join(f"{label:>7}" for label in labels),
         ["  ".join(cells(measured.pick(source, name, **wanted))) for name in measured.names])
        for labels, wanted in cases
    ]  # fmt: skip
    widths = [max(len(name), *(len(texts[n]) for _, texts in body)) for n, name in enumerate(measured.names)]
    named = (f"   {name:>{width}}" for name, width in zip(measured.names, widths, strict=True))
    yield "".join(f"{head:>7}" for head in heads) + "".join(named)
    for label, texts in body:
        columns = (f"   {text:>{width}}" for text, width in zip(texts, widths, strict=True))
        yield label + "".join(columns)


def _closeness(rows: list[Row]) -> list[str]:
    return [
        _mean([row.ratio for row in rows], "5.2f"),
        _mean([row.psnr_moving for row in rows], "4.1f"),
        _mean([row.ssim_moving for row in rows], "5.3f"),
    ]


def _mean(values: list[float | None], form: str) -> str:
    known = [value for value in values if value is not None]
    return format(sum(known) / len(known), form) if known else "-"


def _few(afs: tuple[float, ...]) -> list[float]:
    """The first, a middle and the last factor."""
    return list(dict.fromkeys((afs[0], afs[len(afs) // 2], afs[-1])))


def _listed(values: Sequence[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)


def _pairs(args: argparse.Namespace) -> tuple[Iterator[KnownPair], int]:
    """The pairs, made one by one, and how many there are."""
    from mrn_core.experiments.magnifier_pairs import MOST, NOISES, demo_pairs, synthetic_pairs

    if not 1 <= args.pairs <= MOST:
        raise SettingsError(f"{args.pairs} pairs cannot be measured.", f"Ask for 1 to {MOST}.", "pairs")
    made: list[Iterator[KnownPair]] = []
    total = 0
    if args.on in ("demo", "all"):
        made.append(demo_pairs())
        total += 2
    if args.on in ("synthetic", "all"):
        made.append(synthetic_pairs(args.pairs, args.seed))
        total += 2 * args.pairs * len(NOISES)
    return chain(*made), total


def _progress() -> Callable[[str, int, int], None] | None:
    """Progress on stderr, where a person sees it."""
    if not sys.stderr.isatty():
        return None
    start = time.monotonic()

    def tell(stage: str, done: int, total: int) -> None:
        left = (time.monotonic() - start) / done * (total - done)
        end = "\n" if done == total else ""
        print(f"\r\033[K{done} of {total}, about {left:.0f} s left", end=end, file=sys.stderr, flush=True)

    return tell
