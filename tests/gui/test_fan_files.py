"""Fetching the weights of fan from the window: a server on this machine does what servers do wrong."""

import errno
import hashlib
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PySide6.QtCore import Qt

from mrn_core.errors import WeightsError
from mrn_core.faces import fan_backend, fan_files
from mrn_gui.settings_dialog import SettingsDialog

BYTES = bytes(range(256)) * 9000  # 2.3 MB
NAMES = tuple(f"{part}-{hashlib.sha256(BYTES).hexdigest()[:10]}.pth" for part in ("found", "points"))


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        kind = self.server.kind
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(BYTES)))
        self.end_headers()
        if kind == "good":
            self.wfile.write(BYTES)
        elif kind == "wrong":
            self.wfile.write(b"x" * len(BYTES))
        else:
            self.wfile.write(BYTES[:1_500_000])
            if kind == "stalls":
                self.server.release.wait(20)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch, tmp_path):
    """A server of the two files into a folder of this test; ``kind`` says what it does wrong."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    running.kind, running.asked, running.release = "good", [], threading.Event()
    running.kept = tmp_path / "hub" / "checkpoints"
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(fan_files, "FILES", NAMES)
    monkeypatch.setattr(fan_files, "ABOUT_MB", dict.fromkeys(NAMES, 90))
    monkeypatch.setattr(fan_files, "SOURCE", f"http://127.0.0.1:{running.server_port}/")
    monkeypatch.setattr(fan_files, "STALLED_S", 0.4)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield running
    running.release.set()
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture
def missed(window, opened, server, monkeypatch, qtbot):
    """The window after an analysis with fan, whose files are not there."""

    def load():
        lacks = fan_files.lacking(fan_backend.weights_folder())
        what = "The face backend fan needs files." if lacks else "The network of this test is none."
        raise WeightsError(what, "Put them there.", name=lacks[0] if lacks else "")

    monkeypatch.setattr(fan_backend, "_load", load)
    opened.change_setting("face_backend", "fan")
    with qtbot.waitSignal(opened.run_failed, timeout=60_000):
        opened.analyse()
    qtbot.waitUntil(lambda: opened.fan.folder is not None, timeout=60_000)
    return window


def press(panel, start, qtbot):
    [button] = [button for button in panel.buttons() if button.text().startswith(start)]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def names(panel):
    return [button.text() for button in panel.buttons()]


def parts_left(server):
    return sorted(entry.name for entry in server.kept.glob("*")) if server.kept.exists() else []


def test_the_licence_is_shown_and_accepted_before_anything_is_fetched(missed, opened, server, qtbot):
    panel, fan = missed.page.strip.error, opened.fan
    assert panel.title.text() == "The face backend fan needs files."
    assert names(panel) == ["Fetch (about 180 MB)", "Pick a file...", "Use dlib instead"]
    press(panel, "Fetch", qtbot)
    assert names(panel) == ["Not now", "Accept and fetch"]
    assert all(name in panel.title.text() for name in NAMES)
    assert fan_files.SOURCE in panel.title.text()
    assert "BSD 3-Clause" in panel.words.text()
    assert str(server.kept) in panel.words.text()
    press(panel, "Not now", qtbot)
    assert names(panel)[0] == "Fetch (about 180 MB)"
    assert server.asked == []
    press(panel, "Fetch", qtbot)
    told = []
    fan.moved.connect(lambda name, done, total: told.append((name, done, total)))
    with qtbot.waitSignal(opened.run_started, timeout=20_000):  # by itself, with the files there
        press(panel, "Accept", qtbot)
        assert names(panel) == ["Cancel"]
        assert missed.status._pages.currentWidget() is missed.status.fetching
        assert missed.actions_by_id["cancel"].isEnabled()
    assert parts_left(server) == sorted(NAMES)
    assert [told[-1][:2], told[-1][2]] == [(NAMES[1], 2), 2]
    assert missed.status.fetching.progress.stage == NAMES[1]
    assert fan.state == "there"
    qtbot.waitUntil(lambda: opened.error is not None, timeout=60_000)
    assert panel.title.text() == "The network of this test is none."


def test_what_goes_wrong_stands_in_the_panel_and_leaves_nothing(missed, opened, server, monkeypatch, qtbot):
    panel = missed.page.strip.error

    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for kind, said in (
        ("stalls", ("timed out", "next to nothing came")),
        ("drops", ("ended after 1500000 of 2304000",)),
        ("wrong", ("damaged",)),
        ("good", ("No space left on device",)),
    ):
        server.kind = kind
        if kind == "good":
            monkeypatch.setattr(os, "fsync", full)
        press(panel, "Fetch", qtbot)
        press(panel, "Accept", qtbot)
        assert opened.fan.error is None
        qtbot.waitUntil(lambda: opened.fan.error is not None, timeout=20_000)
        assert opened.fan.error.what == panel.title.text()
        assert NAMES[0] in panel.title.text()
        assert any(part in panel.title.text() for part in said)
        assert names(panel) == ["Fetch again (about 180 MB)", "Pick a file...", "Use dlib instead"]
        assert opened.fan.error.advice in panel.words.text()
        assert not missed.message.isVisible()
        assert parts_left(server) == []


def test_a_silent_server_is_let_go_at_once(missed, opened, server, monkeypatch, qtbot):
    monkeypatch.setattr(fan_files, "STALLED_S", 60.0)
    server.kind = "stalls"
    panel, fan = missed.page.strip.error, opened.fan
    press(panel, "Fetch", qtbot)
    press(panel, "Accept", qtbot)
    qtbot.waitUntil(lambda: fan._at[1] >= 1, timeout=20_000)  # some came, then nothing
    assert "1 of 2 MB" in panel.words.text()
    job = fan._job
    missed.actions_by_id["cancel"].trigger()
    assert names(panel)[0] == "Fetch (about 180 MB)", "the window has let go before the worker has"
    assert "Cancelled" in panel.words.text()
    assert not fan.busy
    assert not missed.actions_by_id["cancel"].isEnabled()
    qtbot.waitUntil(lambda: job.over, timeout=20_000)  # and the worker waits for no server
    assert parts_left(server) == []
    server.kind = "good"
    press(panel, "Fetch", qtbot)
    with qtbot.waitSignal(fan.came, timeout=20_000):
        press(panel, "Accept", qtbot)
    opened.cancel()
    assert parts_left(server) == sorted(NAMES)


def test_picked_files_are_taken_or_refused_by_name(missed, opened, server, tmp_path, qtbot):
    panel, fan = missed.page.strip.error, opened.fan
    wrong = tmp_path / "holiday.pth"
    wrong.write_bytes(b"x")
    with qtbot.waitSignal(fan.pick_asked):
        press(panel, "Pick", qtbot)
    missed.commands.asking.dialog.filesSelected.emit([str(wrong)])
    missed.commands.asking.dialog.close()  # as a choice does
    qtbot.waitUntil(lambda: fan.error is not None, timeout=20_000)
    assert panel.title.text().startswith(f"{wrong} is none of")
    assert parts_left(server) == []
    server.kept.mkdir(parents=True)
    (server.kept / NAMES[1]).write_bytes(BYTES)
    right = tmp_path / "saved (1).pth"
    right.write_bytes(BYTES)
    with qtbot.waitSignal(fan.came, timeout=20_000):
        fan.take([str(right)])
    opened.cancel()
    assert parts_left(server) == sorted(NAMES)


def test_the_settings_offer_the_same(window, session, theme, server, qtbot):
    dialog = SettingsDialog(session, theme, window)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.whole)
    line = dialog.lines["face_backend"].fan
    assert not line.isVisible()
    dialog.lines["face_backend"].take("fan")
    assert line.isVisible()
    qtbot.waitUntil(lambda: session.fan.state == "lacking", timeout=60_000)
    assert names(line) == ["Fetch (about 180 MB)", "Pick a file..."]
    server.kind = "drops"
    press(line, "Fetch", qtbot)
    assert "BSD 3-Clause" in line.words.text()
    press(line, "Accept", qtbot)
    assert line.bar.isVisible()
    qtbot.waitUntil(lambda: session.fan.error is not None, timeout=20_000)
    assert line.title.property("tone") == "error"
    assert "ended after" in line.title.text()
    server.kind = "good"
    press(line, "Fetch again", qtbot)
    with qtbot.waitSignal(session.fan.came, timeout=20_000):
        press(line, "Accept", qtbot)
    assert line.title.text() == "The files of fan are there."
    assert names(line) == []
