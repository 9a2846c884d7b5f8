"""``mrn analyze``: one clip, one onset and apex, everything that the window shows of them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mrn_core.errors import ClipError, FaceError, SettingsError
from mrn_core.settings import AnalysisSettings, with_text, with_values

if TYPE_CHECKING:
    import numpy as np

    from mrn_core.clip import Clip


APEX_SOURCES = ("user", "annotated", "middle", "spotted:flow", "spotted:difference")


def add(subparsers: Any) -> None:
    """Declares the command."""
    parser = subparsers.add_parser(
        "analyze",
        help="magnify a clip's motion from onset to apex and read it",
        description="Magnifies the motion from onset to apex at each level and reads it with the network.",
        epilog="Frames count from 0; --onset=#46 is the source's own number 46 (img46.jpg).",
    )
    parser.add_argument("clip", metavar="CLIP", help="a video file, or a folder with one picture a frame")
    parser.add_argument("--onset", required=True, metavar="N", help="frame where the motion begins")
    parser.add_argument("--apex", required=True, metavar="N", help="frame where it is largest")
    add_apex_source(parser)
    parser.add_argument("--fps", type=float, metavar="X", help="frames per second, where the source lacks it")
    parser.add_argument(
        "--face", metavar="whole|X,Y,W,H", help="the clip is a face crop already, or the face's box in it"
    )
    add_settings(parser)
    parser.add_argument("--out", metavar="DIR", help="writes analysis.json, .npz, levels.csv and the figures")
    parser.add_argument("--json", action="store_true", help="prints analysis.json and nothing else")
    parser.set_defaults(run=run)


def add_apex_source(parser: argparse.ArgumentParser) -> None:
    """Declares who chose the apex."""
    parser.add_argument(
        "--apex-source",
        default="user",
        choices=APEX_SOURCES,
        metavar="WHO",
        help=f"who chose the apex, for the files: {', '.join(APEX_SOURCES)} (default user)",
    )


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Declares the options that ``settings_from`` reads, and those of the Analyzer."""
    parser.add_argument("--magnifier", metavar="NAME", help="linear, lagrangian (default) or magnet")
    parser.add_argument("--af", metavar="LO:HI:COUNT", help="amplification factors (default 2:13:32)")
    parser.add_argument("--planes", type=int, metavar="N", help="hyper-planes in each hash table (default 3)")
    parser.add_argument("--tables", type=int, metavar="N", help="hash tables (default 4)")
    parser.add_argument("--seed", type=int, metavar="N", help="of untrained weights and their planes")
    parser.add_argument("--hash-seed", type=int, metavar="N", help="redraws the hyper-planes alone")
    parser.add_argument("--weights", metavar="FILE", help="a trained network; without it, untrained weights")
    parser.add_argument("--device", default="auto", metavar="NAME", help="auto (default), cpu or cuda")
    parser.add_argument("--threads", type=int, metavar="N", help="CPU threads (default: all cores)")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="any other setting, e.g. --set qk=separate; a wrong name lists them all",
    )


def run(args: argparse.Namespace) -> int:
    """Does what the arguments say; errors are the core's own."""
    from mrn_core.clip import open_clip

    settings = settings_from(args)
    face = parse_face(args.face)
    with open_clip(args.clip, fps=args.fps) as clip:
        onset, apex = (frame(clip, role, getattr(args, role)) for role in ("onset", "apex"))
        from mrn_core.analysis import Analyzer, check_marks

        check_marks(clip, onset, apex)
        folder = None if args.out is None else Path(args.out)
        if folder is not None:
            from mrn_core.figures import check_folder

            check_folder(folder)
        analyzer = Analyzer(weights=args.weights, device=args.device)
        if args.weights is not None:
            settings = settings_from(args, analyzer.default_settings())
        try:
            analysis = analyzer.run(
                clip,
                onset,
                apex,
                settings,
                face=face,
                apex_source=args.apex_source,
                progress=_progress(),
            )
        except FaceError as error:
            raise _with_option(error, face) from None
    if folder is not None:
        from mrn_core.figures import write_outputs

        written = write_outputs(analysis, folder)
        if not args.json:
            print(f"Written to {folder}: {', '.join(sorted(path.name for path in written.values()))}")
    if args.json:
        print(json.dumps(analysis.numbers(), allow_nan=False, ensure_ascii=False, indent=1))
    else:
        print("\n".join(summary(analysis)))
    return 0


def _with_option(error: FaceError, face: Any) -> FaceError:
    """The error with the option that helps, where no face was found and none was given."""
    if face is not None:
        return error
    advice = f"{error.advice} Options: --face=X,Y,W,H or --face=whole."
    return FaceError(error.what, advice, error.frame, error.role)


def settings_from(args: argparse.Namespace, start: AnalysisSettings | None = None) -> AnalysisSettings:
    """The settings that the arguments name, over ``start`` or the defaults.

    Raises:
        SettingsError: a value is out of its range, or two do not fit together.
    """
    values: dict[str, Any] = {}
    for option, path in (
        ("magnifier", "magnifier"),
        ("planes", "planes"),
        ("tables", "tables"),
        ("seed", "seed"),
        ("hash_seed", "hash_seed"),
        ("threads", "threads"),
    ):
        if getattr(args, option) is not None:
            values[path] = getattr(args, option)
    if args.af is not None:
        from mrn_core.magnification.levels import AmplificationLevels

        try:
            levels = AmplificationLevels.parse(args.af)
        except SettingsError as error:
            raise SettingsError(f"--af={args.af}: {error.what}", error.advice, "af") from None
        values |= {"af_low": levels.lo, "af_high": levels.hi, "levels": levels.count}
    settings = with_values(start or AnalysisSettings(), values)
    for assignment in args.set:
        settings = with_text(settings, assignment)
    return settings


def frame(clip: Clip, role: str, text: str) -> int:
    """The index that a person's text means in ``clip``; errors name the option.

    Raises:
        ClipError: it is no frame of the clip.
    """
    from mrn_core.clip import frame_index

    try:
        return frame_index(clip, text)
    except ClipError as error:
        raise ClipError(f"--{role}={text}: {error.what}", error.advice) from None


def parse_face(text: str | None) -> Any:
    """None, "whole", or a box (x, y, w, h).

    Raises:
        SettingsError: the text is none of these.
    """
    if text is None or text == "whole":
        return text
    try:
        x, y, w, h = (float(part) for part in text.split(","))
    except ValueError:
        raise SettingsError(
            f"--face cannot be {text!r}.", "Write whole, or a box in pixels: --face=X,Y,W,H.", "face"
        ) from None
    return x, y, w, h


def summary(analysis: Any) -> list[str]:
    """What a person reads first, a line each."""
    from mrn_core.network.explain import least_place_told

    lines = [f"! {warning}" for warning in analysis.warnings]
    lines.append(f"Face: {analysis.face.in_words()}")
    reach = analysis.reach()
    for b, health in enumerate(analysis.health()):
        near, far = (_share(health[name]) for name in ("near", "far"))
        lines.append(
            f"Block {b + 1}: {_share(health['density'])} of pairs meet (unrelated vectors: "
            f"{_share(health['unrelated'])}), near {near}, far {far}; "
            f"zeroed levels: {_zeroed(analysis.zeroed()[b])}; least reach {least_place_told(reach[b])}"
        )
    lines.append(analysis.badge("all") or "Trained weights")
    lines += [
        f"  {label:<12} {share:.3f}"
        for label, share in sorted(analysis.probabilities.items(), key=lambda item: -item[1])
    ]
    return lines


def _share(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.2f}"


def _zeroed(flags: np.ndarray) -> str:
    count = int(flags.sum())
    return "none" if count == 0 else f"{count} of {flags.size} in all heads"


def _progress() -> Any:
    """Stages on stderr where a person watches, nothing elsewhere."""
    if not sys.stderr.isatty():
        return None
    names = {"face": "Face", "magnify": "Magnify", "encode": "Features", "blocks": "Blocks"}

    def tell(stage: str, done: int, total: int) -> None:
        ended = done == total and stage == "blocks"
        print(f"\r\033[K{names[stage]} {done} of {total}", end="\n" if ended else "", file=sys.stderr)

    return tell
