"""Data sets that this program makes: their plan, their bytes, going on after an end, damaged copies."""

import datetime as dt
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mrn_core.clip import open_clip
from mrn_core.datasets import ActionUnit, check, open_dataset
from mrn_core.datasets.kinds import RECORD
from mrn_core.datasets.making import SHEET, synthesize
from mrn_core.datasets.plan import PRESETS, Preset, plan_rendered
from mrn_core.datasets.truth import coded, open_truth
from mrn_core.errors import Cancelled, FileError, SettingsError

SAMPLE = Preset(2, 2, {"size": 48, "fps": 50.0, "distractors": False})
RECIPE = {"source": "rendered faces", "preset": "sample", "seed": 3, "fps": 50.0}
PLANS = plan_rendered(SAMPLE, 3)


def content(root):
    """Every file under a folder, and its bytes."""
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two people, two clips each, made in this process."""
    root = tmp_path_factory.mktemp("made") / "set"
    assert synthesize(PLANS, root, RECIPE, jobs=1).made == 4
    return root


@pytest.fixture
def copied(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "copy"))


def test_the_presets_hold_what_they_promise():
    for name, people, clips in (("small", 8, 80), ("full", 40, 400)):
        plans = plan_rendered(PRESETS[name], 7)
        assert len(plans) == len({plan.name for plan in plans}) == clips
        assert len({plan.subject for plan in plans}) == len({plan.person for plan in plans}) == people
        assert set(Counter(plan.emotion for plan in plans).values()) == {clips // 5}
        assert len({plan.first for plan in plans}) > 20
        assert min(plan.first for plan in plans) >= 1
    assert [p for p in plans if p.subject <= "08"] == plan_rendered(PRESETS["small"], 7)
    assert {p.seed for p in plans}.isdisjoint({p.seed for p in plan_rendered(PRESETS["full"], 8)})
    with pytest.raises(SettingsError):
        plan_rendered(PRESETS["small"], -1)
    with pytest.raises(SettingsError):
        Preset(1, 300)


def test_the_made_set_is_laid_out_as_casme2_and_nothing_is_odd(made):
    dataset = open_dataset(made)
    assert check(dataset) == []
    assert (dataset.kind, dataset.fps, dataset.sheet.name) == ("synthetic", 50.0, SHEET)
    assert [sample.name for sample in dataset.samples] == [f"{p.subject}/{p.clip}" for p in PLANS]
    assert [sample.emotion for sample in dataset.samples] == [p.emotion for p in PLANS]
    assert dataset.usable == dataset.samples
    header = next(load_workbook(made / SHEET).active.iter_rows(values_only=True))
    assert header[2] is None
    assert header[6] is None
    assert not (made / ".making").exists()


def test_sheet_files_and_truth_agree(made):
    for sample, plan in zip(open_dataset(made).samples, PLANS, strict=True):
        truth = open_truth(sample.path)
        assert (sample.path / f"img{plan.first}.jpg").exists()
        with open_clip(sample.path) as clip:
            assert len(clip) == len(truth)
            assert sample.marks(clip) == (truth.onset, truth.apex, truth.offset)
        assert coded(truth) == sample.action_units_text
        assert max(truth.units.values(), key=max).argmax() == pytest.approx(truth.apex, abs=1)


def test_processes_make_the_same_bytes(made, tmp_path):
    told = []
    synthesize(PLANS, tmp_path / "set", RECIPE, jobs=2, progress=lambda *step: told.append(step))
    assert content(tmp_path / "set") == content(made)
    assert told == [("clips", done, 4) for done in range(5)]


def test_what_is_missing_or_changed_is_made_again(made, copied):
    one, two, three, four = (copied / plan.name for plan in PLANS)
    min(one.glob("img*.jpg")).unlink()
    changed = max(two.glob("img*.jpg"))
    changed.write_bytes(changed.read_bytes()[:-40])
    shutil.rmtree(three)
    (copied / SHEET).unlink()
    (copied / ".making" / "sub01_half").mkdir(parents=True)
    before = (four / "made.json").stat().st_mtime_ns
    done = synthesize(PLANS, copied, RECIPE, jobs=1)
    assert (done.made, done.kept) == (3, 1)
    assert content(copied) == content(made)
    assert (four / "made.json").stat().st_mtime_ns == before


def test_a_cancelled_run_leaves_whole_clips_and_goes_on(made, tmp_path):
    answers = iter((False, False, True))
    with pytest.raises(Cancelled):
        synthesize(PLANS, tmp_path / "set", RECIPE, jobs=1, cancel=lambda: next(answers))
    names = {str(path.relative_to(tmp_path / "set")) for path in (tmp_path / "set").glob("sub*/*")}
    assert names == {plan.name for plan in PLANS[:2]}
    assert not (tmp_path / "set" / ".making").exists()
    assert synthesize(PLANS, tmp_path / "set", RECIPE, jobs=1).kept == 2
    assert content(tmp_path / "set") == content(made)


def test_a_folder_of_something_else_is_refused_and_left_alone(tmp_path, copied):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(FileError, match="not empty"):
        synthesize(PLANS, tmp_path / "mine", RECIPE, jobs=1)
    assert content(tmp_path / "mine") == {"thesis.txt": b"mine"}
    before = content(copied)
    with pytest.raises(FileError, match="begun with seed 3, not 4"):
        synthesize(plan_rendered(SAMPLE, 4), copied, RECIPE | {"seed": 4}, jobs=1)
    assert content(copied) == before
    with pytest.raises(FileError, match="cannot be written"):
        synthesize(PLANS, tmp_path / "mine" / "thesis.txt", RECIPE, jobs=1)


def test_a_set_that_another_generator_began_is_not_mixed(copied):
    record = json.loads((copied / RECORD).read_text(encoding="utf-8"))
    record["generator"] = "0" * 64
    (copied / RECORD).write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(FileError, match="another state of the generator"):
        synthesize(PLANS, copied, RECIPE, jobs=1)


def edit(root, change):
    book = load_workbook(root / SHEET)
    change(book.active)
    book.save(root / SHEET)


def told(root):
    """Kind and place of all problems."""
    return [(problem.kind, problem.place) for problem in check(open_dataset(root))]


def test_each_damage_of_a_copy_is_named(copied):
    one = PLANS[0]
    folder = copied / one.name
    numbers = sorted(int(path.stem[3:]) for path in folder.glob("img*.jpg"))
    for number in (numbers[2], numbers[-1]):  # within, and at the end, where only the record can tell
        (folder / f"img{number}.jpg").unlink()
    found = check(open_dataset(copied))
    assert [(p.kind, p.place) for p in found] == [("missing-frame", one.name)] * 2
    assert str(numbers[2]) in found[0].sentence
    assert f"img{numbers[-1]}.jpg" in found[1].sentence


def test_a_missing_row_is_named(copied):
    edit(copied, lambda tab: tab.delete_rows(3))
    assert told(copied) == [("no-row", PLANS[1].name)]


def test_a_slash_for_the_apex_and_a_date_are_named(copied):
    def change(tab):
        tab["E2"], tab["H4"] = "/", dt.datetime(2026, 4, 12)

    edit(copied, change)
    assert told(copied) == [("no-apex", f"{SHEET} cell E2"), ("date-cell", f"{SHEET} cell H4")]
    assert open_dataset(copied).samples[2].action_units == ()


def test_an_apex_outside_its_span_is_named(copied):
    edit(copied, lambda tab: tab.__setitem__("E3", tab["F3"].value + 5))
    assert told(copied) == [("apex-after", f"{SHEET} cell E3")]
    assert [s.name for s in open_dataset(copied).left_out] == [f"{PLANS[1].subject}/{PLANS[1].clip}"]


def test_a_doubled_folder_is_named(copied):
    inner = copied / PLANS[0].name
    shutil.copytree(inner, inner / inner.name)
    assert told(copied) == [
        ("doubled-folder", f"{PLANS[0].name}/{inner.name}"),
        ("doubled-clip", f"{PLANS[0].name}/{inner.name}"),
    ]


def test_a_renamed_subject_is_named(copied):
    (copied / "sub02").rename(copied / "sub20")
    assert told(copied) == [("renamed-subject", "sub20")]


def test_a_changed_picture_is_named(copied):
    path = min((copied / PLANS[0].name).glob("img*.jpg"))
    path.write_bytes(path.read_bytes() + b"x")
    assert told(copied) == [("changed", PLANS[0].name)]


def test_action_units_of_the_sheet_are_read_as_numbers_and_sides(made):
    for sample in open_dataset(made).samples:
        assert sample.action_units
        text = "+".join(f"{unit.side}{unit.number}" for unit in sample.action_units)
        assert text == sample.action_units_text
        assert all(isinstance(unit, ActionUnit) for unit in sample.action_units)
