"""Tool tips that stand beside what they explain, and never over it."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer
from PySide6.QtGui import QCursor, QGuiApplication, QMouseEvent, QWindow
from PySide6.QtWidgets import QApplication, QMenu, QToolTip, QWidget

SPACE = 4  # px from what is explained
REST_MS = 300  # more than Qt waits: whoever passes by reads nothing


def place(explained: QRect, tip: QRect, screen: QRect, clear: QRect | None = None) -> QPoint:
    """The upper left of a tip: below what it explains, above it where there is no room, inside the screen.

    Args:
        explained, screen: in the screen's pixels.
        tip: its size is read.
        clear: around what is explained, what it is compared with: covered neither, if there is room. What is
            explained in its upper half has the tip above.
    """
    clear = explained if clear is None else clear
    x = min(max(explained.left(), screen.left()), max(screen.left(), screen.right() + 1 - tip.width()))
    below, above = clear.bottom() + 1 + SPACE, clear.top() - SPACE - tip.height()
    fits = below + tip.height() <= screen.bottom() + 1
    if above >= screen.top() and (not fits or explained.center().y() < clear.center().y()):
        return QPoint(x, above)
    if fits:
        return QPoint(x, below)
    below = explained.bottom() + 1 + SPACE
    if below + tip.height() <= screen.bottom() + 1:
        return QPoint(x, below)
    return QPoint(x, max(screen.top(), explained.top() - SPACE - tip.height()))


def show_beside(widget: QWidget, words: str, rect: QRect | None = None, clear: QRect | None = None) -> None:
    """Shows a tip beside a widget, or beside one part of it; no words: none.

    Args:
        rect: the part, in the widget's pixels.
        clear: what else stays uncovered if there is room, likewise.
    """
    if not words:
        QToolTip.hideText()
        return
    part = widget.rect() if rect is None else rect
    explained = QRect(widget.mapToGlobal(part.topLeft()), part.size())
    QToolTip.showText(explained.bottomLeft(), words, widget, part)
    around = None if clear is None else QRect(widget.mapToGlobal(clear.topLeft()), clear.size())
    screen = QGuiApplication.screenAt(explained.center()) or widget.screen()
    for shown in QApplication.topLevelWidgets():
        if shown.isVisible() and shown.inherits("QTipLabel"):
            shown.move(place(explained, shown.frameGeometry(), screen.availableGeometry(), around))


def show_when_it_rests(widget: QWidget) -> None:
    """Shows a widget's own tip if the pointer is still on it a moment later."""

    def show() -> None:
        at = widget.mapFromGlobal(QCursor.pos())
        if widget.isVisible() and widget.rect().contains(at):
            show_beside(widget, widget.toolTip())

    QTimer.singleShot(REST_MS, widget, show)


class Tips(QObject):
    """Has the tips of controls shown beside them, in every window that was ever the active one.

    Only the control under the pointer is watched, not the whole program. Painted views have tips of their
    parts, which they show themselves.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._control: QWidget | None = None
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._watch)
            self._watch(app.focusWindow())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(watched, QWindow):
            if isinstance(event, QMouseEvent):
                self.point(QApplication.widgetAt(event.globalPosition().toPoint()))
        elif kind == QEvent.Type.ToolTip and watched is self._control:
            show_when_it_rests(self._control)
            return True
        return False

    def point(self, widget: QWidget | None) -> None:
        """The pointer is on this widget: its tip, or the one of what it is in, is the next to be shown."""
        while widget is not None and not widget.toolTip():
            widget = None if widget.isWindow() else widget.parentWidget()
        if widget is self._control:
            return
        if self._control is not None and shiboken6.isValid(self._control):
            self._control.removeEventFilter(self)
        self._control = None if isinstance(widget, QMenu) else widget
        if self._control is not None:
            self._control.installEventFilter(self)

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # where it is one already, it only comes first again
