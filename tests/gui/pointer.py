"""The pointer, moved so that it surely moves."""

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


def point_at(widget: QWidget, where: QPoint) -> None:
    """Moves the pointer to a point of a widget; one that a test before left there would not move."""
    QTest.mouseMove(widget, where + QPoint(3, 3))
    QTest.mouseMove(widget, where)
