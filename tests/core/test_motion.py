"""How much moved, and when a person is warned: against fields whose answer is known."""

from types import SimpleNamespace

import numpy as np
import pytest

from mrn_core.head_motion import HeadMotion, RigidMotion
from mrn_core.motion import fold_warning, folded_share, motion_px, motion_warnings


def field(function):
    y, x = np.mgrid[:224, :224].astype(np.float64)
    return np.stack(function(x, y), axis=-1).astype(np.float32)


def test_motion_is_read_over_the_face_alone():
    flow = field(lambda x, y: (np.where(x < 100, 9.0, 2.0), 0 * x))
    square = np.array([[120, 50], [200, 50], [200, 200], [120, 200]] * 17, dtype=np.float64)
    assert motion_px(flow, square) == pytest.approx(2)
    assert motion_px(flow, None) == pytest.approx(9)


@pytest.mark.parametrize(("slope", "gain", "folds"), [(-0.2, 4, False), (-0.2, 6, True), (0.5, 14, False)])
def test_a_compression_folds_where_gain_times_slope_passes_minus_one(slope, gain, folds):
    flow = field(lambda x, y: (slope * (x - 112), 0 * y))
    assert (folded_share(flow, gain) > 0.9) == folds


def test_a_turn_never_folds_and_a_mirror_always_does():
    assert folded_share(field(lambda x, y: (-(y - 112), x - 112)), 5) == 0
    assert folded_share(field(lambda x, y: (-2 * (x - 112), 0 * y)), 1) == 1


def test_the_fold_warning_names_the_first_torn_level():
    flow = field(lambda x, y: (-0.1 * (x - 112), 0 * y))
    levels = np.array([2.0, 8.0, 9.5, 13.0])
    (told,) = fold_warning(flow, levels, 1 + levels)
    assert "From AF 9.5 on" in told
    assert "100.0%" in told
    assert fold_warning(flow * 0.1, levels, 1 + levels) == []


def test_warnings_come_one_by_one():
    clip = SimpleNamespace(times=np.arange(100) / 200)

    def told(onset=0, apex=20, moved=1.0, rigid=0.1, taken_out=None):
        left = None if rigid is None else RigidMotion(rigid, 0.0, 0.0, rigid)
        return " ".join(motion_warnings(clip, onset, apex, moved, HeadMotion(left, taken_out), 4.0))

    assert told() == ""
    assert "4.1 px" in told(moved=4.1)
    assert "1/3 s" in told(apex=80)
    assert "mostly noise" in told(moved=0.05)
    assert "moves the face by 2.0 px" in told(moved=2.5, rigid=2.0)
    assert told(rigid=None) == ""
    assert told(taken_out=RigidMotion(0.2, 0.1, 0.0, 0.25)) == ""
    assert "1.5 px from onset to apex (+1.0 px across, -1.0 px down, turned +0.8 degrees)" in told(
        taken_out=RigidMotion(1.04, -1.0, 0.8, 1.5)
    )
