"""``mrn spot`` as a person runs it."""

import csv
import json

import cv2
import numpy as np
import pytest
from drawn_face import APEX, MadeClip

from mrn_core.annotation import read_eaf
from mrn_core.cli import main
from mrn_core.spotting import CURVES


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Pictures numbered from 46, cut out as a face crop is."""
    made = tmp_path_factory.mktemp("spot") / "img"
    made.mkdir()
    clip = MadeClip(height=3)
    for index in range(len(clip)):
        cv2.imwrite(str(made / f"img{index + 46}.png"), clip[index])
    return made


@pytest.fixture
def mrn(capsys):
    def run(*argv):
        status = main(["spot", *map(str, argv)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_the_proposal_is_printed_and_the_curves_are_written(mrn, folder, tmp_path):
    table = tmp_path / "curves.csv"
    status, out, err = mrn(
        folder, "--fps", 200, "--face", "whole", "--method", "difference", "--csv", table, "--json",
        "--eaf", tmp_path / "proposal.eaf",
    )  # fmt: skip
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert abs(told["apex"]["frame"] - APEX) <= 5
    assert told["apex"]["source_number"] == told["apex"]["frame"] + 46
    assert told["apex_source"] == "spotted:difference"
    assert told["curves"] == str(table)
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["source_number"]) for row in rows] == list(range(46, 136))
    assert all(float(row[name]) >= 0 for row in rows for name in CURVES)
    expression, apex, _ = read_eaf((tmp_path / "proposal.eaf").read_bytes(), np.arange(len(rows)) / 200)
    assert [span.first for span in apex.spans] == [told["apex"]["frame"]]
    assert [(s.first, s.last) for s in expression.spans] == [
        (told["onset"]["frame"], told["offset"]["frame"])
    ]
    assert expression.annotator == "MRN Studio, spotted:difference"


def test_a_person_reads_frames_with_their_own_numbers(mrn, folder):
    status, out, _ = mrn(folder, "--fps=200", "--face=whole", "--method=difference", "--onset=#50")
    assert status == 0
    assert "against frame 4 (#50), 0.020 s" in out
    assert "Confidence" in out


def test_an_error_names_the_frame_by_both(mrn, tmp_path):
    for number in (46, 47):
        cv2.imwrite(str(tmp_path / f"img{number}.png"), np.full((60, 80, 3), number, np.uint8))
    status, _, err = mrn(tmp_path, "--fps=200", "--onset=#47")
    assert status == 2
    assert "No face found in frame 1 (#47), the reference" in err


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--method", "magic"], "difference, flow"),
        (["--onset", "400"], "--onset=400"),
        (["--face", "half"], "--face=X,Y,W,H"),
        (["--backend", "magic"], "no face backend"),
        (["--fps", "nan"], ""),
    ],
)
def test_bad_arguments_are_one_line(mrn, folder, given, told):
    status, out, err = mrn(folder, *given, *([] if "--fps" in given else ["--fps", "200"]))
    assert (status, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize("option", ["--csv", "--eaf"])
def test_a_target_that_cannot_be_written_is_told_before_the_work(mrn, folder, tmp_path, option):
    given = (folder, "--fps=200", "--face=whole", "--method=difference", option)
    status, out, err = mrn(*given, tmp_path / "no" / "c.csv")
    assert (status, out) == (2, "")
    assert "cannot be written: there is no such folder" in err


def test_a_disk_that_fills_up_leaves_the_proposal(mrn, folder, tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    status, out, err = mrn(
        folder, "--fps=200", "--face=whole", "--method=difference", "--csv", tmp_path / "c.csv"
    )
    assert status == 2
    assert "No space left" in err
    assert "Apex" in out
    assert not (tmp_path / "c.csv").exists()


def test_a_still_clip_proposes_nothing(mrn, tmp_path):
    clip = MadeClip(count=12, height=0)
    for index in range(len(clip)):
        cv2.imwrite(str(tmp_path / f"{index}.png"), clip[index])
    given = (tmp_path, "--fps", 200, "--face", "whole", "--method", "difference")
    status, out, _ = mrn(*given)
    assert status == 0
    assert out.startswith("Nothing is proposed")
    told = json.loads(mrn(*given, "--json")[1])
    assert (told["apex"], told["apex_source"], told["confidence"]) == (None, None, 0)
