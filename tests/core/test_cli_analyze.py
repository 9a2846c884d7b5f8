"""``mrn analyze`` as a person runs it: outputs, JSON, the window's numbers, and every refusal."""

import json
import os
import subprocess
import sys

import av
import numpy as np
import pytest

from mrn_core import Analysis, Analyzer, open_clip
from mrn_core.cli import main
from mrn_core.clip.demo import demo_clip_path, demo_truth
from mrn_core.worth import untrained

DEMO = str(demo_clip_path())
SMALL = ["--set", "blocks=1", "--set", "feedforward=16"]
FAST = ["--magnifier", "linear", "--af", "2:13:2", *SMALL]
OUTPUTS = {"analysis.json", "analysis.npz", "levels.csv", "sequence.png", "attention.png", "attention.svg"}


@pytest.fixture(scope="module")
def marks():
    truth = demo_truth()
    return ["--onset", str(truth.onset), "--apex", str(truth.apex)]


@pytest.fixture
def mrn(capsys):
    def run(*argv):
        status = main(["analyze", *map(str, argv)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_all_outputs_are_written_and_stdout_is_json_alone(mrn, marks, tmp_path):
    status, out, err = mrn(DEMO, *marks, "--out", tmp_path / "o", "--json", *FAST)
    assert status == 0
    assert err == ""
    told = json.loads(out, parse_constant=lambda word: pytest.fail(word))
    assert {p.name for p in (tmp_path / "o").iterdir()} == OUTPUTS
    assert json.loads((tmp_path / "o/analysis.json").read_text("utf-8")) == told
    assert told["note"] == untrained("all")
    assert told["hash_health"][0]["unrelated"] == pytest.approx(0.4138, abs=1e-4)
    assert len(Analysis.load(tmp_path / "o/analysis.npz").levels) == 2


def test_the_command_gives_the_analyzers_numbers(mrn, marks):
    status, out, _ = mrn(DEMO, *marks, "--json", *FAST, "--planes", 5, "--tables", 2, "--hash-seed", 3,
                         "--set", "hash_centre=mean")  # fmt: skip
    assert status == 0
    told = json.loads(out)
    from mrn_core.settings import AnalysisSettings

    settings = AnalysisSettings.from_dict(told["provenance"]["settings"])
    assert (settings.network.planes, settings.network.tables, settings.network.hash_seed) == (5, 2, 3)
    assert settings.network.hash_centre == "mean"
    truth = demo_truth()
    with open_clip(DEMO) as clip:
        a = Analyzer().run(clip, truth.onset, truth.apex, settings)
    assert json.loads(json.dumps(a.numbers())) == told


def test_without_json_a_person_reads_the_untrained_badge(mrn, marks, tmp_path):
    status, out, _ = mrn(DEMO, *marks, *FAST, "--out", tmp_path)
    assert status == 0
    assert untrained("all") in out
    assert "analysis.json" in out
    assert "\nFace: dlib (the only face), quality 0.9" in out


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    """Files and folders that are no clip, or a clip that cannot be analysed."""
    root = tmp_path_factory.mktemp("bad")
    (root / "text.mp4").write_text("this is no video")
    (root / "cut.mp4").write_bytes(demo_clip_path().read_bytes()[:2000])
    (root / "empty.mp4").write_bytes(b"")
    (root / "nothing").mkdir()
    for name, count in (("one.mp4", 1), ("plain.mp4", 6)):
        with av.open(str(root / name), "w") as out:
            stream = out.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
            for i in range(count):
                frame = av.VideoFrame.from_ndarray(np.full((96, 128, 3), 90 + i, np.uint8), "rgb24")
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
    return root


REFUSALS = [
    (["missing.mp4", "--onset", "1", "--apex", "2"], "missing.mp4"),
    (["text.mp4", "--onset", "1", "--apex", "2"], "text.mp4"),
    (["cut.mp4", "--onset", "1", "--apex", "2"], "cut.mp4"),
    (["empty.mp4", "--onset", "1", "--apex", "2"], "empty.mp4"),
    (["nothing", "--onset", "1", "--apex", "2"], "nothing"),
    (["one.mp4", "--onset", "0", "--apex", "0"], "one.mp4 has one frame; two are needed."),
    (["one.mp4", "--onset", "0", "--apex", "1"], "1"),
    (["plain.mp4", "--onset", "3", "--apex", "3"], "is the apex itself"),
    (["plain.mp4", "--onset", "4", "--apex", "3"], "is after the apex"),
    (["plain.mp4", "--onset", "1", "--apex", "6"], "0 to 5"),
    (["plain.mp4", "--onset", "4.5", "--apex", "5"], "4.5"),
    (["plain.mp4", "--onset", "#9", "--apex", "5"], "#"),
    (["plain.mp4", "--onset=-1", "--apex", "5"], "-1"),
    (["plain.mp4", "--onset", "-1", "--apex", "5"], "--onset=-1"),
    (["plain.mp4", "--onset", "1", "--apex", "5"], "No face found in frame 1"),
    (["plain.mp4", "--onset", "1", "--apex", "5"], "--face=X,Y,W,H or --face=whole"),
    (["plain.mp4", "--onset", "1", "--apex", "5", "--af", "13:2:32"], "2:13:32"),
    (["plain.mp4", "--onset", "1", "--apex", "5", "--af", "2:1:13"], "2:13:12"),
    (["plain.mp4", "--onset", "1", "--apex", "5", "--af", "2,5:13:32"], "2,5"),
    (["plain.mp4", "--onset", "1", "--apex", "5", "--af", "-2:13:32"], "--af="),
    (["plain.mp4", "--onset", "1", "--apex", "5", "--af=-2:13:32"], "--af=-2:13:32"),
    (["plain.mp4", "--onset", "1", "--apex", "5", "--set", "colour=red"], "Known"),
    (["plain.mp4", "--onset", "1", "--apex", "5", "--planes", "9"], "0 to 8"),
    (["plain.mp4", "--onset", "1", "--apex", "5", "--magnifier", "magic"], "lagrangian"),
    (["plain.mp4", "--onset", "1", "--apex", "5", "--face", "here"], "X,Y,W,H"),
    (["plain.mp4", "--onset", "1", "--apex", "5", "--device", "abacus", "--face", "whole"], "cpu"),
    (["plain.mp4", "--onset", "1", "--apex", "5", "--weights", "none.bin"], "none.bin"),
    (["plain.mp4", "--onset", "1", "--apex", "5", "--out", "text.mp4"], "text.mp4"),
    (["plain.mp4", "--apex", "5"], "--onset"),
]


@pytest.mark.parametrize(
    ("argv", "words"), REFUSALS, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_bad_input_is_one_line_and_status_2(mrn, bad, argv, words, monkeypatch):
    monkeypatch.chdir(bad)
    before = sorted(bad.iterdir())
    status, out, err = mrn(*argv)
    assert status == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert words in err
    assert "Traceback" not in err
    assert sorted(bad.iterdir()) == before


def test_an_unreadable_folder_is_refused(mrn, tmp_path, monkeypatch):
    """As root a mode of 000 stops nothing, so the listing itself is made to fail."""
    (tmp_path / "img1.png").write_bytes(b"")

    def refusing(real):
        def listing(path="."):
            if str(path) == str(tmp_path):
                raise PermissionError(13, "Permission denied")
            return real(path)

        return listing

    monkeypatch.setattr(os, "scandir", refusing(os.scandir))
    monkeypatch.setattr(os, "listdir", refusing(os.listdir))
    status, out, err = mrn(tmp_path, "--onset", "1", "--apex", "2")
    assert (status, out) == (2, "")
    assert "Permission denied" in err
    assert len(err.strip().splitlines()) == 1


def test_a_file_whose_name_begins_with_a_dash_opens(bad, tmp_path):
    (tmp_path / "-lead.mp4").write_bytes(demo_clip_path().read_bytes())
    truth = demo_truth()
    start = "import sys; from mrn_core.cli import main; sys.exit(main())"
    marks = ["--onset", str(truth.onset), "--apex", str(truth.apex)]
    done = subprocess.run(
        [sys.executable, "-c", start, "analyze", "./-lead.mp4", *marks, "--json", *FAST],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["provenance"]["clip"]["name"] == "-lead.mp4"
    assert done.stderr == ""


def test_the_sources_own_numbers_and_positions_mean_one_frame(mrn, tmp_path):
    """B16: img46.jpg is #46, and index 0."""
    import cv2

    with open_clip(DEMO) as clip:
        truth = demo_truth()
        for k, i in enumerate(range(truth.onset, truth.apex + 1)):
            cv2.imwrite(str(tmp_path / f"img{46 + k}.png"), clip[i][..., ::-1])
    last = truth.apex - truth.onset
    by_number = mrn(tmp_path, "--onset", "#46", "--apex", f"#{46 + last}", "--fps", 200, "--json", *FAST)
    by_index = mrn(tmp_path, "--onset", "0", "--apex", str(last), "--fps", 200, "--json", *FAST)
    assert by_number[0] == by_index[0] == 0, by_number[2]
    assert by_number[1] == by_index[1]
    told = json.loads(by_index[1])["provenance"]
    assert told["onset"] == {"frame": 0, "number": 46, "seconds": 0.0}
    status, _, err = mrn(tmp_path, "--onset", "46", "--apex", "100")
    assert status == 2
    assert "46" in err


@pytest.mark.parametrize(("planes", "tables"), [(6, 1), (0, 1)])
def test_json_is_strict_where_rows_are_empty(mrn, marks, planes, tables):
    """B63."""
    status, out, _ = mrn(DEMO, *marks, "--json", *FAST, "--planes", planes, "--tables", tables)
    assert status == 0
    json.loads(out, parse_constant=lambda word: pytest.fail(word))
    status, out, _ = mrn(DEMO, *marks, "--json", "--magnifier", "linear", "--af", "2:13:1", *SMALL)
    assert status == 0
    assert json.loads(out)["levels"][0]["af"] == 2.0


def test_who_chose_the_apex_goes_into_every_file(mrn, marks, tmp_path):
    status, out, err = mrn(
        DEMO, *marks, "--apex-source", "spotted:flow", "--out", tmp_path / "o", "--json", *FAST
    )
    assert status == 0, err
    assert json.loads(out)["provenance"]["apex_source"] == "spotted:flow"
    assert Analysis.load(tmp_path / "o" / "analysis.npz").provenance["apex_source"] == "spotted:flow"
    assert "spotted:flow" in (tmp_path / "o" / "levels.csv").read_text(encoding="utf-8")
    status, _, err = mrn(DEMO, *marks, "--apex-source", "guessed", *FAST)
    assert status == 2
    assert "annotated" in err
