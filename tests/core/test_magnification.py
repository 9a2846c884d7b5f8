"""All magnifiers alike: sizes, bytes, single levels, progress, cancel; what linear and lagrangian give."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrn_core import weights
from mrn_core.errors import Cancelled, SettingsError, WeightsError
from mrn_core.magnification import DEFAULT, AmplificationLevels, Magnifier, magnifiers
from mrn_core.magnification.flow import dense_flow
from mrn_core.magnification.measure import measured_gain
from mrn_core.magnification.warping import warp

PUBLISHED = "magnet_epoch12_loss7.28e-02.pth"


@pytest.fixture(params=["linear", "lagrangian", "magnet"])
def magnifier(request, tmp_path, monkeypatch):
    if request.param == "magnet":
        shared = request.getfixturevalue("shared")
        monkeypatch.setenv("MRN_STUDIO_DATA", str(tmp_path))
        weights.import_published("magnet", shared / "data" / "weights" / PUBLISHED)
        request.getfixturevalue("one_thread")
    return magnifiers[request.param]


@pytest.fixture
def one_thread():
    """Two threads of torch wait for each other where other work is running."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def noise_pair(width, height, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (2, height, width, 3), dtype=np.uint8)


def textured_pair(seed, peak=1.0, noise=1.5, size=224):
    """A photo-like 1/f picture and the same moved by at most ``peak`` px, averaged down from twice the size.

    Returns onset, apex (uint8, with camera noise), the clean onset and the true field.
    """
    import cv2

    rng = np.random.default_rng(seed)
    big = 2 * size
    frequency = np.hypot(np.fft.fftfreq(big)[:, None], np.fft.fftfreq(big))
    frequency[0, 0] = np.inf
    shared_part = rng.normal(size=(big, big))
    layers = [shared_part + 0.3 * rng.normal(size=(big, big)) for _ in range(3)]
    picture = np.stack([np.fft.ifft2(np.fft.fft2(layer) / frequency).real for layer in layers], axis=-1)
    picture = (120 + 40 * picture / picture.std()).clip(0, 255).astype(np.float32)
    y, x = np.indices((big, big), float)
    field = np.zeros((big, big, 2))
    for centre, spread, towards in (((0.4, 0.4), 0.1, (0, -1)), ((0.6, 0.65), 0.13, (0.8, 0.4))):
        bump = np.exp(-((x / big - centre[0]) ** 2 + (y / big - centre[1]) ** 2) / (2 * spread**2))
        field += bump[..., None] * np.array(towards)
    field = (2 * peak * field / np.hypot(field[..., 0], field[..., 1]).max()).astype(np.float32)
    onset, apex = (
        cv2.resize(warp(picture, field, gain), (size, size), interpolation=cv2.INTER_AREA) for gain in (0, 1)
    )
    true = cv2.resize(field, (size, size), interpolation=cv2.INTER_AREA) / 2
    noisy = [(frame + rng.normal(0, noise, frame.shape)).round().clip(0, 255) for frame in (onset, apex)]
    return *(frame.astype(np.uint8) for frame in noisy), onset, true


@pytest.mark.parametrize(("width", "height"), [(101, 99), (33, 17), (1, 1), (9, 1)])
def test_any_size_comes_back_exactly(magnifier, width, height):
    frames = magnifier.magnify(*noise_pair(width, height), AmplificationLevels(0, 13, 3))
    assert frames.shape == (3, height, width, 3)
    assert frames.dtype == np.uint8


def test_larger_odd_sizes_come_back_exactly(magnifier):
    frames = magnifier.magnify(*noise_pair(313, 218), AmplificationLevels(5, 5, 1))
    assert frames.shape == (1, 218, 313, 3)
    if magnifier.needs_weights is None:
        frames = magnifier.magnify(*noise_pair(727, 642), AmplificationLevels(0, 13, 3))
        assert frames.shape == (3, 642, 727, 3)


def test_linear_bytes_clip_and_never_wrap():
    levels = AmplificationLevels(0, 12, 13)
    for onset, apex, expected in ((100, 90, (90, 80, 0)), (200, 210, (210, 220, 255))):
        pair = (np.full((8, 9, 3), value, np.uint8) for value in (onset, apex))
        frames = magnifiers["linear"].magnify(*pair, levels)
        for level, value in zip((0, 1, 12), expected, strict=True):
            np.testing.assert_array_equal(frames[level], value)


def test_linear_is_the_papers_sum_over_whole_numbers():
    onset, apex = noise_pair(20, 10)
    frames = magnifiers["linear"].magnify(onset, apex, AmplificationLevels(2, 4, 3))
    a, b = onset.astype(int), apex.astype(int)
    for frame, gain in zip(frames, (3, 4, 5), strict=True):
        np.testing.assert_array_equal(frame, np.clip(a + gain * (b - a), 0, 255))


def test_a_level_is_the_same_whatever_others_are_made(magnifier):
    onset, apex, *_ = textured_pair(1, size=64)
    alone = magnifier.magnify(onset, apex, AmplificationLevels(7, 7, 1))
    among = magnifier.magnify(onset, apex, AmplificationLevels(2, 12, 3))
    np.testing.assert_array_equal(alone[0], among[1])
    again = magnifier.render(magnifier.prepare(onset, apex), 8.0)
    np.testing.assert_array_equal(again, alone[0])


def test_inputs_are_left_as_they_were(magnifier):
    onset, apex = noise_pair(40, 24)
    kept = onset.copy(), apex.copy()
    magnifier.magnify(onset, apex, AmplificationLevels(2, 3, 2))
    np.testing.assert_array_equal(onset, kept[0])
    np.testing.assert_array_equal(apex, kept[1])


def test_progress_counts_levels_and_cancel_stops_between_them(magnifier):
    told = []
    onset, apex = noise_pair(32, 32)
    magnifier.magnify(
        onset, apex, AmplificationLevels(2, 4, 3), progress=lambda *message: told.append(message)
    )
    assert told == [("magnify", 1, 3), ("magnify", 2, 3), ("magnify", 3, 3)]
    told.clear()
    with pytest.raises(Cancelled):
        magnifier.magnify(
            onset,
            apex,
            AmplificationLevels(2, 4, 3),
            progress=lambda *message: told.append(message),
            cancel=lambda: len(told) == 2,
        )
    assert len(told) == 2


@pytest.mark.parametrize("name", ["linear", "lagrangian"])
def test_pairs_that_do_not_fit_are_refused(name):
    onset, apex = noise_pair(20, 10)
    for first, second in (
        (onset, apex[:-1]),
        (onset[..., 0], apex[..., 0]),
        (onset.astype(float), apex.astype(float)),
        (onset[:0], apex[:0]),
    ):
        with pytest.raises(SettingsError):
            magnifiers[name].magnify(first, second, AmplificationLevels())


def test_every_magnifier_says_what_it_is(magnifier):
    assert isinstance(magnifier, Magnifier)
    assert magnifiers[magnifier.name] is magnifier
    assert magnifier.label
    assert magnifier.note.count(".") >= 1
    assert magnifier.identity().startswith(magnifier.name)
    if magnifier.needs_weights is not None:
        assert weights.sha256_of(weights.find(magnifier.needs_weights)) in magnifier.identity()


def test_the_default_needs_no_weights():
    assert magnifiers[DEFAULT].needs_weights is None


def test_magnet_without_weights_says_how_to_get_them(tmp_path, monkeypatch):
    monkeypatch.setenv("MRN_STUDIO_DATA", str(tmp_path))
    for attempt in (
        magnifiers["magnet"].identity,
        lambda: magnifiers["magnet"].magnify(*noise_pair(32, 32), AmplificationLevels(2, 3, 2)),
    ):
        with pytest.raises(WeightsError, match="mrn weights import magnet FILE"):
            attempt()


def test_the_registry_imports_no_torch():
    code = (
        "import sys\n"
        "from mrn_core.magnification import magnifiers\n"
        "assert [m.label for m in magnifiers.values()] and magnifiers['magnet'].needs_weights == 'magnet'\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_registry_cannot_be_changed():
    with pytest.raises(TypeError):
        magnifiers["other"] = magnifiers["linear"]


def test_the_flow_is_the_true_field_and_the_same_again():
    onset, apex, _, field = textured_pair(2)
    flow = dense_flow(onset, apex)
    assert flow.shape == (224, 224, 2)
    assert flow.dtype == np.float32
    # The direction matters most: read at the apex' pixel, from apex to onset.
    assert (flow * field).sum() / (field * field).sum() == pytest.approx(1, abs=0.1)
    assert np.hypot(*np.moveaxis(flow - field, -1, 0)).mean() < 0.08
    np.testing.assert_array_equal(dense_flow(onset, apex), flow)


def test_what_cannot_be_matched_moves_with_what_is_around_it():
    """A patch of skin that a codec drew anew: what stands there has no motion of its own.

    Matched one way and smoothed evenly, these four patches are 0.6 to 1.1 px off on average.
    """
    import cv2

    shift = np.zeros((128, 128, 2), np.float32)
    shift[..., 0] = 0.8
    patch = np.s_[50:74, 50:74]
    errors = []
    for seed in (5, 6, 7, 8):
        rng = np.random.default_rng(seed)
        onset, *_ = textured_pair(seed, noise=0, size=128)
        apex = warp(onset, shift, 1.0).round().clip(0, 255).astype(np.uint8)
        for frame in (onset, apex):
            drawn = cv2.GaussianBlur(rng.normal(size=(24, 24)), (0, 0), 3)
            frame[patch] = (120 + 8 * drawn / drawn.std())[..., None].clip(0, 255)
        errors.append(np.abs(dense_flow(onset, apex)[patch] - shift[patch]).mean())
    assert np.mean(errors) < 0.35


def test_equal_frames_do_not_move():
    onset, *_ = textured_pair(3, size=96)
    assert np.abs(dense_flow(onset, onset)).max() < 1e-3
    frames = magnifiers["lagrangian"].magnify(onset, onset, AmplificationLevels(0, 13, 2))
    np.testing.assert_array_equal(frames[0], onset)
    assert np.abs(frames[1].astype(int) - onset).max() <= 1


def test_warp_of_a_whole_pixel_is_a_shift():
    picture = np.random.default_rng(0).uniform(0, 255, (12, 15)).astype(np.float32)
    field = np.zeros((12, 15, 2), np.float32)
    field[..., 0] = 1
    moved = warp(picture, field, 2.0)
    np.testing.assert_array_equal(moved[:, :-2], picture[:, 2:])
    np.testing.assert_array_equal(moved[:, -2:], picture[:, [-2, -3]])  # mirrored beyond the border


@given(shift=st.floats(-3, 3), frequency=st.floats(0.005, 0.25), phase=st.floats(0, 6))
def test_warp_shifts_a_wave_by_what_was_asked(shift, frequency, phase):
    """Against the wave itself: the error in place stays under 0.01 px (OpenCV's bicubic: 0.05)."""
    x = np.indices((8, 96), float)[1]

    def wave(at, turn=0.0):
        return np.cos(2 * np.pi * frequency * at + phase + turn)

    field = np.zeros((8, 96, 2), np.float32)
    field[..., 0] = 1
    moved = warp(wave(x).astype(np.float32), field, shift)
    inner = np.s_[:, 12:-12]
    # a small shift shows as a share of the wave turned by a quarter
    basis = np.stack([wave(x + shift)[inner].ravel(), wave(x + shift, np.pi / 2)[inner].ravel()], axis=1)
    (strength, quarter), *_ = np.linalg.lstsq(basis, moved[inner].ravel(), rcond=None)
    assert np.arctan2(quarter, strength) / (2 * np.pi * frequency) == pytest.approx(0, abs=0.01)
    assert strength == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(("seed", "peak"), [(0, 1.0), (1, 0.6), (2, 1.3)])
def test_lagrangian_moves_as_far_as_asked(seed, peak):
    onset, apex, clean, field = textured_pair(seed, peak)
    state = magnifiers["lagrangian"].prepare(onset, apex)
    for af in (0, 1, 2, 4, 8):
        frame = magnifiers["lagrangian"].render(state, 1.0 + af)
        assert measured_gain(frame, clean, field) == pytest.approx(1 + af, rel=0.15)
