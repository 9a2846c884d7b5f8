"""The panel at the right of the matrix that answers for what is pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QToolButton, QWidget

from mrn_core.result import Analysis
from mrn_gui import terms
from mrn_gui.icons import icon
from mrn_gui.panel import Panel
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme
from mrn_gui.why.canvas import WhyCanvas

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws
    from mrn_gui.whatif.pinned import Difference


class WhyPanel(Panel):
    """Why the hovered or pinned cell is full or empty; where a level is zeroed or silent."""

    shows = "weights"

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, "Why", 470, parent)
        self.canvas = WhyCanvas(selection, theme, self)
        self._names_head = False
        self.pin = QToolButton(self)
        self.pin.setProperty("kind", "quiet")
        self.pin.setCheckable(True)
        self.pin.setIconSize(QSize(16, 16))
        self.pin.setFixedSize(26, 26)
        self.pin.clicked.connect(self._pin)
        self.header.setToolTip(terms.told("allowed", "bucket", "zeroed", "chance"))
        self.header.add(self.pin)
        self.body.addWidget(self.canvas, 1)
        theme.changed.connect(self._dress)
        self._dress()
        self._say()

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows an analysis, or when it fills."""
        self.canvas.show_analysis(analysis)
        self._say()

    def set_chance(self, chance: Sequence[Redraws] | None) -> None:
        """What chance gives over redraws of the planes, block by block."""
        self.canvas.set_chance(chance)

    def set_pinned(self, difference: Difference | None) -> None:
        """The pinned state beside the present one; None: nothing is pinned."""
        self.canvas.set_pinned(difference)

    def set_stale(self, words: str | None) -> None:
        """Dims the answer; None: it is up to date."""
        self.canvas.set_stale(words)

    def set_waiting(self, words: str) -> None:
        """What stands in the empty panel."""
        self.canvas.set_waiting(words)

    def follow_over(self, over: str) -> None:
        """Names the head that it speaks of, where the matrix shows many ("head": it shows that one)."""
        self._names_head = over != "head"
        self._say()

    def set_compact(self, compact: bool) -> None:
        super().set_compact(compact)
        self.canvas.compact = compact
        self.canvas.renew()
        self._say()

    def selection_changed(self, notes: frozenset[str]) -> None:
        self._say()

    def _say(self) -> None:
        pinned = self.selection.pinned is not None
        self.pin.setEnabled(pinned)
        self.pin.setChecked(pinned)
        if self.canvas.analysis is None:
            self.header.say("Why", right="")
        else:
            told = self.canvas.told
            head = f"in block {self.selection.block + 1}, head {self.selection.head + 1}"
            self.header.say(told.title, right=head if self._names_head else told.right)

    def _pin(self) -> None:
        if self.selection.pinned is not None:
            self.selection.click(self.selection.pinned)
        self._say()

    def _dress(self) -> None:
        self.pin.setIcon(icon("pin", self.theme.colour("text2"), 16, self.devicePixelRatioF()))
        self.pin.setToolTip("Let go of the pinned place (Esc)")
