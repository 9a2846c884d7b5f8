"""The pointer, moved over one widget whatever else stands on the screen."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


def point_at(widget: QWidget, where: QPoint) -> None:
    """Moves the pointer to a point of a widget, with the buttons that are pressed.

    The event is the widget's own. Qt's test functions move the screen's pointer instead, and in some runs of
    the whole suite a widget heard nothing of it; why was not found.
    """
    at = QPointF(where)
    buttons = QApplication.mouseButtons()
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        at,
        widget.mapToGlobal(at),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)
