"""What a person can set, as frozen data with limits.

One row of data a setting: the command's ``--set``, the window's panel and dialog,
the saved files and the error messages are all made from these rows.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, Self, get_type_hints

from .errors import SettingsError

MAX_TABLES = 16
MAX_PLANES = 8
MAX_LEVELS = 512
CASME2_LABELS = ("happiness", "disgust", "repression", "surprise", "others")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a setting's value may be, and how it is called.

    ``low`` and ``high`` are inclusive; ``choices`` are the only values when given, and ``names`` what a
    person reads for each of them. ``lowest`` is the name of ``low`` where it is no number to a person.
    ``stage`` is the first stage of an analysis that reads the setting.
    """

    label: str
    stage: Literal["face", "magnify", "encode", "blocks"]
    note: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[Any, ...] = ()
    names: tuple[str, ...] = ()
    lowest: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: ``path`` is "planes" or "network.planes", ``kind`` the Python type."""

    path: str
    kind: type
    default: Any
    limits: Limits


def _setting(default: Any, label: str, stage: str, note: str = "", **limits: Any) -> Any:
    return field(default=default, metadata={"limits": Limits(label, stage, note, **limits)})  # type: ignore[arg-type]


def _checked(name: str, value: Any, kind: type, limits: Limits) -> Any:
    """The value in its own type, or a SettingsError that names the setting and its range."""
    said = f"{limits.label} ({name})"
    if limits.choices:
        if value not in limits.choices:
            listed = ", ".join(str(choice) for choice in limits.choices)
            raise SettingsError(f"{said} cannot be {value!r}.", f"Choose one of: {listed}.", field=name)
        return value
    if kind is bool:
        if not isinstance(value, bool):
            raise SettingsError(f"{said} cannot be {value!r}.", "Write true or false.", field=name)
        return value
    if kind in (int, float):
        given = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        number = kind(value) if given else None
        low = -math.inf if limits.low is None else limits.low
        high = math.inf if limits.high is None else limits.high
        if number is None or number != value or not low <= number <= high:
            whole = "a whole number" if kind is int else "a number"
            bounds = f" from {low:g} to {high:g}" if limits.high is not None else f" of at least {low:g}"
            raise SettingsError(f"{said} cannot be {value!r}.", f"Give {whole}{bounds}.", field=name)
        return number
    return value


class _Checked:
    """Checks every field against its row when made; reads and writes plain dicts and text."""

    def __post_init__(self) -> None:
        for path, kind, limits in _own_rows(type(self)):
            value = getattr(self, path)
            object.__setattr__(self, path, _checked(path, value, kind, limits))

    def to_dict(self) -> dict[str, Any]:
        """Plain data that JSON can hold."""
        return dataclasses.asdict(self)  # type: ignore[call-overload]

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The settings in ``data``; names that it lacks keep their defaults.

        Raises:
            SettingsError: a name is unknown or a value out of its range.
        """
        known = {f.name: f for f in dataclasses.fields(cls)}  # type: ignore[arg-type]
        for name in data:
            if name not in known:
                raise SettingsError(f"There is no setting {name!r}.", f"Known: {', '.join(known)}.", name)
        values = dict(data)
        if isinstance(values.get("network"), dict):
            values["network"] = MRNConfig.from_dict(values["network"])
        if isinstance(values.get("labels"), list):
            values["labels"] = tuple(values["labels"])
        return cls(**values)


_ROWS: dict[type, tuple[tuple[str, type, Limits], ...]] = {}  # type hints are slow to evaluate


def _own_rows(cls: type) -> tuple[tuple[str, type, Limits], ...]:
    if cls not in _ROWS:
        hints = get_type_hints(cls)
        kinds = {name: kind if isinstance(kind, type) else str for name, kind in hints.items()}
        rated = [f for f in dataclasses.fields(cls) if "limits" in f.metadata]
        _ROWS[cls] = tuple((f.name, kinds[f.name], f.metadata["limits"]) for f in rated)
    return _ROWS[cls]


@dataclass(frozen=True)
class MRNConfig(_Checked):
    """The network: its sizes, and what the paper leaves open (design sections 5 and 6).

    Raises:
        SettingsError: a value is out of its range, or two do not fit together.
    """

    planes: int = _setting(
        3, "Planes", "blocks", "n_p: hyper-planes that cut the space of a hash table; 0 is full attention.",
        low=0, high=MAX_PLANES,
    )  # fmt: skip
    tables: int = _setting(
        4, "Tables", "blocks", "n_t: hash tables, sets of planes; a pair meets if one joins it (Eq. 5).",
        low=1, high=MAX_TABLES,
    )  # fmt: skip
    hash_seed: int = _setting(
        -1, "Hash seed", "blocks", "Redraws the hyper-planes alone; -1: those that come with the weights.",
        low=-1, high=2**31 - 1, lowest="saved",
    )  # fmt: skip
    qk: Literal["tied", "separate", "shared"] = _setting(
        "tied", "Hashed: projections", "blocks",
        "tied: W_k starts as a copy of W_q; separate: the paper's letter; shared: one matrix for both.",
        choices=("tied", "separate", "shared"), names=("Tied", "Separate", "Shared"),
    )  # fmt: skip
    hash_centre: Literal["origin", "mean"] = _setting(
        "origin", "Hashed: centre", "blocks",
        "origin: planes through the origin, as in the paper; mean: applied to q and k less their mean.",
        choices=("origin", "mean"), names=("Origin", "Mean"),
    )  # fmt: skip
    softmax: Literal["allowed", "full"] = _setting(
        "allowed", "Softmax", "blocks",
        "allowed: the keys in the query's buckets; full: all keys, masked afterwards.",
        choices=("allowed", "full"), names=("Over allowed keys", "Over all, then masked"),
    )  # fmt: skip
    attention: Literal["auto", "dense", "bucketed"] = _setting(
        "auto", "Attention method", "blocks",
        "How the sparse attention is computed; the answer is the same.",
        choices=("auto", "dense", "bucketed"),
    )  # fmt: skip
    feature_norm: Literal["clip", "dataset", "none"] = _setting(
        "clip", "Features", "blocks",
        "Their normalisation. clip: over the clip's levels, so that what changes with AF stays; none: the "
        "paper's letter.",
        choices=("clip", "dataset", "none"),
        names=("Over the levels", "Over a data set", "As is (the letter)"),
    )  # fmt: skip
    fusion: Literal["both", "features", "blocks"] = _setting(
        "both", "Fusion", "blocks",
        "both: weighted features beside the blocks' output, as in the paper; or one of the two alone.",
        choices=("both", "features", "blocks"),
    )  # fmt: skip
    heads: int = _setting(8, "Heads", "blocks", "n_h: each has d_model / heads dimensions.", low=1, high=64)
    blocks: int = _setting(3, "Blocks", "blocks", "Sparse self-attention blocks.", low=1, high=12)
    feedforward: int = _setting(
        1024, "Feed-forward width", "blocks", "Hidden width of each block's feed-forward.", low=1, high=8192
    )
    dropout: float = _setting(0.1, "Dropout", "blocks", "In training only.", low=0, high=0.9)
    trunk: str = _setting(
        "seeded", "Trunk weights", "encode",
        "seeded: drawn from the seed; or the name of imported weights of ResNet-18.",
    )  # fmt: skip
    seed: int = _setting(
        0, "Seed", "encode", "Of untrained weights and their hyper-planes.", low=0, high=2**31 - 1
    )
    labels: tuple[str, ...] = CASME2_LABELS

    def __post_init__(self) -> None:
        super().__post_init__()
        labels = tuple(self.labels)
        if not labels or len(set(labels)) != len(labels) or not all(isinstance(x, str) and x for x in labels):
            raise SettingsError(
                "The labels are empty, or one stands twice.", "Give each class a name of its own.", "labels"
            )
        object.__setattr__(self, "labels", labels)
        if self.d_model % self.heads:
            raise SettingsError(
                f"{self.heads} heads do not divide the {self.d_model} feature dimensions evenly.",
                "Take 1, 2, 4, 8, 16, 32 or 64 heads.",
                field="heads",
            )
        if self.softmax == "full" and self.attention == "bucketed":
            raise SettingsError(
                "The bucketed method never forms the scores that a softmax over all keys needs.",
                "Set attention to dense or auto, or softmax to allowed.",
                field="attention",
            )

    @property
    def d_model(self) -> int:
        """Width of a feature: 256 channels x 2 x 2 places of ResNet-18's layer3."""
        return 1024

    @property
    def d_head(self) -> int:
        """Width of a head."""
        return self.d_model // self.heads


@dataclass(frozen=True)
class AnalysisSettings(_Checked):
    """Everything that one analysis reads beside the clip, its marks and the weights.

    Raises:
        SettingsError: a value is out of its range, or two do not fit together.
    """

    magnifier: Literal["linear", "lagrangian", "magnet"] = _setting(
        "lagrangian", "Magnifier", "magnify", "How the motion from onset to apex is enlarged.",
        choices=("linear", "lagrangian", "magnet"),
        names=("Linear", "Lagrangian flow", "MagNet (Oh et al. 2018)"),
    )  # fmt: skip
    af_low: float = _setting(2.0, "Lowest AF", "magnify", "Amplification factor of level 0.", low=0, high=200)
    af_high: float = _setting(
        13.0, "Highest AF", "magnify", "Amplification factor of the last level.", low=0, high=200
    )
    levels: int = _setting(32, "Levels", "magnify", "L: how many magnified frames.", low=1, high=MAX_LEVELS)
    convention: Literal["extra", "total"] = _setting(
        "extra", "AF means", "magnify",
        "extra: the gain is 1 + AF, as in Eq. 1; total: the gain is AF.", choices=("extra", "total"),
    )  # fmt: skip
    face_backend: Literal["dlib", "fan"] = _setting(
        "dlib", "Face landmarks", "face",
        "dlib needs no network; fan needs weights that you fetched.", choices=("dlib", "fan"),
    )  # fmt: skip
    crop_margin: float = _setting(
        0.2, "Crop margin", "face", "Added on each side of the landmarks' box, as a share of it.",
        low=0, high=1,
    )  # fmt: skip
    apex_alignment: Literal["onset", "refined"] = _setting(
        "onset", "Alignment of the apex", "face",
        "onset: cut as the onset, as in the paper; refined: the head's shift and turn are taken out too.",
        choices=("onset", "refined"),
    )  # fmt: skip
    micro_motion_px: float = _setting(
        4.0, "Largest micro-motion", "face",
        "Above this many pixels at 224 a warning says that it is no micro-expression.", low=0.1, high=224,
    )  # fmt: skip
    precision: Literal["float32", "bfloat16"] = _setting(
        "float32", "Precision", "encode",
        "Of the feature trunk; bfloat16 is faster and flips some of the mask.",
        choices=("float32", "bfloat16"),
    )  # fmt: skip
    threads: int = _setting(
        0, "CPU threads", "encode", "0 takes all cores; the last bits depend on it.", low=0, high=1024
    )
    network: MRNConfig = field(default_factory=MRNConfig)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.af_high < self.af_low:
            raise SettingsError(
                f"The AF range ends at {self.af_high:g}, below its start {self.af_low:g}.",
                f"Write it from low to high: {self.af_high:g}:{self.af_low:g}:{self.levels}.",
                field="af_high",
            )


@cache
def rows(cls: type[AnalysisSettings] | type[MRNConfig] = AnalysisSettings) -> tuple[Setting, ...]:
    """Every setting as a row of data, the network's with the prefix ``network.``."""
    own = [
        Setting(path, kind, cls.__dataclass_fields__[path].default, limits)
        for path, kind, limits in _own_rows(cls)
    ]
    if cls is AnalysisSettings:
        own += [dataclasses.replace(row, path=f"network.{row.path}") for row in rows(MRNConfig)]
    return tuple(own)


@cache
def _by_path() -> dict[str, Setting]:
    return {r.path: r for r in rows()}


def row(path: str) -> Setting:
    """The row of one setting; ``planes`` finds ``network.planes`` too.

    Raises:
        SettingsError: there is no such setting; the message lists all.
    """
    table = _by_path()
    found = table.get(path) or table.get(f"network.{path}")
    if found is None:
        names = ", ".join(name.removeprefix("network.") for name in table)
        raise SettingsError(f"There is no setting {path!r}.", f"Known: {names}.", field=path)
    return found


def get(settings: AnalysisSettings, path: str) -> Any:
    """The value of the setting with this path."""
    name = row(path).path
    return getattr(settings.network, name[8:]) if name.startswith("network.") else getattr(settings, name)


def changes_told(before: AnalysisSettings, now: AnalysisSettings) -> str:
    """What is set otherwise, from and to, in one line; "" where nothing is.

    Example:
        >>> changes_told(AnalysisSettings(), with_values(AnalysisSettings(), {"network.planes": 5}))
        'Planes 3 → 5'
    """
    changed = [
        (row, get(before, row.path), get(now, row.path))
        for row in rows()
        if get(before, row.path) != get(now, row.path)
    ]
    return ", ".join(
        f"{row.limits.label} {value_told(row, old)} → {value_told(row, new)}" for row, old, new in changed
    )


def value_told(row: Setting, value: object) -> str:
    """A value as a person reads it: "Over the levels" for "clip", "saved" for a hash seed of -1."""
    if value in row.limits.choices and row.limits.names:
        return row.limits.names[row.limits.choices.index(value)]
    return value_typed(row, value)


def value_typed(row: Setting, value: object) -> str:
    """A value as a person types it, and ``with_text`` reads it."""
    if row.limits.lowest and value == row.limits.low:
        return row.limits.lowest
    return f"{value:g}" if isinstance(value, float) else str(value)


def with_values(settings: AnalysisSettings, values: dict[str, Any]) -> AnalysisSettings:
    """A copy with these values (by path), checked together.

    Raises:
        SettingsError: a name is unknown or a value out of its range.
    """
    top: dict[str, Any] = {}
    network: dict[str, Any] = {}
    for path, value in values.items():
        name = "network.labels" if path in ("labels", "network.labels") else row(path).path
        if name.startswith("network."):
            network[name[8:]] = value
        else:
            top[name] = value
    if network:
        top["network"] = dataclasses.replace(settings.network, **network)
    return dataclasses.replace(settings, **top)


def with_text(settings: AnalysisSettings, assignment: str) -> AnalysisSettings:
    """A copy with one ``NAME=VALUE`` as a person types it, e.g. ``qk=separate``.

    Raises:
        SettingsError: the form, the name or the value is wrong.
    """
    name, equals, text = assignment.partition("=")
    name, text = name.strip(), text.strip()
    if not equals or not name:
        raise SettingsError(f"{assignment!r} is not a setting.", "Write NAME=VALUE, e.g. planes=5.")
    if name in ("labels", "network.labels"):
        return with_values(settings, {"labels": tuple(x.strip() for x in text.split(","))})
    found = row(name)
    value: Any = text
    if found.limits.lowest and text.lower() == found.limits.lowest:
        return with_values(settings, {name: found.limits.low})
    try:
        if found.kind is bool:
            value = {"true": True, "false": False}.get(text.lower(), text)
        elif found.kind in (int, float):
            value = found.kind(text)
    except ValueError:
        value = text
    return with_values(settings, {name: value})


def stage_of(path: str) -> str:
    """The first stage that reads this setting: face, magnify, encode or blocks."""
    return row(path).limits.stage
