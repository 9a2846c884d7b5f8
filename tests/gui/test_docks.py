"""Docks: hidden at first, toggled, floating where there is no room, remembered."""

import pytest
from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from mrn_gui.docks import Docks


class Sized(QWidget):
    def __init__(self, width, height):
        super().__init__()
        self._size = QSize(width, height)

    def sizeHint(self):
        return self._size

    def minimumSizeHint(self):
        return self._size


class Tall(QWidget):
    def sizeHint(self):
        return QSize(300, 900)


def made(qtbot, stored, size=(900, 700)):
    window = QMainWindow()
    window.setCentralWidget(Sized(500, 400))
    qtbot.addWidget(window)
    docks = Docks(window, stored)
    action = QAction(window, checkable=True)
    docks.add("numbers", "Numbers", Sized(300, 200), "right", action)
    docks.add("table", "Table", Sized(300, 200), "bottom")
    window.resize(*size)
    window.show()
    return window, docks, action


def test_a_dock_is_hidden_until_asked_for(qtbot, stored):
    _window, docks, action = made(qtbot, stored)
    assert docks["numbers"].isHidden()
    docks.toggle("numbers")
    assert docks["numbers"].isVisible()
    assert not docks["numbers"].isFloating()
    assert action.isChecked()
    docks.toggler("numbers")()
    assert docks["numbers"].isHidden()
    assert not action.isChecked()
    docks["numbers"].show()
    docks["numbers"].close()
    assert not action.isChecked(), "closed by its own button"


@pytest.mark.parametrize("name", ["numbers", "table"])
def test_where_there_is_no_room_it_floats_and_the_window_stays(qtbot, stored, name):
    window, docks, _ = made(qtbot, stored, (700, 500))
    docks.toggle(name)
    assert docks[name].isFloating()
    assert (window.width(), window.height()) == (700, 500)


@pytest.mark.parametrize(
    ("name", "size", "side"), [("numbers", (700, 900), "Bottom"), ("table", (900, 500), "Right")]
)
def test_without_room_at_its_own_side_it_stands_at_the_other(qtbot, stored, name, size, side):
    window, docks, _ = made(qtbot, stored, size)
    docks.toggle(name)
    QApplication.processEvents()
    assert not docks[name].isFloating()
    assert window.dockWidgetArea(docks[name]) == getattr(Qt.DockWidgetArea, f"{side}DockWidgetArea")
    assert (window.width(), window.height()) == size
    docks.reset()
    window.resize(1000, 900)
    docks.toggle(name)
    own = "Right" if name == "numbers" else "Bottom"
    assert window.dockWidgetArea(docks[name]) == getattr(Qt.DockWidgetArea, f"{own}DockWidgetArea")


def test_what_the_page_needs_may_be_told(qtbot, stored):
    """A page that can be scrolled has a smallest size at which it should not be."""
    window = QMainWindow()
    window.setCentralWidget(QWidget())
    qtbot.addWidget(window)
    docks = Docks(window, stored, lambda: QSize(800, 600))
    docks.add("numbers", "Numbers", Sized(300, 200))
    window.resize(1000, 700)
    window.show()
    docks.toggle("numbers")
    assert docks["numbers"].isFloating()


def test_it_takes_what_the_page_can_spare_and_no_more(qtbot, stored):
    window, docks, _ = made(qtbot, stored, (900, 700))
    docks.add("long", "Long", Tall(), "bottom", lowest=150)
    docks.toggle("long")
    QApplication.processEvents()
    assert not docks["long"].isFloating()
    assert 150 <= docks["long"].height() <= 300
    assert window.centralWidget().height() >= 400
    assert window.height() == 700


def test_at_first_it_leaves_every_panel_its_place_if_what_is_left_is_of_use(qtbot, stored):
    for whole, height in ((500, 700 - 500 - 6), (600, 150)):
        window = QMainWindow()
        window.setCentralWidget(Sized(500, 400))
        qtbot.addWidget(window)
        docks = Docks(window, stored, whole=lambda whole=whole: whole)
        docks.add("long", "Long", Tall(), "bottom", lowest=150)
        window.resize(900, 700)
        window.show()
        docks.toggle("long")
        QApplication.processEvents()
        assert abs(docks["long"].height() - height) <= 1


def test_what_was_shown_is_shown_the_next_time(qtbot, stored):
    _window, docks, _ = made(qtbot, stored)
    docks.toggle("table")
    docks.save()
    stored.sync()
    _, again, action = made(qtbot, QSettings(stored.fileName(), QSettings.Format.IniFormat))
    again.restore()
    assert again["table"].isVisible()
    assert again["numbers"].isHidden()
    assert not action.isChecked()
    again.reset()
    assert again["table"].isHidden()
