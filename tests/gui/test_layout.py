"""How wide and high the panels are drawn, also where a dock makes the page narrow or low."""

import pytest

from mrn_gui.layout import FOLD_BELOW, LARGE, LAST_LEAST, SMALL, drawn_sizes, height_for_all


def matrix_of(width, height):
    sizes = drawn_sizes(width, height)
    wide = width - sizes.left - sizes.heads - sizes.right - 3
    return wide, height - sizes.top_bar - sizes.status - 2 - sizes.strip


def test_the_two_drawn_sizes_are_as_drawn():
    small, large = drawn_sizes(*SMALL), drawn_sizes(*LARGE)
    assert (small.left, small.heads, small.right, small.reading, small.strip) == (240, 176, 340, 150, 212)
    assert (large.left, large.heads, large.right, large.reading, large.strip) == (352, 266, 600, 236, 298)


@pytest.mark.parametrize("width", [1420, 1450, 1500, 1600])
def test_beside_a_dock_the_columns_give_way_to_the_matrix_and_no_word_is_cut(width):
    wide, high = matrix_of(width, 1080)
    sizes = drawn_sizes(width, 1080)
    assert wide >= 610, "the matrix has the words of a large window"
    assert sizes.heads >= 221, "and so have the heads"
    assert wide >= 0.75 * high, "no large blank under the matrix"
    assert sizes.left >= 240
    assert sizes.right >= 340


def test_wider_is_never_narrower_for_any_column():
    before = drawn_sizes(1280, 1080)
    for width in range(1281, 1925, 4):
        now = drawn_sizes(width, 1080)
        assert (now.left, now.heads, now.right) >= (before.left, before.heads, before.right)
        before = now


@pytest.mark.parametrize("width", [1280, 1600, 1920, 2560])
def test_the_least_height_that_holds_every_panel_is_the_least(width):
    bars = 78
    body = height_for_all(width, bars)

    def holds(body):
        sizes = drawn_sizes(width, body + bars)
        return body + bars >= FOLD_BELOW and body - sizes.strip - sizes.why - 2 >= LAST_LEAST

    assert holds(body)
    assert not holds(body - 1)
