"""The list of words: the paper's and the program's terms, each in a sentence; a few letters find one."""

from __future__ import annotations

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QFrame, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from mrn_gui.glossary import Word, found, words
from mrn_gui.theme import Theme
from mrn_gui.widgets.scrolled import fit

SIZE = QSize(620, 640)


class WordList(QDialog):
    """Stays open beside the work; Esc closes it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle("Words")
        self.setModal(False)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a word")
        self.search.setAccessibleName("Find a word")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self.text = QTextBrowser()
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName("Words")
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 16, 12, 16)
        whole.setSpacing(12)
        whole.addWidget(self.search)
        whole.addWidget(self.text, 1)
        theme.changed.connect(self._fill)
        self.shown: list[Word] = []
        self._fill()
        fit(self, SIZE)

    def show_word(self, title: str) -> None:
        """Every word, scrolled to this one."""
        self.search.clear()
        self.text.scrollToAnchor(_anchor(title))

    def _fill(self) -> None:
        theme = self._theme
        self.shown = found(words(), self.search.text())
        parts = [self._said(word) for word in self.shown]
        body = "".join(parts) or "<p>No word has these letters.</p>"
        self.text.setFont(theme.font(12))
        self.text.setHtml(f'<body style="color: {theme.palette.text}">{body}</body>')

    def _said(self, word: Word) -> str:
        quiet = self._theme.palette.text2
        beside = [f"also: {', '.join(word.also)}"] if word.also and not word.setting else []
        beside += [f"the paper: {word.place}"] if word.place and word.place not in word.told else []
        beside += [f"setting {word.setting}"] if word.setting else []
        told = " · ".join(html.escape(part) for part in beside)
        return (
            f'<p style="margin: 0 0 10px 0"><a name="{_anchor(word.title)}"></a>'
            f'<span style="font-weight: 600">{html.escape(word.title)}</span>'
            f'&nbsp; <span style="color: {quiet}">{told}</span><br>{html.escape(word.told)}</p>'
        )


def _anchor(title: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in title.lower())
