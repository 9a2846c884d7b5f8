"""The dialog of all settings: a line for every row of the schema, errors in words, live while work runs."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from mrn_core import settings as core_settings
from mrn_core.settings import AnalysisSettings
from mrn_gui.setting_words import note_told
from mrn_gui.settings_dialog import GROUPS, SettingsDialog, matches, range_told
from mrn_gui.whatif import model


@pytest.fixture
def dialog(session, theme, qtbot):
    session.reset_settings()
    made = SettingsDialog(session, theme)
    qtbot.addWidget(made)
    made.show()
    made.search.setText("cut the space")  # also while the lines are made
    qtbot.waitUntil(lambda: made.whole)
    assert [path for path, line in made.lines.items() if not line.isHidden()] == ["network.planes"]
    made.search.clear()
    return made


def type_into(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_every_row_of_the_schema_has_a_line(dialog):
    assert set(dialog.lines) == {row.path for row in core_settings.rows()}
    assert {row.limits.stage for row in core_settings.rows()} == {stage for stage, _, _ in GROUPS}
    for path, line in dialog.lines.items():
        row = core_settings.row(path)
        shown = line.field.currentText() if isinstance(line.field, QComboBox) else line.field.text()
        named = dict(zip(row.limits.choices, row.limits.names, strict=False))
        assert shown == named.get(row.default, core_settings.value_typed(row, row.default))
        assert row.limits.label
        if row.kind in (int, float) and row.limits.high is not None:
            assert f"to {row.limits.high:.10g}" in range_told(row)
    assert not dialog.isModal()


def test_every_setting_can_be_set_and_put_back(dialog, session, qtbot):
    for path, line in dialog.lines.items():
        row = core_settings.row(path)
        if row.limits.choices:
            other = next(c for c in row.limits.choices if c != row.default)
            if path == "network.feature_norm":
                other = "none"
            line.take(str(other))
        elif row.kind in (int, float):
            other = {"network.heads": 4, "af_low": 3, "af_high": 20}.get(path, row.limits.low)
            other = row.limits.low + 1 if other == row.default else other
            type_into(qtbot, line.field, f"{other:g}")
        else:
            continue
        assert core_settings.get(session.settings, path) == other, path
        assert not line.reset.isHidden()
        line.reset.click()
        assert core_settings.get(session.settings, path) == row.default
        assert line.reset.isHidden()
    assert session.settings == AnalysisSettings()


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("network.planes", "9", "from 0 to 8"),
        ("network.planes", "three", "whole number"),
        ("levels", "4.5", "whole number"),
        ("af_high", "2,5", "number"),
        ("af_high", "1", "below its start"),
        ("network.heads", "3", "evenly"),
        ("network.dropout", "nan", "number"),
    ],
)
def test_what_is_wrong_is_said_under_the_field_and_nothing_changes(dialog, session, qtbot, path, typed, said):
    line = dialog.lines[path]
    type_into(qtbot, line.field, typed)
    assert session.settings == AnalysisSettings()
    assert said in line.error.text()
    assert line.error.isVisibleTo(dialog)
    assert line.field.text() == typed, "what was typed stays to be mended"
    type_into(qtbot, line.field, core_settings.row(path).default.__format__("g"))
    assert not line.error.isVisibleTo(dialog)


def test_two_that_do_not_fit_say_so_in_place(dialog, session):
    dialog.lines["network.softmax"].take("full")
    dialog.lines["network.attention"].take("bucketed")
    assert session.settings.network.attention == "auto"
    line = dialog.lines["network.attention"]
    assert "never forms the scores" in line.error.text()
    assert line.field.currentText() == "auto"


def test_the_dialog_follows_the_session(dialog, session):
    session.change_setting("tables", 7)
    assert dialog.lines["network.tables"].field.text() == "7"
    assert dialog.changed.text() == "1 changed"
    dialog.reset_all.click()
    assert session.settings == AnalysisSettings()
    assert dialog.changed.text() == "All as they are by default"


def test_settings_are_found_by_words(dialog):
    dialog.search.setText("hyper")
    shown = {path for path, line in dialog.lines.items() if not line.isHidden()}
    assert "network.planes" in shown
    assert "af_low" not in shown
    dialog.search.setText("zzz")
    assert not dialog.none.isHidden()
    dialog.show_setting("planes")
    assert dialog.search.text() == ""
    assert isinstance(dialog.lines["network.planes"].field, QLineEdit)
    assert matches(core_settings.row("tables"), "n_t sets")


def test_the_window_opens_it_beside_the_work(window, qtbot):
    window.actions_by_id["settings"].trigger()
    found = window.findChildren(SettingsDialog)
    assert len(found) == 1
    assert found[0].isVisible()
    assert not found[0].isModal()
    window.actions_by_id["settings"].trigger()
    assert len(window.findChildren(SettingsDialog)) == 1


def test_settings_and_what_if_have_one_word_for_one_thing(dialog, session):
    for name in ("magnifier", "levels", "planes", "tables", "seed", "features", "mask"):
        row = model.BY_NAME[name]
        assert row.label == core_settings.row(row.paths[0]).limits.label
    for path in model.BY_NAME["hashed"].paths:
        assert core_settings.row(path).limits.label.startswith(model.BY_NAME["hashed"].label)
    for path, choices in (
        ("network.feature_norm", model.FEATURES),
        ("network.softmax", model.MASKS),
        ("magnifier", model.magnifier_choices()),
    ):
        field = dialog.lines[path].field
        listed = {field.itemText(i) for i in range(field.count())}
        assert {choice.label for choice in choices} == listed
    centre = dialog.lines["network.hash_centre"].field
    assert centre.itemText(1) == "Mean"
    assert model.HASHED[1].label == "Tied, mean"
    assert centre.itemData(1, Qt.ItemDataRole.ToolTipRole) == "--set network.hash_centre=mean"


def test_each_choice_has_a_name_or_none_has():
    for row in core_settings.rows():
        assert len(row.limits.names) in (0, len(row.limits.choices))


def test_a_note_names_the_choices_as_the_list_does():
    told = note_told(core_settings.row("softmax"))
    assert told.startswith("Over allowed keys [allowed]: the keys in the query's buckets; ")
    assert "Over all, then masked [full]: all keys" in told
    assert note_told(core_settings.row("qk")) == core_settings.row("qk").limits.note
    features = model.BY_NAME["features"].tip()
    assert "Over the levels [clip]: " in features
    assert "As is (the letter) [none]: " in features, "What if says what its list shows"


def test_the_hash_seed_of_the_weights_is_called_saved_everywhere(dialog, session, qtbot):
    field, row = dialog.lines["network.hash_seed"].field, core_settings.row("hash_seed")
    assert field.text() == "saved"
    assert "default saved" in range_told(row)
    assert "saved [-1]: " in note_told(row)
    for typed, seed in (("7", 7), ("Saved", -1), ("9", 9), ("-1", -1)):
        type_into(qtbot, field, typed)
        assert session.settings.network.hash_seed == seed
    assert field.text() == "saved"
    assert core_settings.with_text(session.settings, "hash_seed=saved").network.hash_seed == -1
