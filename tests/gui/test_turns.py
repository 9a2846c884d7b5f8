"""What does not fit into one repaint of the window is drawn in the next; a grab always shows what is."""

import time

import pytest
from PySide6.QtGui import QPixmap, QStandardItemModel
from PySide6.QtWidgets import QStyledItemDelegate, QWidget
from sample import sample_analysis

from mrn_gui.attention.heads import HeadsCanvas
from mrn_gui.canvas import Canvas
from mrn_gui.selection import Selection
from mrn_gui.strip.canvas import StripCanvas
from mrn_gui.table.view import TurnTable
from mrn_gui.turns import BUDGET_S, turns


class Slow(Canvas):
    """Takes as long as a whole repaint may."""

    drawn = 0

    def paint_data(self, p):
        time.sleep(1.2 * BUDGET_S)
        self.drawn += 1


@pytest.fixture
def pair(qtbot, theme):
    window = QWidget()
    qtbot.addWidget(window)
    selection = Selection()
    views = [Slow(selection, theme, window) for _ in range(2)]
    for i, view in enumerate(views):
        view.setGeometry(110 * i, 0, 100, 80)
    window.resize(220, 80)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: all(view.up_to_date for view in views))
    return window, views


def renewed(views):
    for view in views:
        view.renew()
        view.drawn = 0


def test_the_second_view_waits_for_the_next_repaint(pair, qtbot):
    window, (first, second) = pair
    renewed(pair[1])
    picture = QPixmap(window.size())
    with turns.repaint(window):
        window.render(picture)
        assert (first.drawn, second.drawn) == (1, 0)
        assert first.up_to_date
        assert not second.up_to_date
    qtbot.waitUntil(lambda: second.up_to_date)
    assert (first.drawn, second.drawn) == (1, 1)


def test_a_view_that_waits_shows_what_it_had(pair):
    window, (_, second) = pair
    before = second._before.toImage()
    renewed(pair[1])
    picture = QPixmap(window.size())
    with turns.repaint(window):
        window.render(picture)
        shown = picture.copy(second.geometry()).toImage()
        assert not second.up_to_date
    assert shown.convertToFormat(before.format()) == before


def test_a_grab_shows_everything_as_it_is(pair):
    window, views = pair
    renewed(pair[1])
    window.grab()
    assert [view.drawn for view in views] == [1, 1]
    assert all(view.up_to_date for view in views)


def test_the_strip_goes_on_where_its_turn_ended(qtbot, theme, monkeypatch):
    strip = StripCanvas(Selection(), theme)
    qtbot.addWidget(strip)
    strip.resize(strip.room)
    strip.show_analysis(sample_analysis())
    whole = strip.grab().toImage()
    drawn, draw = [], strip._paint_level

    def slowly(p, geometry, level):
        drawn.append(level)
        time.sleep(BUDGET_S)
        draw(p, geometry, level)

    monkeypatch.setattr(strip, "_paint_level", slowly)
    strip.renew()
    for _ in range(3):
        with turns.repaint(strip):
            assert strip.grab().toImage() == whole  # what was there, until the new picture is whole
    assert drawn == [0, 1, 2]
    assert strip.unfinished
    assert strip.grab().toImage() == whole
    assert drawn == list(range(len(strip.factors)))


def test_the_small_multiples_go_on_where_their_turn_ended(qtbot, theme, monkeypatch):
    """One of 512 levels takes some ms; all 24 would hold the window for a fifth of a second."""
    heads = HeadsCanvas(Selection(), theme)
    qtbot.addWidget(heads)
    heads.resize(heads.room)
    heads.show_analysis(sample_analysis(12, heads=4, blocks=2, size=8))
    whole = heads.grab().toImage()
    drawn, draw = [], heads._paint_square

    def slowly(p, geometry, block, head):
        drawn.append((block, head))
        time.sleep(BUDGET_S)
        draw(p, geometry, block, head)

    monkeypatch.setattr(heads, "_paint_square", slowly)
    heads.show_as("weight", False)
    for _ in range(3):
        with turns.repaint(heads):
            assert heads.grab().toImage() == whole
    assert drawn == [(0, 0), (1, 0), (0, 1)]
    assert heads.unfinished
    assert heads.grab().toImage() != whole
    assert drawn == [(block, head) for head in range(4) for block in range(2)]


class Cells(QStyledItemDelegate):
    """Counts what it paints."""

    painted = 0

    def paint(self, *_args):
        self.painted += 1


def test_a_table_is_left_out_once_and_no_more(qtbot):
    table, cells, model = TurnTable(), Cells(), QStandardItemModel(2, 2)
    table.setModel(model)
    table.setItemDelegate(cells)
    qtbot.addWidget(table)
    table.show()
    qtbot.waitUntil(lambda: cells.painted >= 4)
    for painted in (0, 4, 0, 4):
        cells.painted = 0
        with turns.repaint(table):
            turns._left = 0.0
            table.viewport().repaint()
            assert cells.painted == painted
            turns._waiting.clear()
    qtbot.wait(20)
    cells.painted = 0
    with turns.repaint(table):
        turns._left = 0.0
        table.viewport().repaint()
    assert cells.painted == 0
    qtbot.waitUntil(lambda: cells.painted == 4)  # asked for again
