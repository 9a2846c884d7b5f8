"""Data sets of micro-expressions: an index of what is there, and a report of what is odd.

``open_dataset(root)`` reads a tree as CASME II has it, or any folder with a sheet beside its clips, and
writes nothing. ``check(dataset)`` looks into the files as well.
"""

from mrn_core.datasets.check import check
from mrn_core.datasets.kinds import Kind, kinds
from mrn_core.datasets.model import KINDS_OF_PROBLEM, ActionUnit, Dataset, Marks, Problem, Sample
from mrn_core.datasets.opening import open_dataset

__all__ = [
    "KINDS_OF_PROBLEM",
    "ActionUnit",
    "Dataset",
    "Kind",
    "Marks",
    "Problem",
    "Sample",
    "check",
    "kinds",
    "open_dataset",
]
