"""Pairs that opened or closed since a state was kept: their shapes, and how many in words (no Qt).

An opened pair is filled and has a plus; a closed one is masked now, so it is no more than a frame, with what
it had as a small square in the middle. Where cells are too small for that, opened is striped and closed is
chequered.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from mrn_core.network.comparison import PairCount
from mrn_gui.palette import Palette

Picture = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Turned = tuple[Bools, Bools]  # (L, L) opened, (L, L) closed
SMALLEST_SIGN = 5  # px of a cell without its gap; smaller ones are textured
_LIGHTNESS = np.array([0.2126, 0.7152, 0.0722])


def pairs_told(count: PairCount, where: str = "") -> str:
    """ "12 pairs opened, 300 closed, of 1,024 in this head"."""
    if not count.opened and not count.closed:
        return f"No pair of {count.every:,} opened or closed{f' {where}' if where else ''}"
    pairs = "pair" if count.opened == 1 else "pairs"
    said = f"{count.opened:,} {pairs} opened, {count.closed:,} closed, of {count.every:,}"
    return f"{said} {where}" if where else said


def nothing_differs(values: npt.NDArray[np.float64], turned: Turned) -> bool:
    """Whether no pair opened or closed and no value is another: then there is nothing but ground to be seen.

    Args:
        values: (L, L) the differences, NaN where nothing is known.
    """
    return not turned[0].any() and not turned[1].any() and not (np.nan_to_num(values) != 0).any()


@lru_cache(maxsize=8)
def inks(palette: Palette, reverse: bool = False) -> tuple[Picture, Picture]:
    """(3,) uint8 twice: what opened, and what closed, is drawn in: the ends of the map of differences."""
    ends = palette.difference_colours(np.array([1.0, -1.0]), 1.0, reverse)
    return ends[0], ends[1]


def put_signs(
    body: Picture, cells: Picture, turned: Turned, edge: int, palette: Palette, reverse: bool = False
) -> None:
    """Draws the signs into cells that are filled already.

    Args:
        body: (n, inner, n, inner, 3) uint8, the cells without their gaps; changed in place.
        cells: (n, n, 3) uint8, the colour of each pair.
        edge: px of a frame's line.
    """
    n, inner = body.shape[:2]
    opened, closed = turned
    if inner < SMALLEST_SIGN:
        flat = body.reshape(n * inner, n * inner, 3).copy()
        wide = [np.repeat(np.repeat(m, inner, 0), inner, 1) for m in turned]
        body[:] = textured(flat, (wide[0], wide[1]), 1, palette, reverse).reshape(body.shape)
        return
    ink_open, ink_closed = inks(palette, reverse)
    ground = np.array([int(palette.sunk[i : i + 2], 16) for i in (1, 3, 5)], np.uint8)
    edge = max(1, edge)
    frame = np.ones((inner, inner), bool)
    frame[edge:-edge, edge:-edge] = False
    square = np.zeros((inner, inner), bool)
    side = inner - 2 * (edge + 2)
    if side > 0:
        start = (inner - side) // 2
        square[start : start + side, start : start + side] = True
    for where, colour in ((~frame & ~square, ground), (frame, ink_closed)):
        body[closed[:, None, :, None] & where[None, :, None, :]] = colour
    inside = np.broadcast_to(cells[:, None, :, None], body.shape)
    small = closed[:, None, :, None] & square[None, :, None, :]
    body[small] = inside[small]
    plus = _plus(inner, edge)
    strokes = _seen_on(cells, ink_open, ground)
    on_plus = opened[:, None, :, None] & plus[None, :, None, :]
    body[on_plus] = np.broadcast_to(strokes[:, None, :, None], body.shape)[on_plus]


def textured(picture: Picture, turned: Turned, step: int, palette: Palette, reverse: bool = False) -> Picture:
    """The picture with opened pairs in stripes over their colour and closed ones chequered on the ground.

    Args:
        picture: (H, W, 3) uint8, device pixels.
        turned: (H, W) bool twice, pixel by pixel.
        step: px of a stripe.
    """
    opened, closed = turned
    rows, columns = (np.arange(size) // step for size in picture.shape[:2])
    ink_open, ink_closed = inks(palette, reverse)
    ground = np.array([int(palette.sunk[i : i + 2], 16) for i in (1, 3, 5)], np.uint8)
    made = np.where(closed[..., None], ground, picture)
    made[closed & ((rows[:, None] + columns) % 2 == 0)] = ink_closed
    stripes = opened & (rows[:, None] % 2 == 0)
    made[stripes] = _seen_on(picture[stripes], ink_open, ground)
    return made.astype(np.uint8)


def chequered(picture: Picture, masked: Bools, step: int, palette: Palette) -> Picture:
    """The picture with half of the ground showing through masked pairs that are coloured too.

    Args:
        picture: (H, W, 3) uint8, device pixels.
        masked: (H, W) bool, pixel by pixel.
        step: px of a square.
    """
    rows, columns = (np.arange(size) // step for size in picture.shape[:2])
    made = picture.copy()
    made[masked & ((rows[:, None] + columns) % 2 == 0)] = [
        int(palette.sunk[i : i + 2], 16) for i in (1, 3, 5)
    ]
    return made


def pixels_of(marked: Bools, side: int) -> Bools:
    """(side, side) bool of (L, L): each pixel is the pair that its middle lies in."""
    cell = cells_at(len(marked), side)
    return marked[np.ix_(cell, cell)]


def cells_at(levels: int, side: int) -> npt.NDArray[np.intp]:
    """(side,) the cell that the middle of each pixel of an axis lies in."""
    return np.minimum(((np.arange(side) + 0.5) * levels / side).astype(np.intp), levels - 1)


def _seen_on(colours: Picture, ink: Picture, ground: Picture) -> Picture:
    """(..., 3) uint8: the ink, or the ground where a colour is nearer to the ink."""
    lightness = colours.astype(np.float64) @ _LIGHTNESS
    from_ink, from_ground = (np.abs(lightness - c.astype(np.float64) @ _LIGHTNESS) for c in (ink, ground))
    return np.where((from_ink >= from_ground)[..., None], ink, ground).astype(np.uint8)


def _plus(inner: int, edge: int) -> Bools:
    """(inner, inner) bool, a plus in the middle: its arms about half of the cell."""
    thick = edge if (inner - edge) % 2 == 0 else edge + 1
    arm = max(1, inner // 4)
    made = np.zeros((inner, inner), bool)
    start = (inner - thick) // 2
    line, reach = slice(start, start + thick), slice(max(0, start - arm), start + thick + arm)
    made[line, reach] = made[reach, line] = True
    return made
