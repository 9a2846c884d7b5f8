"""The dock of the table of levels: order, links, copying, export, other analyses."""

import csv

import numpy as np
import pytest
from gui.sample import sample_analysis
from pointer import point_at
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from mrn_core.network import explain
from mrn_core.tables import as_csv, chance_of, level_table
from mrn_core.worth import untrained
from mrn_gui.layout import LAST_LEAST
from mrn_gui.selection import Place, Selection
from mrn_gui.table import LevelTablePanel
from mrn_gui.table.remark import A_LINE_EACH


@pytest.fixture
def selection():
    return Selection(2, 2, 8, 1)


@pytest.fixture
def panel(session, selection, theme, stored, qtbot):
    session.analysis = sample_analysis(levels=8, heads=2, blocks=2, tables=1, planes=5)
    made = LevelTablePanel(session, selection, theme, stored)
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def column(panel, title):
    titles = [found.title for found in panel.model.columns]
    return titles.index(title)


def shown(panel, section):
    return [panel.order.index(row, section).data() for row in range(panel.order.rowCount())]


def test_hidden_it_works_nothing_out(session, selection, theme, stored, qtbot):
    made = LevelTablePanel(session, selection, theme, stored)
    qtbot.addWidget(made)
    session.analysis = sample_analysis(levels=3, heads=1, blocks=1)
    session.analysis_changed.emit()
    assert made.model.columns == []
    made.show()
    assert made.model.rowCount() == 4


@pytest.mark.parametrize("way", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_sorted_by_numbers_with_all_and_undefined_last(panel, way):
    section = column(panel, "Received")
    panel.view.sortByColumn(section, way)
    rows = panel.order.source_rows()
    assert rows[-1] == 8
    values = panel.model.columns[section].values[rows[:-1]]
    assert list(values) == sorted(values, reverse=way == Qt.SortOrder.DescendingOrder)
    panel.model.columns[section].values[3] = np.nan
    panel.order.invalidate()
    assert panel.order.source_rows()[-2:] == [3, 8]


@pytest.mark.parametrize("way", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_equal_numbers_stand_by_level_whatever_the_order_before(panel, way):
    section = column(panel, "Zeroed")
    panel.model.columns[section].values[:8] = [1, 0, 1, 0, 0, np.nan, 1, np.nan]
    for before in (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder):
        panel.view.sortByColumn(0, before)
        panel.view.sortByColumn(section, way)
        few, many = [1, 3, 4], [0, 2, 6]
        parts = [few, many] if way == Qt.SortOrder.AscendingOrder else [many, few]
        assert panel.order.source_rows() == [*parts[0], *parts[1], 5, 7, 8]


def test_the_order_stays_with_its_quantity_among_other_columns(panel, session):
    """The sign of the order, and the order: with analyses beside it, without, and for one head."""
    down = Qt.SortOrder.DescendingOrder
    panel.view.sortByColumn(column(panel, "Reach"), down)
    order = panel.order.source_rows()
    panel._added([level_table(sample_analysis(levels=8, heads=2, blocks=2, seed=3), None, "other.npz")])
    header = panel.view.horizontalHeader()

    def sorted_by():
        found = panel.model.columns[header.sortIndicatorSection()]
        return found.quantity, found.of

    present = panel._present.name
    assert sorted_by() == ("Reach", present)
    assert header.sortIndicatorOrder() == down
    assert panel.order.source_rows() == order
    panel.view.sortByColumn(
        next(i for i, c in enumerate(panel.model.columns) if (c.quantity, c.of) == ("Beta", "other.npz")),
        down,
    )
    panel.clear_others()
    assert sorted_by() == ("Beta", present)
    panel.view.sortByColumn(column(panel, "Block 2\nHead 2"), down)
    panel.which.buttons()[1].click()
    assert sorted_by() == ("Level", "")
    panel.which.buttons()[0].click()
    assert sorted_by() == ("Block 2 Head 2", present)
    values = panel.model.columns[header.sortIndicatorSection()].values[panel.order.source_rows()[:-1]]
    assert list(values) == sorted(values, reverse=True)


def test_the_sentence_above_is_whole_at_any_width(panel, qtbot):
    said = "Of this head a long sentence is said. " * 6
    panel.remark.setText(said)
    for width in (420, 900):
        panel.resize(width, 400)
        qtbot.wait(1)
        room = panel.remark.contentsRect()
        need = panel.remark.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, said)
        assert need.width() <= room.width()
        assert need.height() <= room.height()


def test_the_sentences_of_several_leave_the_table_its_room_and_stand_whole_in_the_tip(panel, qtbot):
    said = [f"{name}: of this head a long sentence is said. " * 4 for name in ("one.mp4", "two.npz")]
    panel.remark.setText("\n".join(said))
    shown = {}
    for height in (260, 900):
        panel.resize(600, height)
        qtbot.wait(1)
        shown[height] = panel.remark.shown
        metrics = panel.remark.fontMetrics()
        assert panel.remark.height() <= max(2, height // A_LINE_EACH) * metrics.lineSpacing() + 4
    first, second = shown[260].split("\n")
    assert first.startswith("one.mp4: ")
    assert second.startswith("two.npz: ")
    assert first.endswith("…")
    assert second.endswith("…")
    assert shown[900] == panel.remark.text() == panel.remark.toolTip() == "\n".join(said)


def test_a_row_points_at_its_level_and_lets_go(panel, selection, qtbot):
    panel.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    spot = panel.view.visualRect(panel.order.index(2, 3)).center()
    point_at(panel.view.viewport(), spot)
    panel.view.entered.emit(panel.order.index(2, 3))
    assert selection.hovered == Place.level(5)
    panel.pointing.let_go()
    assert selection.hovered is None


def test_a_click_pins_the_level_and_chooses_the_head(panel, selection, qtbot):
    section = column(panel, "Block 2\nHead 2")
    panel.view.scrollTo(panel.order.index(1, section))
    spot = panel.view.visualRect(panel.order.index(1, section)).center()
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert selection.pinned == Place.level(1)
    assert (selection.block, selection.head) == (1, 1)
    last = panel.view.visualRect(panel.order.index(8, section)).center()
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=last)
    assert selection.pinned == Place.level(1)  # the row for all is no level


def test_marks_of_other_views_are_drawn_here(panel, selection, theme):
    before = panel.view.viewport().grab().toImage()
    selection.hover(Place(2, 6))
    after = panel.view.viewport().grab().toImage()
    ink = theme.colour("selection").rgb()
    for level, marked in ((2, True), (6, True), (4, False)):
        rect = panel.view.visualRect(panel.order.index(level, 0))
        spot = QPoint(rect.left() + 2, rect.bottom())
        assert (after.pixelColor(spot).rgb() == ink) == marked
        assert before.pixelColor(spot).rgb() != ink


def test_the_chosen_head_follows_the_selection(panel, selection):
    panel.which.buttons()[1].click()
    for block, head in ((0, 0), (1, 1)):
        selection.choose(block=block, head=head)
        reach = panel.model.columns[column(panel, "Reach")]
        np.testing.assert_array_equal(reach.values[:8], panel._session.analysis.reach()[block, head])
        trace = panel._session.analysis.traces[block]
        drawn = panel._session.chance and panel._session.chance[block]
        said = " ".join(explain.head_told(explain.head(trace, head, drawn)))
        assert panel.remark.text() == f"Block {block + 1}, head {head + 1}: {said}"


def test_chance_fills_when_it_comes(panel, session):
    section = column(panel, "Reach\nby chance")
    assert set(shown(panel, section)) == {"–"}
    session.chance = chance_of(session.analysis, draws=10)
    session.chance_changed.emit()
    assert "–" not in shown(panel, section)[:8]
    zeroed = int(session.analysis.zeroed().sum())
    drawn = np.sum([block.zeroed_counts.sum(0) for block in session.chance], axis=0)
    often = f"{zeroed} or more in {100 * np.mean(drawn >= zeroed):.0f} % of redraws"
    assert panel.remark.text().startswith(
        f"{zeroed} zeroed levels, counted in each of 4 heads; {often}: not more than chance. "
    )


def test_no_level_is_zeroed_in_the_words_of_the_other_views(panel, session):
    session.analysis = sample_analysis(levels=8, heads=2, blocks=2, tables=1, kind="all allowed")
    session.analysis_changed.emit()
    assert panel.remark.text() == "No level is zeroed in any of 4 heads."


@pytest.mark.parametrize("title", ["Reach", "Reach\nby chance", "Zeroed\nby chance", "Block 2\nHead 2"])
@pytest.mark.parametrize("way", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_the_sign_of_the_order_stands_at_its_own_title(panel, qtbot, title, way):
    """In the picture: what the sign changes lies in its own column, next to the title's ink."""
    section, header = column(panel, title), panel.view.horizontalHeader()
    panel.view.sortByColumn(0, way)
    panel.view.scrollTo(panel.order.index(0, section))
    qtbot.wait(1)
    before = header.grab().toImage()
    panel.view.sortByColumn(section, way)
    after = header.grab().toImage()
    left, width = header.sectionViewportPosition(section), header.sectionSize(section)
    ground = after.pixelColor(left + 1, 1)
    changed, ink = [], []
    for x in range(left, left + width):
        column_of = range(header.height() - 2)
        if any(before.pixelColor(x, y) != after.pixelColor(x, y) for y in column_of):
            changed.append(x)
        if any(before.pixelColor(x, y) != ground for y in column_of):
            ink.append(x)
    assert len(changed) >= 5
    assert max(changed) < min(ink) <= max(changed) + 9, "left of the title, and next to it"


def test_no_analysis_says_when_it_fills(panel, session):
    session.analysis = None
    session.analysis_changed.emit()
    assert panel.empty.isVisible()
    assert not panel.view.isVisible()
    assert not panel.copy_button.isEnabled()


def test_copying_takes_the_order_shown_or_the_chosen_rows(panel, qtbot):
    panel.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    qtbot.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = list(csv.reader(QGuiApplication.clipboard().text().splitlines(), dialect="excel-tab"))
    *rows, blank, made_from_line = lines
    assert [line[0] for line in rows] == ["Level", *map(str, range(7, -1, -1)), "all"]
    assert blank == []
    assert "seed 0" in made_from_line[0]
    assert made_from_line[0].endswith(untrained("all"))
    panel.view.selectRow(0)
    panel.view.selectionModel().select(
        panel.order.index(2, 0),
        panel.view.selectionModel().SelectionFlag.Select | panel.view.selectionModel().SelectionFlag.Rows,
    )
    assert [line.split("\t")[0] for line in panel.copied().splitlines()[:4]] == ["Level", "7", "5", ""]


def test_export_writes_what_the_core_says(panel, session, tmp_path, qtbot):
    target = tmp_path / "heads.csv"
    with qtbot.waitSignal(session.notice):
        panel.export_to(str(target))
    assert target.read_text("utf-8") == as_csv(panel.tables)
    with qtbot.waitSignal(session.failed) as refused:
        panel.export_to(str(tmp_path / "none" / "heads.csv"))
    assert "cannot be written" in str(refused.args[0])


def test_saved_analyses_stand_beside_it(panel, session, tmp_path, qtbot):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        sample_analysis(levels=3, heads=1, blocks=1, seed=ord(folder)).save(tmp_path / folder / "x.npz")
    panel.add_others([str(tmp_path / folder / "x.npz") for folder in ("a", "b")])
    qtbot.waitUntil(lambda: len(panel.others) == 2, timeout=10_000)
    titles = [found.title for found in panel.model.columns]
    assert "a/x.npz\n3 × 4\nReach" in titles
    assert "b/x.npz\n3 × 4\nReach" in titles
    assert panel.clear_button.isVisible()
    for show in (0, 1):
        panel.which.buttons()[show].click()
        lines = panel.remark.text().splitlines()
        assert len(lines) == len(panel.tables) == 3, "a sentence for each"
        for line, table, name in zip(lines[1:], panel.others, ("a/x.npz", "b/x.npz"), strict=True):
            head = f"Block 1, head 1: {' '.join(explain.head_told(table.reasons[0][0], short=True))}"
            said = head if show else " ".join(explain.all_told(table.together))
            assert line == f"{name}, 3 × 4: {said}"
            assert "redraws" in line
    panel.clear_others()
    assert panel.tables == [panel._present]
    with qtbot.waitSignal(session.failed) as refused:
        panel.add_others([str(tmp_path / "nothing.npz")])
    assert "There is no file" in str(refused.args[0])
    assert panel.tables == [panel._present]


def test_the_dock_is_hidden_until_asked_for(window, qtbot):
    dock = window.docks["levels"]
    assert dock.isHidden()
    window.actions_by_id["levels"].trigger()
    assert dock.isVisible()
    assert window.actions_by_id["levels"].isChecked()
    window.actions_by_id["levels"].trigger()
    assert dock.isHidden()


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_it_opens_docked_with_room_for_some_levels(window, qtbot, size):
    """A small page makes room, panel by panel, and takes it back; in a large one every panel stays."""
    window.resize(*size)
    window.show()
    page, dock, table = window.page, window.docks["levels"], window.docks["levels"].widget()
    window._stack.setCurrentWidget(window.roomy)
    window.session.analysis = sample_analysis(size=16)
    window.session.analysis_changed.emit()
    window.actions_by_id["levels"].trigger()
    qtbot.wait(1)
    assert not dock.isFloating()
    assert (window.width(), window.height()) == size
    rows = table.view.viewport().height() / table.view.verticalHeader().defaultSectionSize()
    assert rows > 5
    assert dock.geometry().top() >= window.centralWidget().geometry().bottom(), "over no view"
    large = size[0] == 1920
    assert rows >= 7 or not large
    assert page.level.canvas.isVisible() == large
    assert page.hash_space.isVisible() == page.reading.isVisible() == large
    assert page.hash_space.height() >= LAST_LEAST or not large
    assert page.why.height() >= 240
    assert page.attention.height() >= page.attention.minimumSizeHint().height()
    assert page.whatif.isVisible()
    window.resizeDocks([dock], [250], Qt.Orientation.Vertical)
    qtbot.wait(1)
    before = dock.height()
    assert before == 250
    for _ in range(2):
        window.actions_by_id["levels"].trigger()
    qtbot.wait(1)
    assert dock.height() == before, "as large as somebody left it"
    window.actions_by_id["levels"].trigger()
    qtbot.wait(1)
    assert page.level.canvas.isVisible()
    assert page.hash_space.isVisible()


def test_the_table_of_an_analysis_is_that_of_the_command(panel, session):
    told = level_table(session.analysis, None, panel._present.name)
    assert as_csv([told]) == as_csv([panel._present])
