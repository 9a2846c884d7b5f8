"""Issue 12's numbers on the synthetic faces, by the hundred."""

import importlib.util

import numpy as np
import pytest

from mrn_core.datasets.synthetic import EMOTIONS, Camera, Light, Pose, identity, manifest, sample_clip
from mrn_core.datasets.synthetic.head import head_of
from mrn_core.datasets.synthetic.render import levels_of, place
from mrn_core.magnification.warping import warp

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.timeout(7200),
    pytest.mark.skipif(importlib.util.find_spec("dlib") is None, reason="dlib is not installed"),
]
UNITS = 52


def neutral(person, light=None, pose=None, weights=None):
    camera, head = Camera(), head_of(person)
    weights = np.zeros(UNITS) if weights is None else weights
    placed = place(head, weights, pose or Pose(), camera)
    levels = levels_of(head, placed, camera, light or Light())
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)


def test_dlib_finds_at_least_98_of_100_neutral_faces():
    import dlib

    detector = dlib.get_frontal_face_detector()
    missed = [seed for seed in range(100) if not len(detector(neutral(identity(seed)), 0))]
    assert len(missed) <= 2, missed


def test_dlib_finds_the_face_in_95_of_100_frames_of_clips():
    import dlib

    detector = dlib.get_frontal_face_detector()
    found = []
    for number in range(100):
        clip = sample_clip(number, identity(number), EMOTIONS[number % len(EMOTIONS)])
        hits = [len(detector(clip.render_frame(k), 0)) > 0 for k in range(len(clip))]
        found.append((sum(hits), len(hits), number))
    hits, frames, _ = np.sum(found, axis=0)
    print(f"{hits} of {frames} frames, worst clips {sorted(found)[:5]}")
    assert hits >= 0.95 * frames


def test_embeddings_tell_40_identities_apart():
    import dlib
    import face_recognition_models as models

    detector = dlib.get_frontal_face_detector()
    predictor = dlib.shape_predictor(models.pose_predictor_model_location())
    network = dlib.face_recognition_model_v1(models.face_recognition_model_location())

    def embedding(picture):
        (box, *_) = detector(picture, 1)
        return np.array(network.compute_face_descriptor(picture, predictor(picture, box)))

    gallery, probes = [], []
    for number, person in enumerate(manifest()):
        smile = sample_clip(number, person, "happiness", peak_px=7.0).expression.weights()
        gallery.append(embedding(neutral(person)))
        light = Light(azimuth=35, elevation=20, key=0.7, ambient=0.35, warmth=-0.3)
        probes.append(embedding(neutral(person, light, Pose(yaw=7, pitch=-4, roll=3), smile)))
    apart = np.linalg.norm(np.array(probes)[:, None] - np.array(gallery)[None], axis=-1)
    right = int((apart.argmin(axis=1) == np.arange(40)).sum())
    others = apart[~np.eye(40, dtype=bool)]
    print(f"rank 1: {right} of 40; same {np.median(np.diag(apart)):.2f}, other {np.median(others):.2f}")
    assert right >= 39


def test_truth_of_100_clips():
    worst_bend, shares = 0.0, []
    for number in range(100):
        clip = sample_clip(
            number, identity(number), EMOTIONS[number % 8], peak_px=1.0, sway=0, distractors=False, noise=0
        )
        truth = clip.truth(clip.apex)
        before, after = clip.clean_frame(clip.onset), clip.clean_frame(clip.apex)
        moving = truth.mask & (np.linalg.norm(truth.displacement, axis=-1) > 0.3)
        left = np.abs(after - warp(before, truth.displacement, 1.0))[moving].mean()
        shares.append(left / np.abs(after - before)[moving].mean())
        head, camera, weights = head_of(clip.person), clip.camera, clip.expression.weights()
        rest = place(head, np.zeros(UNITS), Pose(), camera).screen[:, :2]
        one = place(head, weights, Pose(), camera).screen[:, :2] - rest
        bent = [
            np.linalg.norm(
                place(head, g * weights, Pose(), camera).screen[:, :2] - rest - g * one, axis=1
            ).max()
            for g in (2, 7, 14)
        ]
        worst_bend = max(worst_bend, *bent)
    few = int(np.sum(np.array(shares) <= 0.30))
    print(
        f"left: median {np.median(shares):.2f}, worst {max(shares):.2f}; {few} of 100; bend {worst_bend:.3f}"
    )
    # What a warp cannot take away is the change of light on skin that turns, as lips do that roll in.
    assert few >= 97
    assert max(shares) <= 0.40
    assert worst_bend <= 0.1
