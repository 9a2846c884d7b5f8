"""On scaled displays a hovered cell is the cell under the pointer, and has its own colour.

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
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from sample import sample_analysis
from mrn_gui.attention import AttentionView, HeadsGrid
from mrn_gui.attention.values import cell_colours
from mrn_gui.selection import Place, Selection
from mrn_gui.strip import LevelStrip
from mrn_gui.theme import Theme

app = QApplication([])
scale, analysis, theme = float(sys.argv[1]), sample_analysis(seed=3), Theme()
trace = analysis.traces[0]

def send(widget, x, y, kind=QEvent.Type.MouseMove, button=Qt.MouseButton.NoButton):
    # Sent to the widget itself: the offscreen screen is smaller than the views.
    at = QPointF(x, y)
    event = QMouseEvent(kind, at, widget.mapToGlobal(at), button, button, Qt.KeyboardModifier.NoModifier)
    app.sendEvent(widget, event)

def shown(cls, width, height):
    view = cls(Selection(), theme)
    view.resize(width, height)
    view.show_analysis(analysis)
    view.show()
    app.processEvents()
    return view

view = shown(AttentionView, 703, 703)
matrix, geometry = view.matrix, view.matrix.geometry_now
assert matrix.scale == scale, matrix.scale
assert geometry.cell >= int(17 * scale)
colours = cell_colours(trace.scaled()[0], trace.mask[0], 2.5, theme.palette)
image = matrix.grab().toImage()
assert image.devicePixelRatio() == scale
for query in range(0, 32, 3):
    for key in range(0, 32, 2):
        px, py = geometry.left + key * geometry.cell + 2, geometry.top + query * geometry.cell + 2
        found = image.pixelColor(px, py)
        assert (found.red(), found.green(), found.blue()) == tuple(colours[query, key]), (query, key)
x, y, w, h = geometry.cell_rect(7, 19)
send(matrix, x + w / 2, y + h / 2)
assert view.selection.hovered == Place(7, 19), view.selection.hovered
image = matrix.grab().toImage()
edge = image.pixelColor(round((x - 1) * scale), round((y + h / 2) * scale)).name().upper()
assert edge == theme.palette.selection, edge

strip = shown(LevelStrip, 1567, 298)
x, y, side, _ = strip.canvas.geometry_now.frame(19)
send(strip.canvas, x + side / 2, y + side / 2)
assert strip.selection.hovered == Place.level(19)
heads = shown(HeadsGrid, 266, 703)
x, y, side, _ = heads.canvas.geometry_now.rect(2, 5)
press = (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton)
send(heads.canvas, x + side / 2, y + side / 2, *press)
assert (heads.selection.block, heads.selection.head) == (2, 5)
print("right at", matrix.scale)
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
