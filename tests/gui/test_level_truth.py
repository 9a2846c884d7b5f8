"""The exact truth of a level in the window."""

import numpy as np
import pytest

from mrn_core.clip.demo import demo_truth
from mrn_core.errors import FileError
from mrn_gui.level.truth import LevelTruth


@pytest.fixture
def truth(analysed):
    return LevelTruth(analysed)


def made(truth, qtbot, level):
    with qtbot.waitSignal(truth.made, timeout=60_000) as said:
        truth.want(level)
    assert said.args[0] == level
    return said.args[1]


def test_the_demo_clips_truth_is_known_and_each_level_is_near_it(truth, analysed, qtbot):
    with qtbot.waitSignal(truth.known_changed, check_params_cb=bool, timeout=20_000):
        truth._look()
    low, high = made(truth, qtbot, 0), made(truth, qtbot, 3)
    assert low.picture.shape == analysed.analysis.onset.shape
    assert low.likeness.explained > high.likeness.explained > 0.7
    assert low.likeness.moving < low.likeness.still


def test_it_is_that_of_the_frames_that_were_analysed(truth, analysed, qtbot):
    exact = made(truth, qtbot, 2)
    analysed.set_mark("apex", demo_truth().apex - 8)
    assert np.array_equal(made(truth, qtbot, 2).picture, exact.picture)


def test_a_clip_whose_truth_nobody_knows(opened, tmp_path, qtbot, monkeypatch):
    import mrn_core.datasets.exact as exact

    def refused(_):
        raise FileError("The truth is damaged.", "Make the clip again.")

    monkeypatch.setattr(exact, "exact_levels", refused)
    monkeypatch.setattr(exact, "is_known", lambda _: False)
    truth = LevelTruth(opened)
    with qtbot.waitSignal(truth.known_changed, check_params_cb=lambda known: not known, timeout=20_000):
        truth._look()
    truth.want(0)  # no analysis: nothing is asked for
    opened.analyse()
    qtbot.waitUntil(lambda: opened.analysis is not None, timeout=120_000)
    with qtbot.waitSignal(truth.failed, timeout=20_000) as said:
        truth.want(0)
    assert "damaged" in said.args[0].what
