"""The measure finds the gain of frames that were moved by a known one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import ndimage

from mrn_core.errors import SettingsError
from mrn_core.magnification.measure import measured_gain

SIZE = 96


def cosines(seed, waves=40):
    """A texture that can be read exactly anywhere: 1/f cosines. Returns f(x, y) -> (..., 3)."""
    rng = np.random.default_rng(seed)
    frequency = rng.uniform(0.004, 0.12, waves)
    angle, phase = rng.uniform(0, 2 * np.pi, (2, waves))
    strength = 1 / frequency / np.sqrt((1 / frequency**2).sum() / 2) * 40
    colour = rng.uniform(0.7, 1.0, (waves, 3))

    def read(x, y):
        along = frequency * (np.cos(angle) * x[..., None] + np.sin(angle) * y[..., None])
        return 120 + (strength * np.cos(2 * np.pi * along + phase)) @ colour

    return read


def moving_pair(seed, peak=1.0):
    """read(gain) -> the exact frame, and the true field (H, W, 2)."""
    texture = cosines(seed)
    y, x = np.indices((SIZE, SIZE), float)
    bump = np.exp(-((x - 48) ** 2 + (y - 44) ** 2) / (2 * 18.0**2))
    field = peak * bump[..., None] * np.array([0.6, -0.8])
    return (lambda gain: texture(x + gain * field[..., 0], y + gain * field[..., 1])), field


@given(gain=st.floats(0.5, 14), seed=st.integers(0, 50), peak=st.floats(0.3, 1.5))
@hypothesis_settings(max_examples=40)
def test_the_gain_of_an_exact_frame_is_found_within_one_percent(gain, seed, peak):
    read, field = moving_pair(seed, peak)
    assert measured_gain(read(gain), read(0), field) == pytest.approx(gain, rel=0.01, abs=0.01)


def test_no_motion_measures_zero_and_backward_motion_less():
    read, field = moving_pair(3)
    assert measured_gain(read(0), read(0), field) == pytest.approx(0, abs=1e-3)
    assert measured_gain(read(-0.7), read(0), field) == pytest.approx(-0.7, abs=0.01)


def test_camera_noise_does_not_bias_the_measure():
    read, field = moving_pair(4)
    rng = np.random.default_rng(0)
    found = [measured_gain(read(6) + rng.normal(0, 3, (SIZE, SIZE, 3)), read(0), field) for _ in range(12)]
    assert np.mean(found) == pytest.approx(6, rel=0.01)


def test_an_independent_search_finds_the_same_gain():
    """scipy's spline warp and a plain scan, on luminance, instead of OpenCV and Newton's steps."""
    read, field = moving_pair(5)
    frame, onset = (read(gain) @ [0.299, 0.587, 0.114] for gain in (4.3, 0))
    y, x = np.indices((SIZE, SIZE), float)
    moving = np.hypot(*np.moveaxis(field, -1, 0)) > 0.2
    scan = np.arange(3.5, 5.2, 0.02)
    cost = [
        np.square(
            (
                ndimage.map_coordinates(
                    onset, [y + m * field[..., 1], x + m * field[..., 0]], order=5, mode="mirror"
                )
                - frame
            )[moving]
        ).mean()
        for m in scan
    ]
    assert measured_gain(read(4.3), read(0), field) == pytest.approx(scan[np.argmin(cost)], abs=0.05)


def test_what_cannot_be_measured_is_refused():
    read, field = moving_pair(6)
    with pytest.raises(SettingsError, match="Nothing moves"):
        measured_gain(read(1), read(0), field * 0)
    with pytest.raises(SettingsError, match="no texture"):
        measured_gain(np.full((SIZE, SIZE, 3), 90.0), np.full((SIZE, SIZE, 3), 90.0), field)
    with pytest.raises(SettingsError, match="do not fit"):
        measured_gain(read(1), read(0), field[:-1])
