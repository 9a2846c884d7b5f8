"""The map of differences for every kind of sight, and beside the orange of what is pointed at."""

import numpy as np
import pytest

from mrn_gui.palette import PALETTES

# Machado, Oliveira and Fernandes 2009, severity 1, on linear sRGB.
SIGHT = {
    "normal": np.eye(3),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(rgb, sight):
    """(..., 3) uint8 sRGB as CIELAB, as this sight has it."""
    rgb = np.asarray(rgb, float) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ SIGHT[sight].T, 0, 1)
    x = seen @ TO_XYZ.T / (TO_XYZ @ np.ones(3))
    f = np.where(x > (6 / 29) ** 3, np.cbrt(x), x / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def apart(a, b, sight):
    return np.linalg.norm(lab(a, sight) - lab(b, sight), axis=-1)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_more_and_less_are_told_apart_by_everybody(theme, sight):
    palette = PALETTES[theme]
    sizes = np.array([0.625, 1.25, 1.875, 2.5])  # a quarter of the range and more
    more, less = palette.difference_colours(sizes, 2.5), palette.difference_colours(-sizes, 2.5)
    assert apart(more, less, sight).min() > 18
    ground = palette.difference_colours(np.zeros(1), 2.5)
    for colours in (more, less):
        assert (np.diff(apart(colours, ground, sight)) > 0).all(), "more change is further from the ground"
        assert apart(colours, ground, sight)[0] > 12
    orange = np.array([int(palette.selection[i : i + 2], 16) for i in (1, 3, 5)], np.uint8)
    assert apart(palette.difference_table(), orange, sight).min() > 12


def test_the_sight_of_all_keeps_white_white():
    for matrix in SIGHT.values():
        assert matrix.sum(1) == pytest.approx([1, 1, 1], abs=1e-5)
