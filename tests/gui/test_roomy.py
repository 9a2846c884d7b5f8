"""A small window: the page is scrolled, and nothing in it or around it is out of reach."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication

from mrn_gui.layout import LAST_LEAST, PAGE_LEAST, drawn_sizes, page_holds_all
from mrn_gui.widgets.keys import KeyHint
from mrn_gui.widgets.status import HintRow


@pytest.fixture
def paged(window):
    """The window with its page, empty."""
    window._stack.setCurrentWidget(window.roomy)
    return window


def resized(window, width, height):
    window.resize(width, height)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (width, height), "no part makes the window larger"


def test_at_a_double_scale_on_a_full_hd_screen_every_panel_is_reached(paged):
    window = paged
    resized(window, 960, 540)
    page, roomy = window.page, window.roomy
    for bar in (window.top_bar, window.status):
        assert bar.geometry().right() < 960
    assert window.top_bar.main.mapTo(window, window.top_bar.main.rect().bottomRight()).x() < 960
    for panel in (
        page.player,
        page.strip,
        page.heads,
        page.attention,
        page.why,
        page.hash_space,
        page.reading,
    ):
        assert panel.isVisible()
        where = QRect(panel.mapTo(page, QPoint()), panel.size())
        assert page.rect().contains(where)
    assert page.reading.height() >= LAST_LEAST
    assert (page.width(), page.height()) == PAGE_LEAST
    right, down = roomy.horizontalScrollBar(), roomy.verticalScrollBar()
    right.setValue(right.maximum())
    down.setValue(down.maximum())
    last = page.reading.mapTo(roomy.viewport(), page.reading.rect().bottomRight())
    assert roomy.viewport().rect().contains(last)


def test_a_window_with_room_scrolls_nothing_and_a_low_one_downwards_alone(paged):
    down, right = paged.roomy.verticalScrollBar(), paged.roomy.horizontalScrollBar()
    for size in ((1280, 800), (1280, 720), (1920, 1080), (1920, 760)):
        resized(paged, *size)
        assert paged.page.size() == paged.roomy.viewport().size()
        assert not down.isVisible()
        assert not right.isVisible()
        assert paged.page.reading.isVisible()
    resized(paged, 1920, 560)
    assert paged.page.hash_space.isVisible()
    assert down.isVisible()
    assert not right.isVisible()


def test_the_height_that_holds_every_panel():
    sizes = drawn_sizes(1280, 800)
    assert page_holds_all(1280, 800) == sizes.strip + sizes.why + LAST_LEAST + 2
    assert page_holds_all(1920, 800) > page_holds_all(1280, 800), "a wide Why is higher"


def test_only_whole_hints_are_shown(theme, qtbot):
    row = HintRow(theme, False)
    qtbot.addWidget(row)
    row.resize(row.sizeHint().width(), 20)
    row.show()
    hints = row.findChildren(KeyHint)
    assert all(hint.isVisible() for hint in hints)
    row.resize(row.width() // 2, 20)
    shown = [hint for hint in hints if hint.isVisible()]
    assert shown == hints[: len(shown)]
    assert 0 < len(shown) < len(hints)
    assert all(row.rect().contains(hint.geometry()) for hint in shown)
