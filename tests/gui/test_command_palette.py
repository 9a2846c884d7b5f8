"""The command palette and the list of keys: found by words, done by Enter."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from mrn_core import settings as core_settings
from mrn_core.settings import AnalysisSettings
from mrn_gui.actions import BY_ID, COMMANDS, NOTES, tip
from mrn_gui.command_search import assignment, entries, search
from mrn_gui.palette_dialog import CommandPalette
from mrn_gui.settings_dialog import SettingsDialog
from mrn_gui.widgets.key_list import KeyList
from mrn_gui.widgets.keys import KeyHint

EVERY = entries(AnalysisSettings(), {})


def names(words):
    return [entry.name for entry in search(EVERY, words)]


def test_all_commands_and_settings_can_be_found():
    assert {e.name for e in EVERY if e.kind == "command"} == set(BY_ID) - {"find"}
    assert {e.name for e in EVERY if e.kind == "setting"} == {row.path for row in core_settings.rows()}
    for entry in EVERY:
        assert entry.name in names(entry.text)[:6], entry.text


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("hyper", "network.planes"),
        ("open cl", "open"),
        ("theme", "theme"),
        ("ctrl+l", "levels"),
        ("n_t sets", "network.tables"),
        ("frame go", "go_to"),
    ],
)
def test_what_is_meant_stands_near_the_top(words, first):
    assert first in names(words)[:2]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("marks", ["onset", "apex", "offset"]),
        ("undo", ["undo"]),
        ("levels", ["levels"]),
        ("apex", ["apex"]),
        ("seed", ["network.seed", "network.hash_seed"]),
        ("fps", ["rate"]),
        ("shortcuts", ["keys"]),
    ],
)
def test_whole_words_of_the_name_stand_before_what_only_has_the_letters(words, first):
    assert names(words)[: len(first)] == first


def test_a_word_inside_of_another_is_found_last():
    found = names("mark")
    assert found.index("onset") < found.index("move_landmarks")
    assert found.index("hide_proposal") < found.index("landmarks"), (
        "the beginning of a word before its middle"
    )


def test_nothing_is_found_by_nonsense_and_everything_by_nothing():
    assert names("zzzz") == []
    assert len(names("")) == len(EVERY)


def test_what_cannot_be_done_now_stands_after_what_can():
    some = entries(AnalysisSettings(), {"zoom_in": False})
    found = [e.name for e in search(some, "levels") if e.kind == "command"]
    assert found.index("zoom_in") > found.index("one_row")


def test_an_assignment_sets_or_says_why_not():
    entry = assignment(AnalysisSettings(), "planes = 5")
    assert (entry.kind, entry.name, entry.enabled) == ("set", "network.planes=5", True)
    wrong = assignment(AnalysisSettings(), "planes=99")
    assert not wrong.enabled
    assert "from 0 to 8" in wrong.detail
    for words in ("planes", "=5", "planes=", "nothing=4"):
        assert assignment(AnalysisSettings(), words) is None


def test_the_notes_are_sentences_and_of_commands():
    assert set(NOTES) <= set(BY_ID)
    for note in NOTES.values():
        assert note.endswith(".")
        assert 20 < len(note) < 180
    assert tip(BY_ID["table"]).startswith("Next hash table (T)\n")
    assert tip(BY_ID["open"]) == "Open clip (Ctrl+O)"


@pytest.fixture
def palette(window):
    window.actions_by_id["find"].trigger()
    found = window.findChildren(CommandPalette)
    assert len(found) == 1
    yield found[0]
    found[0].hide()


@pytest.fixture
def alone(qtbot, theme):
    """A palette over a plain widget."""
    over = QWidget()
    over.resize(800, 600)
    qtbot.addWidget(over)
    over.show()
    some = entries(AnalysisSettings(), {c.id: c.when == "always" for c in COMMANDS})
    made = CommandPalette(theme, lambda: some, AnalysisSettings, over)
    made.open()
    yield made
    made.hide()


def test_enter_does_the_first_that_can_be_done(window, palette, qtbot):
    qtbot.keyClicks(palette.field, "light or dark")
    before = window.theme.name
    assert palette.found[0].name == "theme"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.theme.name != before
    assert not palette.isVisible()
    window.theme.set(window.theme.other)
    assert "n_t hash tables" in window.actions_by_id["table"].toolTip()
    assert window.menu.toolTipsVisible()
    assert all(a.menu().toolTipsVisible() for a in window.menu.actions() if a.menu() is not None)


def test_arrows_walk_and_skip_what_cannot_be_done(alone, qtbot):
    qtbot.keyClicks(alone.field, "clip")
    able = [i for i, entry in enumerate(alone.found) if entry.enabled]
    assert alone.list.currentRow() == able[0]
    qtbot.keyClick(alone.field, Qt.Key.Key_Down)
    assert alone.list.currentRow() == able[1]
    qtbot.keyClick(alone.field, Qt.Key.Key_Up)
    qtbot.keyClick(alone.field, Qt.Key.Key_Up)
    assert alone.list.currentRow() == able[0]
    qtbot.keyClick(alone.field, Qt.Key.Key_Escape)
    assert not alone.isVisible()


def test_a_setting_is_set_or_shown(window, palette, session, qtbot):
    qtbot.keyClicks(palette.field, "tables=2")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert session.settings.network.tables == 2
    palette.open()
    qtbot.keyClicks(palette.field, "tables=200")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert session.settings.network.tables == 2
    assert palette.isVisible()
    palette.field.clear()
    qtbot.keyClicks(palette.field, "hash tables")
    assert "Setting: 2" in [entry.detail for entry in palette.found]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    shown = window.findChildren(SettingsDialog)
    assert len(shown) == 1
    assert shown[0].isVisible()
    qtbot.waitUntil(lambda: shown[0].whole)
    assert shown[0].lines["network.tables"].field.hasSelectedText()


def test_the_palette_is_painted_in_both_themes(alone):
    assert not alone.grab().isNull()
    alone.field.setText("zzzz")
    assert alone.found == []
    assert not alone.grab().isNull()


def test_the_list_of_keys_is_searched(qtbot, theme):
    made = KeyList(theme)
    qtbot.addWidget(made)
    made.show()
    with_keys = sum(bool(c.keys) for c in COMMANDS)
    assert len(made.shown()) > with_keys
    made.search.setText("hash table")
    assert any("next hash table" in words for words in made.shown())
    made.search.setText("f1")
    assert [words.split()[0] for words in made.shown()] == ["keys", "words"]
    made.search.setText("nothing at all")
    assert made.shown() == []
    assert not made.none.isHidden()
    made.search.clear()
    assert len(made.shown()) > with_keys


def test_no_key_is_cut(qtbot, theme):
    made = KeyList(theme)
    qtbot.addWidget(made)
    made.show()
    caps = [label for label in made.findChildren(QLabel) if label.property("kind") == "key"]
    assert len(caps) > 40
    rows = [[cap.text() for cap in hint.findChildren(QLabel)] for hint in made.findChildren(KeyHint)]
    assert all(len(row) == len(set(row)) for row in rows), "Return and Enter are one key to a person"
    assert all(cap.width() >= cap.sizeHint().width() for cap in caps)


def test_letters_typed_into_the_palette_or_the_settings_are_no_commands(window, opened, palette, qtbot):
    before, frame, looped = opened.marks, opened.frame, window.actions_by_id["loop"].isChecked()
    qtbot.keyClicks(palette.field, "iop l,. b")
    qtbot.keyClick(palette.field, Qt.Key.Key_Right)
    palette.hide()
    window.commands.show_settings()
    dialog = window.findChildren(SettingsDialog)[0]
    dialog.search.setFocus()
    qtbot.keyClicks(dialog.search, "iop l,. b")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Space)
    assert (opened.marks, opened.frame) == (before, frame)
    assert window.actions_by_id["loop"].isChecked() == looped
    assert dialog.isVisible()


def test_where_nothing_is_found_it_says_so(alone, qtbot):
    assert alone.none.isHidden()
    height = alone.height()
    qtbot.keyClicks(alone.field, "zzzz")
    assert alone.none.isVisible()
    assert not alone.list.isVisible()
    assert alone.height() == height
    alone.field.clear()
    assert alone.none.isHidden()
    assert alone.list.isVisible()
