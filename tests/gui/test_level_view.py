"""One level large: which level, which partner, and the wipe."""

from dataclasses import replace

import numpy as np
import pytest
from pointer import point_at
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from sample import sample_analysis

from mrn_core.experiments.level_likeness import Likeness
from mrn_core.head_motion import HeadMotion, RigidMotion
from mrn_gui.level import LevelPanel
from mrn_gui.level.truth import ComparedLevel
from mrn_gui.palette import LIGHT
from mrn_gui.selection import Place, Selection
from mrn_gui.theme import Theme
from mrn_gui.told import head_told

ONSET, APEX = (10, 200, 10), (10, 10, 200)


@pytest.fixture
def panel(qtbot):
    analysis = sample_analysis()
    frames = np.zeros_like(analysis.frames)
    frames[:] = (np.arange(32) * 4 + 100)[:, None, None, None] * np.array([1, 0, 0])
    onset, apex = np.empty_like(analysis.onset), np.empty_like(analysis.apex)
    onset[:], apex[:] = ONSET, APEX
    view = LevelPanel(Selection(), Theme())
    view.resize(352, 340)
    view.show_analysis(replace(analysis, frames=frames, onset=onset, apex=apex))
    qtbot.addWidget(view)
    view.show()
    return view


def at(panel, share, down=120):
    x, y, side, _ = panel.canvas.geometry_now.picture
    found = panel.canvas.grab().toImage().pixelColor(int(x + share * side), int(y + down))
    return found.red(), found.green(), found.blue()


def choose(panel, partner):
    index = panel.partners.findData(partner)
    panel.partners.setCurrentIndex(index)
    panel.partners.activated.emit(index)


def red(level):
    return (level * 4 + 100, 0, 0)


def test_it_shows_the_level_pointed_at_and_keeps_it(panel):
    assert panel.header.title == "Level 31"
    panel.selection.hover(Place.level(7))
    assert panel.header.title == "Level 7"
    assert at(panel, 0.8) == red(7)
    panel.selection.hover(None)
    assert panel.header.title == "Level 7"
    panel.selection.hover(Place(30, 5))
    assert at(panel, 0.8) == red(30), "the query of a pair"


def test_the_partner_stands_left_of_the_line(panel):
    panel.selection.hover(Place.level(7))
    assert at(panel, 0.2) == ONSET
    panel.flip()
    assert at(panel, 0.2) == APEX
    assert panel.partners.currentText() == "Wipe: apex"
    panel.flip()
    assert at(panel, 0.2) == ONSET
    choose(panel, "off")
    assert at(panel, 0.2) == red(7)


def test_the_line_follows_a_drag(panel):
    x, y, side, _ = panel.canvas.geometry_now.picture
    start, end = QPoint(int(x + side / 2), int(y + 60)), QPoint(int(x + side * 0.25), int(y + 60))
    QTest.mousePress(panel.canvas, Qt.MouseButton.LeftButton, pos=start)
    point_at(panel.canvas, end)
    QTest.mouseRelease(panel.canvas, Qt.MouseButton.LeftButton, pos=end)
    assert panel.canvas.split == pytest.approx(0.25, abs=0.01)
    assert at(panel, 0.35) == red(31)
    point_at(panel.canvas, start)
    assert panel.canvas.split == pytest.approx(0.25, abs=0.01)


def test_fewer_levels_keep_the_last(panel):
    panel.selection.hover(Place.level(30))
    panel.selection.set_shape(3, 8, 12, 4)
    panel.show_analysis(sample_analysis(12))
    assert panel.header.title == "Level 11"
    panel.show_analysis(None)
    assert panel.header.title == "Level"
    image = panel.canvas.grab().toImage()
    assert image.pixelColor(20, 20).name().upper() == LIGHT.sunk


def test_frames_are_shown_as_they_are_made_while_there_is_no_analysis(panel):
    frame = np.full((224, 224, 3), (9, 200, 9), np.uint8)
    panel.set_frame(3, frame)
    assert at(panel, 0.8) == red(31), "an analysis that stands is not painted over"
    panel.show_analysis(None)
    panel.set_frame(18, frame)
    assert panel.header.title == "Level 18"
    assert at(panel, 0.3) == at(panel, 0.8) == (9, 200, 9)
    panel.show_analysis(None)
    assert panel.header.title == "Level"


def test_a_new_analysis_shows_the_pinned_level(panel):
    panel.show_analysis(None)
    panel.selection.click(Place(5, 9))
    panel.show_analysis(sample_analysis())
    assert panel.header.title == "Level 5"


@pytest.mark.parametrize(
    ("split", "left", "right"), [(0.5, True, True), (0.0, False, True), (1.0, True, False)]
)
def test_a_side_without_room_has_no_chip(panel, split, left, right):
    panel.resize(240, 230)
    canvas = panel.canvas
    canvas.split = split
    side = canvas.geometry_now.picture
    canvas.resize(int(side[2]) + 24, canvas.height())
    x, y, width, height = canvas.geometry_now.field
    image = canvas.grab().toImage()

    def chip_at(column):
        return image.pixelColor(int(column), int(y + height) - 9).name().upper() == "#0F1216"

    assert chip_at(x + 9) == left
    assert chip_at(x + width - 9) == right


def test_another_level_is_compared_with_the_pinned_one(panel):
    choose(panel, "pinned")
    panel.selection.hover(Place.level(9))
    assert at(panel, 0.2) == red(9), "nothing is pinned"
    panel.selection.click(Place.level(3))
    panel.selection.hover(Place.level(9))
    assert at(panel, 0.2) == red(3)
    assert at(panel, 0.8) == red(9)


def test_the_line_can_be_dragged_between_two_levels(panel):
    choose(panel, "pinned")
    panel.selection.click(Place.level(3))
    panel.selection.hover(Place.level(9))
    panel.selection.hover(None)  # the pointer is on its way to the line
    assert (at(panel, 0.2), at(panel, 0.8)) == (red(3), red(9))
    assert panel.header.title == "Level 9"
    panel.show_analysis(replace(panel.canvas.analysis))  # other planes
    assert (at(panel, 0.2), at(panel, 0.8)) == (red(3), red(9))
    choose(panel, "onset")
    panel.selection.hover(Place.level(5))
    panel.selection.hover(None)
    assert at(panel, 0.8) == red(3), "else the pinned one comes back"


def likeness(**changed):
    return replace(Likeness(grey=0.61, moving=1.08, still=8.27, psnr=46.26, ssim=0.996), **changed)


def test_the_exact_truth_is_asked_for_and_shown_level_by_level(panel):
    assert panel.partners.findData("exact") < 0
    panel.offer_truth(True)
    asked = []
    panel.exact_wanted.connect(asked.append)
    choose(panel, "exact")
    panel.selection.hover(Place.level(7))
    assert asked == [31, 7]
    assert at(panel, 0.2) == red(7), "the level itself, until the truth is there"
    truth = np.full((224, 224, 3), (9, 8, 7), np.uint8)
    panel.show_exact(7, ComparedLevel(truth, likeness(), False, "Rendered"))
    assert at(panel, 0.2) == (9, 8, 7)
    assert at(panel, 0.8) == red(7)
    assert "1.08 grey levels" in panel.canvas.toolTip()
    assert "8.27" in panel.canvas.toolTip()
    panel.selection.hover(Place.level(6))
    assert panel.canvas.toolTip() == ""
    panel.selection.hover(Place.level(7))
    assert asked == [31, 7, 6], "what is there is not asked for again"
    panel.offer_truth(False)
    assert panel.canvas.partner == "onset"


def test_the_words_of_a_comparison():
    told = ComparedLevel(np.zeros((1, 1, 3), np.uint8), likeness(), True, "Moved")
    assert told.short[0] == "shows 87% of the exact change · 1.1 grey levels off"
    assert "87%: 100 % is the exact picture" in told.sentence
    assert "beyond its model's range" in told.sentence
    assert "PSNR 46.3 dB" in told.sentence
    nan = float("nan")
    still = replace(told, likeness=likeness(moving=nan, still=nan, psnr=float("inf")), beyond=False)
    assert still.short == ("0.6 grey levels off",)
    assert "PSNR" not in still.sentence
    assert "moves" not in still.sentence
    assert "exact picture" not in still.sentence


def test_onset_and_apex_blink_and_the_heads_motion_is_said(panel, monkeypatch, qtbot):
    choose(panel, "apex")
    panel.blink()
    assert panel.header.title == "Alignment"
    assert at(panel, 0.8) == ONSET
    assert "bridge of the nose" in panel.canvas.toolTip()
    panel.blink()
    assert at(panel, 0.8) == APEX
    panel.blink()
    assert panel.canvas.partner == "apex"
    assert panel.header.title == "Level 31"
    monkeypatch.setattr("mrn_gui.level.canvas.system_moves", lambda: True)
    panel.canvas._blinking.setInterval(10)
    panel.blink()
    qtbot.waitUntil(lambda: panel.canvas.blinks_to == "apex", timeout=5000)
    qtbot.waitUntil(lambda: panel.canvas.blinks_to == "onset", timeout=5000)
    panel.blink()
    assert not panel.canvas.blinks_by_itself


@pytest.mark.parametrize(
    ("rigid", "moved", "words", "mistaken"),
    [
        (0.04, 1.0, "Head moves 0.04 px", False),
        (0.31, 1.0, "Head moves 0.31 px: as much as an expression", True),
        (0.12, 0.2, "Head moves 0.12 px: as much as an expression", True),
        (0.12, 1.2, "Head moves 0.12 px", False),
        (None, 1.0, "The head's motion cannot be told", False),
    ],
)
def test_the_heads_motion_in_words_and_in_colour(panel, rigid, moved, words, mistaken):
    analysis = replace(panel.canvas.analysis, rigid_px=rigid, motion_px=moved)
    assert head_told(analysis)[0] == words
    panel.show_analysis(analysis)
    choose(panel, "blink")
    x, y, _, _ = panel.canvas.geometry_now.field
    ground = panel.canvas.grab().toImage().pixelColor(int(x + 9), int(y + 17)).name().upper()
    assert (ground == LIGHT.caution_ground) == mistaken


def test_what_was_taken_out_of_the_heads_motion_is_said(panel):
    head = HeadMotion(taken_out=RigidMotion(1.5, 2.0, 0.0, 2.5))
    analysis = replace(panel.canvas.analysis, rigid_px=0.02, motion_px=1.0, head=head)
    assert head_told(analysis)[0] == "Head moves 0.02 px, 2.50 taken out"
