"""The clips that come with the program, and the true motion of the first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mrn_core.resources import resource


@dataclass(frozen=True)
class DemoTruth:
    """What truly moves in the demo clip: frame_t(x) = onset(x + activation[t] * field(x)).

    Attributes:
        onset, apex, offset: indices of the last frame at rest, of the peak, and of the first frame at
            rest again.
        fps: frames per second.
        activation: ``(N,)`` float64, the share of the motion that each frame shows, 0 to 1.
        field: ``(H, W, 2)`` float32, the apex's motion (x, y) in pixels of the clip, read at the
            destination.
        landmarks: ``(68, 2)`` float32, the face's points (x, y) at rest.
    """

    onset: int
    apex: int
    offset: int
    fps: float
    activation: np.ndarray
    field: np.ndarray
    landmarks: np.ndarray


def demo_clip_path() -> Path:
    """The demo clip's video file.

    Raises:
        FileNotFoundError: the installation is not whole.
    """
    return resource("demo", "astronaut.mp4")


def rendered_demo_path() -> Path:
    """The rendered demo clip's video file; ``mrn_core.datasets.synthetic.demo`` has its truth.

    Raises:
        FileNotFoundError: the installation is not whole.
    """
    return resource("demo2", "rendered.mp4")


def demo_truth() -> DemoTruth:
    """The demo clip's true motion, as its maker drew it (resources/demo/README.md).

    Raises:
        FileNotFoundError: the installation is not whole.
    """
    with np.load(resource("demo", "astronaut.npz"), allow_pickle=False) as stored:
        return DemoTruth(
            onset=int(stored["onset"]),
            apex=int(stored["apex"]),
            offset=int(stored["offset"]),
            fps=float(stored["fps"]),
            activation=stored["activation"],
            field=stored["field"].astype(np.float32),
            landmarks=stored["landmarks"],
        )
