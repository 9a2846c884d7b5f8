"""The colours do what the window's text says of them."""

import numpy as np
import pytest

from mrn_gui import palette as palette_module
from mrn_gui.palette import PALETTES, contrast

PAIRS = [
    ("text", "panel"), ("text2", "panel"), ("text3", "panel"), ("text3", "sunk"), ("primary_text", "primary"),
    ("text", "primary_soft"), ("selection_text", "selection"), ("caution", "caution_ground"),
    ("error", "panel"), ("done", "panel"),
]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(theme, text, ground):
    palette = PALETTES[theme]
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5


def test_contrast_of_black_and_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_map_keeps_its_order_in_grey_and_meets_its_stops(theme):
    palette = PALETTES[theme]
    grey = palette.map_table() @ np.array([0.2126, 0.7152, 0.0722])
    steps = np.diff(grey[::8])
    assert (steps < 0).all() if theme == "light" else (steps > 0).all()
    for i, stop in enumerate(palette.map_stops):
        rgb = np.array([int(stop[k : k + 2], 16) for k in (1, 3, 5)])
        assert np.abs(palette.map_table()[round(i * 255 / 8)].astype(int) - rgb).max() <= 4


def test_bucket_colour_is_told_by_the_first_three_planes():
    palette = PALETTES["light"]
    assert palette.bucket(0b101, 3) == palette.buckets[5]
    assert palette.bucket(0b10111, 5) == palette.buckets[5]
    assert palette.bucket(0b1, 1) == palette.buckets[4]
    assert palette.bucket(0, 0) not in palette.buckets


def test_the_window_and_the_figures_have_one_map():
    from mrn_core.figures import style

    assert PALETTES["light"].map_stops == style.MAP_STOPS
    assert palette_module.SCALE_TOP == style.SCALE_TOP
