"""The window: its smallest size, its places, and what it says when something fails."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from mrn_core.clip.demo import demo_clip_path
from mrn_core.errors import MRNError
from mrn_gui.layout import LARGE, MINIMUM, SMALL, drawn_sizes
from mrn_gui.selection import Place
from mrn_gui.told import marks_told, provenance_told
from mrn_gui.window import MainWindow, stored_theme


def picture(widget):
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : 3 * image.width()].copy()


def visible_texts(window):
    return " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_layout_fits_a_small_screen(window, theme, name, analysed):
    theme.set(name)
    analysed.change_setting("network.tables", 16)
    QApplication.processEvents()
    least = window.minimumSizeHint()
    assert least.width() <= MINIMUM[0]
    assert least.height() <= MINIMUM[1]
    window.resize(*MINIMUM)
    assert (window.width(), window.height()) == MINIMUM


def test_the_panels_have_the_drawn_sizes(window, opened):
    for size in (SMALL, LARGE):
        window.resize(*size)
        QApplication.processEvents()
        page, drawn = window.page, drawn_sizes(*size)
        assert abs(page.player.width() - drawn.left) <= 1
        assert abs(page.player.height() - drawn.clip) <= 1
        assert abs(page.strip.height() - drawn.strip) <= 1
        assert abs(page.heads.width() - drawn.heads) <= 1
        assert abs(page.why.width() - drawn.right) <= 1
        assert abs(page.reading.width() - drawn.reading) <= 1
        assert window.top_bar.height() == drawn.top_bar


def test_a_low_window_folds_the_level_panel(window, opened):
    window.resize(1280, 700)
    QApplication.processEvents()
    assert window.height() == 700
    assert window.page.level.height() <= 36
    window.resize(1280, 800)
    QApplication.processEvents()
    assert window.page.level.height() > 150


def test_nothing_open_shows_the_start_page(window, session):
    assert window.start.isVisible()
    assert not window.top_bar.main.isEnabled()
    assert "Open a clip of a face" in visible_texts(window)
    assert not window.actions_by_id["play"].isEnabled()


def test_opening_marking_and_analysing(window, analysed, qtbot):
    assert window.page.isVisible()
    assert window.top_bar.main.text() == "Up to date"
    assert "seed 0" in window.status.words
    assert "CPU" in window.status.words
    assert window.selection.levels == 4
    analysed.seek(40)
    qtbot.keyClick(window.page.player.timeline, Qt.Key.Key_P)
    assert analysed.marks.apex == 40
    assert window.top_bar.main.text() == "Analyse"
    assert window.page.attention.matrix.stale == "Previous analysis: onset 30, apex 52"
    window._main()
    assert window.top_bar.main.text() == "Cancel"
    qtbot.waitUntil(lambda: window.top_bar.main.text() == "Up to date", timeout=60_000)
    assert window.page.attention.matrix.stale is None


def test_an_error_stands_in_its_panel_and_the_last_answer_stays(window, analysed, qtbot):
    shown = analysed.analysis
    analysed.set_mark("onset", 60)
    with qtbot.waitSignal(analysed.run_failed, timeout=20_000):
        window._main()
    assert window.page.strip.shows_error
    assert "onset 60 is after the apex" in window.page.strip.error.title.text()
    assert [b.text() for b in window.page.strip.error.buttons()] == [
        "Show frame 60",
        "Copy details",
    ]
    assert window.page.attention.matrix.analysis is shown
    assert QApplication.activeModalWidget() is None
    window.page.strip.error.buttons()[1].click()
    assert "onset 60" in QGuiApplication.clipboard().text()
    window.page.strip.error.buttons()[0].click()
    assert analysed.frame == 60
    assert [b.text() for b in window.page.strip.error.buttons()] == ["Copy details"]
    analysed.set_mark("onset", 30)
    assert not window.page.strip.shows_error
    assert window.page.strip.canvas.analysis is shown


def test_a_file_that_is_no_clip_is_said_in_place(window, opened, tmp_path, qtbot):
    bad = tmp_path / "text.mp4"
    bad.write_text("no video")
    with qtbot.waitSignal(opened.open_failed, timeout=20_000):
        window.commands.open_path(str(bad))
    assert window.message.isVisible()
    assert "text.mp4" in window.message.title.text()
    assert window.page.isVisible()
    assert opened.clip.name == demo_clip_path().name
    window.commands.let_go()
    assert not window.message.isVisible()


def test_an_unexpected_error_is_said_with_its_details(window):
    window.commands.show_error(ZeroDivisionError("by nought"))
    assert "by nought" in window.message.title.text()
    window.commands.copy_details(MRNError("What.", "Do."))
    assert "What. Do." in QGuiApplication.clipboard().text()


def test_a_message_leaves_the_matrix_free(window, opened):
    matrix, message = window.page.attention, window.message
    for size in (SMALL, LARGE):
        window.resize(*size)
        QApplication.processEvents()
        message.say("error", "A long sentence. " * 8, "What to do. " * 10, [("Copy details", print)])
        panel = matrix.rect().translated(matrix.mapTo(window, QPoint(0, 0)))
        assert not panel.intersects(message.rect().translated(message.mapTo(window, QPoint(0, 0))))


@pytest.mark.parametrize("place", [(9999, 9999), (-6218, 212)])
def test_a_place_off_the_screens_is_brought_back(session, theme, stored, qtbot, place):
    first = MainWindow(session, theme, stored)
    qtbot.addWidget(first)
    first.resize(900, 700)
    first.show()
    first.move(*place)
    first.close()
    again = MainWindow(session, theme, stored)
    qtbot.addWidget(again)
    again.show()
    assert can_be_reached(again)
    again.move(*place)
    again.bring_back()
    assert can_be_reached(again)


def can_be_reached(window):
    """Whether at least 100 x 100 px of the frame, its top edge among them, stand on a screen."""
    frame = window.frameGeometry()
    seen = [screen.availableGeometry().intersected(frame) for screen in QGuiApplication.screens()]
    return any(min(part.width(), part.height()) >= 100 and part.top() <= frame.top() + 4 for part in seen)


def settled(window, qtbot):
    """The window's picture once nothing that workers still bring changes it."""
    before = picture(window)
    for _ in range(40):
        qtbot.wait(250)
        now = picture(window)
        if np.array_equal(now, before):
            break
        before = now
    return now


def test_the_third_theme_looks_like_the_first(window, analysed, theme, stored, qtbot):
    arrived = lambda: analysed.chance is not None and analysed.curve is not None  # noqa: E731
    qtbot.waitUntil(arrived, timeout=60_000)
    first = settled(window, qtbot)
    theme.set("dark")
    dark = settled(window, qtbot)  # Qt lays out again what the sheet changed before it paints, not at once
    theme.set("light")
    assert np.array_equal(settled(window, qtbot), first)
    assert not np.array_equal(dark, first)
    assert dark.mean() < 110 < first.mean()
    assert stored_theme(stored) == "light"


def test_every_button_without_words_says_what_it_does(window, analysed):
    for button in window.findChildren(QToolButton):
        if button.parent() is not None and button.isVisible() and not button.text():
            assert button.toolTip() or button.accessibleName()


def test_the_warnings_of_an_analysis_are_seen(window, analysed, qtbot):
    analysed.change_setting("micro_motion_px", 0.1)
    analysed.analyse()
    qtbot.waitUntil(lambda: not analysed.running, timeout=60_000)
    assert analysed.analysis.warnings
    assert window.top_bar.warnings.sentences == analysed.analysis.warnings
    window.top_bar.warnings.click()
    assert analysed.analysis.warnings[0] in window.message.title.text()


def test_words_of_marks_and_provenance(analysed):
    clip, marks = analysed.clip.so_far(), analysed.marks
    assert marks_told(clip, marks, wide=False) == "30 → 52 of 100"
    assert marks_told(clip, marks, wide=False, named=True) == "onset 30 → apex 52 of 100 frames"
    assert marks_told(clip, marks, wide=True) == "100 frames · 200 fps · onset 30 · apex 52"
    late, early = replace(marks, offset=80), replace(marks, offset=52)
    assert marks_told(clip, late, wide=False) == "30 → 52 → 80 of 100"
    assert marks_told(clip, early, wide=False) == "30 → 52 of 100 · offset 52 too early"
    assert marks_told(clip, early, False, True, True) == (
        "onset 30 → apex 52 of 100 frames · offset 52 too early"
    )
    assert marks_told(clip, early, wide=True).endswith("apex 52 · offset 52 (too early)")
    whole = replace(marks, face="whole")
    assert marks_told(clip, whole, wide=False) == "30 → 52 of 100 · whole picture is the face"
    assert marks_told(clip, replace(marks, face=(1, 2, 30, 40)), wide=True).endswith("· face box drawn")
    told = provenance_told(analysed.analysis, analysed.settings)
    assert told == "Untrained weights · seed 0 · CPU · 1 thread · float32"
    assert provenance_told(None, analysed.settings) == "Untrained weights · seed 0 · float32"


def test_the_layout_somebody_made_is_there_again(session, theme, stored, qtbot, window, opened):
    splitter = window.page._splitters["all"]
    splitter.moveSplitter(400, 1)
    window.page._hand_moved()
    assert window.page.player.width() == pytest.approx(400, abs=2)
    window.close()
    again = MainWindow(session, theme, stored)
    qtbot.addWidget(again)
    again.resize(1280, 800)
    again.show()
    QApplication.processEvents()
    assert again.page.player.width() == pytest.approx(400, abs=4)
    again.page.reset_layout()
    assert again.page.player.width() == pytest.approx(240, abs=2)


def test_analysing_without_marks_says_which_are_missing(window, opened, qtbot):
    opened.set_mark("apex", None)
    qtbot.keyClick(window.page.player.timeline, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.message.title.text() == "Mark the apex (P) first."
    assert not opened.running
    assert window.page.attention.matrix.waiting == "Mark the apex (P), then analyse (Ctrl Enter)"
    opened.set_mark("onset", None)
    assert (
        window.page.level.canvas.waiting == "Mark the onset (I) and the apex (P), then analyse (Ctrl Enter)"
    )
    opened.set_mark("onset", 30)
    opened.set_mark("apex", 52)
    assert window.page.attention.matrix.waiting == "Appears when the clip is analysed"


def test_the_demo_clip_that_is_open_keeps_its_analysis(window, analysed, qtbot):
    shown, clip = analysed.analysis, analysed.clip
    qtbot.keyClick(window.page.player.timeline, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert analysed.opening is None
    assert "open already" in window.message.title.text()
    assert (analysed.analysis, analysed.clip) == (shown, clip)


def test_the_menu_button_is_let_go_with_its_menu(window):
    button = window.top_bar.menu_button
    QCursor.setPos(window.mapToGlobal(QPoint(600, 400)))
    button.setDown(True)
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    window.menu.aboutToHide.emit()
    assert not button.isDown()
    assert not button.testAttribute(Qt.WidgetAttribute.WA_UnderMouse)


def test_a_face_crop_is_analysed_whole_after_no_face_was_found(window, session, tmp_path, qtbot):
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(textures(tmp_path / "crops"))
    session.set_mark("onset", 0)
    session.set_mark("apex", 2)
    with qtbot.waitSignal(session.run_failed, timeout=60_000):
        session.analyse()
    error = window.page.strip.error
    assert [b.text() for b in error.buttons()] == [
        "The clip is a face crop already",
        "Draw the face box",
        "Copy details",
    ]
    assert "--" not in error.words.text()
    error.buttons()[0].click()
    qtbot.waitUntil(lambda: session.analysis is not None, timeout=60_000)
    assert session.analysis.face.source == "whole"
    assert window.actions_by_id["whole_face"].isChecked()
    assert "whole picture" in visible_texts(window)
    window.actions_by_id["detect_face"].trigger()
    assert session.marks.face is None
    assert not window.actions_by_id["whole_face"].isChecked()
    assert session.stale == "Previous analysis: whole picture is the face"
    window.actions_by_id["whole_face"].trigger()
    assert session.stale is None


def textures(folder):
    """Pictures that hold no face, with something that moves."""
    folder.mkdir()
    y, x = np.mgrid[0:120, 0:120]
    for i in range(3):
        wave = 120 + 60 * np.sin((x + i) / 7) * np.cos(y / 9)
        cv2.imwrite(str(folder / f"img{i}.png"), wave.astype(np.uint8))
    return folder


def test_another_clip_starts_with_nothing_pinned(window, analysed, tmp_path, qtbot):
    window.selection.click(Place(1, 2))
    window.selection.hover(Place.level(3))
    with qtbot.waitSignal(analysed.clip_changed, timeout=20_000):
        window.commands.open_path(str(textures(tmp_path / "other")))
    assert window.selection.pinned is None
    assert window.selection.hovered is None


def test_the_level_panel_says_when_it_fills(window, opened):
    opened.analyse()
    assert window.page.level.canvas.waiting == "Appears when the first level is magnified"
    assert window.page.attention.matrix.waiting == "Appears when the features are ready"
    opened.cancel()
    assert window.page.level.canvas.waiting == "Appears when the clip is analysed"


def test_a_frame_rate_is_typed_in_the_clips_header(window, analysed, qtbot):
    shown = analysed.analysis
    window.actions_by_id["rate"].trigger()
    field = window.page.player.rate
    assert field.isVisible()
    assert field.value() == 200
    field.lineEdit().selectAll()
    qtbot.keyClicks(field.lineEdit(), "119.88")
    with qtbot.waitSignal(analysed.clip_changed, timeout=20_000):
        qtbot.keyClick(field.lineEdit(), Qt.Key.Key_Return)
    assert not field.isVisible()
    assert analysed.clip.fps == pytest.approx(119.88)
    assert analysed.analysis is shown
    window.actions_by_id["rate"].trigger()
    window.page.player.timeline.setFocus()
    qtbot.waitUntil(lambda: not field.isVisible(), timeout=5000)


def test_less_motion_is_remembered(window, stored, monkeypatch):
    monkeypatch.setattr("mrn_gui.commands.system_moves", lambda: True)
    matrix = window.page.attention.matrix
    window.commands.follow_still()
    assert matrix.moves
    window.actions_by_id["still"].trigger()
    assert not matrix.moves
    assert window.actions_by_id["still"].isChecked()
    assert stored.value("still", False, bool)
    window.actions_by_id["still"].trigger()
    assert matrix.moves
    assert not window.actions_by_id["still"].isChecked()


def test_the_hash_health_comes_as_a_dock_and_the_window_keeps_its_size(window):
    window.actions_by_id["health"].trigger()
    dock = window.docks["health"]
    assert dock.isVisible()
    assert not dock.isFloating(), "1280 px have no room beside the page, but below it"
    assert window.dockWidgetArea(dock) == Qt.DockWidgetArea.BottomDockWidgetArea
    assert (window.width(), window.height()) == (1280, 800)
    assert window.page.health in window.page.views, "it follows the analysis"
    dock.close()
    assert not window.actions_by_id["health"].isChecked()


def test_no_control_is_lit_before_somebody_uses_the_keys(window, qtbot):
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    assert QApplication.focusWidget() is window.centralWidget()
    qtbot.keyClick(window.centralWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is window.top_bar.menu_button
