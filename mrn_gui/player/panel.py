"""The *Clip* panel: the frame, the transport and the timeline as one unit."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mrn_core.errors import MRNError
from mrn_core.frame_numbers import frame_told
from mrn_gui.panel import Header
from mrn_gui.player.faces import FaceMarks
from mrn_gui.player.frames import FrameSource
from mrn_gui.player.go_to import FrameField
from mrn_gui.player.playback import Playback, event_span, usual_speed
from mrn_gui.player.rate import RateField
from mrn_gui.player.timeline import Timeline, step_by_key
from mrn_gui.player.transport import Transport
from mrn_gui.player.view import FrameView
from mrn_gui.session import Session
from mrn_gui.theme import Theme

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
        self.go_to = FrameField(session)
        self.go_to.closed.connect(self._show_numbers)
        for part in (self._number, self._moment, self.rate, self.go_to):
            self.header.add(part)
        self.transport = Transport(theme)
        self.repeating = False  # whether the key that is about to act repeats itself
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.view, 1)
        column.addWidget(self.transport)
        column.addWidget(self.timeline)
        self._run: Playback | None = None
        self._began = 0.0
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self.source.ready.connect(self._show)
        self.source.failed.connect(self._failed)
        self.faces = FaceMarks(session, self.view, self)
        self.view.drawing_changed.connect(self._show_numbers)
        session.clip_changed.connect(self._clip_changed)
        session.frame_changed.connect(self._frame_changed)
        self.transport.stepped.connect(self.step)
        self.transport.play_asked.connect(self.toggle_play)
        self.transport.changed.connect(self._changed_while_playing)
        session.marks_changed.connect(self._changed_while_playing)
        self._clip_changed()

    @property
    def playing(self) -> bool:
        """Whether the clip is playing."""
        return self._timer.isActive()

    def toggle_play(self) -> None:
        """Plays from the playhead, from the start when it stands on the last frame, or pauses."""
        if self.playing:
            self.pause()
        elif self._session.clip is not None:
            if self._session.frame == self._session.frames - 1:
                self._session.seek(0)
            self._begin()
            self._timer.start()
            self.transport.show_playing(True)

    def pause(self) -> None:
        """Stops playing; the playhead stays."""
        if self.playing:
            self._timer.stop()
            self._run = None
            self.transport.show_playing(False)

    def step(self, frames: int, repeated: bool | None = None) -> None:
        """Pauses and moves the playhead by so many frames, further while the key is held."""
        self.pause()
        self._session.step(frames, self.repeating if repeated is None else repeated)

    def toggle_loop(self) -> None:
        """Begins again at the clip's end, or stops there."""
        self.transport.toggle_loop("clip")

    def toggle_event_loop(self) -> None:
        """Plays from onset to offset again and again, or no longer; says what must be marked."""
        clip = self._session.clip
        if self.transport.loop == "event" or (clip is not None and self._span() is not None):
            self.transport.toggle_loop("event")
            if self.transport.loop == "event" and not self.playing:
                self.toggle_play()
        elif clip is not None:
            self._session.notice.emit(
                "To loop over the event, mark the onset (I), and after it the offset (O)."
            )

    def go_to_frame(self) -> None:
        """Shows the field for a frame's index or number in the header."""
        self._make_room()
        self.go_to.open()

    def draw_face(self) -> None:
        """The next drag on the frame draws the face's box."""
        self.pause()
        self.view.start_drawing()

    def choose_face(self) -> None:
        """The next click on the onset takes one of its faces."""
        self.pause()
        self.faces.choose()

    def move_landmarks(self) -> None:
        """Landmarks can be dragged, until Esc."""
        self.pause()
        self.faces.move()

    def edit_rate(self) -> None:
        """Shows the field for the frames per second in the header."""
        self._make_room()
        self.rate.open()

    def _make_room(self) -> None:
        self.view.stop_drawing()
        self._number.hide()
        self._moment.hide()

    def _show_numbers(self) -> None:
        drawing = self.view.drawing
        self.header.say(remark="" if self.view.tool is None else self.view.tool.words)
        self._number.setVisible(not drawing)
        self._moment.setVisible(not drawing)

    # -- inside --------------------------------------------------------------------------------

    def _span(self) -> tuple[int, int] | None:
        return event_span(self._session.marks, self._session.frames)

    def _begin(self) -> None:
        session, known = self._session, self._session.known
        if known is None:
            return
        loop = self.transport.loop
        span = self._span() if loop == "event" else None
        first, final = span or (0, session.frames - 1)
        if span is not None and not first <= session.frame <= final:
            session.seek(first)
        self._run = Playback(
            known.times, 1 / known.fps, session.frame, self.transport.speed, loop != "off", first, final
        )
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
        self.go_to.shut()
        clip = self._session.clip
        self.source.set_clip(clip)
        self.view.show_picture(None)
        self.view.show_box(None)
        self.transport.set_enabled(clip is not None)
        known = self._session.known
        if known is not None:
            self.transport.set_speed(usual_speed(known.fps))
            digits = len(str(self._session.frames - 1))
            numbered = bool((known.numbers != range(len(known.numbers))).any())
            widest = frame_told(10**digits - 1, int(known.numbers.max()) if numbered else None)
            metrics = self._number.fontMetrics()
            self._number.setMinimumWidth(metrics.horizontalAdvance(widest))
            self._number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._frame_changed(self._session.frame)

    def _frame_changed(self, frame: int) -> None:
        known = self._session.known
        if known is None:
            self._number.clear()
            self._moment.clear()
            return
        self._number.setText(known.told(frame))
        self._moment.setText(f"{known.times[frame]:.3f} s")
        self.source.want(frame)
        if self._run is not None and abs(frame - self._run.at(time.perf_counter() - self._began)[0]) > 1:
            self._begin()  # somebody else moved the playhead: play on from there

    def _show(self, frame: int, picture: QImage) -> None:
        if frame == self._session.frame:
            self.view.show_picture(picture)

    def _failed(self, error: MRNError) -> None:
        self.pause()
        self._session.failed.emit(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not step_by_key(event, self._session):
            super().keyPressEvent(event)
