"""The player: frames of real clips at their times, and a view that shows them as they are."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pointer import point_at
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent

from mrn_core.annotation import Marks
from mrn_core.clip.demo import demo_clip_path
from mrn_gui.player.frames import FrameSource, picture_of
from mrn_gui.player.held import MOST, Held
from mrn_gui.player.panel import PlayerPanel
from mrn_gui.player.playback import Playback, event_span, usual_speed
from mrn_gui.player.view import MOST_ZOOM, FrameView


def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)


@given(st.lists(st.floats(0.001, 0.5), min_size=1, max_size=30), st.data())
def test_the_frame_that_stands_at_a_moment(steps, data):
    times = np.concatenate([[0.0], np.cumsum(steps)])
    start = data.draw(st.integers(0, len(times) - 1))
    speed = data.draw(st.sampled_from([1 / 16, 1 / 4, 1, 2]))
    run = Playback(times, 0.1, start, speed, loop=False)
    frame, over = run.at(0.0)
    assert (frame, over) == (start, False)
    later = data.draw(st.integers(start, len(times) - 1))
    assert run.at((times[later] - times[start]) / speed + 1e-9)[0] == later
    assert run.at(1e6) == (len(times) - 1, True)


def test_a_loop_begins_again_and_is_never_over():
    run = Playback(np.array([0.0, 0.1, 0.2]), 0.1, 1, 1.0, loop=True)
    assert [run.at(t)[0] for t in (0.0, 0.1, 0.2, 0.3, 0.45)] == [1, 2, 0, 1, 2]
    assert not run.at(1e4)[1]


def test_a_loop_over_the_event_stays_in_it():
    times = np.arange(10) / 10
    run = Playback(times, 0.1, 3, 1.0, True, 3, 5)
    seen = [run.at(0.1 * i)[0] for i in range(9)]
    assert seen == [3, 4, 5, 3, 4, 5, 3, 4, 5]
    assert Playback(times, 0.1, 3, 1.0, False, 3, 5).at(9.0) == (5, True)
    to_the_end = Playback(times, 0.3, 8, 1.0, True, 8, 9)
    assert [to_the_end.at(t)[0] for t in (0.0, 0.15, 0.35, 0.45)] == [8, 9, 9, 8]


def test_the_event_ends_at_the_offset_or_at_the_apex_while_there_is_none():
    assert event_span(Marks(3, 6, 9), 20) == (3, 9)
    assert event_span(Marks(3, 6), 20) == (3, 6)
    assert event_span(Marks(3, None, 9), 20) == (3, 9)
    for marks in (Marks(None, 6, 9), Marks(3), Marks(9, 6, 4), Marks(3, 6, 90)):
        assert event_span(marks, 20) is None


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize("rate", [11, 25, 30, 60])
def test_a_held_key_steps_thirty_frames_a_second_and_ever_faster(rate):
    clock = Clock()
    held = Held(clock)
    assert held.frames(repeated=False) == 1
    clock.now += 0.5  # the keyboard waits before it repeats
    seconds = []
    for _ in range(4):
        count = 0
        for _ in range(rate):
            count += held.frames(repeated=True)
            clock.now += 1 / rate
        seconds.append(count)
    assert seconds[0] >= 30
    assert seconds[0] < seconds[1] < seconds[2] < seconds[3]
    assert seconds[3] <= 30 * MOST * 1.2


def test_pressing_again_and_again_is_one_frame_each():
    clock = Clock()
    held = Held(clock)
    for _ in range(50):
        assert held.frames(repeated=False) == 1
        clock.now += 0.08
    held.frames(repeated=True)
    clock.now += 30
    assert held.frames(repeated=True) == 1, "a repeat that belongs to nothing"


def test_high_speed_recordings_are_slowed_down():
    assert usual_speed(200) == 0.25
    assert usual_speed(30) == 1


@pytest.fixture
def player(session, theme, qtbot):
    made = PlayerPanel(session, theme)
    qtbot.addWidget(made)
    made.resize(320, 400)
    made.show()
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(demo_clip_path())
    return made


def shown(player):
    return pixels(player.view._picture.pixmap().toImage())


def wait_for(qtbot, player, session, frame):
    def same():
        return not player.view._picture.pixmap().isNull() and np.array_equal(
            shown(player), session.clip[frame]
        )

    qtbot.waitUntil(same, timeout=20_000)


def test_each_frame_is_the_clips_own(player, session, qtbot):
    wait_for(qtbot, player, session, session.frame)
    for frame in (99, 0, 52, 51, 50):
        session.seek(frame)
        wait_for(qtbot, player, session, frame)


def test_steps_and_fast_seeks_end_on_the_last_one(player, session, qtbot):
    for frame in range(0, 100, 7):
        session.seek(frame)
    wait_for(qtbot, player, session, 98)
    player.step(1)
    assert session.frame == 99
    player.step(1)
    assert session.frame == 99


def test_playing_goes_on_to_the_end_and_stops(player, session, qtbot):
    session.seek(90)
    player.transport.set_speed(2.0)
    seen = []
    session.frame_changed.connect(seen.append)
    player.toggle_play()
    assert player.playing
    qtbot.waitUntil(lambda: not player.playing, timeout=20_000)
    assert session.frame == 99
    assert seen == sorted(seen)


def test_the_loop_over_the_event(player, session, qtbot):
    said = []
    session.notice.connect(said.append)
    session.set_mark("onset", None)
    player.toggle_event_loop()
    assert "onset (I)" in said[0]
    assert not player.playing
    session.set_mark("onset", 30)
    session.set_mark("offset", 36)
    player.transport.set_speed(1.0)
    seen = []
    session.frame_changed.connect(seen.append)
    session.seek(80)
    seen.clear()
    player.toggle_event_loop()
    assert player.playing
    qtbot.waitUntil(lambda: any(b < a for a, b in pairwise(seen)), timeout=20_000)
    player.toggle_event_loop()
    assert player.transport.loop == "off"
    player.pause()
    assert set(seen) <= set(range(30, 37))


def test_a_frame_is_gone_to_by_index_or_by_its_own_number(player, session, tmp_path, qtbot):
    folder = tmp_path / "sub01"
    folder.mkdir()
    for number in (46, 47, 50):
        cv2.imwrite(str(folder / f"img{number}.png"), np.full((48, 64, 3), number, np.uint8))
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(folder)
    said = []
    session.notice.connect(said.append)
    for words, frame in (("1", 1), ("#50", 2), ("#46", 0)):
        player.go_to_frame()
        assert not player._number.isVisible()
        player.go_to.setText(words)
        qtbot.keyClick(player.go_to, Qt.Key.Key_Return)
        assert session.frame == frame
        assert player.go_to.isHidden()
    assert said == []
    player.go_to_frame()
    player.go_to.setText("#48")
    qtbot.keyClick(player.go_to, Qt.Key.Key_Return)
    assert session.frame == 0
    assert "#46 to #50" in said[0]
    assert player._number.text() == "0 (#46)"


def test_playing_from_the_end_begins_at_the_start_and_pauses(player, session, qtbot):
    session.seek(99)
    player.toggle_play()
    assert session.frame == 0
    qtbot.waitUntil(lambda: session.frame > 0, timeout=20_000)
    player.toggle_play()
    assert not player.playing


def test_the_prefetch_is_bounded(session, qtbot, qapp):
    source = FrameSource(session.jobs)
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(demo_clip_path())
    source.set_clip(session.clip)
    source._room = 12
    for frame in range(0, 100, 5):
        with qtbot.waitSignal(source.ready, timeout=20_000):
            source.want(frame)
    qtbot.wait(100)
    assert len(source._kept) <= 12


def test_a_clip_that_is_gone_is_said_once(player, session, qtbot):
    wait_for(qtbot, player, session, session.frame)
    session.clip.close()
    player.source._kept.clear()
    with qtbot.waitSignal(session.failed, timeout=20_000) as said:
        session.seek(3)
    assert "closed" in said.args[0].what


def test_a_picture_owns_its_pixels(session, qtbot):
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(demo_clip_path())
    image = picture_of(session.clip, 7)
    assert np.array_equal(pixels(image), session.clip[7])


@pytest.fixture
def view(theme, qtbot):
    made = FrameView(theme)
    qtbot.addWidget(made)
    made.resize(320, 160)
    made.show()
    picture = QImage(64, 48, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.gray)
    made.show_picture(picture)
    return made


def wheel(view, point, clicks):
    event = QWheelEvent(
        point,
        view.mapToGlobal(point),
        QPoint(),
        QPoint(0, 120 * clicks),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    view.wheelEvent(event)


def test_the_whole_frame_is_fitted_and_its_pixels_are_found(view):
    assert view.zoom == pytest.approx(160 / 48, rel=0.05)
    middle = view.frame_point(QPointF(160, 80))
    assert (middle.x(), middle.y()) == pytest.approx((32, 24), abs=1)
    view.resize(640, 320)
    assert view.zoom == pytest.approx(320 / 48, rel=0.05)


def test_zoom_is_bounded_and_a_double_click_fits_again(view, qtbot):
    fitted = view.zoom
    wheel(view, QPointF(160, 80), 3)
    assert view.zoom > fitted
    wheel(view, QPointF(160, 80), 100)
    assert view.zoom == pytest.approx(MOST_ZOOM)
    wheel(view, QPointF(160, 80), -200)
    assert view.zoom == pytest.approx(fitted)
    wheel(view, QPointF(160, 80), 5)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton)
    assert view.zoom == pytest.approx(fitted)


def test_the_crop_is_drawn_where_it_was_cut(analysed, theme, qtbot):
    from mrn_core.faces import crop_pair
    from mrn_gui.work import crop_corners

    corners = np.array(crop_corners(analysed.analysis.face))
    clip, marks = analysed.clip, analysed.marks
    pair = crop_pair(clip[marks.onset], clip[marks.apex], onset_frame=marks.onset, apex_frame=marks.apex)
    back = pair.transform.to_crop(corners)
    assert np.allclose(back, [[0, 0], [224, 0], [224, 224], [0, 224]], atol=0.01)


def drag(view, start, end, qtbot):
    """A drag from one place of the frame to another."""
    places = [view.mapFromScene(QPointF(*place)) for place in (start, end)]
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=places[0])
    point_at(view.viewport(), places[1])
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=places[1])


def test_a_box_is_drawn_on_the_frame(player, session, qtbot):
    wait_for(qtbot, player, session, session.frame)
    player.draw_face()
    assert player.header.remark == "Drag a box around the face"
    drag(player.view, (50, 60), (52, 61), qtbot)
    assert player.view.drawing, "a click that slipped is no box"
    drag(player.view, (300, 260), (100, 60), qtbot)
    x, y, w, h = session.marks.face
    pixel = 1.5 / player.view.zoom + 1
    assert (x, y) == (pytest.approx(100, abs=pixel), pytest.approx(60, abs=pixel))
    assert (x + w, y + h) == (pytest.approx(300, abs=pixel), pytest.approx(260, abs=pixel))
    assert not player.view.drawing
    assert player.header.remark == ""
    assert player.view._box.items[0].isVisible()
    session.set_face(None)
    assert not player.view._box.items[0].isVisible()


def test_a_box_ends_at_the_frames_edge(player, session, qtbot):
    wait_for(qtbot, player, session, session.frame)
    height, width = session.clip[0].shape[:2]
    player.draw_face()
    drag(player.view, (20, 30), (width + 50, height + 50), qtbot)
    x, y, w, h = session.marks.face
    assert (x + w, y + h) == (width, height)
