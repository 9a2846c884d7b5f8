"""Head motion in the picture's plane, added to a rendered clip, is taken out of the apex's crop."""

import math

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from mrn_core.datasets.synthetic import identity, sample_clip
from mrn_core.datasets.synthetic.render import place
from mrn_core.faces import crop_pair, rigid_motion, rigid_motion_px

pytest.importorskip("dlib")


def turned(
    picture: npt.NDArray[np.uint8], degrees: float, shift: tuple[float, float]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float64]]:
    """The picture turned about its middle and moved by ``shift`` px, and the (2, 3) matrix that did it."""
    size = picture.shape[1], picture.shape[0]
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = np.array([[cos, -sin], [sin, cos]])
    middle = (np.array(size) - 1) / 2
    matrix = np.column_stack([turn, middle + shift - turn @ middle])
    moved = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8), matrix


@pytest.mark.parametrize(("degrees", "shift"), [(2.0, (-1.2, 3.0)), (-1.3, (2.5, -0.4))])
def test_added_head_motion_is_removed(degrees: float, shift: tuple[float, float]) -> None:
    clip = sample_clip(3, identity(3), "surprise")
    onset = clip.render_frame(clip.onset)
    moved, matrix = turned(onset, degrees, shift)
    plain = crop_pair(onset, moved)
    refined = crop_pair(onset, moved, refine=True)
    assert plain.apex_transform is None
    assert rigid_motion_px(plain.onset, plain.apex, plain.landmarks_crop) > 2
    assert rigid_motion_px(refined.onset, refined.apex, refined.landmarks_crop) < 0.1
    # against the motion that was added, at every landmark of the face
    assert refined.face is not None
    assert refined.apex_transform is not None
    assert refined.landmarks_crop is not None
    there = refined.face.landmarks @ matrix[:, :2].T + matrix[:, 2]
    off = np.linalg.norm(refined.apex_transform.to_crop(there) - refined.landmarks_crop, axis=1)
    assert off.max() < 0.25


@pytest.fixture(scope="module")
def glance():
    """Onset and apex of a clip whose eyes glance aside in between, and the head's true place in both."""
    clip = sample_clip(3, identity(3), "surprise")
    head = clip._head()

    def at_rest(frame):
        placed = place(head, np.zeros(52), clip.head.pose(frame / clip.fps), clip.camera)
        return head.landmarks(placed.screen)[:, :2]

    frames = clip.render_frame(clip.onset), clip.render_frame(clip.apex)
    return *frames, at_rest(clip.onset), at_rest(clip.apex)


def test_a_glance_is_not_taken_for_the_head(glance) -> None:
    onset, apex, before, after = glance
    moved, matrix = turned(apex, 1.5, (2.0, -1.0))
    after = after @ matrix[:, :2].T + matrix[:, 2]
    refined = crop_pair(onset, moved, refine=True)
    assert refined.apex_transform is not None
    off = refined.apex_transform.to_crop(after) - refined.transform.to_crop(before)
    assert np.hypot(*off.mean(axis=0)) < 0.2  # what follows the eyes is off by 0.8
    # what is told of the motion, against the truth
    plain = crop_pair(onset, moved)
    was = plain.transform.to_crop(after) - plain.transform.to_crop(before)
    told = rigid_motion(plain.onset, plain.apex, plain.landmarks_crop)
    assert told is not None
    assert refined.taken_out is not None
    for motion in (told, refined.taken_out):
        assert motion.px == pytest.approx(np.sqrt((was**2).sum(axis=1).mean()), abs=0.2)
        assert motion.degrees == pytest.approx(-1.5, abs=0.3)  # clockwise as seen: y points down
        stable = was[[27, 28, 29, 30, *range(36, 48)]].mean(axis=0)
        assert (motion.x, motion.y) == pytest.approx(tuple(stable), abs=0.2)


def test_what_shows_nothing_is_said_and_cut_as_the_onset() -> None:
    flat = np.full((60, 60, 3), 90, np.uint8)
    pair = crop_pair(flat, flat, face="whole", refine=True)
    assert pair.apex_transform is None
    assert "could not be refined" in pair.warnings[-1]


@pytest.mark.filterwarnings("error")
def test_towards_a_flat_apex_nothing_moves_that_could_be_told() -> None:
    onset = np.random.default_rng(0).integers(0, 256, (224, 224, 3), dtype=np.uint8)
    assert rigid_motion(onset, np.full_like(onset, 110)) is None
