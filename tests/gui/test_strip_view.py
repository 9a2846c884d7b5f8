"""The painted strip: frames, buckets, reach and chance, running, and errors."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from sample import sample_analysis

from mrn_gui.painting import tag_size
from mrn_gui.palette import DARK, LIGHT
from mrn_gui.selection import Place, Selection
from mrn_gui.strip import LevelStrip
from mrn_gui.strip.model import greyed
from mrn_gui.theme import Theme


@pytest.fixture
def strip(qtbot):
    view = LevelStrip(Selection(), Theme())
    view.resize(1567, 298)
    qtbot.addWidget(view)
    view.show()
    return view


def flat(analysis, *colours):
    """The analysis with frames of one colour each."""
    frames = np.zeros_like(analysis.frames)
    for level in range(len(frames)):
        frames[level] = colours[level % len(colours)]
    return replace(analysis, frames=frames)


def colour_at(view, x, y):
    image = view.canvas.grab().toImage()
    return image.pixelColor(int(x), int(y)).name().upper()


def frame_middle(view, level):
    x, y, side, _ = view.canvas.geometry_now.frame(level)
    return QPoint(int(x + side / 2), int(y + side / 2))


def test_frames_and_buckets_stand_in_their_places(strip):
    analysis = flat(sample_analysis(seed=3), (200, 30, 30), (30, 200, 30), (30, 30, 200))
    strip.show_analysis(analysis)
    strip.selection.choose(block=2, head=4, table=1)
    trace = analysis.traces[2]
    image = strip.canvas.grab().toImage()
    for level in range(32):
        if trace.zeroed()[4, level] or trace.silent()[4, level]:
            continue
        point = frame_middle(strip, level)
        found = image.pixelColor(point)
        assert (found.red(), found.green(), found.blue()) == tuple(analysis.frames[level, 0, 0])
        x, y, _, _ = strip.canvas.geometry_now.edge(level)
        code = int(trace.key_buckets[4, 1, level])
        assert image.pixelColor(int(x) + 5, int(y)).name().upper() == LIGHT.bucket(code, 3)
    assert strip.header.title == "32 levels"
    assert "block 3, head 5" in strip.header.remark
    assert "table 2" in strip.header.remark


def test_a_zeroed_level_is_grey_and_a_silent_one_in_colour(strip):
    analysis = flat(sample_analysis(12, kind="all masked"), (200, 30, 30))
    strip.show_analysis(analysis)
    point = frame_middle(strip, 3)
    expected = greyed(np.full((1, 1, 3), (200, 30, 30), np.uint8), LIGHT)[0, 0]
    found = QColor(colour_at(strip, point.x(), point.y()))
    assert (found.red(), found.green(), found.blue()) == tuple(expected)
    half = sample_analysis(12, heads=1, blocks=1, kind="empty rows")
    trace = half.traces[0]
    silent = [i for i in range(12) if trace.silent()[0, i] and not trace.zeroed()[0, i]]
    assert silent, "the sample has a level that is silent alone"
    strip.show_analysis(flat(half, (200, 30, 30)))
    point = frame_middle(strip, silent[0])
    assert colour_at(strip, point.x(), point.y()) == "#C81E1E"


def test_the_bar_is_the_reach_and_the_tick_chance(strip):
    analysis = sample_analysis(seed=3)
    strip.show_analysis(analysis)
    strip.set_chance([SimpleNamespace(reach=np.full((8, 32), 0.9))] * 3)
    reach = analysis.traces[0].reach()[0]
    image = strip.canvas.grab().toImage()
    for level in (0, 9, 31):
        x, y, width, _ = strip.canvas.geometry_now.bar(level)
        row = [image.pixelColor(int(x) + i, int(y) + 1).name().upper() for i in range(int(width))]
        assert row[round(0.9 * width)] == LIGHT.text
        share = sum(colour == LIGHT.text3 for colour in row[: int(0.9 * width) - 2]) / width
        assert share == pytest.approx(min(float(reach[level]), 0.9), abs=0.05)
    assert "tick: chance" in strip.header.remark


def test_the_pointer_on_a_frame_is_its_level(strip):
    strip.show_analysis(sample_analysis())
    here, none = QPointF(frame_middle(strip, 19)), Qt.MouseButton.NoButton
    QCoreApplication.sendEvent(  # to this view itself, wherever the pointer and other windows are
        strip.canvas,
        QMouseEvent(
            QEvent.Type.MouseMove,
            here,
            strip.canvas.mapToGlobal(here),
            none,
            none,
            Qt.KeyboardModifier.NoModifier,
        ),
    )
    assert strip.selection.hovered == Place.level(19)
    QTest.mouseClick(strip.canvas, Qt.MouseButton.LeftButton, pos=frame_middle(strip, 19))
    assert strip.selection.pinned == Place.level(19)
    x, y, _, _ = strip.canvas.geometry_now.frame(19)
    assert colour_at(strip, x, y + 40) == LIGHT.selection


def test_query_and_key_are_outlined_and_let_go_without_a_trace(strip):
    strip.show_analysis(sample_analysis())
    plain = strip.canvas.grab().toImage()
    strip.selection.hover(Place(30, 5))
    for level in (30, 5):
        x, y, side, _ = strip.canvas.geometry_now.frame(level)
        assert colour_at(strip, x + side - 1, y + 30) == LIGHT.selection
    strip.selection.hover(None)
    assert strip.canvas.grab().toImage() == plain


def test_frames_appear_one_by_one(strip):
    analysis = flat(sample_analysis(), (200, 30, 30))
    strip.begin(analysis.levels, analysis.gains)
    strip.set_stale("Previous analysis")
    points = [frame_middle(strip, level) for level in range(32)]
    assert {colour_at(strip, p.x(), p.y()) for p in points} == {LIGHT.sunk}
    for level in (0, 5):
        strip.set_frame(level, analysis.frames[level])
    image = strip.canvas.grab().toImage()
    filled = [i for i, p in enumerate(points) if image.pixelColor(p).name().upper() == "#C81E1E"]
    assert filled == [0, 5]
    strip.set_frame(99, analysis.frames[0])
    strip.theme.set("dark")
    assert colour_at(strip, points[7].x(), points[7].y()) == DARK.sunk
    assert colour_at(strip, points[5].x(), points[5].y()) == "#C81E1E"
    strip.show_analysis(analysis)
    assert not strip.canvas.running


def test_an_error_stands_in_the_place_of_the_frames(strip):
    pressed = []
    strip.show_analysis(sample_analysis())
    buttons = [(name, lambda name=name: pressed.append(name)) for name in ("One", "Two", "Three", "Four")]
    strip.show_error("No face found in frame 12, the onset.", "Move the onset.", buttons)
    assert strip.shows_error
    assert [b.text() for b in strip.error.buttons()] == ["One", "Two", "Three"]
    strip.error.buttons()[1].click()
    assert pressed == ["Two"]
    image = strip.error.grab().toImage()
    assert image.pixelColor(13, 60).name().upper() == LIGHT.error
    strip.show_error("Another.", "", [])
    assert strip.error.buttons() == []
    assert strip.error.words.isHidden()
    strip.begin(np.arange(4.0), np.arange(4.0))
    assert not strip.shows_error
    strip.show_error("Again.", "Do.", [])
    strip.show_analysis(None)
    assert not strip.shows_error


@pytest.mark.parametrize("levels", [1, 12, 32, 64])
@pytest.mark.parametrize("kind", ["path", "empty rows", "all masked"])
def test_all_shapes_are_painted(strip, levels, kind):
    strip.resize(1039, 212)
    strip.show_analysis(sample_analysis(levels, heads=1, tables=1, planes=0, blocks=1, kind=kind))
    strip.selection.set_shape(1, 1, levels, 1)
    for place in (Place.level(levels - 1), Place(0, levels - 1)):
        strip.selection.hover(place)
        assert not strip.grab().isNull()
    assert (strip.canvas.height() > strip.area.viewport().height()) == (levels > 32)
    assert strip.header.title.startswith(f"{levels} level")


def test_tips_tell_gain_reach_and_chance(strip):
    analysis = sample_analysis(seed=3)
    strip.show_analysis(analysis)
    point = frame_middle(strip, 7).toPointF()
    assert "multiplied by" in strip.canvas.tip_at(point)
    assert f"{analysis.traces[0].reach()[0, 7]:.2f}" in strip.canvas.tip_at(point)
    strip.begin(analysis.levels, analysis.gains)
    assert strip.canvas.tip_at(point).count("\n") == 0
    assert strip.canvas.tip_at(QPoint(5, 5000).toPointF()) == ""


def test_a_narrow_strip_leaves_the_gain_to_the_tip(strip):
    strip.show_analysis(sample_analysis())
    assert "gain" in strip.header.remark
    strip.resize(1039, 212)
    assert "gain" not in strip.header.remark
    assert strip.header.height() == 32


def test_a_zeroed_frame_follows_the_theme(strip):
    strip.show_analysis(flat(sample_analysis(12, kind="all masked"), (200, 30, 30)))
    point = frame_middle(strip, 3)
    light = colour_at(strip, point.x(), point.y())
    strip.theme.set("dark")
    found = QColor(colour_at(strip, point.x(), point.y()))
    expected = greyed(np.full((1, 1, 3), (200, 30, 30), np.uint8), DARK)[0, 0]
    assert (found.red(), found.green(), found.blue()) == tuple(expected)
    assert found != QColor(light)


# -- other ways to look at the levels ---------------------------------------------------------------


def test_differences_are_grey_where_nothing_changed(strip):
    analysis = sample_analysis(seed=1)
    onset = np.full((224, 224, 3), 90, np.uint8)
    analysis = replace(flat(analysis, (90, 90, 90), (190, 190, 190)), onset=onset)
    strip.show_analysis(analysis)
    strip.set_mode("difference")
    trace = analysis.traces[0]
    still, brighter = (
        next(i for i in range(first, 32, 2) if not (trace.zeroed()[0, i] or trace.silent()[0, i]))
        for first in (0, 1)
    )
    found = [colour_at(strip, *frame_middle(strip, level).toTuple()) for level in (still, brighter)]
    assert found == ["#808080", "#FFFFFF"]
    assert strip.header.remark.startswith("motion 1.00 px  ·  white: 100 grey levels brighter")
    strip.next_mode()
    assert strip.mode == "flow"
    strip.next_mode()
    assert strip.mode == "frames"


def test_arrows_are_longer_at_higher_levels(strip):
    flow = np.full((224, 224, 2), 0.0, np.float32)
    flow[..., 0] = -0.5
    white = flat(replace(sample_analysis(seed=1), flow=flow), (255, 255, 255))
    strip.show_analysis(white)
    strip.set_mode("flow")
    ink = []
    for level in (4, 16, 31):
        picture = strip.canvas.pictures.pixmap(level, 92, 1.0, zeroed=False).toImage()
        ground = picture.pixelColor(0, 0).lightness()
        ink.append(sum(picture.pixelColor(x, 46 + y).lightness() < ground - 40
                       for x in range(92) for y in range(-8, 8)))  # fmt: skip
    assert ink[0] < ink[1] <= ink[2]


def test_zoomed_levels_scroll_down_and_one_row_scrolls_along(strip):
    strip.show_analysis(sample_analysis(seed=3))
    fits = strip.canvas.geometry_now.side
    strip.zoom_in()
    assert strip.canvas.geometry_now.side > fits
    assert strip.canvas.height() > strip.area.viewport().height()
    assert strip.canvas.width() <= strip.area.viewport().width()
    strip.zoom_to_fit()
    strip.toggle_one_row()
    assert strip.canvas.geometry_now.rows == 1
    assert strip.canvas.width() > strip.area.viewport().width()
    assert strip.canvas.height() <= strip.area.viewport().height()
    assert strip.canvas.geometry_now.shows_details
    strip.zoom_out()
    strip.toggle_one_row()
    assert strip.canvas.geometry_now.side == fits


def test_the_mean_reach_is_the_mean_of_all_heads(strip):
    analysis = sample_analysis(seed=3)
    strip.show_analysis(analysis)
    one = strip.canvas._reach()[0]
    np.testing.assert_array_equal(one, analysis.reach()[0, 0])
    strip.toggle_mean_reach()
    np.testing.assert_allclose(strip.canvas._reach()[0], analysis.reach().mean(axis=(0, 1)))
    assert "mean of all heads" in strip.header.remark


def test_playing_points_at_each_level_in_turn_and_lets_go(strip, qtbot):
    strip.show_analysis(sample_analysis(seed=3))
    strip.player._timer.setInterval(1)
    seen = []
    strip.selection.subscribe(note := lambda notes: seen.append(strip.selection.hovered))
    strip.toggle_levels()
    qtbot.waitUntil(lambda: not strip.player.playing)
    assert seen == [*(Place.level(i) for i in range(32)), None]
    strip.toggle_levels()
    strip.selection.hover(Place(3, 5))
    qtbot.waitUntil(lambda: not strip.player.playing)
    assert strip.selection.hovered == Place(3, 5)
    del note


def test_a_frame_tells_its_buckets_code(strip):
    analysis = sample_analysis(seed=3)
    strip.show_analysis(analysis)
    code = int(analysis.traces[0].key_buckets[0, 0, 7])
    assert f"bucket {code:03b} in table 1" in strip.canvas.tip_at(frame_middle(strip, 7).toPointF())


def test_a_frame_tells_its_beta(strip):
    analysis = sample_analysis(seed=3)
    strip.show_analysis(analysis)
    assert f"beta {analysis.scores[7]:.3f}" in strip.canvas.tip_at(frame_middle(strip, 7).toPointF())


def test_the_measured_motion_stands_over_the_frames_and_magnified_in_each_tip(strip):
    analysis = replace(sample_analysis(seed=3), motion_px=0.92)
    strip.show_analysis(analysis)
    assert strip.header.remark.startswith("motion 0.92 px  ·  ")
    said = strip.canvas.tip_at(frame_middle(strip, 7).toPointF())
    assert f"multiplied by {analysis.gains[7]:.2f}: 0.92 px become {0.92 * analysis.gains[7]:.1f}." in said
    strip.show_analysis(replace(analysis, motion_px=float("nan")))
    assert "motion" not in strip.header.remark


def test_a_level_that_another_view_points_at_scrolls_into_view(strip):
    strip.show_analysis(sample_analysis(seed=3))
    strip.toggle_one_row()
    for level in (31, 0):
        strip.selection.click(Place.level(level))
        x, _, side, _ = strip.canvas.geometry_now.frame(level)
        left = strip.area.horizontalScrollBar().value()
        assert left <= x
        assert x + side <= left + strip.area.viewport().width()


def test_the_tags_of_narrow_frames_are_whole_and_in_the_view(strip):
    """Room for a word there is beside the frame, at the last one to its left."""
    strip.show_analysis(sample_analysis(size=16))
    strip.resize(620, 180)
    strip.selection.click(Place(31, 15))
    canvas = strip.canvas
    for level, role in ((15, "key"), (31, "query"), (16, "query")):
        rect = canvas.tag_rect(level, role, pinned=True)
        assert (rect.width(), rect.height()) == tag_size(role, canvas.theme, True)
        assert rect.left() >= 0
        assert rect.right() <= canvas.width()
    tag = canvas.tag_rect(31, "query", True)
    assert tag.width() > canvas.geometry_now.frame(31)[2]
    assert canvas.mark_region().contains(tag.toAlignedRect().adjusted(1, 1, -1, -1))
