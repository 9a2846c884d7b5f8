"""Difference pictures and motion arrows of magnified levels."""

import doctest

import numpy as np

from mrn_core import level_views
from mrn_core.level_views import LEAST_FULL, difference_pictures, motion_arrows


def test_the_examples_run():
    done = doctest.testmod(level_views)
    assert done.attempted > 0
    assert done.failed == 0


def test_differences_have_one_scale_for_all_levels():
    onset = np.full((40, 40, 3), 100, np.uint8)
    frames = np.stack([onset, onset + 10, onset - 40])
    made = difference_pictures(frames, onset)
    assert made.full == 40
    assert np.unique(made.pictures[0]).tolist() == [128]
    assert np.unique(made.pictures[1]).tolist() == [round(128 + 10 * 127 / 40)]
    assert np.unique(made.pictures[2]).tolist() == [1]


def test_noise_is_not_shown_as_motion():
    onset = np.full((40, 40, 3), 100, np.uint8)
    made = difference_pictures(np.stack([onset + 1]), onset)
    assert made.full == LEAST_FULL
    assert abs(int(made.pictures[0, 0, 0]) - 128) < 20


def test_arrows_follow_the_motion_of_the_level():
    """A square that moves right by 2 px has a flow of -2 from the apex back to the onset."""
    flow = np.zeros((112, 112, 2), np.float32)
    flow[40:80, 40:80] = (-2.0, 1.0)
    arrows = motion_arrows(flow, 5.0, across=14)
    middle = arrows[np.argmin(np.hypot(arrows[:, 0] - 58, arrows[:, 1] - 61))]
    np.testing.assert_allclose(middle, (60 - 2, 60 + 1, 10, -5), atol=1e-5)
    assert len(arrows) == 25
    assert len(motion_arrows(flow, 0.1)) == 0
