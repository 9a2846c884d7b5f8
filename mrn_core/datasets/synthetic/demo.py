"""The rendered clip that comes with the program, and its exact truth."""

from __future__ import annotations

from mrn_core.clip.demo import rendered_demo_path
from mrn_core.datasets.synthetic.clip import SyntheticClip
from mrn_core.datasets.synthetic.writing import read_truth
from mrn_core.resources import resource

__all__ = ["rendered_demo_path", "rendered_demo_truth"]


def rendered_demo_truth() -> SyntheticClip:
    """The clip as numbers: ``.onset``, ``.apex``, ``.offset``, ``.truth(i)``, ``.magnified(af)``.

    Raises:
        FileNotFoundError: the installation is not whole.
    """
    return read_truth(resource("demo2", "rendered.json")).clip
