"""Each window test has data and settings of its own, and leaves no thread behind.

Nothing of Qt is imported here before a test needs it: where Qt cannot be loaded, this file still is.
"""

import gc
import sys
import threading
import time

import pytest

from mrn_core.clip.demo import demo_clip_path
from mrn_core.settings import AnalysisSettings


def own_threads():
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("mrn ")]


@pytest.fixture(autouse=True, scope="module")
def garbage_between_modules():
    """The windows of past tests are freed outside of any event loop, and by no worker's thread.

    Qt's objects that a collection frees while events are delivered have ended the process.
    """
    gc.disable()
    yield
    gc.enable()
    gc.collect()
    gc.freeze()  # what is left is no garbage, and not searched again for each of the modules to come


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    """The user's data folder of this test."""
    folder = tmp_path / "data"
    monkeypatch.setenv("MRN_STUDIO_DATA", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    until = time.monotonic() + 5
    while own_threads() and time.monotonic() < until:
        time.sleep(0.02)
    assert own_threads() == []


@pytest.fixture(autouse=True)
def nothing_holds_the_pointer():
    """A modal dialog or a pressed button that a test leaves keeps the pointer from the next one's window."""
    yield
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtWidgets import QApplication

        if QApplication.instance() is not None:
            assert QApplication.activeModalWidget() is None
            assert QApplication.activePopupWidget() is None
            assert not QApplication.mouseButtons().value


@pytest.fixture
def theme(qapp):
    from mrn_gui.theme import Theme

    made = Theme("light")
    made.apply(qapp)
    yield made
    qapp.setStyleSheet("")


@pytest.fixture(scope="session")
def shared_analyzer():
    """One network for all tests: making its weights takes seconds."""
    from mrn_core.analysis import Analyzer

    return Analyzer()


@pytest.fixture
def session(qapp, shared_analyzer):
    """A session with few levels, so that an analysis takes a moment."""
    from mrn_gui.session import Session

    made = Session()
    made._analyzer = ("auto", shared_analyzer)
    made.settings = AnalysisSettings(levels=4, threads=1)
    yield made
    assert made.jobs.shutdown(20)
    if made.clip is not None:
        made.clip.close()


@pytest.fixture
def opened(session, qtbot):
    """The session with the demo clip; its motion curve is on the way."""
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(demo_clip_path())
    return session


@pytest.fixture
def analysed(opened, qtbot):
    """The session with the demo clip's analysis; its chance is on the way."""
    opened.analyse()
    qtbot.waitUntil(lambda: opened.analysis is not None, timeout=120_000)
    return opened


@pytest.fixture
def stored(tmp_path):
    from PySide6.QtCore import QSettings

    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(session, theme, stored, qtbot):
    from mrn_gui.window import MainWindow

    made = MainWindow(session, theme, stored)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    return made
