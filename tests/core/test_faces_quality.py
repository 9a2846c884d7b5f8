"""The figures of a face: each against a change of known size, and what is said of a poor one."""

import dataclasses
import json
import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrn_core.errors import FaceError
from mrn_core.face_reading import FaceQuality, FaceReading
from mrn_core.faces import Face, crop, crop_pair, face_quality, face_transform, quality_warnings
from mrn_core.faces.finding import look_for_face
from mrn_core.faces.quality import COVERED_FACE, share_inside

EYES, MOUTH = slice(36, 48), slice(48, 68)


@pytest.fixture(scope="module")
def free(picture, face):
    return face_quality(picture, face)


def covered(picture, face, part, grey):
    low, high = face.landmarks[part].min(axis=0) - 8, face.landmarks[part].max(axis=0) + 8
    view = picture.copy()
    view[round(low[1]) : round(high[1]), round(low[0]) : round(high[0])] = grey
    return view


def with_points(face, landmarks):
    return dataclasses.replace(face, landmarks=landmarks)


def test_a_free_face_has_figures_in_their_ranges(picture, face, free):
    assert free.size == face.size
    assert free.eyes == pytest.approx(math.dist(face.landmarks[36], face.landmarks[45]))
    assert (free.landmarks, free.score, free.inside) == (face.quality, face.score, 1)
    assert free.score > 1
    assert 0.35 < free.sharpness < 0.65
    assert free.parts > 0.6
    assert free.overall == pytest.approx(face.quality)
    assert quality_warnings(free, "the picture") == []
    assert face_quality(picture, face) == free


def test_brightness_and_contrast_are_those_of_the_pixels_between_the_landmarks(face):
    low, high = face.landmarks.min(axis=0), face.landmarks.max(axis=0)
    ramp = np.tile(np.arange(320, dtype=np.uint8)[None, :], (320, 1)) // 2
    hull = cv2.convexHull(np.rint(face.landmarks).astype(np.int32))[:, 0]
    ys, xs = np.mgrid[0:320, 0:320]
    # a point is inside a convex polygon where it lies on one side of every edge
    ahead = np.roll(hull, -1, axis=0) - hull
    sides = [dx * (ys - y) - dy * (xs - x) for (x, y), (dx, dy) in zip(hull, ahead, strict=True)]
    inside = np.all(np.array(sides) >= 0, axis=0) | np.all(np.array(sides) <= 0, axis=0)
    assert inside[round((low[1] + high[1]) / 2), round((low[0] + high[0]) / 2)]
    told = face_quality(ramp, face)
    assert told.brightness == pytest.approx(ramp[inside].mean(), abs=0.3)
    assert told.contrast == pytest.approx(ramp[inside].std(), abs=0.3)


def test_light_blur_and_size_each_lower_the_quality(picture, face, free):
    dim = face_quality((picture * 0.2).astype(np.uint8), face)
    assert dim.brightness == pytest.approx(0.2 * free.brightness, abs=1)
    assert dim.contrast == pytest.approx(0.2 * free.contrast, abs=0.5)
    assert dim.overall == pytest.approx(free.overall * dim.contrast / 12)
    sharpness = [face_quality(cv2.GaussianBlur(picture, (0, 0), s), face).sharpness for s in (1, 2, 4)]
    assert free.sharpness > sharpness[0] > sharpness[1] > sharpness[2]
    assert sharpness[2] < 0.18
    small = cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    box = tuple(value / 4 for value in face.box)
    quarter = dataclasses.replace(face, box=box, landmarks=(face.landmarks + 0.5) / 4 - 0.5)
    told = face_quality(small, quarter)
    assert (told.size, told.eyes) == pytest.approx((free.size / 4, free.eyes / 4))
    assert told.overall == pytest.approx(free.overall * told.size / 80)
    grey = face_quality(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), face)
    assert grey.as_told() == pytest.approx(free.as_told(), abs=0.02)


@pytest.mark.parametrize("part", [EYES, MOUTH])
@pytest.mark.parametrize("grey", [0, 128, (190, 140, 120)])
def test_a_cover_is_seen_where_the_landmarks_are_as_sure_as_before(picture, face, free, part, grey):
    view = covered(picture, face, part, grey)
    told, mirrored = face_quality(view, face), face_quality(view[:, ::-1], _mirrored(face, view))
    assert told.parts < COVERED_FACE / 2
    assert told.overall < free.overall / 2
    assert mirrored.parts == pytest.approx(told.parts, abs=0.05)
    assert mirrored.overall == pytest.approx(told.overall, abs=0.1)
    (said,) = quality_warnings(told, "frame 8, the apex")
    assert said.startswith(f"An eye or the mouth in frame 8, the apex has {told.parts:.2f} of")


def _mirrored(face, view):
    from mrn_core.faces.face import MIRRORED

    points = face.landmarks[MIRRORED].copy()
    points[:, 0] = view.shape[1] - 1 - points[:, 0]
    return with_points(face, points)


def test_a_mouth_covered_in_the_apex_alone_is_told_by_its_contrast(picture, face):
    view = covered(picture, face, MOUTH, (190, 140, 120))
    told = crop_pair(picture, view, apex_frame=8).warnings
    assert any("frame 8, the apex" in text for text in told)
    assert crop_pair(picture, picture, apex_frame=8).warnings == []


@pytest.mark.parametrize(
    ("box", "share"),
    [
        ((0, 0, 10, 10), 1),
        ((-5.5, 3, 10, 10), 0.5),
        ((-0.5, 14.5, 20, 10), 0.5),
        ((30, 3, 4, 4), 0),
        ((1, 1, 0, 4), math.nan),
    ],
)
def test_the_share_of_a_box_in_a_picture(box, share):
    # the area of a picture of 20 x 20 px reaches from -0.5 to 19.5
    assert share_inside(box, 20, 20) == pytest.approx(share, nan_ok=True)


def test_what_cannot_be_told_is_nan_and_costs_nothing(picture, face):
    flat = face_quality(np.full((64, 64), 90, np.uint8), None)
    assert (flat.contrast, flat.brightness, flat.inside, flat.size) == (0, 90, 1, 64)
    assert math.isnan(flat.sharpness)
    assert math.isnan(flat.landmarks)
    assert flat.overall == 0
    away = face_quality(picture, with_points(face, face.landmarks + 4000))
    assert math.isnan(away.brightness)
    assert math.isfinite(away.overall)
    whole = face_quality(picture, None)
    assert whole.overall == 1
    assert quality_warnings(FaceQuality(), "the picture") == []


NUMBERS = st.one_of(st.just(math.nan), st.floats(-1e6, 1e6))


@settings(max_examples=30)
@given(st.tuples(*(NUMBERS for _ in dataclasses.fields(FaceQuality))))
def test_figures_come_back_from_json(values):
    told = FaceReading((1, 2, 3, 4), None, None, 0.5, "dlib", FaceQuality(*values), "the only face")
    back = FaceReading.from_told(json.loads(json.dumps(told.as_told(), allow_nan=False)), None, None)
    assert back.measured is not None
    assert dataclasses.astuple(back.measured) == pytest.approx(values, rel=0, abs=0, nan_ok=True)
    assert (back.box, back.chosen) == (told.box, told.chosen)
    phrases = told.measured.in_words()
    assert len(phrases) == sum(math.isfinite(value) for value in values)


def test_what_an_older_program_wrote_has_no_figures():
    old = {"box": None, "quality": None, "source": "whole"}
    assert FaceReading.from_told(old, None, None) == FaceReading()


def test_poor_figures_are_told_with_what_was_measured(free):
    poor = dataclasses.replace(free, size=31.2, contrast=3.6, brightness=20, sharpness=0.1, landmarks=0.4)
    covered, small, dim, blurred = quality_warnings(poor, "frame 3, the onset")
    assert "quality 0.40 of 1" in covered
    assert "only 31 px large: at 32 px the landmarks are 1.8 px" in small
    assert "3.6 grey levels (mean 20 of 255): at 3.4" in dim
    assert "sharpness 0.10 of 1" in blurred


def test_a_face_below_twenty_px_is_refused_with_its_size(picture, face):
    tiny = (face.landmarks - face.landmarks.min(axis=0)) * (14.6 / face.size) + 30
    with pytest.raises(FaceError, match="frame 3, the onset is 15 px large: too small") as caught:
        look_for_face(picture, tiny, frame=3, role="onset")
    assert "At least 20 px" in caught.value.advice


SEARCHED = r"dlib searched its 320 x 320 px at 1, 2 and 4 times the size, with and without a border"


@pytest.mark.parametrize(
    ("light", "said"),
    [
        (0.04, SEARCHED + r"; mean grey level \d of 255, contrast \d\."),
        (0.02, r"It is all of one grey: mean \d of 255, \d levels"),
    ],
)
def test_no_face_is_refused_with_what_was_tried_and_measured(picture, light, said):
    with pytest.raises(FaceError, match=said) as caught:
        look_for_face((picture * light).astype(np.uint8), frame=3, role="onset")
    assert caught.value.advice.startswith("It is too dark")
    assert "the face's box" in caught.value.advice


def test_a_picture_that_is_cut_to_the_face_is_said_to_be(picture, face):
    cut = crop(picture, face_transform(face.landmarks, 224))
    told = look_for_face(cut).warnings
    assert "span 71% of the picture's width and 70% of its height" in told[0]
    assert "say that the whole picture is the face" in told[0]
    assert look_for_face(picture).warnings == []
    assert look_for_face(cut, "whole").warnings == []
    assert look_for_face(cut, "whole").chosen == "the whole picture"


def test_a_share_of_the_face_beyond_the_border_is_told_and_stays_grey(picture, face):
    x, w = round(face.box[0]), round(face.box[2])
    cut = np.ascontiguousarray(picture[:, x + w // 4 :])
    pair = crop_pair(cut, cut)
    assert any(f"{1 - pair.measured.inside:.0%} of its box lies outside" in text for text in pair.warnings)
    assert pair.measured.inside == pytest.approx(0.75, abs=0.05)
    assert pair.outside.mean() == pytest.approx(pair.transform.share_outside(*cut.shape[:2]))
    assert crop_pair(picture, picture).outside is None


def test_a_face_given_by_hand_is_measured_too(picture, face):
    found = look_for_face(picture, face.landmarks)
    assert (found.measured.landmarks, found.chosen) == (1, "the landmarks that were given")
    assert math.isnan(found.measured.score)
    assert isinstance(found.face, Face)
