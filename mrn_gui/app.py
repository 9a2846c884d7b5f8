"""The program's start and end: application, window, first paint, and only then what is heavy."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Sequence
from types import FrameType, TracebackType

from PySide6.QtCore import QObject, QSettings, QSocketNotifier, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from mrn_core.clip.demo import demo_clip_path
from mrn_gui import drawing, face_process
from mrn_gui.garbage import Garbage
from mrn_gui.jobs import Job
from mrn_gui.loading import map_libraries
from mrn_gui.session import Session
from mrn_gui.theme import Theme
from mrn_gui.window import MainWindow, stored_theme

PATIENCE_S = 1.2  # for threads at the end; then the process ends without them


class Reporter(QObject):
    """Brings exceptions that nobody caught, from whatever thread, into the window's thread."""

    reported = Signal(object)

    def install(self) -> None:
        """Takes the place of Python's own hooks; the traceback goes to stderr as before."""
        sys.excepthook = self._raised
        threading.excepthook = self._raised_in_thread

    def remove(self) -> None:
        """Puts Python's hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def _raised(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.exit(130)
            return
        traceback.print_exception(kind, error, trace)
        self.reported.emit(error)

    def _raised_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._raised(args.exc_type, args.exc_value, args.exc_traceback)


class Interrupt(QObject):
    """Ctrl+C in the terminal ends the event loop with 130, also while nothing happens in the window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ends = socket.socketpair()
        for end in self._ends:
            end.setblocking(False)
        self._before = signal.getsignal(signal.SIGINT)
        signal.signal(signal.SIGINT, self._interrupted)
        self._fd = signal.set_wakeup_fd(self._ends[0].fileno())
        self._notifier = QSocketNotifier(self._ends[1].fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)

    def remove(self) -> None:
        """Puts Python's own handling back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._fd)
        signal.signal(signal.SIGINT, self._before)
        for end in self._ends:
            end.close()

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        QApplication.exit(130)

    def _wake(self) -> None:
        self._ends[1].recv(64)  # Python runs the handler as soon as Python code runs


SWITCH_S = 0.0005  # how long a worker's Python may keep the window's thread waiting, each time it asks


def main(argv: Sequence[str]) -> int:
    """Opens the window with the clip in ``argv``, or with the demo clip, and runs until it is closed.

    Returns:
        0; 130 after Ctrl+C.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([sys.argv[0]])
    app.setApplicationName("MRN Studio")
    app.setOrganizationName("mrn-studio")
    app.setQuitOnLastWindowClosed(True)
    stored = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "mrn-studio", "window")
    theme = Theme(stored_theme(stored))
    theme.apply(app)
    reporter = Reporter()
    reporter.install()
    interrupt = Interrupt()
    garbage = Garbage()
    sys.setswitchinterval(SWITCH_S)
    session = Session()
    session.announce(argv[0] if argv else demo_clip_path())
    window = MainWindow(session, theme, stored)
    reporter.reported.connect(window.commands.show_error, Qt.ConnectionType.QueuedConnection)
    window.first_painted.connect(lambda: begin(window, argv))
    window.show()
    try:
        status = app.exec()
    finally:
        window.hide()
        interrupt.remove()
        garbage.remove()
        reporter.remove()
    stored.sync()
    face_process.remove()
    ended = session.jobs.shutdown(PATIENCE_S)
    drawing.remove()
    if not ended:
        # A thread sits in a library's call. Everything is written; ending the interpreter under that
        # thread would abort the process.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    window.deleteLater()
    app.processEvents()
    return status


def begin(window: MainWindow, argv: Sequence[str]) -> None:
    """After the first paint: opens the clip, then loads the network while the user looks at it."""

    session = window.session

    def prepare(_job: Job) -> None:
        map_libraries("cv2")
        face_process.install()
        drawing.install()

    def open_first() -> None:
        if argv:
            window.commands.open_path(argv[0])
        else:
            window.commands.open_demo()

    def warm() -> None:
        if session.opening is None:
            session.opening_changed.disconnect(warm)
            QTimer.singleShot(0, session, session.warm)

    session.opening_changed.connect(warm)
    session.jobs.start("prepare", prepare, failed=session.failed.emit, ended=open_first)
    window.page.player.timeline.setFocus()
