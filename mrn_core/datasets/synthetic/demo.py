"""The rendered clip that comes with the program, and its exact truth."""

from __future__ import annotations

from pathlib import Path

from mrn_core.datasets.synthetic.clip import SyntheticClip
from mrn_core.datasets.synthetic.writing import read_truth
from mrn_core.resources import resource


def rendered_demo_path() -> Path:
    """The rendered demo clip's video file.

    Raises:
        FileNotFoundError: the installation is not whole.
    """
    return resource("demo2", "rendered.mp4")


def rendered_demo_truth() -> SyntheticClip:
    """The clip as numbers: ``.onset``, ``.apex``, ``.offset``, ``.truth(i)``, ``.magnified(af)``.

    Raises:
        FileNotFoundError: the installation is not whole.
    """
    return read_truth(resource("demo2", "rendered.json")).clip
