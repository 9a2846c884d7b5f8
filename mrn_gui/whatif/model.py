"""What the panel offers (no Qt): choices with the reasons why one is not there, and what is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mrn_core import settings as core_settings
from mrn_core import weights
from mrn_core.errors import WeightsError
from mrn_core.magnification import magnifiers
from mrn_core.settings import AnalysisSettings
from mrn_gui.setting_words import note_told
from mrn_gui.whatif.history import setting_told

SLIDER_TOP = 20.0  # of the AF slider; it grows with a larger number
LARGEST_DRAWN_SEED = 9_999  # what the dice draws from: short numbers are easy to pass on


@dataclass(frozen=True)
class Choice:
    """One entry of a list: the values that it sets, by path; ``reason`` says why it cannot be taken."""

    label: str
    values: Mapping[str, Any]
    note: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """One setting of the panel, or two that are one to a person."""

    name: str
    label: str
    paths: tuple[str, ...]
    words: str = ""

    def tip(self) -> str:
        """Its own words, or the notes of its settings, one a line."""
        if self.words:
            return self.words
        rows = [core_settings.row(path) for path in self.paths]
        return "\n".join(f"{row.limits.label}: {note_told(row)}" for row in rows)


HASH_SEED_TIP = (
    "The hash asks on which side of some random planes a level lies; the seed draws these planes.\n"
    "Another number draws others: what stays then is the clip's, what changes is chance.\n"
    "“saved” takes the planes that come with the weights."
)


def _row(name: str, path: str, words: str = "") -> Row:
    """The row of one setting, under the name that it has everywhere."""
    return Row(name, core_settings.row(path).limits.label, (core_settings.row(path).path,), words)


ROWS: tuple[Row, ...] = (
    _row("magnifier", "magnifier"),
    Row("af", "AF range", ("af_low", "af_high")),
    _row("levels", "levels"),
    _row("planes", "planes"),
    _row("tables", "tables"),
    _row("seed", "hash_seed", HASH_SEED_TIP),
    Row("hashed", "Hashed", ("network.qk", "network.hash_centre")),
    _row("features", "feature_norm"),
    _row("mask", "softmax"),
    Row("device", "Device", ("threads",)),
)
BY_NAME = {row.name: row for row in ROWS}


def _choice(values: Mapping[str, Any], note: str, reason: str = "") -> Choice:
    """A choice in the words that the settings have for these values."""
    first, *others = (core_settings.value_told(core_settings.row(p), v) for p, v in values.items())
    return Choice(", ".join([first, *(word.lower() for word in others)]), values, note, reason)


def _hashed(qk: str, centre: str, note: str) -> Choice:
    return _choice({"network.qk": qk, "network.hash_centre": centre}, note)


HASHED: tuple[Choice, ...] = (
    _hashed("tied", "origin", "W_k starts as a copy of W_q; planes through the origin."),
    _hashed("tied", "mean", "The same, with planes through the mean of the levels."),
    _hashed("separate", "origin", "The paper's letter: W_q and W_k drawn apart, planes through the origin."),
    _hashed("shared", "origin", "One matrix makes queries and keys."),
)
FEATURES: tuple[Choice, ...] = (
    _choice({"network.feature_norm": "clip"}, "What changes with AF stays, whose face it is goes."),
    _choice({"network.feature_norm": "none"}, "The trunk's features, not normalised."),
    _choice({"network.feature_norm": "dataset"}, "", "Only trained weights know a data set to normalise by."),
)
MASKS: tuple[Choice, ...] = (
    _choice({"network.softmax": "allowed"}, "The scores of masked pairs are never formed; a row sums to 1."),
    _choice(
        {"network.softmax": "full"}, "Every key takes its share first; what is masked is lost from the row."
    ),
)


def magnifier_choices() -> list[Choice]:
    """Every magnifier; one whose weights are missing says so."""
    made = []
    for magnifier in magnifiers.values():
        reason = ""
        if magnifier.needs_weights is not None:
            try:
                weights.find(magnifier.needs_weights)
            except WeightsError as error:
                reason = str(error)
        made.append(Choice(magnifier.label, {"magnifier": magnifier.name}, magnifier.note, reason))
    return made


def device_choices(devices: Mapping[str, str], cores: int) -> list[Choice]:
    """Where to compute, and on the CPU with how many threads."""
    made = []
    for name, words in devices.items():
        on_cpu = words == "CPU"
        label = f"CPU, {threads_told(cores)}" if on_cpu else words
        made.append(Choice(label, {"device": name, "threads": 0}))
        if on_cpu and cores > 1:
            note = "The last bits depend on the number of threads."
            made.append(Choice("CPU, 1 thread", {"device": name, "threads": 1}, note))
    return made


def threads_told(count: int) -> str:
    """ "1 thread", "2 threads"."""
    return f"{count} thread{'' if count == 1 else 's'}"


def chosen(choices: list[Choice] | tuple[Choice, ...], values: Mapping[str, Any]) -> int:
    """The index of the choice that sets these values, or -1."""
    for i, choice in enumerate(choices):
        if all(values.get(path) == value for path, value in choice.values.items()):
            return i
    return -1


def values_of(settings: AnalysisSettings, device: str) -> dict[str, Any]:
    """All values that the panel shows, by path."""
    told = {path: core_settings.get(settings, path) for row in ROWS for path in row.paths}
    return told | {"device": device}


def told(name: str, settings: AnalysisSettings, device: str) -> str:
    """What a row is set to, in a sentence: "planes 5", "AF range 2 to 20"."""
    now, row = values_of(settings, device), BY_NAME[name]
    values = [setting_told(path, settings) for path in row.paths]
    if name == "device":
        chosen_threads = now["threads"]
        values = [now["device"], *([threads_told(chosen_threads)] if chosen_threads else [])]
    label = row.label if row.label[1:2].isupper() else row.label[0].lower() + row.label[1:]
    return f"{label} {(' to ' if name == 'af' else ', ').join(values)}"


def changed(settings: AnalysisSettings, device: str) -> list[str]:
    """The names of the rows that differ from their defaults."""
    now, usual = values_of(settings, device), values_of(AnalysisSettings(), "auto")
    return [
        row.name
        for row in ROWS
        if any(now[path] != usual[path] for path in row.paths)
        or (row.name == "device" and now["device"] != usual["device"])
    ]
