"""The truth of a made clip as one picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mrn_core.datasets.truth import Truth, coded
from mrn_core.result import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

_TEXT, _QUIET, _LINE = "#161A20", "#4A515C", "#D5D9DF"
_COLOURS = ("#0062A7", "#B4540A", "#2F7D32", "#8E3B8A", "#A11D33", "#5A6A00")


def write_truth_figure(truth: Truth, frames: tuple[np.ndarray, np.ndarray], path: Path, name: str) -> None:
    """Draws onset and apex with their landmarks, the apex's displacement, and the units' courses.

    Args:
        frames: onset and apex, ``(H, W, 3)`` uint8.
        path: a .png.
        name: the clip's, for the title.

    Raises:
        FileError: the place cannot be written.
    """
    import matplotlib.style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.style.context(["default"]):
        figure = Figure(figsize=(13.2, 7.6), dpi=100, layout="constrained")
        FigureCanvasAgg(figure)
        grid = figure.add_gridspec(2, 3, height_ratios=(1.7, 1))
        field, known = truth.expression()
        peak = float(np.linalg.norm(field, axis=-1)[known].max(initial=0))
        title = f"{name}: {truth.emotion}, {coded(truth)}, largest true motion {peak:.2f} px"
        figure.suptitle(title, fontsize=12, weight="bold", color=_TEXT, x=0.01, ha="left")
        for column, (role, frame) in enumerate(zip(("onset", "apex"), frames, strict=True)):
            _face(figure.add_subplot(grid[0, column]), truth, role, frame)
        axes = figure.add_subplot(grid[0, 2])
        drawn = _displacement(axes, field, known, frames[0])
        bar = figure.colorbar(drawn, ax=axes, fraction=0.045, pad=0.02)
        bar.set_label("displacement, px", color=_QUIET, fontsize=8)
        _courses(figure.add_subplot(grid[1, :]), truth)
        write_whole(path, lambda file: figure.savefig(file, format="png", metadata={"Software": None}))


def _face(axes: Axes, truth: Truth, role: str, frame: np.ndarray) -> None:
    index = getattr(truth, role)
    points = truth.landmarks(index)
    axes.imshow(frame)
    axes.plot(points[:, 0], points[:, 1], ".", ms=3.5, color="#FFD34D", mec="#161A20", mew=0.3)
    _bare(axes, f"{role.capitalize()}: frame {index} (img{truth.first + index})")


def _displacement(axes: Axes, field: np.ndarray, known: np.ndarray, onset: np.ndarray) -> AxesImage:
    length = np.ma.array(np.linalg.norm(field, axis=-1), mask=~known)
    axes.imshow(onset.mean(axis=-1), cmap="gray", vmin=-150, vmax=255)
    drawn = axes.imshow(length, cmap="viridis", alpha=0.75)
    step = max(1, len(length) // 24)
    y, x = np.mgrid[step // 2 : length.shape[0] : step, step // 2 : length.shape[1] : step]
    shown = known[y, x] & (length.filled(0)[y, x] > 0.08 * length.max())
    exaggeration = 0.8 * step / float(length.max() or 1)
    axes.quiver(
        x[shown], y[shown], *(-exaggeration * field[y[shown], x[shown]].T), angles="xy", scale_units="xy",
        scale=1, color="white", width=0.004,
    )  # fmt: skip
    _bare(axes, f"The expression's motion at the apex, arrows {exaggeration:.0f} times too long")
    return drawn


def _courses(axes: Axes, truth: Truth) -> None:
    numbers = truth.first + np.arange(len(truth))
    for k, (name, course) in enumerate(truth.units.items()):
        axes.plot(numbers, course, color=_COLOURS[k % len(_COLOURS)], lw=1.6, label=f"AU {name}")
    for role in ("onset", "apex", "offset"):
        number = truth.first + getattr(truth, role)
        axes.axvline(number, color=_QUIET, lw=0.8, ls=":")
        axes.annotate(
            role, (number, 1), xycoords=("data", "axes fraction"), xytext=(3, -9), textcoords="offset points",
            fontsize=8, color=_QUIET,
        )  # fmt: skip
    axes.set_xlabel(f"frame number, {truth.fps:g} frames per second", color=_QUIET, fontsize=9)
    axes.set_ylabel("activation", color=_QUIET, fontsize=9)
    axes.grid(color=_LINE, lw=0.5)
    axes.legend(fontsize=8, loc="upper right", frameon=False)


def _bare(axes: Axes, title: str) -> None:
    axes.set_title(title, fontsize=9, color=_TEXT, loc="left")
    axes.set_xticks([])
    axes.set_yticks([])
