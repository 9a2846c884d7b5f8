"""Figures and files of one Analysis. matplotlib is loaded when the first figure is drawn."""

from mrn_core.figures.attention import attention_figure
from mrn_core.figures.outputs import NAMES, check_folder, write_outputs
from mrn_core.figures.sequence import sequence_figure

__all__ = ["NAMES", "attention_figure", "check_folder", "sequence_figure", "write_outputs"]
