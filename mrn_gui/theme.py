"""The look of the window: one theme at a time, and what follows when it changes."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from mrn_core.resources import resource
from mrn_gui.palette import PALETTES, Palette, ThemeName
from mrn_gui.stylesheet import style_sheet

TEXT_FAMILY = "Inter"
CODE_FAMILY = "JetBrains Mono"
_registered = False


def register_fonts() -> None:
    """Makes the fonts of the program known to Qt; once for each process, after the application exists."""
    global _registered
    if not _registered:
        for file in sorted(resource("fonts").glob("*.ttf")):
            QFontDatabase.addApplicationFont(str(file))
        _registered = True


class Theme(QObject):
    """The present palette, and the fonts and colours made from it.

    Widgets read it when they paint and repaint on ``changed``; nothing else holds a colour.
    """

    changed = Signal()

    def __init__(self, name: ThemeName = "light", parent: QObject | None = None) -> None:
        super().__init__(parent)
        register_fonts()
        self._palette = PALETTES[name]
        self._fonts: dict[tuple[float, int, bool], QFont] = {}
        self._colours: dict[str, QColor] = {}
        self._app: QApplication | None = None

    @property
    def palette(self) -> Palette:
        """The colours of the present theme."""
        return self._palette

    @property
    def name(self) -> ThemeName:
        """ "light" or "dark"."""
        return self._palette.name

    def set(self, name: ThemeName) -> None:
        """Changes the theme of everything that follows this one."""
        for _ in self.steps(name):
            pass

    def steps(self, name: ThemeName) -> Iterator[None]:
        """The same in steps of some 30 ms, between which a window that stands still may serve its events."""
        if name == self.name:
            return
        self._palette = PALETTES[name]
        self._colours.clear()
        if self._app is not None:
            for _ in self._dress(self._app):
                yield
        self.changed.emit()

    @property
    def other(self) -> ThemeName:
        """Dark where it is light, light where it is dark."""
        return "dark" if self.name == "light" else "light"

    def font(self, size: float, weight: int = 400, mono: bool = False) -> QFont:
        """The text font (or the one for bucket codes) at ``size`` px, with tabular figures; kept."""
        key = (size, weight, mono)
        font = self._fonts.get(key)
        if font is None:
            font = QFont(CODE_FAMILY if mono else TEXT_FAMILY)
            font.setPixelSize(round(size))
            font.setWeight(QFont.Weight(weight))
            if not mono:
                font.setFeature(QFont.Tag("tnum"), 1)
            self._fonts[key] = font
        return font

    def colour(self, token: str) -> QColor:
        """The colour with this name in the palette ("text2"), or the colour that ``#RRGGBB`` writes."""
        found = self._colours.get(token)
        if found is None:
            found = QColor(token if token.startswith("#") else getattr(self._palette, token))
            self._colours[token] = found
        return found

    def apply(self, app: QApplication) -> None:
        """Fusion, an explicit palette and one style sheet; they follow from now on."""
        self._app = app
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(self.font(12))
        for _ in self._dress(app):
            pass

    def _dress(self, app: QApplication) -> Iterator[None]:
        app.setPalette(_qt_palette(self._palette))
        app.setStyleSheet("")  # Qt takes one sheet in the place of another in six times the time of two steps
        yield
        app.setStyleSheet(style_sheet(self._palette))
        yield


def _qt_palette(p: Palette) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: p.panel,
        role.WindowText: p.text,
        role.Base: p.panel,
        role.AlternateBase: p.sunk,
        role.Text: p.text,
        role.PlaceholderText: p.text3,
        role.Button: p.panel,
        role.ButtonText: p.text,
        role.BrightText: p.error,
        role.ToolTipBase: p.panel,
        role.ToolTipText: p.text,
        role.Highlight: p.primary,
        role.HighlightedText: p.primary_text,
        role.Accent: p.primary,
        role.Link: p.primary,
        role.LinkVisited: p.primary,
        role.Light: p.panel,
        role.Midlight: p.sunk,
        role.Mid: p.line,
        role.Dark: p.control,
        role.Shadow: p.line,
    }
    made = QPalette()
    for which, colour in colours.items():
        made.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(p.text3))
    return made
