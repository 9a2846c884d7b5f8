"""Pointing, pinning and choosing, and who is told."""

import gc

import pytest

from mrn_gui.selection import Place, Selection


@pytest.fixture
def told():
    return []


@pytest.fixture
def selection(told):
    made = Selection()

    def note(changed):
        told.append(set(changed))

    made.subscribe(note)
    made.keep = note
    return made


def test_a_hover_is_told_once_and_let_go(selection, told):
    place = Place(30, 5)
    selection.hover(place)
    selection.hover(Place(30, 5))
    assert selection.hovered == place
    selection.leave(place)
    assert selection.hovered is None
    assert told == [{"hovered"}, {"hovered"}]


def test_a_view_that_is_left_does_not_take_away_what_another_points_at(selection):
    left, other = Place.level(3), Place(4, 5)
    selection.hover(left)
    selection.hover(other)
    selection.leave(left)
    assert selection.hovered == other


def test_the_hovered_place_is_shown_before_the_pinned(selection):
    selection.click(Place(1, 2))
    assert selection.shown == Place(1, 2)
    selection.hover(Place.level(9))
    assert selection.shown == Place.level(9)
    assert selection.pinned == Place(1, 2)


def test_a_click_pins_and_a_second_lets_go(selection, told):
    selection.click(Place(1, 2))
    selection.click(Place(3, 2))
    assert selection.pinned == Place(3, 2)
    selection.click(Place(3, 2))
    assert selection.pinned is None
    assert told == [{"pinned"}] * 3


def test_escape_lets_go_of_the_pin_first(selection):
    selection.hover(Place(0, 0))
    selection.click(Place(1, 1))
    selection.let_go()
    assert selection.pinned is None
    assert selection.hovered == Place(0, 0)
    selection.let_go()
    assert selection.shown is None


def test_a_level_is_not_the_pair_of_itself():
    assert Place.level(4) != Place(4, 4)
    assert Place.level(4).role(4) == "level"
    assert Place(4, 4).role(4) == "query, key"
    assert Place(30, 5).role(30) == "query"
    assert Place(30, 5).role(5) == "key"
    assert Place(30, 5).role(6) == ""
    assert Place(30, 5).main == 30


def test_choosing_tells_only_what_changed(selection, told):
    selection.choose(block=2, head=0, table=1)
    selection.choose(head=8, table=4, block=-1)
    assert told == [{"block", "table"}]
    assert (selection.block, selection.head, selection.table) == (2, 0, 1)


def test_the_next_block_and_table_go_round(selection):
    for expected in (1, 2, 0):
        selection.next_block()
        assert selection.block == expected
    selection.choose(table=3)
    selection.next_table()
    assert selection.table == 0


def test_another_shape_keeps_what_fits(selection, told):
    selection.choose(block=2, head=7, table=1)
    selection.click(Place(10, 3))
    selection.hover(Place.level(30))
    told.clear()
    selection.set_shape(3, 4, 12, 2)
    assert (selection.block, selection.head, selection.table) == (2, 3, 1)
    assert selection.pinned == Place(10, 3)
    assert selection.hovered is None
    assert told == [{"shape", "head", "hovered"}]
    selection.set_shape(3, 4, 12, 2)
    assert len(told) == 1


@pytest.mark.parametrize("shape", [(0, 8, 32, 4), (3, 8, 0, 4)])
def test_an_empty_shape_is_refused(selection, shape):
    with pytest.raises(ValueError, match="at least one"):
        selection.set_shape(*shape)


def test_a_place_outside_is_nothing(selection):
    selection.hover(Place.level(32))
    selection.click(Place(0, 40))
    assert selection.shown is None


def test_another_clip_lets_go_of_both(selection, told):
    selection.click(Place(1, 2))
    selection.hover(Place.level(3))
    selection.clear()
    assert (selection.pinned, selection.hovered) == (None, None)


def test_a_view_that_is_gone_is_not_called():
    calls = []

    class View:
        def changed(self, notes):
            calls.append(notes)

    selection, view = Selection(), View()
    selection.subscribe(view.changed)
    selection.hover(Place(1, 1))
    del view
    gc.collect()
    selection.hover(Place(2, 2))
    assert len(calls) == 1
