"""``mrn bench-magnifiers``: how far each magnifier really moves the demo clip's face, level by level."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from mrn_core.errors import SettingsError, WeightsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mrn_core.magnification import AmplificationLevels

SIZE = 224


@dataclass(frozen=True)
class TrueMotion:
    """A pair whose motion is known, at 224 x 224.

    ``onset`` and ``apex`` uint8 as a camera saw them; ``clean``, the onset with the noise averaged
    away, float32; ``field`` (H, W, 2) px with apex(x) = onset(x + field(x)).
    """

    onset: NDArray[np.uint8]
    apex: NDArray[np.uint8]
    clean: NDArray[np.float32]
    field: NDArray[np.float32]


@dataclass(frozen=True)
class Row:
    """One level of one magnifier: ``ratio`` is ``measured`` over ``gain`` = 1 + AF."""

    af: float
    gain: float
    measured: float
    ratio: float


@dataclass(frozen=True)
class Bench:
    """What one magnifier gave; ``missing`` says in words why there are no rows."""

    magnifier: str
    rows: tuple[Row, ...]
    missing: str = ""


def add(subparsers: Any) -> None:
    """Adds the command to ``mrn``."""
    command = subparsers.add_parser(
        "bench-magnifiers",
        help="how far each magnifier moves, measured on the demo clip's true motion",
        description="Magnifies the demo clip's onset and apex and measures, by least squares with the true "
        "motion over the area that moves, by what each frame's motion was really multiplied.",
    )
    command.add_argument("--magnifier", nargs="+", metavar="NAME", help="linear, lagrangian, magnet; all")
    command.add_argument("--af", metavar="LO:HI:COUNT", default="0:13:14", help="levels (0:13:14)")
    command.add_argument("--json", action="store_true", help="write JSON and nothing else")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the measured gains.

    Raises:
        SettingsError: an unknown magnifier, or levels that cannot be read.
    """
    from mrn_core.magnification import AmplificationLevels, magnifiers

    levels = AmplificationLevels.parse(args.af)
    names = list(dict.fromkeys(args.magnifier or magnifiers))
    for name in names:
        if name not in magnifiers:
            raise SettingsError(
                f'There is no magnifier "{name}".', f"Known: {', '.join(magnifiers)}.", "magnifier"
            )
    pair = demo_pair()
    benches = [measure(name, pair, levels) for name in names]
    if args.json:
        print(json.dumps([asdict(bench) for bench in benches], indent=2))
    else:
        print(as_table(benches, levels))
    return 0


def demo_pair() -> TrueMotion:
    """Onset and apex of the demo clip as the program crops them, and the true motion in the crop."""
    import cv2
    import numpy as np

    from mrn_core.clip import open_clip
    from mrn_core.clip.demo import demo_clip_path, demo_truth
    from mrn_core.faces import crop, face_transform

    truth = demo_truth()
    clip = open_clip(demo_clip_path())
    transform = face_transform(truth.landmarks, SIZE)
    onset, apex = (crop(clip[frame], transform) for frame in (truth.onset, truth.apex))
    # The frames at rest differ in noise alone.
    still = np.flatnonzero(truth.activation[: truth.onset + 1] == 0)
    clean = np.stack([crop(clip[int(frame)], transform) for frame in still]).mean(axis=0).astype(np.float32)
    field = cv2.warpAffine(truth.field, transform.matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR)
    turned = field @ np.asarray(transform.matrix, np.float32)[:, :2].T
    return TrueMotion(onset, apex, clean, np.ascontiguousarray(turned, np.float32))


def measure(name: str, pair: TrueMotion, levels: AmplificationLevels) -> Bench:
    """Magnifies a pair at every level and measures each frame."""
    from mrn_core.magnification import magnifiers
    from mrn_core.magnification.measure import measured_gain

    try:
        frames = magnifiers[name].magnify(pair.onset, pair.apex, levels)
    except WeightsError as error:
        return Bench(name, (), _why(name, error))
    rows = []
    for af, gain, frame in zip(levels.values, levels.gains, frames, strict=True):
        measured = measured_gain(frame, pair.clean, pair.field, highest=2 * levels.gains[-1])
        rows.append(Row(float(af), float(gain), measured, measured / float(gain)))
    return Bench(name, tuple(rows))


def as_table(benches: Sequence[Bench], levels: AmplificationLevels) -> str:
    """The measured gain and its ratio to 1 + AF, a line a level and two columns a magnifier."""
    shown = [bench for bench in benches if bench.rows]
    lines = ["Measured gain on the demo clip (ratio to 1 + AF in brackets)", ""]
    if shown:
        lines.append("    AF  1 + AF" + "".join(f"{bench.magnifier:>18}" for bench in shown))
        for index, (af, gain) in enumerate(zip(levels.values, levels.gains, strict=True)):
            cells = (bench.rows[index] for bench in shown)
            columns = "".join(f"{row.measured:>11.2f} ({row.ratio:.2f})" for row in cells)
            lines.append(f"{af:>6.2f}{gain:>8.2f}{columns}")
    lines += [f"{bench.magnifier}: {bench.missing}" for bench in benches if not bench.rows]
    return "\n".join(lines)


def _why(name: str, error: WeightsError) -> str:
    """Missing weights in the words of the list; damaged ones in the error's own."""
    from mrn_core.magnification import magnifiers
    from mrn_core.weights import KNOWN, weights_dir

    needed = magnifiers[name].needs_weights
    if needed is not None and not (weights_dir() / KNOWN[needed].file_name).exists():
        return f"not installed: mrn weights import {needed} FILE"
    return str(error)
