"""A panel of the window: a header row with a title, a remark and controls, and a body below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shiboken6
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mrn_core.worth import Shows
from mrn_gui.painting import text, width_of
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme

PADDING = 12


class Header(QWidget):
    """The title in 13/600 and a remark beside it; both give way to the controls at the right."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.title = title
        self.remark = ""
        self.right_remark = ""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, PADDING, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        theme.changed.connect(self.update)

    def say(self, title: str | None = None, remark: str | None = None, right: str | None = None) -> None:
        """Changes the words; ``right`` stands at the right edge, for headers without controls."""
        self.title = self.title if title is None else title
        self.remark = self.remark if remark is None else remark
        self.right_remark = self.right_remark if right is None else right
        self.update()

    def room(self, width: int) -> float:
        """px for a remark beside the title where the header is ``width`` wide."""
        controls = self._row.minimumSize().width() + 8 if self._row.count() > 1 else PADDING
        return width - PADDING - width_of(self.title, self._theme.font(13, 600)) - 12 - controls

    def add(self, control: QWidget) -> None:
        """One more control at the right."""
        self._row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_apart(self, space: int) -> None:
        """px from one control to the next."""
        self._row.setSpacing(space)

    def sizeHint(self) -> QSize:
        return QSize(120, 36)

    def minimumSizeHint(self) -> QSize:
        return QSize(60 + self._row.minimumSize().width(), 30)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        try:
            end = float(self.width() - PADDING)
            for i in range(self._row.count()):
                item = self._row.itemAt(i)
                control = None if item is None else item.widget()
                if control is not None and control.isVisible():
                    end = min(end, control.x() - 8.0)
            theme, height = self._theme, float(self.height())
            bold, plain = theme.font(13, 600), theme.font(12)
            x = float(PADDING)
            text(p, QRectF(x, 0, end - x, height), self.title, bold, theme.colour("text"))
            x += width_of(self.title, bold) + 12
            if self.right_remark:
                width = width_of(self.right_remark, plain)
                if end - width > x:
                    right = QRectF(end - width, 0, width, height)
                    text(p, right, self.right_remark, plain, theme.colour("text2"))
                    end -= width + 12
            if self.remark and end - x >= min(120.0, width_of(self.remark, plain)):
                text(p, QRectF(x, 0, end - x, height), self.remark, plain, theme.colour("text2"))
        finally:
            p.end()


class Panel(QWidget):
    """Base of the linked panels: ``header`` above ``body``; narrow ones have a lower header. ``shows`` is
    what of an analysis, for the badge under a copied picture.

    Args:
        compact_below: narrower than this the panel takes the layout for small windows: its width in a
            window of 1600 px, so that all panels change together.
    """

    shows: Shows = "all"

    def __init__(
        self, selection: Selection, theme: Theme, title: str, compact_below: int, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.selection = selection
        self.theme = theme
        self.compact = False
        self._compact_below = compact_below
        self.header = Header(theme, title, self)
        self.header.setFixedHeight(36)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.body.addWidget(self.header)
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        selection.subscribe(self._noted)

    def set_compact(self, compact: bool) -> None:
        """The layout for small windows, or the large one; follows from the width."""
        self.compact = compact
        self.header.setFixedHeight(32 if compact else 36)

    def selection_changed(self, notes: frozenset[str]) -> None:
        """What the header and the controls do when the selection changes."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        compact = self.width() < self._compact_below
        if compact != self.compact:
            self.set_compact(compact)

    def _noted(self, notes: frozenset[str]) -> None:
        if shiboken6.isValid(self):
            self.selection_changed(notes)


def panel_of(widget: QWidget | None) -> QWidget | None:
    """The panel that a widget belongs to, or None."""
    while widget is not None and widget.property("kind") != "panel":
        widget = widget.parentWidget()
    return widget


class Segments(QFrame):
    """A few choices side by side, one of them chosen; ``chosen(index)`` is called on a click."""

    def __init__(self, choices: Sequence[str], chosen: Callable[[int], None], tips: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("kind", "segments")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        for i, (name, tip) in enumerate(zip(choices, tips, strict=True)):
            button = QPushButton(name, self)
            button.setCheckable(True)
            button.setProperty("kind", "segment")
            button.setToolTip(tip)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._group.addButton(button, i)
            row.addWidget(button)
        self._group.idClicked.connect(chosen)

    def choose(self, index: int) -> None:
        """Shows a choice without calling ``chosen``."""
        button = self._group.button(index)
        if button is not None:
            button.setChecked(True)

    def buttons(self) -> list[QPushButton]:
        return [b for b in self._group.buttons() if isinstance(b, QPushButton)]
