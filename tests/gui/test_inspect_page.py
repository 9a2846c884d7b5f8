"""The Inspect page over a session: what was shown comes back as it was, dimmed where it is old."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QTableView, QToolButton

from mrn_gui.selection import Place


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
    analysed.set_mark("apex", 52, "annotated")
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


def test_what_is_pointed_at_is_said_in_every_view_and_let_go_again(page, window, analysed, qtbot):
    """One selection: the matrix, Why, the strip's canvas, the big picture, beta and the timeline."""
    selection, last = window.selection, len(analysed.analysis.levels) - 1
    selection.hover(Place(last, 0))
    gain = f"×{analysed.analysis.gains[last]:.1f}"
    assert page.player.timeline.level_words == f"level {last} {gain}"
    assert page.why.header.right_remark == f"query {last} → key 0"
    assert page.level.canvas.level == last
    for view in (page.strip.canvas, page.heads.canvas, page.attention.matrix, page.why.canvas):
        assert view.marked_places() == [(Place(last, 0), False, False)]
    selection.click(Place.level(1))
    selection.hover(None)
    assert page.player.timeline.level_words.startswith("level 1 ")
    assert page.level.canvas.level == 1
    assert page.why.header.right_remark == "level 1"
    selection.let_go()
    assert page.player.timeline.level_words == ""
    timeline = page.player.timeline
    before = timeline.grab().toImage()
    selection.hover(Place.level(2))
    assert timeline.grab().toImage() != before
    selection.hover(None)
    assert timeline.grab().toImage() == before


def test_keys_reach_the_panels_but_not_from_a_field_and_the_views_follow_the_matrix(page, window, qtbot):
    selection = window.selection
    for panel, key, head in (
        (page.player.timeline, Qt.Key.Key_3, 2),
        (page.heads.canvas, Qt.Key.Key_8, 7),
        (page.attention.matrix, Qt.Key.Key_5, 4),
    ):
        panel.setFocus()
        qtbot.keyClick(panel, key)
        assert selection.head == head
    window.docks.toggle("levels")
    for elsewhere, key, head in (
        (window.docks["levels"].findChild(QTableView), Qt.Key.Key_2, 1),
        (window.top_bar.findChild(QToolButton), Qt.Key.Key_5, 4),
    ):
        elsewhere.setFocus()
        qtbot.keyClick(elsewhere, key)
        assert selection.head == head
    window.docks.toggle("levels")
    field = page.whatif.findChildren(QLineEdit)[0]
    field.setFocus()
    for key in (Qt.Key.Key_2, Qt.Key.Key_V, Qt.Key.Key_B):
        qtbot.keyClick(field, key)
    assert (selection.head, selection.block, page.attention.matrix.value) == (4, 0, "scaled")
    window.actions_by_id["value"].trigger()
    window.actions_by_id["reverse_map"].trigger()
    assert page.attention.matrix.value == page.heads.canvas.value == "weight"
    assert page.attention.matrix.reverse
    assert page.heads.canvas.reverse
    assert page.heads.canvas.chance is page.attention.matrix.chance is not None
    page.attention.show_over("union all")
    selection.hover(Place(1, 0))
    assert page.why.header.right_remark == "in block 1, head 5", "the matrix shows many, Why speaks of one"
    page.attention.show_over("head")
    assert page.why.header.right_remark == "query 1 → key 0"


def test_a_missing_face_finder_says_what_to_do_and_dlib_takes_its_place(page, opened, monkeypatch, qtbot):
    from mrn_core.errors import WeightsError
    from mrn_core.faces import fan_backend

    def missing():
        raise WeightsError("The face backend fan needs a file.", "Put it there.", name=fan_backend.FILES[0])

    monkeypatch.setattr(fan_backend, "_load", missing)
    opened.change_setting("face_backend", "fan")
    with qtbot.waitSignal(opened.run_failed, timeout=60_000):
        opened.analyse()
    shown = {button.text(): button for button in page.strip.findChildren(QPushButton) if button.isVisible()}
    assert "Use dlib instead" in shown
    qtbot.mouseClick(shown["Use dlib instead"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.analysis is not None, timeout=120_000)
    assert opened.settings.face_backend == "dlib"
    assert opened.analysis.face.source == "dlib"


def test_without_the_package_of_fan_its_files_are_not_the_main_thing(page, opened, monkeypatch, qtbot):
    from mrn_core.errors import SettingsError
    from mrn_core.faces import fan_backend

    def missing():
        raise SettingsError("The package is not installed.", "Install it.", field="face_backend")

    monkeypatch.setattr(fan_backend, "check_package", missing)
    opened.change_setting("face_backend", "fan")
    with qtbot.waitSignal(opened.run_failed, timeout=60_000):
        opened.analyse()
    qtbot.waitUntil(lambda: bool(opened.fan.package), timeout=60_000)
    main = [button.text() for button in page.strip.error.buttons() if button.property("kind") == "primary"]
    assert main == ["Use dlib instead"]
    assert "Install it." in page.strip.error.words.text()


def test_a_difference_of_many_pairs_is_shown_when_its_scale_is_known(window, analysed, monkeypatch, qtbot):
    """Over 24 heads of 512 levels finding it takes a third of a second."""
    from mrn_gui import inspect_page

    page = window.page
    monkeypatch.setattr(inspect_page, "SLOW_PAIRS", 0)
    page.whatif.pinned.toggle()
    with qtbot.waitSignal(analysed.analysis_changed, timeout=20_000):
        analysed.change_setting("network.planes", 2)
    pairs = page.whatif.pinned.difference.pairs
    assert pairs is not None
    assert page.attention.matrix.beside is None
    assert page.heads.canvas.beside is None
    qtbot.waitUntil(lambda: page.attention.matrix.beside is pairs)
    assert page.heads.canvas.beside is pairs
    assert page.attention.matrix.value == "difference"
    assert "weight" in pairs._tops
    page.whatif.pinned.toggle()
    assert page.attention.matrix.beside is None
