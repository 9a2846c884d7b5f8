"""Undo of settings on a stack of its own, and the pinned state beside the present one."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from sample import sample_analysis

from mrn_core.network.comparison import compare
from mrn_core.settings import AnalysisSettings, with_values
from mrn_gui.attention.scales import BY_NAME, scale_of
from mrn_gui.attention.values import cell_colours, rgb
from mrn_gui.attention.view import AttentionView
from mrn_gui.palette import PALETTES
from mrn_gui.request import Request
from mrn_gui.selection import Place, Selection
from mrn_gui.table.header import TitleRow
from mrn_gui.theme import Theme
from mrn_gui.whatif.changes import ChangesPanel, any_ends, columns, told
from mrn_gui.whatif.history import SettingsHistory, State, change_told
from mrn_gui.whatif.pinned import PinnedState, difference_of


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def history(session, clock):
    session.reset_settings()
    return SettingsHistory(session, lambda: clock[0])


def test_settings_go_back_and_forth_on_a_stack_of_their_own(history, session, clock):
    session.change_setting("planes", 5)
    clock[0] = 2
    session.change_settings({"network.qk": "separate", "network.hash_centre": "mean"})
    clock[0] = 4
    session.change_device("cpu")
    assert history.words[0] == "device cpu → auto"
    history.undo()
    assert session.device == "auto"
    history.undo()
    assert (session.settings.network.qk, session.settings.network.planes) == ("tied", 5)
    assert history.words[0] == "planes 5 → 3"
    assert history.told()[1] == (
        "Redo in What if: hashed: projections tied → separate and hashed: centre origin → mean"
    )
    history.undo()
    assert session.settings == AnalysisSettings()
    assert history.can == (False, True)
    for _ in range(3):
        history.redo()
    assert (session.settings.network.hash_centre, session.device) == ("mean", "cpu")
    assert history.can == (True, False)


def test_what_one_press_changes_is_one_step_and_two_presses_are_two(history, session):
    history.begin()
    for planes in (4, 5, 6):  # a held arrow
        session.change_setting("planes", planes)
    history.end()
    for planes in (7, 8):  # two clicks, however soon one after the other
        history.begin()
        session.change_setting("planes", planes)
        history.end()
    assert history.words[0] == "planes 8 → 7"
    history.undo()
    assert session.settings.network.planes == 7
    history.undo()
    assert session.settings.network.planes == 6
    history.undo()
    assert session.settings.network.planes == 3
    assert history.words == ("", "planes 3 → 6")
    assert history.can == (False, True)


def test_changes_without_a_gesture_are_steps_of_their_own(history, session):
    for planes in (4, 5):
        session.change_setting("planes", planes)
    history.undo()
    assert session.settings.network.planes == 4


def test_a_gesture_that_comes_back_is_no_step(history, session):
    history.begin()
    session.change_setting("planes", 7)
    session.change_setting("planes", 3)
    assert history.can == (False, False)


def test_a_turn_of_the_wheel_is_one_step_until_it_rests(history, session, clock):
    for at, planes in ((0, 4), (0.3, 5), (0.6, 6), (1.5, 7)):
        clock[0] = at
        history.turn()
        session.change_setting("planes", planes)
    clock[0] = 5
    session.change_setting("planes", 8)  # typed into the palette
    for planes in (7, 6, 3):
        history.undo()
        assert session.settings.network.planes == planes


def test_a_change_after_undo_forgets_what_was_undone(history, session, clock):
    session.change_setting("planes", 5)
    history.undo()
    clock[0] = 9
    session.change_setting("levels", 12)
    assert history.can == (True, False)
    history.undo()
    assert session.settings == AnalysisSettings()


def test_changes_have_names_from_and_to():
    old = State(AnalysisSettings(), "auto")
    changed = with_values(
        AnalysisSettings(), {"af_high": 20.5, "planes": 5, "tables": 2, "hash_seed": 7, "threads": 1}
    )
    new = State(changed, "auto")
    assert change_told(["af_high"], old, new) == "AF range 2 to 13 → 2 to 20.5"
    assert change_told(["network.hash_seed"], new, old) == "hash seed 7 → saved"
    assert change_told(["threads"], old, new) == "CPU threads 0 → 1"
    assert change_told(old.differs_in(new), old, new) == "5 settings"
    two = change_told(["network.planes", "network.tables"], old, new)
    assert two == "planes 3 → 5 and tables 4 → 2"


def show(session, analysis, sha256="a"):
    session.analysis = analysis
    session._shown = Request(sha256, 0, 1, analysis.settings, "auto")
    session.analysis_changed.emit()


def test_a_pin_stays_while_the_clip_does(session):
    pinned = PinnedState(session)
    pinned.pin()
    assert pinned.analysis is None, "nothing is shown yet"
    first, other = sample_analysis(seed=1, size=16), sample_analysis(seed=2, planes=2, size=16)
    show(session, first)
    pinned.toggle()
    assert (pinned.difference.pairs.count().opened, pinned.difference.pairs.count().closed) == (0, 0)
    show(session, other)
    assert pinned.difference.settings == "Planes 3 → 2"
    assert pinned.difference.differs
    assert pinned.difference.pinned_as == ("3 planes", "4 tables", "seed saved")
    assert not pinned.difference.other_levels
    expected = compare(first.traces, other.traces).values(1)
    assert (pinned.difference.pairs.values(1) == expected).all()
    show(session, sample_analysis(levels=12, size=16))
    assert pinned.difference.pairs is None
    assert pinned.difference.why == "32 levels and 12 levels"
    show(session, other, "another clip")
    assert pinned.analysis is None
    assert pinned.difference is None
    session.analysis = session._shown = None


def test_what_is_set_otherwise_is_told_from_and_to():
    from mrn_core.settings import changes_told, with_values

    changed = with_values(AnalysisSettings(), {"hash_seed": 4, "af_high": 20.0})
    assert changes_told(AnalysisSettings(), changed) == "Highest AF 13 → 20, Hash seed saved → 4"
    assert changes_told(changed, changed) == ""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_difference_stands_in_the_matrix(qtbot, theme):
    now, before = sample_analysis(seed=1, size=16), sample_analysis(seed=5, size=16)
    view = AttentionView(Selection(), Theme(theme))
    qtbot.addWidget(view)
    view.resize(700, 700)
    view.show_analysis(now)
    assert not view.values.model().item(5).isEnabled()
    assert view.values.itemText(5) == "difference"
    view.set_beside(compare(before.traces, now.traces))
    assert view.values.model().item(5).isEnabled()
    view.show_value("difference")
    view.show()
    image, geometry = view.matrix.grab().toImage(), view.matrix.geometry_now
    difference = now.traces[0].scaled()[0].astype(float) - before.traces[0].scaled()[0]
    allowed = now.traces[0].mask[0] | before.traces[0].mask[0]
    expected = cell_colours(difference, allowed, 2.5, PALETTES[theme], diverging=True)
    closed = before.traces[0].mask[0] & ~now.traces[0].mask[0]
    for row in range(0, 32, 3):
        for column in range(32):
            x, y, w, _h = geometry.cell_rect(row, column)
            off = int(w / 2) if closed[row, column] else 2  # what a closed pair had is small in its middle
            found = image.pixelColor(int(x) + off, int(y) + off)
            assert [found.red(), found.green(), found.blue()] == expected[row, column].tolist()
    for over in ("mean block", "union all"):
        view.show_over(over)
        assert not view.grab().isNull()
    view.show_over("head")
    view.set_beside(None)
    assert view.matrix.value == "scaled"
    view.show_value("difference")
    assert view.matrix.model.cells is None
    assert "Pin a state" in view.matrix.model.missing
    assert not view.grab().isNull()
    view.next_value()
    assert view.matrix.value == "scaled"


@pytest.mark.parametrize(("chosen", "expected"), [("scaled", "difference"), ("weight", "weight difference")])
def test_the_difference_comes_with_a_change_and_goes_with_the_pin(qtbot, chosen, expected):
    now, before = sample_analysis(seed=1, size=16), sample_analysis(seed=5, size=16)
    view = AttentionView(Selection(), Theme())
    qtbot.addWidget(view)
    view.show_analysis(now)
    same, beside = compare(now.traces, now.traces), compare(before.traces, now.traces)
    view.show_value(chosen)
    view.set_beside(same, ("3 planes",), differs=False)
    assert view.matrix.value == chosen, "nothing to compare yet"
    view.set_beside(beside, ("3 planes",), differs=True)
    assert view.matrix.value == expected
    assert view.values.currentText() == expected
    view.set_beside(None, ("3 planes",))  # another number of levels meanwhile
    assert (view.matrix.value, view.values.currentText()) == (chosen, BY_NAME[chosen].title)
    view.set_beside(beside, ("3 planes",), differs=True)
    assert view.matrix.value == expected
    view.show_value("angle")
    view.set_beside(beside, ("3 planes",), differs=True)
    assert view.matrix.value == "angle", "whoever left the difference meant to"
    view.show_value(expected)
    view.set_beside(None)
    assert view.matrix.value == "angle"
    view.set_beside(same, ("4 planes",), differs=False)
    assert view.matrix.value == "angle", "not an empty picture right after the pin"
    view.set_beside(beside, ("4 planes",), differs=True)
    assert view.matrix.value == expected, "chosen when the state was let go: there again"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_change_is_the_ground_and_both_ways_are_apart(theme):
    palette = PALETTES[theme]
    made = palette.difference_colours(np.array([-9.0, -2.5, -1.0, 0.0, 1.0, 2.5]), 2.5).astype(int)
    assert made[3].tolist() == rgb(palette.sunk).tolist()
    assert (made[0] == made[1]).all()
    assert (np.abs(made[2] - made[4]).max()) > 60
    turned = palette.difference_colours(np.array([2.5]), 2.5, reverse=True)
    assert (turned[0] == made[1]).all()
    table = palette.difference_table().astype(float)
    grey = table @ np.array([0.2126, 0.7152, 0.0722])
    far = np.abs(grey - grey[128])
    assert (np.diff(far[128::8]) > 0).all()
    assert (np.diff(far[:128:8]) < 0).all()
    scale = scale_of(sample_analysis(4, size=16), "difference")
    assert [scale.share(v) for v in (-2.5, 0.0, 2.5)] == [0, 0.5, 1]


def test_the_levels_that_changed_are_listed_and_linked(session, qtbot):
    pinned, selection = PinnedState(session), Selection()
    panel = ChangesPanel(pinned, selection, Theme())
    qtbot.addWidget(panel)
    panel.resize(520, 400)
    panel.show()
    assert "Pin a state" in panel.words.text()
    assert panel.words.alignment() & Qt.AlignmentFlag.AlignTop, "under the switch, not in the middle"
    before, now = sample_analysis(seed=1, size=16), sample_analysis(seed=1, size=16)
    show(session, before)
    pinned.pin()
    assert panel.order.rowCount() == 1, "nothing changed: the row for all alone"
    mask = now.traces[1].mask.copy()
    mask[2, :, 9] = False
    object.__setattr__(now.traces[1], "mask", mask)
    show(session, now)
    assert panel.order.rowCount() == 2
    assert panel.order.source_rows() == [9, 32]
    assert "Zeroed in more heads: 9." in panel.words.text()
    gone = int(before.traces[1].mask[2, :, 9].sum()) - int(before.traces[1].mask[2, 9, 9])
    told = {c.title: c.text(9) for c in panel.model.columns}
    assert told["Closed"] == str(gone)
    reach = [np.mean([t.reach()[:, 9] for t in each.traces]) for each in (before, now)]
    columns = (told["Reach\npinned"], told["Reach\nnow"], told["Change"])
    assert columns == tuple(f"{value:.2f}" for value in (*reach, reach[1] - reach[0]))
    assert told["Zeroed\nnow"] == "1"
    assert isinstance(panel.view.horizontalHeader(), TitleRow), "the sign of the order beside its title"
    rect = panel.view.visualRect(panel.order.index(0, 0))
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center() + QPoint(1, 0))
    assert selection.pinned == Place.level(9)
    panel._choose(1)
    assert panel.order.rowCount() == 1, "the chosen head is another"
    selection.choose(block=1, head=2)
    assert panel.order.rowCount() == 2
    session.analysis = session._shown = None


def test_the_columns_are_the_numbers_of_the_core():
    before, now = sample_analysis(seed=1, size=16), sample_analysis(seed=6, size=16)
    changes = compare(before.traces, now.traces).levels()
    made = {c.title: c for c in columns(changes, now.levels)}
    by_level = sorted(changes, key=lambda c: c.level)
    assert made["Reach\nnow"].values[:-1].tolist() == [c.reach_now for c in by_level]
    assert made["Opened"].values[-1] == sum(c.opened for c in changes)
    assert "Zeroed\nnow" not in {c.title for c in columns(changes, now.levels, frozenset())}


def test_columns_of_nothing_but_zeros_leave_their_room_and_are_said():
    before, now = (sample_analysis(seed=seed, size=16, kind="all allowed") for seed in (1, 6))
    changes = compare(before.traces, now.traces).levels()
    assert any_ends(changes) == frozenset()
    said = told(difference_of(before, now), changes)
    assert "No level is zeroed or silent in either state." in said
    masked = compare(*(sample_analysis(seed=1, size=16, kind="empty rows").traces for _ in range(2))).levels()
    assert any_ends(masked) == {"silent"}
