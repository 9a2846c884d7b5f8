"""Every command of the window as data. Menus, tool tips, key hints and the list of keys are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence


@dataclass(frozen=True)
class Command:
    """One command.

    Attributes:
        id: its name in code.
        text: sentence case, as in a menu; "..." is added where a file is asked for.
        keys: as Qt writes them; the first is shown.
        handler: the method of the window's commands that does it.
        when: "always", "clip", "analysis", "running", or the id of an undo or redo.
        menu: "Menu" (the bar's own, whose parts the others are), "Clip", "View", "Help", or "" for none.
        hint: words for the status line, where it stands there; commands with one ``hint`` share it.
        rule: a rule stands above it in its menu.
        checkable: it is on or off.
        note: what it is, in a sentence, with the paper's term; for tool tips and to be found by.
    """

    id: str
    text: str
    handler: str
    keys: tuple[str, ...] = ()
    when: str = "always"
    menu: str = ""
    hint: str = ""
    rule: bool = False
    checkable: bool = False

    @property
    def note(self) -> str:
        return NOTES.get(self.id, "")


# In a table of their own, so that the commands can be read as one.
NOTES: Mapping[str, str] = {
    "analyse": "Magnifies the motion from onset to apex at every AF, reads the frames, and lets the levels "
    "attend to each other in three blocks of sparse self-attention (SSA).",
    "onset": "The frame where the motion begins: it is measured from here.",
    "apex": "The frame where the expression is strongest: the motion from onset to apex is magnified.",
    "offset": "The frame where the motion has ended; the network does not read it. "
    "While the matrix has the focus, O orders it by bucket instead.",
    "rate": "Frames per second (fps), where the file does not say them or says them wrong.",
    "keys": "Every key and shortcut, found by a word.",
    "words": "The paper's terms and the program's, each in a sentence: reach, bucket, beta and the others.",
    "undo": "What was done last: a mark or a face of the clip, or a setting of What if.",
    "redo": "What was undone last: a mark or a face of the clip, or a setting of What if.",
    "undo_whatif": "Settings have a stack of their own beside the marks'.",
    "redo_whatif": "Settings have a stack of their own beside the marks'.",
    "reset_whatif": "Planes, tables, seed, AF range and all others as they are by default.",
    "block": "One of the sparse self-attention blocks (SSA); each draws hyper-planes of its own.",
    "table": "One of the n_t hash tables: a pair may attend where any table puts both in one bucket (Eq. 5).",
    "strip_mode": "The magnified frames (Eq. 1), their difference to the onset, or the motion field.",
    "mean_reach": "Reach is the share of the other queries that may attend to a level; zeroed is reach 0.",
    "wipe": "The level beside the onset, or beside the apex; the line between the two can be dragged.",
    "blink": "Onset and apex in turn on one place: what the magnifier works from.",
    "value": "What a cell's colour says: weight times allowed keys, weight (Eq. 6), angle, tables or chance.",
    "health": "Whether the hash tells levels apart at all: density near and far from the diagonal.",
    "buckets": "The bucket of every level as a query and as a key, in every hash table (Eq. 4).",
    "pin_state": "Keeps what is shown; the matrix can then say what differs from it.",
    "changes": "Pairs that opened and closed, levels zeroed or silent now and in the pinned state.",
    "levels": "Levels by blocks and heads: reach, chance, zeroed (no other may attend to it), silent.",
    "find": "Every command and every setting by a few words; planes=5 sets one at once.",
    "settings": "Every setting with its range, its default and what it is.",
    "export": "Views as SVG, PDF or PNG, numbers as CSV, JSON and NPZ, and a report of one file.",
}


_MARKS = "onset, apex, offset"
COMMANDS: tuple[Command, ...] = (
    Command("open", "Open clip...", "open_clip", ("Ctrl+O",), menu="Menu"),
    Command("open_folder", "Open folder of pictures...", "open_folder", ("Ctrl+Shift+O",), menu="Menu"),
    Command("demo", "Demo clip", "open_demo", ("Ctrl+D",), menu="Menu"),
    Command("rendered_demo", "Rendered demo clip", "open_rendered_demo", ("Ctrl+Shift+D",), menu="Menu"),
    Command("next_clip", "Next clip in the folder", "next_clip", ("PgDown",), "clip", "Menu"),
    Command("previous_clip", "Previous clip in the folder", "previous_clip", ("PgUp",), "clip", "Menu"),
    Command("save", "Save analysis...", "save_analysis", ("Ctrl+S",), "analysis", "Menu", rule=True),
    Command("export", "Export...", "export", ("Ctrl+E",), "analysis", "Menu"),
    Command("copy_panel", "Copy the panel as a picture", "copy_panel", ("Ctrl+Shift+C",), menu="Menu"),
    Command("settings", "Settings...", "show_settings", ("Ctrl+,",), menu="Menu", rule=True),
    Command("close", "Close clip", "close_clip", ("Ctrl+W",), "clip", "Menu", rule=True),
    Command("quit", "Quit", "quit", ("Ctrl+Q",), menu="Menu"),
    Command("analyse", "Analyse", "analyse", ("Ctrl+Return",), "clip", "Clip", "analyse"),
    Command("cancel", "Cancel", "cancel", ("Ctrl+.",), "running", "Clip"),
    Command("onset", "Mark the onset at the playhead", "mark_onset", ("I",), "clip", "Clip", _MARKS, True),
    Command("apex", "Mark the apex at the playhead", "mark_apex", ("P",), "clip", "Clip", _MARKS),
    Command("offset", "Mark the offset at the playhead", "mark_offset", ("O",), "clip", "Clip", _MARKS),
    Command("clear_offset", "Clear the offset", "clear_offset", (), "clip", "Clip"),
    Command("take", "Take the proposal", "take_proposal", ("Return", "Enter"), "clip", "Clip"),
    Command("undo", "Undo", "undo", ("Ctrl+Z",), "undo", "Clip", rule=True),
    Command("redo", "Redo", "redo", ("Ctrl+Shift+Z",), "redo", "Clip"),
    Command("undo_whatif", "Undo in What if", "undo_whatif", ("Ctrl+Alt+Z",), "undo_whatif", "Clip"),
    Command("redo_whatif", "Redo in What if", "redo_whatif", ("Ctrl+Alt+Shift+Z",), "redo_whatif", "Clip"),
    Command("reset_whatif", "Reset the settings", "reset_settings", (), menu="Clip"),
    Command("detect_face", "Detect the face", "detect_face", (), "clip", "Clip", rule=True),
    Command("choose_face", "Choose among the faces", "choose_face", (), "clip", "Clip"),
    Command("draw_face", "Draw the face box", "draw_face", (), "clip", "Clip"),
    Command("move_landmarks", "Move landmarks", "move_landmarks", (), "clip", "Clip"),
    Command(
        "whole_face", "Whole picture is the face", "toggle_whole_face", (), "clip", "Clip", checkable=True
    ),
    Command(
        "landmarks", "Landmarks on the frame", "toggle_landmarks", ("F",), "clip", "Clip", checkable=True
    ),
    Command("rate", "Frame rate...", "edit_rate", (), "clip", "Clip"),
    Command("play", "Play or pause", "toggle_play", ("Space",), "clip", "Clip", "play", True),
    Command("back", "One frame back", "step_back", (",",), "clip", "Clip", "frame"),
    Command("forth", "One frame on", "step_forth", (".",), "clip", "Clip", "frame"),
    # By their signs alone: Qt finds "Shift+." and ">" in one key press, and "." in "Shift+." where a keyboard
    # has the full stop under Shift; either would be ambiguous and do nothing.
    Command("back_10", "Ten frames back", "step_back_10", ("<",), "clip", "Clip"),
    Command("forth_10", "Ten frames on", "step_forth_10", (">",), "clip", "Clip"),
    Command("go_to", "Go to frame...", "go_to_frame", ("Ctrl+G",), "clip", "Clip"),
    Command("loop", "Play again and again", "toggle_loop", ("L",), "clip", "Clip"),
    Command("loop_event", "Loop from onset to offset", "toggle_event_loop", ("Shift+L",), "clip", "Clip"),
    Command("block", "Next block", "next_block", ("B",), "analysis", "View", "block"),
    Command("table", "Next hash table", "next_table", ("T",), "analysis", "View", "table"),
    Command("strip_mode", "Frames, difference or flow", "next_strip_mode", ("M",), "clip", "View", rule=True),
    Command("play_levels", "Play through the levels", "play_levels", ("Shift+Space",), "analysis", "View"),
    Command("one_row", "Levels in one row", "toggle_one_row", (), "clip", "View", checkable=True),
    Command(
        "mean_reach",
        "Reach as the mean of all heads",
        "toggle_mean_reach",
        (),
        "clip",
        "View",
        checkable=True,
    ),
    Command("zoom_in", "Larger levels", "zoom_in", ("Ctrl++", "Ctrl+="), "clip", "View"),
    Command("zoom_out", "Smaller levels", "zoom_out", ("Ctrl+-",), "clip", "View"),
    Command("zoom_fit", "Levels as large as fit", "zoom_to_fit", ("Ctrl+0",), "clip", "View"),
    Command("wipe", "Compare the level with onset or apex", "flip_wipe", ("Z",), "analysis", "View"),
    Command("blink", "Blink onset and apex", "blink", ("X",), "analysis", "View"),
    Command("let_go", "Let go of the pinned level or pair", "let_go", ("Esc",), "always", "View", "let go"),
    Command("value", "Next value in the matrix", "next_value", ("V",), "analysis", "View", rule=True),
    Command("reverse_map", "Reverse the colours", "reverse_map", (), "always", "View"),
    Command("still", "Less motion", "toggle_still", (), menu="View", checkable=True),
    Command("health", "Hash health", "toggle_health", (), menu="View", rule=True, checkable=True),
    Command("buckets", "Buckets", "toggle_buckets", (), menu="View", checkable=True),
    Command(
        "pin_state", "Pin this state to compare", "pin_state", ("Ctrl+P",), "analysis", "View", rule=True
    ),
    Command("changes", "Changed levels", "toggle_changes", (), menu="View", checkable=True),
    Command("levels", "Zeroed levels", "toggle_levels", ("Ctrl+L",), menu="View", checkable=True),
    Command(
        "hide_proposal",
        "Hide curve and proposal until marked",
        "toggle_hidden_proposal",
        menu="View",
        rule=True,
        checkable=True,
    ),
    Command("theme", "Light or dark", "toggle_theme", ("Ctrl+T",), menu="View", rule=True),
    Command("layout", "Reset layout", "reset_layout", (), menu="View"),
    Command("find", "Find a command...", "find_command", ("Ctrl+K",), menu="Help"),
    Command("keys", "Keys", "show_keys", ("F1",), menu="Help"),
    Command("words", "Words", "show_words", ("Shift+F1",), menu="Help"),
)
MENUS = ("Menu", "Clip", "View", "Help")
# Keys that a view handles itself while it has the focus; in the list of keys, not in a menu.
VIEW_KEYS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("Left", "Right"), "One frame, in the clip and the timeline; ten with Shift"),
    (("Left", "Right", "Up", "Down"), "In the matrix: walk its cells; Enter pins the pair"),
    (("1", "…", "8"), "Choose a head"),
    (("O",), "In the matrix: order by level or by bucket (elsewhere the offset)"),
    (("Click",), "On the colour bar: large is light instead of dark"),
    (("Click",), "Pin a level or a cell; again to let go"),
)
MATRIX_HINTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("Left", "Right", "Up", "Down"), "walk the matrix"),
    (("1", "…", "8"), "head"),
    (("B",), "block"),
    (("T",), "table"),
    (("O",), "order"),
    (("V",), "value"),
    (("Click",), "pin the pair"),
    (("Esc",), "let go"),
)
BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}


def hints(in_matrix: bool = False) -> list[tuple[tuple[str, ...], str]]:
    """Keys and words for the status line: those of the matrix while it has the focus."""
    if in_matrix:
        return list(MATRIX_HINTS)
    made: dict[str, list[str]] = {}
    for command in COMMANDS:
        if command.hint:
            made.setdefault(command.hint, []).append(command.keys[0])
    return [(tuple(keys), words) for words, keys in made.items()]


def tip(command: Command) -> str:
    """What a button for the command says when it is pointed at: its name, its key, and what it is."""
    text = command.text.removesuffix("...")
    named = f"{text} ({command.keys[0].replace('Return', 'Enter')})" if command.keys else text
    return f"{named}\n{command.note}" if command.note else named


def make_actions(parent: QObject, handlers: Mapping[str, Callable[[], object]]) -> dict[str, QAction]:
    """One QAction a command, by id, with its keys.

    Raises:
        KeyError: a command's handler is not there.
    """
    made = {}
    for command in COMMANDS:
        action = QAction(command.text.replace("...", "…"), parent)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setToolTip(tip(command))
        action.setCheckable(command.checkable)
        action.setAutoRepeat(command.handler.startswith("step_"))
        handler = handlers[command.handler]
        action.triggered.connect(lambda _checked=False, handler=handler: handler())
        made[command.id] = action
    return made


def enable(actions: Mapping[str, QAction], facts: Mapping[str, bool]) -> None:
    """Enables what the facts allow: each ``when`` but "always" is true or not."""
    for command in COMMANDS:
        actions[command.id].setEnabled(command.when == "always" or facts[command.when])
