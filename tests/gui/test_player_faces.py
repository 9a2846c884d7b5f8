"""The face in the player: shown, chosen among several, moved, undone, kept with the clip."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from pointer import point_at
from PySide6.QtCore import QPointF, Qt

from mrn_core.annotation import MarkStore, marked_box, marked_landmarks
from mrn_core.clip import open_clip
from mrn_core.clip.demo import demo_clip_path, demo_truth
from mrn_core.face_reading import FaceQuality
from mrn_gui.player.panel import PlayerPanel
from mrn_gui.player.tools import ChooseTool, PointsTool
from mrn_gui.told import quality_told
from mrn_gui.undo import MarkHistory


@pytest.fixture
def player(session, theme, qtbot):
    made = PlayerPanel(session, theme)
    qtbot.addWidget(made)
    made.resize(640, 700)
    made.show()
    return made


def show(player, session, qtbot, path):
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(path)
    qtbot.waitUntil(lambda: not player.view._picture.pixmap().isNull(), timeout=20_000)


@pytest.fixture
def demo(player, session, qtbot):
    show(player, session, qtbot, demo_clip_path())
    return player


@pytest.fixture
def two_faces(player, session, qtbot, tmp_path):
    """A clip with a large face at the left and a smaller one at the right."""
    with open_clip(demo_clip_path()) as clip:
        face = clip[0]
    picture = np.full((330, 560, 3), 90, np.uint8)
    picture[5:325, 0:320] = face
    picture[60:260, 350:550] = cv2.resize(face, (200, 200), interpolation=cv2.INTER_AREA)
    folder = tmp_path / "two"
    folder.mkdir()
    for i in range(3):
        cv2.imwrite(str(folder / f"img{i}.png"), picture[..., ::-1])
    show(player, session, qtbot, folder)
    session.set_mark("onset", 0)
    return player


def drag(view, start, end, qtbot, modifier=Qt.KeyboardModifier.NoModifier):
    places = [view.mapFromScene(QPointF(*place)) for place in (start, end)]
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, modifier, places[0])
    point_at(view.viewport(), places[1])
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, modifier, places[1])


def test_landmarks_are_found_and_shown_when_they_are_asked_for(demo, qtbot):
    assert not demo.view._landmarks.isVisible()
    demo.faces.toggle()
    qtbot.waitUntil(demo.view._landmarks.isVisible, timeout=60_000)
    points = demo.view._landmarks.points
    assert np.abs(points - demo_truth().landmarks).mean() < 3
    [((words,), caution)] = demo.view._notes
    assert words.startswith("dlib: quality 0.")
    assert not caution
    tip = demo.view.toolTip()
    assert words.removeprefix("dlib: q") in tip
    assert tip.startswith("Taken: the only face\n")
    assert "Outer eye corners" in tip
    assert "sharpness" in tip.lower()
    demo.faces.toggle()
    assert not demo.view._landmarks.isVisible()
    assert demo.view._notes == []


def test_a_click_chooses_one_of_several_faces(two_faces, session, qtbot):
    said = []
    session.notice.connect(said.append)
    two_faces.choose_face()
    qtbot.waitUntil(lambda: isinstance(two_faces.view.tool, ChooseTool), timeout=60_000)
    assert two_faces.header.remark == "Click the face"
    assert any("2 faces in frame 0. Proposed is the largest" in told for told in said)
    place = two_faces.view.mapFromScene(QPointF(450, 160))
    qtbot.mouseClick(two_faces.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    x, _, w, _ = marked_box(session.marks.face)
    assert 350 < x + w / 2 < 550
    assert w < 200
    assert not two_faces.view.drawing
    assert two_faces.view._box.items[0].isVisible()
    assert two_faces.header.remark == ""


def test_a_clip_that_is_cut_to_its_face_is_said_to_be(player, session, qtbot, tmp_path):
    truth = demo_truth().landmarks
    (left, top), (right, bottom) = truth.min(axis=0).astype(int) - 12, truth.max(axis=0).astype(int) + 12
    with open_clip(demo_clip_path()) as clip:
        face = clip[0][top:bottom, left:right, ::-1]
    for i in range(2):
        cv2.imwrite(str(tmp_path / f"img{i}.png"), cv2.resize(face, None, fx=2, fy=2))
    show(player, session, qtbot, tmp_path)
    player.faces.toggle()
    qtbot.waitUntil(player.view._landmarks.isVisible, timeout=60_000)
    assert "the clip seems to be cut to the face already" in player.view.toolTip()


def test_one_face_needs_no_choice(demo, session, qtbot):
    with qtbot.waitSignal(session.notice, timeout=60_000) as said:
        demo.choose_face()
    assert said.args[0].startswith("One face is found in frame 30")


def moving(demo, qtbot):
    demo.move_landmarks()
    qtbot.waitUntil(lambda: isinstance(demo.view.tool, PointsTool), timeout=60_000)
    return demo.view.tool._points.copy()


def test_a_landmark_is_moved_undone_and_kept_with_the_clip(demo, session, own_data, qtbot):
    history = MarkHistory(session)
    points = moving(demo, qtbot)
    corner = points[48] + 0.5
    drag(demo.view, corner, corner + np.array([-9, 5]), qtbot)
    moved = marked_landmarks(session.marks.face)
    slack = 1.5 / demo.view.zoom
    assert moved[48] - points[48] == pytest.approx((-9, 5), abs=slack)
    others = np.delete(np.arange(68), 48)
    assert np.allclose(moved[others], points[others], atol=1e-3)
    assert isinstance(demo.view.tool, PointsTool), "another may be moved"
    demo.faces.toggle()
    assert demo.view._notes[0][0] == ("Landmarks moved by hand",)
    assert history.words[0] == "move landmarks"
    assert np.array_equal(marked_landmarks(MarkStore(own_data).get(session.clip.sha256()).face), moved)
    history.undo()
    assert session.marks.face is None
    history.redo()
    assert np.array_equal(demo.view.tool._points, marked_landmarks(session.marks.face))
    qtbot.keyClick(demo.view, Qt.Key.Key_Escape)
    assert not demo.view.drawing


def test_with_shift_a_whole_part_is_moved(demo, session, qtbot):
    points = moving(demo, qtbot)
    brow = points[19] + 0.5
    drag(demo.view, brow, brow + np.array([0, -8]), qtbot, Qt.KeyboardModifier.ShiftModifier)
    moved = marked_landmarks(session.marks.face) - points
    slack = 1.5 / demo.view.zoom
    assert np.allclose(moved[17:22], (0, -8), atol=slack)
    assert np.allclose(moved[22:], 0, atol=1e-3)


def test_moved_landmarks_cut_the_face_that_is_analysed(demo, session, qtbot):
    points = moving(demo, qtbot)
    demo.view.points_moved.emit(points + np.array([6.0, 0.0]))
    session.analyse()
    qtbot.waitUntil(lambda: session.analysis is not None, timeout=120_000)
    assert session.analysis.face.source == "landmarks"
    assert np.allclose(session.analysis.face.landmarks, points + np.array([6.0, 0.0]), atol=1e-3)
    assert session.stale is None
    demo.faces.toggle()
    shown = session.analysis
    for rigid, words, caution in (
        (0.05, "Head moves 0.05 px", False),
        (0.8, "Head moves 0.80 px: as much as an expression", True),
    ):
        session.analysis = replace(shown, rigid_px=rigid)
        session.state_changed.emit()
        [(told, marked)] = demo.view._notes[1:]
        assert (told[0], marked) == (words, caution)
        assert len(told[-1]) < len(words)
        assert words in demo.view.toolTip()
    session.set_face(None)
    assert "landmarks moved" in session.stale
    assert not any(told[0].startswith("Head") for told, _ in demo.view._notes), "of another face"


@pytest.mark.parametrize(
    ("landmarks", "overall", "told"),
    [
        (0.9, 0.8, ("dlib: quality 0.80", False)),
        (0.9, 0.3, ("dlib: quality 0.30 (low)", True)),
        (0.5, 0.5, ("dlib: quality 0.50 (low)", True)),
        (0.9, None, ("dlib: quality 0.90", False)),
    ],
)
def test_a_low_quality_is_a_caution(landmarks, overall, told):
    measured = None if overall is None else FaceQuality(overall=overall)
    assert quality_told("dlib", landmarks, measured) == told


def is_about_faces(sentence):
    return "face" in sentence


def test_no_face_says_what_to_do(player, session, tmp_path, qtbot):
    folder = tmp_path / "grey"
    folder.mkdir()
    for i in range(2):
        cv2.imwrite(str(folder / f"img{i}.png"), np.full((60, 80, 3), 120, np.uint8))
    show(player, session, qtbot, folder)
    with qtbot.waitSignal(session.notice, timeout=60_000, check_params_cb=is_about_faces) as said:
        player.move_landmarks()
    assert said.args[0] == "No face is found in frame 0: draw a box around it."
