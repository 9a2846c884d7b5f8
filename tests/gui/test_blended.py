"""More levels than there are pixels: the whole matrix is seen, each pixel the mean of its cells."""

import numpy as np
import pytest
from sample import sample_analysis

from mrn_gui.attention.blended import blended, fitted
from mrn_gui.attention.geometry import MatrixGeometry
from mrn_gui.attention.model import MatrixModel
from mrn_gui.attention.picture import field_picture
from mrn_gui.attention.turned import inks
from mrn_gui.attention.values import cell_colours, rgb
from mrn_gui.palette import LIGHT, PALETTES

MANY = sample_analysis(150, heads=1, blocks=1, size=8)


@pytest.mark.parametrize("size", [(250, 260), (517, 482)])
def test_all_levels_have_their_place_and_use_the_room(size):
    geometry = MatrixGeometry(*size, 1.0, 150, True)
    assert geometry.blended
    assert geometry.side == geometry.room
    model = MatrixModel(MANY, 0, 0, 0)
    picture = field_picture(model, geometry, LIGHT)
    assert picture.shape == (geometry.room, geometry.room, 3)
    cells = cell_colours(model.values, model.mask, model.scale.top, LIGHT)
    np.testing.assert_array_equal(picture, fitted(cells, geometry.room))
    np.testing.assert_allclose(picture.mean((0, 1)), cells.mean((0, 1)), atol=1.5)


@pytest.mark.parametrize("name", PALETTES)
def test_a_masked_pair_that_is_coloured_is_chequered(name):
    palette = PALETTES[name]
    geometry = MatrixGeometry(517, 482, 1.0, 150, True)
    model = MatrixModel(MANY, 0, 0, 0, "angle")
    picture = field_picture(model, geometry, palette)
    column = (np.arange(geometry.side) + 0.5) / geometry.cell
    masked = ~model.mask[np.ix_(column.astype(int), column.astype(int))]
    ground = (picture == rgb(palette.sunk)).all(-1)
    assert ground[masked].mean() == pytest.approx(0.5, abs=0.1)
    assert ground[~masked].mean() < 0.02


def test_pairs_that_opened_are_striped_and_that_closed_chequered():
    cells = np.full((300, 300, 3), 200, np.uint8)
    opened, closed = np.zeros((2, 300, 300), bool)
    opened[:150], closed[150:] = True, True
    made = blended(cells, 100, 1, LIGHT, turned=(opened, closed))
    ink_open, ink_closed = inks(LIGHT)
    assert ((made[:50] == ink_open).all(-1)).mean() == 0.5
    assert ((made[50:] == ink_closed).all(-1)).mean() == 0.5
    assert ((made[50:] == rgb(LIGHT.sunk)).all(-1)).mean() == 0.5


def test_the_order_changes_by_a_passage_all_the_same():
    geometry = MatrixGeometry(250, 260, 1.0, 150, True)
    model = MatrixModel(MANY, 0, 0, 0)
    places = np.arange(150, dtype=float)
    still = field_picture(model, geometry, LIGHT, rows=places, columns=places)
    np.testing.assert_array_equal(still, field_picture(model, geometry, LIGHT))
    turned = field_picture(model, geometry, LIGHT, rows=places[::-1], columns=places)
    assert not np.array_equal(turned, still)


@pytest.mark.parametrize(("levels", "side"), [(150, 84), (300, 199), (300, 250)])
def test_a_pixel_is_the_mean_of_what_it_covers(levels, side):
    picture = np.random.default_rng(levels).integers(0, 256, (levels, levels, 3)).astype(np.uint8)
    rows = picture[:, :1].repeat(side, axis=0).reshape(side, levels, 3).mean(1)  # `side` times as fine
    alike = picture[:, :1].repeat(levels, axis=1)
    np.testing.assert_allclose(fitted(alike, side)[:, 0], rows, atol=0.51)


def test_a_large_picture_has_sharp_cells_of_nearly_one_size():
    picture = np.random.default_rng(0).integers(0, 256, (150, 150, 3)).astype(np.uint8)
    made = fitted(picture, 340)
    edges = np.flatnonzero((made[1:, 0] != made[:-1, 0]).any(1)) + 1
    sizes = np.diff([0, *edges, 340])
    assert len(sizes) == 150
    assert set(sizes) <= {2, 3}
    starts = np.array([0, *edges])
    np.testing.assert_array_equal(made[np.ix_(starts, starts)], picture)
