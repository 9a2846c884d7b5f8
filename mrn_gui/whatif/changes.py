"""The levels that changed since a state was pinned, in a dock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shiboken6
from PySide6.QtCore import QModelIndex, QSize, QSortFilterProxyModel, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTableView, QVBoxLayout, QWidget

from mrn_core.network.comparison import LevelChange
from mrn_gui.attention.turned import pairs_told
from mrn_gui.panel import PADDING, Segments
from mrn_gui.selection import Selection
from mrn_gui.table.columns import Column
from mrn_gui.table.header import TitleRow
from mrn_gui.table.model import Index, LevelMarks, LevelModel, LevelOrder, fit_columns
from mrn_gui.table.pointing import RowPointing
from mrn_gui.table.view import TurnTable
from mrn_gui.theme import Theme
from mrn_gui.whatif.pinned import Difference, PinnedState

LEAST_WIDTH = 340
_BAR = 24  # px beside the columns, of a scroll bar and the dock's edges
_TIGHT = 44  # px that a column has at least
UNPINNED = "Pin a state in What if, then change a setting: the levels that changed stand here."


class ChangedLevels(LevelOrder):
    """Sorted, without the levels that stayed as they were."""

    def __init__(self) -> None:
        super().__init__()
        self.changed: frozenset[int] = frozenset()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        model = self.sourceModel()
        return row in self.changed or row == model.rowCount() - 1

    def keep(self, changed: frozenset[int]) -> None:
        """Only these levels, and the row for all."""
        self.beginFilterChange()
        self.changed = changed
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)


class ChangesPanel(QWidget):
    """A row for each level that changed; linked with every view."""

    def __init__(
        self, pinned: PinnedState, selection: Selection, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._pinned, self._selection, self._theme = pinned, selection, theme
        self._one_head = False
        self.model, self.order = LevelModel(), ChangedLevels()
        self.order.setSourceModel(self.model)
        self._marks = LevelMarks(selection, theme, self.order)
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.which = Segments(
            ("All heads", "Chosen head"),
            self._choose,
            ("Over all blocks and heads", "In the chosen block and head alone"),
        )
        self.which.choose(0)
        self.words = QLabel(UNPINNED)
        self.words.setWordWrap(True)
        self.words.setProperty("tone", "2")
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.view: QTableView = TurnTable()
        self._build()
        pinned.changed.connect(self._follow)
        selection.subscribe(self._noted)

    def sizeHint(self) -> QSize:
        """As wide as its columns."""
        return QSize(max(LEAST_WIDTH, self.view.horizontalHeader().length() + _BAR), 420)

    def _build(self) -> None:
        view, theme = self.view, self._theme
        view.setHorizontalHeader(TitleRow(theme, view))
        view.setModel(self.order)
        view.setItemDelegate(self._marks)
        view.setSortingEnabled(True)
        view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        view.setSelectionMode(QTableView.SelectionMode.NoSelection)
        view.setShowGrid(False)
        view.setFrameShape(QTableView.Shape.NoFrame)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(22)
        view.horizontalHeader().setMinimumSectionSize(_TIGHT)
        view.setFont(theme.font(12))
        view.horizontalHeader().setFont(theme.font(11))
        view.setAccessibleName("Levels that changed")
        self.pointing = RowPointing(view, self._selection, self._level_at)
        row = QHBoxLayout()
        row.setContentsMargins(PADDING, 5, PADDING, 5)
        row.addWidget(self.which)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        self.words.setContentsMargins(PADDING, 0, PADDING, 6)
        column.addWidget(self.words)
        column.addWidget(view, 1)

    # -- what is shown -------------------------------------------------------------------------

    def _follow(self) -> None:
        if self.isVisible():
            self.renew()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.renew()

    def renew(self) -> None:
        """Fills the table anew."""
        difference, pinned = self._pinned.difference, self._pinned.analysis
        pairs = None if difference is None else difference.pairs
        self.view.setVisible(pairs is not None)
        if difference is None or pinned is None:
            self.words.setText(UNPINNED)
            return
        if pairs is None:
            self.words.setText(f"The two states cannot be compared: {difference.why}. Pin the present one.")
            return
        block, head = self._selection.block, self._selection.head
        every = pairs.levels()
        changes = pairs.levels(block, head) if self._one_head else every
        some = any_ends(every)
        self.words.setText(told(difference, changes))
        before = len(self.model.columns)
        self.model.show(columns(changes, pinned.levels, some))
        if len(self.model.columns) != before:
            fit_columns(self.view, self.order, self.model)
        self.order.keep(frozenset(change.level for change in changes if change.changed))

    def _choose(self, index: int) -> None:
        self._one_head = index == 1
        self.renew()

    # -- the selection -------------------------------------------------------------------------

    def _noted(self, notes: frozenset[str]) -> None:
        if not shiboken6.isValid(self) or not self.isVisible():
            return
        if notes & {"block", "head"} and self._one_head:
            self.renew()
        if notes & {"hovered", "pinned"}:
            self._marks.refresh(self.view)

    def _level_at(self, index: QModelIndex) -> int | None:
        row = self.order.mapToSource(index).row()
        return row if 0 <= row < self.model.rowCount() - 1 else None


def any_ends(changes: Sequence[LevelChange]) -> frozenset[str]:
    """Which of "zeroed" and "silent" any level is, in either state."""
    counts = {
        "zeroed": [c.zeroed_before + c.zeroed_now for c in changes],
        "silent": [c.silent_before + c.silent_now for c in changes],
    }
    return frozenset(name for name, found in counts.items() if any(found))


def columns(
    changes: Sequence[LevelChange],
    factors: np.ndarray,
    ends: frozenset[str] = frozenset({"zeroed", "silent"}),
) -> list[Column]:
    """The columns of the table: a row for every level in its order, and one for all.

    Args:
        ends: for which of them there are columns; nothing but zeros would take the room of a view.
    """
    rows = sorted(changes, key=lambda change: change.level)

    def column(title: str, tip: str, values: list[float], digits: int, whole: float) -> Column:
        return Column(title, tip, np.append(np.asarray(values, dtype=np.float64), whole), digits)

    def mean(values: list[float]) -> float:
        return float(np.mean(values)) if values else float("nan")

    was, now = [c.reach_before for c in rows], [c.reach_now for c in rows]
    moved = [n - w for n, w in zip(now, was, strict=True)]
    made = [
        column("Level", "Counts from 0, the least AF first", [c.level for c in rows], 0, -1),
        column("AF", "Amplification factor", [float(f) for f in factors], 2, float("nan")),
        column("Reach\npinned", "Share of the other queries that could attend to it", was, 2, mean(was)),
        column("Reach\nnow", "Share of the other queries that may attend to it", now, 2, mean(now)),
        column("Change", "Reach now less reach in the pinned state", moved, 2, mean(moved)),
    ]
    for name, title, tip in (
        ("opened", "Opened", "Queries that may attend to it now and could not, over the heads"),
        ("closed", "Closed", "Queries that could attend to it and may not now, over the heads"),
        ("zeroed_before", "Zeroed\npinned", "In how many heads no other level could attend to it"),
        ("zeroed_now", "Zeroed\nnow", "In how many heads no other level may attend to it"),
        ("silent_before", "Silent\npinned", "In how many heads it could attend to no other level"),
        ("silent_now", "Silent\nnow", "In how many heads it may attend to no other level"),
    ):
        if name.partition("_")[0] in {"zeroed", "silent"} - ends:
            continue
        counts = [int(getattr(c, name)) for c in rows]
        made.append(column(title, tip, [float(count) for count in counts], 0, float(sum(counts))))
    return made


def told(difference: Difference, changes: Sequence[LevelChange]) -> str:
    """What changed, in a few sentences."""
    assert difference.pairs is not None
    count = difference.pairs.count()
    changed = sum(change.changed for change in changes)
    parts = [f"{difference.settings or 'Nothing is set otherwise'}."]
    if difference.other_levels:
        parts.append("The levels have other AF than the pinned ones.")
    parts.append(pairs_told(count, "in all heads") + ".")
    parts.append(f"{changed} of {len(changes)} levels changed.")
    none = {"zeroed", "silent"} - any_ends(changes)
    if none:
        parts.append(f"No level is {' or '.join(sorted(none, reverse=True))} in either state.")
    for words, which in (
        ("Zeroed in more heads", [c.level for c in changes if c.zeroed_now > c.zeroed_before]),
        ("Zeroed in fewer", [c.level for c in changes if c.zeroed_now < c.zeroed_before]),
    ):
        if which:
            parts.append(f"{words}: {', '.join(str(level) for level in sorted(which))}.")
    return " ".join(parts)
