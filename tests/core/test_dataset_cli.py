"""``mrn dataset check`` and the sheet writer."""

import json
import zipfile

from dataset_tree import clip, row, tree
from openpyxl import load_workbook

from mrn_core.cli import main
from mrn_core.datasets import check, open_dataset
from mrn_core.datasets.sheet_writer import SheetRow, write_sheet


def test_check_of_a_clean_set_says_nothing_odd(tmp_path, capsys):
    root = tree(tmp_path / "set", [row()])
    assert main(["dataset", "check", str(root)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "CASME II (casme2), CASME2-coding.xlsx: 1 rows, 1 usable clips of 1 subjects."
    assert lines[-1] == "nothing odd"


def test_check_names_what_is_odd_and_ends_well(tmp_path, capsys):
    root = tree(tmp_path / "set", [row(), row("02", "EP01_11f", apex="/")], [("01", "EP02_01f")])
    assert main(["dataset", "check", str(root)]) == 0
    out = capsys.readouterr().out
    assert "CASME2-coding.xlsx cell B3: 02/EP01_11f has no folder or video." in out
    assert "1 clips are left out\n  02/EP01_11f: its folder or video is not there" in out
    assert "nothing odd" not in out


def test_check_as_json(tmp_path, capsys):
    root = tree(tmp_path / "set", [row(), row("02", "EP01_11f", apex="/")])
    assert main(["dataset", "check", str(root), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["clips"], told["usable"], told["counts"]) == (2, 2, {"no-apex": 1})
    assert told["problems"][0]["place"] == "CASME2-coding.xlsx cell E3"


def test_check_of_no_folder_is_status_2(tmp_path, capsys):
    assert main(["dataset", "check", str(tmp_path / "none")]) == 2
    assert "There is no folder" in capsys.readouterr().err


ROWS = [
    SheetRow("01", "EP02_01f", 46, 59, 86, "4+7", "others"),
    SheetRow("02", "EP01_11f", 46, 50, 86, "12", "happiness"),
    SheetRow("02", "EP09f", 46, 50, 86, "R12", "happiness"),
]


def test_the_written_sheet_has_the_columns_and_kinds_of_cells_of_casme2(tmp_path):
    write_sheet(tmp_path / "a.xlsx", ROWS)
    lines = list(load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True))
    assert lines == [
        ("Subject", "Filename", None, "OnsetFrame", "ApexFrame", "OffsetFrame", None, "Action Units",
         "Estimated Emotion"),
        ("01", "EP02_01f", None, 46, 59, 86, None, "4+7", "others"),
        ("02", "EP01_11f", None, 46, 50, 86, None, 12, "happiness"),
        ("02", "EP09f", None, 46, 50, 86, None, "R12", "happiness"),
    ]  # fmt: skip


def test_the_written_sheet_reads_back_with_nothing_odd(tmp_path):
    write_sheet(tmp_path / "coding.xlsx", ROWS)
    for line in ROWS:
        clip(tmp_path / f"sub{line.subject}" / line.clip)
    dataset = open_dataset(tmp_path)
    assert check(dataset) == []
    assert [(s.subject, s.clip, s.onset, s.apex, s.offset, s.emotion) for s in dataset.samples] == [
        (r.subject, r.clip, r.onset, r.apex, r.offset, r.emotion) for r in ROWS
    ]


def test_the_written_sheet_holds_no_time_of_writing(tmp_path):
    write_sheet(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2026-01-01T00:00:00Z") == 2
