"""The *What if* panel."""

from __future__ import annotations

import os
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRandomGenerator, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mrn_core.errors import SettingsError
from mrn_core.settings import AnalysisSettings
from mrn_gui.icons import icon
from mrn_gui.painting import width_of
from mrn_gui.panel import PADDING, Header
from mrn_gui.session import Session
from mrn_gui.theme import Theme
from mrn_gui.whatif import model
from mrn_gui.whatif.fields import Choices, Dot, Factor, quiet, whole
from mrn_gui.whatif.history import SettingsHistory
from mrn_gui.whatif.model import BY_NAME
from mrn_gui.whatif.pinned import PinnedState
from mrn_gui.widgets.range_slider import RangeSlider

ROW_HEIGHT, WIDE_ROW_HEIGHT = 27, 31
WIDE = 320  # from here on the panel has room for taller rows and for the names of what is changed
LABEL_WIDTH = 72
BUTTONS_APART = 2  # px, so that a narrow header has room for a word


class WhatIfPanel(QWidget):
    """Shows the session's settings and changes them; what is refused goes back to what was.

    ``said``: a sentence for the status line.
    """

    said = Signal(str)

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self._filling = False
        self._clip = ""  # the content of the open clip, or of the last one
        self._dots: list[tuple[tuple[str, ...], Dot]] = []
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.header = Header(theme, "What if")
        self.header.setFixedHeight(32)
        self.history = SettingsHistory(session)
        self.pinned = PinnedState(session)
        self.pin = quiet("Pin this state, to compare what you change with it", "Pin this state", True)
        self.pin.clicked.connect(self.pinned.toggle)
        self.undo, self.redo = quiet("Undo in What if"), quiet("Redo in What if")
        self.undo.clicked.connect(self.history.undo)
        self.redo.clicked.connect(self.history.redo)
        self.reset = quiet("Every setting as it is by default", "Reset the settings")
        self.reset.clicked.connect(session.reset_settings)
        for button in (self.pin, self.undo, self.redo, self.reset):
            self.header.add(button)
        self.header.set_apart(BUTTONS_APART)
        self.magnifier = Choices()
        self.hashed = Choices()
        self.features = Choices()
        self.softmax = Choices()
        self.device = Choices()
        self.levels = whole("levels")
        self.planes = whole("network.planes")
        self.tables = whole("network.tables")
        self.seed = whole("network.hash_seed")
        self.dice = quiet("Draw other planes", "Draw a hash seed")
        self.low, self.high = Factor(), Factor()
        self.slider = RangeSlider(theme, "AF range")
        self._controls: tuple[QWidget, ...] = (
            self.magnifier, self.low, self.slider, self.high, self.levels, self.planes, self.tables,
            self.seed, self.dice, self.hashed, self.features, self.softmax, self.device,
        )  # fmt: skip
        for control in self._controls:
            control.installEventFilter(self)  # what one press changes is one step to undo
        self._lay_out()
        self._connect()
        self._dress()
        self._fill()

    # -- making --------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        grid = self._grid = QGridLayout()
        grid.setContentsMargins(PADDING, 0, PADDING - 4, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH - 6)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addStretch(1)
        lines: tuple[tuple[tuple[str, ...], tuple[QWidget, ...]], ...] = (
            (("magnifier",), (self.magnifier,)),
            (("af",), (self.low, self.slider, self.high)),
            (("levels",), (self.levels,)),
            (("planes", "tables"), (self.planes, self.tables)),
            (("seed",), (self.seed, self.dice)),
            (("hashed",), (self.hashed,)),
            (("features",), (self.features,)),
            (("mask",), (self.softmax,)),
            (("device",), (self.device,)),
        )
        for number, (names, widgets) in enumerate(lines):
            grid.setRowMinimumHeight(number, ROW_HEIGHT)
            grid.addWidget(self._label(names[0]), number, 0)
            grid.addLayout(self._line(names, widgets), number, 1)

    def _line(self, names: tuple[str, ...], widgets: Sequence[QWidget]) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(4)
        for i, widget in enumerate(widgets):
            if i and len(names) > 1:
                line.addWidget(self._label(names[i]))
            widget.setToolTip(widget.toolTip() or BY_NAME[names[min(i, len(names) - 1)]].tip())
            stretched = isinstance(widget, QComboBox) or widget is self.slider
            line.addWidget(widget, 1 if stretched else 0)
        dot = Dot(self._theme)
        self._dots.append((names, dot))
        line.addWidget(dot)
        if not any(isinstance(w, QComboBox) or w is self.slider for w in widgets):
            line.addStretch(1)
        return line

    def _label(self, name: str) -> QLabel:
        label = QLabel(BY_NAME[name].label)
        label.setProperty("tone", "2")
        label.setToolTip(BY_NAME[name].tip())
        return label

    def _connect(self) -> None:
        session = self._session
        for combo in (self.magnifier, self.hashed, self.features, self.softmax, self.device):
            combo.taken.connect(self._take)
        self.magnifier.opening.connect(self._offer_magnifiers)
        for path, number in (
            ("levels", self.levels),
            ("network.planes", self.planes),
            ("network.tables", self.tables),
            ("network.hash_seed", self.seed),
        ):
            number.valueChanged.connect(lambda value, path=path: self._take({path: value}))
        self.dice.clicked.connect(self._draw_seed)
        self.low.valueChanged.connect(lambda value: self._take_range(value, max(value, self.high.value())))
        self.high.valueChanged.connect(lambda value: self._take_range(min(value, self.low.value()), value))
        self.slider.changed.connect(self._take_range)
        self.slider.moved.connect(self._show_range)
        session.settings_changed.connect(self._fill)
        session.devices_changed.connect(self._fill)
        session.analysis_changed.connect(self._show_buttons)
        self.history.changed.connect(self._show_buttons)
        self.pinned.changed.connect(self._show_buttons)
        self.pinned.said.connect(self.said)
        session.clip_changed.connect(self._clip_changed)
        self._theme.changed.connect(self._dress)

    # -- session to widgets --------------------------------------------------------------------

    def _fill(self) -> None:
        settings, device = self._session.settings, self._session.device
        self._filling = True
        try:
            values = model.values_of(settings, device)
            self._offer_magnifiers()
            self.hashed.offer(model.HASHED, values)
            self.features.offer(model.FEATURES, values)
            self.softmax.offer(model.MASKS, values)
            self.device.offer(model.device_choices(self._session.devices, _cores()), values)
            self.levels.setValue(settings.levels)
            self.planes.setValue(settings.network.planes)
            self.tables.setValue(settings.network.tables)
            self.seed.setValue(settings.network.hash_seed)
            self.slider.set_range(0, max(model.SLIDER_TOP, settings.af_high))
            self.slider.set_values(settings.af_low, settings.af_high)
            self._show_range(settings.af_low, settings.af_high)
        finally:
            self._filling = False
        names = model.changed(settings, device)
        for of, dot in self._dots:
            usual = [model.told(name, AnalysisSettings(), "auto") for name in of if name in names]
            dot.show_as(bool(usual), ", ".join(usual))
        self._say(names)
        self.reset.setEnabled(bool(names))
        self._show_buttons()

    def _say(self, names: Sequence[str]) -> None:
        """What is changed; in place of it, while a state is pinned, what is set in that: as much as fits.

        The whole stands in the tool tip.
        """
        offers = self.pinned.told_short
        if names and not offers:
            offers = (f"changed: {', '.join(BY_NAME[name].label for name in names)}", f"{len(names)} changed")
        room, font = self.header.room(self.width()), self._theme.font(12)
        self.header.say(remark=next((words for words in offers if width_of(words, font) <= room), ""))
        self.header.setToolTip(offers[0][0].upper() + offers[0][1:] if offers else "")

    def _clip_changed(self) -> None:
        """Says which settings another clip finds changed: they are kept, so that clips can be compared."""
        sha256 = self._session.sha256
        if not sha256 or sha256 == self._clip:
            return
        first, self._clip = not self._clip, sha256
        names = model.changed(self._session.settings, self._session.device)
        if names and not first:
            told = [model.told(name, self._session.settings, self._session.device) for name in names]
            self.said.emit(f"Settings kept from the clip before: {', '.join(told)}")

    def _show_buttons(self) -> None:
        for button, may, words, keys in zip(
            (self.undo, self.redo),
            self.history.can,
            self.history.told(),
            ("Ctrl Alt Z", "Ctrl Alt Shift Z"),
            strict=True,
        ):
            button.setEnabled(may)
            button.setToolTip(f"{words} ({keys})")
        pinned = self.pinned.analysis is not None
        self.pin.setEnabled(pinned or self._session.analysis is not None)
        self.pin.setChecked(pinned)
        self.pin.setToolTip(
            f"Let go of the pinned state: {self.pinned.told} (Ctrl P)"
            if pinned
            else "Pin this state, to compare what you change with it (Ctrl P)"
        )
        self._say(model.changed(self._session.settings, self._session.device))

    def _offer_magnifiers(self) -> None:
        values = {"magnifier": self._session.settings.magnifier}
        self.magnifier.offer(model.magnifier_choices(), values)

    def _show_range(self, low: float, high: float) -> None:
        filling, self._filling = self._filling, True
        self.low.setValue(low)
        self.high.setValue(high)
        self._filling = filling

    # -- widgets to session --------------------------------------------------------------------

    def _take(self, values: dict[str, object]) -> None:
        if self._filling:
            return
        values = dict(values)
        device = values.pop("device", None)
        try:
            if isinstance(device, str):
                self._session.change_device(device)
            self._session.change_settings(values)
        except SettingsError as error:
            self._session.failed.emit(error)
            self._fill()

    def _take_range(self, low: float, high: float) -> None:
        self._take({"af_low": round(low, 2), "af_high": round(high, 2)})

    def _draw_seed(self) -> None:
        drawn = QRandomGenerator.global_().bounded(model.LARGEST_DRAWN_SEED + 1)
        self._take({"network.hash_seed": int(drawn)})

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Tells the history where a gesture begins and ends: a held key or button is one."""
        kind, repeated = event.type(), isinstance(event, QKeyEvent) and event.isAutoRepeat()
        if kind in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress) and not repeated:
            self.history.begin()
        elif kind in (QEvent.Type.KeyRelease, QEvent.Type.MouseButtonRelease) and not repeated:
            self.history.end()
        elif kind == QEvent.Type.Wheel:
            self.history.turn()
        return False

    def minimumSizeHint(self) -> QSize:
        """With low rows, also while they are tall: else a panel that had room once would keep it."""
        least = super().minimumSizeHint()
        spared = sum(self._grid.rowMinimumHeight(row) - ROW_HEIGHT for row in range(self._grid.rowCount()))
        return QSize(least.width(), least.height() - spared)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        rows = self._grid.rowCount()
        roomy = self.width() >= WIDE and self.height() >= rows * WIDE_ROW_HEIGHT + self.header.height()
        for number in range(rows):
            self._grid.setRowMinimumHeight(number, WIDE_ROW_HEIGHT if roomy else ROW_HEIGHT)
        self._fill()

    def _dress(self) -> None:
        p = self._theme.palette
        self.reset.setIcon(icon("rotate-ccw", p.text2))
        self.pin.setIcon(icon("bookmark", p.text2))
        self.undo.setIcon(icon("undo-2", p.text2))
        self.redo.setIcon(icon("redo-2", p.text2))
        self.dice.setIcon(icon("dices", p.text2))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
