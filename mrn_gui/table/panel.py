"""The dock of the table of levels: sorted, copied, exported, with saved analyses beside the present one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEvent, QModelIndex, QObject, QSettings, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mrn_core.facts import made_from
from mrn_core.network import explain
from mrn_core.result import Analysis, write_whole
from mrn_core.tables import LevelTable, as_csv, level_table
from mrn_gui.jobs import Job
from mrn_gui.panel import PADDING, Segments
from mrn_gui.saving import start
from mrn_gui.selection import Selection
from mrn_gui.session import Session
from mrn_gui.table.columns import MEASURES, Show, as_tsv, column_of, columns
from mrn_gui.table.header import TitleRow
from mrn_gui.table.model import LevelMarks, LevelModel, LevelOrder, fit_columns
from mrn_gui.table.pointing import RowPointing
from mrn_gui.table.remark import Remark
from mrn_gui.table.told_apart import told_apart
from mrn_gui.table.view import TurnTable
from mrn_gui.theme import Theme
from mrn_gui.widgets.asking import Asking
from mrn_gui.work import as_told

_WAITING = "Appears when the clip is analysed"


class LevelTablePanel(QWidget):
    """Follows the session while it is shown; what is hidden is not worked out."""

    def __init__(
        self,
        session: Session,
        selection: Selection,
        theme: Theme,
        stored: QSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._selection, self._theme = session, selection, theme
        self.others: list[LevelTable] = []
        self._present: LevelTable | None = None
        self._shown: tuple[object, object] = (None, None)  # the analysis and the chance that it is made of
        self._show_all = True
        self._asking = Asking(self, stored)
        self._sorted_by = ("Level", "")  # the quantity, and the name of the analysis that it is of
        self._filling = False
        self.model = LevelModel()
        self.order = LevelOrder()
        self.order.setSourceModel(self.model)
        self._marks = LevelMarks(selection, theme, self.order)
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._build()
        selection.subscribe(self._noted)
        for signal in (session.analysis_changed, session.chance_changed, session.state_changed):
            signal.connect(self._session_changed)
        theme.changed.connect(self._dress)
        self._dress()
        self._say()

    def sizeHint(self) -> QSize:
        return QSize(900, 320)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.remark.fit()

    # -- building ------------------------------------------------------------------------------

    def _build(self) -> None:
        self.which = Segments(
            ("All heads", "Chosen head"),
            self._choose_show,
            ("Totals, and one number for every head", "Everything about the chosen head"),
        )
        self.which.choose(0)
        self.measure = QComboBox()
        for name, words, tip in MEASURES:
            self.measure.addItem(words, name)
            self.measure.setItemData(self.measure.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.measure.setToolTip("What the columns of the heads show")
        self.measure.currentIndexChanged.connect(self.renew)
        self.remark = Remark()
        self.add_button = self._button("Add analysis…", "Saved analyses beside this one", self.ask_others)
        self.clear_button = self._button("Remove added", "Leaves the present one alone", self.clear_others)
        self.copy_button = self._button("Copy", "Copies what is shown, in its order (Ctrl C)", self.copy)
        self.export_button = self._button("Export CSV…", "Every level in every head", self.ask_export)
        row = QHBoxLayout()
        row.setContentsMargins(PADDING, 5, PADDING, 5)
        row.setSpacing(8)
        for widget in (self.which, self.measure):
            row.addWidget(widget)
        row.addStretch(1)
        for button in (self.add_button, self.clear_button, self.copy_button, self.export_button):
            row.addWidget(button)
        self.view: QTableView = TurnTable()
        self.view.setHorizontalHeader(TitleRow(self._theme, self.view))
        self.view.setModel(self.order)
        self.view.setItemDelegate(self._marks)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.view.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.setFrameShape(QTableView.Shape.NoFrame)
        self.view.verticalHeader().hide()
        self.view.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.view.setAccessibleName("Levels by heads")
        self.view.horizontalHeader().sortIndicatorChanged.connect(self._sorted)
        self.view.clicked.connect(self._choose_head)
        self.view.activated.connect(self._choose_head)
        self.pointing = RowPointing(self.view, self._selection, self._level_at)
        self.view.installEventFilter(self)
        self.empty = QLabel(_WAITING)
        self.empty.setProperty("tone", "3")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.remark)
        column.addWidget(self.view, 1)
        column.addWidget(self.empty, 1)

    def _button(self, words: str, tip: str, handler: object) -> QPushButton:
        button = QPushButton(words)
        button.setToolTip(tip)
        button.clicked.connect(handler)
        return button

    def _dress(self) -> None:
        self.view.setFont(self._theme.font(12))
        self.view.horizontalHeader().setFont(self._theme.font(11))
        self.view.verticalHeader().setDefaultSectionSize(22)
        self.view.horizontalHeader().setMinimumSectionSize(52)  # room for the sign of the order
        self.view.viewport().update()

    # -- what is shown -------------------------------------------------------------------------

    def _session_changed(self) -> None:
        if self.isVisible():
            self._follow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def _follow(self) -> None:
        session, analysis = self._session, self._session.analysis
        if self._shown != (now := (analysis, session.chance)):
            self._shown = now
            self._present = None if analysis is None else level_table(analysis, session.chance)
            self.renew()
        else:
            self._say()

    @property
    def tables(self) -> list[LevelTable]:
        """The present analysis and those beside it."""
        return [*([] if self._present is None else [self._present]), *self.others]

    def renew(self) -> None:
        """Fills the table anew."""
        show: Show = "all" if self._show_all else "one"
        block, head = self._selection.block, self._selection.head
        measure = str(self.measure.currentData())
        before = [column.title for column in self.model.columns]
        self._filling = True
        try:
            self.model.show(columns(self.tables, show, measure, block, head, self._present is not None))
            if before != [column.title for column in self.model.columns]:
                fit_columns(self.view, self.order, self.model)
                self._sort_again()
        finally:
            self._filling = False
        self._say()

    def _sorted(self, section: int) -> None:
        """Somebody sorts: by a quantity, wherever its column will stand."""
        if not self._filling and section < len(self.model.columns):
            column = self.model.columns[section]
            self._sorted_by = (column.quantity, column.of)

    def _sort_again(self) -> None:
        """By the same quantity, in the same direction, where the columns are others."""
        section = column_of(self.model.columns, *self._sorted_by)
        self.view.sortByColumn(section, self.view.horizontalHeader().sortIndicatorOrder())

    def _say(self) -> None:
        some = bool(self.tables)
        self.view.setVisible(some)
        self.empty.setVisible(not some)
        self.measure.setEnabled(self._show_all)
        self.clear_button.setVisible(bool(self.others))
        for button in (self.copy_button, self.export_button):
            button.setEnabled(some)
        stale = self._session.stale
        words = stale if stale is not None else "\n".join(self._sentences())
        self.remark.setText(words)

    def _sentences(self) -> list[str]:
        """What *Why* says of the chosen head, or of all heads together, for each analysis one line."""
        block, head = self._selection.block, self._selection.head
        made, several = [], len(self.tables) > 1
        for table, told in zip(self.tables, told_apart(self.tables), strict=True):
            words = ""
            if self._show_all:
                words = " ".join(explain.all_told(table.together))
            elif block < table.blocks and head < table.heads:
                said = " ".join(explain.head_told(table.reasons[block][head], several))
                words = f"Block {block + 1}, head {head + 1}: {said}"
            else:
                words = f"There is no block {block + 1}, head {head + 1}."
            made.append(f"{', '.join(told.title)}: {words}" if told.title else words)
        return made

    def _choose_show(self, index: int) -> None:
        self._show_all = index == 0
        self.renew()

    # -- the selection -------------------------------------------------------------------------

    def _noted(self, notes: frozenset[str]) -> None:
        if not shiboken6.isValid(self) or not self.isVisible():
            return
        if notes & {"block", "head"} and not self._show_all:
            self.renew()
        if notes & {"hovered", "pinned"}:
            self._marks.refresh(self.view)
            if "pinned" in notes and self._selection.pinned is not None:
                self._reveal(self._selection.pinned.main)

    def _reveal(self, level: int) -> None:
        if level < self.model.rowCount() - 1:
            self.view.scrollTo(self.order.mapFromSource(self.model.index(level, 0)))

    def _level_at(self, index: QModelIndex) -> int | None:
        """The present analysis's level in a row; None for the row of all."""
        row = self.order.mapToSource(index).row()
        present = 0 if self._present is None else len(self._present.levels)
        return row if 0 <= row < present else None

    def _choose_head(self, index: QModelIndex) -> None:
        place = self.model.columns[self.order.mapToSource(index).column()].place
        if place is not None:
            self._selection.choose(block=place[0], head=place[1])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl C copies."""
        pressed = watched is self.view and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return True
        return super().eventFilter(watched, event)

    # -- out of the table ----------------------------------------------------------------------

    def copied(self) -> str:
        """The chosen rows, or all where fewer than two are chosen, tab-separated, in the order shown.

        After an empty line, what each analysis was made from.
        """
        chosen = {index.row() for index in self.view.selectionModel().selectedRows()}
        rows = self.order.source_rows()
        if len(chosen) > 1:
            rows = [source for row, source in enumerate(rows) if row in chosen]
        made = [made_from(table.facts) for table in self.tables]
        if len(made) > 1:
            made = [f"{table.name}: {line}" for table, line in zip(self.tables, made, strict=True)]
        return "\n".join([as_tsv(self.model.columns, rows), *made, ""])

    def copy(self) -> None:
        """Puts ``copied`` on the clipboard."""
        if self.model.columns:
            QGuiApplication.clipboard().setText(self.copied())
            self._session.notice.emit("The table is copied: paste it into a spreadsheet.")

    def ask_export(self) -> None:
        """Asks where to, and writes every level in every head of all analyses shown."""
        self._asking.ask("Export the table", self.export_to, filters=("Tables (*.csv)",), save="heads.csv")

    def export_to(self, path: str) -> None:
        """Writes the CSV file, in the background."""
        tables = self.tables
        start(self._session, partial(_write, tables, path), f"Exported to {path}")

    def ask_others(self) -> None:
        """Asks for saved analyses to put beside this one."""
        self._asking.ask("Add saved analyses", answers=self.add_others, filters=("Analysis (*.npz)",))

    def add_others(self, paths: list[str]) -> None:
        """Reads saved analyses in the background and puts them beside this one."""
        self.remark.setText(f"Reading {len(paths)} analys{'is' if len(paths) == 1 else 'es'}, drawing chance")
        self._session.jobs.start("files", partial(_read, paths), done=self._added, failed=self._not_added)

    def clear_others(self) -> None:
        """Leaves the present analysis alone."""
        self.others = []
        self.renew()

    def _added(self, tables: list[LevelTable]) -> None:
        self.others = [*self.others, *tables]
        self.renew()

    def _not_added(self, error: BaseException) -> None:
        self._say()
        self._session.failed.emit(as_told(error, "The analysis cannot be added"))


def _read(paths: list[str], job: Job) -> list[LevelTable]:
    from mrn_core.tables import chance_of

    names = [Path(path).name for path in paths]
    tables = []
    for path, name in zip(paths, names, strict=True):
        analysis = Analysis.load(path)
        chance = chance_of(analysis, cancel=job.cancelled)
        # Files of one name are told apart by their folders.
        name = name if names.count(name) == 1 else str(Path(Path(path).parent.name, name))
        tables.append(level_table(analysis, chance, name))
    return tables


def _write(tables: list[LevelTable], path: str, _job: Job) -> None:
    data = as_csv(tables).encode("utf-8", "backslashreplace")
    write_whole(path, lambda file: file.write(data))
