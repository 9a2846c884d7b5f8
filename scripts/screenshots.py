"""Screenshots of the real program: `python scripts/screenshots.py OUT [CLIP ONSET APEX]`.

Opens the window on the demo clip or on CLIP, analyses it, pins a pair in the matrix and saves the
Inspect arrangement in light and dark at 1920 x 1080 and 1280 x 800. Reads and writes nothing of
the user's.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

SIZES = ((1920, 1080), (1280, 800))
PATIENCE_S = 120


def main(argv: list[str]) -> int:
    """Makes the pictures; gives 0."""
    out = Path(argv[0])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("MRN_STUDIO_DATA", home)
        from mrn_gui.selection import Place
        from mrn_gui.session import Session
        from mrn_gui.theme import Theme
        from mrn_gui.window import MainWindow

        app = QApplication([])
        stored = QSettings(str(Path(home, "window.ini")), QSettings.Format.IniFormat)
        theme = Theme("light")
        theme.apply(app)
        session = Session()
        window = MainWindow(session, theme, stored)
        window.resize(*SIZES[0])
        window.show()

        def wait(ready: object) -> None:
            end = time.monotonic() + PATIENCE_S
            while not ready() and time.monotonic() < end:  # type: ignore[operator]
                app.processEvents()
                time.sleep(0.005)

        if len(argv) > 1:
            window.commands.open_path(argv[1])
        else:
            window.commands.open_demo()
        wait(lambda: session.clip is not None and session.opening is None)
        if len(argv) > 3:
            session.set_mark("onset", int(argv[2]))
            session.set_mark("apex", int(argv[3]))
        if session.marks.apex is not None:
            session.seek(session.marks.apex)
        session.analyse()
        wait(lambda: session.analysis is not None and session.chance is not None)
        for _ in range(2):
            window.selection.choose(block=1, head=0)
            window.selection.click(Place(25, 6)) if window.selection.pinned is None else None
            wait_quietly(app)
        for name in ("light", "dark"):
            theme.set(name)
            for width, height in SIZES:
                window.resize(width, height)
                wait_quietly(app)
                window.grab().save(str(out / f"inspect-{name}-{width}.png"))
        window.close()
        session.jobs.shutdown(5)
    return 0


def wait_quietly(app: QApplication, seconds: float = 0.5) -> None:
    """Lets the window settle."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
