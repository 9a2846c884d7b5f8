"""The line at the bottom: keys and provenance, or the stages of the running analysis."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QWidget

from mrn_gui.actions import hints
from mrn_gui.icons import pixmap
from mrn_gui.painting import LEFT, text, width_of
from mrn_gui.progress import LABELS, Progress
from mrn_gui.theme import Theme
from mrn_gui.widgets.keys import KeyHint

BAR_WIDTH = 120
BAR_HEIGHT = 4
HINT_GAP = 12
SAID_MS = 6000  # a sentence stands in place of the hints for so long


class StageList(QWidget):
    """What is done, what is under way with a bar, what comes next. Fixed places: nothing moves."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.progress = Progress()
        self.waiting = ""
        theme.changed.connect(self.update)

    def begin(self, waiting: str, stages: Mapping[str, str] = LABELS) -> None:
        """Starts from nothing with these stages by name and label.

        ``waiting`` stands there until the first of them is told.
        """
        self.progress, self.waiting = Progress(stages=dict(stages)), waiting
        self.update()

    def tell(self, stage: str, done: int, total: int) -> None:
        """See :meth:`Progress.tell`."""
        self.progress.tell(stage, done, total, time.monotonic())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(620, 26)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        try:
            self._draw(p)
        finally:
            p.end()

    def _draw(self, p: QPainter) -> None:
        theme, height, x = self._theme, float(self.height()), 0.0
        plain, bold = theme.font(11), theme.font(11, 600)
        if not self.progress.stage:
            text(p, QRectF(x, 0, 600, height), self.waiting, bold, theme.colour("text"), LEFT)
            return
        for stage in self.progress.stages:
            state, words = self.progress.state(stage), self.progress.label(stage)
            if state == "done":
                mark = pixmap("check", theme.colour("done"), 14, self.devicePixelRatioF())
                p.drawPixmap(round(x), round((height - 14) / 2), mark)
                x += 18
            ink = theme.colour("text2" if state == "next" else "text")
            font = bold if state == "now" else plain
            text(p, QRectF(x, 0, 300, height), words, font, ink, LEFT)
            if state != "now":
                x += width_of(words, font) + 20
                continue
            total = len(str(self.progress.total)) * 2 if self.progress.total > 1 else 0
            x += width_of(self.progress.stages[stage], bold) + width_of(" of " + "0" * total, bold) + 14
            y = (height - BAR_HEIGHT) / 2
            p.fillRect(QRectF(x, y, BAR_WIDTH, BAR_HEIGHT), theme.colour("line"))
            p.fillRect(QRectF(x, y, BAR_WIDTH * self.progress.share, BAR_HEIGHT), theme.colour("primary"))
            x += BAR_WIDTH + 8
            text(p, QRectF(x, 0, 110, height), self.progress.left(), plain, theme.colour("text2"), LEFT)
            x += 110 + 12


class StatusLine(QWidget):
    """Hints at the left, provenance at the right; stages in place of the hints while work runs."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._hints, self._matrix_hints = HintRow(theme, False), HintRow(theme, True)
        self._in_matrix = False
        self.stages, self.fetching = StageList(theme), StageList(theme)
        self._plain = QLabel()
        self._plain.setFont(theme.font(11))
        self._plain.setProperty("tone", "2")
        self._said = QLabel()
        self._said.setFont(theme.font(12, 500))
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._saying = QTimer(self, singleShot=True, interval=SAID_MS)
        self._saying.timeout.connect(self._hints_again)
        self._pages = QStackedWidget()
        for page in (self._hints, self._matrix_hints, self._said, self.stages, self.fetching, self._plain):
            self._pages.addWidget(page)
        self._right = QLabel()
        self._right.setFont(theme.font(11))
        self._right.setProperty("tone", "2")
        outer = QHBoxLayout(self)
        outer.setContentsMargins(12, 0, 12, 0)
        outer.setSpacing(16)
        outer.addWidget(self._pages, 1)
        outer.addWidget(self._right)

    def show_hints(self, provenance: str, worth: str = "") -> None:
        """The keys, or what was said a moment ago, and what the numbers were made with, whose tip says what
        they are ``worth``."""
        self._pages.setCurrentWidget(self._said if self._saying.isActive() else self._hints_now)
        self._right.setText(provenance)
        self._right.setToolTip(worth)

    def follow_focus(self, in_matrix: bool) -> None:
        """Shows the keys of the view that has the focus, where keys are shown now."""
        self._in_matrix = in_matrix
        if self._pages.currentWidget() in (self._hints, self._matrix_hints):
            self._pages.setCurrentWidget(self._hints_now)

    def say(self, words: str) -> None:
        """A sentence for a moment, in place of the hints; while work runs it waits for their turn."""
        self._said.setText(words)
        self._said.setToolTip(words)
        self._saying.start()
        if self._pages.currentWidget() in (self._hints, self._matrix_hints):
            self._pages.setCurrentWidget(self._said)

    @property
    def said(self) -> str:
        """What is said now, "" where the moment is over."""
        return self._said.text() if self._saying.isActive() else ""

    @property
    def _hints_now(self) -> QWidget:
        return self._matrix_hints if self._in_matrix else self._hints

    def _hints_again(self) -> None:
        if self._pages.currentWidget() is self._said:
            self._pages.setCurrentWidget(self._hints_now)

    def show_stages(self, remark: str) -> None:
        """The stages, and how to stop."""
        self._pages.setCurrentWidget(self.stages)
        self._right.setText(remark)

    def show_fetching(self, remark: str) -> None:
        """The files that are fetched, and how to stop."""
        self._pages.setCurrentWidget(self.fetching)
        self._right.setText(remark)

    def show_words(self, words: str) -> None:
        """A sentence alone."""
        self._plain.setText(words)
        self._pages.setCurrentWidget(self._plain)
        self._right.clear()

    @property
    def words(self) -> str:
        """What stands at the right."""
        return self._right.text()


class HintRow(QWidget):
    """As many hints as have room, each of them whole."""

    def __init__(self, theme: Theme, in_matrix: bool) -> None:
        super().__init__()
        self._hints = [KeyHint(theme, keys, words, self) for keys, words in hints(in_matrix)]

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 20)

    def sizeHint(self) -> QSize:
        return QSize(sum(hint.sizeHint().width() + HINT_GAP for hint in self._hints), 20)

    def resizeEvent(self, event: QResizeEvent) -> None:
        x, room = 0, True
        for hint in self._hints:
            asked = hint.sizeHint()
            room = room and x + asked.width() <= self.width()
            hint.setGeometry(x, (self.height() - asked.height()) // 2, asked.width(), asked.height())
            hint.setVisible(room)
            x += asked.width() + HINT_GAP
