"""One file dialog at a time; the window stays alive while it is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget


class Asking:
    """Asks for files or folders, one question at a time, beginning where the last clip was opened.

    Args:
        stored: where that folder is kept.
    """

    def __init__(self, parent: QWidget, stored: QSettings) -> None:
        self._parent, self._stored = parent, stored
        self.dialog: QFileDialog | None = None

    def ask(
        self,
        title: str,
        answer: Callable[[str], object] | None = None,
        answers: Callable[[list[str]], object] | None = None,
        *,
        filters: Sequence[str] = (),
        folder: bool = False,
        start: str = "",
        save: str = "",
    ) -> None:
        """Opens the dialog.

        Args:
            answer, answers: gets the one file, or all that are chosen.
            folder: a folder is wanted.
            start: the folder to begin with.
            save: the name offered for a file to be written; its ending is added where none is typed.
        """
        if self.dialog is not None:
            self.dialog.close()
            self.dialog.deleteLater()
        start = start or str(self._stored.value("folder", str(Path.home())))
        self.dialog = made = QFileDialog(self._parent, title, start)
        modes = QFileDialog.FileMode
        several = modes.ExistingFiles if answers is not None else modes.ExistingFile
        made.setFileMode(modes.Directory if folder else modes.AnyFile if save else several)
        if folder:
            made.setOption(QFileDialog.Option.ShowDirsOnly)
        if filters:
            made.setNameFilters(list(filters))
        if save:
            made.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            made.setDefaultSuffix(Path(save).suffix[1:])
            made.selectFile(save)
        if answer is not None:
            made.fileSelected.connect(answer)
        if answers is not None:
            made.filesSelected.connect(answers)
        made.open()
