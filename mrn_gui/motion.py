"""Whether views may move."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QStyle

_STILL = ("offscreen", "minimal")  # nobody looks
_TELLING = ("windows", "cocoa")  # their styles follow what the person asked the system for


def system_moves() -> bool:
    """False where the system was asked for less motion, and where there is no screen.

    X11 and Wayland do not say: there views move.
    """
    platform = QGuiApplication.platformName()
    if platform in _STILL:
        return False
    style = QApplication.style()
    told = style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
    return platform not in _TELLING or told > 0
