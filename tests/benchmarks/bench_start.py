"""From process start to first paint: our window beside an empty PySide6 and pyqtgraph window."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

CHECKOUT = Path(__file__).resolve().parents[2]
RUNS = 7

EMPTY = """
import time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.painted)
        return False

    def painted(self):
        print("first paint", time.monotonic(), flush=True)
        QApplication.quit()

app = QApplication([])
window = QMainWindow()
view = pyqtgraph.PlotWidget()
window.setCentralWidget(view)
window.resize(1280, 800)
watcher = FirstPaint()
view.viewport().installEventFilter(watcher)
window.show()
app.exec()
"""

# The program's own start; only what follows its first paint is replaced.
OURS = """
import sys, time
from PySide6.QtWidgets import QApplication
import mrn_gui.app, mrn_gui.launch

def begin(window, argv):
    print("first paint", time.monotonic(), flush=True)
    QApplication.quit()

mrn_gui.app.begin = begin
sys.exit(mrn_gui.launch.main([]))
"""


@pytest.fixture
def screen():
    """The environment of a real X server that nobody sees, or Qt's offscreen platform without one."""
    # Without this process's own QT_*: importing cv2 sets some of them.
    environment = {k: v for k, v in os.environ.items() if k != "WAYLAND_DISPLAY" and not k.startswith("QT_")}
    if shutil.which("Xvfb") is None:
        yield "offscreen", {**environment, "QT_QPA_PLATFORM": "offscreen"}
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        yield "Xvfb", {**environment, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


def seconds_to_first_paint(command, environment):
    """Seconds from before the process is made to the line "first paint TIME" on its stdout."""
    begun = time.monotonic()
    done = subprocess.run(
        command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    line = next((line for line in done.stdout.splitlines() if line.startswith("first paint")), None)
    assert line is not None, f"status {done.returncode}: {done.stderr}"
    return float(line.split()[-1]) - begun


def test_start_to_first_paint(screen):
    where, environment = screen
    empty, ours = [], []
    for _ in range(RUNS + 1):
        empty.append(seconds_to_first_paint([sys.executable, "-c", EMPTY], environment))
        ours.append(seconds_to_first_paint([sys.executable, "-c", OURS], environment))
    print(f"\nStart to first paint on {where}, {RUNS} runs each, in turns:")
    middle = {}
    for name, times in (("empty PySide6 + pyqtgraph window", empty), ("MRN Studio", ours)):
        counted = times[1:]  # the first pair filled the disk's cache
        middle[name] = statistics.median(counted)
        print(f"  {name:<34} median {middle[name]:.2f} s ({min(counted):.2f} to {max(counted):.2f})")
    print(f"  ratio {middle['MRN Studio'] / middle['empty PySide6 + pyqtgraph window']:.2f}")
