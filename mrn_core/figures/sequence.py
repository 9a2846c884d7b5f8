"""The strip of magnified frames, as a figure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mrn_core.figures.style import QUIET, TEXT, add_frame, plain_style
from mrn_core.result import Analysis

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS = 8
_CELL = 1.15  # inches: a frame with its two lines of text is this wide, and
_ROW = 1.55  # this high
_MARGIN = 0.7


def sequence_figure(analysis: Analysis) -> Figure:
    """The L frames in order, each with its level, AF and gain.

    Under a frame stands "zeroed n/N" when n of the N heads of all blocks let no other query attend
    to it; the frame itself turns grey when all of them do.
    """
    from matplotlib.figure import Figure

    zeroed = analysis.zeroed()
    heads = zeroed.shape[0] * zeroed.shape[1]
    counts = zeroed.sum(axis=(0, 1))
    L = len(analysis.levels)
    columns = min(_COLUMNS, max(L, 4))
    rows = math.ceil(L / columns)
    with plain_style():
        figure = Figure(figsize=(max(columns * _CELL + 0.5, 5.5), rows * _ROW + 2 * _MARGIN))
        width, height = figure.get_size_inches()
        for i, frame in enumerate(analysis.frames):
            row, column = divmod(i, columns)
            left = 0.25 + column * _CELL
            bottom = height - _MARGIN - row * _ROW - _CELL
            axes = figure.add_axes((left / width, bottom / height, (_CELL - 0.06) / width, _CELL / height))
            axes.set_axis_off()
            everywhere = counts[i] == heads
            axes.imshow(greyed(frame) if everywhere else frame, interpolation="lanczos")
            figure.text(
                left / width, (bottom - 0.09) / height,
                f"{i}  AF {analysis.levels[i]:.2f}", fontsize=7, color=TEXT, va="center",
            )  # fmt: skip
            note = f"gain {analysis.gains[i]:.2f}" + (f"  ○ zeroed {counts[i]}/{heads}" if counts[i] else "")
            figure.text(left / width, (bottom - 0.22) / height, note, fontsize=6, color=QUIET, va="center")
        add_frame(figure, analysis, f"Magnified frames, {L} level{'s' if L > 1 else ''}", _MARGIN, "strip")
    return figure


def greyed(frame: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8: grey, and faded towards white so that only 38 % of it is left."""
    grey = frame.astype(np.float64) @ np.array([0.299, 0.587, 0.114])
    return np.repeat(np.rint(255 - 0.38 * (255 - grey))[..., None], 3, axis=-1).astype(np.uint8)
