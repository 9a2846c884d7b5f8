"""What is dropped on the window."""

import shutil

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from mrn_core.clip.demo import demo_clip_path


def drop(window, *urls):
    data = QMimeData()
    data.setUrls([QUrl(url) if isinstance(url, str) else QUrl.fromLocalFile(str(url)) for url in urls])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def test_a_dropped_name_with_odd_signs_opens(window, session, tmp_path, qtbot):
    odd = tmp_path / "50% smile #1 [a].mp4"
    shutil.copy(demo_clip_path(), odd)
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        drop(window, odd)
    assert session.clip.source == odd


def test_of_two_dropped_clips_both_are_reachable(window, session, tmp_path, qtbot):
    second = tmp_path / "second.mp4"
    shutil.copy(demo_clip_path(), second)
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        drop(window, demo_clip_path(), second)
    assert session.clip.name == demo_clip_path().name
    assert "second.mp4" in " ".join(b.text() for b in window.message.findChildren(type(window.top_bar.main)))
    window._fill_recent()
    reach = [a for a in window._recent_menu.actions() if a.text() == "second.mp4"]
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        reach[0].trigger()
    assert session.clip.source == second


def test_a_dropped_address_is_said(window, session, qtbot):
    drop(window, "https://example.org/smile.mp4")
    qtbot.waitUntil(window.message.isVisible, timeout=5000)
    assert "example.org" in window.message.title.text()
    assert session.opening is None
