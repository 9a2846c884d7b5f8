"""The list of words: what is in it, where it is from, how it is found."""

import pytest
from PySide6.QtCore import QPoint, Qt

from mrn_core import settings as core_settings
from mrn_core.settings import AnalysisSettings
from mrn_gui.actions import NOTES
from mrn_gui.command_search import entries, search
from mrn_gui.glossary import found, words
from mrn_gui.palette_dialog import CommandPalette
from mrn_gui.terms import TERMS
from mrn_gui.widgets.word_list import WordList

ASKED = (
    "level", "AF", "gain", "onset", "apex", "offset", "hyper-plane", "hash table", "bucket", "code", "reach",
    "zeroed", "silent", "chance", "redraw", "received", "beta", "density", "angle", "weight", "head", "block",
    "centre", "spread", "pinned state",
)  # fmt: skip
EVERY = entries(AnalysisSettings(), {})


@pytest.mark.parametrize("asked", ASKED)
def test_every_term_is_found_first_by_its_name_and_by_a_question(asked):
    first = found(words(), asked)[0]
    assert asked.lower() in " ".join([first.title, *first.also]).lower()
    assert first.told.endswith(".")
    question = search(EVERY, f"What is {asked}?")
    assert question[0].kind == "word"
    assert asked.lower() in f"{question[0].text} {question[0].words}".lower()
    assert "word" in [entry.kind for entry in search(EVERY, asked)[:2]]


def test_the_sentences_are_those_of_the_views():
    """No second copy: each stands in a term, a note, a setting or a view's own words."""
    sources = [term.told for term in TERMS] + list(NOTES.values())
    for word in words():
        if word.setting:
            assert core_settings.row(word.setting).limits.label == word.title
        elif word.title not in ("Spread", "Centre"):
            assert any(source.lower().endswith(word.told.lower()) for source in sources), word.title
    titles = [word.title for word in words() if not word.setting]
    assert len(titles) == len(set(titles)) >= len(TERMS)


def test_a_word_has_its_place_in_the_paper():
    by_title = {word.title: word for word in words()}
    assert by_title["Beta"].place == "Eq. 7 and 8"
    assert by_title["Weight"].place == "Eq. 6"
    assert by_title["Query and key"].place == "Eq. 3"
    assert by_title["Hyper-plane"].place == "Algorithm 1"


@pytest.mark.parametrize(
    ("typed", "first"),
    [("reach", "mean_reach"), ("apex", "apex"), ("levels", "levels"), ("hash tables", "table")],
)
def test_without_a_question_a_command_of_that_name_still_stands_first(typed, first):
    assert search(EVERY, typed)[0].name == first


def at_top(text):
    """What stands at the upper edge of the view."""
    return text.cursorForPosition(QPoint(4, 4)).block().text()


def test_a_chosen_word_opens_the_list_there(window, qtbot):
    window.actions_by_id["find"].trigger()
    palette = window.findChildren(CommandPalette)[0]
    qtbot.keyClicks(palette.field, "what is reach")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    shown = window.commands._words
    assert shown.isVisible()
    assert at_top(shown.text).startswith("Reach")
    shown.search.setText("eq. 7")
    assert "Beta" in [word.title for word in shown.shown]
    assert "Reach" not in [word.title for word in shown.shown]
    shown.search.setText("zzzz")
    assert "No word has these letters." in shown.text.toPlainText()
    shown.show_word("Beta")
    assert at_top(shown.text).startswith("Beta")
    shown.close()


def test_the_words_follow_the_theme(theme, qtbot):
    made = WordList(theme)
    qtbot.addWidget(made)
    for name in ("light", "dark"):
        theme.set(name)
        assert theme.palette.text2.lower() in made.text.toHtml().lower()
