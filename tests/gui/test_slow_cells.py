"""All heads of many levels are put together in a worker; the picture before stands until they are."""

import numpy as np
import pytest
from sample import sample_analysis

from mrn_core.network import explain
from mrn_gui.attention import model as attention_model
from mrn_gui.attention.view import AttentionView
from mrn_gui.jobs import Jobs
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme

ANALYSIS = sample_analysis(12, heads=4, size=8)


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    assert made.shutdown(5)


def shown(qtbot, jobs):
    selection = Selection()
    selection.set_shape(3, 4, 12, 4)
    view = AttentionView(selection, Theme(), jobs=jobs)
    view.resize(620, 600)
    qtbot.addWidget(view)
    view.show_analysis(ANALYSIS)
    view.show()
    return view


def picture(view):
    view.matrix.clearFocus()  # its frame is none of this
    return view.matrix.grab().toImage()


def test_the_picture_before_stands_until_the_cells_are_there(qtbot, jobs, monkeypatch):
    view, plain = shown(qtbot, jobs), shown(qtbot, None)
    before = picture(view)
    monkeypatch.setattr(attention_model, "SLOW_PAIRS", 0)
    for each in (view, plain):
        each.show_over("mean all")
    assert picture(view) == before
    assert not view.matrix.up_to_date
    qtbot.waitUntil(lambda: view.matrix.model.worked_out)
    assert picture(view) == picture(plain)
    assert view.matrix.up_to_date
    np.testing.assert_array_equal(
        view.matrix.model.cells.values, explain.cells_over(ANALYSIS.traces, "scaled", "mean").values
    )


def test_one_head_waits_for_nothing_and_another_head_changes_no_mean(qtbot, jobs, monkeypatch):
    view = shown(qtbot, jobs)
    monkeypatch.setattr(attention_model, "SLOW_PAIRS", 0)
    view.selection.choose(head=2)
    picture(view)
    assert view.matrix.up_to_date
    view.show_over("mean all")
    picture(view)
    qtbot.waitUntil(lambda: view.matrix.model.worked_out)
    cells = view.matrix.model.cells
    view.selection.choose(head=1, block=2)
    assert view.matrix.model.cells is cells
    view.show_over("mean block")
    assert not view.matrix.model.worked_out
    picture(view)
    qtbot.waitUntil(lambda: view.matrix.model.worked_out)
    view.selection.choose(block=0)
    assert not view.matrix.model.worked_out, "another block has other heads"


def test_what_goes_wrong_is_told_and_asked_for_once(qtbot, jobs, monkeypatch):
    view = shown(qtbot, jobs)
    monkeypatch.setattr(attention_model, "SLOW_PAIRS", 0)

    def fails(*_):
        raise MemoryError("no room")

    monkeypatch.setattr(explain, "cells_over", fails)
    with qtbot.waitSignal(view.matrix.failed, timeout=5000) as told:
        view.show_over("union all")
        picture(view)
    assert isinstance(told.args[0], MemoryError)
    with qtbot.assertNotEmitted(view.matrix.failed, wait=100):
        picture(view)
