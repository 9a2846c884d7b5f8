"""Views on demand: named docks at the right or the bottom, hidden until asked for, remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QByteArray, QObject, QSettings, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

Side = Literal["right", "bottom"]
_AREAS = {
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}
_EDGE = 6  # px that the handle between page and dock may take


class Docks(QObject):
    """The docks of one window, by name; a command of the View menu shows and hides each.

    A dock that is shown takes as much of the window as its content asks for, or what the page can spare. At
    the bottom it leaves every panel of the page its place, if what is left is of use. Where the page can
    spare less than is of any use, it stands at the other side; where neither has room, it floats.

    Args:
        least: what the page needs of the window, so that it need not be scrolled; by default the smallest
            size of the central widget.
        whole: the height that it needs, so that no panel of it gives its place to another.
    """

    def __init__(
        self,
        window: QMainWindow,
        stored: QSettings,
        least: Callable[[], QSize] | None = None,
        whole: Callable[[], int] | None = None,
    ) -> None:
        super().__init__(window)
        self._window, self._stored, self._page_least = window, stored, least
        self._page_whole = whole
        self._docks: dict[str, QDockWidget] = {}
        self._sides: dict[str, Side] = {}
        self._least: dict[str, dict[Side, int | None]] = {}
        self._sized: set[str] = set()  # shown before: their size is as somebody left it

    def __getitem__(self, name: str) -> QDockWidget:
        return self._docks[name]

    def add(
        self,
        name: str,
        title: str,
        content: QWidget,
        side: Side = "right",
        action: QAction | None = None,
        least: int | None = None,
        lowest: int | None = None,
    ) -> QDockWidget:
        """A hidden dock with ``content``; ``action`` is checked while it is shown.

        Args:
            name: by which it is remembered; never shown.
            least: px of its width at the right that are enough for it; by default all that ``content`` asks
                for.
            lowest: px of its height at the bottom that are enough for it, likewise.
        """
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"dock-{name}")
        dock.setWidget(content)
        dock.setAllowedAreas(_AREAS["right"] | _AREAS["bottom"])
        self._window.addDockWidget(_AREAS[side], dock)
        dock.hide()
        self._docks[name], self._sides[name] = dock, side
        self._least[name] = {"right": least, "bottom": lowest}
        if action is not None:
            dock.toggleViewAction().toggled.connect(action.setChecked)
        return dock

    def toggle(self, name: str) -> None:
        """Shows a dock, or hides it."""
        dock = self._docks[name]
        if not dock.isHidden():
            dock.hide()
            return
        if not dock.isFloating():
            self._place(name)
        dock.show()
        dock.raise_()
        if not dock.isFloating() and name not in self._sized:
            self._sized.add(name)
            side = self._side(dock)
            way = Qt.Orientation.Horizontal if side == "right" else Qt.Orientation.Vertical
            self._window.resizeDocks([dock], [self._first(name, side)], way)

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
            self._sized |= {name for name, dock in self._docks.items() if not dock.isHidden()}

    def reset(self) -> None:
        """All hidden again, each at its own side and with the size that its content asks for."""
        self._sized.clear()
        for name, dock in self._docks.items():
            dock.hide()
            dock.setFloating(False)
            self._window.addDockWidget(_AREAS[self._sides[name]], dock)

    def _place(self, name: str) -> None:
        """Where it stands now, if that has room for it; else at the other side, else it floats."""
        dock = self._docks[name]
        now = self._side(dock)
        other: Side = "bottom" if now == "right" else "right"
        for side in (now, other):
            least = self._least[name][side]
            if self._room(side) >= (self._asked(dock, side) if least is None else least):
                if side != now:
                    self._window.addDockWidget(_AREAS[side], dock)
                return
        dock.setFloating(True)
        self._centre(dock)

    def _side(self, dock: QDockWidget) -> Side:
        return "right" if self._window.dockWidgetArea(dock) == _AREAS["right"] else "bottom"

    def _asked(self, dock: QDockWidget, side: Side) -> int:
        """What its content asks for: width at the right, height with the title at the bottom."""
        asked = dock.sizeHint().expandedTo(dock.minimumSizeHint())
        return asked.width() if side == "right" else asked.height()

    def _first(self, name: str, side: Side) -> int:
        """The size in px that it is shown with for the first time."""
        size = min(self._room(side), self._asked(self._docks[name], side))
        least = self._least[name][side]
        if side == "bottom" and least is not None and self._page_whole is not None:
            size = min(size, max(least, self._window.height() - self._page_whole() - _EDGE))
        return size

    def _room(self, side: Side) -> int:
        """What the window can give a dock at one side, in px."""
        page = self._window.centralWidget()
        if page is None:
            return 0
        least = page.minimumSizeHint() if self._page_least is None else self._page_least()
        if side == "right":
            return self._window.width() - least.width() - _EDGE
        return self._window.height() - least.height() - _EDGE

    def _centre(self, dock: QDockWidget) -> None:
        size = dock.sizeHint().expandedTo(dock.minimumSizeHint())
        dock.resize(size)
        dock.move(self._window.geometry().center() - dock.rect().center())
