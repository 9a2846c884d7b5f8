"""Tool tips that stand beside what they explain, and never over it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QTimer
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

SPACE = 4  # px from what is explained
REST_MS = 300  # more than Qt waits: whoever passes by reads nothing


def place(explained: QRect, tip: QRect, screen: QRect) -> QPoint:
    """The upper left of a tip: below what it explains, above it where there is no room, inside the screen.

    Args:
        explained, screen: in the screen's pixels.
        tip: its size is read.
    """
    x = min(max(explained.left(), screen.left()), max(screen.left(), screen.right() + 1 - tip.width()))
    below = explained.bottom() + 1 + SPACE
    if below + tip.height() <= screen.bottom() + 1:
        return QPoint(x, below)
    return QPoint(x, max(screen.top(), explained.top() - SPACE - tip.height()))


def show_beside(widget: QWidget, words: str, rect: QRect | None = None) -> None:
    """Shows a tip beside a widget, or beside one part of it; no words: none.

    Args:
        rect: the part, in the widget's pixels.
    """
    if not words:
        QToolTip.hideText()
        return
    part = widget.rect() if rect is None else rect
    explained = QRect(widget.mapToGlobal(part.topLeft()), part.size())
    QToolTip.showText(explained.bottomLeft(), words, widget, part)
    screen = QGuiApplication.screenAt(explained.center()) or widget.screen()
    for shown in QApplication.topLevelWidgets():
        if shown.isVisible() and shown.inherits("QTipLabel"):
            shown.move(place(explained, shown.frameGeometry(), screen.availableGeometry()))


def show_when_it_rests(widget: QWidget) -> None:
    """Shows a widget's own tip if the pointer is still on it a moment later."""

    def show() -> None:
        at = widget.mapFromGlobal(QCursor.pos())
        if widget.isVisible() and widget.rect().contains(at):
            show_beside(widget, widget.toolTip())

    QTimer.singleShot(REST_MS, widget, show)
