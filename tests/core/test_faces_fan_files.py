"""Fetching the weights of fan from a server on this machine that does what servers do wrong."""

import errno
import hashlib
import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mrn_core.cli import main
from mrn_core.errors import Cancelled, WeightsError
from mrn_core.faces import fan_files

BYTES = bytes(range(256)) * 2000
NAME = f"net-{hashlib.sha256(BYTES).hexdigest()[:10]}.pth"
release = threading.Event()


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, name = self.path.strip("/").split("/")
        if kind == "moved":
            self.send_response(302)
            self.send_header("Location", f"/good/{name}")
            self.end_headers()
            return
        if kind == "missing":
            self.send_error(404)
            return
        self.send_response(200)
        if kind == "huge":
            self.send_header("Content-Length", str(fan_files.LARGEST + 1))
        elif kind != "endless":
            self.send_header("Content-Length", str(len(BYTES)))
        self.end_headers()
        if kind == "drips":
            while not release.wait(0.05):
                self.wfile.write(b"x")
        elif kind in ("drops", "stalls"):
            self.wfile.write(BYTES[:70000])
            if kind == "stalls":
                self.wfile.flush()
                release.wait(20)
        elif kind == "wrong":
            self.wfile.write(b"x" * len(BYTES))
        elif kind != "huge":
            self.wfile.write(BYTES * (3 if kind == "endless" else 1))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Server) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/"
        release.set()
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", ["good", "moved"])
def test_a_file_is_fetched_with_progress(kind: str, server: str, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    path = fan_files.fetch(NAME, tmp_path, lambda *part: told.append(part), source=f"{server}{kind}/")
    assert path.read_bytes() == BYTES
    assert [entry.name for entry in tmp_path.iterdir()] == [NAME]
    assert told[-1] == (NAME, len(BYTES), len(BYTES))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("stalls", "timed out|next to nothing came for 0.3 s"),
        ("drips", "next to nothing came for 0.3 s"),
        ("drops", "ended after 70000 of 512000"),
        ("wrong", "damaged"),
        ("missing", "Not Found"),
        ("huge", "far too many"),
        ("endless", "sends more than"),
    ],
)
def test_a_bad_server_leaves_what_was_there(
    kind: str, said: str, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "endless":
        monkeypatch.setattr(fan_files, "LARGEST", len(BYTES) + 1)
    (tmp_path / NAME).write_bytes(b"before")
    with pytest.raises(WeightsError, match=said) as error:
        fan_files.fetch(NAME, tmp_path, source=f"{server}{kind}/", stalled_s=0.3)
    assert NAME in str(error.value)
    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [(NAME, b"before")]
    # and the next try starts afresh
    assert fan_files.fetch(NAME, tmp_path, source=f"{server}good/").read_bytes() == BYTES


def test_a_silent_server_does_not_hold_up_who_cancels(server: str, tmp_path: Path) -> None:
    asked: list[int] = []

    def cancel() -> bool:
        asked.append(len(asked))
        return len(asked) > 3

    with pytest.raises(Cancelled):  # and not the error of a server that stands still
        fan_files.fetch(NAME, tmp_path, cancel=cancel, source=f"{server}stalls/", stalled_s=15)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_named_and_nothing_is_left(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WeightsError, match=f"cannot be kept in {tmp_path}: No space left") as error:
        fan_files.fetch(NAME, tmp_path, source=f"{server}good/")
    assert "Make room" in error.value.advice
    assert list(tmp_path.iterdir()) == []


def test_what_is_lacking_is_told_with_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fan_files.lacking(tmp_path) == list(fan_files.FILES)
    assert fan_files.size_told(fan_files.FILES) == "about 185 MB"
    monkeypatch.setattr(fan_files, "FILES", (NAME,))
    (tmp_path / NAME).write_bytes(BYTES)
    assert fan_files.lacking(tmp_path) == []
    (tmp_path / NAME).write_bytes(BYTES[1:])
    assert fan_files.lacking(tmp_path) == [NAME]


def test_no_server_and_cancelling_leave_nothing(server: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="could not be fetched"):
        fan_files.fetch(NAME, tmp_path, source="http://127.0.0.1:9/")
    with pytest.raises(Cancelled):
        fan_files.fetch(NAME, tmp_path, cancel=lambda: True, source=f"{server}good/")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_known_by_its_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fan_files, "FILES", (NAME,))
    given, folder = tmp_path / "saved (1).pth", tmp_path / "kept"
    given.write_bytes(BYTES)
    assert fan_files.take(given, folder).read_bytes() == BYTES
    given.write_bytes(BYTES[:-1])
    with pytest.raises(WeightsError, match=r"saved \(1\)\.pth is none of"):
        fan_files.take(given, folder)
    assert [entry.name for entry in folder.iterdir()] == [NAME]


def test_the_command_tells_fetches_only_when_asked_and_takes_files(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(fan_files, "FILES", (NAME,))
    fetch = partial(fan_files.fetch, source=f"{server}good/")
    monkeypatch.setattr(fan_files, "fetch", fetch)
    kept = tmp_path / "hub" / "checkpoints" / NAME
    assert main(["weights", "fan"]) == 0
    told = capsys.readouterr().out
    assert "licence" in told
    assert "not installed" in told
    assert not kept.exists()
    assert main(["weights", "fan", "--fetch"]) == 0
    assert kept.read_bytes() == BYTES
    kept.write_bytes(b"broken")
    assert main(["weights", "fan", "--from", str(kept)]) == 2
    assert NAME in capsys.readouterr().err
    assert main(["weights", "fan"]) == 0
    assert "damaged" in capsys.readouterr().out


def test_the_real_files_are_known_by_their_whole_hash(tmp_path: Path) -> None:
    for name in fan_files.FILES:
        whole, stated = fan_files.stated_hash(name), name.split("-")[1].split(".")[0]
        assert len(whole) == 64
        assert whole.startswith(stated)
        (tmp_path / name).write_bytes(b"something else")
        with pytest.raises(WeightsError, match=f"not {whole}"):
            fan_files.check_file(tmp_path / name)
