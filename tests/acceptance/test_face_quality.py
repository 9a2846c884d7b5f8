"""What a small or flat face costs: the table in ``mrn_core.faces.quality``, measured again.

Faces are moved at brows and mouth by 1 px of the crop, made smaller or darker, and given a camera's noise
of 1.5 grey levels; then the flow is read as the program reads it.
"""

import importlib.util

import cv2
import numpy as np
import pytest

from mrn_core import open_clip
from mrn_core.datasets.synthetic import EMOTIONS, identity, sample_clip
from mrn_core.faces import crop, detect_faces, face_quality, face_transform
from mrn_core.faces.quality import _BY_CONTRAST, _BY_SIZE, COVERED_FACE
from mrn_core.magnification.flow import dense_flow
from mrn_core.resources import resource

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(importlib.util.find_spec("dlib") is None, reason="dlib is not installed"),
]
NOISE = 1.5
FULL = 128  # px of the faces whose light is changed
CROP = 160.0  # px of a 224 px crop that a face spans
PULLS = {48: (-0.86, -0.51), 54: (0.86, -0.51), 19: (0, -1), 24: (0, -1)}


@pytest.fixture(scope="module")
def faces(shared):
    """(picture, its face at full size): three photographs and nine rendered people."""
    folder = shared / "data" / "faces"
    pictures = [
        open_clip(resource("demo", "astronaut.mp4"))[0],
        np.ascontiguousarray(cv2.imread(str(folder / "single_face.jpg"))[:, :, ::-1]),
        open_clip(folder / "single_face.mp4")[12],
    ]
    for number in range(9):
        clip = sample_clip(number, identity(number), EMOTIONS[number % len(EMOTIONS)], noise=0)
        pictures.append(clip.render_frame(clip.onset))
    return [(picture, detect_faces(picture)[0]) for picture in pictures]


def pulled(picture, face):
    """The picture with brows and mouth moved by 1 px of the crop, and the (H, W, 2) field, px."""
    unit = face.size / CROP
    ys, xs = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    field = np.zeros((*picture.shape[:2], 2), np.float32)
    for point, pull in PULLS.items():
        x, y = face.landmarks[point]
        bump = np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * (12 * unit) ** 2))
        field += bump[..., None] * np.float32(pull) * np.float32(unit)
    moved = cv2.remap(
        picture, xs - field[..., 0], ys - field[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return moved, field


def read(picture, face, poorer, scale):
    """The flow's gain, its motion at rest (rms, px of the crop) and the contrast, in the poorer pictures."""
    rng = np.random.default_rng(1)
    moved, field = pulled(picture, face)
    pair = []
    for view in (picture, moved):
        view = poorer(view).astype(np.float64)
        pair.append(np.clip(np.rint(view + rng.normal(0, NOISE, view.shape)), 0, 255).astype(np.uint8))
    landmarks = (face.landmarks + 0.5) * scale - 0.5
    cut, full = face_transform(landmarks), face_transform(face.landmarks)
    flow = -dense_flow(crop(pair[0], cut), crop(pair[1], cut))
    true = full.scale * cv2.warpAffine(field, full.matrix, (224, 224))
    size = np.hypot(*np.moveaxis(true, -1, 0))
    hull = np.zeros((224, 224), np.uint8)
    points = cv2.convexHull(np.rint(full.to_crop(face.landmarks)).astype(np.int32))
    cv2.fillConvexPoly(hull, points, 1)
    moving, still = size > 0.5, (hull == 1) & (size < 0.02)
    gain = (flow * true)[moving].sum() / (true**2)[moving].sum()
    rest = np.sqrt((flow[still] ** 2).sum(axis=1).mean())
    return gain, rest, face_quality(pair[0], _placed(face, landmarks)).contrast


def _placed(face, landmarks):
    from dataclasses import replace

    return replace(face, landmarks=landmarks)


def shrunk(picture, scale):
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("size", [96, 80, 64, 48, 40, 32, 24])
def test_a_small_face(faces, size):
    read_of, off, missed = [], [], 0
    for picture, face in faces:
        scale = size / face.size
        if scale > 1:
            continue
        small = shrunk(picture, scale)
        exact = (small.shape[1] / picture.shape[1], small.shape[0] / picture.shape[0])
        read_of.append(read(picture, face, lambda view, s=scale: shrunk(view, s), np.array(exact)))
        found = detect_faces(small)
        if not found:
            missed += 1
            continue
        there = (found[0].landmarks + 0.5) / exact - 0.5
        off.append(np.linalg.norm(there - face.landmarks, axis=1).mean() * CROP / face.size)
    gain, rest, _ = np.median(read_of, axis=0)
    moved = np.median(off)
    print(f"{size} px, {len(read_of)} faces: gain {gain:.2f}, at rest {rest:.2f}, landmarks {moved:.2f}")
    assert missed == 0
    for told, gain_told, off_told in _BY_SIZE:
        if told == size:
            assert gain == pytest.approx(gain_told, abs=0.04)
            assert moved == pytest.approx(off_told, rel=0.2)
    if size >= 80:  # where the quality begins to fall
        assert gain > 0.9
        assert moved < 0.9


@pytest.mark.parametrize("contrast", [26, 13, 7, 3.4, 1.9])
def test_a_flat_face(faces, contrast):
    read_of = []
    for picture, face in faces:
        scale, share = FULL / face.size, contrast / face_quality(picture, face).contrast
        if share > 1 or scale > 1:
            continue
        exact = np.round(np.array(picture.shape[1::-1]) * scale) / picture.shape[1::-1]
        read_of.append(read(picture, face, lambda view, k=share, s=scale: shrunk(view, s) * k, exact))
    gain, rest, _ = np.median(read_of, axis=0)
    print(f"contrast {contrast}, {len(read_of)} faces: gain {gain:.2f}, at rest {rest:.2f}")
    for told, rest_told in _BY_CONTRAST:
        if told == contrast:
            assert rest == pytest.approx(rest_told, rel=0.2)
    if contrast >= 13:
        assert rest < 0.2


def test_free_faces_show_eyes_and_mouth_in_any_even_light(faces):
    lights = {
        "plain": lambda view: view,
        "a tenth of the light": lambda view: view * 0.1,
        "gamma 2.2": lambda view: 255 * (view / 255) ** 2.2,
        "haze": lambda view: 255 - (255.0 - view) * 0.2,
    }
    for name, light in lights.items():
        told = [face_quality(light(picture).astype(np.uint8), face).parts for picture, face in faces]
        print(f"{name}: parts {min(told):.2f} to {max(told):.2f}")
        assert min(told) > COVERED_FACE
