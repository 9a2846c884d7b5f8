"""The buckets of every level in one head: a row a table for the queries, one for the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .fields import af_ticks, bucket_colour, code_text, ink_on, quiet_edges
from .page import Page, Sheet, line_height
from .scene import Scene
from .style import LINE, QUIET

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LETTER = 0.66  # a digit's width as a share of its size, with air


def buckets_figure(scene: Scene, on: Page) -> Figure:
    """A level a column, each cell with its code; a query and a key that have one code in a table may meet."""
    from matplotlib.patches import Rectangle

    trace, L = scene.trace, scene.trace.levels
    unit = line_height(on.small)
    left, low = 4.6 * unit, 2.8 * unit
    width = on.width - 2 * on.margin - left
    cell = min(width / L, 5 * unit)
    # Codes stand upright where a cell is too narrow for them.
    long = max(1, trace.planes) * on.small * _LETTER / 72
    turned = long > cell
    tall = max(long * 1.25, unit) if turned else 1.2 * unit
    gap = 0.5 * unit
    step = 2 * tall + gap
    sheet = Sheet(on, [scene.analysis], f"Buckets of {scene.where}", trace.tables * step + low)
    if on.height is not None and trace.tables * step > sheet.height - low:
        tall *= (sheet.height - low) / (trace.tables * step)
        step = (sheet.height - low) / trace.tables
    readable = (tall if turned else cell) >= long and (cell if turned else tall) >= on.small * 0.8 / 72
    for t in range(trace.tables):
        axes = sheet.axes(left, t * step, cell * L, 2 * tall)
        axes.set(xlim=(0, L), ylim=(2, 0), xticks=[], yticks=[])
        for row, codes in enumerate((trace.query_buckets, trace.key_buckets)):
            for i, code in enumerate(codes[scene.head, t].tolist()):
                colour = bucket_colour(code, trace.planes)
                axes.add_patch(Rectangle((i, row), 1, 1, facecolor=colour, edgecolor="white", linewidth=0.3))
                if readable:
                    axes.text(
                        i + 0.5, row + 0.5, code_text(code, trace.planes), fontsize=on.small,
                        rotation=90 if turned else 0, ha="center", va="center", color=ink_on(colour),
                    )  # fmt: skip
        quiet_edges(axes)
        strong = {"weight": "bold"} if t == scene.table else {"color": QUIET}
        sheet.write(0, t * step + tall, str(t + 1), on.label, va="center", **strong)
        for row, words in enumerate(("queries", "keys")):
            y = t * step + (row + 0.5) * tall
            sheet.write(left - 0.25 * unit, y, words, on.small, va="center", ha="right", color=QUIET)
    foot = sheet.axes(left, trace.tables * step - gap + 0.2 * unit, cell * L, 0.01)
    foot.set(xlim=(0, L), yticks=[])
    af_ticks(foot, "x", scene.analysis.levels, on)
    foot.set_xlabel("AF of the level", fontsize=on.label, color=QUIET, labelpad=1.5 * on.scale)
    for side, spine in foot.spines.items():
        spine.set(visible=side == "bottom", color=LINE, linewidth=0.5)
    return sheet.figure
