"""The timeline: where frames stand, what is grabbed, and marks set by dragging."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pointer import point_at
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt

from mrn_core.spotting import Spotting
from mrn_gui.player import curve_paint
from mrn_gui.player import timeline as timeline_module
from mrn_gui.player.geometry import Axis, Label, curve_runs, place_labels
from mrn_gui.player.timeline import Timeline


@given(st.integers(2, 5000), st.data())
def test_a_frame_is_found_where_it_stands(frames, data):
    axis = Axis(frames, 12, 12 + 4 * frames)
    frame = data.draw(st.integers(0, frames - 1))
    assert axis.frame(axis.x(frame)) == frame


@given(st.integers(0, 400), st.floats(-500, 2000), st.floats(13, 1500))
def test_a_frame_is_always_in_the_clip(frames, x, right):
    assert 0 <= Axis(frames, 12, right).frame(x) <= max(0, frames - 1)


@given(st.integers(2, 100_000), st.floats(60, 2000))
def test_ticks_are_round_and_never_too_close(frames, width):
    axis = Axis(frames, 12, 12 + width)
    ticks = axis.ticks(34)
    assert ticks[0] == 0
    if len(ticks) > 1:
        step = ticks[1]
        assert str(step).strip("0") in ("1", "2", "5")
        assert axis.x(step) - axis.x(0) >= 33.9


def test_one_frame_stands_at_the_left():
    assert Axis(1, 12, 200).x(0) == 12
    assert Axis(1, 12, 200).frame(150) == 0


def test_the_nearest_mark_is_grabbed_and_none_far_away():
    axis = Axis(101, 0, 500)
    marks = {"onset": 10, "apex": 12, "offset": None}
    assert axis.grabbed(axis.x(10) - 3, marks) == "onset"
    assert axis.grabbed(axis.x(12) + 3, marks) == "apex"
    assert axis.grabbed(axis.x(30), marks) is None


def test_marks_on_one_frame_are_told_apart_by_their_sides():
    axis = Axis(101, 0, 500)
    marks = {"onset": 10, "apex": None, "offset": 10}
    assert axis.grabbed(axis.x(10) + 4, marks) == "onset"
    assert axis.grabbed(axis.x(10) - 4, marks) == "offset"


@given(
    st.lists(
        st.tuples(
            st.floats(0, 240),
            st.floats(60, 150),
            st.floats(20, 80),
            st.sampled_from([0.0, 5.5, None]),
        ),
        max_size=3,
    )
)
def test_labels_stand_in_the_order_of_their_lines_and_never_lie_over_each_other(spots):
    labels = [
        Label(str(i), at, (full, short, 11.0), before) for i, (at, full, short, before) in enumerate(spots)
    ]
    placed = place_labels(labels, 4, 236)
    by_role = {label.role: label for label in labels}
    assert [by_role[role].at for role, *_ in placed] == sorted(label.at for label in labels)
    edge = 4.0
    for role, left, which in placed:
        assert left >= edge - 1e-6
        edge = left + by_role[role].widths[which]
    assert edge <= 236 + 1e-6


def test_words_are_shortened_only_where_they_do_not_fit():
    labels = [Label("onset", 20, (100, 60, 11)), Label("apex", 40, (100, 60, 11))]
    for right, which in ((300, 0), (150, 1), (100, 2)):
        assert [kind for *_, kind in place_labels(labels, 0, right)] == [which, which]
    (_, left, _), (_, end, _) = place_labels([labels[0], Label("offset", 290, (100, 60, 11), None)], 0, 300)
    assert (left, end) == (20, 190), "the offset's words end at its line"


def test_the_curve_is_broken_where_nothing_was_measured():
    values = np.array([0.0, 1.0, np.nan, np.nan, 2.0, 1.0])
    runs = curve_runs(values, Axis(6, 0, 500), top=10, bottom=110)
    assert [len(run) for run in runs] == [2, 2]
    assert runs[0] == [(0.0, 110.0), (100.0, 60.0)]
    assert runs[1][0] == (400.0, 10.0)


@pytest.mark.parametrize("values", [np.full(5, np.nan), np.zeros(5)])
def test_a_flat_or_empty_curve_is_no_fault(values):
    runs = curve_runs(values, Axis(5, 0, 100), 0, 50)
    assert all(0 <= y <= 50 for run in runs for _, y in run)


def test_a_long_curve_keeps_its_peak_in_few_points():
    values = np.zeros(100_000)
    values[77_777] = 1.0
    (run,) = curve_runs(values, Axis(100_000, 0, 400), 0, 50)
    assert len(run) <= 1700
    assert min(y for _, y in run) == 0


@pytest.fixture
def timeline(opened, theme, qtbot):
    made = Timeline(opened, theme)
    qtbot.addWidget(made)
    made.resize(400, 80)
    made.show()
    return made


def point(timeline, frame):
    return QPoint(round(timeline.axis().x(frame)), 40)


def test_a_drag_sets_the_mark_once_when_it_is_let_go(timeline, opened, qtbot):
    dropped, written = [], []
    timeline.mark_dropped.connect(lambda role, frame: dropped.append((role, frame)))
    opened.marks_changed.connect(lambda: written.append(1))
    onset = opened.marks.onset
    qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=point(timeline, onset))
    for frame in (onset - 3, onset - 8, 10):
        point_at(timeline, point(timeline, frame))
    assert timeline.marks()["onset"] == 10
    assert opened.frame == 10
    assert dropped == []
    qtbot.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=point(timeline, 10))
    assert dropped == [("onset", 10)]
    assert written == []  # the session is told by whoever listens


def test_a_click_seeks(timeline, opened, qtbot):
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=point(timeline, 80))
    assert opened.frame == 80
    assert timeline.hasFocus() or not timeline.isActiveWindow()


def test_arrows_step_and_keep_inside_the_clip(timeline, opened, qtbot):
    opened.seek(5)
    qtbot.keyClick(timeline, Qt.Key.Key_Right)
    qtbot.keyClick(timeline, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert opened.frame == 16
    qtbot.keyClick(timeline, Qt.Key.Key_Left)
    assert opened.frame == 15
    qtbot.keyClick(timeline, Qt.Key.Key_End)
    qtbot.keyClick(timeline, Qt.Key.Key_Right)
    assert opened.frame == len(opened.clip) - 1
    qtbot.keyClick(timeline, Qt.Key.Key_Home)
    qtbot.keyClick(timeline, Qt.Key.Key_Left)
    assert opened.frame == 0


def test_the_mark_at_fault_turns_red_and_has_a_sign(timeline, opened, theme, monkeypatch):
    def colours():
        image = timeline.grab().toImage()
        return {image.pixelColor(x, 22).name().upper() for x in range(image.width())}

    assert theme.palette.primary in colours()
    assert theme.palette.error not in colours()
    opened.seek(90)
    opened.error = SimpleNamespace(role="onset")
    opened.state_changed.emit()
    assert theme.palette.error in colours()
    said = []
    monkeypatch.setattr(timeline_module, "text", lambda p, rect, words, *rest: said.append(words))
    opened.state_changed.emit()  # its picture is kept
    timeline.grab()
    assert [words for words in said if words.endswith("!")] == ["onset 30 !"]
    opened.error = None


def test_an_offset_before_the_apex_turns_red(timeline, opened, theme):
    def colours():
        image = timeline.grab().toImage()
        return {image.pixelColor(x, 22).name().upper() for x in range(image.width())}

    opened.seek(90)
    opened.set_mark("offset", 80)
    assert theme.palette.error not in colours()
    opened.set_mark("offset", 40)
    assert theme.palette.error in colours()


def test_nothing_crosses_the_words_in_the_curves_place(timeline, opened, theme):
    opened.curve, opened.curve_note = None, "No motion curve: no frame of the clip shows a face."
    opened.curve_changed.emit()
    for mark, frame in (("onset", 5), ("apex", 12)):
        opened.set_mark(mark, frame)
    opened.seek(20)
    image, field = timeline.grab().toImage(), timeline.field()
    top = round(field.center().y()) - 8
    words = {image.pixelColor(x, top).name().upper() for x in range(13, 200)}
    assert words == {theme.palette.sunk}


def test_the_playhead_is_drawn_where_the_frame_stands(timeline, opened, theme, qtbot):
    opened.seek(70)
    image = timeline.grab().toImage()
    x = round(timeline.axis().x(70))
    assert image.pixelColor(x, 40).name().upper() == theme.palette.selection
    opened.seek(20)
    image = timeline.grab().toImage()
    assert image.pixelColor(x, 40).name().upper() != theme.palette.selection


@given(
    peaks=st.lists(st.tuples(st.integers(0, 99), st.floats(0.1, 1.0)), min_size=1, max_size=4),
    width=st.integers(60, 210),
    height=st.sampled_from([38.0, 60.0, 120.0]),
)
def test_the_legend_covers_no_curve_wherever_the_apex_is(peaks, width, height):
    at = np.arange(100.0)
    motion = sum(high * np.exp(-(((at - frame) / 6) ** 2)) for frame, high in peaks)
    curves = {"motion": motion, "brows": motion * 0.5, "mouth": motion * 0.8, "eyes": motion * 0.2}
    curve = Spotting(curves, 0, 50, None, 0.5, "flow", 200.0, "px at 224", 0, ())
    field, axis = QRectF(12, 20, 216, height), Axis(100, 12, 228)
    room = curve_paint.legend_place(field, axis, curve, width)
    assert field.left() <= room.left()
    assert room.right() <= field.right()
    if room.top() > field.bottom():
        return
    for name in ("motion", "eyes"):
        for run in curve_runs(curves[name], axis, field.top() + 4, field.bottom() - 3, motion.max()):
            assert not any(room.contains(QPointF(x, y)) for x, y in run)


def test_the_legend_leaves_a_field_that_is_full():
    flat = np.ones(50)
    field, axis = QRectF(12, 20, 216, 38), Axis(50, 12, 228)

    def same(values):
        curves = dict.fromkeys(("motion", "brows", "mouth", "eyes"), values)
        return Spotting(curves, 0, 9, None, 0.5, "flow", 25.0, "px", 0, ())

    assert curve_paint.legend_place(field, axis, same(flat), 160).top() > field.bottom()
    half = np.where(np.arange(50) < 25, 1.0, 0.0)
    assert curve_paint.legend_place(field, axis, same(half), 100).left() >= axis.x(25)
