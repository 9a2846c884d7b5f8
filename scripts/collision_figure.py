"""The measured collision rate beside theory: `python scripts/collision_figure.py OUT.png`.

Pairs of vectors at 0 to 180 degrees, hashed by 4,000 draws of the planes as the network hashes them.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure

from mrn_core.network.explain import theory
from mrn_core.network.lsh import bucket_ids, collision_mask, draw_hyperplanes

HASHES = ((1, 1), (3, 1), (3, 4), (6, 4), (3, 16))
DRAWS, DIM, STEP = 4000, 16, 10


def measured(angle: float, planes: torch.Tensor) -> float:
    """Share of the draws, (draws, t, p, DIM), in which two unit vectors at ``angle`` degrees meet."""
    first, second = torch.zeros(2, DIM)
    first[0] = 1
    turned = math.radians(angle)
    second[0], second[1] = math.cos(turned), 0.0 if angle in (0, 180) else math.sin(turned)
    ids = [bucket_ids(x.expand(len(planes), 1, DIM), planes) for x in (first, second)]
    return collision_mask(*ids).float().mean().item()


def main(argv: list[str]) -> int:
    """Draws the figure; gives 0."""
    figure = Figure(figsize=(6, 3.6), layout="constrained")
    plot = figure.add_subplot()
    drawn = draw_hyperplanes(DRAWS, 16, 8, DIM, torch.Generator().manual_seed(0))
    fine = [x / 2 for x in range(361)]
    worst = 0.0
    for p, t in HASHES:
        (line,) = plot.plot(fine, [theory(x, p, t) for x in fine], lw=1.2, label=f"{p} planes, {t} tables")
        angles = range(0, 181, STEP)
        rates = [measured(x, drawn[:, :t, :p]) for x in angles]
        plot.plot(list(angles), rates, "o", ms=3, color=line.get_color())
        for angle, rate in zip(angles, rates, strict=True):
            expected = theory(angle, p, t)
            error = math.sqrt(expected * (1 - expected) / DRAWS)
            worst = max(worst, abs(rate - expected) / error if error else 0.0)
    plot.set_xlabel("angle between query and key (degrees)")
    plot.set_ylabel("share of draws in which they meet")
    plot.legend(frameon=False, fontsize=8, title="line: theory, dots: measured")
    plot.spines[["top", "right"]].set_visible(False)
    figure.savefig(Path(argv[0]), dpi=150)
    print(f"{len(HASHES) * (180 // STEP + 1)} rates; the farthest is {worst:.1f} standard errors from theory")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
