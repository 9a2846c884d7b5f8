"""``mrn spot``: where the apex of a clip may be."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import analyze

if TYPE_CHECKING:
    from mrn_core.clip import Clip
    from mrn_core.spotting import Spotting


def add(subparsers: Any) -> None:
    """Declares the command."""
    parser = subparsers.add_parser(
        "spot",
        help="propose onset, apex and offset of a clip from the motion of its face",
        description="Measures the motion of brows, eyes, nose and mouth against a frame at rest, tells "
        "blinks apart, and proposes onset, apex and offset with a confidence. Look at the frames it names.",
        epilog="Frames count from 0; #46 is the source's own number 46 (img46.jpg).",
    )
    parser.add_argument("clip", metavar="CLIP", help="a video file, or a folder with one picture a frame")
    parser.add_argument(
        "--method",
        default="flow",
        metavar="NAME",
        help="flow (default: optical flow) or difference (of frames: faster, finds less)",
    )
    parser.add_argument(
        "--onset", metavar="N", help="a frame at rest that motion is measured against (default: first face)"
    )
    parser.add_argument("--fps", type=float, metavar="X", help="frames per second, where the source lacks it")
    parser.add_argument(
        "--face", metavar="whole|X,Y,W,H", help="the clip is a face crop already, or the face's box in it"
    )
    parser.add_argument("--backend", default="dlib", metavar="NAME", help="face detector: dlib or fan")
    parser.add_argument("--csv", metavar="FILE", help="writes the curves, a row a frame")
    parser.add_argument(
        "--eaf", metavar="FILE", help="writes the proposal as an annotation file that ELAN opens"
    )
    parser.add_argument("--json", action="store_true", help="prints the proposal as JSON and nothing else")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Does what the arguments say; errors are the core's own."""
    from mrn_core.annotation import eaf_bytes
    from mrn_core.clip import open_clip
    from mrn_core.figures.writing import check_place
    from mrn_core.result import write_whole
    from mrn_core.spotting import curves_csv, proposal_tiers, proposal_told, spot

    for target in (args.csv, args.eaf):
        if target is not None:
            check_place(target)
    with open_clip(args.clip, args.fps) as clip:
        found = spot(
            clip,
            args.method,
            reference=None if args.onset is None else analyze.frame(clip, "onset", args.onset),
            face=analyze.parse_face(args.face),
            backend=args.backend,
            progress=_progress(),
        )
        written = None if args.csv is None else Path(args.csv)
        if not args.json:  # told first: a table that cannot be written loses nothing
            print("\n".join(summary(found, clip)))
        if written is not None:
            content = curves_csv(found, clip)
            write_whole(written, lambda file: file.write(content))
        if args.eaf is not None:
            media = clip.source if clip.source.is_file() else None
            tiers = eaf_bytes(proposal_tiers(found), clip.times, media)
            write_whole(args.eaf, lambda file: file.write(tiers))
        if args.json:
            told = {"clip": clip.name, **proposal_told(found, clip)}
            told["curves"] = None if written is None else str(written)
            told["eaf"] = args.eaf
            print(json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False))
        else:
            for path in (written, args.eaf):
                if path is not None:
                    print(f"Written: {path}")
    return 0


def summary(found: Spotting, clip: Clip) -> list[str]:
    """What a person reads, a line each."""
    lines, known = [], clip.so_far()
    if found.apex is None:
        lines.append("Nothing is proposed: no rise and fall of brows or mouth stands out of the noise.")
    else:
        for role in ("onset", "apex", "offset"):
            frame = getattr(found, role)
            words = "outside this clip" if frame is None else _frame(clip, frame)
            lines.append(f"{role.capitalize():<11}{words}")
        told = "it orders proposals; it is not the chance to be right"
        lines.append(f"Confidence {found.confidence:.2f} of 1 ({told})")
    lines.append(f"Method     {found.method}, against {_frame(clip, found.reference)}")
    gaps = _gaps(found)
    if gaps:
        lines.append(f"No face    in {gaps} of {len(found.curves['motion'])} frames")
    lines += [f"Blink      frames {known.told_span(*ends)}" for ends in found.blinks]
    return lines


def _gaps(found: Spotting) -> int:
    """How many frames do not show the face."""
    import numpy as np

    return int(np.isnan(found.curves["motion"]).sum())


def _frame(clip: Clip, frame: int) -> str:
    return f"frame {clip.so_far().told(frame)}, {float(clip.times[frame]):.3f} s"


def _progress() -> Callable[[str, int, int], None] | None:
    """Frames on stderr where a person watches, nothing elsewhere."""
    if not sys.stderr.isatty():
        return None

    def tell(_stage: str, done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r\033[K{done} of {total} frames", end=end, file=sys.stderr)

    return tell
