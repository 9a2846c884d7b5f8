"""dlib in a process of its own: the same numbers, the same refusals, and it can be lost."""

import os
import signal
import sys
import threading

import numpy as np
import pytest

from mrn_core import faces
from mrn_core.clip import open_clip
from mrn_core.clip.demo import demo_clip_path
from mrn_core.errors import FaceError
from mrn_core.faces.dlib_backend import DlibBackend
from mrn_gui import face_process
from mrn_gui.face_process import FaceProcess


@pytest.fixture(scope="module")
def process():
    made = FaceProcess()
    yield made
    made.child.close()


@pytest.fixture(scope="module")
def frame():
    with open_clip(demo_clip_path()) as clip:
        return clip[30]


def test_it_finds_what_dlib_finds_to_the_last_bit(process, frame):
    here, there = DlibBackend().detect(frame), process.detect(frame)
    assert len(here) == len(there) == 1
    assert here[0].box == there[0].box
    assert here[0].quality == there[0].quality
    assert np.array_equal(here[0].landmarks, there[0].landmarks)
    assert process.detect(np.zeros_like(frame)) == []
    box = here[0].box
    assert np.array_equal(DlibBackend().predict(frame, box).landmarks, process.predict(frame, box).landmarks)


def test_a_fault_in_it_is_a_fault_here(process):
    with pytest.raises(ValueError, match="zero-size") as caught:
        process.detect(np.zeros((2, 0, 3), np.uint8))
    assert "dlib_backend.py" in str(caught.value.__cause__), "where it was met there"


def test_when_it_is_lost_the_next_question_starts_it_again(process, frame):
    process.child.start()
    process.child._process.kill()
    process.child._process.wait()
    assert len(process.detect(frame)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP there")
def test_when_it_is_lost_over_a_question_it_is_said_and_the_next_one_works(process, frame):
    process.child.start()
    child = process.child._process
    os.kill(child.pid, signal.SIGSTOP)
    end = threading.Timer(0.2, child.kill)
    end.start()
    with pytest.raises(FaceError, match="ended unexpectedly"):
        process.detect(frame)
    end.join()
    assert len(process.detect(frame)) == 1


def test_after_close_nothing_is_asked(frame):
    made = FaceProcess()
    made.child.close()
    with pytest.raises(FaceError, match="closed"):
        made.detect(frame)
    with pytest.raises(FaceError, match="closed"):
        made.child.start()


def test_it_takes_the_place_of_the_cores_own_and_gives_it_back():
    before = faces.backends["dlib"]
    face_process.install()
    face_process.install()
    assert isinstance(faces.face_backend("dlib"), FaceProcess)
    face_process.remove()
    face_process.remove()
    assert faces.face_backend("dlib") is before
