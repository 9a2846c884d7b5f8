"""The *Inspect* arrangement: where its panels stand, and what of the session each of them shows."""

from __future__ import annotations

from functools import partial

import shiboken6
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QScrollArea, QSplitter, QVBoxLayout, QWidget

from mrn_core.magnification import AmplificationLevels
from mrn_gui.attention.heads import HeadsGrid
from mrn_gui.attention.model import SLOW_PAIRS
from mrn_gui.attention.view import AttentionView
from mrn_gui.hashing.buckets import BucketPanel
from mrn_gui.hashing.health import HealthPanel
from mrn_gui.hashspace import HashSpacePanel
from mrn_gui.layout import FOLD_BELOW, LAST_LEAST, LEVEL_LEAST, drawn_sizes
from mrn_gui.level.panel import LevelPanel
from mrn_gui.level.truth import LevelTruth
from mrn_gui.marking import missing_told
from mrn_gui.player.panel import PlayerPanel
from mrn_gui.reading.panel import ReadingPanel
from mrn_gui.run_failure import RunFailure
from mrn_gui.selection import Selection
from mrn_gui.session import Session
from mrn_gui.strip.view import LevelStrip
from mrn_gui.theme import Theme
from mrn_gui.whatif.changes import ChangesPanel
from mrn_gui.whatif.panel import WhatIfPanel
from mrn_gui.whatif.pinned import Difference
from mrn_gui.why.panel import WhyPanel

READY = "Appears when the clip is analysed"
RUNNING = "Appears when the features are ready"
FIRST_LEVEL = "Appears when the first level is magnified"
SCROLLED_LEAST = 120  # px of height that a scrolled panel keeps
_NO_LIMIT = 16_777_215


class InspectPage(QWidget):
    """Every panel of the arrangement; ``failure`` stands in the strip's place when a run fails."""

    def __init__(
        self, session: Session, selection: Selection, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._selection = session, selection
        self._moved_by_hand = False
        self._placing = False
        self.player = PlayerPanel(session, theme)
        self.whatif = WhatIfPanel(session, theme)
        self.strip = LevelStrip(selection, theme)
        self.heads = HeadsGrid(selection, theme)
        self.attention = AttentionView(selection, theme, jobs=session.jobs)
        self.why = WhyPanel(selection, theme)
        self.health = HealthPanel(selection, theme)  # in a dock of the window
        self.buckets = BucketPanel(selection, theme)  # in another
        self.hash_space = HashSpacePanel(selection, theme)
        self.reading = ReadingPanel(selection, theme)
        self.level = LevelPanel(selection, theme)
        self.changes = ChangesPanel(self.whatif.pinned, selection, theme)  # in another
        self.views = (
            self.strip,
            self.heads,
            self.attention,
            self.why,
            self.health,
            self.buckets,
            self.hash_space,
            self.reading,
            self.level,
        )
        self.setProperty("kind", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._splitters: dict[str, QSplitter] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._arrange())
        self.player.timeline.mark_dropped.connect(session.set_mark)
        session.clip_changed.connect(self._clip_changed)
        session.analysis_changed.connect(self._show_analysis)
        session.chance_changed.connect(self._show_chance)
        session.state_changed.connect(self._show_state)
        session.run_started.connect(self._begin)
        session.settings_changed.connect(self._show_skeleton)
        session.level_made.connect(self.strip.set_frame)
        session.level_made.connect(self.level.set_frame)
        self.failure = RunFailure(session, self.strip, self)
        self.truth = LevelTruth(session, self)
        self.truth.known_changed.connect(self.level.offer_truth)
        self.truth.made.connect(self.level.show_exact)
        self.truth.failed.connect(self.level.show_no_exact)
        self.level.exact_wanted.connect(self.truth.want)
        self.attention.matrix.failed.connect(session.failed)
        self.attention.shown_as.connect(self.heads.show_as)
        self.attention.over_shown.connect(self.why.follow_over)
        self.whatif.pinned.changed.connect(self._show_pinned)
        selection.subscribe(self._selection_changed)
        for head in range(8):  # wherever the focus is, in a dock or on a button too; a field keeps its digits
            digit = QShortcut(QKeySequence(str(head + 1)), self)
            digit.activated.connect(partial(self._choose_head, head))
        self._show_analysis()

    # -- places --------------------------------------------------------------------------------

    def reset_layout(self) -> None:
        """Every panel as it is drawn."""
        self._moved_by_hand = False
        self._place()

    def save_layout(self) -> dict[str, QByteArray]:
        """The splitters that somebody moved; empty when nobody did."""
        if not self._moved_by_hand:
            return {}
        return {name: splitter.saveState() for name, splitter in self._splitters.items()}

    def restore_layout(self, states: dict[str, QByteArray]) -> None:
        """Puts the splitters where ``save_layout`` found them."""
        if states:
            self._moved_by_hand = True
            for name, state in states.items():
                if name in self._splitters:
                    self._splitters[name].restoreState(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._moved_by_hand:
            self._place()

    def _choose_head(self, head: int) -> None:
        if self._session.analysis is not None:
            self._selection.choose(head=head)

    def _arrange(self) -> QSplitter:
        down, across = Qt.Orientation.Vertical, Qt.Orientation.Horizontal
        left = self._splitter("left", down, self.player, self.level, self._scrolled(self.whatif))
        last = self._splitter("last", across, self.hash_space, self.reading)
        right = self._splitter("right", down, self.why, last)
        lower = self._splitter("lower", across, self.heads, self.attention, right)
        main = self._splitter("main", down, self.strip, lower)
        return self._splitter("all", across, left, main)

    def _scrolled(self, part: QWidget) -> QScrollArea:
        """Around a panel: where a dock leaves it less room than it needs, it is scrolled."""
        area = QScrollArea()
        area.setWidget(part)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumSize(part.minimumSizeHint().width(), SCROLLED_LEAST)
        return area

    def _splitter(self, name: str, way: Qt.Orientation, *parts: QWidget) -> QSplitter:
        splitter = QSplitter(way)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        for part in parts:
            splitter.addWidget(part)
        splitter.splitterMoved.connect(self._hand_moved)
        self._splitters[name] = splitter
        return splitter

    def _hand_moved(self) -> None:
        if not self._placing:
            self._moved_by_hand = True

    def _place(self) -> None:
        width, body = self.width(), self.height()
        whole = self.window()
        bars = drawn_sizes(whole.width(), whole.height())
        # A dock above or below makes the page that of a lower window.
        window = body + bars.top_bar + bars.status + 2
        sizes = drawn_sizes(width, window)
        self._placing = True
        try:
            folded = window < FOLD_BELOW
            self.level.setMaximumHeight(self.level.header.height() if folded else _NO_LIMIT)
            self.level.canvas.setVisible(not folded)
            spare = body - sizes.clip - self.whatif.minimumSizeHint().height() - 2
            level = min(sizes.level, max(spare, LEVEL_LEAST))
            level = self.level.header.height() if folded else level
            self._splitters["last"].setVisible(body - sizes.strip - sizes.why - 2 >= LAST_LEAST)
            rest = width - sizes.left - 1
            wanted = {
                "all": [sizes.left, rest],
                "left": [sizes.clip, level, body - sizes.clip - level - 2],
                "main": [sizes.strip, body - sizes.strip - 1],
                "lower": [sizes.heads, rest - sizes.heads - sizes.right - 2, sizes.right],
                "right": [sizes.why, body - sizes.strip - sizes.why - 2],
                "last": [sizes.right - sizes.reading - 1, sizes.reading],
            }
            for name, parts in wanted.items():
                self._splitters[name].setSizes([max(1, part) for part in parts])
        finally:
            self._placing = False

    # -- what is shown -------------------------------------------------------------------------

    def _show_analysis(self) -> None:
        analysis = self._session.analysis
        if analysis is not None:
            first = analysis.traces[0]
            self._selection.set_shape(len(analysis.traces), first.heads, first.levels, max(1, first.tables))
        for view in self.views:
            view.show_analysis(analysis)
        self._show_pinned()
        self._show_skeleton()
        self._show_state()
        self._show_level()

    def _selection_changed(self, notes: frozenset[str]) -> None:
        if shiboken6.isValid(self) and notes & {"hovered", "pinned", "shape"}:
            self._show_level()

    def _show_level(self) -> None:
        """The timeline names the level that is pointed at, over the frames it was made from."""
        analysis, made_from = self._session.analysis, self._session.shown
        place = self._selection.shown
        if analysis is None or made_from is None or place is None or place.main >= len(analysis.gains):
            self.player.timeline.show_level("")
        else:
            words = f"level {place.main} ×{analysis.gains[place.main]:.1f}"
            self.player.timeline.show_level(words, made_from.onset, made_from.apex)

    def _show_pinned(self) -> None:
        difference = self.whatif.pinned.difference
        self.why.set_pinned(difference)
        beside = None if difference is None else difference.pairs
        if beside is not None and sum(trace.mask.size for trace in beside.now) > SLOW_PAIRS:
            self._show_beside(None)
            self._session.jobs.start(
                "compared",
                lambda job: beside.top("weight"),  # which the comparison keeps
                done=partial(self._show_compared, difference),
                failed=self._session.failed.emit,
                latest=True,
            )
        else:
            self._show_beside(difference)

    def _show_compared(self, difference: Difference | None, _top: float) -> None:
        if shiboken6.isValid(self) and difference is self.whatif.pinned.difference:
            self._show_beside(difference)

    def _show_beside(self, difference: Difference | None) -> None:
        beside = None if difference is None else difference.pairs
        self.heads.set_beside(beside)
        if difference is None:
            self.attention.set_beside(None)
        else:
            self.attention.set_beside(beside, difference.pinned_as, difference.differs)

    def _show_chance(self) -> None:
        for view in (self.strip, self.heads, self.attention, self.why):
            view.set_chance(self._session.chance)

    def _show_state(self) -> None:
        session = self._session
        stale = session.stale
        waiting = self._waiting_told()
        if not session.running and session.error is None and not self._strip_is_whole():
            self.strip.show_analysis(session.analysis)
            self.strip.set_chance(session.chance)
            self._show_skeleton()
        for view in self.views:
            made_now = session.running and view is self.strip
            view.set_stale(None if made_now else stale)
            early = session.running and view is self.level
            view.set_waiting(FIRST_LEVEL if early else waiting)

    def _waiting_told(self) -> str:
        """What stands in an empty panel: when it fills, or what to do that it does."""
        session = self._session
        if session.running:
            return RUNNING
        if session.clip is None:
            return READY
        if session.frames == 1:
            return f"{session.clip.name} has one frame; two are needed"
        missing = missing_told(session.marks)
        return f"{missing}, then analyse (Ctrl Enter)" if missing else READY

    def _clip_changed(self) -> None:
        if self._session.analysis is None:  # else it is the same clip, opened again
            self._selection.clear()

    def _strip_is_whole(self) -> bool:
        return self.strip.canvas.analysis is self._session.analysis and not self.strip.shows_error

    def _show_skeleton(self) -> None:
        """Before the first analysis: empty places for the levels that are set."""
        session = self._session
        idle = not session.running and session.error is None
        if session.clip is not None and session.analysis is None and idle:
            self._begin()

    def _begin(self) -> None:
        s = self._session.settings
        levels = AmplificationLevels(s.af_low, s.af_high, s.levels, s.convention)
        self.strip.begin(levels.values, levels.gains)
        self.attention.begin(levels.values)
