"""The slider with two handles: geometry, mouse, keys, colours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pointer import point_at
from PySide6.QtCore import QPoint, Qt

from mrn_gui.theme import Theme
from mrn_gui.widgets.range_slider import RADIUS, STEP, RangeSlider, value_at, x_of


@given(st.integers(0, 40), st.integers(60, 900))
def test_a_value_and_its_place_are_inverse(steps, width):
    value = steps * STEP
    assert value_at(x_of(value, 0, 20, width), 0, 20, width) == pytest.approx(value)


def test_places_outside_are_the_ends():
    assert value_at(-50, 0, 20, 200) == 0
    assert value_at(500, 0, 20, 200) == 20
    assert x_of(25, 0, 20, 200) == 200 - RADIUS
    assert value_at(3, 0, 20, 5) == 0


@pytest.fixture
def slider(qtbot):
    slider = RangeSlider(Theme("light"), "AF range")
    qtbot.addWidget(slider)
    slider.resize(212, 22)
    slider.set_range(0, 20)
    slider.set_values(2, 13)
    slider.show()
    return slider


def at(value):
    return QPoint(round(x_of(value, 0, 20, 212)), 11)


def test_the_nearer_handle_follows_the_mouse_and_tells_when_let_go(slider, qtbot):
    moved, changed = [], []
    slider.moved.connect(lambda *pair: moved.append(pair))
    slider.changed.connect(lambda *pair: changed.append(pair))
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=at(13))
    point_at(slider, at(9))
    assert changed == []
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at(9))
    assert moved[-1] == changed[-1] == (2, 9)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=at(4))
    assert slider.values == (4, 9)


def test_a_handle_never_passes_the_other(slider, qtbot):
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=at(2))
    point_at(slider, at(19))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at(19))
    assert slider.values == (13, 13)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=at(18))
    assert slider.values == (13, 18)


def test_keys_move_the_held_handle_and_space_takes_the_other(slider, qtbot):
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.values == (2, 13.5)
    qtbot.keyClick(slider, Qt.Key.Key_Space)
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert slider.values == (1.5, 13.5)
    for _ in range(9):
        qtbot.keyClick(slider, Qt.Key.Key_PageDown)
    assert slider.values == (0, 13.5)


def test_setting_values_tells_nobody_and_the_accessible_text_follows(slider):
    told = []
    slider.changed.connect(lambda *pair: told.append(pair))
    slider.set_values(1, 5)
    assert told == []
    assert slider.accessibleDescription() == "1 to 5"


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_bar_between_the_handles_has_the_primary_colour(qtbot, name):
    theme = Theme(name)
    slider = RangeSlider(theme, "AF range")
    qtbot.addWidget(slider)
    slider.resize(212, 22)
    slider.set_range(0, 20)
    slider.set_values(5, 15)
    picture = slider.grab().toImage()
    assert picture.pixelColor(at(10)) == theme.colour("primary")
    assert picture.pixelColor(at(1)) == theme.colour("line")
