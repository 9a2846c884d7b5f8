"""Spotting, on a drawn face that moves along a known course; its landmarks are given, no detector runs."""

import cv2
import numpy as np
import pytest

from mrn_core import open_clip
from mrn_core.errors import Cancelled, FaceError, SettingsError
from mrn_core.resources import resource
from mrn_core.spotting import UNITS, spot

SIDE = 200
ONSET, APEX, OFFSET = 30, 48, 76
REGIONS = {"brows", "eyes", "nose", "mouth", "motion"}


def landmarks():
    """68 points of a plain face in a 200 x 200 picture."""
    points = np.zeros((68, 2))
    t = np.linspace(0, np.pi, 17)
    points[:17] = np.stack([100 - 62 * np.cos(t), 90 + 75 * np.sin(t)], axis=1)
    for first, centre in ((17, 70), (22, 130)):
        points[first : first + 5, 0] = centre + np.linspace(-16, 16, 5)
        points[first : first + 5, 1] = 68 - 4 * np.cos(np.linspace(-1, 1, 5))
    points[27:31] = [(100, y) for y in (85, 94, 103, 112)]
    points[31:36] = [(x, 120) for x in (90, 95, 100, 105, 110)]
    t = np.linspace(np.pi, -np.pi, 6, endpoint=False)
    for first, centre in ((36, 70), (42, 130)):
        points[first : first + 6] = np.stack([centre + 10 * np.cos(t), 86 - 4 * np.sin(t)], axis=1)
    t = np.linspace(np.pi, -np.pi, 12, endpoint=False)
    points[48:60] = np.stack([100 + 24 * np.cos(t), 142 - 8 * np.sin(t)], axis=1)
    t = np.linspace(np.pi, -np.pi, 8, endpoint=False)
    points[60:68] = np.stack([100 + 18 * np.cos(t), 142 - 3 * np.sin(t)], axis=1)
    return points


class MadeClip:
    """A textured face whose brows rise by ``height`` px and fall again, on a head that may drift."""

    def __init__(self, count=90, fps=200.0, height=1.5, drift=0.0, noise=1.0, empty=()):
        rng = np.random.default_rng(0)
        texture = cv2.GaussianBlur(rng.uniform(0, 255, (SIDE, SIDE)), (0, 0), 2.0)
        texture = 128 + (texture - texture.mean()) * 35 / texture.std()
        self.y, self.x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
        self.brows = np.exp(-(((self.y - 66) / 10) ** 2)) * np.exp(-(((self.x - 100) / 60) ** 4))
        # landmarks as dark strokes on skin, so that the coarse picture is that of a face
        for point in landmarks():
            texture -= 40 * np.exp(-((self.x - point[0]) ** 2 + (self.y - point[1]) ** 2) / 18)
        self.texture = texture.astype(np.float32)
        self.count, self.fps, self.height, self.drift, self.noise = count, fps, height, drift, noise
        self.empty = set(empty)
        self.asked = []

    def __len__(self):
        return self.count

    @staticmethod
    def course(index):
        """0 up to the onset, 1 at the apex, 0 from the offset on."""
        since_apex = index - APEX
        share = since_apex / (OFFSET - APEX if since_apex > 0 else APEX - ONSET)
        return 0.5 + 0.5 * np.cos(np.pi * np.clip(share, -1, 1))

    def __getitem__(self, index):
        self.asked.append(index)
        if index in self.empty:
            return np.full((SIDE, SIDE, 3), 100, dtype=np.uint8)
        up = self.height * self.course(index) * self.brows
        head = self.drift * index / self.count
        frame = cv2.remap(
            self.texture,
            self.x - head,
            self.y + up.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )
        noise = np.random.default_rng(index).normal(0, self.noise, frame.shape)
        return np.repeat(np.clip(np.rint(frame + noise), 0, 255).astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize("drift", [0.0, 4.0])
@pytest.mark.parametrize("method", ["difference", "flow"])
def test_the_apex_is_found_within_a_tenth_of_the_event(method, drift):
    clip = MadeClip(drift=drift)
    found = spot(clip, method, face=landmarks())
    length = OFFSET - ONSET
    assert abs(found.apex - APEX) <= length / 10
    assert abs(found.onset - ONSET) <= length / 4
    assert abs(found.offset - OFFSET) <= length / 4
    assert found.onset < found.apex < found.offset
    assert 0.3 < found.confidence <= 1
    assert (found.method, found.units, found.fps, found.reference) == (method, UNITS[method], 200.0, 0)
    assert set(found.curves) == REGIONS
    assert all(curve.shape == (90,) and curve.dtype == np.float64 for curve in found.curves.values())
    assert clip.asked == list(range(90))  # one pass, in order
    assert found.curves["brows"][APEX] > 3 * found.curves["mouth"][APEX]


def test_flow_is_in_pixels_of_the_crop():
    """Against the drawn field itself, averaged over boxes around each brow's points and over 20 ms."""
    clip = MadeClip(count=APEX + 10, noise=0.5)
    scale = 224 / (np.ptp(landmarks(), axis=0).max() * 1.4)
    expected = []
    for points in ((17, 18, 19), (20, 21), (22, 23), (24, 25, 26)):
        low = landmarks()[list(points)].min(axis=0) - np.array((7, 9)) / scale
        high = landmarks()[list(points)].max(axis=0) + np.array((7, 2)) / scale
        inside = (clip.x >= low[0]) & (clip.x <= high[0]) & (clip.y >= low[1]) & (clip.y <= high[1])
        expected.append(clip.height * clip.brows[inside].mean() * scale)
    near = np.arange(-9, 10)
    weights = np.exp(-0.5 * (near / 4) ** 2)
    course = np.average([clip.course(APEX + step) for step in near], weights=weights)
    found = spot(clip, "flow", face=landmarks())
    assert found.curves["brows"][APEX] == pytest.approx(course * np.mean(expected), rel=0.2)


def test_the_nose_tells_the_head():
    still, moving = (spot(MadeClip(count=20, drift=d), "flow", face=landmarks()) for d in (0.0, 4.0))
    scale = 224 / (np.ptp(landmarks(), axis=0).max() * 1.4)
    assert still.curves["nose"][16] < 0.1
    assert moving.curves["nose"][10] == pytest.approx(4 * 10 / 20 * scale, rel=0.1)


@pytest.mark.parametrize("method", ["difference", "flow"])
def test_a_still_face_proposes_nothing(method):
    found = spot(MadeClip(count=40, height=0, noise=2.0), method, face=landmarks())
    assert (found.onset, found.apex, found.offset) == (None, None, None)
    assert found.confidence == 0


def test_frames_without_a_face_are_gaps():
    gaps = [0, 1, 2, 3, 4, 8, 60]
    found = spot(MadeClip(empty=gaps), face=landmarks())
    for curve in found.curves.values():
        assert np.flatnonzero(np.isnan(curve)).tolist() == gaps
    assert found.reference == 5
    assert abs(found.apex - APEX) <= 4


def test_an_event_that_does_not_end_has_no_offset():
    found = spot(MadeClip(count=APEX + 2), face=landmarks())
    assert abs(found.apex - APEX) <= 4
    assert found.offset is None
    whole = spot(MadeClip(), face=landmarks())
    assert found.confidence < 0.7 * whole.confidence


def test_a_reference_can_be_named():
    found = spot(MadeClip(), face=landmarks(), reference=APEX)
    assert found.reference == APEX
    assert found.curves["brows"][0] > 5 * found.curves["brows"][APEX]
    for wrong in (-1, 90):
        with pytest.raises(SettingsError, match="0 to 89"):
            spot(MadeClip(), face=landmarks(), reference=wrong)


def test_a_clip_of_crops_needs_no_landmarks():
    assert abs(spot(MadeClip(height=3), "flow", face="whole").apex - APEX) <= 5


def test_short_clips_are_answered():
    for count in (1, 2, 3, 9):
        found = spot(MadeClip(count=count), face=landmarks())
        assert found.apex is None
        assert found.curves["motion"].shape == (count,)


def test_progress_and_cancel():
    seen = []
    clip = MadeClip(count=20)
    spot(clip, face=landmarks(), progress=lambda *told: seen.append(told))
    assert seen == [("spot", done, 20) for done in range(1, 21)]
    clip = MadeClip(count=20)
    with pytest.raises(Cancelled):
        spot(clip, face=landmarks(), cancel=lambda: len(clip.asked) >= 7)
    assert clip.asked == list(range(7))


def test_what_cannot_be_done_is_said():
    with pytest.raises(SettingsError, match="difference, flow"):
        spot(MadeClip(), "magic", face=landmarks())
    with pytest.raises(FaceError, match="No frame of the clip shows a face"):
        spot(MadeClip(count=3, empty=range(3)))
    with pytest.raises(FaceError, match="frame 1, the reference"):
        spot(MadeClip(count=3, empty=range(3)), reference=1)


@pytest.mark.parametrize("method", ["difference", "flow"])
def test_the_demo_clip_with_a_detected_face(method):
    with np.load(resource("demo", "astronaut.npz")) as truth:
        onset, apex, offset = (int(truth[name]) for name in ("onset", "apex", "offset"))
    found = spot(open_clip(resource("demo", "astronaut.mp4")), method)
    assert abs(found.apex - apex) <= (offset - onset) / 10
    assert onset - 2 <= found.onset < found.apex < found.offset <= offset + 4


@pytest.mark.parametrize("method", ["difference", "flow"])
def test_a_real_smile(shared, method):
    found = spot(open_clip(shared / "data" / "faces" / "single_face.mp4"), method)
    assert 8 <= found.onset <= 17
    assert 28 <= found.apex <= 52
