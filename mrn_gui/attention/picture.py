"""The matrix itself, without what stands around it, as an array (no Qt)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mrn_gui.attention.blended import blended
from mrn_gui.attention.geometry import MatrixGeometry
from mrn_gui.attention.model import MatrixModel
from mrn_gui.attention.passage import moved_picture
from mrn_gui.attention.values import cell_colours, matrix_picture, rgb
from mrn_gui.palette import Palette

Floats = npt.NDArray[np.float64]


def field_picture(
    model: MatrixModel,
    geometry: MatrixGeometry,
    palette: Palette,
    reverse: bool = False,
    rows: Floats | None = None,
    columns: Floats | None = None,
) -> npt.NDArray[np.uint8]:
    """(side, side, 3) uint8 in device pixels; cells of whole pixels, or blended where there are too many.

    Args:
        rows, columns: (L,) where each row and column is on its way to a new order; None: at its place.
    """
    scale, ground = model.scale, rgb(palette.sunk)
    moving = None if rows is None or columns is None else (rows, columns)
    if geometry.blended:
        cells = cell_colours(
            model.values, model.mask, scale.top, palette, reverse, model.whole, scale.diverging
        )
        step = max(1, round(geometry.scale))
        if moving is not None:  # without textures, which belong to the places at the end
            return blended(moved_picture(cells, 1, *moving, ground), geometry.side, step, palette)
        coloured = ~model.mask if model.whole else None
        return blended(cells, geometry.side, step, palette, reverse, coloured, model.turned)
    cell = int(geometry.cell)
    picture = matrix_picture(
        model.values,
        model.mask,
        scale.top,
        palette,
        cell,
        geometry.gap,
        geometry.dot,
        reverse,
        model.whole,
        scale.diverging,
        model.turned,
    )
    return picture if moving is None else moved_picture(picture, cell, *moving, ground)
