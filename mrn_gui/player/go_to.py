"""The field for the frame to go to."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit

from mrn_core.clip.numbering import frame_index
from mrn_core.errors import ClipError
from mrn_gui.session import Session


class FrameField(QLineEdit):
    """Enter goes to the frame that is written: "12" counts from 0, "#46" is the source's own number.

    ``closed`` when the field is gone.
    """

    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setFixedSize(112, 26)
        self.setPlaceholderText("52 or #98")
        self.setToolTip("52 counts frames from 0, #98 is the source's own number 98.\nEnter goes there.")
        self.setAccessibleName("Frame to go to")
        self.returnPressed.connect(self._take)
        self.hide()

    def open(self) -> None:
        """Shows the present frame, ready to be typed over."""
        if self._session.clip is not None:
            self.setText(str(self._session.frame))
            self.show()
            self.setFocus()
            self.selectAll()

    def shut(self) -> None:
        """Goes; what was typed is forgotten."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.shut()

    def _take(self) -> None:
        session, clip, words = self._session, self._session.clip, self.text().strip()
        self.shut()
        if clip is None:
            return
        if not session.whole:  # the clip's own numbers are known when all frames are counted
            if words.isdecimal() and int(words) < session.frames:
                session.seek(int(words))
            else:
                session.notice.emit(f"At least {session.frames} frames; the others are still being counted.")
            return
        try:
            session.seek(frame_index(clip, words))
        except ClipError as error:
            session.notice.emit(str(error))
