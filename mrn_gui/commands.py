"""What the commands do: the handlers that ``actions`` names."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QApplication

from mrn_core import settings as core_settings
from mrn_core.clip import VIDEO_SUFFIXES
from mrn_core.clip.demo import demo_clip_path, rendered_demo_path
from mrn_core.errors import ClipError, MRNError
from mrn_core.settings import AnalysisSettings
from mrn_gui.command_search import Entry, entries
from mrn_gui.copying import picture_of
from mrn_gui.kept_analyses import KeptAnalyses
from mrn_gui.marking import Role, missing_told
from mrn_gui.motion import system_moves
from mrn_gui.panel import panel_of
from mrn_gui.saving import write
from mrn_gui.widgets.asking import Asking
from mrn_gui.widgets.key_list import KeyList
from mrn_gui.work import as_told

if TYPE_CHECKING:
    from mrn_gui.exporting import ExportDialog
    from mrn_gui.palette_dialog import CommandPalette
    from mrn_gui.settings_dialog import SettingsDialog
    from mrn_gui.widgets.word_list import WordList
    from mrn_gui.window import MainWindow


class Commands(QObject):
    """The handlers, by name; each does one command of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self.asking = Asking(window, window.stored)
        self._keys: KeyList | None = None
        self._words: WordList | None = None
        self._settings: SettingsDialog | None = None
        self._palette: CommandPalette | None = None
        self._export: ExportDialog | None = None
        self._kept = KeptAnalyses(window.session)
        self.also_dropped: list[str] = []

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Every handler that a command may name."""
        player = self._window.page.player
        selection, strip = self._window.selection, self._window.page.strip
        return {
            "open_clip": self.open_clip,
            "open_folder": self.open_folder,
            "open_demo": self.open_demo,
            "open_rendered_demo": self.open_rendered_demo,
            "next_clip": partial(self._window.neighbours.go, 1),
            "previous_clip": partial(self._window.neighbours.go, -1),
            "save_analysis": self.save_analysis,
            "export": self.export,
            "copy_panel": self.copy_panel,
            "close_clip": self._session.close_clip,
            "quit": self._window.close,
            "analyse": self.analyse,
            "cancel": self.cancel,
            "mark_onset": partial(self.mark, "onset"),
            "mark_apex": partial(self.mark, "apex"),
            "mark_offset": partial(self.mark, "offset"),
            "clear_offset": partial(self._session.set_mark, "offset", None),
            "take_proposal": self._session.proposal.take,
            "toggle_hidden_proposal": self.toggle_hidden_proposal,
            "undo": self._window.undoing.undo,
            "redo": self._window.undoing.redo,
            "detect_face": partial(self._session.set_face, None),
            "choose_face": player.choose_face,
            "draw_face": self.draw_face,
            "move_landmarks": player.move_landmarks,
            "toggle_landmarks": player.faces.toggle,
            "toggle_whole_face": self.toggle_whole_face,
            "edit_rate": player.edit_rate,
            "toggle_play": player.toggle_play,
            "step_back": partial(player.step, -1),
            "step_forth": partial(player.step, 1),
            "step_back_10": partial(player.step, -10),
            "step_forth_10": partial(player.step, 10),
            "go_to_frame": player.go_to_frame,
            "toggle_loop": player.toggle_loop,
            "toggle_event_loop": player.toggle_event_loop,
            "next_block": selection.next_block,
            "next_table": selection.next_table,
            "next_strip_mode": strip.next_mode,
            "play_levels": strip.toggle_levels,
            "toggle_one_row": strip.toggle_one_row,
            "toggle_mean_reach": strip.toggle_mean_reach,
            "zoom_in": strip.zoom_in,
            "zoom_out": strip.zoom_out,
            "zoom_to_fit": strip.zoom_to_fit,
            "flip_wipe": self._window.page.level.flip,
            "blink": self._window.page.level.blink,
            "let_go": self.let_go,
            "next_value": self._window.page.attention.next_value,
            "reverse_map": self._window.page.attention.reverse_map,
            "toggle_still": self.toggle_still,
            "toggle_health": self._window.docks.toggler("health"),
            "toggle_buckets": self._window.docks.toggler("buckets"),
            "undo_whatif": self._window.page.whatif.history.undo,
            "redo_whatif": self._window.page.whatif.history.redo,
            "reset_settings": self._session.reset_settings,
            "pin_state": self._window.page.whatif.pinned.toggle,
            "toggle_changes": self._window.docks.toggler("changes"),
            "toggle_levels": self._window.docks.toggler("levels"),
            "toggle_theme": self._window.dressing.toggle,
            "reset_layout": self.reset_layout,
            "show_settings": self.show_settings,
            "find_command": self.find_command,
            "show_keys": self.show_keys,
            "show_words": self.show_words,
        }

    # -- opening -------------------------------------------------------------------------------

    def open_clip(self) -> None:
        """Asks for a video; the window stays alive while it is asked."""
        videos = " ".join(f"*{suffix}" for suffix in sorted(VIDEO_SUFFIXES))
        kinds = (f"Videos ({videos})", "All files (*)")
        self.asking.ask("Open a clip", self.open_path, filters=kinds)

    def open_folder(self) -> None:
        """Asks for a folder with one picture a frame."""
        self.asking.ask("Open a folder of pictures", self.open_path, folder=True)

    def open_demo(self) -> None:
        """Opens the clip that comes with the program."""
        self._open_own(demo_clip_path(), "The demo clip")

    def open_rendered_demo(self) -> None:
        """Opens the clip of a person who never lived, whose magnified frames are known exactly."""
        self._open_own(rendered_demo_path(), "The rendered demo clip")

    def _open_own(self, path: Path, name: str) -> None:
        self._window.message.hide()
        clip = self._session.clip
        if clip is not None and self._session.opening is None and clip.source == path.absolute():
            self._session.notice.emit(f"{name} is open already.")
        else:
            self._session.open_path(path)

    def open_path(self, path: str) -> None:
        """Opens a clip and remembers its folder for the next time."""
        self._window.message.hide()
        self._window.stored.setValue("folder", str(Path(path).parent))
        self._session.open_path(path)

    def drop(self, urls: list[QUrl]) -> None:
        """Opens what was dropped: the first clip, with a way to each of the others."""
        paths = [url.toLocalFile() for url in urls if url.isLocalFile()]
        others = [url.toString() for url in urls if not url.isLocalFile()]
        if not paths:
            self._window.message.say(
                "error",
                f"{others[0] if others else 'What was dropped'} is not a file on this machine.",
                "Download it, then drop the file or its folder here.",
            )
            return
        self.open_path(paths[0])
        self.also_dropped = paths[1:]
        if self.also_dropped:
            self._window.message.say(
                "info",
                f"{len(paths)} clips were dropped. {Path(paths[0]).name} is opened.",
                "The others stand in the menu under Recent.",
                [(f"Open {Path(path).name}", partial(self.open_path, path)) for path in self.also_dropped],
            )

    # -- marks ---------------------------------------------------------------------------------

    def mark(self, role: Role) -> None:
        """Sets a mark at the playhead."""
        try:
            self._session.set_mark(role, self._session.frame)
        except ClipError as error:
            self.show_error(error)

    def analyse(self) -> None:
        """Analyses, or says which marks are missing."""
        if self._session.request is None:
            self._session.notice.emit(f"{missing_told(self._session.marks)} first.")
        else:
            self._session.analyse()

    def cancel(self) -> None:
        """Stops the analysis; where none runs, the fetching of files."""
        if self._session.running:
            self._session.cancel()
        else:
            self._session.fan.cancel()

    def pick_fan_files(self) -> None:
        """Asks for the files of the face backend fan, which somebody fetched elsewhere."""
        kinds = ("Weights (*.pth *.tar)", "All files (*)")
        self.asking.ask("The files of fan", answers=self._session.fan.take, filters=kinds)

    def toggle_hidden_proposal(self) -> None:
        """Hides curve and proposal until a coder has marked, or shows them at once; remembered."""
        hides = not self._session.proposal.hides
        self._session.proposal.set_hides(hides)
        self._window.stored.setValue("hide_proposal", hides)
        self._window.actions_by_id["hide_proposal"].setChecked(hides)

    def toggle_whole_face(self) -> None:
        """The whole picture is the face, or the face is detected again."""
        self._session.set_face(None if self._session.marks.face == "whole" else "whole")

    def draw_face(self) -> None:
        """Lets a person draw the face's box on the onset, where the face is looked for."""
        self._session.seek(self._session.marks.onset or 0)
        self._window.page.player.draw_face()

    def let_go(self) -> None:
        """Stops drawing a box, else closes the message, else lets go of the pinned place."""
        if self._window.page.player.view.drawing:
            self._window.page.player.view.stop_drawing()
        elif self._window.message.isVisible():
            self._window.message.hide()
        else:
            self._window.selection.let_go()

    # -- files ---------------------------------------------------------------------------------

    def save_analysis(self) -> None:
        """Asks where to, and writes one file that ``Analysis.load`` reads."""
        clip = self._session.clip
        name = f"{clip.source.stem if clip is not None else 'analysis'}.npz"
        self.asking.ask("Save the analysis", self.save_to, filters=("Analysis (*.npz)",), save=name)

    def save_to(self, path: str) -> None:
        """Writes the analysis to this file, in the background."""
        write(self._session, lambda analysis: analysis.save(path), f"Saved to {path}")

    def export(self) -> None:
        """Opens the dialog of views, numbers and report, made once."""
        if self._export is None:
            from mrn_gui.exporting import ExportDialog

            window = self._window
            self._export = ExportDialog(
                self._session,
                window.selection,
                window.theme,
                window.stored,
                window,
                pinned=window.page.whatif.pinned,
                kept=self._kept,
            )
        self._export.show()
        self._export.raise_()
        self._export.activateWindow()

    def copy_panel(self) -> None:
        """Puts what the panel under the pointer shows on the clipboard, else the one with the focus, else the
        whole page; under it stands what it was made from."""
        window = self._window
        for widget in (QApplication.widgetAt(QCursor.pos()), QApplication.focusWidget()):
            panel = panel_of(widget)
            if panel is not None and panel.window() is window:
                break
        else:
            panel = window.page
        QGuiApplication.clipboard().setPixmap(picture_of(panel, window.theme, self._session.analysis))
        self._session.notice.emit("The panel is copied as a picture.")

    # -- messages ------------------------------------------------------------------------------

    def show_error(self, error: BaseException) -> None:
        """Says an error that belongs to no panel."""
        told = as_told(error, "Something went wrong")
        copy = ("Copy details", partial(self.copy_details, told))
        self._window.message.say("error", told.what, told.advice, [copy])

    def copy_details(self, error: MRNError) -> None:
        """Puts the error with its trace and the settings on the clipboard."""
        cause = error.__cause__ or error
        lines = [str(error), "", *traceback.format_exception(cause), str(self._session.settings)]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def toggle_still(self) -> None:
        """A changed order comes at once, or by a passage; remembered."""
        self._window.stored.setValue("still", not self._window.stored.value("still", False, bool))
        self.follow_still()

    def follow_still(self) -> None:
        """Lets views move, or not, as it is kept and as the system says."""
        still = bool(self._window.stored.value("still", False, bool))
        self._window.actions_by_id["still"].setChecked(still)
        self._window.page.attention.matrix.moves = system_moves() and not still

    def reset_layout(self) -> None:
        """Every panel as it is drawn, every dock hidden."""
        self._window.docks.reset()
        self._window.page.reset_layout()

    def show_settings(self, path: str = "") -> None:
        """Opens the dialog of all settings; at one of them where ``path`` names it."""
        if self._settings is None:
            from mrn_gui.settings_dialog import SettingsDialog

            self._settings = SettingsDialog(self._session, self._window.theme, self._window)
            self._settings.finished.connect(self._settings_closed)
        self._settings.show()
        self._settings.raise_()
        self._settings.activateWindow()
        if path:
            self._settings.show_setting(path)

    def _settings_closed(self) -> None:
        """Its many fields would follow every change of the theme unseen."""
        if self._settings is not None:
            self._settings.deleteLater()
            self._settings = None

    def find_command(self) -> None:
        """Opens the line that finds commands and settings, made once."""
        if self._palette is None:
            from mrn_gui.palette_dialog import CommandPalette

            window = self._window
            self._palette = CommandPalette(window.theme, self._found, self._set_now, window)
            self._palette.chosen.connect(self._do_found)
        self._palette.open()

    def _found(self) -> list[Entry]:
        actions = self._window.actions_by_id
        return entries(self._session.settings, {name: action.isEnabled() for name, action in actions.items()})

    def _set_now(self) -> AnalysisSettings:
        return self._session.settings

    def _do_found(self, entry: Entry) -> None:
        """Does what was chosen in the palette."""
        if entry.kind == "command":
            self._window.actions_by_id[entry.name].trigger()
        elif entry.kind == "setting":
            self.show_settings(entry.name)
        elif entry.kind == "word":
            self.show_words(entry.text)
        else:
            path = entry.name.partition("=")[0]
            changed = core_settings.with_text(self._session.settings, entry.name)
            self._session.change_setting(path, core_settings.get(changed, path))

    def show_keys(self) -> None:
        """Opens the list of keys."""
        if self._keys is None:
            self._keys = KeyList(self._window.theme, self._window)
            self._keys.finished.connect(self._keys_closed)
        self._keys.show()
        self._keys.raise_()

    def _keys_closed(self) -> None:
        if self._keys is not None:
            self._keys.deleteLater()
            self._keys = None

    def show_words(self, title: str = "") -> None:
        """Opens the list of words; at one of them where ``title`` names it."""
        if self._words is None:
            from mrn_gui.widgets.word_list import WordList

            self._words = WordList(self._window.theme, self._window)
            self._words.finished.connect(self._words_closed)
        self._words.show()
        self._words.raise_()
        self._words.activateWindow()
        if title:
            self._words.show_word(title)

    def _words_closed(self) -> None:
        if self._words is not None:
            self._words.deleteLater()
            self._words = None
