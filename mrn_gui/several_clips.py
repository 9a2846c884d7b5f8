"""The part of the export's dialog that asks which clips stand below one another in the paper's Fig. 1."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mrn_core.facts import facts, mark_told
from mrn_core.result import Analysis
from mrn_gui.jobs import Job
from mrn_gui.kept_analyses import KeptAnalyses
from mrn_gui.session import Session
from mrn_gui.widgets.asking import Asking
from mrn_gui.work import as_told

_ROWS = 3  # of the list before it scrolls


class SeveralClips(QWidget):
    """Analyses of other clips: those of this window, and saved ones that are added. ``changed`` when another
    is chosen; ``failed`` carries in words why a file cannot be read."""

    changed = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, kept: KeptAnalyses, stored: QSettings) -> None:
        super().__init__()
        self._session, self._kept = session, kept
        self._added: list[tuple[str, Analysis]] = []
        self._shown: list[Analysis] = []
        self._asking = Asking(self, stored)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        line = QHBoxLayout()
        self.told = QLabel()
        self.told.setProperty("tone", "2")
        self.told.setWordWrap(True)
        line.addWidget(self.told, 1)
        self.add_button = QPushButton("Add saved…")
        self.add_button.setToolTip("Saved analyses (.npz) of other clips, a row each in the figure")
        self.add_button.clicked.connect(self.ask)
        line.addWidget(self.add_button)
        column.addLayout(line)
        self.boxes: list[QCheckBox] = []
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        column.addWidget(self._area)
        kept.changed.connect(self.renew)
        self.renew()

    def chosen(self) -> tuple[Analysis, ...]:
        """Those with a tick, in the order of the list."""
        pairs = zip(self.boxes, self._shown, strict=True)
        return tuple(analysis for box, analysis in pairs if box.isChecked())

    def ask(self) -> None:
        """Asks for saved analyses."""
        self._asking.ask("Add saved analyses", answers=self.add, filters=("Analysis (*.npz)",))

    def add(self, paths: list[str]) -> None:
        """Reads them in the background; each is chosen when it is there."""
        self.add_button.setEnabled(False)
        self.add_button.setText("Reading…")
        self._session.jobs.start(
            "files", partial(_read, paths), done=self._read, failed=self._not_read, ended=self._ended
        )

    def renew(self) -> None:
        """Lists what there is; what was chosen stays chosen."""
        chosen = {id(analysis) for analysis in self.chosen()}
        kept = [(str(facts(analysis)["clip"] or "clip"), analysis) for analysis in self._kept.others()]
        rows = [*self._added, *kept]
        self._shown = [analysis for _, analysis in rows]
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.boxes = [QCheckBox(_row_told(name, analysis)) for name, analysis in rows]
        for box, analysis in zip(self.boxes, self._shown, strict=True):
            box.setChecked(id(analysis) in chosen)
            box.toggled.connect(lambda _on: self.changed.emit())
            column.addWidget(box)
        column.addStretch(1)
        self._area.setWidget(inside)
        self._area.setVisible(bool(rows))
        if rows:
            row = self.boxes[0].sizeHint().height() + column.spacing()
            self._area.setFixedHeight(row * min(len(rows), _ROWS))
        self.told.setText(
            "Other clips below this one in the strip of Fig. 1:"
            if rows
            else "Other clips below this one in the strip of Fig. 1: none analysed here, none added."
        )
        self.changed.emit()

    def _read(self, found: list[tuple[str, Analysis]]) -> None:
        self._added += found
        self.renew()
        for box, analysis in zip(self.boxes, self._shown, strict=True):
            if any(analysis is each for _, each in found):
                box.setChecked(True)

    def _not_read(self, error: BaseException) -> None:
        told = as_told(error, "The analysis cannot be added")
        self.failed.emit(f"{told.what} {told.advice}")

    def _ended(self) -> None:
        self.add_button.setEnabled(True)
        self.add_button.setText("Add saved…")


def _row_told(name: str, analysis: Analysis) -> str:
    told = facts(analysis)
    marks = ", ".join(words for role in ("onset", "apex") if (words := mark_told(told, role)))
    levels = f"AF {told['af_low']:g} to {told['af_high']:g}"
    return " · ".join(part for part in (name, marks, str(told["magnifier"]), levels) if part)


def _read(paths: list[str], job: Job) -> list[tuple[str, Analysis]]:
    found = []
    for path in paths:
        analysis = Analysis.load(path)
        found.append((f"{facts(analysis)['clip'] or 'clip'} ({Path(path).name})", analysis))
    return found
