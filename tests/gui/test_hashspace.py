"""The hash space: points in the colour of their bucket, cuts as lines, linked both ways."""

import math
from dataclasses import replace

import numpy as np
import pytest
from pointer import point_at
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from sample import sample_analysis

from mrn_core.network.projection import project
from mrn_gui.hashspace import HashSpacePanel
from mrn_gui.hashspace.canvas import strength
from mrn_gui.hashspace.geometry import MARGIN, HashSpaceGeometry
from mrn_gui.hashspace.labels import Labels, outside_words, undrawn
from mrn_gui.hashspace.words import axes_words, cone_words, undrawn_words
from mrn_gui.palette import LIGHT
from mrn_gui.selection import Place, Selection
from mrn_gui.theme import Theme

FIELD = (12.0, 2.0, 300.0, 260.0)


def shown(qtbot, analysis, size=(361, 385), theme="light"):
    selection = Selection()
    first = analysis.traces[0]
    view = HashSpacePanel(selection, Theme(theme))
    selection.set_shape(len(analysis.traces), first.heads, first.levels, first.tables)
    view.resize(*size)
    view.show_analysis(analysis)
    qtbot.addWidget(view)
    view.show()
    return view


def middle(points, level):
    return QPoint(round(float(points[level, 0])), round(float(points[level, 1])))


def test_points_have_the_place_and_the_colour_of_the_core(qtbot):
    analysis = sample_analysis(seed=3, levels=12, size=16)
    view = shown(qtbot, analysis)
    view.selection.choose(block=1, head=2, table=3)
    trace, geometry = analysis.traces[1], view.canvas.geometry_now
    seen = project(trace, 2, 3)
    assert (geometry.queries == geometry.place(seen.queries)).all()
    image = view.canvas.grab().toImage()
    both = np.concatenate([geometry.queries, geometry.keys])
    found = 0
    for points, codes in ((geometry.queries, trace.query_buckets), (geometry.keys, trace.key_buckets)):
        for level in range(12):
            away = np.sort(np.hypot(*(both - points[level]).T))[1]
            if away < 7.5:  # another point may lie on it
                continue
            found += 1
            at = middle(points, level)
            assert image.pixelColor(at).name().upper() == LIGHT.bucket(int(codes[2, 3, level]), 3)
    assert found > 5


def test_one_scale_for_both_axes_and_all_inside_the_field():
    trace = sample_analysis(seed=1, size=16).traces[0]
    for axes in ("spread", "origin", (1, 3)):
        seen = project(trace, 0, 0, axes)
        geometry = HashSpaceGeometry(seen, *FIELD, axes != "spread")
        apart = np.linalg.norm(geometry.queries[0] - geometry.queries[9])
        also = np.linalg.norm(geometry.queries[4] - geometry.keys[20])
        scale = apart / np.linalg.norm(seen.queries[0] - seen.queries[9])
        assert also == pytest.approx(scale * np.linalg.norm(seen.queries[4] - seen.keys[20]))
        for points in (geometry.queries, geometry.keys):
            assert (points >= np.array(FIELD[:2]) + MARGIN - 0.01).all()
            assert (points <= np.array(FIELD[:2]) + np.array(FIELD[2:]) - MARGIN + 0.01).all()


def test_a_drawn_line_parts_the_points_as_the_cut_does():
    trace = sample_analysis(seed=1, size=16).traces[0]
    seen = project(trace, 0, 0, (1, 2))
    geometry = HashSpaceGeometry(seen, *FIELD, True)
    for cut in seen.cuts:
        (x0, y0), (x1, y1) = geometry.line(cut)
        for raw, px in ((seen.queries, geometry.queries), (seen.keys, geometry.keys)):
            side = (px[:, 0] - x0) * (y1 - y0) - (px[:, 1] - y0) * (x1 - x0)
            value = raw @ cut.normal + cut.offset
            clear = np.abs(side) > 1e-6
            assert len(set(np.sign(side[clear] * value[clear]))) == 1
        for x, y in ((x0, y0), (x1, y1)):
            inside = FIELD[0] - 0.1 <= x <= FIELD[0] + FIELD[2] + 0.1
            assert inside
            assert FIELD[1] - 0.1 <= y <= FIELD[1] + FIELD[3] + 0.1


def test_hover_and_pin_are_linked_both_ways(qtbot):
    view = shown(qtbot, sample_analysis(seed=3, size=16))
    canvas = view.canvas
    point_at(canvas, middle(canvas.geometry_now.queries, 0))
    level = canvas.geometry_now.level_at(*canvas.geometry_now.queries[0])
    assert view.selection.hovered == Place.level(level)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=middle(canvas.geometry_now.keys, 20))
    assert view.selection.pinned is not None
    before, region = canvas.grab().toImage(), canvas.mark_region()
    view.selection.hover(Place(30, 5))
    assert len(canvas._rings()) >= 3
    region |= canvas.mark_region()
    after = canvas.grab().toImage()
    a, b = (
        np.frombuffer(i.convertToFormat(i.Format.Format_RGB32).constBits(), np.uint8).reshape(
            i.height(), -1, 4
        )
        for i in (before, after)
    )
    changed = np.argwhere((a != b).any(2))
    assert len(changed)
    assert all(region.contains(QPoint(int(x), int(y))) for y, x in changed[::7])


def test_the_plane_is_chosen_and_falls_back_where_it_is_not_there(qtbot):
    view = shown(qtbot, sample_analysis(seed=3, size=16))
    assert [view.planes.itemText(i) for i in range(5)] == [
        "PCA",
        "Origin",
        "Planes 1, 2",
        "Planes 1, 3",
        "Planes 2, 3",
    ]
    view.planes.activated.emit(4)
    assert view.canvas.axes == (2, 3)
    assert [cut.exact for cut in view.canvas.seen.cuts] == [False, True, True]
    assert "plane 2 100 %" in view.header.toolTip()
    view.show_analysis(sample_analysis(planes=2, size=16))
    assert view.canvas.axes == "spread"
    assert view.planes.count() == 3
    assert view.header.right_remark == f"{100 * view.canvas.seen.spread:.0f} % of spread"
    view.selection.choose(table=2)
    assert view.canvas.seen.cuts[0].normal == pytest.approx(project(view.canvas.trace, 0, 2).cuts[0].normal)
    view.show_analysis(None)
    assert view.header.right_remark == ""
    assert not view.grab().isNull()


def test_a_cut_that_is_right_for_too_few_points_is_not_drawn_but_said(qtbot):
    view = shown(qtbot, sample_analysis(seed=3, size=16))
    seen = project(view.canvas.trace, 0, 0)
    for right, drawn in ((0.25, False), (0.59, False), (0.6, True), (0.9, True)):
        cuts = (replace(seen.cuts[0], right=right, offset=0.0), *seen.cuts[1:])
        geometry = HashSpaceGeometry(replace(seen, cuts=cuts), *FIELD, True)
        labels = Labels(geometry, lambda words: 6.0 * len(words), lambda words: 6.0 * len(words))
        assert (1 in [cut.plane for _, _, cut in labels.cuts]) == drawn
        assert (1 in undrawn(geometry)[1]) != drawn
        assert any("cannot be shown in this view" in words for words in outside_words(geometry)) != drawn
    assert undrawn_words([], [3]).startswith("Plane 3 cannot be shown in this view: under 60 %")
    assert undrawn_words([1, 2], [4]).splitlines()[0].startswith("Planes 1 and 2 lie outside")


def test_the_letter_shows_a_narrow_bundle_far_from_the_origin(qtbot):
    """Vectors far from the origin and near each other: the origin stays in the picture, the points huddle."""
    analysis = sample_analysis(seed=3, size=16)
    first = analysis.traces[0]
    far = replace(first, queries=first.queries + 40, keys=first.keys + 40)
    view = shown(qtbot, replace(analysis, traces=(far, *analysis.traces[1:])))
    assert not view.canvas.geometry_now.has_origin
    view.canvas.show_axes("origin")
    geometry = view.canvas.geometry_now
    assert geometry.has_origin
    both = np.concatenate([geometry.queries, geometry.keys])
    assert np.ptp(both, axis=0).max() < 60
    assert "hard to part" in cone_words(view.canvas.seen.cone)
    assert not view.grab().isNull()


@pytest.mark.parametrize("size", [(189, 242), (361, 385)])
@pytest.mark.parametrize(("planes", "seed"), [(1, 0), (3, 3), (3, 5), (5, 1)])
def test_no_name_stands_on_a_point_or_on_another_name(qtbot, size, planes, seed):
    analysis = sample_analysis(seed=seed, planes=planes, size=16)
    view = shown(qtbot, analysis, size)
    for axes in ("spread", "origin"):
        view.canvas.show_axes(axes)
        for table in range(4):
            view.selection.choose(table=table)
            labels = view.canvas.labels_now
            names = [*labels.anchors, *labels.numbers, *(name for name, _, _ in labels.cuts)]
            names += [labels.outside] if labels.outside else []
            field = view.canvas.field()
            for n, name in enumerate(names):
                rect = QRectF(*name.rect)
                assert field.contains(rect), f"{name.words} is cut"
                for x, y in labels.geometry.points:
                    assert not rect.adjusted(-2, -2, 2, 2).contains(QPointF(x, y)), name.words
                for other in names[:n]:
                    assert not rect.intersects(QRectF(*other.rect)), (name.words, other.words)


def test_a_plane_that_does_not_cross_the_view_is_said_to_lie_outside(qtbot):
    analysis = sample_analysis(seed=3, size=16)
    view = shown(qtbot, analysis)
    told = set()
    for block in range(3):
        for head in range(8):
            view.selection.choose(block=block, head=head)
            geometry, labels = view.canvas.geometry_now, view.canvas.labels_now
            missing = [cut.plane for cut in geometry.seen.cuts if geometry.line(cut) is None]
            wrong = [c.plane for c in geometry.seen.cuts if c.plane not in missing and c.right < 0.6]
            drawn = [str(cut.plane) for _, _, cut in labels.cuts]
            missing += wrong
            assert sorted([*map(str, missing), *drawn]) == ["1", "2", "3"]
            assert (labels.outside is not None) == bool(missing)
            if missing:
                told.add(labels.outside.words)
                assert labels.outside.words in outside_words(geometry)
                at = QRectF(*labels.outside.rect).center()
                if view.canvas.geometry_now.level_at(at.x(), at.y()) is None:
                    tip = view.canvas.tip_at(at)
                    assert ("outside this view: all points" in tip) == (len(missing) > len(wrong))
                    assert ("cannot be shown in this view: under 60 %" in tip) == bool(wrong)
                assert ("outside" not in labels.outside.words) == (bool(wrong))
    assert any(words.startswith("plane ") and words.endswith("lies outside this view") for words in told)
    far = project(analysis.traces[0], 0, 0)
    away = replace(far, cuts=tuple(replace(cut, offset=1e6) for cut in far.cuts))
    geometry = HashSpaceGeometry(away, *FIELD, False)
    assert outside_words(geometry)[0] == "planes 1–3 lie outside this view"


@pytest.mark.parametrize("planes", [3, 5])
def test_it_says_where_colours_repeat_and_shows_the_digits(qtbot, planes):
    from mrn_gui.hashing.codes import codes_told

    view = shown(qtbot, sample_analysis(seed=3, planes=planes, size=16), (189, 242))
    canvas = view.canvas
    for point in (QPointF(60, 60), QPointF(60, canvas.height() - 5)):
        assert ("share each colour" in canvas.tip_at(point)) == (planes > 3)
    room = canvas.width() - 24
    told = codes_told(canvas.trace, 0, 0, Place(25, 6), canvas.theme, room)
    codes = (canvas.trace.query_buckets[0, 0, 25], canvas.trace.key_buckets[0, 0, 6])
    assert [bits for _, _, bits in told] == [f"{code:0{planes}b}" for code in codes]


def test_words():
    assert "hard" not in cone_words(80.0)
    assert cone_words(12.0, short=True) == "All within 12°: hard to part"
    assert cone_words(math.nan)
    assert axes_words((1, 3))[0] == "Planes 1, 3"


@pytest.mark.parametrize("levels", [1, 12, 64])
@pytest.mark.parametrize(("tables", "planes"), [(1, 0), (1, 1), (16, 8)])
@pytest.mark.parametrize("size", [(189, 242), (361, 385)])
def test_all_shapes_are_painted_in_the_room_there_is(qtbot, levels, tables, planes, size):
    analysis = sample_analysis(levels, heads=1, tables=tables, planes=planes, blocks=1, size=16)
    view = shown(qtbot, analysis, size, "dark")
    assert view.width() == size[0]
    for place in (Place.level(levels - 1), Place(0, levels - 1), None):
        view.selection.hover(place)
        assert not view.grab().isNull()
    view.set_stale("Previous analysis: onset 1, apex 2")
    view.set_waiting("Not yet")
    assert not view.grab().isNull()


def test_equal_and_zero_vectors_are_painted(qtbot):
    analysis = sample_analysis(4, size=16)
    still = [
        replace(t, queries=np.zeros_like(t.queries), keys=np.zeros_like(t.keys)) for t in analysis.traces
    ]
    view = shown(qtbot, replace(analysis, traces=tuple(still)))
    for axes in ("spread", "origin", (1, 2)):
        view.canvas.show_axes(axes)
        assert not view.grab().isNull()
    assert view.canvas.geometry_now.one_cloud


def test_a_cut_that_is_not_exact_is_dashed_fainter_and_says_how_many_are_right(qtbot):
    view = shown(qtbot, sample_analysis(seed=3, size=16))
    canvas = view.canvas
    for axes in ("spread", "origin", (1, 2)):
        canvas.show_axes(axes)
        for name, line, cut in canvas.labels_now.cuts:
            assert (f", {cut.share}" in name.words) == (not cut.holds), name.words
            middle = QPointF((line[0][0] + line[1][0]) / 2, (line[0][1] + line[1][1]) / 2)
            assert canvas.labels_now.cut_at(middle.x(), middle.y()) is not None
            rect = QRectF(*name.rect)
            told = canvas.tip_at(rect.center())
            assert (f"{cut.share} stand on the right one" in told) == (not cut.holds)
    cut = canvas.seen.cuts[2]
    faint = [strength(replace(cut, exact=False, right=right)) for right in (0.1, 0.5, 0.8, 0.99, 1.0)]
    assert faint == sorted(faint)
    assert faint[-1] == strength(canvas.seen.cuts[0]) == 1
    assert faint[-2] < 1


def test_the_exact_view_of_a_pinned_pair_is_one_click_away_and_back(qtbot):
    view = shown(qtbot, sample_analysis(seed=3, size=16))
    canvas = view.canvas
    trace = canvas.trace
    codes = trace.query_buckets[0, 0][:, None] ^ trace.key_buckets[0, 0][None]
    query, key = (int(i) for i in np.argwhere(codes == 0b011)[0])
    canvas.show_axes("origin")
    view.selection.click(Place(query, key))
    assert canvas.parted == (2, 3)
    assert f"Planes 2 and 3 of table 1 part query {query} and key {key}" in view.exact.toolTip()
    view._mark(True)
    assert [view.planes.itemText(i) for i in (1, 2, 4)] == [
        "Origin", "Planes 1, 2: exact, 2 parts the pair", "Planes 2, 3: exact, both part the pair",
    ]  # fmt: skip
    view._mark(False)
    QTest.mouseClick(view.exact, Qt.MouseButton.LeftButton)
    assert canvas.axes == (2, 3)
    assert view.exact.isChecked()
    assert view.planes.currentText() == "Planes 2, 3"
    degrees, length = canvas.geometry_now.bar
    assert canvas.labels_now.bar.words == f"{degrees:g}°"
    assert f"is {degrees:g}° from" in canvas.tip_at(QRectF(*canvas.labels_now.bar.rect).center())
    assert 24 <= length <= 72
    labels, spread = canvas.labels_now, f"{100 * canvas.seen.spread:.0f} % of spread"
    assert (labels.spread.words, view.header.right_remark) == (spread, ""), "in the picture, at any width"
    assert "the share that this view shows" in canvas.tip_at(QRectF(*labels.spread.rect).center())
    QTest.mouseClick(view.exact, Qt.MouseButton.LeftButton)
    assert canvas.axes == "origin"
    assert not view.exact.isChecked()
    assert canvas.labels_now.bar is None, "distances are no angles here"
    assert canvas.labels_now.spread is None
    assert view.header.right_remark.endswith("% of spread")
    view.show_analysis(sample_analysis(planes=1, size=16))
    assert not view.exact.isEnabled()


def test_the_exact_view_follows_table_head_and_pair_until_it_is_left(qtbot):
    view = shown(qtbot, sample_analysis(seed=3, size=16))
    canvas, choose = view.canvas, view.selection.choose
    assert not view.exact.isEnabled()
    assert "Pin a pair" in view.exact.toolTip()
    query, key = 0, 31
    view.selection.click(Place(query, key))
    view.exact.click()
    seen = set()
    for block, head, table in np.ndindex(3, 8, 4):
        choose(block=block, head=head, table=table)
        trace = canvas.trace
        apart = [
            m + 1
            for m in range(3)
            if (trace.query_buckets[head, table, query] ^ trace.key_buckets[head, table, key]) >> (2 - m) & 1
        ]
        assert view.exact.isChecked() == view.exact.isEnabled() == bool(apart)
        seen.add(len(apart))
        if not apart:
            assert canvas.axes == "spread"
            assert f"No plane of table {table + 1} parts query 0 and key 31" in view.exact.toolTip()
            continue
        assert isinstance(canvas.axes, tuple)
        assert view.planes.currentText() == "Planes {}, {}".format(*canvas.axes)
        drawn = {cut.plane: cut for cut in canvas.seen.cuts}
        for plane in set(apart[:2]):
            assert drawn[plane].exact
            sides = [
                points[level] @ drawn[plane].normal > 0
                for points, level in ((canvas.seen.queries, query), (canvas.seen.keys, key))
            ]
            assert sides[0] != sides[1], "the pair stands on the two sides of a full line"
    assert seen >= {0, 1, 2}
    choose(block=0, head=0, table=0)
    view.selection.click(Place.level(4))
    assert canvas.axes == "spread", "no pair is pinned"
    view.selection.click(Place(query, key))
    assert not view.exact.isChecked(), "and it does not come back unasked"
    view.exact.click()
    assert view.exact.isChecked()
    view.planes.activated.emit(1)
    assert canvas.axes == "origin"
    choose(table=1)
    assert (canvas.axes, view.exact.isChecked()) == ("origin", False)


def test_the_codes_are_those_of_the_rings(qtbot, monkeypatch):
    from mrn_gui.hashing import codes

    view = shown(qtbot, sample_analysis(seed=3, size=16))
    said = []
    monkeypatch.setattr(codes, "text", lambda p, rect, words, *rest: said.append(words))
    view.selection.click(Place(4, 20))
    view.selection.hover(Place.level(20))
    view.grab()
    assert said[0::2][:2] == ["query 4", "key 20"], "the pinned pair, as long as it is pinned"
    assert said[4].startswith(("level 20", "q 20")), "what has the dashed rings beside it"
    said.clear()
    view.selection.let_go()
    view.grab()
    assert said[0::2] == ["query 20", "key 20"]
