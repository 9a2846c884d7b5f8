"""The Inspect page over a session: what was shown comes back as it was, dimmed where it is old."""

import pytest


@pytest.fixture
def page(window, analysed, qtbot):
    qtbot.waitUntil(lambda: analysed.chance is not None, timeout=60_000)
    return window.page


def test_after_cancel_the_old_strip_is_dimmed_and_has_its_ticks(page, analysed, qtbot):
    analysed.set_mark("apex", 45)
    analysed.analyse()
    assert page.strip.canvas.analysis is None
    assert page.strip.canvas.stale is None
    analysed.cancel()
    canvas = page.strip.canvas
    assert canvas.analysis is analysed.analysis
    assert canvas.stale == "Previous analysis: onset 30, apex 52"
    assert canvas.chance is analysed.chance
    analysed.set_mark("apex", 52)
    assert canvas.stale is None
    assert canvas.chance is analysed.chance


def test_a_mark_moved_after_an_error_shows_the_old_strip_dimmed(page, analysed, qtbot):
    analysed.set_mark("onset", 60)
    with qtbot.waitSignal(analysed.run_failed, timeout=20_000):
        analysed.analyse()
    assert page.strip.shows_error
    analysed.set_mark("onset", 31)
    canvas = page.strip.canvas
    assert not page.strip.shows_error
    assert canvas.stale is not None
    assert canvas.chance is analysed.chance
