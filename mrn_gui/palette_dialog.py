"""The command palette: a line to type into, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mrn_core.settings import AnalysisSettings
from mrn_gui.command_search import Entry, assignment, search
from mrn_gui.painting import LEFT, RIGHT, text, width_of
from mrn_gui.table.model import Index
from mrn_gui.theme import Theme
from mrn_gui.widgets.keys import key_words

WIDTH, ROW, SHOWN = 560, 28, 12
_ROLE = Qt.ItemDataRole.UserRole
_WALK = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class CommandPalette(QFrame):
    """Over the window's upper middle; ``chosen`` gets the entry that was taken.

    Args:
        entries: called each time it opens.
        settings: what an assignment is checked against.
    """

    chosen = Signal(object)

    def __init__(
        self,
        theme: Theme,
        entries: Callable[[], list[Entry]],
        settings: Callable[[], AnalysisSettings],
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._theme, self._make, self._settings, self._over = theme, entries, settings, parent
        self._entries: list[Entry] = []
        self.setProperty("kind", "message")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find a command, a setting or a word; planes=5 sets one")
        self.field.setAccessibleName("Find a command")
        self.field.setFixedHeight(32)
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_Row(theme))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(ROW * SHOWN + 2)
        self.none = QLabel("Nothing has these words. F1 lists the keys, Shift F1 the terms.")
        self.none.setProperty("tone", "3")
        self.none.setFixedHeight(self.list.height())
        self.none.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.none.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self.none)
        self.setFixedWidth(WIDTH)
        self.field.textChanged.connect(self._find)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._take)

    def open(self) -> None:
        """Shows everything there is, with an empty line."""
        self._entries = self._make()
        self.field.clear()
        self._find("")
        window = self._over.window()
        self.move(window.mapToGlobal(QPoint((window.width() - WIDTH) // 2, 52)))
        self.show()
        self.field.setFocus()

    @property
    def found(self) -> list[Entry]:
        """What stands in the list."""
        return [self.list.item(i).data(_ROLE) for i in range(self.list.count())]

    def _find(self, words: str) -> None:
        typed = assignment(self._settings(), words)
        found = [typed] if typed is not None else search(self._entries, words)
        self.list.clear()
        for entry in found:
            item = QListWidgetItem(entry.text)
            item.setData(_ROLE, entry)
            item.setSizeHint(QSize(WIDTH - 20, ROW))
            if not entry.enabled:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        self.list.setVisible(bool(found))
        self.none.setVisible(not found)
        first = next((i for i, entry in enumerate(found) if entry.enabled), -1)
        self.list.setCurrentRow(first)

    def _take(self, item: QListWidgetItem | None) -> None:
        entry = None if item is None else item.data(_ROLE)
        if isinstance(entry, Entry) and entry.enabled:
            self.hide()
            self.chosen.emit(entry)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down walk the list while one types; Enter takes; Esc closes."""
        if watched is not self.field or event.type() != QEvent.Type.KeyPress:
            return False
        assert isinstance(event, QKeyEvent)
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentItem())
        elif key == Qt.Key.Key_Escape:
            self.hide()
        elif key in _WALK:
            self._walk(key)
        else:
            return False
        return True

    def _walk(self, key: Qt.Key) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: SHOWN}.get(key, -SHOWN)
        able = [i for i, entry in enumerate(self.found) if entry.enabled]
        if able:
            now = self.list.currentRow()
            at = able.index(now) if now in able else 0
            self.list.setCurrentRow(able[min(max(0, at + step), len(able) - 1)])


class _Row(QStyledItemDelegate):
    """The name at the left, where it stands beside it, its keys at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, entry = self._theme, index.data(_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.fillRect(rect, theme.colour("primary_soft" if chosen else "hover"))
        inner = rect.adjusted(8, 0, -8, 0).toRectF()
        font = theme.font(12, 500)
        keys = key_words(entry.keys[0]) if entry.keys else ""
        room = width_of(keys, theme.font(11)) + 12 if keys else 0
        name = inner.adjusted(0, 0, -room, 0)
        text(painter, name, entry.text, font, theme.colour("text" if entry.enabled else "text3"), LEFT)
        start = width_of(entry.text, font) + 10
        if start + 40 < name.width():
            text(
                painter,
                name.adjusted(start, 0, 0, 0),
                entry.detail,
                theme.font(11),
                theme.colour("text3"),
                LEFT,
            )
        text(painter, inner, keys, theme.font(11), theme.colour("text2"), RIGHT)
