"""Commands as data: each has a handler, keys of its own, and a place."""

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from mrn_gui.actions import BY_ID, COMMANDS, MENUS, enable, hints, make_actions, tip
from mrn_gui.progress import Progress
from mrn_gui.widgets.keys import key_words

FACTS = {
    "clip": False,
    "analysis": False,
    "running": False,
    "undo": False,
    "redo": False,
    "undo_whatif": False,
    "redo_whatif": False,
}


def test_ids_and_keys_are_used_once():
    assert len(BY_ID) == len(COMMANDS)
    keys = [QKeySequence(key).toString() for command in COMMANDS for key in command.keys]
    assert "" not in keys
    assert len(keys) == len(set(keys))


def test_every_command_can_be_reached():
    for command in COMMANDS:
        assert command.menu in MENUS
        assert command.when in ("always", *FACTS)


def test_the_window_has_every_handler(window):
    assert set(window.actions_by_id) == set(BY_ID)


def test_a_missing_handler_is_a_fault(qapp):
    with pytest.raises(KeyError):
        make_actions(QObject(), {})


def test_an_action_does_its_command_and_only_when_it_may(qapp):
    parent, done = QObject(), []
    handlers = {c.handler: (lambda name=c.handler: done.append(name)) for c in COMMANDS}
    actions = make_actions(parent, handlers)
    enable(actions, FACTS)
    actions["play"].trigger()
    actions["open"].trigger()
    assert done == ["open_clip"]
    enable(actions, FACTS | {"clip": True})
    actions["play"].trigger()
    assert done[-1] == "toggle_play"


def test_hints_are_made_from_the_commands():
    made = {words: keys for keys, words in hints()}
    assert made["onset, apex, offset"] == ("I", "P", "O")
    assert made["frame"] == (",", ".")
    assert (("Left", "Right", "Up", "Down"), "walk the matrix") in hints(in_matrix=True)


def test_keys_in_words():
    assert key_words("Ctrl+Return") == "Ctrl Enter"
    assert key_words("Left") == "←"
    assert key_words("+") == "+"
    assert key_words("Ctrl++") == "Ctrl +"
    assert tip(BY_ID["open"]) == "Open clip (Ctrl+O)"


def test_progress_counts_and_tells_the_time_that_is_left():
    progress = Progress()
    assert progress.state("face") == "next"
    progress.tell("face", 1, 1, now=0.0)
    progress.tell("magnify", 0, 32, now=1.0)
    progress.tell("magnify", 8, 32, now=3.0)
    assert [progress.state(s) for s in ("face", "magnify", "encode")] == ["done", "now", "next"]
    assert progress.label("magnify") == "Magnify 8 of 32"
    assert progress.share == 0.25
    assert progress.left() == "about 6 s left"
    progress.tell("something else", 1, 2, now=4.0)
    assert progress.stage == "magnify"
    progress.tell("blocks", 1, 1, now=5.0)
    assert progress.state("blocks") == "done"
    assert progress.left() == ""
