"""Screenshots of the real program: `python scripts/screenshots.py [--readme] OUT [CLIP ONSET APEX]`.

Opens the window on the demo clip or on CLIP, analyses it, pins a pair in the matrix and saves the
Inspect arrangement in light and dark at 1920 x 1080 and 1280 x 800; with --readme the pictures of the
README under their names there (OUT is docs/images). Reads and writes nothing of the user's.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

SIZES = ((1920, 1080), (1280, 800))
PATIENCE_S = 120
README = {  # theme, width: names; JPEG where the size on the page is small
    ("light", 1920): ("inspect-light.png", "inspect-deuteranopia.jpg"),
    ("dark", 1920): ("inspect-dark.png",),
    ("light", 1280): ("inspect-1280.jpg",),
}
# Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB.
DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
QUALITY = 88  # of JPEG


def main(argv: list[str]) -> int:
    """Makes the pictures; gives 0."""
    readme = "--readme" in argv
    argv = [word for word in argv if word != "--readme"]
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
                names = README.get((name, width), ()) if readme else (f"inspect-{name}-{width}.png",)
                for file in names:
                    image = window.grab().toImage()
                    seen = deuteranopia(image) if "deuteranopia" in file else image
                    seen.save(str(out / file), quality=QUALITY if file.endswith(".jpg") else -1)
        window.close()
        session.jobs.shutdown(5)
    return 0


def deuteranopia(image: QImage) -> QImage:
    """The picture as somebody sees it who has no cones for green."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    shares = rows[:, : 3 * plain.width()].reshape(plain.height(), -1, 3) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ DEUTERANOPIA.T, 0, 1)
    coded = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    made = np.ascontiguousarray(np.rint(255 * coded).astype(np.uint8))
    width = plain.width()
    return QImage(made.data, width, len(made), 3 * width, QImage.Format.Format_RGB888).copy()


def wait_quietly(app: QApplication, seconds: float = 0.5) -> None:
    """Lets the window settle."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
