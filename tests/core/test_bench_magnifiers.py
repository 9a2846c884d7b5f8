"""The bench of magnifiers: known pairs are what they claim, and the measures find what was put in."""

import json
from dataclasses import replace

import numpy as np
import pytest

from mrn_core import weights
from mrn_core.cli import main
from mrn_core.cli.bench import parse_factors
from mrn_core.errors import Cancelled, SettingsError
from mrn_core.experiments.magnifier_bench import (
    APEX,
    REFERENCES,
    TRUE_FIELD,
    TRUE_MOTION,
    bench,
    measure,
)
from mrn_core.experiments.magnifier_pairs import at_rest, demo_pairs, synthetic_pairs
from mrn_core.magnification.measure import measured_gain
from mrn_core.magnification.warping import warp

# One person, one motion, no noise and much of it.
FEW = {"count": 1, "seed": 3, "motions": (1.0,), "noises": (0.0, 4.0)}


@pytest.fixture(scope="module")
def demo():
    return next(demo_pairs())


@pytest.fixture(scope="module")
def rendered():
    """Without noise: moving, at rest; with it: moving, at rest."""
    return list(synthetic_pairs(**FEW))


@pytest.fixture(scope="module")
def rows(rendered):
    return bench(rendered, ["linear", "lagrangian"], (1.0, 5.0))


@pytest.fixture
def no_weights(tmp_path, monkeypatch):
    monkeypatch.setenv("MRN_STUDIO_DATA", str(tmp_path))


@pytest.fixture
def magnet_weights(shared, no_weights):
    import torch

    weights.import_published("magnet", shared / "data" / "weights" / "magnet_epoch12_loss7.28e-02.pth")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_the_demos_true_motion_is_about_one_pixel_and_explains_the_apex(demo):
    assert 0.8 < demo.motion < 1.3
    assert measured_gain(demo.apex, demo.clean, demo.field) == pytest.approx(1, abs=0.05)
    assert measured_gain(demo.onset, demo.clean, demo.field) == pytest.approx(0, abs=0.05)
    # The right field explains most of what changed; one with its axes swapped does not.
    moving = np.hypot(demo.field[..., 0], demo.field[..., 1]) > 0.5

    def left(field):
        return np.abs(warp(demo.clean, field, 1.0) - demo.apex)[moving].mean()

    still = np.abs(demo.clean - demo.apex)[moving].mean()
    assert left(demo.field) < 0.6 * still
    assert left(np.ascontiguousarray(demo.field[..., ::-1])) > still


def test_the_exact_frames_measure_as_their_gain(demo, rendered):
    """The measure, tried on frames that no magnifier made."""
    for pair in (demo, rendered[0]):
        for gain in (1.0, 8.0):
            exact = pair.exact(gain)
            measured = measured_gain(exact.frame, pair.clean, pair.counted, 2 * gain)
            assert measured == pytest.approx(gain, rel=0.05)


def test_rendered_pairs_move_as_far_as_asked_and_hold_the_noise_asked(rendered):
    moving, still, noisy, noisy_still = rendered
    size = np.hypot(moving.field[..., 0], moving.field[..., 1])
    assert size[moving.face & moving.mask].max() == pytest.approx(1.0, abs=0.1)
    assert np.abs(moving.onset - moving.clean).max() <= 0.5  # rounding alone
    assert np.std(noisy.onset - noisy.clean) == pytest.approx(4, rel=0.1)
    assert [pair.motion for pair in rendered] == [1, 0, 1, 0]
    # At rest nothing but the noise differs, and it is drawn anew.
    np.testing.assert_array_equal(still.onset, still.apex)
    difference = noisy_still.apex.astype(float) - noisy_still.onset
    assert np.std(difference) == pytest.approx(4 * np.sqrt(2), rel=0.1)


def test_the_same_seed_gives_the_same_pairs_and_another_one_others(rendered):
    again = next(synthetic_pairs(**FEW))
    np.testing.assert_array_equal(again.apex, rendered[0].apex)
    other = next(synthetic_pairs(**{**FEW, "seed": 4}))
    assert not np.array_equal(other.apex, rendered[0].apex)


def test_magnifiers_stand_between_doing_nothing_and_the_truth(rows):

    def mean(name, value, **wanted):
        return np.mean([getattr(row, value) for row in rows.pick("synthetic", name, **wanted)])

    assert rows.names == (*REFERENCES, "linear", "lagrangian")
    assert mean(APEX, "measured") == pytest.approx(1, abs=0.05)
    assert mean(TRUE_FIELD, "ratio") == pytest.approx(1, abs=0.05)
    assert mean(TRUE_MOTION, "ratio") == pytest.approx(1, abs=0.05)
    # The mean of two frames has half the noise's power.
    assert mean(TRUE_FIELD, "psnr", noise=4.0) > mean(TRUE_MOTION, "psnr", noise=4.0) + 1
    for reference in (TRUE_FIELD, TRUE_MOTION):
        assert mean(reference, "psnr_moving", noise=0.0) > mean(APEX, "psnr_moving", noise=0.0) + 3
    assert mean("lagrangian", "psnr_moving") > mean("linear", "psnr_moving")
    assert mean("lagrangian", "ssim_moving") > mean(APEX, "ssim_moving")


def test_noise_at_rest_moves_what_the_linear_magnifier_shows(rows):
    def at(name, af, noise):
        (row,) = rows.pick("synthetic", name, af=af, noise=noise, at_rest=True)
        assert row.measured is None
        assert row.ratio is None
        return row.false_motion

    assert at("linear", 5.0, 0.0) < 0.05
    assert at("linear", 5.0, 4.0) > 2 * at("linear", 1.0, 4.0) > 2 * at(APEX, 1.0, 4.0)
    assert at(APEX, 1.0, 4.0) == at(APEX, 5.0, 4.0)


@pytest.mark.parametrize("name", ["linear", "lagrangian"])
def test_the_gain_grows_with_af(demo, name):
    measured = [row.measured for row in measure(name, demo, (0, 5, 13))]
    assert np.all(np.diff(measured) > 0)


def test_lagrangian_is_within_15_percent_up_to_af_8(demo):
    for row in measure("lagrangian", demo, (0, 3, 8)):
        assert row.gain == 1 + row.af
        assert row.measured == pytest.approx(1 + row.af, rel=0.15)
        assert row.ratio == pytest.approx(row.measured / row.gain)


def test_magnets_gain_grows_with_af(demo, magnet_weights):
    measured = [row.measured for row in measure("magnet", demo, (0, 6, 12))]
    assert np.all(np.diff(measured) > 0)


def test_equal_pictures_have_no_finite_psnr_and_the_row_says_none(demo):
    frame = np.rint(demo.clean).astype(np.uint8)
    pair = at_rest(replace(demo, clean=frame.astype(np.float32), onset=frame), frame)
    (row,) = measure(APEX, pair, (3,))
    assert row.psnr is None
    assert row.ssim == pytest.approx(1)
    assert row.false_motion == pytest.approx(0, abs=1e-6)


def test_cancel_stops_between_magnifiers(rendered):
    asked = []

    def cancel():
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(Cancelled):
        bench(rendered[:1], ["linear"], (1.0,), cancel=cancel)
    assert len(asked) == 3


def test_progress_counts_the_pairs(rendered):
    told = []
    bench(rendered[:2], ["linear"], (1.0,), False, lambda *message: told.append(message), 2)
    assert told == [("bench", 1, 2), ("bench", 2, 2)]


def test_the_command_prints_tables_and_what_is_missing(no_weights, capsys):
    arguments = ["--on", "demo", "--magnifier", "linear", "magnet", "--af", "4"]
    assert main(["bench-magnifiers", *arguments]) == 0
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert lines[-1] == "magnet: not installed: mrn weights import magnet FILE"
    assert lines[0].startswith("The demo photograph: 1 pair")
    (head,) = (n for n, line in enumerate(lines) if line.split()[:2] == ["AF", "apex"])
    assert [line.split()[:2] for line in lines[head + 1 : head + 2]] == [["4", "0.20"]]
    assert captured.err == ""  # no progress where nobody looks


def test_the_command_writes_strict_json_and_nothing_else(no_weights, capsys):
    arguments = ["--json", "--on", "demo", "--magnifier", "linear", "magnet", "--af", "0"]
    assert main(["bench-magnifiers", *arguments]) == 0
    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert told["afs"] == [0]
    assert list(told["missing"]) == ["magnet"]
    (row,) = (r for r in told["rows"] if r["magnifier"] == "linear" and r["motion"] > 0)
    assert row["measured"] == pytest.approx(1, abs=0.05)
    (row,) = (r for r in told["rows"] if r["magnifier"] == "linear" and r["motion"] == 0)
    assert row["measured"] is None


def test_the_figure_is_written_and_the_same_again(rows, tmp_path):
    from mrn_core.figures.magnifier_bench import write_bench_figure

    first, second = (write_bench_figure(rows, tmp_path / name).read_bytes() for name in ("a.svg", "b.svg"))
    assert first == second
    for told in ("linear", "lagrangian", TRUE_FIELD, "rendered faces"):
        assert told.encode() in first


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--magnifier", "lineal"], "linear"),
        (["--af", "2:1:13"], "2:13:12"),
        (["--af", "1,x"], "LO:HI:COUNT"),
        (["--af", "-1"], "negative"),
        (["--on", "moon"], "synthetic"),
        (["--pairs", "0"], "1 to"),
        (["--seed=-1", "--on", "synthetic", "--magnifier", "linear"], "negative"),
        (["--plot", "figure.txt"], ".png"),
        (["--plot", "no/such/folder/figure.png"], "no such folder"),
    ],
)
def test_what_the_command_refuses(arguments, told, capsys):
    assert main(["bench-magnifiers", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert captured.err.count("\n") == 1


def test_factors_are_a_list_or_a_range():
    assert parse_factors("1,2.5,13,1") == (1.0, 2.5, 13.0)
    assert parse_factors("0:4:3") == (0.0, 2.0, 4.0)
    with pytest.raises(SettingsError):
        parse_factors("")
