"""Strips of magnified frames: all levels of one analysis (as frames, difference to the onset, or motion), or
some of several as in the paper's Fig. 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mrn_core.errors import SettingsError
from mrn_core.level_views import difference_pictures, motion_arrows
from mrn_core.result import Analysis

from .page import Page, Sheet, line_height, name_of
from .scene import Scene
from .sequence import greyed
from .style import MAP_STOPS, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = 8  # frames in a row of a column's strip
_SQUARES = 9  # arrows along each side of a small frame
_HEAD = 9.0  # px of the frame: the head of an arrow
_FAINT = 0.35  # of a frame under its arrows
LEVELS = 6  # of each clip in a figure of several


def strip_figure(scene: Scene, on: Page) -> Figure:
    """The L frames in order, each with its AF; a frame that no head lets others attend to is grey, and under
    one that some heads leave out stands in how many."""
    frames = scene.analysis.frames
    zeroed = scene.analysis.zeroed()
    shown = [greyed(frame) if zeroed[..., i].all() else frame for i, frame in enumerate(frames)]
    return _strip(scene, on, f"Magnified frames, {_count(len(frames))}", shown)[0]


def strip_difference_figure(scene: Scene, on: Page) -> Figure:
    """As the strip, each level less the onset: mid-grey is no change."""
    found = difference_pictures(scene.analysis.frames, scene.analysis.onset)
    shown = [np.repeat(picture[..., None], 3, axis=-1) for picture in found.pictures]
    title = f"Levels less the onset, ±{found.full:.3g} grey levels"
    return _strip(scene, on, title, shown)[0]


def strip_flow_figure(scene: Scene, on: Page) -> Figure:
    """As the strip, the magnified motion as arrows over the faint frame."""
    from matplotlib.collections import LineCollection, PolyCollection

    analysis = scene.analysis
    figure, places = _strip(scene, on, "Magnified motion as arrows", list(map(_faint, analysis.frames)))
    for axes, gain in zip(places, analysis.gains.tolist(), strict=True):
        arrows = motion_arrows(analysis.flow, gain, _SQUARES)
        height, width = analysis.frames.shape[1:3]
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.add_collection(
            LineCollection(list(_shafts(arrows)), colors=MAP_STOPS[6], linewidths=0.5 * on.scale)
        )
        axes.add_collection(PolyCollection(list(_heads(arrows)), facecolors=MAP_STOPS[6], linewidths=0))
    return figure


def _strip(scene: Scene, on: Page, title: str, pictures: Sequence[np.ndarray]) -> tuple[Figure, list[Axes]]:
    """A strip of one picture a level, and the axes of each."""
    analysis = scene.analysis
    zeroed = analysis.zeroed()
    counts, heads = zeroed.sum(axis=(0, 1)), zeroed.shape[0] * zeroed.shape[1]
    L = len(analysis.levels)
    words = line_height(on.small) * (2.1 if counts.any() else 1.15)
    gap = 0.02 * on.scale
    width = on.width - 2 * on.margin
    columns = max(_COLUMNS if L > 4 else 4, math.ceil(math.sqrt(L / 4)) if on.height is None else 0)
    rows = math.ceil(L / columns)
    side = width / columns - gap
    sheet = Sheet(on, [analysis], title, rows * (side + words + gap))
    if on.height is not None:
        columns, side = _fitting(L, sheet.width, sheet.height, words + gap, gap)
    places = []
    for i, picture in enumerate(pictures):
        row, column = divmod(i, columns)
        x, y = column * (side + gap), row * (side + words + gap)
        places.append(_frame(sheet, x, y, side, picture))
        told = f"AF {analysis.levels[i]:.3g}"
        sheet.write(x, y + side + line_height(on.small) * 0.15, told, on.small, va="top")
        if counts[i]:
            below = y + side + line_height(on.small) * 1.1
            sheet.write(x, below, f"○ {counts[i]}/{heads}", on.small, va="top", color=QUIET)
    return sheet.figure, places


def strips_figure(analyses: Sequence[Analysis], on: Page, levels: int = LEVELS) -> Figure:
    """The paper's Fig. 1: a row a clip: onset, apex, then ``levels`` frames from the least AF to the largest.

    Raises:
        SettingsError: no analysis, or fewer than one level.
    """
    if not analyses or levels < 1:
        raise SettingsError("A strip needs at least one clip and one level.", "Give an analysis.", "levels")
    gap, words = 0.02 * on.scale, line_height(on.small) * 1.15
    head = line_height(on.label) * 1.15
    columns = 2 + min(levels, max(len(a.levels) for a in analyses))
    side = (on.width - 2 * on.margin) / columns - gap
    step = side + words + head + gap
    title = "Magnified from onset to apex" + (f", {len(analyses)} clips" if len(analyses) > 1 else "")
    sheet = Sheet(on, analyses, title, len(analyses) * step)
    if on.height is not None:
        side = min(side, sheet.height / len(analyses) - words - head - gap)
        step = side + words + head + gap
    for row, analysis in enumerate(analyses):
        chosen = np.unique(np.rint(np.linspace(0, len(analysis.levels) - 1, columns - 2)).astype(int))
        y = row * step
        sheet.write(0, y + head * 0.5, f"{name_of(analysis)}", on.label, va="center", weight="bold")
        shown = [("onset", analysis.onset), ("apex", analysis.apex)]
        shown += [(f"AF {analysis.levels[i]:.3g}", analysis.frames[i]) for i in chosen]
        for column, (told, frame) in enumerate(shown):
            x = column * (side + gap)
            _frame(sheet, x, y + head, side, frame)
            sheet.write(x, y + head + side + 0.15 * words, told, on.small, va="top")
    return sheet.figure


def _frame(sheet: Sheet, x: float, y: float, side: float, frame: np.ndarray) -> Axes:
    axes = sheet.axes(x, y, side, side)
    axes.set_axis_off()
    axes.imshow(frame, interpolation="lanczos", aspect="auto")
    return axes


def _shafts(arrows: np.ndarray) -> np.ndarray:
    """(N, 2, 2) from start to end of the (N, 4) arrows from (x, y) by (dx, dy)."""
    return np.stack([arrows[:, :2], arrows[:, :2] + arrows[:, 2:]], axis=1)


def _heads(arrows: np.ndarray) -> np.ndarray:
    """(N, 3, 2) a triangle at the end of each arrow, no longer than the arrow."""
    length = np.hypot(arrows[:, 2], arrows[:, 3])[:, None]
    along = arrows[:, 2:] / np.maximum(length, 1e-9)
    across = np.stack([-along[:, 1], along[:, 0]], axis=-1)
    size = np.minimum(_HEAD, length)
    tip = arrows[:, :2] + arrows[:, 2:]
    foot = tip - size * along
    return np.stack([tip, foot + 0.4 * size * across, foot - 0.4 * size * across], axis=1)


def _faint(frame: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8: grey, and so faint that arrows are read on it."""
    grey = frame.astype(np.float64) @ np.array([0.299, 0.587, 0.114])
    return np.repeat(np.rint(255 - _FAINT * (255 - grey))[..., None], 3, axis=-1).astype(np.uint8)


def _fitting(count: int, width: float, height: float, words: float, gap: float) -> tuple[int, float]:
    """The number of columns that gives the largest frames in a given body, and their side."""

    def side(columns: int) -> float:
        return min(width / columns - gap, height / math.ceil(count / columns) - words)

    best = max(range(1, count + 1), key=side)
    return best, max(side(best), 0.02)


def _count(levels: int) -> str:
    return f"{levels} level{'' if levels == 1 else 's'}"
