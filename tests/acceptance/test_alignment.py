"""Issue 13: what is left of the head's motion after the refined alignment, and without it."""

import importlib.util
import math
import os

import cv2
import numpy as np
import pytest

from mrn_core import open_clip
from mrn_core.clip.demo import demo_clip_path, demo_truth
from mrn_core.datasets.synthetic import EMOTIONS, identity, sample_clip
from mrn_core.datasets.synthetic.render import place
from mrn_core.faces import crop_pair, rigid_motion_px

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(importlib.util.find_spec("dlib") is None, reason="dlib is not installed"),
]
STABLE = [27, 28, 29, 30, 39, 42]


def added(rng, picture):
    """The picture with up to 2 degrees and 3 px of motion, and the (2, 3) matrix of it."""
    size = picture.shape[1], picture.shape[0]
    angle, shift = math.radians(rng.uniform(-2, 2)), rng.uniform(-1, 1, 2)
    shift *= rng.uniform(0, 3) / np.hypot(*shift)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    middle = (np.array(size) - 1) / 2
    matrix = np.column_stack([turn, middle + shift - turn @ middle])
    moved = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return moved, matrix


def at_rest(clip, frame):
    """(68, 2) landmarks without any expression, in the head's pose of that frame: the rigid truth."""
    pose = clip.head.pose(frame / clip.fps)
    head = clip._head()
    return head.landmarks(place(head, np.zeros(52), pose, clip.camera).screen)[:, :2]


@pytest.fixture(scope="module")
def told():
    """(40, 6) px of the crop, with the onset's crop and with the refined one.

    Each time what the program reads, the true motion of the bridge of the nose and the inner corners of the
    eyes, and the true motion of all 68 landmarks (root mean square, the turn with it).
    """
    first = int(os.environ.get("MRN_FIRST_CLIP", "0"))  # the limits were met with 0, others were tried too
    rng = np.random.default_rng(13 + first)
    measured = []
    for number in range(first, first + 40):
        clip = sample_clip(number, identity(number), EMOTIONS[number % len(EMOTIONS)])
        onset = clip.render_frame(clip.onset)
        moved, matrix = added(rng, clip.render_frame(clip.apex))
        plain, refined = crop_pair(onset, moved), crop_pair(onset, moved, refine=True)
        before, after = at_rest(clip, clip.onset), at_rest(clip, clip.apex)
        after = after @ matrix[:, :2].T + matrix[:, 2]
        row = []
        for pair in (plain, refined):
            off = (pair.apex_transform or pair.transform).to_crop(after) - pair.transform.to_crop(before)
            row.append(rigid_motion_px(pair.onset, pair.apex, pair.landmarks_crop))
            row += [np.hypot(*off[STABLE].mean(axis=0)), np.sqrt((off**2).sum(axis=1).mean())]
        measured.append(row)
    told = np.array(measured)
    for name, at in (("median", 50), ("95th percentile", 95)):
        print(name, "onset's read, true, true of all; refined's:", np.percentile(told, at, axis=0).round(3))
    return told


def test_rigid_motion_left_on_40_synthetic_clips(told):
    # column 3 is the project's own meter, which fits what the refinement fitted: agreement, not proof
    for column in (3, 4, 5):
        assert np.median(told[:, column]) < 0.1
        assert np.percentile(told[:, column], 95) < 0.25


def test_rigid_motion_left_on_the_demo_clip():
    """The motion added is known, that of the clip itself is not: the addition must vanish."""
    rng, truth, clip = np.random.default_rng(14), demo_truth(), open_clip(demo_clip_path())
    onset, apex = clip[truth.onset], clip[truth.apex]
    still = crop_pair(onset, apex, refine=True)
    measured = []
    for _ in range(20):
        moved, matrix = added(rng, apex)
        row = []
        for refine in (False, True):
            pair = crop_pair(onset, moved, refine=refine)
            there = still.face.landmarks @ matrix[:, :2].T + matrix[:, 2]
            off = (pair.apex_transform or pair.transform).to_crop(there)
            off -= (still.apex_transform if refine else still.transform).to_crop(still.face.landmarks)
            row.append(rigid_motion_px(pair.onset, pair.apex, pair.landmarks_crop))
            row.append(np.sqrt((off**2).sum(axis=1).mean()))
        measured.append(row)
    told = np.array(measured)
    print("demo clip: onset's read, true; refined's read, true: median", np.median(told, axis=0).round(3))
    print("95th percentile", np.percentile(told, 95, axis=0).round(3))
    for column in (2, 3):
        assert np.median(told[:, column]) < 0.1
        assert np.percentile(told[:, column], 95) < 0.25
