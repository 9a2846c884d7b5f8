"""The panel of one level: its frame large, wiped against the onset, the apex, another level or the truth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from mrn_core.errors import MRNError
from mrn_core.result import Analysis
from mrn_gui import terms
from mrn_gui.level.canvas import LevelCanvas
from mrn_gui.level.truth import ComparedLevel
from mrn_gui.level.wipe import TOLD, Partner, flipped, partners
from mrn_gui.panel import Panel
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme

HEAD_TIP = (
    "The aligned crops of onset and apex in turn. What moves as a whole is the head, and is magnified\n"
    "with the expression. It is measured on the bridge of the nose and the inner corners of the eyes,\n"
    "in pixels of the crop of 224."
)


class LevelPanel(Panel):
    """One level large. ``flip`` changes the wipe's partner, as the key Z does.

    ``exact_wanted`` asks for the exact truth of a level.
    """

    shows = "frames"

    exact_wanted = Signal(int)

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, "Level", 296, parent)
        self.canvas = LevelCanvas(selection, theme, self)
        self.canvas.level_changed.connect(self._say)
        self.canvas.exact_wanted.connect(self.exact_wanted)
        self.partners = QComboBox(self)
        self.partners.setToolTip("What the level is compared with (Z: the onset or the apex)")
        self.partners.setFixedWidth(130)
        self.partners.activated.connect(lambda _index: self._take(self.partners.currentData()))
        self.header.add(self.partners)
        self.header.setToolTip(terms.told("level", "af"))
        self.body.addWidget(self.canvas, 1)
        self._offered: tuple[Partner, ...] = ()
        self._before_blink: Partner = "onset"
        self.offer_truth(False)

    def offer_truth(self, known: bool) -> None:
        """Whether the exact truth is among what a level is compared with."""
        offered = partners(known)
        if offered != self._offered:
            self._offered = offered
            self.partners.clear()
            for partner in offered:
                kind = "Blink" if partner == "blink" else "Wipe"
                self.partners.addItem(f"{kind}: {TOLD[partner]}", partner)
        self._take(self.canvas.partner if self.canvas.partner in offered else "onset")

    def show_exact(self, level: int, compared: ComparedLevel) -> None:
        """The exact truth of a level, and how near the level is to it."""
        self.canvas.show_exact(level, compared)
        self._say()

    def show_no_exact(self, error: MRNError) -> None:
        """Why there is no exact level."""
        self.canvas.note_exact("No exact level")
        self.canvas.setToolTip(str(error))

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows an analysis, or an empty field."""
        self.canvas.show_analysis(analysis)
        self._say()

    def set_frame(self, level: int, frame: npt.NDArray[np.uint8]) -> None:
        """Shows a frame (H, W, 3) uint8 as soon as it is made, while there is no analysis."""
        self.canvas.set_frame(level, frame)

    def set_stale(self, words: str | None) -> None:
        """Dims the picture; None: it is up to date."""
        self.canvas.set_stale(words)

    def set_waiting(self, words: str) -> None:
        """What stands in the empty field."""
        self.canvas.set_waiting(words)

    def blink(self) -> None:
        """Onset and apex in turn on one place; the next time back to the wipe.

        Where views should not move by themselves, each call shows the other one, and the third ends it.
        """
        canvas = self.canvas
        if canvas.partner != "blink":
            self._before_blink = canvas.partner
            self._take("blink")
        elif not canvas.blinks_by_itself and canvas.blinks_to == "onset":
            canvas.blink()
        else:
            self._take(self._before_blink if self._before_blink in self._offered else "onset")

    def flip(self) -> None:
        """The wipe's other partner: onset or apex."""
        self._take(flipped(self.canvas.partner))

    def _take(self, partner: Partner) -> None:
        self.partners.setCurrentIndex(self._offered.index(partner))
        self.canvas.show_partner(partner)
        self._say()

    def _say(self) -> None:
        analysis, level, compared = self.canvas.analysis, self.canvas.level, self.canvas.compared
        blinking = analysis is not None and self.canvas.partner == "blink"
        self.canvas.setToolTip(HEAD_TIP if blinking else "" if compared is None else compared.sentence)
        if blinking:
            self.header.say("Alignment", "")
        elif analysis is None:
            self.header.say(f"Level {level}" if self.canvas.is_making else "Level", "")
        else:
            self.header.say(
                f"Level {level}", f"AF {analysis.levels[level]:.2f}, ×{analysis.gains[level]:.1f}"
            )
