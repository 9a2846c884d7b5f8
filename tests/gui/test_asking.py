"""One file dialog at a time, each for what is asked."""

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QToolButton, QWidget

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


@pytest.mark.parametrize("name", ["light", "dark"])
def test_qts_own_dialog_has_signs_on_its_buttons(qtbot, theme, name):
    """Where the system has no dialog of its own: icons of 16 px in buttons of 26, black in both themes."""
    theme.set(name)
    dialog = QFileDialog()
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.show()
    for button in ("toParentButton", "newFolderButton", "listModeButton"):
        image = dialog.findChild(QToolButton, button).grab().toImage()
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[4:-4, 4:-4, :3]
        grey = pixels.astype(int).mean(-1)
        assert (np.abs(grey - np.median(grey)) > 40).sum() > 30, button
