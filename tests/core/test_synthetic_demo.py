"""The rendered demo clip and its truth belong together."""

import numpy as np

from mrn_core.clip import open_clip
from mrn_core.datasets.synthetic.demo import rendered_demo_path, rendered_demo_truth
from mrn_core.magnification.warping import warp


def test_the_film_is_the_clip_of_the_truth():
    film, truth = open_clip(rendered_demo_path()), rendered_demo_truth()
    assert len(film) == len(truth) == 99
    assert (truth.onset, truth.apex, truth.offset) == (30, 47, 74)
    assert film.fps == truth.fps == 200
    assert rendered_demo_path().stat().st_size < 600_000
    for frame in (truth.onset, truth.apex):
        apart = film[frame].astype(float).mean(axis=-1) - truth.clean_frame(frame).mean(axis=-1)
        assert abs(apart.mean()) < 0.5
        assert apart.std() < 2.5


def test_the_films_motion_is_the_truths():
    film, clip = open_clip(rendered_demo_path()), rendered_demo_truth()
    truth = clip.truth(clip.apex)
    assert 1.40 < np.linalg.norm(truth.displacement, axis=-1).max() < 1.46
    area = truth.mask & (np.linalg.norm(truth.displacement, axis=-1) > 0.4)
    onset, apex = (film[k].astype(float).mean(axis=-1) for k in (clip.onset, clip.apex))
    warped = warp(onset.astype(np.float32), truth.displacement, 1.0)
    assert np.abs(apex - warped)[area].mean() < 0.8 * np.abs(apex - onset)[area].mean()


def test_it_stays_in_range_up_to_the_programs_largest_factor():
    exact = rendered_demo_truth().magnified(13.0)
    assert exact.beyond == {}
    assert exact.folds == 0
    assert not exact.doubtful.any()
