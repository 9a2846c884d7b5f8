"""The bar at the top: menu, clip and marks, warnings, theme, and the one main button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCursor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from mrn_gui.icons import icon, pixmap
from mrn_gui.painting import LEFT, text, width_of
from mrn_gui.theme import Theme

MAIN_WIDTH = 108
# state -> words, icon, kind of button, ink of the icon
_MAIN = {
    "analyse": ("Analyse", "play", "primary", "primary_text"),
    "unmarked": ("Analyse", "play", "", "text3"),
    "cancel": ("Cancel", "x", "", "text2"),
    "done": ("Up to date", "check", "done", "done"),
}

_TOOLS = {"find": "search", "settings": "settings", "theme": ""}  # command -> icon; the theme's turns


class TopBar(QWidget):
    """``main_clicked`` when the main button is pressed, ``warnings_clicked`` when the warnings are."""

    main_clicked = Signal()
    warnings_clicked = Signal()

    def __init__(
        self, theme: Theme, menu: QMenu, actions: Mapping[str, QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._state = theme, ""
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 12, 0)
        row.setSpacing(8)
        self.menu_button = self._quiet("Menu", row)
        self.menu_button.setMenu(menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu.aboutToHide.connect(self._let_go_of_menu)
        self._name = QLabel()
        self._name.setFont(theme.font(13, 600))
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._marks = QLabel()
        self._marks.setProperty("tone", "2")
        self.warnings = Caution(theme)
        self.warnings.clicked.connect(self.warnings_clicked)
        row.addSpacing(2)
        row.addWidget(self._name)
        row.addSpacing(4)
        row.addWidget(self._marks)
        row.addSpacing(8)
        row.addWidget(self.warnings, 1)
        self._tools: dict[str, QToolButton] = {}
        for name in _TOOLS:
            button = self._tools[name] = self._quiet(actions[name].toolTip(), row)
            button.clicked.connect(actions[name].trigger)
        self.main = QPushButton()
        self.main.setFixedSize(MAIN_WIDTH, 28)
        self.main.setFont(theme.font(12, 600))
        self.main.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.main.clicked.connect(self.main_clicked)
        row.addWidget(self.main)
        theme.changed.connect(self._dress)
        self._dress()

    def show_clip(self, name: str, marks: str, tip: str) -> None:
        """The clip's name, what is marked on it, and what else is to be known of it."""
        self._name.setText(_short(name))
        self._marks.setText(marks)
        self._name.setToolTip(tip)
        self._marks.setToolTip(tip)

    def show_main(self, state: str, tip: str) -> None:
        """What the main button does now: "analyse", "unmarked", "cancel" or "done"."""
        words, _, kind, _ = _MAIN[state]
        self.main.setText(words)
        self.main.setToolTip(tip)
        self.main.setEnabled(state in ("analyse", "cancel"))
        if state != self._state:
            self._state = state
            self.main.setProperty("kind", kind)
            self.main.style().unpolish(self.main)
            self.main.style().polish(self.main)
        self._dress()

    def _quiet(self, tip: str, row: QHBoxLayout) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "quiet")
        button.setFixedSize(32, 30)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(button)
        return button

    def _let_go_of_menu(self) -> None:
        """The menu took the pointer: the button hears neither its release nor that it has left."""
        button = self.menu_button
        button.setDown(False)
        inside = button.rect().contains(button.mapFromGlobal(QCursor.pos()))
        button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, inside)
        button.update()

    def _dress(self) -> None:
        p = self._theme.palette
        self.menu_button.setIcon(icon("menu", p.text2))
        for name, button in self._tools.items():
            button.setIcon(icon(_TOOLS[name] or ("moon" if p.name == "light" else "sun"), p.text2))
        if self._state:
            _, name, _, ink = _MAIN[self._state]
            self.main.setIcon(icon(name, getattr(p, ink)))


class Caution(QPushButton):
    """The first warning in one line, and how many more there are; all of them in the tool tip."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.sentences: list[str] = []
        self.setProperty("kind", "quiet")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(28)
        self.setEnabled(False)
        theme.changed.connect(self.update)

    def show_all(self, sentences: Sequence[str]) -> None:
        """Shows these sentences, or nothing."""
        self.sentences = list(sentences)
        self.setEnabled(bool(sentences))
        self.setToolTip("\n".join(sentences))
        self.setAccessibleName("; ".join(sentences))
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 28)

    def sizeHint(self) -> QSize:
        return QSize(200, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        try:
            if not self.sentences:
                return
            theme, font = self._theme, self._theme.font(12, 500)
            more = f"  +{len(self.sentences) - 1}" if len(self.sentences) > 1 else ""
            wide, spare = width_of(self.sentences[0], font), width_of(more, font)
            width = min(float(self.width()), wide + spare + 42)
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            p.setPen(theme.colour("caution") if self.hasFocus() else Qt.PenStyle.NoPen)
            p.setBrush(theme.colour("caution_ground"))
            p.drawRoundedRect(QRectF(0.5, 1.5, width - 1, 25), 4, 4)
            sign = pixmap("triangle-alert", theme.colour("caution"), 15, self.devicePixelRatioF())
            p.drawPixmap(9, 7, sign)
            ink, room = theme.colour("caution"), width - 42 - spare
            text(p, QRectF(30, 0, room + 1, 28), self.sentences[0], font, ink, LEFT)
            text(p, QRectF(30 + min(room, wide), 0, spare + 2, 28), more, font, ink, LEFT)
        finally:
            p.end()


def _short(name: str, most: int = 40) -> str:
    """A long name without its middle: the beginning and the suffix tell files apart."""
    return name if len(name) <= most else f"{name[: most - 16]}…{name[-15:]}"
