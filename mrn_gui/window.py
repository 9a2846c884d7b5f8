"""The window: top bar, page, status line. Places them, and tells them what the session says."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mrn_core.errors import MRNError
from mrn_core.facts import note
from mrn_gui.actions import COMMANDS, MENUS, enable, make_actions
from mrn_gui.commands import Commands
from mrn_gui.docks import Docks, Side
from mrn_gui.dressing import Dressing
from mrn_gui.inspect_page import InspectPage
from mrn_gui.keyboard import Keyboard
from mrn_gui.layout import LARGE, drawn_sizes, height_for_all
from mrn_gui.palette import ThemeName
from mrn_gui.player.neighbours import Neighbours
from mrn_gui.roomy import RoomyPage
from mrn_gui.selection import Selection
from mrn_gui.session import Session
from mrn_gui.start.page import StartPage
from mrn_gui.table import LevelTablePanel
from mrn_gui.theme import Theme
from mrn_gui.told import marks_told, provenance_told
from mrn_gui.turns import Uncovered, turns
from mrn_gui.undo import MarkHistory
from mrn_gui.undo_places import UndoPlaces
from mrn_gui.widgets.message import Message
from mrn_gui.widgets.status import StatusLine
from mrn_gui.widgets.tips import Tips
from mrn_gui.widgets.top_bar import TopBar

# With Shift. Comma and full stop make other signs on other keyboards: < and > on a US one, ; and : on most
# European ones.
_TEN_FRAMES = {
    Qt.Key.Key_Semicolon: "back_10",
    Qt.Key.Key_Colon: "forth_10",
    Qt.Key.Key_Comma: "back_10",
    Qt.Key.Key_Less: "back_10",
    Qt.Key.Key_Period: "forth_10",
    Qt.Key.Key_Greater: "forth_10",
}
LOW_DOCK = 240  # px of height: of a table, under title and controls, six levels with their columns' titles
NAMED_FROM = 1200  # px of width from which the marks have their names beside the clip's
_TITLE_BAR = 40  # px that the system's frame may add in height
_VISIBLE = QSize(160, 120)  # at least this much of the window's upper left stands on a screen


class MainWindow(QMainWindow):
    """``first_painted`` once, after the window was on the screen for the first time."""

    first_painted = Signal()

    def __init__(self, session: Session, theme: Theme, stored: QSettings) -> None:
        super().__init__()
        self.session, self.theme, self.stored = session, theme, stored
        self.selection = Selection()
        self._painted = False
        self._uncovered = Uncovered(self)
        self.setWindowTitle("MRN Studio")
        self.setAcceptDrops(True)
        self.page = InspectPage(session, self.selection, theme)
        self.history = MarkHistory(session)
        self.undoing = UndoPlaces(self.history, self.page.whatif.history)
        self.neighbours = Neighbours(session, self)
        self.roomy = RoomyPage(self.page)
        self.docks = Docks(self, stored, self._least, self._whole)
        self.dressing = Dressing(theme, self)
        self.commands = Commands(self)
        self.actions_by_id = make_actions(self, self.commands.handlers())
        self.addActions(list(self.actions_by_id.values()))
        levels = LevelTablePanel(session, self.selection, theme, stored)
        docked: tuple[tuple[str, str, QWidget, Side, int | None], ...] = (
            ("health", "Hash health", self.page.health, "right", None),
            ("buckets", "Buckets", self.page.buckets, "right", LOW_DOCK),
            ("changes", "Changed levels", self.page.changes, "right", LOW_DOCK),
            ("levels", "Zeroed levels", levels, "bottom", LOW_DOCK),
        )
        for name, title, panel, side, height in docked:
            self.docks.add(name, title, panel, side, self.actions_by_id[name], None, height)
        self.menu, self._recent_menu = self._make_menu()
        self.top_bar = TopBar(theme, self.menu, self.actions_by_id)
        self.start = StartPage(theme, self.actions_by_id)
        self.status = StatusLine(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.roomy)
        self._stack.addWidget(self.start)
        self._build()
        self.message = Message(theme, self._stack)
        self.keyboard = Keyboard(self)
        self.tips = Tips(self)
        self._connect()
        self._restore()
        self.commands.follow_still()
        self._show_clip()
        self._show_state()

    def _build(self) -> None:
        central = QWidget()
        central.setProperty("kind", "ground")
        central.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self.top_bar)
        column.addWidget(self._stack, 1)
        column.addWidget(self.status)
        self.setCentralWidget(central)
        central.setFocus()  # no control is lit before somebody uses the keys

    def _connect(self) -> None:
        session, commands = self.session, self.commands
        session.clip_changed.connect(self._show_clip)
        session.opening_changed.connect(self._show_clip)
        session.opening_changed.connect(self._show_state)
        session.marks_changed.connect(self._show_marks)
        session.counted.connect(self._show_marks)
        self.undoing.changed.connect(self._show_state)
        self.undoing.said.connect(self.status.say)
        self.page.whatif.said.connect(self.status.say)
        session.state_changed.connect(self._show_state)
        session.analysis_changed.connect(self._show_state)
        session.settings_changed.connect(self._show_state)
        session.run_started.connect(lambda: self.status.stages.begin("Loading the network"))
        session.progress.connect(self._show_progress)
        session.open_failed.connect(self._not_opened)
        session.failed.connect(commands.show_error)
        session.notice.connect(lambda sentence: self.message.say("info", sentence))
        session.fan.changed.connect(self._show_fan)
        session.fan.moved.connect(self.status.fetching.tell)
        session.fan.came.connect(lambda: session.notice.emit("The files of the face finder fan are there."))
        session.fan.pick_asked.connect(commands.pick_fan_files)
        self.page.failure.copy_asked.connect(commands.copy_details)
        self.page.failure.draw_face_asked.connect(commands.draw_face)
        self.top_bar.main_clicked.connect(self._main)
        self.top_bar.warnings_clicked.connect(self._show_warnings)
        self.start.opened.connect(commands.open_path)
        self.theme.changed.connect(lambda: self.stored.setValue("theme", self.theme.name))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)

    def _make_menu(self) -> tuple[QMenu, QMenu]:
        menu = QMenu(self)
        recent = QMenu("Recent", menu)
        recent.setToolTipsVisible(True)
        recent.aboutToShow.connect(self._fill_recent)
        for title in MENUS:
            part = menu if title == "Menu" else QMenu(title, menu)
            part.setToolTipsVisible(True)
            if title == "Clip":
                menu.insertSeparator(self.actions_by_id["quit"])
            for command in COMMANDS:
                if command.menu != title:
                    continue
                if command.rule:
                    part.addSeparator()
                part.addAction(self.actions_by_id[command.id])
                if command.id == "rendered_demo":
                    part.addMenu(recent)
            if part is not menu:
                menu.insertMenu(self.actions_by_id["quit"], part)
        menu.insertSeparator(self.actions_by_id["quit"])
        return menu, recent

    def _fill_recent(self) -> None:
        self._recent_menu.clear()
        dropped = self.commands.also_dropped
        for path in [*dropped, *(entry.path for entry in self.session.store.recent())]:
            action = self._recent_menu.addAction(Path(path).name)
            action.setToolTip(path)
            action.triggered.connect(partial(self.commands.open_path, path))
        if self._recent_menu.isEmpty():
            self._recent_menu.addAction("No clips yet").setEnabled(False)

    # -- what is shown -------------------------------------------------------------------------

    def _show_clip(self) -> None:
        clip, opening = self.session.clip, self.session.opening
        inspect = clip is not None or opening is not None
        if not inspect:
            self.start.show_recent(self.session.store.recent(), self.session.store.get)
        self._stack.setCurrentWidget(self.roomy if inspect else self.start)
        self.setWindowTitle("MRN Studio" if clip is None else f"{clip.name} — MRN Studio")
        self._show_marks()

    def _show_marks(self) -> None:
        session, clip = self.session, self.session.clip
        if clip is None or session.known is None:
            name = session.opening.name if session.opening is not None else ""
            self.top_bar.show_clip(name, "opening" if name else "", "")
            return
        self.actions_by_id["whole_face"].setChecked(session.marks.face == "whole")
        wide = self.width() >= 1500
        everything = marks_told(session.known, session.marks, True, session.whole)
        tip = "\n".join([str(clip.source), everything, *clip.notices])
        words = marks_told(session.known, session.marks, wide, session.whole, self.width() >= NAMED_FROM)
        self.top_bar.show_clip(clip.name, words, tip)

    def _show_state(self) -> None:
        session = self.session
        facts = {
            "clip": session.clip is not None,
            "analysis": session.analysis is not None,
            "running": session.running or session.fan.busy,
        }
        for name, may, words in zip(("undo", "redo"), self.undoing.can, self.undoing.told(), strict=True):
            facts[name] = may
            self.actions_by_id[name].setText(words)
        whatif = self.page.whatif.history
        for name, may, words in zip(("undo_whatif", "redo_whatif"), whatif.can, whatif.told(), strict=True):
            facts[name] = may
            self.actions_by_id[name].setText(words)
        enable(self.actions_by_id, facts)
        self._focus_changed(None, QApplication.focusWidget())
        analysis = session.analysis
        if session.running:
            self.top_bar.show_main("cancel", "Stop the analysis (Ctrl .)")
        elif session.request is None:
            words = "Mark onset and apex first" if session.clip is not None else "Open a clip first"
            self.top_bar.show_main("unmarked", words)
        elif analysis is not None and session.stale is None and session.error is None:
            self.top_bar.show_main("done", "What is shown is what is set")
        else:
            self.top_bar.show_main("analyse", "Analyse the clip from onset to apex (Ctrl Enter)")
        fresh = analysis is not None and session.stale is None
        self.top_bar.warnings.show_all(analysis.warnings if analysis is not None and fresh else [])
        if session.running:
            self.status.show_stages("Ctrl . cancels")
        elif session.fan.busy:
            self.status.show_fetching("Ctrl . cancels")
        elif session.opening is not None:
            self.status.show_words(f"Opening {session.opening.name}")
        elif session.clip is None:
            self.status.show_words("Nothing leaves this machine.")
        else:
            worth = "" if analysis is None else note(analysis)
            self.status.show_hints(provenance_told(analysis, session.settings), worth)

    def _show_progress(self, stage: str, done: int, total: int) -> None:
        if stage == "index" and self.session.opening is not None:
            count = f"{done} of {total} frames" if total else f"{done} frames"
            self.status.show_words(f"Opening {self.session.opening.name}: {count}")
        else:
            self.status.stages.tell(stage, done, total)

    def _show_fan(self) -> None:
        fan = self.session.fan
        if fan.busy:
            waiting = "Connecting" if fan.state == "fetching" else "Checking the files"
            self.status.fetching.begin(waiting, {name: f"{name}, MB" for name in fan.lacks})
        self._show_state()

    def _show_warnings(self) -> None:
        first, *others = self.top_bar.warnings.sentences
        self.message.say("caution", first, "\n".join(others))

    def _not_opened(self, error: MRNError) -> None:
        self._show_clip()
        self._show_state()
        buttons: list[tuple[str, Callable[[], object]]] = [
            ("Open another", self.commands.open_clip),
            ("Copy details", partial(self.commands.copy_details, error)),
        ]
        self.message.say("error", error.what, error.advice, buttons)

    def _main(self) -> None:
        if self.session.running:
            self.session.cancel()
        else:
            self.session.analyse()

    # -- repaints, keys and drops --------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """In a repaint of the whole window the views take turns."""
        if event.type() == QEvent.Type.UpdateRequest:
            with turns.repaint(self):
                return super().event(event)
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.windowHandle().installEventFilter(self._uncovered)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of ten frames, where they make no sign that is a shortcut."""
        command = _TEN_FRAMES.get(Qt.Key(event.key()))
        if command is not None and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self.actions_by_id[command].trigger()
        else:
            super().keyPressEvent(event)

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """The hints follow the focus; the matrix has an O and an Enter of its own."""
        self.status.follow_focus(now is not None and now is self.page.attention.matrix)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        event.acceptProposedAction()
        QTimer.singleShot(0, self, partial(self.commands.drop, urls))

    # -- size and place ------------------------------------------------------------------------

    def _least(self) -> QSize:
        """Of the window without docks, that the page need not be scrolled."""
        bars = drawn_sizes(self.width(), self.height())
        return self.roomy.least + QSize(0, bars.top_bar + bars.status + 2)

    def _whole(self) -> int:
        """The height of the window without docks in which every panel of the page has its place."""
        sizes = drawn_sizes(self.width(), self.height())
        bars = sizes.top_bar + sizes.status + 2
        return height_for_all(self.width(), bars) + bars

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        sizes = drawn_sizes(self.width(), self.height())
        self.top_bar.setFixedHeight(sizes.top_bar)
        self.status.setFixedHeight(sizes.status)
        self._show_marks()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.first_painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.dressing.finish()
        self.stored.setValue("geometry", self.saveGeometry())
        self.stored.setValue("layout", self.page.save_layout())
        self.docks.save()
        self.stored.sync()
        self.page.player.pause()
        self.session.cancel()
        super().closeEvent(event)

    def _restore(self) -> None:
        screen = QGuiApplication.primaryScreen().availableGeometry()
        self.resize(min(LARGE[0], screen.width()), min(LARGE[1], screen.height() - _TITLE_BAR))
        geometry, layout = self.stored.value("geometry"), self.stored.value("layout")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        if isinstance(layout, dict):
            self.page.restore_layout({k: v for k, v in layout.items() if isinstance(v, QByteArray)})
        hides = bool(self.stored.value("hide_proposal", False, bool))
        self.session.proposal.set_hides(hides)
        self.actions_by_id["hide_proposal"].setChecked(hides)
        self.docks.restore()
        self.bring_back()

    def bring_back(self) -> None:
        """Moves the window so that its title and upper left can be reached on some screen."""
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        corner = QRect(self.pos(), _VISIBLE)
        if not any(screen.contains(corner) for screen in screens):
            first = screens[0]
            room = QPoint(max(0, first.width() - self.width()), max(0, first.height() - self.height()))
            self.move(first.topLeft() + room / 2)


def stored_theme(stored: QSettings) -> ThemeName:
    """The theme of the last time, or the system's."""
    found = stored.value("theme")
    if found in ("light", "dark"):
        return "dark" if found == "dark" else "light"
    scheme = QGuiApplication.styleHints().colorScheme()
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"
