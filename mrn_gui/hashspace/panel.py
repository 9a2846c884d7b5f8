"""The panel of the hash space: which plane one looks at, of which table."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from mrn_core.network.projection import Axes, axes_of
from mrn_core.result import Analysis
from mrn_gui.hashing.tables import TableSwitch
from mrn_gui.hashspace.canvas import HashSpaceCanvas
from mrn_gui.hashspace.geometry import axes_words
from mrn_gui.panel import PADDING, Panel
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme


class HashSpacePanel(Panel):
    """Queries and keys of the chosen head on a plane, with the cuts of the chosen table."""

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, "Hash space", 276, parent)
        self.canvas = HashSpaceCanvas(selection, theme, self)
        self.tables = TableSwitch(selection, self)
        self.planes = QComboBox()
        self.planes.setAccessibleName("The plane that one looks at")
        self.planes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.planes.setMinimumContentsLength(4)
        self.planes.activated.connect(self._choose)
        self._axes: list[Axes] = []
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
                name, tip = axes_words(one)
                self.planes.addItem(name)
                self.planes.setItemData(i, tip, Qt.ItemDataRole.ToolTipRole)
        self.planes.setEnabled(analysis is not None)
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
        if notes & {"block", "head", "table", "shape"}:
            self._say()

    def _choose(self, index: int) -> None:
        self.canvas.show_axes(self._axes[index])
        self._say()

    def _say(self) -> None:
        if self.canvas.analysis is None:
            self.header.say(right="")
            self.planes.setToolTip("The plane that queries and keys are laid on")
            return
        self.planes.setCurrentIndex(self._axes.index(self.canvas.axes))
        self.planes.setToolTip(axes_words(self.canvas.axes)[1])
        seen = self.canvas.seen
        share = f"{100 * seen.spread:.0f} %{'' if self.compact else ' of spread'}"
        self.header.say(right=share if math.isfinite(seen.spread) else "")
        sides = ", ".join(f"plane {cut.plane} {100 * cut.right:.0f} %" for cut in seen.cuts)
        self.header.setToolTip(
            "Share of the spread of queries and keys that this plane shows"
            + (f"\nPoints drawn on the side of their bit: {sides}" if sides else "")
        )
