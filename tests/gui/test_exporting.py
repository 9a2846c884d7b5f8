"""The dialog of File, Export; and its figures in Qt's own renderer."""

import dataclasses
import threading

import numpy as np
import pytest
from gui.sample import sample_analysis
from PySide6.QtCore import QByteArray, QLocale, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel

from mrn_core.figures.page import PAGES
from mrn_core.figures.scene import Scene, example_pair
from mrn_core.figures.style import MAP_STOPS, MASKED
from mrn_core.figures.views import VIEWS, view_bytes
from mrn_core.report.exporting import NUMBERS, file_names
from mrn_core.spotting import Spotting
from mrn_core.tables import chance_of
from mrn_core.worth import untrained
from mrn_gui.copying import picture_of
from mrn_gui.exporting import ExportDialog
from mrn_gui.painting import text
from mrn_gui.request import Request
from mrn_gui.selection import Place, Selection
from mrn_gui.whatif.pinned import PinnedState

SMALL = {"levels": 3, "heads": 2, "blocks": 2, "tables": 2}


@pytest.fixture
def selection():
    return Selection(2, 2, 3, 2)


@pytest.fixture
def dialog(session, selection, theme, stored, qtbot, tmp_path):
    session.analysis = sample_analysis(**SMALL)
    made = ExportDialog(session, selection, theme, stored)
    qtbot.addWidget(made)
    made.folder.setText(str(tmp_path / "out"))
    made.show()
    return made


def only(dialog, *views, kinds=("svg",), numbers=False, report=False):
    for name, box in dialog.views.items():
        box.setChecked(name in views)
    for kind, box in dialog.kinds.items():
        box.setChecked(kind in kinds)
    dialog.numbers.setChecked(numbers)
    dialog.report.setChecked(report)


def pressed(dialog, qtbot):
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog._job is None, timeout=20_000)
    return dialog.words.text()


def test_what_is_chosen_is_written(dialog, qtbot, tmp_path, monkeypatch):
    only(dialog, "fig4", "why", kinds=("svg", "pdf"), numbers=True)
    names = file_names(dialog.scene, dialog.plan)
    assert dialog.words.text().startswith(f"{len(names)} files")
    assert not dialog.open_button.isVisible()
    said = pressed(dialog, qtbot)
    assert said == (
        f"{len(names)} files written to {tmp_path / 'out'}: {', '.join(names[:3])} and {len(names) - 3} more."
    )
    opened = []
    monkeypatch.setattr("mrn_gui.exporting.QDesktopServices.openUrl", lambda url: opened.append(url) or True)
    qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    assert [url.toLocalFile() for url in opened] == [str(tmp_path / "out")]
    monkeypatch.setattr("mrn_gui.exporting.QDesktopServices.openUrl", lambda url: False)
    qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    assert str(tmp_path / "out") in dialog.words.text()
    dialog.kinds["png"].setChecked(True)
    assert not dialog.open_button.isVisible(), "the words are of another choice now"
    dialog.kinds["png"].setChecked(False)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(names)
    assert len(names) == 2 * 2 + len(NUMBERS)


def test_existing_files_are_asked_about_and_kept_until_the_answer(dialog, qtbot, tmp_path):
    only(dialog, "fig4")
    name = file_names(dialog.scene, dialog.plan)[0]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("old")
    assert name in pressed(dialog, qtbot)
    assert dialog.go.text() == "Replace"
    assert (tmp_path / "out" / name).read_text() == "old"
    dialog.kinds["pdf"].setChecked(True)  # another choice: the question is open again
    assert dialog.go.text() == "Export"
    assert "there already" in pressed(dialog, qtbot)
    assert "2 files written" in pressed(dialog, qtbot)
    assert (tmp_path / "out" / name).read_text() != "old"


def test_the_chosen_head_and_the_pinned_pair_are_drawn(dialog, selection):
    selection.choose(block=1, head=1, table=1)
    selection.click(Place(1, 2))
    assert "block 2, head 2, table 2; the pair q1→k2 is explained" in dialog.where.text()
    scene = dialog.scene
    assert (scene.block, scene.head, scene.table, scene.pair) == (1, 1, 1, (1, 2))
    selection.let_go()
    query, key = example_pair(dialog.scene.trace, 1)
    empty = "an empty cell" if not dialog.scene.trace.mask[1, query, key] else "no cell being empty"
    assert f"the pair q{query}→k{key}, {empty}, is explained: pin one" in dialog.where.text()
    only(dialog, "why")
    assert file_names(dialog.scene, dialog.plan)[0].endswith(f"-q{query}k{key}.svg")
    only(dialog, "why")
    assert file_names(scene, dialog.plan)[0].endswith("-why-b2h2-q1k2.svg")


def test_a_selection_beyond_the_analysis_is_held_inside_it(dialog, session, selection):
    selection.choose(block=1, head=1, table=1)
    session.analysis = sample_analysis(levels=2, heads=1, blocks=1, tables=1)
    assert (dialog.scene.block, dialog.scene.head, dialog.scene.table) == (0, 0, 0)


def test_a_place_that_cannot_be_written_is_said_here(dialog, qtbot, tmp_path):
    only(dialog, "fig4")
    (tmp_path / "out").write_text("kept")
    words = pressed(dialog, qtbot)
    assert "is a file, not a folder" in words
    assert "Nothing was changed" in words
    assert dialog.words.property("tone") == "error"
    assert (tmp_path / "out").read_text() == "kept"
    dialog.folder.setText("somewhere")
    assert "no whole path" in pressed(dialog, qtbot)
    dialog.folder.setText(" ")
    assert "No folder is named" in pressed(dialog, qtbot)


def test_a_full_disk_is_said_here_and_leaves_nothing(dialog, qtbot, tmp_path, monkeypatch):
    only(dialog, "fig4")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert "No space left on device" in pressed(dialog, qtbot)
    assert not (tmp_path / "out").exists()
    monkeypatch.undo()
    assert "1 file" in pressed(dialog, qtbot)


def test_cancelling_writes_nothing_and_the_next_try_does(dialog, qtbot, tmp_path, monkeypatch):
    only(dialog, "fig4", "reach")
    going, drawn = threading.Event(), threading.Event()

    def slow(*args):
        drawn.set()
        assert going.wait(10)
        return view_bytes(*args)

    monkeypatch.setattr("mrn_core.figures.views.view_bytes", slow)
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert drawn.wait(10)
    assert dialog.go.text() == "Cancel"
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    going.set()
    qtbot.waitUntil(lambda: dialog._job is None, timeout=10_000)
    assert dialog.words.text() == "Cancelled: nothing was written."
    assert not (tmp_path / "out").exists()
    assert "2 files written" in pressed(dialog, qtbot)


def test_nothing_chosen_and_nothing_there_are_said(dialog, session, qtbot):
    only(dialog)
    assert "Nothing is chosen" in pressed(dialog, qtbot)
    session.analysis = None
    session.analysis_changed.emit()
    assert not dialog.go.isEnabled()
    assert "analyse a clip first" in dialog.words.text()


def test_the_motion_curve_can_be_drawn_once_it_is_measured(dialog, session):
    assert not dialog.views["motion"].isEnabled()
    curve = Spotting({"motion": np.arange(4.0)}, None, 2, None, 0.5, "difference", 25, "gray levels", 0)
    session.curve = curve
    session.curve_changed.emit()
    assert dialog.views["motion"].isEnabled()
    assert dialog.scene.curve is curve
    assert "motion" in dialog.plan.views


def named(clip, **shape):
    """A small analysis of a clip with this name."""
    return dataclasses.replace(sample_analysis(**SMALL, **shape), provenance={"clip": {"name": clip}})


def test_the_difference_can_be_drawn_once_a_state_is_pinned(session, selection, theme, stored, qtbot):
    session.analysis = named("a.mp4")
    session._shown = Request("a", 0, 1, session.settings, "auto")
    pinned = PinnedState(session)
    dialog = ExportDialog(session, selection, theme, stored, pinned=pinned)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.views["difference"].isEnabled()
    assert "Pin a state" in dialog.views["difference"].toolTip()
    pinned.pin()
    assert not dialog.views["difference"].isEnabled()  # it is still what is shown
    before, session.analysis = session.analysis, named("a.mp4", seed=5)
    session.analysis_changed.emit()
    assert dialog.scene.before is before
    assert dialog.views["difference"].isEnabled()
    assert {"difference", "difference-mean", "changes"} <= set(dialog.plan.views)
    assert "Pinned state: 3 planes" in dialog.where.text()
    pinned.let_go()
    assert dialog.scene.before is None


def test_clips_of_this_window_and_saved_ones_stand_below_one_another(dialog, session, qtbot, tmp_path):
    assert dialog.several.boxes == []
    for clip in ("a.mp4", "b.mp4", "a.mp4", "c.mp4"):
        session.analysis = named(clip)
        session.analysis_changed.emit()
    assert [box.text().split(" · ")[0] for box in dialog.several.boxes] == ["a.mp4", "b.mp4"]
    only(dialog, "fig1", kinds=("svg", "csv"))
    assert [len(dialog.scene.others), file_names(dialog.scene, dialog.plan)[0]] == [0, "c-fig1.svg"]
    dialog.several.boxes[1].setChecked(True)
    named("d.mp4").save(tmp_path / "d.npz")
    dialog.several.add([str(tmp_path / "d.npz")])
    qtbot.waitUntil(lambda: len(dialog.several.boxes) == 3, timeout=10_000)
    assert [box.isChecked() for box in dialog.several.boxes] == [True, False, True]
    assert "2 files written" in pressed(dialog, qtbot)
    svg = (tmp_path / "out" / "c-fig1-3-clips.svg").read_text("utf-8")
    assert svg.count("<image") == 3 * (2 + 3)
    assert svg.index(">c.mp4<") < svg.index(">d.mp4<") < svg.index(">b.mp4<")
    table = (tmp_path / "out" / "c-fig1-3-clips.csv").read_text("utf-8")
    assert {line.split(",")[0] for line in table.splitlines()[1:]} == {"b.mp4", "c.mp4", "d.mp4"}
    session.analysis = named("b.mp4")  # the shown one stands no second time
    session.analysis_changed.emit()
    assert [analysis.provenance["clip"]["name"] for analysis in dialog.scene.others] == ["d.mp4"]


def test_a_file_that_is_no_analysis_is_said(dialog, qtbot, tmp_path):
    (tmp_path / "x.npz").write_text("no")
    dialog.several.add([str(tmp_path / "x.npz")])
    qtbot.waitUntil(dialog.several.add_button.isEnabled, timeout=10_000)
    assert "x.npz is not a whole analysis" in dialog.words.text()
    assert dialog.several.boxes == []


def test_all_and_none_choose_the_views(dialog):
    dialog.choose_views(False)
    assert dialog.plan.views == ()
    dialog.choose_views(True)
    assert set(dialog.plan.views) == {n for n, view in VIEWS.items() if view.can(dialog.scene)}


def test_numbers_have_points_where_qt_speaks_german(dialog, qtbot, tmp_path):
    only(dialog, "fig4", kinds=("svg", "csv"), numbers=True)
    before = QLocale()
    for name, locale in (("out", before), ("german", QLocale(QLocale.Language.German))):
        QLocale.setDefault(locale)
        try:
            dialog.folder.setText(str(tmp_path / name))
            pressed(dialog, qtbot)
        finally:
            QLocale.setDefault(before)
    assert QLocale(QLocale.Language.German).toString(1.5) == "1,5"
    for path in (tmp_path / "out").iterdir():
        if path.suffix != ".npz":  # the archive holds the time
            assert (tmp_path / "german" / path.name).read_bytes() == path.read_bytes()


def rendered(data, width):
    """An SVG drawn by Qt, not by what made it."""
    renderer = QSvgRenderer(QByteArray(data))
    assert renderer.isValid()
    size = renderer.viewBoxF().size()
    image = QImage(width, round(width * size.height() / size.width()), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_opens_in_another_renderer(qapp, name):
    analysis = sample_analysis(**SMALL)
    curve = Spotting({"motion": np.arange(4.0)}, None, 2, None, 0.5, "difference", 25, "gray levels", 0)
    scene = Scene(
        analysis, chance=chance_of(analysis, 4), curve=curve, before=sample_analysis(**SMALL, seed=5)
    )
    image = rendered(view_bytes(scene, name, "svg", PAGES["column"]), 400)
    inks = {image.pixelColor(x, y).rgb() for x in range(0, 400, 7) for y in range(0, image.height(), 7)}
    assert len(inks) > 3


def test_cells_have_the_colours_of_their_values_in_another_renderer(qapp):
    analysis = sample_analysis(levels=4, heads=1, blocks=1, tables=1)
    trace = analysis.traces[0]
    weights, mask = trace.weights.copy(), trace.mask.copy()
    weights[0], mask[0] = np.eye(4) * 0.8, np.eye(4, dtype=bool)
    changed = dataclasses.replace(analysis, traces=(dataclasses.replace(trace, weights=weights, mask=mask),))
    data = view_bytes(Scene(changed), "fig4", "svg", PAGES["column"])
    image = rendered(data, 1000)
    counted = {MAP_STOPS[-1]: 0, MASKED: 0}
    for x in range(0, image.width(), 4):
        for y in range(0, image.height(), 4):
            ink = image.pixelColor(x, y).name().upper()
            counted[ink] = counted.get(ink, 0) + 1
    assert counted[MASKED] == pytest.approx(3 * counted[MAP_STOPS[-1]], rel=0.15)


def test_ctrl_e_opens_it_and_it_knows_the_window(window, session, qtbot):
    session.analysis = sample_analysis(levels=2, heads=1, blocks=1, tables=1)
    session.analysis_changed.emit()
    window.actions_by_id["export"].trigger()
    opened = window.commands._export
    assert opened.isVisible()
    assert not opened.isModal()
    window.actions_by_id["export"].trigger()
    assert window.commands._export is opened
    opened.close()


def test_the_panel_under_the_pointer_is_copied_as_a_picture(window, monkeypatch):
    monkeypatch.setattr("PySide6.QtWidgets.QApplication.focusWidget", lambda: None)
    for widget, wanted in (
        (window.page.attention.focusProxy(), window.page.attention),
        (window.top_bar, window.top_bar),
        (None, window.page),
    ):
        monkeypatch.setattr("PySide6.QtWidgets.QApplication.widgetAt", lambda *_, widget=widget: widget)
        window.actions_by_id["copy_panel"].trigger()
        picture = QGuiApplication.clipboard().image()
        ratio = picture.devicePixelRatio()
        assert (picture.width() / ratio, picture.height() / ratio) == (wanted.width(), wanted.height())


def test_a_copied_picture_says_what_it_was_made_from(qtbot, theme, monkeypatch):
    panel, words = QLabel("a view"), []
    qtbot.addWidget(panel)
    panel.resize(300, 100)
    monkeypatch.setattr(
        "mrn_gui.copying.text",
        lambda p, rect, said, *rest: words.append((rect, said)) or text(p, rect, said, *rest),
    )
    made = picture_of(panel, theme, named("b.mp4"))
    (rect, said), ratio = words[0], made.devicePixelRatio()
    assert said.startswith("b.mp4 · ")
    assert " · seed 0" in said
    assert said.endswith(untrained("all"))
    panel.shows = "hash"
    picture_of(panel, theme, named("b.mp4"))
    assert words[1][1].endswith(untrained("hash"))
    assert made.width() / ratio == 300
    assert rect.top() >= 100
    assert rect.bottom() <= made.height() / ratio
    inks = made.toImage().copy(rect.toRect())
    assert len({inks.pixel(x, y) for x in range(inks.width()) for y in range(inks.height())}) > 5
    assert picture_of(panel, theme, None).height() / ratio == 100


def test_a_closed_dialog_works_nothing_out_and_tells_it_when_it_is_opened(dialog, session, monkeypatch):
    asked, words = [], ExportDialog._tell_count
    monkeypatch.setattr(ExportDialog, "_tell_count", lambda *args: (asked.append(1), words(*args)))
    dialog.hide()
    session.analysis = sample_analysis(levels=4, heads=1, blocks=1, tables=1)
    session.analysis_changed.emit()
    assert asked == []
    dialog.show()
    assert asked == [1]
    assert "block 1, head 1" in dialog.where.text()
    session.analysis_changed.emit()
    told = len(asked)
    assert told > 1
    dialog.hide()
    dialog.show()
    assert len(asked) == told, "what was written is still told"
