"""The panel of the hash space: which plane one looks at, of which table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPushButton, QWidget

from mrn_core.network.projection import Axes, axes_of, exact_axes
from mrn_core.result import Analysis
from mrn_gui.hashing.tables import TableSwitch
from mrn_gui.hashspace import words as said
from mrn_gui.hashspace.canvas import HashSpaceCanvas
from mrn_gui.panel import PADDING, Panel
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme


class ViewBox(QComboBox):
    """The views by their names; while the list is open, ``mark`` gives each the words beside it."""

    def __init__(self, mark: Callable[[bool], None]) -> None:
        super().__init__()
        self._mark = mark

    def showPopup(self) -> None:
        self._mark(True)
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 24)
        super().showPopup()

    def hidePopup(self) -> None:
        super().hidePopup()
        self._mark(False)


class HashSpacePanel(Panel):
    """Queries and keys of the chosen head on a plane, with the cuts of the chosen table."""

    shows = "hash"

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, "Hash space", 276, parent)
        self.canvas = HashSpaceCanvas(selection, theme, self)
        self.tables = TableSwitch(selection, self)
        self.planes = ViewBox(self._mark)
        self.planes.setAccessibleName("The plane that one looks at")
        self.planes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.planes.setMinimumContentsLength(4)
        self.planes.activated.connect(self._choose)
        self._axes: list[Axes] = []
        self._before: Axes = "spread"  # the view that the exact one was chosen from
        self._follows = False  # whether the view is that of the planes that part the pinned pair
        self.exact = QPushButton("Exact")
        self.exact.setProperty("kind", "segment")
        self.exact.setCheckable(True)
        self.exact.setFixedHeight(24)
        self.exact.clicked.connect(self._choose_exact)
        frame = QFrame(self)
        frame.setProperty("kind", "segments")
        inside = QHBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.exact)
        self.header.add(frame)
        row = QHBoxLayout()
        row.setContentsMargins(PADDING, 0, PADDING, 4)
        row.setSpacing(6)
        row.addWidget(self.planes, 1)
        row.addWidget(self.tables)
        self.body.addLayout(row)
        self.body.addWidget(self.canvas, 1)
        self.show_analysis(None)

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows an analysis, or an empty field."""
        self.canvas.show_analysis(analysis)
        axes: list[Axes] = axes_of(analysis.traces[0]) if analysis is not None else ["spread"]
        if axes != self._axes:
            self._axes = axes
            self.planes.clear()
            for i, one in enumerate(axes):
                name, tip = said.axes_words(one)
                self.planes.addItem(name)
                self.planes.setItemData(i, tip, Qt.ItemDataRole.ToolTipRole)
        self.planes.setEnabled(analysis is not None)
        self._follow()
        self._say()

    def set_stale(self, words: str | None) -> None:
        """Dims the field; None: it is up to date."""
        self.canvas.set_stale(words)

    def set_waiting(self, words: str) -> None:
        """What stands in the empty field."""
        self.canvas.set_waiting(words)

    def set_compact(self, compact: bool) -> None:
        super().set_compact(compact)
        self._say()

    def selection_changed(self, notes: frozenset[str]) -> None:
        if notes & {"block", "head", "table", "shape", "pinned"}:
            self._follow()
            self._say()

    def _choose(self, index: int) -> None:
        self._follows = self._follows and self._axes[index] == self.canvas.axes
        self.canvas.show_axes(self._axes[index])
        self._say()

    def _choose_exact(self) -> None:
        """The view in which the planes that part the pair are exact, and back."""
        canvas = self.canvas
        if self._follows:
            self._follows = False
            canvas.show_axes(self._back)
        elif self._wanted is not None:
            self._before, self._follows = canvas.axes, True
            canvas.show_axes(self._wanted)
        self._say()

    @property
    def _wanted(self) -> Axes | None:
        """The view of the planes that part the pinned pair here; None where there is none."""
        canvas = self.canvas
        parted = canvas.parted_of(self.selection.pinned)
        return exact_axes(canvas.trace.planes, parted) if parted else None

    @property
    def _back(self) -> Axes:
        """The view before the exact one, if there still is such a view."""
        return self._before if self._before in self._axes else "spread"

    def _follow(self) -> None:
        """Where the exact view is on, the one of the pair, head and table that are chosen now.

        Where no plane of the table parts the pair, it is the view before until one does; where no pair is
        pinned any more, it is off.
        """
        if not self._follows or self.canvas.analysis is None:
            return
        axes = self._wanted or self._back
        pinned = self.selection.pinned
        self._follows = pinned is not None and pinned.is_pair
        if axes != self.canvas.axes:
            self.canvas.show_axes(axes)

    def _say(self) -> None:
        self._say_exact()
        if self.canvas.analysis is None:
            self.header.say(right="")
            self.header.setToolTip("\n".join((said.HASH_SPACE, said.LINES)))
            self.planes.setToolTip("The plane that queries and keys are laid on")
            return
        self.planes.setCurrentIndex(self._axes.index(self.canvas.axes))
        self.planes.setToolTip(said.axes_words(self.canvas.axes)[1])
        seen = self.canvas.seen
        there = self.canvas.geometry_now.exact  # then it stands in the picture
        self.header.say(right="" if there else said.spread_words(seen.spread))
        sides = ", ".join(f"plane {cut.plane} {cut.share}" for cut in seen.cuts)
        here = f"Points on the side of their bit: {sides}" if sides else ""
        told = (said.HASH_SPACE, said.LINES, said.SIGNS, said.SPREAD, here)
        self.header.setToolTip("\n".join(filter(None, told)))

    def _say_exact(self) -> None:
        """What the button shows for the pair that is pinned."""
        canvas, wanted, pinned = self.canvas, self._wanted, self.selection.pinned
        self.exact.setEnabled(wanted is not None)
        self.exact.setChecked(self._follows and wanted is not None)
        planes = 0 if canvas.analysis is None else canvas.trace.planes
        parted = canvas.parted_of(pinned)
        self.exact.setToolTip(said.exact_words(planes, self.selection.table, pinned, parted, self._follows))

    def _mark(self, marked: bool) -> None:
        """Says, or no longer, in which views the planes that part the pair are exact."""
        parted = self.canvas.parted if marked else ()
        for i, axes in enumerate(self._axes):
            self.planes.setItemText(i, said.choice_words(axes, parted))
