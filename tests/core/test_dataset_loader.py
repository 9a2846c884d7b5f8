"""The index of a data set, its cells, and what is reported of each irregularity."""

import datetime as dt
import shutil

import pytest
from dataset_tree import HEADER, clip, row, sheet, tree

from mrn_core.clip import open_clip
from mrn_core.datasets import ActionUnit, check, kinds, open_dataset
from mrn_core.datasets.cells import action_units, emotion_name, frame_number, subject_name
from mrn_core.datasets.sheet import letters
from mrn_core.errors import ClipError, FileError, SettingsError


def odd(dataset):
    """Kind and place of everything odd."""
    return [(problem.kind, problem.place) for problem in check(dataset)]


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (46, 46), (46.0, 46), ("46 ", 46), ("46.0", 46), ("46,0", 46), ("046", 46), ("/", None),
        (None, None), ("", None), ("n/a", None), (float("nan"), None),
    ],
)  # fmt: skip
def test_frame_numbers_in_all_their_forms(value, number):
    assert frame_number(value) == (number, "", False)


@pytest.mark.parametrize("value", [46.5, "46,5", -3, "abc", "46-59", True, "1e3"])
def test_what_is_no_frame_number_is_said(value):
    number = frame_number(value)
    assert number.value is None
    assert "no frame number" in number.fault


def test_a_date_is_no_frame_number():
    assert frame_number(dt.datetime(2014, 4, 12)).is_date
    assert frame_number("12-Apr").is_date


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (1, "01"), ("01", "01"), (1.0, "01"), ("sub01", "01"), ("s1", "01"), ("Subject 1", "01"),
        ("006", "06"), (26, "26"), ("100", "100"), ("anna", "anna"), ("", ""), (None, ""), ("sub00", "00"),
    ],
)  # fmt: skip
def test_subjects_in_all_their_forms(value, name):
    assert subject_name(value) == name


def test_action_units_are_read_and_nothing_is_guessed():
    def units(value):
        return [tuple(unit) for unit in action_units(value).units]

    assert units("4+7") == [(4, ""), (7, "")]
    assert units(12) == units(12.0) == units("12") == units("AU12") == [(12, "")]
    assert units("R12+L14") == [(12, "R"), (14, "L")]
    assert units("4，7") == units("4, 7") == [(4, ""), (7, "")]
    assert units("12B + 6") == [(12, ""), (6, "")]
    assert units("?") == units(None) == []
    doubtful = action_units("(R12 or R15) + 17")
    assert (doubtful.units, doubtful.unread) == ((ActionUnit(17),), ("(R12 or R15)",))
    assert action_units(dt.datetime(2014, 4, 12)).is_date
    assert action_units("4-12").unread == ("4-12",)
    assert emotion_name(" Happiness ") == "happiness"


def test_column_letters():
    assert [letters(i) for i in (0, 5, 25, 26, 701, 702)] == ["A", "F", "Z", "AA", "ZZ", "AAA"]


def test_a_clean_tree_is_read_whole_and_nothing_is_odd(tmp_path):
    rows = [row(), row("02", "EP01_11f", units=12, emotion="Happiness "), row("02", "EP09f", units="R12")]
    dataset = open_dataset(tree(tmp_path / "CASME2", rows))
    assert odd(dataset) == []
    assert (dataset.name, dataset.kind, dataset.fps) == ("CASME II", "casme2", 200.0)
    assert dataset.labels == ("disgust", "happiness", "others", "repression", "surprise")
    first, second, third = dataset.samples
    assert (first.subject, first.clip, first.row, first.emotion) == ("01", "EP02_01f", 2, "others")
    assert (first.onset, first.apex, first.offset, first.apex_source) == (46, 59, 86, "annotated")
    assert first.path == dataset.root / "CASME2_RAW_selected" / "sub01" / "EP02_01f"
    assert first.numbers == tuple(range(46, 87))
    assert (second.emotion, second.action_units) == ("happiness", (ActionUnit(12),))
    assert (third.action_units, third.action_units_text) == ((ActionUnit(12, "R"),), "R12")
    assert dataset.subjects == ("01", "02")
    assert dataset.of(["happiness"]) == (second,)
    with open_clip(first.path) as opened:
        assert first.marks(opened) == (0, 13, 40)


def test_nothing_is_written(tmp_path):
    root = tree(tmp_path / "CASME2", [row(), row("02", "EP01_11f")])
    before = {path: path.stat().st_mtime_ns for path in sorted(root.rglob("*"))}
    check(open_dataset(root))
    assert {path: path.stat().st_mtime_ns for path in sorted(root.rglob("*"))} == before


def test_subjects_as_numbers_and_a_header_further_down(tmp_path):
    root = tree(tmp_path / "set", [row()])
    notes = [["A note", None], ["More notes"], []]
    header = ["subject ", "File name", None, "Onset Frame", "Apex  frame", "OFFSET", None, "AUs", "Emotion"]
    sheet(root / "CASME2-coding.xlsx", [*notes, header, row(1, onset="46 ", apex=59.0)], header=None)
    (sample,) = open_dataset(root).samples
    assert (sample.subject, sample.row, sample.onset, sample.apex, sample.offset) == ("01", 5, 46, 59, 86)
    assert sample.usable


def test_a_missing_apex_is_the_middle_by_the_files_that_are_there(tmp_path):
    root = tree(tmp_path / "set", [row("04", "EP12_01f", apex="/")])
    dataset = open_dataset(root)
    (sample,) = dataset.samples
    assert (sample.apex, sample.apex_source, sample.usable) == (None, "middle", True)
    assert odd(dataset) == [("no-apex", "CASME2-coding.xlsx cell E2")]
    with open_clip(sample.path) as opened:
        assert sample.marks(opened) == (0, 20, 40)


def test_cells_of_the_wrong_kind(tmp_path):
    """A date where "4-12" was, apex "/", blank offset, 46.0 and "46 ", "Happiness "."""
    rows = [
        row("01", "EP02_01f", onset=46.0, units=dt.datetime(2014, 4, 12), emotion="Happiness "),
        row("01", "EP03_02", onset="46 ", apex="/"),
        row("01", "EP04_02", apex="/", offset=None),
        row("01", "EP05_02", apex=dt.datetime(2014, 1, 2)),
    ]
    dataset = open_dataset(tree(tmp_path / "set", rows))
    first, second, third, fourth = dataset.samples
    assert (first.onset, first.emotion, first.action_units) == (46, "happiness", ())
    assert (second.onset, second.apex, second.apex_source) == (46, None, "middle")
    assert (third.apex, third.apex_source, third.usable) == (None, "none", False)
    assert (fourth.apex, fourth.apex_source) == (None, "middle")
    assert odd(dataset) == [
        ("date-cell", "CASME2-coding.xlsx cell H2"),
        ("no-apex", "CASME2-coding.xlsx cell E3"),
        ("no-apex", "CASME2-coding.xlsx cell E4"),
        ("no-offset", "CASME2-coding.xlsx cell F4"),
        ("date-cell", "CASME2-coding.xlsx cell E5"),
    ]


def test_missing_clips_and_impossible_apexes(tmp_path):
    """Ten rows: two without a folder, two apexes after the offset, one before the onset; a spare folder."""
    names = [f"EP{i:02d}_01" for i in range(10)]
    rows = [row("01", name) for name in names]
    rows[2][4] = rows[3][4] = 87
    rows[4][4] = 45
    folders = [("01", name) for name in names[:8]] + [("01", "EP77_01")]
    dataset = open_dataset(tree(tmp_path / "set", rows, folders))
    kinds_met = [problem.kind for problem in check(dataset)]
    assert len(kinds_met) == 6
    assert kinds_met.count("no-folder") == 2
    assert kinds_met.count("apex-after") == 2
    assert kinds_met.count("apex-before") == 1
    assert kinds_met.count("no-row") == 1
    assert len(dataset.usable) == 5
    assert {sample.clip for sample in dataset.left_out} == {names[i] for i in (2, 3, 4, 8, 9)}
    places = {problem.place for problem in dataset.problems if problem.kind == "no-row"}
    assert places == {"CASME2_RAW_selected/sub01/EP77_01"}


def test_missing_pictures_are_counted_by_their_numbers(tmp_path):
    root = tree(tmp_path / "set", [row("01", f"EP0{i}_01") for i in range(4)])
    inner = root / "CASME2_RAW_selected" / "sub01"
    for number in (50, 51, 52, 70):
        (inner / "EP00_01" / f"img{number}.jpg").unlink()
    (inner / "EP01_01" / "img59.jpg").unlink()
    (inner / "EP02_01" / "img86.jpg").unlink()
    dataset = open_dataset(root)
    told = [problem.sentence for problem in dataset.problems]
    assert {problem.kind for problem in dataset.problems} == {"missing-frame"}
    assert told[0] == "frames 50 to 52, 70 are missing."
    assert "no apex 59" in told[1]
    assert "no offset 86" in told[3]
    assert [sample.usable for sample in dataset.samples] == [True, False, True, True]
    with open_clip(dataset.samples[2].path) as opened:
        assert dataset.samples[2].marks(opened) == (0, 13, 39)
    with open_clip(dataset.samples[0].path) as opened:
        assert dataset.samples[0].marks(opened) == (0, 10, 36)
    with open_clip(dataset.samples[1].path) as opened, pytest.raises(ClipError, match="apex 59"):
        dataset.samples[1].marks(opened)


def test_a_doubled_folder_is_named_and_its_clips_are_found(tmp_path):
    root = tree(tmp_path / "set", [row()])
    (root / "CASME2_RAW_selected").rename(root / "x")
    (root / "CASME2_RAW_selected").mkdir()
    (root / "x").rename(root / "CASME2_RAW_selected" / "CASME2_RAW_selected")
    dataset = open_dataset(root)
    assert odd(dataset) == [("doubled-folder", "CASME2_RAW_selected/CASME2_RAW_selected")]
    assert len(dataset.usable) == 1


def test_a_clip_within_itself_is_named_and_the_outer_one_is_used(tmp_path):
    root = tree(tmp_path / "set", [row()])
    outer = root / "CASME2_RAW_selected" / "sub01" / "EP02_01f"
    clip(outer / "EP02_01f")
    dataset = open_dataset(root)
    assert [kind for kind, _ in odd(dataset)] == ["doubled-folder", "doubled-clip"]
    assert dataset.samples[0].path == outer


def test_cropped_pictures_beside_the_raw_ones_are_named_once(tmp_path):
    root = tree(tmp_path / "set", [row(), row("02", "EP01_11f")])
    for subject, name in (("sub01", "EP02_01f"), ("sub02", "EP01_11f")):
        clip(root / "A" / "Cropped" / subject / name, pattern="reg_img{}.jpg")
    dataset = open_dataset(root)
    assert odd(dataset) == [("doubled-clip", "A/Cropped")]
    assert all("CASME2_RAW_selected" in str(sample.path) for sample in dataset.usable)
    assert len(open_dataset(root / "A" / "Cropped", root / "CASME2-coding.xlsx").usable) == 2


def test_a_renamed_subject_is_named_once_and_not_assumed(tmp_path):
    rows = [row("05", "EP02_01f"), row("05", "EP03_02"), row("06", "EP03_02")]
    root = tree(tmp_path / "set", rows)
    inner = root / "CASME2_RAW_selected"
    (inner / "sub05").rename(inner / "sub31")
    dataset = open_dataset(root)
    assert odd(dataset) == [("renamed-subject", "CASME2_RAW_selected/sub31")]
    assert "subject 05" in dataset.problems[0].sentence
    assert [sample.usable for sample in dataset.samples] == [False, False, True]


def test_two_rows_of_one_clip(tmp_path):
    rows = [row(), row(), row(onset=60, apex=65)]
    dataset = open_dataset(tree(tmp_path / "set", rows, [("01", "EP02_01f")]))
    assert odd(dataset) == [("doubled-row", "CASME2-coding.xlsx cell B3")]
    assert len(dataset.usable) == 3


def test_a_misspelt_emotion_is_told_with_the_nearest(tmp_path):
    dataset = open_dataset(tree(tmp_path / "set", [row(emotion="hapiness"), row("02", emotion=None)]))
    assert [kind for kind, _ in odd(dataset)] == ["emotion", "emotion"]
    assert "Is happiness meant?" in dataset.problems[0].advice
    assert dataset.samples[0].emotion == "hapiness"
    assert dataset.of() == ()


def test_broken_pictures_and_other_sizes(tmp_path):
    root = tree(tmp_path / "set", [row()])
    folder = root / "CASME2_RAW_selected" / "sub01" / "EP02_01f"
    (folder / "img50.jpg").write_bytes(b"")
    clip(tmp_path / "other", 51, 51, size=(20, 20))
    shutil.copy(tmp_path / "other" / "img51.jpg", folder / "img51.jpg")
    shutil.copy(folder / "img60.jpg", folder / "reg_img60.jpg")
    (folder / "Desktop - Shortcut.lnk").write_bytes(b"x")
    (folder / "._img46.jpg").write_bytes(b"x")
    where = "CASME2_RAW_selected/sub01/EP02_01f"
    assert odd(open_dataset(root)) == [
        ("doubled-frame", where),
        ("unreadable-frame", f"{where}/img50.jpg"),
        ("unreadable-frame", f"{where}/img51.jpg"),
    ]


CASME2_LINE = ["01", "EP02_01f", "", "46,0", "59", "86", "", "4+7", "Happiness"]


@pytest.mark.parametrize(
    ("delimiter", "end", "encoding"),
    [
        (";", "\r\n", "utf-8-sig"), ("\t", "\r\n", "utf-16"), ("\t", "\n", "utf-16-le"),
        (";", "\n", "cp1252"), ("|", "\n", "utf-8"),
    ],
)  # fmt: skip
def test_a_csv_from_a_spreadsheet(tmp_path, delimiter, end, encoding):
    clip(tmp_path / "sub01" / "EP02_01f")
    lines = [[name or "" for name in HEADER], CASME2_LINE]
    text = end.join(delimiter.join(line) for line in lines) + end
    (tmp_path / "coding.csv").write_bytes(text.encode(encoding))
    dataset = open_dataset(tmp_path)
    (sample,) = dataset.usable
    assert (sample.subject, sample.onset, sample.apex, sample.offset) == ("01", 46, 59, 86)
    assert (sample.emotion, sample.action_units) == ("happiness", (ActionUnit(4), ActionUnit(7)))
    assert odd(dataset) == []


def test_a_quoted_csv_with_another_encoding_says_so(tmp_path):
    clip(tmp_path / "Zoë" / "smile")
    text = 'Filename,Subject,Onset,Apex,Offset,AU,Emotion\n"smile","Zoë","46,0",59,86,12,joy\n'
    (tmp_path / "marks.csv").write_bytes(text.encode("cp1252"))
    dataset = open_dataset(tmp_path)
    assert (dataset.name, dataset.kind, dataset.labels) == (tmp_path.name, "folder", ("joy",))
    assert len(dataset.usable) == 1
    assert odd(dataset) == [("sheet", "marks.csv")]
    assert "Windows-1252" in dataset.problems[0].sentence


def test_a_decimal_comma_in_a_comma_separated_file_is_said(tmp_path):
    clip(tmp_path / "sub01" / "EP02_01f")
    text = "Subject,Filename,Onset,Apex,Offset,AU,Emotion\n01,EP02_01f,46,0,59,86,4,happiness\n"
    (tmp_path / "marks.csv").write_text(text)
    dataset = open_dataset(tmp_path)
    assert ("number-cell", "marks.csv row 2") in odd(dataset)
    assert "8 cells" in next(p.sentence for p in dataset.problems if p.place == "marks.csv row 2")


def test_a_file_without_a_header_names_what_it_was_read_as(tmp_path):
    clip(tmp_path / "sub01" / "EP02_01f")
    path = tmp_path / "marks.csv"
    path.write_text("1;2;3\n4;5;6\n")
    dataset = open_dataset(tmp_path, path)
    assert odd(dataset) == [("sheet", "marks.csv")]
    assert "';'" in dataset.problems[0].sentence
    assert "UTF-8" in dataset.problems[0].sentence


def test_a_generic_folder_without_subjects_and_with_a_rate(tmp_path):
    clip(tmp_path / "clips" / "first", 0, 9)
    (tmp_path / "marks.csv").write_text("file,onset,apex,offset,label,fps\nclips/first,1,4,8,joy,29.97\n")
    dataset = open_dataset(tmp_path)
    (sample,) = dataset.usable
    assert (sample.fps, sample.onset, sample.emotion) == (29.97, 1, "joy")
    assert (sample.subject, sample.name) == ("", "clips/first")
    assert [kind for kind, _ in odd(dataset)] == ["column", "column"]


@pytest.mark.parametrize("name", ["coding.xls", "coding.xlsx"])
def test_a_sheet_that_cannot_be_read_is_said(tmp_path, name):
    clip(tmp_path / "sub01" / "EP02_01f")
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0 no archive")
    assert odd(open_dataset(tmp_path)) == [("sheet", name)]


def test_no_sheet_and_no_folder(tmp_path):
    clip(tmp_path / "set" / "sub01" / "EP02_01f")
    dataset = open_dataset(tmp_path / "set")
    assert odd(dataset) == [("sheet", "set")]
    assert dataset.samples == ()
    with pytest.raises(FileError):
        open_dataset(tmp_path / "none")
    with pytest.raises(FileError):
        open_dataset(tmp_path / "set", tmp_path / "none.csv")
    with pytest.raises(SettingsError):
        open_dataset(tmp_path / "set", kind="samn")
    assert set(kinds) >= {"casme2", "folder", "synthetic"}


def test_two_sheets_the_one_that_fits_is_used(tmp_path):
    root = tree(tmp_path / "set", [row()])
    sheet(root / "A-old.xlsx", [row("77", "EP55")])
    sheet(root / "ObjectiveClasses.xlsx", [["01", "EP02_01f", 3]], ["Subject", "Filename", "Objective Class"])
    (root / "readme.txt").write_text("Subject to a licence.")
    dataset = open_dataset(root)
    assert dataset.sheet.name == "CASME2-coding.xlsx"
    assert odd(dataset) == [("sheet", "set")]


def test_a_sheet_with_notes_above_its_header_and_below_its_rows(tmp_path):
    """SAMM's layout: header on row 14, subjects of three digits, frames of five behind the subject."""
    clip(tmp_path / "006" / "006_1_2", 5562, 5580, "006_{:05d}.jpg")
    header = [
        "Subject", "Filename", "Inducement Code", "Onset Frame", "Apex Frame", "Offset Frame", "Duration",
        "Micro", "Action Units", "Estimated Emotion", "Objective Classes", "Notes",
    ]  # fmt: skip
    line = ["006", "006_1_2", 1, 5562, 5570, 5580, 19, "Micro", "R12 or R15", "Happiness", 1, None]
    sheet(tmp_path / "SAMM.xlsx", [["A note"]] * 13 + [header, line, ["Total", None, 1]], header=None)
    dataset = open_dataset(tmp_path)
    first, last = dataset.samples
    assert (first.subject, first.onset, first.numbers[0], first.row) == ("06", 5562, 5562, 15)
    assert first.usable
    assert not last.usable
    assert [kind for kind, _ in odd(dataset)][:2] == ["action-units", "no-onset"]
    assert ("no-folder", "SAMM.xlsx cell B16") in odd(dataset)


def test_an_offset_before_the_onset(tmp_path):
    dataset = open_dataset(tree(tmp_path / "set", [row(offset=40, apex=42)]))
    assert ("offset-before", "CASME2-coding.xlsx cell F2") in odd(dataset)
    assert dataset.usable == ()


def test_video_files_are_clips_too(tmp_path):
    (tmp_path / "sub01").mkdir()
    (tmp_path / "sub01" / "EP02_01f.avi").write_bytes(b"not decoded here")
    sheet(tmp_path / "coding.xlsx", [row(), row("01", "EP02_01f.avi", onset=3, apex=5, offset=9)])
    samples = open_dataset(tmp_path).samples
    assert [sample.path.name for sample in samples] == ["EP02_01f.avi"] * 2
    assert all(sample.usable and sample.numbers == () for sample in samples)
