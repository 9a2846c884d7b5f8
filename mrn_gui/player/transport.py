"""The row of buttons below the frame: steps, play, loops, speed."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from mrn_gui.icons import icon
from mrn_gui.player.playback import SPEEDS
from mrn_gui.theme import Theme

Loop = Literal["off", "clip", "event"]
_TIPS = {
    "back": "One frame back (,); hold it to go faster",
    "play": "Play or pause (Space)",
    "forth": "One frame on (.); hold it to go faster",
    "clip": "Play the clip again and again (L)",
    "event": "Play from onset to offset again and again (Shift L)",
}


class Transport(QWidget):
    """``stepped`` carries frames and whether a button is held; ``changed`` when loop or speed does."""

    stepped = Signal(int, bool)
    play_asked = Signal()
    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._playing = False
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 3, 12, 3)
        row.setSpacing(2)
        self._buttons = {name: self._button(name, row) for name in _TIPS}
        for name, frames in (("back", -1), ("forth", 1)):
            button = self._buttons[name]
            button.setAutoRepeat(True)
            button.setAutoRepeatInterval(33)
            button.clicked.connect(lambda _=False, b=button, n=frames: self.stepped.emit(n, b.isDown()))
        self._buttons["play"].clicked.connect(self.play_asked)
        self._loop: Loop = "off"
        for loop in ("clip", "event"):
            self._buttons[loop].setCheckable(True)
            self._buttons[loop].clicked.connect(lambda _=False, loop=loop: self.toggle_loop(loop))
        self._buttons["event"].setText("I–O")
        self._buttons["event"].setFont(theme.font(11, 600))
        row.addStretch(1)
        self._speed = QComboBox()
        self._speed.setToolTip("Speed of playing; 1 × is real time")
        self._speed.setAccessibleName("Speed of playing")
        for words, speed in SPEEDS:
            self._speed.addItem(words, speed)
        self._speed.setFixedWidth(68)
        self._speed.currentIndexChanged.connect(self.changed)
        row.addWidget(self._speed)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def speed(self) -> float:
        """1 is real time."""
        return float(self._speed.currentData())

    def set_speed(self, speed: float) -> None:
        """Chooses one of ``SPEEDS``."""
        self._speed.setCurrentIndex([value for _, value in SPEEDS].index(speed))

    @property
    def loop(self) -> Loop:
        """What is played again and again: nothing, the whole clip, or onset to offset."""
        return self._loop

    def toggle_loop(self, loop: Loop) -> None:
        """Loops over this; over nothing where it did so already."""
        self._loop = "off" if loop == self._loop else loop
        for name in ("clip", "event"):
            self._buttons[name].setChecked(name == self._loop)
        self.changed.emit()

    def show_playing(self, playing: bool) -> None:
        """The middle button pauses while it plays."""
        self._playing = playing
        self._dress()

    def set_enabled(self, enabled: bool) -> None:
        """Dims everything while no clip is open."""
        for part in (*self._buttons.values(), self._speed):
            part.setEnabled(enabled)

    def _button(self, name: str, row: QHBoxLayout) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "quiet")
        button.setToolTip(_TIPS[name])
        button.setAccessibleName(_TIPS[name])
        button.setFixedSize(28, 26)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(button)
        return button

    def _dress(self) -> None:
        names = {
            "back": "step-back",
            "play": "pause" if self._playing else "play",
            "forth": "step-forward",
            "clip": "repeat",
        }
        for name, picture in names.items():
            self._buttons[name].setIcon(icon(picture, self._theme.colour("text2")))
