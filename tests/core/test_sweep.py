"""Sweeps: rows that are an analysis's own, resumed to the same bytes, and drawn."""

import csv
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from mrn_core import AnalysisSettings, Analyzer, open_clip
from mrn_core.cli import main
from mrn_core.cli.sweep import parse_values
from mrn_core.clip.demo import demo_clip_path, demo_truth
from mrn_core.errors import Cancelled, FileError, SettingsError
from mrn_core.experiments import Axes, Case, sweep
from mrn_core.settings import with_values
from mrn_core.worth import untrained

CHECKOUT = Path(__file__).resolve().parents[2]
BASE = with_values(AnalysisSettings(), {"magnifier": "linear", "levels": 4, "blocks": 2, "feedforward": 32})
AXES = Axes({"planes": (1, 3, 6), "tables": (1, 4), "af_high": (11, 13)}, BASE)


@pytest.fixture(scope="module")
def cases():
    truth = demo_truth()
    return [Case(demo_clip_path(), truth.onset, truth.apex)]


@pytest.fixture(scope="module")
def analyzer():
    return Analyzer(device="cpu")


@pytest.fixture(scope="module")
def whole(tmp_path_factory, analyzer, cases):
    return sweep(analyzer, cases, AXES, tmp_path_factory.mktemp("sweep") / "s.csv").read_bytes()


def table(data):
    lines = data.decode().splitlines()
    assert lines[0].startswith("# sweep ")
    return list(csv.DictReader(lines[1:]))


def test_every_combination_has_a_row_a_block_and_one_for_all(whole):
    rows = table(whole)
    assert len(rows) == 3 * 2 * 2 * 3
    assert [r["block"] for r in rows[:3]] == ["1", "2", "all"]
    combinations = {(r["af_high"], r["network.planes"], r["network.tables"]) for r in rows}
    assert len(combinations) == 12
    assert {(r["af_low"], r["seed"], r["hash_seed"], r["weights"], r["note"]) for r in rows} == {
        ("2", "0", "-1", "seeded", untrained("hash"))
    }
    assert all(None not in r for r in rows), "each column has a name of its own"
    assert not {"planes", "tables"} & set(rows[0]), "what is swept stands once"


def test_a_row_holds_the_sources_own_numbers(tmp_path, analyzer):
    folder = tmp_path / "img"
    folder.mkdir()
    for number in range(46, 49):
        cv2.imwrite(str(folder / f"img{number}.png"), np.full((40, 40, 3), number, np.uint8))
    made = sweep(analyzer, [Case(folder, 0, 2, "whole")], Axes({"planes": (3,)}, BASE), tmp_path / "s.csv")
    for row in table(made.read_bytes()):
        assert [row[name] for name in ("onset", "apex", "onset_number", "apex_number")] == [
            "0",
            "2",
            "46",
            "48",
        ]


def test_the_rows_are_the_analysis(whole, analyzer, cases):
    with open_clip(cases[0].path) as clip:
        a = analyzer.run(clip, cases[0].onset, cases[0].apex, with_values(BASE, {"planes": 6, "tables": 1}))
    told = a.health()
    rows = [
        r
        for r in table(whole)
        if (r["af_high"], r["network.planes"], r["network.tables"]) == ("13", "6", "1")
    ]
    for b in range(2):
        for name in ("density", "near", "far", "corner", "all_or_none", "unrelated"):
            assert float(rows[b][name]) == told[b][name], "the same bits"
        assert float(rows[b]["zeroed"]) == a.zeroed()[b].mean()
        assert float(rows[b]["least_reach"]) == a.reach()[b].min()
        assert float(rows[b]["empty_rows"]) == pytest.approx((~a.traces[b].mask.any(-1)).mean(), abs=1e-12)
    assert float(rows[2]["density"]) == np.mean([h["density"] for h in told])


def test_early_stages_run_least(analyzer, cases, tmp_path):
    own = Analyzer(device="cpu")
    sweep(own, cases, AXES, tmp_path / "s.csv")
    # Two AF ranges of 4 levels share their lowest level.
    assert own.cache.counts["magnify"] == own.cache.counts["encode"] == 7
    assert own.cache.counts["blocks"] == 12


@pytest.mark.parametrize("cut", [0, 5, 150, 400, 777, -1, -30])
def test_a_broken_file_is_gone_on_with_to_the_same_bytes(whole, analyzer, cases, tmp_path, cut):
    path = tmp_path / "s.csv"
    path.write_bytes(whole[:cut])
    said = []
    sweep(analyzer, cases, AXES, path, progress=lambda *p: said.append(p))
    assert path.read_bytes() == whole
    assert said[-1] == ("sweep", 12, 12)
    again = []
    sweep(analyzer, cases, AXES, path, progress=lambda *p: again.append(p))
    assert path.read_bytes() == whole
    assert again == []


def test_cancelled_it_keeps_what_is_done_and_goes_on(whole, analyzer, cases, tmp_path):
    done = []
    with pytest.raises(Cancelled):
        sweep(
            analyzer, cases, AXES, tmp_path / "s.csv",
            progress=lambda *said: done.append(said), cancel=lambda: len(done) == 4,
        )  # fmt: skip
    begun = (tmp_path / "s.csv").read_bytes()
    assert whole.startswith(begun)
    assert b",all," in begun
    sweep(analyzer, cases, AXES, tmp_path / "s.csv")
    assert (tmp_path / "s.csv").read_bytes() == whole


def test_a_killed_process_resumes_to_the_same_bytes(whole, cases, tmp_path):
    """The process kills itself with SIGKILL in the middle of the fifth combination's line."""
    script = f"""
import os, signal
from pathlib import Path
from mrn_core import Analyzer
from tests.core.test_sweep import AXES
from mrn_core.experiments import Case, sweep
def stop(stage, done, total):
    if done == 5:
        with open({str(tmp_path / "s.csv")!r}, "a") as file:
            file.write("astronaut.mp4,30,5")
        os.kill(os.getpid(), signal.SIGKILL)
sweep(Analyzer(device="cpu"), [Case(Path({str(cases[0].path)!r}), {cases[0].onset}, {cases[0].apex})],
      AXES, {str(tmp_path / "s.csv")!r}, progress=stop)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, check=False, capture_output=True)
    assert done.returncode == -9, done.stderr
    assert (tmp_path / "s.csv").read_bytes() != whole
    sweep(Analyzer(device="cpu"), cases, AXES, tmp_path / "s.csv")
    assert (tmp_path / "s.csv").read_bytes() == whole


def test_another_sweeps_file_is_never_overwritten(analyzer, cases, tmp_path):
    for text in ("mine\n", "# sweep 0123456789abcdef\nclip\n"):
        (tmp_path / "s.csv").write_text(text)
        with pytest.raises(FileError, match="something else"):
            sweep(analyzer, cases, AXES, tmp_path / "s.csv")
        assert (tmp_path / "s.csv").read_text() == text
    with pytest.raises(FileError):
        sweep(analyzer, cases, AXES, tmp_path)


def test_values_are_read_as_a_person_writes_them():
    assert parse_values("planes=1:3") == ("network.planes", (1, 2, 3))
    assert parse_values("qk=tied,separate") == ("network.qk", ("tied", "separate"))
    assert parse_values("af_high=11,12.5") == ("af_high", (11.0, 12.5))
    for wrong in ("planes", "planes=", "planes=3:1", "planes=a:b", "planes=9", "colour=1", "qk=x"):
        with pytest.raises(SettingsError):
            parse_values(wrong)


FAST = ["--magnifier", "linear", "--af", "2:13:2", "--set", "blocks=1"]


def test_the_command_writes_table_and_plot(tmp_path, capsys):
    truth = demo_truth()
    (tmp_path / "list.csv").write_text(f"clip,onset,apex\n{demo_clip_path()},{truth.onset},{truth.apex}\n")
    for kind in ("png", "svg", "pdf"):
        argv = ["sweep", "--list", tmp_path / "list.csv", "--vary", "planes=1:3", "--vary", "hash_seed=0:1",
                *FAST, "--out", tmp_path / "s.csv", "--plot", tmp_path / f"s.{kind}"]  # fmt: skip
        assert main([str(a) for a in argv]) == 0, capsys.readouterr().err
        assert (tmp_path / f"s.{kind}").stat().st_size > 2000
    drawn = (tmp_path / "s.svg").read_text("utf-8")
    assert untrained("hash") in drawn
    assert "seed 0 · seeded · MRN Studio" in drawn
    assert len(table((tmp_path / "s.csv").read_bytes())) == 12


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--vary", "planes=1:2"], "--list"),
        (["DEMO", "--onset", "30", "--apex", "52"], "--vary"),
        (["DEMO", "--onset", "52", "--apex", "30", "--vary", "planes=1"], "after the apex"),
        (["DEMO", "--onset", "30", "--apex", "52", "--list", "x", "--vary", "planes=1"], "one of the two"),
        (["--list", "none.csv", "--vary", "planes=1"], "none.csv"),
        (["DEMO", "--onset", "30", "--apex", "52", "--vary", "planes=1", "--plot", "x.gif", *FAST], ".png"),
    ],
)
def test_bad_arguments_are_one_line(tmp_path, monkeypatch, capsys, argv, words):
    monkeypatch.chdir(tmp_path)
    argv = [str(demo_clip_path()) if a == "DEMO" else a for a in argv]
    assert main(["sweep", *argv, "--out", "s.csv"]) == 2
    err = capsys.readouterr().err
    assert words in err
    assert len(err.strip().splitlines()) == 1


def test_who_chose_the_apex_stands_in_every_row(tmp_path):
    """From the list's own column, else from the option."""
    truth, listed, out = demo_truth(), tmp_path / "list.csv", tmp_path / "s.csv"
    listed.write_text(
        "clip,onset,apex,apex_source\n"
        f"{demo_clip_path()},{truth.onset},{truth.apex},spotted:flow\n"
        f"{demo_clip_path()},{truth.onset},{truth.apex + 1},\n"
    )
    argv = ["sweep", "--list", listed, "--apex-source", "middle", "--vary", "planes=2", "--out", out, *FAST]
    assert main([str(a) for a in argv]) == 0
    told = {(row["apex"], row["apex_source"]) for row in table(out.read_bytes())}
    assert told == {(str(truth.apex), "spotted:flow"), (str(truth.apex + 1), "middle")}
