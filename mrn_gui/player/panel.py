"""The *Clip* panel: the frame, the transport and the timeline as one unit."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from mrn_core.errors import MRNError
from mrn_gui.icons import icon
from mrn_gui.panel import Header
from mrn_gui.player.frames import FrameSource
from mrn_gui.player.playback import SPEEDS, Playback, usual_speed
from mrn_gui.player.rate import RateField
from mrn_gui.player.timeline import Timeline, step_by_key
from mrn_gui.player.view import FrameView
from mrn_gui.session import Session
from mrn_gui.theme import Theme
from mrn_gui.work import crop_corners

TICK_MS = 8


class PlayerPanel(QWidget):
    """Shows the session's frame, and plays by moving the session's playhead."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.source = FrameSource(session.jobs, self)
        self.view = FrameView(theme)
        self.timeline = Timeline(session, theme)
        self.header = Header(theme, "Clip")
        self.header.setFixedHeight(32)
        self._number = QLabel()
        self._number.setFont(theme.font(12, 600))
        self._moment = QLabel()
        self._moment.setProperty("tone", "2")
        self.rate = RateField(session)
        self.rate.closed.connect(self._show_numbers)
        self.header.add(self._number)
        self.header.add(self._moment)
        self.header.add(self.rate)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.view, 1)
        column.addLayout(self._transport())
        column.addWidget(self.timeline)
        self._run: Playback | None = None
        self._began = 0.0
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self.source.ready.connect(self._show)
        self.source.failed.connect(self._failed)
        self.view.box_drawn.connect(lambda *box: session.set_face(box))
        self.view.drawing_changed.connect(self._show_numbers)
        session.clip_changed.connect(self._clip_changed)
        session.frame_changed.connect(self._frame_changed)
        session.state_changed.connect(self._show_box)
        theme.changed.connect(self._dress)
        self._dress()
        self._clip_changed()

    @property
    def playing(self) -> bool:
        """Whether the clip is playing."""
        return self._timer.isActive()

    @property
    def speed(self) -> float:
        """1 is real time."""
        return float(self._speed.currentData())

    def toggle_play(self) -> None:
        """Plays from the playhead, from the start when it stands on the last frame, or pauses."""
        if self.playing:
            self.pause()
        elif self._session.clip is not None:
            if self._session.frame == len(self._session.clip) - 1:
                self._session.seek(0)
            self._begin()
            self._timer.start()
            self._dress()

    def pause(self) -> None:
        """Stops playing; the playhead stays."""
        if self.playing:
            self._timer.stop()
            self._run = None
            self._dress()

    def step(self, frames: int) -> None:
        """Pauses and moves the playhead by so many frames."""
        self.pause()
        self._session.seek(self._session.frame + frames)

    def toggle_loop(self) -> None:
        """Begins again at the end, or stops there."""
        self._loop.toggle()

    def draw_face(self) -> None:
        """The next drag on the frame draws the face's box."""
        self.pause()
        self.view.start_drawing()

    def edit_rate(self) -> None:
        """Shows the field for the frames per second in the header."""
        self.view.stop_drawing()
        self._number.hide()
        self._moment.hide()
        self.rate.open()

    def _show_numbers(self) -> None:
        drawing = self.view.drawing
        self.header.say(remark="Drag a box around the face" if drawing else "")
        self._number.setVisible(not drawing)
        self._moment.setVisible(not drawing)

    # -- inside --------------------------------------------------------------------------------

    def _transport(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(6, 3, 12, 3)
        row.setSpacing(2)
        self._back, self._play, self._forth, self._loop = (QToolButton() for _ in range(4))
        tips = ("One frame back (,)", "Play or pause (Space)", "One frame on (.)", "Play again and again (L)")
        for button, tip in zip((self._back, self._play, self._forth, self._loop), tips, strict=True):
            button.setProperty("kind", "quiet")
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.setFixedSize(28, 26)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        self._back.setAutoRepeat(True)
        self._forth.setAutoRepeat(True)
        self._loop.setCheckable(True)
        self._back.clicked.connect(lambda: self.step(-1))
        self._forth.clicked.connect(lambda: self.step(1))
        self._play.clicked.connect(self.toggle_play)
        self._loop.toggled.connect(self._changed_while_playing)
        row.addStretch(1)
        self._speed = QComboBox()
        self._speed.setToolTip("Speed of playing; 1 × is real time")
        self._speed.setAccessibleName("Speed of playing")
        for words, speed in SPEEDS:
            self._speed.addItem(words, speed)
        self._speed.setFixedWidth(68)
        self._speed.currentIndexChanged.connect(self._changed_while_playing)
        row.addWidget(self._speed)
        return row

    def _begin(self) -> None:
        clip = self._session.clip
        if clip is not None:
            looped = self._loop.isChecked()
            self._run = Playback(clip.times, 1 / clip.fps, self._session.frame, self.speed, looped)
            self._began = time.perf_counter()

    def _changed_while_playing(self) -> None:
        if self.playing:
            self._begin()

    def _tick(self) -> None:
        if self._run is None:
            return
        frame, over = self._run.at(time.perf_counter() - self._began)
        self._session.seek(frame)
        if over:
            self.pause()

    def _clip_changed(self) -> None:
        self.pause()
        self.view.stop_drawing()
        self.rate.shut()
        clip = self._session.clip
        self.source.set_clip(clip)
        self.view.show_picture(None)
        self.view.show_box(None)
        for button in (self._back, self._play, self._forth, self._loop, self._speed):
            button.setEnabled(clip is not None)
        if clip is not None:
            speeds = [speed for _, speed in SPEEDS]
            self._speed.setCurrentIndex(speeds.index(usual_speed(clip.fps)))
            digits = len(str(len(clip) - 1))
            own = len(str(int(clip.numbers.max()))) + 3 if self._own_numbers() else 0
            metrics = self._number.fontMetrics()
            self._number.setMinimumWidth(metrics.horizontalAdvance("0" * (digits + own)))
            self._number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._frame_changed(self._session.frame)

    def _own_numbers(self) -> bool:
        clip = self._session.clip
        return clip is not None and bool((clip.numbers != range(len(clip))).any())

    def _frame_changed(self, frame: int) -> None:
        clip = self._session.clip
        if clip is None:
            self._number.clear()
            self._moment.clear()
            return
        self._number.setText(f"{frame} · #{clip.numbers[frame]}" if self._own_numbers() else str(frame))
        self._moment.setText(f"{clip.times[frame]:.3f} s")
        self.source.want(frame)
        if self._run is not None and abs(frame - self._run.at(time.perf_counter() - self._began)[0]) > 1:
            self._begin()  # somebody else moved the playhead: play on from there

    def _show(self, frame: int, picture: QImage) -> None:
        if frame == self._session.frame:
            self.view.show_picture(picture)

    def _failed(self, error: MRNError) -> None:
        self.pause()
        self._session.failed.emit(error)

    def _show_box(self) -> None:
        """Where the analysis cut the face out; a box that was drawn since."""
        analysis, face = self._session.analysis, self._session.marks.face
        if isinstance(face, tuple) and (analysis is None or self._session.stale is not None):
            x, y, w, h = face
            self.view.show_box([(x, y), (x + w, y), (x + w, y + h), (x, y + h)])
        else:
            self.view.show_box(None if analysis is None else crop_corners(analysis.face))

    def _dress(self) -> None:
        ink = self._theme.colour("text2")
        self._back.setIcon(icon("step-back", ink))
        self._play.setIcon(icon("pause" if self.playing else "play", ink))
        self._forth.setIcon(icon("step-forward", ink))
        self._loop.setIcon(icon("repeat", ink))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not step_by_key(event, self._session):
            super().keyPressEvent(event)
