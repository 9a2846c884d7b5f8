"""A message in the window's lower right: what happened, and at most three buttons. Never a dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mrn_gui.icons import icon, pixmap
from mrn_gui.layout import drawn_sizes
from mrn_gui.theme import Theme

NOTICE_MS = 7000
WIDTH = 560
MARGIN = 12
_AROUND_WORDS = 12 + 18 + 10 + 10 + 26 + 8  # px: sign, cross, and the spaces beside the words


class Message(QFrame):
    """One at a time; an error stays until it is closed, a notice goes by itself.

    It is no wider than the column at the right: the matrix with its rows of reach and beta stays free.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._area = theme, parent
        self._kind = ""
        self.setProperty("kind", "message")
        self._sign = QLabel()
        self._sign.setFixedSize(18, 18)
        self.title = QLabel()
        self.words = QLabel()
        for label, weight in ((self.title, 600), (self.words, 400)):
            label.setFont(theme.font(12, weight))
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.words.setProperty("tone", "2")
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(8)
        self._close = QToolButton()
        self._close.setProperty("kind", "quiet")
        self._close.setToolTip("Close (Esc)")
        self._close.setAccessibleName("Close the message")
        self._close.setFixedSize(26, 26)
        self._close.clicked.connect(self.hide)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addLayout(self._buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 8, 10)
        row.setSpacing(10)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._going = QTimer(self, singleShot=True, interval=NOTICE_MS)
        self._going.timeout.connect(self.hide)
        parent.installEventFilter(self)
        theme.changed.connect(self._dress)
        self.hide()

    def say(
        self,
        kind: str,
        title: str,
        words: str = "",
        buttons: Sequence[tuple[str, Callable[[], object]]] = (),
    ) -> None:
        """Shows a message in place of the one before.

        Args:
            kind: "error", "caution" or "info"; only the last one goes by itself, and only without buttons.
        """
        self._kind = kind
        self.title.setText(title)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        while self._buttons.count():
            item = self._buttons.takeAt(0)
            widget = None if item is None else item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._buttons.setContentsMargins(0, 6 if buttons else 0, 0, 0)
        for name, handler in buttons[:3]:
            button = QPushButton(name)
            button.setFixedHeight(26)
            button.clicked.connect(lambda _checked=False, handler=handler: handler())
            self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            button.show()  # at once, else the height is that without it
        self._buttons.addStretch(1)
        self._dress()
        self._place()
        self.show()
        self.raise_()
        if kind == "info" and not buttons:
            self._going.start()
        else:
            self._going.stop()

    def _dress(self) -> None:
        p = self._theme.palette
        name, ink = {
            "error": ("circle-alert", p.error),
            "caution": ("triangle-alert", p.caution),
        }.get(self._kind, ("info", p.primary))
        self._sign.setPixmap(pixmap(name, ink, 18, self.devicePixelRatioF()))
        self._close.setIcon(icon("x", p.text2))

    def _place(self) -> None:
        area = self._area
        column = drawn_sizes(area.width(), area.window().height()).right
        width = min(WIDTH, column - 2 * MARGIN, area.width() - 2 * MARGIN)
        self.setFixedWidth(width)
        beside = sum(button.sizeHint().width() + self._buttons.spacing() for button in self.buttons())
        ways = QBoxLayout.Direction
        self._buttons.setDirection(ways.LeftToRight if beside <= width - _AROUND_WORDS else ways.TopToBottom)
        layout = self.layout()
        height = 46
        if layout is not None:
            layout.invalidate()
            layout.activate()
            height = max(height, layout.totalHeightForWidth(width))
        self.setFixedHeight(height)
        self.move(area.width() - width - MARGIN, area.height() - height - MARGIN)

    def buttons(self) -> list[QPushButton]:
        """What can be pressed, in its order."""
        items = [self._buttons.itemAt(i) for i in range(self._buttons.count())]
        return [w for item in items if item is not None and isinstance(w := item.widget(), QPushButton)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False
