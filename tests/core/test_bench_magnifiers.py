"""The magnifiers on the demo clip's true motion: the gain grows with AF, lagrangian's is near 1 + AF."""

import json

import numpy as np
import pytest

from mrn_core import weights
from mrn_core.cli import main
from mrn_core.cli.bench import demo_pair, measure
from mrn_core.magnification import AmplificationLevels
from mrn_core.magnification.measure import measured_gain
from mrn_core.magnification.warping import warp


@pytest.fixture(scope="module")
def pair():
    return demo_pair()


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


def test_the_true_motion_is_about_one_pixel_and_explains_the_apex(pair):
    largest = np.hypot(pair.field[..., 0], pair.field[..., 1]).max()
    assert 0.8 < largest < 1.3
    assert measured_gain(pair.apex, pair.clean, pair.field) == pytest.approx(1, abs=0.05)
    assert measured_gain(pair.onset, pair.clean, pair.field) == pytest.approx(0, abs=0.05)
    # The right field explains most of what changed; one with its axes swapped does not.
    moving = np.hypot(pair.field[..., 0], pair.field[..., 1]) > 0.5

    def left(field):
        return np.abs(warp(pair.clean, field, 1.0) - pair.apex)[moving].mean()

    still = np.abs(pair.clean - pair.apex)[moving].mean()
    assert left(pair.field) < 0.6 * still
    assert left(np.ascontiguousarray(pair.field[..., ::-1])) > still


def test_lagrangian_is_within_15_percent_up_to_af_8(pair):
    rows = measure("lagrangian", pair, AmplificationLevels(0, 8, 9)).rows
    assert [row.gain for row in rows] == list(range(1, 10))
    for row in rows:
        assert row.measured == pytest.approx(1 + row.af, rel=0.15)
        assert row.ratio == pytest.approx(row.measured / row.gain)


@pytest.mark.parametrize("name", ["linear", "lagrangian"])
def test_the_gain_grows_with_af(pair, name):
    rows = measure(name, pair, AmplificationLevels(0, 13, 14)).rows
    assert np.all(np.diff([row.measured for row in rows]) > 0)


def test_magnets_gain_grows_with_af(pair, magnet_weights):
    rows = measure("magnet", pair, AmplificationLevels(0, 12, 5)).rows
    assert np.all(np.diff([row.measured for row in rows]) > 0)


def test_the_command_prints_a_table_and_what_is_missing(no_weights, capsys):
    assert main(["bench-magnifiers", "--magnifier", "linear", "magnet", "--af", "0:4:2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "magnet: not installed: mrn weights import magnet FILE"
    assert [line.split()[:2] for line in lines[3:5]] == [["0.00", "1.00"], ["4.00", "5.00"]]


def test_the_command_writes_json_and_nothing_else(no_weights, capsys):
    assert main(["bench-magnifiers", "--json", "--magnifier", "linear", "magnet", "--af", "0:0:1"]) == 0
    linear, magnet = json.loads(capsys.readouterr().out)
    assert linear["magnifier"] == "linear"
    assert linear["rows"][0]["measured"] == pytest.approx(1, abs=0.05)
    assert magnet["rows"] == []
    assert "not installed" in magnet["missing"]


@pytest.mark.parametrize(
    ("arguments", "told"), [(["--magnifier", "lineal"], "linear"), (["--af", "2:1:13"], "2:13:12")]
)
def test_what_the_command_refuses(arguments, told, capsys):
    assert main(["bench-magnifiers", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert captured.err.count("\n") == 1
