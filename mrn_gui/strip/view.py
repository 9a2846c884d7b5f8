"""The panel of the strip: its header, the frames, and in their place what failed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QToolButton, QWidget

from mrn_core.result import Analysis
from mrn_gui import terms
from mrn_gui.hashing.words import colours_words
from mrn_gui.icons import icon
from mrn_gui.panel import Panel, Segments
from mrn_gui.selection import Selection
from mrn_gui.strip.canvas import StripCanvas
from mrn_gui.strip.error import ErrorPanel
from mrn_gui.strip.pictures import MODES, Mode
from mrn_gui.strip.playing import LevelPlayer
from mrn_gui.theme import Theme

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws


_ZOOMS = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
_MODE_NAMES = ("Frames", "Difference", "Flow")
_MODE_TIPS = (
    "The magnified frames",
    "Each level minus the onset: grey is no change, lighter is brighter than the onset",
    "The flow from onset to apex times the gain 1 + AF (Eq. 1): how far each level moves what it shows",
)


class LevelStrip(Panel):
    """All magnified frames; while running, those made so far; after a failure, what to do.

    ``view_changed``: another zoom, row, or kind of picture.
    """

    shows = "strip"

    view_changed = Signal()

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, "Levels", 1303, parent)
        self.canvas = StripCanvas(selection, theme)
        self.error = ErrorPanel(theme)
        self.player = LevelPlayer(selection, self)
        self._modes = Segments(_MODE_NAMES, lambda index: self.set_mode(MODES[index]), _MODE_TIPS)
        self._modes.choose(0)
        self.play = QToolButton(self)
        self.play.setProperty("kind", "quiet")
        self.play.setToolTip("Play through the levels, from the least magnified to the most (Shift Space)")
        self.play.setAccessibleName("Play through the levels")
        self.play.clicked.connect(self.toggle_levels)
        self.header.setToolTip(terms.told("level", "af", "motion", "reach", "chance"))
        self.header.add(self._modes)
        self.header.add(self.play)
        self.player.changed.connect(self._show_play)
        theme.changed.connect(self._show_play)
        self._show_play()
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
        self.player.stop()
        self.canvas.show_analysis(analysis)
        self._fit()
        self._say()

    def begin(self, levels: npt.NDArray[np.float64], gains: npt.NDArray[np.float64]) -> None:
        """Shows empty cells with numbers for these AF and gains; takes an error away."""
        self.clear_error()
        self.player.stop()
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

    def show_error(
        self,
        title: str,
        words: str,
        buttons: Sequence[tuple[str, Callable[[], object]]],
        main: int = 0,
        mends: bool = False,
    ) -> None:
        """What happened, what to do, and at most three buttons, in the place of the frames.

        See :meth:`ErrorPanel.say`.
        """
        self.error.say(title, words, buttons, main, mends)
        self.pages.setCurrentWidget(self.error)

    def clear_error(self) -> None:
        """Shows the frames again."""
        self.pages.setCurrentWidget(self.area)

    # -- ways to look at them --------------------------------------------------------------------

    @property
    def mode(self) -> Mode:
        """What the places show."""
        return self.canvas.pictures.mode

    def set_mode(self, mode: Mode) -> None:
        """The frames, their difference to the onset, or their flow."""
        self._modes.choose(MODES.index(mode))
        self.canvas.set_mode(mode)
        self._changed()

    def next_mode(self) -> None:
        """The next kind of picture, the first after the last."""
        self.set_mode(MODES[(MODES.index(self.mode) + 1) % len(MODES)])

    def zoom_in(self) -> None:
        """Larger frames; more than fit can be scrolled."""
        self._zoom(min((z for z in _ZOOMS if z > self.canvas.zoom), default=_ZOOMS[-1]))

    def zoom_out(self) -> None:
        """Smaller ones, down to those that fit."""
        self._zoom(max((z for z in _ZOOMS if z < self.canvas.zoom), default=_ZOOMS[0]))

    def zoom_to_fit(self) -> None:
        """Frames as large as fit."""
        self._zoom(1.0)

    def _zoom(self, zoom: float) -> None:
        self.canvas.zoom = zoom
        self._changed()

    def toggle_one_row(self) -> None:
        """All frames in one row that scrolls, or in rows of 16."""
        self.canvas.one_row = not self.canvas.one_row
        self._changed()

    def toggle_mean_reach(self) -> None:
        """Reach and what is received: of the chosen block and head, or the mean over all."""
        self.canvas.mean_reach = not self.canvas.mean_reach
        self.canvas.renew()
        self._changed()

    def toggle_levels(self) -> None:
        """Plays through the levels, or stops."""
        if self.canvas.analysis is not None:
            self.player.toggle()

    def _changed(self) -> None:
        self._fit()
        self._say()
        self.view_changed.emit()

    def _show_play(self) -> None:
        name = "pause" if self.player.playing else "play"
        self.play.setIcon(icon(name, self.theme.colour("text2")))

    @property
    def shows_error(self) -> bool:
        return self.pages.currentWidget() is self.error

    def selection_changed(self, notes: frozenset[str]) -> None:
        if notes & {"block", "head", "table", "shape"}:
            self._say()
        if notes & {"hovered", "pinned"}:
            self._bring_into_view()

    def _bring_into_view(self) -> None:
        """Scrolls to the level that another view points at."""
        place = self.selection.shown
        fits = self.canvas.size() == self.area.viewport().size()
        if place in (None, self.canvas.pointing) or fits or not len(self.canvas.factors):
            return
        x, y, width, height = self.canvas.geometry_now.whole(place.main)
        self.area.ensureVisible(
            round(x + width / 2), round(y + height / 2), round(width / 2), round(height / 2)
        )

    def set_compact(self, compact: bool) -> None:
        super().set_compact(compact)
        self._say()

    def _say(self) -> None:
        count = len(self.canvas.factors)
        title = f"{count} level{'' if count == 1 else 's'}" if count else "Levels"
        self.header.say(title, self._remark() if count else "")

    def _remark(self) -> str:
        geometry = self.canvas.geometry_now
        numbers = "level, AF, gain" if geometry.shows_gain else "level, AF" if geometry.is_roomy else "level"
        if self.canvas.analysis is None:
            return numbers
        chosen = self.selection
        where = "" if self.compact else f" in block {chosen.block + 1}, head {chosen.head + 1}"
        if self.canvas.mean_reach:
            where = ", mean of all heads"
        tick = ", tick: chance" if self.canvas.chance is not None else ""
        table = f"bucket in table {chosen.table + 1}" if self.compact else f"bucket, table {chosen.table + 1}"
        if repeated := colours_words(self.canvas.analysis.traces[0].planes, short=True):
            table += f" ({repeated})"
        full = self.canvas.pictures.scale_of_difference if self.mode == "difference" else None
        if full is not None:
            numbers = f"white: {full:.0f} grey levels brighter than the onset"
        moved = self.canvas.analysis.motion_px
        motion = f"motion {moved:.2f} px  ·  " if math.isfinite(moved) else ""
        return f"{motion}{numbers}  ·  bar: reach{where}{tick}  ·  top edge: {table}"

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is not self.area.viewport():
            return False
        if event.type() == QEvent.Type.Resize:
            self._fit()
            self._say()
        if isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y() > 0:
                self.zoom_in()
            elif event.angleDelta().y() < 0:
                self.zoom_out()
            return True
        return False

    def _fit(self) -> None:
        """The canvas fills the view; where the frames need more room, it is larger and scrolls."""
        view = self.area.maximumViewportSize()
        self.canvas.room = view
        across, down = self.area.horizontalScrollBar(), self.area.verticalScrollBar()
        if self.canvas.geometry_now.needed_width > view.width():
            view.setHeight(view.height() - across.sizeHint().height())
            self.canvas.room = view
        if self.canvas.geometry_now.needed_height > view.height():
            view.setWidth(view.width() - down.sizeHint().width())
            self.canvas.room = view
        geometry = self.canvas.geometry_now
        self.canvas.resize(
            max(geometry.needed_width, view.width()), max(geometry.needed_height, view.height())
        )
        self.canvas.renew()
