"""The dialog of Export: what, as which files, where to; it stays open beside the work."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mrn_core.errors import MRNError
from mrn_core.figures.page import PAGES
from mrn_core.figures.scene import Scene
from mrn_core.figures.views import KINDS, VIEWS
from mrn_core.report import Plan
from mrn_core.report.exporting import file_names
from mrn_core.result import Analysis
from mrn_gui import drawing
from mrn_gui.export_words import needs_words, some, where_words, written_words
from mrn_gui.jobs import Job
from mrn_gui.kept_analyses import KeptAnalyses
from mrn_gui.panel import Segments
from mrn_gui.selection import Selection
from mrn_gui.session import Session
from mrn_gui.several_clips import SeveralClips
from mrn_gui.theme import Theme
from mrn_gui.whatif.pinned import PinnedState
from mrn_gui.widgets.asking import Asking
from mrn_gui.widgets.scrolled import Scrolled, fit
from mrn_gui.work import as_told

_SIZES = tuple(PAGES)
_COLUMNS = 3  # of the views


class ExportDialog(QDialog):
    """Asks before files are replaced; the work is told and cancelled here, and its error stands here too."""

    def __init__(
        self,
        session: Session,
        selection: Selection,
        theme: Theme,
        stored: QSettings,
        parent: QWidget | None = None,
        *,
        pinned: PinnedState | None = None,
        kept: KeptAnalyses | None = None,
    ) -> None:
        super().__init__(parent)
        self._pinned = pinned
        self._kept = kept or KeptAnalyses(session)
        self._session, self._selection, self._theme, self._stored = session, selection, theme, stored
        self._job: Job | None = None
        self._missed = False  # a change, while it was closed
        self._stopping = threading.Event()  # asked for, but the files may be under way to their places
        self._written: str | None = None  # the folder, while the words tell of it
        self._asked: tuple[Plan, str] | None = None  # what the question about replacing was asked for
        self._asking = Asking(self, stored)
        self.setWindowTitle("Export")
        self.setMinimumWidth(860)
        self._build()
        session.state_changed.connect(self._show_state)
        session.analysis_changed.connect(self._follow)
        session.curve_changed.connect(self._follow)
        if pinned is not None:
            pinned.changed.connect(self._follow)
        selection.subscribe(self._noted)
        self._changed()

    # -- building ------------------------------------------------------------------------------

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(8)
        choices, column = Scrolled.column(8)
        line = QHBoxLayout()
        line.addWidget(self._heading("Views"))
        line.addStretch(1)
        for words, ticked in (("All", True), ("None", False)):
            button = QPushButton(words)
            button.setToolTip("Chooses every view" if ticked else "Chooses no view")
            button.clicked.connect(partial(self.choose_views, ticked))
            line.addWidget(button)
        column.addLayout(line)
        self.views = {name: QCheckBox(view.told) for name, view in VIEWS.items()}
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        rows = -(-len(self.views) // _COLUMNS)
        for i, box in enumerate(self.views.values()):
            box.setChecked(True)
            box.toggled.connect(self._changed)
            grid.addWidget(box, i % rows, i // rows)
        column.addLayout(grid)
        self.where = QLabel()
        self.where.setProperty("tone", "2")
        self.where.setWordWrap(True)
        column.addWidget(self.where)
        self.several = SeveralClips(self._session, self._kept, self._stored)
        self.several.changed.connect(self._follow)
        self.several.failed.connect(lambda words: self._say(words, "error"))
        column.addWidget(self.several)
        line = QHBoxLayout()
        line.setSpacing(12)
        self.kinds = {kind: QCheckBox(kind.upper()) for kind in KINDS}
        for kind, box in self.kinds.items():
            box.setChecked(kind == "svg")
            box.toggled.connect(self._changed)
            line.addWidget(box)
        self.kinds["csv"].setToolTip("The numbers that each view shows, as a table")
        line.addSpacing(12)
        self.page_size = Segments(
            ("Column of a paper", "Slide"),
            lambda _index: self._changed(),
            tuple(PAGES[name].told for name in _SIZES),
        )
        self.page_size.choose(0)
        line.addWidget(self.page_size)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(self._heading("Beside them"))
        self.numbers = QCheckBox("Numbers: CSV, JSON and NPZ")
        self.report = QCheckBox("Report: one HTML file that opens with no network")
        self.film = QCheckBox("Film of the magnified levels: MP4")
        for box in (self.numbers, self.report, self.film):
            box.setChecked(box is not self.film)
            box.toggled.connect(self._changed)
            column.addWidget(box)
        column.addWidget(self._heading("Folder"))
        line = QHBoxLayout()
        self.folder = QLineEdit(str(self._stored.value("export", str(Path.home() / "MRN Studio"))))
        self.folder.textChanged.connect(self._changed)
        browse = QPushButton("Browse…")
        browse.clicked.connect(self.browse)
        line.addWidget(self.folder, 1)
        line.addWidget(browse)
        column.addLayout(line)
        column.addStretch(1)
        whole.addWidget(choices, 1)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setMinimumHeight(34)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        whole.addWidget(self.words)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        # Its place is kept, so that nothing moves when the work begins.
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.bar.hide()
        whole.addWidget(self.bar)
        line = QHBoxLayout()
        self.open_button = QPushButton("Open folder")
        self.open_button.setToolTip("Shows the files in the system's file manager")
        self.open_button.clicked.connect(self.open_folder)
        line.addWidget(self.open_button)
        line.addStretch(1)
        self.close_button = QPushButton("Close")
        self.close_button.clicked.connect(self.close)
        self.go = QPushButton("Export")
        self.go.setProperty("kind", "primary")
        self.go.setDefault(True)
        self.go.setMinimumWidth(140)
        self.go.clicked.connect(self.start)
        line.addWidget(self.close_button)
        line.addWidget(self.go)
        whole.addLayout(line)
        fit(self)

    def _heading(self, words: str) -> QLabel:
        label = QLabel(words)
        label.setFont(self._theme.font(13, 600))
        return label

    # -- what is asked for ---------------------------------------------------------------------

    @property
    def plan(self) -> Plan:
        """What is chosen.

        Raises:
            SettingsError: nothing is.
        """
        sizes = [i for i, button in enumerate(self.page_size.buttons()) if button.isChecked()]
        return Plan(
            views=tuple(name for name, box in self.views.items() if box.isChecked() and box.isEnabled()),
            kinds=tuple(kind for kind, box in self.kinds.items() if box.isChecked()),
            size=_SIZES[sizes[0] if sizes else 0],
            numbers=self.numbers.isChecked(),
            report=self.report.isChecked(),
            film=self.film.isChecked(),
        )

    @property
    def scene(self) -> Scene | None:
        """What is drawn: the analysis shown, with the chosen head and the pinned pair."""
        session, chosen = self._session, self._selection
        if session.analysis is None:
            return None
        trace = session.analysis.traces[min(chosen.block, len(session.analysis.traces) - 1)]
        pinned = chosen.pinned
        pair = None if pinned is None or not pinned.is_pair else (pinned.query, pinned.key)
        return Scene(
            analysis=session.analysis,
            block=min(chosen.block, len(session.analysis.traces) - 1),
            head=min(chosen.head, trace.heads - 1),
            table=min(chosen.table, trace.tables - 1),
            pair=pair,
            chance=session.chance,
            curve=session.curve,
            before=self._before(session.analysis),
            others=self.several.chosen(),
        )

    def _before(self, now: Analysis) -> Analysis | None:
        """The pinned state, where it can be compared with the present one and is another."""
        pinned = self._pinned
        if pinned is None or pinned.difference is None or pinned.difference.pairs is None:
            return None
        return None if pinned.analysis is now else pinned.analysis

    def choose_views(self, ticked: bool) -> None:
        """Chooses all of the views, or none."""
        for box in self.views.values():
            box.setChecked(ticked)

    def browse(self) -> None:
        """Asks for a folder."""
        self._asking.ask("Export to a folder", self.folder.setText, folder=True, start=self.folder.text())

    def open_folder(self) -> None:
        """Shows what was written in the system's file manager."""
        place = Path(self._written or self.folder.text().strip()).expanduser()
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(place))):
            self._say(f"No program that shows folders was found. The files are in {place}.", "caution")

    # -- the work ------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether files are being made."""
        return self._job is not None

    def start(self) -> None:
        """Exports, or cancels what runs; where files would be replaced, it asks for a second press."""
        if self._job is not None:
            self._stop()
            return
        scene, folder = self.scene, self.folder.text().strip()
        if scene is None:
            return
        try:
            plan = self.plan
        except MRNError as error:
            self._say(f"{error}", "error")
            return
        if not folder:
            self._say("No folder is named. Choose one.", "error")
            return
        if not Path(folder).expanduser().is_absolute():
            self._say(f"{folder} is no whole path. Choose the folder with Browse.", "error")
            return
        replace = self._asked == (plan, folder)
        place = str(Path(folder).expanduser())
        self._stopping = threading.Event()
        self._job = self._session.jobs.start(
            "files",
            partial(drawing.write_unless_there, scene, plan, place, replace, self._stopping),
            done=partial(self._done, plan, folder, file_names(scene, plan)),
            failed=self._failed,
            progress=self._progressed,
            ended=self._ended,
        )
        self.bar.setRange(0, 0)
        self._say("Drawing…")
        self._show_state()

    def _stop(self) -> None:
        if self._job is not None:
            self._stopping.set()
            self._say("Stopping…")

    def _progressed(self, _stage: str, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        if not self._stopping.is_set():
            self._say(f"{min(done + 1, total)} of {total}")

    def _done(self, plan: Plan, folder: str, names: list[str], answer: tuple[list[str], int]) -> None:
        there, _ = answer
        self._job = None
        if there:
            self._asked = (plan, folder)
            files = "A file is" if len(there) == 1 else f"{len(there)} files are"
            self._say(f"{files} there already: {some(there)}. Replace, or choose another folder.", "caution")
        else:
            self._asked = None
            self._stored.setValue("export", folder)
            self._written = folder
            self._say(written_words(names, folder), "done")
        self._show_state()

    def _failed(self, error: BaseException) -> None:
        self._job = None
        told = as_told(error, "The export failed")
        self._say(f"{told.what} {told.advice} Nothing was changed there.", "error")
        self._show_state()

    def _ended(self) -> None:
        if self._job is not None and self._job.over:  # neither done nor failed, and no newer one runs
            self._job = None
            self._say("Cancelled: nothing was written.")
            self._show_state()

    # -- what is shown -------------------------------------------------------------------------

    def _noted(self, notes: frozenset[str]) -> None:
        if notes & {"block", "head", "table", "pinned", "shape"}:
            self._follow()

    def _follow(self) -> None:
        """What happened while it was closed is told when it is opened again."""
        if self.isVisible():
            self._changed()
        else:
            self._missed = True

    def _changed(self) -> None:
        """Something is chosen anew: an old question or answer is no longer about it."""
        self._asked = self._written = None
        scene = self.scene
        for name, box in self.views.items():
            box.setEnabled(scene is None or VIEWS[name].can(scene))
            box.setToolTip("" if box.isEnabled() else needs_words(VIEWS[name]))
        if self._job is None:
            self._tell_count(scene)
        difference = None if self._pinned is None else self._pinned.difference
        self.where.setText(where_words(scene, None if difference is None else difference.pinned_as))
        self._show_state()

    def _tell_count(self, scene: Scene | None) -> None:
        if scene is None:
            self._say("There is nothing to export: analyse a clip first.")
            return
        try:
            names = file_names(scene, self.plan)
        except MRNError as error:
            self._say(error.what)
            return
        self._say(f"{len(names)} file{'' if len(names) == 1 else 's'}, each named {names[0].split('-')[0]}-…")

    def _show_state(self) -> None:
        running = self._job is not None
        self.bar.setVisible(running)
        self.open_button.setVisible(self._written is not None and not running)
        words = "Cancel" if running else "Replace" if self._asked is not None else "Export"
        self.go.setText(words)
        self.go.setEnabled(running or self._session.analysis is not None)
        if not running and self._session.stale is not None and self._asked is None:
            self._say(f"{self._session.stale}: this is what is exported.", "caution")

    def _say(self, words: str, tone: str = "2") -> None:
        self.words.setText(words)
        if self.words.property("tone") != tone:
            self.words.setProperty("tone", tone)
            self.words.style().unpolish(self.words)
            self.words.style().polish(self.words)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._missed:
            self._missed = False
            self._changed()
        if not event.spontaneous():
            self._session.jobs.start("files", lambda _job: drawing.start())

    def hideEvent(self, event: QHideEvent) -> None:
        """However it was closed: what runs is stopped."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._stop()
            self._session.jobs.start("files", lambda _job: drawing.rest())
