"""Settings: limits, text, files, and the rows that everything is made from."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrn_core.errors import SettingsError
from mrn_core.settings import AnalysisSettings, MRNConfig, get, row, rows, stage_of, with_text, with_values


def test_every_field_has_a_row_and_every_row_a_field():
    own = {f.name for f in dataclasses.fields(AnalysisSettings)} - {"network"}
    network = {f"network.{f.name}" for f in dataclasses.fields(MRNConfig)} - {"network.labels"}
    assert {r.path for r in rows()} == own | network
    for r in rows():
        assert r.limits.label
        assert r.limits.note
        assert get(AnalysisSettings(), r.path) == r.default


def test_the_defaults_are_the_papers():
    s = AnalysisSettings()
    assert (s.af_low, s.af_high, s.levels) == (2, 13, 32)
    assert (s.network.planes, s.network.tables, s.network.heads, s.network.blocks) == (3, 4, 8, 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("planes=9", "0 to 8"),
        ("planes=2.5", "whole number"),
        ("tables=0", "1 to 16"),
        ("qk=other", "tied, separate, shared"),
        ("af_low=nan", "0 to 200"),
        ("heads=3", "divide"),
        ("levels=0", "1 to 512"),
        ("threads=-1", "0 to"),
        ("af_high=1", "13"),
        ("nothing=1", "Known"),
        ("planes", "NAME=VALUE"),
        ("labels=", "labels"),
        ("labels=a,a", "labels"),
        ("softmax=everything", "allowed, full"),
    ],
)
def test_a_wrong_value_is_refused_with_what_would_be_right(text, words):
    if text == "af_high=1":
        words = "1:2:32"
    with pytest.raises(SettingsError) as refused:
        with_text(AnalysisSettings(), text)
    assert words in str(refused.value)


def test_bucketed_with_a_full_softmax_makes_no_sense():
    with pytest.raises(SettingsError, match="bucketed"):
        MRNConfig(softmax="full", attention="bucketed")


@pytest.mark.parametrize("planes", [True, "3", None, float("nan")])
def test_wrong_types_are_refused(planes):
    with pytest.raises(SettingsError):
        MRNConfig(planes=planes)


def test_text_reaches_every_setting():
    samples = {"network.trunk": "resnet18-imagenet", "network.attention": "dense"}
    for r in rows():
        if r.limits.choices:
            value = next(c for c in r.limits.choices if c != r.default)
        elif r.path in samples:
            value = samples[r.path]
        else:
            value = r.kind(r.limits.low if r.limits.low != r.default else r.limits.low + 1)
            value = 3 if r.path == "af_low" else value
            value = 20 if r.path == "af_high" else value
        if r.path == "network.attention":
            value = "dense"
        changed = with_text(AnalysisSettings(), f"{r.path}={value}")
        assert get(changed, r.path) == value
        assert (
            get(with_text(AnalysisSettings(), f"{r.path.removeprefix('network.')}={value}"), r.path) == value
        )


@given(st.integers(0, 8), st.integers(1, 16), st.floats(0, 100), st.integers(1, 512))
def test_settings_come_back_from_plain_data(planes, tables, low, levels):
    s = with_values(
        AnalysisSettings(),
        {"planes": planes, "tables": tables, "af_low": low, "af_high": low + 1, "levels": levels},
    )
    assert AnalysisSettings.from_dict(s.to_dict()) == s


def test_unknown_names_in_a_file_are_refused():
    with pytest.raises(SettingsError, match="colour"):
        AnalysisSettings.from_dict({"colour": 1})


def test_stages_tell_what_must_run_again():
    assert stage_of("planes") == "blocks"
    assert stage_of("network.hash_centre") == "blocks"
    assert stage_of("af_high") == "magnify"
    assert stage_of("seed") == "encode"
    assert stage_of("crop_margin") == "face"
    assert row("tables").path == "network.tables"
