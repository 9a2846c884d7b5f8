"""The folder of exports and the commands that write it: all or nothing, the same numbers everywhere."""

import csv
import dataclasses
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from mrn_core import cli
from mrn_core.errors import Cancelled, FileError, SettingsError
from mrn_core.figures.film import encoded
from mrn_core.figures.numbers import numbers_npz
from mrn_core.figures.scene import Scene
from mrn_core.figures.views import KINDS, VIEWS
from mrn_core.network import explain
from mrn_core.report import Plan, existing, export, report_html
from mrn_core.report.exporting import NUMBERS, file_names, stem_of, write_all
from mrn_core.result import Analysis
from mrn_core.tables import chance_of, head_sentences
from mrn_core.worth import untrained

NASTY = "<script>alert('x')</script> & \"50%\" é 微表情.mp4"


@pytest.fixture(scope="module")
def scene(make_analysis):
    analysis = make_analysis(levels=4, blocks=2, heads=2, planes=5, tables=1, name=NASTY)
    told = analysis.provenance | {"apex_source": "middle", "threads": 1}
    smooth = np.broadcast_to(np.arange(224, dtype=np.uint8)[:, None, None], analysis.frames.shape)
    analysis = dataclasses.replace(analysis, frames=smooth, onset=smooth[0], apex=smooth[-1])  # soon packed
    analysis = dataclasses.replace(analysis, provenance=told, warnings=["The head <moves>."])
    return Scene(analysis, chance=chance_of(analysis, draws=10))


PLAN = Plan(views=("fig4",), kinds=("svg", "pdf"), report=False)


def test_everything_planned_is_written_and_nothing_else(scene, tmp_path):
    told = []
    written = export(scene, PLAN, tmp_path / "new" / "place", lambda *step: told.append(step))
    assert [path.name for path in written] == file_names(scene, PLAN)
    assert len(written) == 2 + len(NUMBERS)
    assert sorted(path.name for path in written) == sorted(
        path.name for path in (tmp_path / "new" / "place").iterdir()
    )
    assert told[0][1] == 0
    assert told[-1][1:] == (len(written) + 1, len(written) + 1)
    assert existing(tmp_path / "new" / "place", file_names(scene, PLAN)) == file_names(scene, PLAN)


def test_no_two_files_have_one_name(scene):
    everything = dataclasses.replace(scene, before=scene.analysis)
    names = file_names(everything, Plan(kinds=KINDS, film=True))
    assert len(names) == len(set(names))
    assert f"{stem_of(scene)}-heads-view.csv" in names


def test_the_list_of_exports_names_every_view_and_every_file_of_numbers():
    told = (Path(__file__).resolve().parents[2] / "docs" / "exports.md").read_text("utf-8")
    named = set(re.findall(r"`([\w.-]+)`", told))
    assert set(VIEWS) <= named
    assert set(NUMBERS) <= named


@pytest.fixture(scope="module")
def numbers(scene, tmp_path_factory):
    folder = tmp_path_factory.mktemp("numbers")
    export(scene, Plan(views=(), report=False), folder)
    return {name: folder / f"{stem_of(scene)}-{name}" for name in NUMBERS}


def read(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_pairs_read_back_to_the_same_bits(scene, numbers):
    for row in read(numbers["pairs.csv"]):
        b, h, i, j = int(row["block"]) - 1, int(row["head"]) - 1, int(row["query"]), int(row["key"])
        trace = scene.analysis.traces[b]
        assert np.float32(row["weight"]) == trace.weights[h, i, j]
        assert float(row["weight"]) == float(trace.weights[h, i, j])
        assert int(row["allowed"]) == trace.mask[h, i, j]
        shared = [trace.query_buckets[h, t, i] == trace.key_buckets[h, t, j] for t in range(trace.tables)]
        assert int(row["shared_tables"]) == sum(shared)
        assert float(row["chance"]) == float(scene.chance[b].allowed[h, i, j])
        assert float(row["query_af"]) == scene.analysis.levels[i]


def test_arrays_are_those_of_the_analysis(scene, numbers):
    with np.load(numbers["numbers.npz"], allow_pickle=False) as held:
        np.testing.assert_array_equal(held["weights"][1], scene.analysis.traces[1].weights)
        np.testing.assert_array_equal(held["reach"], scene.analysis.reach())
        np.testing.assert_array_equal(held["chance"][0], scene.chance[0].reach)
        np.testing.assert_array_equal(held["af"], scene.analysis.levels)
        scaled = np.concatenate([trace.scaled() for trace in scene.analysis.traces])
        np.testing.assert_allclose(held["mean"][-1], scaled.mean(0), rtol=1e-6)
        np.testing.assert_array_equal(held["union"][-1], scaled.max(0))
        assert "before_weights" not in held
        about = json.loads(str(held["about"]))
    assert (about["note"], about["seed"], about["apex_source"]) == (untrained("all"), 0, "middle")
    assert Analysis.load(numbers["analysis.npz"]).provenance == scene.analysis.provenance


def test_the_health_of_the_hash_is_a_row_a_block(scene, numbers):
    rows = read(numbers["health.csv"])
    for row, health in zip(rows, scene.analysis.health(), strict=True):
        assert {name: row[name] for name in health} == {
            name: "" if value is None else str(value) if value % 1 else str(int(value))
            for name, value in health.items()
        }


@pytest.mark.parametrize(
    ("name", "shows"),
    [("levels.csv", "all"), ("heads.csv", "all"), ("pairs.csv", "weights"), ("health.csv", "hash")],
)
def test_every_table_says_apex_source_seed_and_badge(numbers, name, shows):
    for row in read(numbers[name]):
        told = row["clip"], row["apex_source"], row["seed"], row["note"]
        assert told == (NASTY, "middle", "0", untrained(shows))


def test_every_export_carries_where_the_apex_came_from(scene, numbers):
    assert json.loads(numbers["analysis.json"].read_text("utf-8"))["provenance"]["apex_source"] == "middle"
    assert "apex 5 (middle)" in report_html(scene).decode()


def test_the_kept_state_is_in_the_arrays(scene):
    before = dataclasses.replace(scene.analysis, traces=scene.analysis.traces[::-1])
    data = numbers_npz(dataclasses.replace(scene, before=before))
    with np.load(io.BytesIO(data), allow_pickle=False) as held:
        np.testing.assert_array_equal(held["before_weights"][0], scene.analysis.traces[1].weights)
        np.testing.assert_array_equal(
            held["weight_difference"][0], held["weights"][0].astype(np.float64) - held["weights"][1]
        )
        assert json.loads(str(held["before_about"]))["note"] == untrained("all")


def changed_nothing(folder, before):
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_full_disk_changes_nothing(scene, tmp_path, monkeypatch):
    names = file_names(scene, PLAN)
    (tmp_path / names[0]).write_text("old")
    before = {names[0]: b"old"}
    count = []

    def full(descriptor):
        count.append(descriptor)
        if len(count) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FileError, match=r"cannot be written: No space left on device. Choose another place"):
        write_all(tmp_path, dict.fromkeys(names, b"new"))
    changed_nothing(tmp_path, before)
    count.clear()
    with pytest.raises(FileError, match="No space"):
        write_all(tmp_path / "made" / "for it", dict.fromkeys(names, b"new"))
    changed_nothing(tmp_path / "made", {})


def test_a_file_that_another_program_holds_leaves_all_as_before(tmp_path, monkeypatch):
    before = {"a": b"old a", "c": b"old c"}
    for name, data in before.items():
        (tmp_path / name).write_bytes(data)
    replace = Path.replace

    def held(self, target):
        if self == tmp_path / "c":
            raise PermissionError(13, "Another program uses it")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(FileError, match="Another program uses it"):
        write_all(tmp_path, dict.fromkeys("abc", b"new"))
    changed_nothing(tmp_path, before)
    monkeypatch.undo()
    write_all(tmp_path, dict.fromkeys("abc", b"new"))
    changed_nothing(tmp_path, dict.fromkeys("abc", b"new"))


@pytest.mark.parametrize("place", ["file", "file/deeper"])
def test_a_file_in_the_folders_place_is_refused(scene, tmp_path, place):
    (tmp_path / "file").write_text("kept")
    with pytest.raises(FileError, match=r"not a folder|Not a directory"):
        export(scene, PLAN, tmp_path / place)
    assert (tmp_path / "file").read_text() == "kept"


def test_a_folder_without_leave_to_write_is_refused_before_the_work(scene, tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    drew = []
    with pytest.raises(FileError, match="Writing is not allowed in"):
        export(scene, PLAN, tmp_path / "new", lambda *step: drew.append(step))
    assert drew == []
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_a_files_place_is_refused_before_the_work(scene, tmp_path):
    (tmp_path / file_names(scene, PLAN)[-1]).mkdir()
    drew = []
    with pytest.raises(FileError, match="a folder stands there"):
        export(scene, PLAN, tmp_path, lambda *step: drew.append(step))
    assert drew == []


def test_cancelling_writes_nothing(scene, tmp_path):
    asked = []

    def cancel():
        asked.append(True)
        return len(asked) > 2

    with pytest.raises(Cancelled):
        export(scene, PLAN, tmp_path / "place", cancel=cancel)
    assert not (tmp_path / "place").exists()


@pytest.mark.parametrize(("width", "height"), [(313, 217), (224, 224), (33, 18)])
def test_a_film_of_odd_size_is_played(width, height):
    ramp = np.arange(height)[None, :, None, None] + 8 * np.arange(5)[:, None, None, None]
    frames = np.broadcast_to(ramp % 256, (5, height, width, 3)).astype(np.uint8)
    with av.open(io.BytesIO(encoded(frames, 10, "a title", "a comment"))) as read:
        film = read.streams.video[0]
        assert (film.width, film.height) == (width + width % 2, height + height % 2)
        back = [frame.to_ndarray(format="rgb24") for frame in read.decode(film)]
        told = read.metadata["comment"]
    assert ("written as" in told) == bool(width % 2 or height % 2)
    assert len(back) == 5
    for given, shown in zip(frames, back, strict=True):
        assert np.abs(given.astype(int) - shown[:height, :width]).mean() < 3


def test_a_film_goes_up_and_back_and_says_what_it_is(scene, tmp_path):
    written = export(scene, Plan(views=(), numbers=False, report=False, film=True), tmp_path)
    with av.open(str(written[0])) as read:
        assert sum(1 for _ in read.decode(video=0)) == 1 + 4 + 3
        assert read.metadata["title"] == untrained("frames")
        assert json.loads(read.metadata["comment"])["apex_source"] == "middle"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("50% smile #1 [a].mp4", "50% smile #1 [a]"),
        ("%d_%03d.mp4", "%d_%03d"),
        ("O'Brien é.mp4", "O'Brien é"),
        ("-lead.mp4", "_-lead"),
        ("微 表情.mp4", "微 表情"),
        ("folder", "folder"),
        ('a<b>:"c"/d\\e|f?g*.mp4', "a_b___c__d_e_f_g_"),
        ("CON.mp4", "_CON"),
        ("a\udcff.mp4", "a_"),
        (".", "clip"),
        ("x" * 300 + ".mp4", "x" * 60),
        ("😀" * 70 + ".mp4", "😀" * 40),
        ("é" + "😀" * 70, "é" + "😀" * 39),
        ("ابتسامة صغيرة.mp4", "ابتسامة صغيرة"),
        ("a\u202egpj.mp4", "a_gpj"),
        ("two\u2028lines\u0085.mp4", "two_lines_"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("aux.h264.mp4", "_aux.h264"),
        ("COM¹.mp4", "_COM¹"),
    ],
)
def test_names_of_files_begin_with_the_clips(make_analysis, tmp_path, name, stem):
    found = stem_of(Scene(make_analysis(levels=1, blocks=1, heads=1, tables=1, name=name)))
    assert found == stem
    longest = f"{found}-weight-difference-b12h12-view.csv"
    assert len(longest.encode()) <= 255
    (tmp_path / longest).write_text("every file system takes it")


@pytest.mark.parametrize(
    "wrong",
    [{"views": ("spiral",)}, {"kinds": ("bmp",)}, {"size": "poster"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_wrong_plan_is_refused_in_words(wrong):
    with pytest.raises(SettingsError, match=r"Choose (one of|among): "):
        Plan(**wrong)
    with pytest.raises(SettingsError, match="Nothing is chosen"):
        Plan(views=(), numbers=False, report=False)


@pytest.fixture
def saved(scene, tmp_path):
    scene.analysis.save(tmp_path / "a.npz")
    return str(tmp_path / "a.npz")


def test_commands_write_what_the_functions_do(scene, saved, tmp_path, capsys):
    out = tmp_path / "r.html"
    assert cli.main(["report", saved, str(out), "--block", "2", "--head", "2"]) == 0
    assert "block 2, head 2" in out.read_text("utf-8")
    strip = tmp_path / "two.svg"
    assert cli.main(["figure", "fig1", saved, saved, "--out", str(strip)]) == 0
    assert strip.read_bytes().count(b"<image") == 2 * (2 + 4)
    assert cli.main(["export", saved, "--out", str(tmp_path / "e"), "--views", "fig4", "--no-numbers"]) == 0
    assert len(list((tmp_path / "e").iterdir())) == 2
    capsys.readouterr()
    assert cli.main(["levels", saved, saved, "--draws", "4"]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["analysis"] for row in table} == {saved}
    reach = {(row["level"], row["block"], row["head"]): row["reach"] for row in table}
    assert float(reach["3", "2", "1"]) == scene.analysis.reach()[1, 0, 3]
    assert cli.main(["levels", saved, "--draws", "4", "--words"]) == 0
    lines = capsys.readouterr().out.splitlines()
    said = dict(head_sentences(scene.analysis, chance_of(scene.analysis, 4)))
    assert lines == [
        *(f"{place}: {words}" for place, words in said.items()),
        "What is too close to tell, more redraws may tell: --draws 64.",
    ]
    assert said["Block 2, head 1"].endswith(
        " ".join(
            explain.head_told(
                explain.head(scene.analysis.traces[1], 0, explain.redraws(scene.analysis.traces[1], 4, 1))
            )
        )
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["report", "SAVED", "none/r.html"], "there is no such folder"),
        (["report", "nothing.npz", "r.html"], "There is no file nothing.npz"),
        (["figure", "spiral", "SAVED", "--out", "a.svg"], "There is no view 'spiral'"),
        (["figure", "fig4", "SAVED", "--out", "a.bmp"], "End its name with"),
        (["figure", "fig4", "SAVED", "--out", "a.svg", "--head", "9"], "There is no head 9"),
        (["figure", "why", "SAVED", "--out", "a.svg", "--pair", "12"], "Write two levels"),
        (["figure", "fig4", "SAVED", "SAVED", "--out", "a.svg"], "fig1 takes several"),
        (["export", "SAVED", "--out", "SAVED"], "is a file, not a folder"),
        (["levels", "SAVED", "--out", "."], "a folder stands there"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_2(saved, tmp_path, monkeypatch, capsys, words, told):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert cli.main([saved if word == "SAVED" else word for word in words]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    """The environment of a program whose numbers have a decimal comma; skips where none can be made."""
    folder = tmp_path_factory.mktemp("locale")
    if shutil.which("localedef") is None:
        pytest.skip("this machine cannot make a German locale")
    command = ["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")]
    if subprocess.run(command, capture_output=True, check=False, timeout=60).returncode not in (0, 1):
        pytest.skip("this machine cannot make a German locale")
    return os.environ | {"LOCPATH": str(folder), "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}


def test_every_file_is_the_same_under_a_decimal_comma(scene, saved, german, tmp_path):
    code = (
        "import locale, sys; locale.setlocale(locale.LC_ALL, '')\n"
        "assert locale.localeconv()['decimal_point'] == ',' and locale.str(1.5) == '1,5'\n"
        "from mrn_core.result import Analysis; from mrn_core.figures.scene import Scene\n"
        "from mrn_core.report import Plan, export\n"
        "plan = Plan(('fig4', 'reading', 'reach'), ('svg', 'csv'), report=False)\n"
        "export(Scene(Analysis.load(sys.argv[1])), plan, sys.argv[2])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, saved, tmp_path / "german"],
        env=german, capture_output=True, timeout=120, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    plan = Plan(("fig4", "reading", "reach"), ("svg", "csv"), report=False)
    for path in export(Scene(Analysis.load(saved)), plan, tmp_path / "english"):
        if path.suffix != ".npz":  # the archive holds the time
            assert (tmp_path / "german" / path.name).read_bytes() == path.read_bytes(), path.name
