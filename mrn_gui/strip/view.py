"""The panel of the strip: its header, the frames, and in their place what failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from mrn_core.result import Analysis
from mrn_gui.panel import Panel
from mrn_gui.selection import Selection
from mrn_gui.strip.canvas import StripCanvas
from mrn_gui.strip.error import ErrorPanel
from mrn_gui.theme import Theme

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws


class LevelStrip(Panel):
    """All magnified frames; while running, those made so far; after a failure, what to do."""

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, "Levels", 1303, parent)
        self.canvas = StripCanvas(selection, theme)
        self.error = ErrorPanel(theme)
        self.area = QScrollArea(self)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setWidget(self.canvas)
        self.area.viewport().installEventFilter(self)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.area)
        self.pages.addWidget(self.error)
        self.body.addWidget(self.pages, 1)
        self._say()

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows all frames of an analysis, or nothing; takes an error away."""
        self.clear_error()
        self.canvas.show_analysis(analysis)
        self._fit()
        self._say()

    def begin(self, levels: npt.NDArray[np.float64], gains: npt.NDArray[np.float64]) -> None:
        """Shows empty cells with numbers for these AF and gains; takes an error away."""
        self.clear_error()
        self.canvas.begin(levels, gains)
        self._fit()
        self._say()

    def set_frame(self, level: int, frame: npt.NDArray[np.uint8]) -> None:
        """Fills one cell: (H, W, 3) uint8."""
        self.canvas.set_frame(level, frame)

    def set_chance(self, chance: Sequence[Redraws] | None) -> None:
        """What chance gives over redraws of the planes, block by block: a tick on each bar."""
        self.canvas.set_chance(chance)
        self._say()

    def set_stale(self, words: str | None) -> None:
        """Dims the frames; None: they are up to date."""
        self.canvas.set_stale(words)

    def set_waiting(self, words: str) -> None:
        """What stands in the empty strip."""
        self.canvas.set_waiting(words)

    def show_error(self, title: str, words: str, buttons: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """What happened, what to do, and at most three buttons, in the place of the frames."""
        self.error.say(title, words, buttons)
        self.pages.setCurrentWidget(self.error)

    def clear_error(self) -> None:
        """Shows the frames again."""
        self.pages.setCurrentWidget(self.area)

    @property
    def shows_error(self) -> bool:
        return self.pages.currentWidget() is self.error

    def selection_changed(self, notes: frozenset[str]) -> None:
        if notes & {"block", "head", "table", "shape"}:
            self._say()

    def set_compact(self, compact: bool) -> None:
        super().set_compact(compact)
        self._say()

    def _say(self) -> None:
        count = len(self.canvas.factors)
        title = f"{count} level{'' if count == 1 else 's'}" if count else "Levels"
        self.header.say(title, self._remark() if count else "")

    def _remark(self) -> str:
        numbers = "level, AF, gain" if self.canvas.geometry_now.shows_gain else "level, AF"
        if self.canvas.analysis is None:
            return numbers
        chosen = self.selection
        where = "" if self.compact else f" in block {chosen.block + 1}, head {chosen.head + 1}"
        tick = ", tick: chance" if self.canvas.chance is not None else ""
        table = f"bucket in table {chosen.table + 1}" if self.compact else f"bucket, table {chosen.table + 1}"
        return f"{numbers}  ·  bar: reach{where}{tick}  ·  top edge: {table}"

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.area.viewport() and event.type() == QEvent.Type.Resize:
            self._fit()
            self._say()
        return False

    def _fit(self) -> None:
        """The canvas fills the view; with more rows than fit it is higher, and scrolls."""
        view = self.area.maximumViewportSize()
        self.canvas.room = view
        height = self.canvas.geometry_now.needed_height
        if height > view.height():
            bar = self.area.verticalScrollBar().sizeHint().width()
            view.setWidth(view.width() - bar)
            self.canvas.room = view
            height = self.canvas.geometry_now.needed_height
        self.canvas.resize(view.width(), max(height, view.height()))
        self.canvas.renew()
