"""Garbage is looked for in the window's thread alone."""

import gc
import threading

import pytest

from mrn_gui.garbage import Garbage


class Loop:
    """Something that only a search for garbage frees; notes which thread did."""

    def __init__(self, freed):
        self.freed, self.me = freed, self

    def __del__(self):
        self.freed.append(threading.current_thread())


@pytest.fixture
def garbage(qapp):
    was = gc.isenabled()
    made = Garbage()
    yield made
    made.remove()
    if not was:
        gc.disable()


def test_what_a_worker_leaves_is_freed_by_the_thread_of_the_window(garbage, qtbot):
    freed = []
    worker = threading.Thread(target=lambda: [Loop(freed) for _ in range(3 * gc.get_threshold()[0])])
    worker.start()
    worker.join()
    assert freed == []
    qtbot.waitUntil(lambda: len(freed) == 3 * gc.get_threshold()[0], timeout=10_000)
    assert set(freed) == {threading.main_thread()}


def test_afterwards_python_searches_by_itself_again(garbage):
    assert not gc.isenabled()
    garbage.remove()
    assert gc.isenabled()
