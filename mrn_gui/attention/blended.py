"""More cells than there is room for whole ones: each pixel blends what it covers (no Qt)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from mrn_gui.attention.turned import Turned, cells_at, chequered, pixels_of, textured
from mrn_gui.palette import Palette

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Cover = list[tuple[npt.NDArray[np.intp], Floats]]
LARGE = 200  # px of a side
BLOCK = 32  # rows at a time, whose numbers are still at hand


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
    cover = _cover(levels, side)
    flat = picture.reshape(levels, levels * 3)
    made = np.empty((side, side, 3), np.uint8)
    for start in range(0, side, BLOCK):
        part = slice(start, min(start + BLOCK, side))
        down = _means(flat, [(rows[part], share[part]) for rows, share in cover])
        turned = down.reshape(-1, levels, 3).transpose(1, 0, 2).reshape(levels, -1)
        across = np.rint(_means(turned, cover)).reshape(side, -1, 3)
        made[part] = across.transpose(1, 0, 2)
    return made


def _cover(levels: int, side: int) -> Cover:
    """Which of ``levels`` rows each of ``side`` rows covers, one after another, and with what share of it."""
    edges = np.linspace(0, levels, side + 1)
    low, high = edges[:-1], edges[1:]
    first = np.floor(low + 1e-9).astype(np.intp)
    made = []
    for k in range(math.ceil(levels / side) + 1):
        row = first + k
        share = np.clip(np.minimum(high, row + 1) - np.maximum(low, row), 0, None) * (side / levels)
        made.append((np.minimum(row, levels - 1), share[:, None].astype(np.float32)))
    return made


def _means(rows: npt.NDArray[np.uint8] | Floats, cover: Cover) -> Floats:
    """(side, M) float32 of (L, M): the mean of what each row covers."""
    first, *others = cover
    made: Floats = np.multiply(rows.take(first[0], axis=0), first[1], dtype=np.float32)
    for row, share in others:
        made += np.multiply(rows.take(row, axis=0), share, dtype=np.float32)
    return made


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
