"""The program as a process: it starts light, ends whole, and says what nobody caught."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
START = """
import sys, time
from PySide6.QtCore import QTimer
import mrn_gui.app as app
begin = app.begin
def painted():
    pass
def begun(window, argv):
    painted()
    begin(window, argv)
    started(window)
app.begin = begun
"""
END = """
status = app.main(sys.argv[1:])
print("ended", flush=True)
sys.exit(status)
"""


def program(tmp_path, code, *argv):
    """Starts Python with this code between START and END, in a place of its own."""
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "MRN_STUDIO_DATA": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "PYTHONPATH": str(CHECKOUT),
    }
    return subprocess.Popen(
        [sys.executable, "-c", START + code + END, *argv],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process, seconds=120):
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    err = "\n".join(line for line in err.splitlines() if "propagateSizeHints" not in line)
    return process.returncode, out, err


def test_nothing_heavy_is_loaded_before_the_first_paint(tmp_path):
    code = """
def painted():
    heavy = ("torch", "torchvision", "cv2", "av", "dlib", "matplotlib", "scipy", "face_alignment")
    print("loaded:", *[name for name in heavy if name in sys.modules])
def started(window):
    print("opening:", window.session.opening.name)
    window.close()
"""
    status, out, err = finish(program(tmp_path, code))
    assert (status, err) == (0, "")
    assert "loaded:\n" in out
    assert "opening: astronaut.mp4" in out


@pytest.mark.parametrize("after_ms", [50, 700])
def test_closing_while_work_runs(tmp_path, after_ms):
    """B35: status 0, no word of threads, in the time that the threads are given."""
    code = f"""
def started(window):
    session = window.session
    session.clip_changed.connect(lambda: session.clip and session.analyse())
    session.run_started.connect(lambda: QTimer.singleShot({after_ms}, window, window.close))
    session.run_started.connect(lambda: print("running", flush=True))
"""
    status, out, err = finish(program(tmp_path, code))
    assert (status, err) == (0, "")
    assert "running" in out


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to another process there")
def test_ctrl_c_ends_with_130(tmp_path):
    code = """
def started(window):
    window.session.clip_changed.connect(lambda: print("open", flush=True))
"""
    process = program(tmp_path, code)
    assert process.stdout.readline().strip() == "open"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    status, _, err = finish(process)
    assert (status, err) == (130, "")


def test_what_nobody_caught_is_said_and_the_program_goes_on(tmp_path):
    code = """
import threading
def started(window):
    def broken():
        raise ZeroDivisionError("a slot broke")
    def broken_thread():
        raise ValueError("a thread broke")
    def look():
        print("said:", window.message.title.text(), window.message.isVisible(), flush=True)
    def once(words, then, left=400):
        if words in window.message.title.text() or not left:
            look()
            then()
        else:
            QTimer.singleShot(25, lambda: once(words, then, left - 1))
    def go_on():
        threading.Thread(target=broken_thread).start()
        once("a thread broke", window.close)
    QTimer.singleShot(0, broken)
    QTimer.singleShot(25, lambda: once("a slot broke", go_on))
"""
    status, out, err = finish(program(tmp_path, code))
    assert status == 0
    said = [line for line in out.splitlines() if line.startswith("said:")]
    assert "a slot broke" in said[0]
    assert "a thread broke" in said[1]
    assert "Traceback" in err


def test_a_clip_that_is_not_there_leaves_a_window_that_says_so(tmp_path):
    code = """
def started(window):
    def told(error):
        QTimer.singleShot(0, window, lambda: (
            print(window.message.title.text(), "|", window.start.isVisible()), window.close()))
    window.session.open_failed.connect(told)
"""
    status, out, err = finish(program(tmp_path, code, "nowhere.mp4"))
    assert (status, err) == (0, "")
    assert "nowhere.mp4" in out
    assert "| True" in out
