"""The tests themselves, where Qt's libraries are missing."""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

RUN = """
import sys
import pytest
from mrn_core import system

sys.modules.update(dict.fromkeys(("PySide6", "shiboken6", "pyqtgraph")))  # importing them fails
system.missing_qt_libraries = lambda platform="xcb": [("libEGL.so.1", "libegl1")]
sys.exit(pytest.main(["-p", "no:cacheprovider", "tests/gui", "tests/core/test_resources.py"]))
"""


def test_the_tests_of_the_window_are_skipped_with_the_libraries_names_and_the_others_run():
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    files = len(list((CHECKOUT / "tests" / "gui").glob("test_*.py")))
    (skipped,) = (line for line in done.stdout.splitlines() if line.startswith("SKIPPED"))
    assert f"[{files}]" in skipped
    assert "Qt lacks system libraries: libEGL.so.1 (install with `sudo apt-get install libegl1`)." in skipped
    closing = done.stdout.splitlines()[-1]
    assert " passed" in closing
    assert f"{files} skipped" in closing
