"""One file dialog at a time, each for what is asked."""

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from mrn_gui.widgets.asking import Asking


@pytest.fixture
def asking(qtbot, stored, tmp_path):
    stored.setValue("folder", str(tmp_path))
    parent = QWidget()
    qtbot.addWidget(parent)
    made = Asking(parent, stored)
    yield made
    made.dialog.close()


def test_a_file_to_read_begins_where_the_last_was(asking, tmp_path):
    chosen = []
    asking.ask("Open a clip", chosen.append, filters=("Videos (*.mp4)", "All files (*)"))
    dialog = asking.dialog
    assert dialog.isVisible()
    assert dialog.fileMode() == QFileDialog.FileMode.ExistingFile
    assert dialog.directory().absolutePath() == str(tmp_path)
    assert dialog.nameFilters() == ["Videos (*.mp4)", "All files (*)"]
    dialog.fileSelected.emit("a.mp4")
    assert chosen == ["a.mp4"]


def test_another_question_takes_the_place_of_the_first(asking, tmp_path):
    chosen = []
    asking.ask("Open a folder", print, folder=True)
    first = asking.dialog
    assert first.testOption(QFileDialog.Option.ShowDirsOnly)
    (tmp_path / "other").mkdir()
    asking.ask("Add saved analyses", answers=chosen.append, start=str(tmp_path / "other"))
    assert not first.isVisible()
    assert asking.dialog.fileMode() == QFileDialog.FileMode.ExistingFiles
    assert asking.dialog.directory().dirName() == "other"
    asking.dialog.filesSelected.emit(["a", "b"])
    assert chosen == [["a", "b"]]


def test_a_file_to_write_has_a_name_and_an_ending(asking):
    asking.ask("Export the table", print, filters=("Tables (*.csv)",), save="heads.csv")
    assert asking.dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    assert asking.dialog.fileMode() == QFileDialog.FileMode.AnyFile
    assert asking.dialog.defaultSuffix() == "csv"
    assert asking.dialog.selectedFiles()[0].endswith("heads.csv")
