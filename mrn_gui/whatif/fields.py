"""The small widgets that the *What if* panel is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox, QToolButton, QWidget

from mrn_core import settings as core_settings
from mrn_gui.theme import Theme
from mrn_gui.whatif import model
from mrn_gui.whatif.model import Choice


class Dot(QWidget):
    """Says that a setting differs from its default; takes its room also where it does not."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._on = theme, False
        self.setFixedSize(QSize(8, 8))
        theme.changed.connect(self.update)

    def show_as(self, on: bool, usual: str = "") -> None:
        """On or not; ``usual``: what the default is, in words."""
        self._on = on
        kept = f"By default: {usual}. What is set stays set when another clip is opened"
        self.setToolTip(kept if on else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._on:
            return
        p = QPainter(self)
        try:
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(self._theme.colour("primary"))
            p.drawEllipse(1, 1, 6, 6)
        finally:
            p.end()


class Choices(QComboBox):
    """A list of choices; one that cannot be taken stays in it, with the reason in its tool tip."""

    taken = Signal(dict)
    opening = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choices: tuple[Choice, ...] = ()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.activated.connect(lambda index: self.taken.emit(dict(self._choices[index].values)))

    def offer(self, choices: Sequence[Choice], values: Mapping[str, object]) -> None:
        """Lists the choices and shows the one that these values are."""
        if tuple(choices) != self._choices:
            self._choices = tuple(choices)
            self.clear()
            items = self.model()
            assert isinstance(items, QStandardItemModel)
            for i, choice in enumerate(self._choices):
                self.addItem(choice.label)
                self.setItemData(i, choice.reason or choice.note, Qt.ItemDataRole.ToolTipRole)
                items.item(i).setEnabled(not choice.reason)
        self.setCurrentIndex(model.chosen(self._choices, values))

    def showPopup(self) -> None:
        self.opening.emit()
        super().showPopup()


class Factor(QDoubleSpinBox):
    """An amplification factor without buttons."""

    def __init__(self) -> None:
        super().__init__()
        limits = core_settings.row("af_low").limits
        self.setRange(float(limits.low or 0), float(limits.high or 0))
        self.setDecimals(2)
        self.setSingleStep(0.5)
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setProperty("kind", "bare")
        self.setFixedWidth(38)

    def textFromValue(self, value: float) -> str:
        return f"{value:g}"


def quiet(tip: str, name: str = "", checkable: bool = False) -> QToolButton:
    """A button of an icon alone."""
    button = QToolButton()
    button.setProperty("kind", "quiet")
    button.setFixedSize(26, 26)
    button.setToolTip(tip)
    button.setAccessibleName(name or tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setCheckable(checkable)
    return button


def whole(path: str) -> QSpinBox:
    """A field for the whole number that a setting is."""
    limits = core_settings.row(path).limits
    number = QSpinBox()
    number.setRange(int(limits.low or 0), int(limits.high or 0))
    number.setSpecialValueText(limits.lowest)
    number.setKeyboardTracking(False)
    number.setFixedWidth(64 if path == "network.hash_seed" else 58 if path == "levels" else 44)
    number.setAccessibleName(limits.label)
    number.lineEdit().setTextMargins(4, 0, 0, 0)
    return number
