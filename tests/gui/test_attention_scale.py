"""On scaled displays a hovered cell is the cell under the pointer, and every view paints its own values.

A scale is fixed when an application starts, so each one gets a process of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CHECK = """
import sys
import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication
from drawn_values import Check
from sample import sample_analysis
from mrn_core.network import explain
from mrn_gui.attention import AttentionView, HeadsGrid
from mrn_gui.attention.scales import VALUES
from mrn_gui.hashspace import HashSpacePanel
from mrn_gui.palette import SCALE_TOP
from mrn_gui.selection import Place, Selection
from mrn_gui.strip import LevelStrip
from mrn_gui.theme import Theme

app = QApplication([])
scale, theme = float(sys.argv[1]), Theme()
table = theme.palette.map_table().astype(int)
sunk = np.array([int(theme.palette.sunk[i : i + 2], 16) for i in (1, 3, 5)])

def send(widget, x, y, kind=QEvent.Type.MouseMove, button=Qt.MouseButton.NoButton):
    # Sent to the widget itself: the offscreen screen is smaller than the views.
    at = QPointF(x, y)
    event = QMouseEvent(kind, at, widget.mapToGlobal(at), button, button, Qt.KeyboardModifier.NoModifier)
    app.sendEvent(widget, event)

def shown(cls, analysis, width, height):
    selection, trace = Selection(), analysis.traces[0]
    selection.set_shape(len(analysis.traces), trace.heads, trace.levels, trace.tables)
    view = cls(selection, theme)
    view.resize(width, height)
    view.show_analysis(analysis)
    view.show()
    app.processEvents()
    return view

def pixels(widget):
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    assert image.devicePixelRatio() == scale
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)

def expected(trace, head, value, drawn, tops):
    # From the arrays of the analysis alone.
    mask = trace.mask[head]
    weights = trace.weights[head].astype(float)
    q, k = (x[head] / np.linalg.norm(x[head], axis=1, keepdims=True) for x in (trace.queries, trace.keys))
    same = trace.query_buckets[head][:, :, None] == trace.key_buckets[head][:, None, :]
    values = {
        "scaled": weights * mask.sum(1, keepdims=True),
        "weight": weights,
        "angle": np.degrees(np.arccos(np.clip(q.astype(float) @ k.T.astype(float), -1, 1))),
        "tables": same.sum(0).astype(float),
        "chance": drawn.allowed[head].astype(float),
    }[value]
    place = np.clip(values / tops[value], 0, 1) * 255
    shown = mask | (value in ("angle", "chance"))
    return place, shown

analyses = (
    sample_analysis(32, seed=3, size=32),
    sample_analysis(12, heads=1, tables=1, planes=2, blocks=2, seed=5, kind="empty rows", size=16),
    sample_analysis(64, heads=2, tables=6, planes=4, blocks=1, seed=7, size=16),
)
compared = 0
for analysis in analyses:
    drawn = [explain.redraws(trace, 8) for trace in analysis.traces]
    view = shown(AttentionView, analysis, 703, 703)
    view.set_chance(drawn)
    matrix, geometry = view.matrix, view.matrix.geometry_now
    assert matrix.scale == scale, matrix.scale
    block, head = len(analysis.traces) - 1, analysis.traces[0].heads - 1
    view.selection.choose(block=block, head=head)
    trace, levels = analysis.traces[block], len(analysis.levels)
    largest = max(float(t.weights.max()) for t in analysis.traces)
    tops = {"scaled": SCALE_TOP, "weight": largest, "angle": 180, "tables": trace.tables, "chance": 1}
    for value in VALUES:
        view.show_value(value.name)
        for reverse in (False, True):
            matrix.show_as(reverse=reverse)
            image = pixels(matrix)
            place, there = expected(trace, head, value.name, drawn[block], tops)
            colours = table[::-1] if reverse else table
            # 2 px inside for a full cell, the middle for the small square of a masked pair
            inner = geometry.cell - geometry.gap
            steps = np.arange(levels) * geometry.cell
            for inside, cells in ((min(2, inner // 2), trace.mask[head]), (inner // 2, ~trace.mask[head])):
                ys, xs = geometry.top + steps + inside, geometry.left + steps + inside
                found = image[np.ix_(ys, xs)]
                low, high = (colours[np.clip(np.rint(place + d), 0, 255).astype(int)] for d in (-0.02, 0.02))
                right = (found == low).all(-1) | (found == high).all(-1)
                assert (right | ~(cells & there)).all(), (value.name, reverse, scale)
                compared += int((cells & there).sum())
                corner = image[np.ix_(geometry.top + steps, geometry.left + steps)]
                assert (corner[~trace.mask[head]] == sunk).all(), "a masked cell has no full fill"
    found = Check(analysis, drawn, theme, scale).everything()
    assert found > 400, found
analysis = analyses[0]
view = shown(AttentionView, analysis, 703, 703)
matrix, geometry = view.matrix, view.matrix.geometry_now
assert geometry.cell >= int(17 * scale)
x, y, w, h = geometry.cell_rect(7, 19)
send(matrix, x + w / 2, y + h / 2)
assert view.selection.hovered == Place(7, 19), view.selection.hovered
image = matrix.grab().toImage()
edge = image.pixelColor(round((x - 1) * scale), round((y + h / 2) * scale)).name().upper()
assert edge == theme.palette.selection, edge

strip = shown(LevelStrip, analysis, 1567, 298)
x, y, side, _ = strip.canvas.geometry_now.frame(19)
send(strip.canvas, x + side / 2, y + side / 2)
assert strip.selection.hovered == Place.level(19)
heads = shown(HeadsGrid, analysis, 266, 703)
x, y, side, _ = heads.canvas.geometry_now.rect(2, 5)
press = (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton)
send(heads.canvas, x + side / 2, y + side / 2, *press)
assert (heads.selection.block, heads.selection.head) == (2, 5)
space = shown(HashSpacePanel, analysis, 361, 385)
points = space.canvas.geometry_now.queries
everything = np.concatenate([points, space.canvas.geometry_now.keys])
away = [np.sort(np.hypot(*(everything - point).T))[2] for point in points]
alone = int(np.argmax(away))
code = int(analysis.traces[0].query_buckets[0, 0, alone])
x, y = (float(value) for value in points[alone])
seen = space.canvas.grab().toImage().pixelColor(round(x * scale), round(y * scale)).name().upper()
assert seen == theme.palette.bucket(code, analysis.traces[0].planes), seen
send(space.canvas, x, y)
assert space.selection.hovered.query == alone, (space.selection.hovered, alone)
assert compared > 30_000, compared
print("right at", matrix.scale, compared)
"""


@pytest.mark.parametrize("scale", ["1", "1.25", "1.5", "2"])
def test_colours_and_pointer_agree_on_a_scaled_display(scale):
    env = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": scale,
        "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), str(HERE)]),
    }
    done = subprocess.run(
        [sys.executable, "-c", CHECK, scale],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"right at {float(scale)}" in done.stdout
