"""Work in lanes: answers arrive in order and in the window's thread, or not at all."""

import gc
import threading
import time
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QThread

from mrn_core.errors import Cancelled
from mrn_gui import jobs as module
from mrn_gui.jobs import Jobs


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    assert made.shutdown(10)


def test_progress_parts_result_and_end_in_this_order_and_thread(jobs, qtbot, qapp):
    said = []
    here = []

    def note(kind):
        return lambda *values: (said.append((kind, *values)), here.append(QThread.currentThread()))

    def work(job):
        job.progress("stage", 1, 2)
        job.part(7, "seven")
        return threading.current_thread().name

    answers = {kind: note(kind) for kind in ("progress", "part", "done", "failed", "ended")}
    jobs.start("lane", work, **answers)
    qtbot.waitUntil(lambda: ("ended",) in said, timeout=5000)
    assert said == [("progress", "stage", 1, 2), ("part", 7, "seven"), ("done", "mrn lane"), ("ended",)]
    assert set(here) == {qapp.thread()}


def test_an_error_is_delivered_and_the_lane_goes_on(jobs, qtbot):
    errors, results = [], []

    def bad(job):
        raise ValueError("no")

    jobs.start("lane", bad, failed=errors.append)
    jobs.start("lane", lambda job: 5, done=results.append)
    qtbot.waitUntil(lambda: results == [5], timeout=5000)
    assert isinstance(errors[0], ValueError)


def test_nothing_arrives_after_cancel_but_the_end(jobs, qtbot):
    said, going, go = [], threading.Event(), threading.Event()

    def work(job):
        job.part("early")
        going.set()
        go.wait(5)
        job.part("late")
        if job.cancelled():
            raise Cancelled
        return "whole"

    job = jobs.start(
        "lane", work, part=said.append, done=said.append, failed=said.append, ended=lambda: said.append("end")
    )
    going.wait(5)
    job.cancel()
    go.set()
    qtbot.waitUntil(lambda: "end" in said, timeout=5000)
    assert said == ["end"]
    assert job.over


def test_the_latest_work_takes_the_place_of_what_waits(jobs, qtbot):
    results, go = [], threading.Event()
    jobs.start("lane", lambda job: go.wait(5))
    for number in range(20):
        jobs.start("lane", lambda job, number=number: number, done=results.append, latest=True)
    go.set()
    qtbot.waitUntil(lambda: bool(results), timeout=5000)
    qtbot.wait(20)
    assert results == [19]


def test_two_lanes_run_side_by_side(jobs, qtbot):
    both = threading.Barrier(2, timeout=5)
    met = []
    jobs.start("one", lambda job: both.wait(), done=met.append)
    jobs.start("two", lambda job: both.wait(), done=met.append)
    qtbot.waitUntil(lambda: len(met) == 2, timeout=6000)


def test_a_view_that_is_gone_gets_no_answer(jobs, qtbot):
    heard = []

    class View:
        def answer(self, value):
            heard.append(value)

    view, go = View(), threading.Event()
    jobs.start("lane", lambda job: go.wait(5), done=view.answer)
    del view
    gc.collect()
    go.set()
    jobs.start("lane", lambda job: "other", done=heard.append)
    qtbot.waitUntil(lambda: heard == ["other"], timeout=5000)


def test_shutdown_says_when_a_thread_does_not_end(qapp):
    jobs, go, going = Jobs(), threading.Event(), threading.Event()
    jobs.start("stuck", lambda job: (going.set(), go.wait(20)))
    going.wait(5)
    assert not jobs.shutdown(0.05)
    go.set()
    assert jobs.shutdown(5)


def test_after_shutdown_nothing_starts(qapp):
    jobs = Jobs()
    assert jobs.shutdown()
    job = jobs.start("lane", lambda job: pytest.fail("ran"))
    assert job.over
    assert job.cancelled()


def test_work_that_asks_often_gives_way_now_and_then(jobs, qtbot, monkeypatch):
    """Each time costs it a sleep, so not at each question."""
    gave, now, asked = [], [10.0], []
    monkeypatch.setattr(module, "_give_way", lambda: gave.append(threading.current_thread().name))
    clock = SimpleNamespace(perf_counter=lambda: now[0], monotonic=time.monotonic)
    monkeypatch.setattr(module, "time", clock)

    def work(job):
        for _ in range(100):
            asked.append(job.cancelled())
            now[0] += module.GIVES_WAY_EVERY_S / 10

    done = []
    jobs.start("lane", work, done=lambda _: done.append(True))
    qtbot.waitUntil(lambda: bool(done), timeout=5000)
    assert gave == ["mrn lane"] * len(gave)
    assert 9 <= len(gave) <= 12
    assert asked == [False] * 100
