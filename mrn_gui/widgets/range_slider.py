"""A slider with two handles, for a range of numbers.

Our own because the library that has one costs a quarter of the time until the first paint.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mrn_gui.theme import Theme

RADIUS = 6.0
STEP = 0.5

Handle = Literal["low", "high"]


def x_of(value: float, low: float, high: float, width: float) -> float:
    """Where a value stands in a slider from ``low`` to ``high``, px from its left edge."""
    share = (value - low) / (high - low) if high > low else 0.0
    return RADIUS + min(max(share, 0.0), 1.0) * max(width - 2 * RADIUS, 0.0)


def value_at(x: float, low: float, high: float, width: float) -> float:
    """The value at a place, in whole steps and inside the slider's range."""
    room = width - 2 * RADIUS
    share = min(max((x - RADIUS) / room, 0.0), 1.0) if room > 0 else 0.0
    return min(max(round((low + share * (high - low)) / STEP) * STEP, low), high)


class RangeSlider(QWidget):
    """``moved`` while a handle is dragged, ``changed`` when it is let go or moved by a key."""

    moved = Signal(float, float)
    changed = Signal(float, float)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._range = (0.0, 1.0)
        self._values = {"low": 0.0, "high": 1.0}
        self._active: Handle = "high"
        self._dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    @property
    def values(self) -> tuple[float, float]:
        """The two numbers, the smaller first."""
        return self._values["low"], self._values["high"]

    def set_range(self, low: float, high: float) -> None:
        """The ends of the slider."""
        self._range = (low, high)
        self.update()

    def set_values(self, low: float, high: float) -> None:
        """Shows two numbers without telling anybody."""
        self._values = {"low": low, "high": high}
        self.setAccessibleDescription(f"{low:g} to {high:g}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 22)

    # -- by mouse and by key -------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        low, high = (x_of(value, *self._range, self.width()) for value in self.values)
        # Where both handles stand together, the side of the press says which is meant.
        self._active = "low" if abs(x - low) < abs(x - high) or (low == high and x < low) else "high"
        self._dragged = True
        self._go_to(value_at(x, *self._range, self.width()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged:
            self._go_to(value_at(event.position().x(), *self._range, self.width()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged and event.button() == Qt.MouseButton.LeftButton:
            self._dragged = False
            self.changed.emit(*self.values)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1,
            Qt.Key.Key_PageDown: -4, Qt.Key.Key_PageUp: 4,
        }.get(Qt.Key(event.key()))  # fmt: skip
        if event.key() == Qt.Key.Key_Space:
            self._active = "low" if self._active == "high" else "high"
            self.update()
        elif steps is not None:
            self._go_to(self._values[self._active] + steps * STEP)
            self.changed.emit(*self.values)
        else:
            super().keyPressEvent(event)

    def _go_to(self, value: float) -> None:
        low, high = self._range
        value = min(max(value, low), high)
        if self._active == "low":
            self._values["low"] = min(value, self._values["high"])
        else:
            self._values["high"] = max(value, self._values["low"])
        self.update()
        self.moved.emit(*self.values)

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle, width = self.height() / 2, self.width()
            low, high = (x_of(value, *self._range, width) for value in self.values)
            painter.setPen(Qt.PenStyle.NoPen)
            for left, right, token in ((RADIUS, width - RADIUS, "line"), (low, high, "primary")):
                painter.setBrush(self._theme.colour(token))
                painter.drawRoundedRect(QRectF(left, middle - 1.5, max(right - left, 0.0), 3), 1, 1)
            painter.setPen(QPen(self._theme.colour("primary"), 2))
            for name, x in (("low", low), ("high", high)):
                held = name == self._active and (self._dragged or self.hasFocus())
                painter.setBrush(self._theme.colour("primary_soft" if held else "panel"))
                painter.drawEllipse(QPointF(x, middle), RADIUS - 1, RADIUS - 1)
        finally:
            painter.end()
