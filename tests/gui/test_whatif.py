"""What if: what can be set, what differs, and that a field and the session agree."""

import pytest
from PySide6.QtCore import Qt
from sample import sample_analysis

from mrn_core import settings as core_settings
from mrn_core import weights
from mrn_core.errors import SettingsError, WeightsError
from mrn_core.settings import AnalysisSettings
from mrn_gui.painting import width_of
from mrn_gui.request import Request
from mrn_gui.whatif import model
from mrn_gui.whatif.panel import WhatIfPanel


def test_nothing_differs_at_the_start():
    assert model.changed(AnalysisSettings(), "auto") == []


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"af_high": 20.0}, ["af"]),
        ({"network.tables": 3, "network.hash_seed": 29}, ["tables", "seed"]),
        ({"network.hash_centre": "mean"}, ["hashed"]),
        ({"threads": 1}, ["device"]),
    ],
)
def test_each_difference_has_its_row(values, names):
    assert model.changed(core_settings.with_values(AnalysisSettings(), values), "auto") == names


def test_another_device_differs():
    assert model.changed(AnalysisSettings(), "cpu") == ["device"]


def test_every_choice_is_a_value_that_the_settings_take():
    for choice in (*model.HASHED, *model.FEATURES, *model.magnifier_choices()):
        core_settings.with_values(AnalysisSettings(), dict(choice.values))
    assert model.chosen(model.HASHED, model.values_of(AnalysisSettings(), "auto")) == 0


def test_a_magnifier_without_weights_says_why(monkeypatch):
    def missing(name):
        raise WeightsError(f"The weights {name} are not here.", "Import them.", name)

    monkeypatch.setattr(weights, "find", missing)
    reasons = {choice.values["magnifier"]: choice.reason for choice in model.magnifier_choices()}
    assert "not here" in reasons.pop("magnet")
    assert set(reasons.values()) == {""}


def test_devices_are_told_with_their_threads():
    assert [c.label for c in model.device_choices({"auto": "CPU"}, 4)] == ["CPU, 4 threads", "CPU, 1 thread"]
    assert [c.label for c in model.device_choices({"auto": "CPU"}, 1)] == ["CPU, 1 thread"]
    several = model.device_choices({"auto": "Automatic: A", "cpu": "CPU", "cuda:0": "A"}, 2)
    assert [c.values["device"] for c in several] == ["auto", "cpu", "cpu", "cuda:0"]


@pytest.fixture
def panel(session, theme, qtbot):
    session.reset_settings()
    made = WhatIfPanel(session, theme)
    qtbot.addWidget(made)
    made.resize(352, 300)
    made.show()
    return made


def test_the_fields_follow_the_session(panel, session):
    session.change_settings(
        {"levels": 12, "network.planes": 5, "network.hash_centre": "mean", "af_low": 0.5, "af_high": 30.0}
    )
    assert panel.levels.value() == 12
    assert panel.planes.value() == 5
    assert panel.hashed.currentText() == "Tied, mean"
    assert (panel.low.value(), panel.high.value()) == (0.5, 30.0)
    assert panel.slider.values == (0.5, 30.0)
    assert panel.header.remark == "4 changed"
    assert panel.header.toolTip() == "Changed: AF range, Levels, Planes, Hashed"
    assert panel.reset.isEnabled()


def test_the_session_follows_the_fields(panel, session, qtbot):
    panel.tables.setValue(2)
    panel.levels.setValue(7)
    panel.slider.changed.emit(3.0, 9.0)
    assert session.settings.network.tables == 2
    assert session.settings.levels == 7
    assert (session.settings.af_low, session.settings.af_high) == (3.0, 9.0)
    qtbot.mouseClick(panel.dice, Qt.MouseButton.LeftButton)
    assert 0 <= session.settings.network.hash_seed <= model.LARGEST_DRAWN_SEED
    panel.hashed.taken.emit(dict(model.HASHED[2].values))
    assert session.settings.network.qk == "separate"
    qtbot.mouseClick(panel.reset, Qt.MouseButton.LeftButton)
    assert session.settings == AnalysisSettings()
    assert not panel.reset.isEnabled()
    assert panel.seed.text() == "saved"


def test_one_end_of_the_range_takes_the_other_along(panel, session):
    panel.low.setValue(15.0)
    assert (session.settings.af_low, session.settings.af_high) == (15.0, 15.0)
    panel.high.setValue(4.0)
    assert (session.settings.af_low, session.settings.af_high) == (4.0, 4.0)


def test_what_is_refused_goes_back(panel, session, monkeypatch, qtbot):
    def refuse(_values):
        raise SettingsError("Not that.", "Choose another.")

    monkeypatch.setattr(session, "change_settings", refuse)
    with qtbot.waitSignal(session.failed):
        panel.levels.setValue(99)
    assert panel.levels.value() == session.settings.levels


def test_what_cannot_be_taken_is_listed_but_disabled(panel):
    last = panel.features.count() - 1
    item = panel.features.model().item(last)
    assert not item.isEnabled()
    assert "trained weights" in panel.features.itemData(last, Qt.ItemDataRole.ToolTipRole)


def test_every_row_says_what_it_is():
    for row in model.ROWS:
        assert len(row.tip()) > 15
    assert len({row.name for row in model.ROWS}) == len(model.ROWS)


def test_the_hash_seed_is_told_in_plain_words(session, theme, qtbot):
    panel = WhatIfPanel(session, theme)
    qtbot.addWidget(panel)
    assert "random planes" in panel.seed.toolTip()
    assert "-1" not in panel.seed.toolTip()


def test_another_clip_keeps_the_settings_and_says_so(panel, session, qtbot):
    said = []
    panel.said.connect(said.append)
    session._sha256 = "first"
    session.clip_changed.emit()
    session.change_settings({"network.planes": 5, "network.hash_seed": 17, "af_high": 20.0})
    session.clip_changed.emit()  # the same content, opened again
    assert said == []
    session._sha256 = "second"
    session.clip_changed.emit()
    assert said == ["Settings kept from the clip before: AF range 2 to 20, planes 5, hash seed 17"]
    dots = dict(panel._dots)
    assert dots["planes", "tables"].toolTip() == (
        "By default: planes 3. What is set stays set when another clip is opened"
    )
    assert dots["levels",].toolTip() == ""
    session.reset_settings()
    session._sha256 = "third"
    session.clip_changed.emit()
    assert len(said) == 1, "nothing is changed: nothing to say"
    session._sha256 = ""


def test_what_is_pinned_is_said_and_stands_in_the_header(panel, session, theme, qtbot):
    said = []
    panel.said.connect(said.append)
    panel.pinned.toggle()
    assert said == [], "nothing is shown yet"
    session.analysis, session._shown = sample_analysis(size=16), Request("a", 0, 1, session.settings, "auto")
    session.analysis_changed.emit()
    qtbot.mouseClick(panel.pin, Qt.MouseButton.LeftButton)
    assert said[-1].startswith("Pinned state: 3 planes, 4 tables, seed saved.")
    whole = "pinned: 3 planes, 4 tables, seed saved"
    shown = {}
    for width in (600, 352, 240):
        panel.resize(width, 400)
        shown[width] = panel.header.remark
        assert panel.header.toolTip() == whole.capitalize()
        assert width_of(shown[width], theme.font(12)) <= panel.header.room(width), "nothing is cut"
    assert shown == {600: whole, 352: "pinned: 3 × 4, seed saved", 240: "3 × 4"}
    assert "3 planes, 4 tables, seed saved" in panel.pin.toolTip()
    qtbot.mouseClick(panel.pin, Qt.MouseButton.LeftButton)
    assert said[-1] == "The state of 3 planes, 4 tables, seed saved is pinned no more."
    assert panel.header.remark == ""
    session.analysis = session._shown = None
