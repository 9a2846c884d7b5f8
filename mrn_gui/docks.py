"""Views on demand: named docks at the right or the bottom, hidden until asked for, remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QByteArray, QObject, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

Side = Literal["right", "bottom"]
_AREAS = {
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}
_ROOM = 60  # px that the window's frame and the dock's title may take


class Docks(QObject):
    """The docks of one window, by name; a command of the View menu shows and hides each.

    Where the window has no room for a dock beside its page, the dock floats.
    """

    def __init__(self, window: QMainWindow, stored: QSettings) -> None:
        super().__init__(window)
        self._window, self._stored = window, stored
        self._docks: dict[str, QDockWidget] = {}
        self._sides: dict[str, Side] = {}

    def __getitem__(self, name: str) -> QDockWidget:
        return self._docks[name]

    def add(
        self, name: str, title: str, content: QWidget, side: Side = "right", action: QAction | None = None
    ) -> QDockWidget:
        """A hidden dock with ``content``; ``action`` is checked while it is shown.

        Args:
            name: by which it is remembered; never shown.
        """
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"dock-{name}")
        dock.setWidget(content)
        dock.setAllowedAreas(_AREAS["right"] | _AREAS["bottom"])
        self._window.addDockWidget(_AREAS[side], dock)
        dock.hide()
        self._docks[name], self._sides[name] = dock, side
        if action is not None:
            dock.toggleViewAction().toggled.connect(action.setChecked)
        return dock

    def toggle(self, name: str) -> None:
        """Shows a dock, or hides it."""
        dock = self._docks[name]
        if dock.isHidden():
            if not dock.isFloating() and not self._has_room(name):
                dock.setFloating(True)
                self._centre(dock)
            dock.show()
            dock.raise_()
        else:
            dock.hide()

    def toggler(self, name: str) -> Callable[[], None]:
        """``toggle`` of one dock, as a command's handler."""
        return lambda: self.toggle(name)

    def save(self) -> None:
        """Keeps which docks are shown, where, and how large."""
        self._stored.setValue("docks", self._window.saveState())

    def restore(self) -> None:
        """Puts them where ``save`` found them."""
        state = self._stored.value("docks")
        if isinstance(state, QByteArray):
            self._window.restoreState(state)

    def reset(self) -> None:
        """All hidden again, each at its own side."""
        for name, dock in self._docks.items():
            dock.hide()
            dock.setFloating(False)
            self._window.addDockWidget(_AREAS[self._sides[name]], dock)

    def _has_room(self, name: str) -> bool:
        dock, page = self._docks[name], self._window.centralWidget()
        if page is None:
            return True
        least, asked = page.minimumSizeHint(), dock.sizeHint()
        if self._window.dockWidgetArea(dock) == _AREAS["right"]:
            return least.width() + asked.width() + _ROOM <= self._window.width()
        return least.height() + asked.height() + _ROOM <= self._window.height()

    def _centre(self, dock: QDockWidget) -> None:
        size = dock.sizeHint().expandedTo(dock.minimumSizeHint())
        dock.resize(size)
        dock.move(self._window.geometry().center() - dock.rect().center())
