"""Which of several faces is proposed and why, and whether the apex shows the same one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrn_core.faces import Face, crop_pair, fills_picture, proposed_face, sameness
from mrn_core.faces.choosing import nearest_face

POINTS = np.stack(np.meshgrid(np.linspace(0, 1, 17), np.linspace(0, 1, 4)), axis=-1).reshape(-1, 2)


def face_at(x, y, size):
    """A face whose box and landmarks fill a square around (x, y)."""
    return Face(
        (x - size / 2, y - size / 2, size, size), POINTS * size + (x - size / 2, y - size / 2), 0.9, "made"
    )


@pytest.mark.parametrize(
    ("faces", "index", "why"),
    [
        ([(320, 240, 100)], 0, "the only face"),
        (
            [(600, 240, 160), (330, 240, 212)],
            1,
            "the largest, and nearest to the middle: 212 px, the next 160 px",
        ),
        (
            [(200, 240, 212), (330, 240, 90)],
            0,
            "the largest, though another is nearer to the middle: 212 px, the next 90 px",
        ),
        (
            [(620, 20, 180), (320, 240, 150)],
            1,
            "nearest to the middle, though another is larger: 150 px, the next 180 px",
        ),
        (
            [(630, 470, 200), (300, 240, 40), (360, 240, 120)],
            2,
            "large and near to the middle: 120 px, the next 200 px",
        ),
    ],
)
def test_the_proposed_face_and_why(faces, index, why):
    assert proposed_face([face_at(*each) for each in faces], 480, 640) == (index, why)


@given(st.permutations([(320, 240, 100), (100, 240, 160), (330, 250, 212), (600, 20, 40)]))
def test_the_proposal_does_not_depend_on_the_order(faces):
    index, why = proposed_face([face_at(*each) for each in faces], 480, 640)
    assert faces[index] == (330, 250, 212)
    assert why.endswith(("212 px, the next 160 px", "212 px, the next 100 px"))


def test_the_face_of_the_apex_is_the_one_nearest_in_place_and_size():
    face = face_at(300, 200, 100)
    others = [face_at(310, 205, 40), face_at(290, 195, 105), face_at(500, 200, 100)]
    assert nearest_face(face, others) is others[1]
    assert nearest_face(face, []) is None


def test_why_stands_in_the_pair_and_the_warning(picture):
    both = np.concatenate([picture[:, ::-1], picture], axis=1)
    pair = crop_pair(both, both, onset_frame=3)
    assert pair.chosen.startswith("the largest")
    assert any(
        text.startswith(f"2 faces in frame 3, the onset: taken is {pair.chosen}") for text in pair.warnings
    )


def test_another_face_in_the_apex_is_told_with_place_size_and_likeness(picture, face):
    empty = np.zeros_like(picture)
    onset = np.concatenate([picture, empty], axis=1)
    pair = crop_pair(onset, np.concatenate([empty, picture], axis=1), onset_frame=3, apex_frame=8)
    (said,) = (text for text in pair.warnings if "another one" in text)
    far = picture.shape[1]
    assert f"in frame 8, the apex may be another one: {far} px from the onset's" in said
    assert "The crop comes from the onset." in said
    assert pair.apex_quality > 0.65
    # the same man a little aside is no other
    aside = np.roll(picture, 9, axis=1)
    assert not any("another" in text for text in crop_pair(picture, aside).warnings)


def test_likeness_is_of_looks_not_of_light(picture, face):
    same = sameness(picture, face, (picture * 0.4).astype(np.uint8), face)
    assert (same.shift, same.ratio) == (0, 1)
    assert same.likeness == pytest.approx(1, abs=0.01)
    assert not same.other
    upside_down = sameness(picture, face, picture[::-1], face)
    assert upside_down.likeness < 0.6
    assert upside_down.other


def test_only_a_face_that_fills_width_and_height_fills_the_picture():
    assert fills_picture(face_at(50, 50, 70), 100, 100).startswith(
        "The landmarks span 70% of the picture's width"
    )
    assert fills_picture(face_at(50, 50, 60), 100, 100) == ""
    assert fills_picture(face_at(80, 50, 70), 100, 160) == ""
