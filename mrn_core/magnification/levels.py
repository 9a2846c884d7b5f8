"""Amplification factors: which levels of magnified motion a sequence shows.

The paper's Eq. 1 and 2 multiply the motion between onset and apex by ``1 + AF``.
Its range is printed as [2:1:13], twelve integers, while the network reads 32
levels; the default here is 32 evenly spaced factors from 2 to 13.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from mrn_core.errors import SettingsError

Convention = Literal["extra", "total"]

MAX_AF = 200.0
MAX_COUNT = 512
_FORM = "Write LO:HI:COUNT, for example 2:13:32 (32 levels from AF 2 to AF 13)."


@dataclass(frozen=True)
class AmplificationLevels:
    """Evenly spaced amplification factors.

    Args:
        lo: the smallest AF, 0 to 200. AF 0 is the apex itself.
        hi: the largest AF, at least ``lo``.
        count: how many levels, 1 to 512; one level is ``lo``.
        convention: "extra", the paper's: the motion is multiplied by 1 + AF; "total": by AF.

    Raises:
        SettingsError: a value is out of its range, or ``hi`` is under ``lo``.
    """

    lo: float = 2.0
    hi: float = 13.0
    count: int = 32
    convention: Convention = "extra"

    def __post_init__(self) -> None:
        for field, value in (("lo", self.lo), ("hi", self.hi)):
            if not math.isfinite(value):
                raise SettingsError(f"An amplification factor of {value} is not a number.", _FORM, field)
            if value < 0:
                raise SettingsError(
                    f"An amplification factor of {value:g} is negative.",
                    "Use 0 (the apex itself) or more.",
                    field,
                )
            if value > MAX_AF:
                raise SettingsError(
                    f"An amplification factor of {value:g} is beyond any motion that can be shown.",
                    f"Use at most {MAX_AF:g}; the paper uses 2 to 13.",
                    field,
                )
        if self.hi < self.lo:
            raise SettingsError(
                f"The amplification factors run backwards, from {self.lo:g} to {self.hi:g}.",
                f"Write {self.hi:g}:{self.lo:g}:{self.count}.",
                "hi",
            )
        if isinstance(self.count, bool) or self.count != int(self.count):
            raise SettingsError(f"{self.count} is not a number of levels.", _FORM, "count")
        if self.count < 1:
            raise SettingsError(f"{self.count} levels cannot be shown.", "Ask for at least 1.", "count")
        if self.count > MAX_COUNT:
            raise SettingsError(
                f"{self.count} levels are too many.", f"Ask for at most {MAX_COUNT}.", "count"
            )
        if self.convention not in get_args(Convention):
            raise SettingsError(
                f'"{self.convention}" is no convention of amplification.',
                'Use "extra" (the motion is multiplied by 1 + AF) or "total" (by AF).',
                "convention",
            )

    @property
    def values(self) -> NDArray[np.float64]:
        """The AF of each level, (count,)."""
        return np.linspace(self.lo, self.hi, self.count)

    @property
    def gains(self) -> NDArray[np.float64]:
        """What the motion is multiplied by at each level, (count,): 1 is the apex, 0 the onset."""
        return self.values + 1.0 if self.convention == "extra" else self.values

    @classmethod
    def parse(cls, text: str, convention: Convention = "extra") -> AmplificationLevels:
        """Levels from ``LO:HI:COUNT``, as ``mrn analyze --af`` takes them.

        The paper's ``LO:STEP:HI`` is recognised where it can be nothing else, and answered with
        the same levels in this program's form.

        Raises:
            SettingsError: another form, or values out of range.
        """
        parts = [part.strip() for part in text.strip().split(":")]
        if len(parts) != 3:
            raise SettingsError(f'"{text}" does not name amplification levels.', _FORM, "af")
        if any("," in part for part in parts):
            raise SettingsError(
                f'"{text}" has a decimal comma.',
                f"Write {text.strip().replace(',', '.')}, with a point: LO:HI:COUNT.",
                "af",
            )
        try:
            lo, hi, last = (float(part) for part in parts)
        except ValueError:
            raise SettingsError(f'"{text}" has a part that is not a number.', _FORM, "af") from None
        stepped = _as_stepped(lo, hi, last)
        if stepped is not None:
            raise SettingsError(
                f'"{text}" runs backwards, from AF {lo:g} to AF {hi:g}.',
                f"For the paper's steps of {hi:g} from {lo:g} to {last:g} write {lo:g}:{last:g}:{stepped}.",
                "af",
            )
        if not math.isfinite(last) or last != int(last):
            raise SettingsError(f'The number of levels in "{text}" is not a whole number.', _FORM, "af")
        return cls(lo, hi, int(last), convention)

    def __str__(self) -> str:
        return f"{self.lo:g}:{self.hi:g}:{self.count}"


def _as_stepped(lo: float, step: float, hi: float) -> int | None:
    """How many levels LO:STEP:HI has, or None where the three numbers do not read so."""
    if not (0 < step < lo < hi <= MAX_AF):
        return None
    steps = (hi - lo) / step
    # 13:2:32 is a range written backwards: 32 is then the count, and no whole number of steps away.
    whole = math.isclose(steps, round(steps), abs_tol=1e-9)
    return round(steps) + 1 if whole and step <= 1 else None
