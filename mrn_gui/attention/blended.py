"""More cells than there is room for whole ones: each pixel blends what it covers (no Qt)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mrn_gui.attention.turned import Turned, cells_at, chequered, pixels_of, textured
from mrn_gui.palette import Palette

Picture = npt.NDArray[np.uint8]
LARGE = 200  # px of a side


def fitted(picture: Picture, side: int) -> Picture:
    """(side, side, 3) uint8 of (L, L, 3): each pixel is the mean of what it covers.

    So no cell is lost or doubled, whatever the size. In a large picture with more pixels than cells each
    pixel is the cell that its middle lies in, which costs a tenth and leaves the cells sharp.
    """
    levels = len(picture)
    if side % levels == 0:
        return picture.repeat(side // levels, axis=0).repeat(side // levels, axis=1)
    if side >= max(LARGE, levels):
        cell = cells_at(levels, side)
        return picture.take(cell, axis=0).take(cell, axis=1)  # many times as fast as by brackets
    edges = np.linspace(0, levels, side + 1)
    cells = np.arange(levels)
    cover = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
    share = (np.clip(cover, 0, None) * (side / levels)).astype(np.float32)  # (side, L), rows sum to 1
    down = share @ picture.astype(np.float32).reshape(levels, levels * 3)
    return np.rint(share @ down.reshape(side, levels, 3)).astype(np.uint8)


def blended(
    cells: Picture,
    side: int,
    step: int,
    palette: Palette,
    reverse: bool = False,
    coloured: npt.NDArray[np.bool_] | None = None,
    turned: Turned | None = None,
) -> Picture:
    """(side, side, 3) uint8: the cells without gaps or signs of their own.

    Args:
        cells: (L, L, 3) uint8, the colour of each pair.
        step: device pixels of a stripe or of a square of the textures.
        coloured: (L, L) masked pairs that have a colour too, which are chequered.
        turned: the pairs that opened, striped, and that closed, chequered.
    """
    picture = fitted(cells, side)
    if turned is not None:
        wide = pixels_of(turned[0], side), pixels_of(turned[1], side)
        return textured(picture, wide, step, palette, reverse)
    if coloured is not None:
        return chequered(picture, pixels_of(coloured, side), step, palette)
    return picture
