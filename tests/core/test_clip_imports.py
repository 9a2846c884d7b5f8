"""Importing the clip package must stay cheap: decoders are loaded when a clip is opened."""

import subprocess
import sys


def test_import_loads_no_decoder():
    code = "import sys, mrn_core.clip, mrn_core.clip.demo; print(*sorted(sys.modules))"
    names = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    loaded = {name.partition(".")[0] for name in names}
    assert "mrn_core" in loaded
    assert loaded.isdisjoint(
        {"av", "cv2", "PIL", "torch", "torchvision", "matplotlib", "PySide6", "pyqtgraph"}
    )
