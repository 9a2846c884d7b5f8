"""From clip to clip through a folder."""

import cv2
import numpy as np
import pytest

from mrn_gui.player.neighbours import Neighbours


@pytest.fixture
def folders(tmp_path):
    for name, grey in (("EP1", 10), ("EP2", 60), ("EP10", 110)):
        (tmp_path / name).mkdir()
        for i in range(3):
            cv2.imwrite(str(tmp_path / name / f"img{i}.png"), np.full((48, 64, 3), grey + i, np.uint8))
    return tmp_path


@pytest.fixture
def neighbours(session, folders, qtbot):
    made = Neighbours(session)
    made._quiet.setInterval(20)
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(folders / "EP1")
    return made


def go(neighbours, session, qtbot, way):
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        neighbours.go(way)
    return session.clip.name


def test_the_next_clip_is_open_before_it_is_asked_for(neighbours, session, folders, qtbot):
    qtbot.waitUntil(lambda: neighbours.ahead == folders / "EP2", timeout=20_000)
    ahead, announced = neighbours._ahead[1][0], []
    session.opening_changed.connect(lambda: announced.append(session.opening))
    assert go(neighbours, session, qtbot, 1) == "EP2"
    assert session.clip is ahead
    assert not any(announced)
    assert session.clip[1][0, 0, 0] == 61
    assert session.store.recent()[0].name == "EP2"
    qtbot.waitUntil(lambda: neighbours.ahead == folders / "EP10", timeout=20_000)


def test_what_was_opened_ahead_in_vain_is_closed(neighbours, session, folders, qtbot):
    assert go(neighbours, session, qtbot, 1) == "EP2"
    qtbot.waitUntil(lambda: neighbours.ahead is not None, timeout=20_000)
    ahead = neighbours._ahead[1][0]
    assert go(neighbours, session, qtbot, -1) == "EP1"
    assert ahead._closed
    assert session.clip[0][0, 0, 0] == 10


def test_the_ends_are_said(neighbours, session, folders, qtbot):
    with qtbot.waitSignal(session.notice, timeout=20_000) as said:
        neighbours.go(-1)
    assert said.args[0] == f"EP1 is the first of 3 clips in {folders.name}."
    assert session.clip.name == "EP1"


def test_a_broken_clip_is_said_and_passed(neighbours, session, folders, qtbot):
    for file in (folders / "EP2").iterdir():
        file.write_bytes(b"no picture")
    with qtbot.waitSignal(session.open_failed, timeout=20_000) as said:
        neighbours.go(1)
    assert "EP2" in said.args[0].what
    assert session.clip.name == "EP1"
    assert go(neighbours, session, qtbot, 1) == "EP10"


def test_a_long_clip_is_not_opened_ahead(neighbours, session, folders, qtbot, monkeypatch):
    monkeypatch.setattr("mrn_gui.player.neighbours.MOST_BYTES", 10)
    neighbours._clip_changed()
    with qtbot.waitSignal(neighbours._quiet.timeout, timeout=20_000):
        pass
    qtbot.wait(50)
    assert neighbours.ahead is None
    assert go(neighbours, session, qtbot, 1) == "EP2"
