"""The crop's geometry, on pictures whose truth is known."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrn_core.errors import ClipError
from mrn_core.faces import crop, face_transform, head_shift, rigid_motion_px, whole_transform
from mrn_core.faces.alignment import CropTransform, similarity
from mrn_core.faces.face import LEFT_EYE, MIRRORED, RIGHT_EYE


def face_points(seed=0):
    """68 points in the rough places of a face 100 px wide around (0, 0)."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(-40, 40, size=(68, 2))
    points[:17, 0] = np.linspace(-50, 50, 17)
    points[:17, 1] = 60 - (points[:17, 0] / 50) ** 2 * 60
    points[list(LEFT_EYE)] = rng.uniform((-25, -15), (-19, -9), size=(6, 2))
    points[list(RIGHT_EYE)] = rng.uniform((19, -15), (25, -9), size=(6, 2))
    return points


def waves(height, width, x, y):
    """A smooth colour picture, at any (sub-pixel) place."""
    return np.stack(
        [
            128 + 60 * np.sin(x / 9 + k) * np.cos(y / (11 + k)) + 20 * x / width + 10 * y / height
            for k in range(3)
        ],
        axis=-1,
    )


@given(
    angle=st.floats(-40, 40),
    scale=st.floats(0.3, 8),
    x=st.floats(-500, 500),
    y=st.floats(-500, 500),
    margin=st.floats(0, 0.6),
    seed=st.integers(0, 20),
)
def test_the_eyes_are_level_and_the_box_is_square(angle, scale, x, y, margin, seed):
    turn = np.radians(angle)
    rotation = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    landmarks = face_points(seed) @ rotation.T + (x, y)
    transform = face_transform(landmarks, margin=margin)
    inside = transform.to_crop(landmarks)
    eyes = inside[list(LEFT_EYE)].mean(axis=0), inside[list(RIGHT_EYE)].mean(axis=0)
    assert eyes[0][1] == pytest.approx(eyes[1][1], abs=1e-6)
    assert eyes[0][0] < eyes[1][0]
    low, high = inside.min(axis=0), inside.max(axis=0)
    np.testing.assert_allclose((low + high) / 2, 111.5, atol=1e-6)
    assert (high - low).max() == pytest.approx(224 / (1 + 2 * margin), abs=1e-6)
    np.testing.assert_allclose(transform.to_image(inside), landmarks, atol=1e-6)


def test_a_face_moved_turned_and_scaled_gives_the_same_crop_coordinates():
    landmarks = face_points()
    turn = np.radians(17)
    moved = 2.5 * landmarks @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + (
        30,
        -8,
    )
    np.testing.assert_allclose(
        face_transform(moved).to_crop(moved), face_transform(landmarks).to_crop(landmarks), atol=1e-9
    )


def test_angle_and_scale_are_what_was_asked_for():
    transform = similarity((50, 40), side=448, angle=math.radians(12), size=224)
    assert transform.scale == pytest.approx(0.5)
    assert transform.angle == pytest.approx(12)
    np.testing.assert_allclose(transform.to_crop((50, 40)), (111.5, 111.5))


def test_a_crop_without_turn_and_scale_is_the_picture_to_the_bit():
    picture = np.random.default_rng(0).integers(0, 256, (224, 224, 3), dtype=np.uint8)
    assert np.array_equal(crop(picture, whole_transform(224, 224)), picture)
    larger = np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    shift = CropTransform(np.array([[1.0, 0, -31], [0, 1, -17]]), 224)
    assert np.array_equal(crop(larger, shift), larger[17 : 17 + 224, 31 : 31 + 224])


@pytest.mark.parametrize(("side", "angle"), [(60, 0), (100, 9), (223.3, -20), (400, 14), (800, 3)])
def test_every_pixel_shows_the_place_that_the_transform_says(side, angle):
    height, width = 1000, 1100
    y, x = np.mgrid[:height, :width].astype(float)
    picture = np.rint(waves(height, width, x, y)).astype(np.uint8)
    transform = similarity((530.3, 471.8), side, math.radians(angle), 224)
    steps = np.arange(224.0)
    places = transform.to_image(np.stack(np.meshgrid(steps, steps), axis=-1))
    got = crop(picture, transform).astype(float)
    error = got - waves(height, width, places[..., 0], places[..., 1])
    # a shrunk pixel is the mean of an area: a wave of 9 px loses some height over 4 px, but does not move
    assert np.abs(error).max() < (1.6 if side < 400 else 3 if side < 900 else 9)
    assert abs(error.mean()) < 0.1


def test_shrinking_averages_and_does_not_alias():
    stripes = np.zeros((896, 896), dtype=np.uint8)
    stripes[:, ::2] = 255
    small = crop(stripes, whole_transform(896, 896))
    assert small.min() >= 126
    assert small.max() <= 129


def test_outside_is_neutral_and_nothing_wraps():
    picture = np.zeros((100, 100, 3), dtype=np.uint8)
    picture[:, 90:] = 255  # would show on the left if anything wrapped
    transform = similarity((0, 50), side=100, angle=0.2, size=224)
    places = transform.to_image(np.stack(np.meshgrid(np.arange(224.0), np.arange(224.0)), axis=-1))
    shown = crop(picture, transform)
    outside = (places < -0.5).any(axis=-1) | (places > 99.5).any(axis=-1)
    inside = ((places > -0.5) & (places < 87)).all(axis=-1)
    assert outside.any()
    assert (shown[outside] == 128).all()
    assert (shown[inside] == 0).all()
    assert transform.share_outside(100, 100) == pytest.approx(0.55, abs=0.06)
    beyond = similarity((-500, -500), side=100, angle=0, size=224)
    assert (crop(picture, beyond) == 128).all()
    assert beyond.share_outside(100, 100) == 1


def test_a_whole_picture_keeps_its_proportions():
    picture = np.full((100, 200, 3), 30, dtype=np.uint8)
    shown = crop(picture, whole_transform(100, 200))
    assert (shown[60:164] == 30).all()
    assert (shown[:50] == 128).all()
    assert (shown[-50:] == 128).all()


def test_grey_is_cropped_like_colour():
    grey = np.random.default_rng(0).integers(0, 256, (90, 120), dtype=np.uint8)
    transform = similarity((60, 44), 71, 0.1, 224)
    assert np.array_equal(crop(grey, transform), crop(np.repeat(grey[..., None], 3, axis=2), transform))


@pytest.mark.parametrize("shape", [(10, 10, 4), (10, 10, 2), (10,), (0, 10, 3)])
def test_what_is_no_picture_is_refused(shape):
    with pytest.raises(ClipError, match="8-bit grey"):
        crop(np.zeros(shape, dtype=np.uint8), whole_transform(10, 10))
    with pytest.raises(ClipError):
        crop(np.zeros((10, 10, 3)), whole_transform(10, 10))


def test_mirroring_twice_is_nothing():
    assert np.array_equal(MIRRORED[MIRRORED], np.arange(68))


def textured():
    rng = np.random.default_rng(3)
    picture = cv2.GaussianBlur(rng.uniform(0, 255, (400, 400, 3)), (0, 0), 3)
    picture = (picture - picture.min()) / np.ptp(picture) * 255
    return np.rint(picture).astype(np.uint8)


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (0.1, 0), (0.5, -0.25), (1, 0.5), (-3.3, 2), (6, 5)])
def test_a_known_shift_of_the_head_is_measured(dx, dy):
    """The shift comes from the crop's transform; brightness and noise change too."""
    picture = textured()
    base = similarity((200, 200), 224, 0, 224)
    onset, apex = crop(picture, base), crop(picture, base.shifted(dx, dy))
    noise = np.random.default_rng(0).normal(0, 2, apex.shape)
    dim = np.clip(np.rint(0.9 * apex + 5 + noise), 0, 255).astype(np.uint8)
    marks = face_points() + 111.5
    marks[27:31] = [(112, 90), (112, 98), (112, 106), (112, 114)]
    for other, tolerance in ((apex, 0.03), (dim, 0.06)):
        np.testing.assert_allclose(head_shift(onset, other, marks), (dx, dy), atol=tolerance)
        assert rigid_motion_px(onset, other, marks) == pytest.approx(math.hypot(dx, dy), abs=tolerance)
        assert rigid_motion_px(onset, other) == pytest.approx(math.hypot(dx, dy), abs=tolerance)


def test_no_shift_is_told_of_a_flat_crop():
    flat = np.full((224, 224, 3), 90, dtype=np.uint8)
    assert math.isnan(rigid_motion_px(flat, flat))
    assert math.isnan(rigid_motion_px(flat, flat, face_points() + 111.5))
