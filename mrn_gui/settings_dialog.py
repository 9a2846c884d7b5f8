"""The dialog of all settings, made from their rows: name, value, range, default, and what it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mrn_core import settings as core_settings
from mrn_core.errors import SettingsError
from mrn_core.settings import Setting
from mrn_gui.icons import icon
from mrn_gui.session import Session
from mrn_gui.setting_words import note_told
from mrn_gui.theme import Theme
from mrn_gui.widgets.fan_line import FanLine
from mrn_gui.widgets.scrolled import fit

# Stage, heading, and when a change of it is answered.
GROUPS: tuple[tuple[str, str, str], ...] = (
    ("blocks", "Hash and attention", "Answered at once, from the features that are there"),
    ("magnify", "Magnification", "Answered by Analyse"),
    ("face", "Face", "Answered by Analyse"),
    ("encode", "Features", "Answered by Analyse"),
)
NAME_WIDTH, FIELD_WIDTH = 190, 150
AT_ONCE = 3  # lines that are made between two looks at the window's events


def range_told(row: Setting) -> str:
    """What a value may be, and which it is by default."""
    limits = row.limits
    usual = f"default {core_settings.value_told(row, row.default)}"
    if limits.choices:
        return usual
    if limits.low is not None and limits.high is not None:
        whole = "whole number, " if row.kind is int else ""
        return f"{whole}{limits.low:g} to {limits.high:.10g}, {usual}"
    return usual


def matches(row: Setting, words: str) -> bool:
    """Whether every word stands in the row's name, path or note."""
    text = f"{row.limits.label} {row.path} {row.limits.note} {' '.join(row.limits.names)}".lower()
    return all(word in text for word in words.lower().split())


class SettingLine(QFrame):
    """One setting; what is typed is taken when it is whole, and refused in words under it."""

    def __init__(self, row: Setting, session: Session, theme: Theme) -> None:
        super().__init__()
        self.row, self._session, self._theme = row, session, theme
        name = QLabel(row.limits.label)
        name.setFixedWidth(NAME_WIDTH)
        name.setFont(theme.font(12, 500))
        name.setToolTip(f"--set {row.path}=VALUE")
        self.field: QComboBox | QLineEdit
        if row.limits.choices:
            self.field = box = QComboBox()
            for choice in row.limits.choices:
                box.addItem(core_settings.value_told(row, choice))
                box.setItemData(box.count() - 1, f"--set {row.path}={choice}", Qt.ItemDataRole.ToolTipRole)
            box.activated.connect(lambda index: self.take(str(row.limits.choices[index])))
        else:
            self.field = line = QLineEdit()
            line.editingFinished.connect(lambda: self.take(line.text()))
        self.field.setFixedWidth(FIELD_WIDTH)
        self.field.setAccessibleName(row.limits.label)
        self.reset = QToolButton()
        self.reset.setProperty("kind", "quiet")
        self.reset.setFixedSize(26, 26)
        self.reset.setToolTip(f"Back to {core_settings.value_told(row, row.default)}")
        self.reset.setAccessibleName(f"{row.limits.label} by default")
        self.reset.clicked.connect(lambda: self.take(core_settings.value_typed(row, row.default)))
        bounds = QLabel(range_told(row))
        bounds.setProperty("tone", "3")
        top = QHBoxLayout()
        top.setSpacing(8)
        for widget in (name, self.field, self.reset, bounds):
            top.addWidget(widget)
        top.addStretch(1)
        note = _wrapped(note_told(row), "2")
        self.error = _wrapped("", "error")
        self.error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(2)
        column.addLayout(top)
        for label in (note, self.error):
            label.setContentsMargins(NAME_WIDTH + 8, 0, 0, 0)
            column.addWidget(label)
        self.fan = FanLine(session) if row.path == "face_backend" else None
        if self.fan is not None:
            self.fan.setContentsMargins(NAME_WIDTH + 8, 0, 0, 0)
            column.addWidget(self.fan)
        note.setVisible(bool(row.limits.note))
        self.show_value()
        self.dress()

    @property
    def value(self) -> object:
        return core_settings.get(self._session.settings, self.row.path)

    def show_value(self) -> None:
        """What is set; a refusal goes."""
        value = self.value
        if isinstance(self.field, QComboBox):
            self.field.setCurrentIndex(self.row.limits.choices.index(value))
        else:
            self.field.setText(core_settings.value_typed(self.row, value))
        self.reset.setVisible(value != self.row.default)
        self.say("")

    def take(self, text: str) -> None:
        """Sets what is written, as ``--set`` reads it."""
        if text.strip() == core_settings.value_typed(self.row, self.value):
            self.show_value()
            return
        try:
            changed = core_settings.with_text(self._session.settings, f"{self.row.path}={text}")
            self._session.change_setting(self.row.path, core_settings.get(changed, self.row.path))
        except SettingsError as error:
            if isinstance(self.field, QComboBox):
                self.show_value()
            self.say(f"{error.what} {error.advice}".strip())
        else:
            self.show_value()

    def say(self, words: str) -> None:
        """What is wrong, under the field; "" where nothing is."""
        self.error.setText(words)
        self.error.setVisible(bool(words))

    def dress(self) -> None:
        """The icon in the theme's colour."""
        self.reset.setIcon(icon("rotate-ccw", self._theme.palette.primary))


class SettingsDialog(QDialog):
    """Stays open beside the work, also while an analysis runs; a change is taken as it is made."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self.setWindowTitle("Settings")
        self.setModal(False)
        fit(self, QSize(760, 640))
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a setting")
        self.search.setAccessibleName("Find a setting")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.lines: dict[str, SettingLine] = {}
        self._groups: list[tuple[QWidget, list[SettingLine]]] = []
        self._wanted = ""
        self._to_make: list[tuple[QVBoxLayout, list[SettingLine], Setting]] = []
        self._making = QTimer(self, interval=1)
        self._making.timeout.connect(self._make_some)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustIgnored)
        self.area.setWidget(self._rows())
        self.none = _wrapped("No setting has these words.", "3")
        self.none.hide()
        self.reset_all = QPushButton("Reset all")
        self.reset_all.setToolTip("Every setting as it is by default")
        self.reset_all.clicked.connect(session.reset_settings)
        self.changed = QLabel()
        self.changed.setProperty("tone", "2")
        close = QPushButton("Close")
        close.clicked.connect(self.close)
        for button in (self.reset_all, close):
            button.setAutoDefault(False)
        foot = QHBoxLayout()
        foot.addWidget(self.reset_all)
        foot.addWidget(self.changed)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(self.search)
        column.addWidget(self.none)
        column.addWidget(self.area, 1)
        column.addLayout(foot)
        session.settings_changed.connect(self._follow)
        theme.changed.connect(self._dress)
        self._follow()

    def _rows(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(2)
        for stage, title, when in GROUPS:
            heading = QWidget()
            line = QHBoxLayout(heading)
            line.setContentsMargins(0, 12, 0, 2)
            words = QLabel(title)
            words.setFont(self._theme.font(13, 600))
            remark = QLabel(when)
            remark.setProperty("tone", "3")
            line.addWidget(words)
            line.addSpacing(8)
            line.addWidget(remark)
            line.addStretch(1)
            column.addWidget(heading)
            group, lines = QVBoxLayout(), list[SettingLine]()
            group.setSpacing(2)
            column.addLayout(group)
            rows = [row for row in core_settings.rows() if row.limits.stage == stage]
            self._to_make += [(group, lines, row) for row in rows]
            self._groups.append((heading, lines))
        column.addStretch(1)
        self._making.start()
        return inner

    @property
    def whole(self) -> bool:
        """Whether every line is there; they come a few at a time, so that the window is not held up."""
        return not self._to_make

    def _make_some(self) -> None:
        some, self._to_make = self._to_make[:AT_ONCE], self._to_make[AT_ONCE:]
        for group, lines, row in some:
            line = SettingLine(row, self._session, self._theme)
            line.setVisible(matches(row, self.search.text()))
            lines.append(line)
            self.lines[row.path] = line
            group.addWidget(line)
        if self.whole:
            self._making.stop()
            self._follow()
            if self._wanted:
                self.show_setting(self._wanted)

    def show_setting(self, path: str) -> None:
        """Scrolls to one setting and gives it the focus, as soon as all are there."""
        self._wanted = "" if self.whole else path
        if not self.whole:
            return
        self.search.clear()
        line = self.lines[core_settings.row(path).path]
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # it may stand elsewhere in a moment
        self.area.ensureWidgetVisible(line, 0, 80)
        line.field.setFocus()
        if isinstance(line.field, QLineEdit):
            line.field.selectAll()

    def _filter(self, words: str) -> None:
        some = False
        for heading, lines in self._groups:
            shown = [line for line in lines if matches(line.row, words)]
            for line in lines:
                line.setVisible(line in shown)
            heading.setVisible(bool(shown))
            some = some or bool(shown)
        self.none.setVisible(not some)

    def _follow(self) -> None:
        for line in self.lines.values():
            line.show_value()
        rows, now = core_settings.rows(), self._session.settings
        count = sum(core_settings.get(now, row.path) != row.default for row in rows)
        self.changed.setText(f"{count} changed" if count else "All as they are by default")
        self.reset_all.setEnabled(bool(count))

    def _dress(self) -> None:
        for line in self.lines.values():
            line.dress()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes what is typed; it presses no button."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)


def _wrapped(words: str, tone: str) -> QLabel:
    label = QLabel(words)
    label.setWordWrap(True)
    label.setProperty("tone", tone)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
