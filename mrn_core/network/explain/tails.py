"""Whether a number that was found is more than chance: beside the same number of every redraw."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LIMIT = 0.05
"""More than chance is what at most this share of the redraws reaches, its uncertainty counted in."""
SURE = 1.96
"""Standard errors that a share must lie off ``LIMIT``: the ends of its interval of 95 % (Wilson)."""


@dataclass(frozen=True)
class Tail:
    """A number of the present planes beside the same number of each redraw.

    Like is compared with like: a least reach with the least reach of every redraw, not with the mean
    reach of the levels that were picked for being least; a count with the count of every redraw.

    Attributes:
        found: the number.
        draws: how many redraws there are.
        as_far: how many of them give as much or more; of a least reach, as little or less.
        mean, median: of the redraws' numbers.
    """

    found: float
    draws: int
    as_far: int
    mean: float
    median: float

    @property
    def share(self) -> float:
        """Of the redraws, those that give as much or more."""
        return self.as_far / self.draws

    @property
    def more(self) -> bool | None:
        """Whether it is more than chance; None: too close to tell with so few redraws.

        The share is counted in a sample and has a standard error of its own. It is more than chance where
        the upper end of Wilson's interval of 95 % is at most ``LIMIT``, not more where the lower end is over
        it. An end lies there exactly when the share is ``SURE`` standard errors of ``LIMIT`` off (E. B.
        Wilson, 1927): of 625 redraws up to 20 are more than chance, 42 and over are not.
        """
        room = SURE * math.sqrt(LIMIT * (1 - LIMIT) / self.draws)
        if self.share <= LIMIT - room:
            return True
        return False if self.share > LIMIT + room else None


def tail(found: float, drawn: npt.ArrayLike, low: bool = False) -> Tail:
    """A number beside those of the redraws.

    Args:
        drawn: (draws,) the same number of each redraw.
        low: small is far out, as of a least reach.

    Example:
        >>> told = tail(3, [0, 1, 3, 5])
        >>> told.share, told.more, told.mean
        (0.5, False, 2.25)
        >>> tail(0.2, [0.2, 0.5], low=True).as_far
        1
    """
    numbers = np.asarray(drawn, np.float64)
    far = numbers <= found if low else numbers >= found
    return Tail(found, len(numbers), int(far.sum()), float(numbers.mean()), float(np.median(numbers)))


def percent_told(part: float) -> str:
    """A share in per cent, so that nothing but none is "0 %", and 5 % is told from a little more.

    Example:
        >>> [percent_told(part) for part in (0, 0.003, 0.0512, 0.384, 0.996, 1)]
        ['0 %', 'under 1 %', '5.1 %', '38 %', 'over 99 %', '100 %']
    """
    if 0 < part < 0.01:
        return "under 1 %"
    if 0.99 < part < 1:
        return "over 99 %"
    return f"{100 * part:.1f} %" if 0 < part < 0.0995 else f"{100 * part:.0f} %"


def often_told(found: Tail) -> str:
    """In how many redraws it is so; of none, how small a share they can tell.

    Example:
        >>> often_told(tail(3, [0, 1, 3, 5])), often_told(tail(9, [0, 1, 3, 5]))
        ('50 % of redraws', 'fewer than 1 of 4 redraws')
    """
    if not found.as_far:
        return f"fewer than 1 of {found.draws} redraws"
    return f"{percent_told(found.share)} of redraws"


def verdict_told(found: Tail) -> str:
    """ "more than chance", where surely at most 5 % of the redraws give as much; "not more than chance",
    where surely more do; between them that it is too close to tell.

    Example:
        >>> verdict_told(tail(3, [0, 1, 3, 5])), verdict_told(tail(9, [0, 1, 3, 5]))
        ('not more than chance', 'too close to tell with 4 redraws')
    """
    if found.more is None:
        return f"too close to tell with {found.draws} redraws"
    return "more than chance" if found.more else "not more than chance"


def as_many_told(count: int, found: Tail) -> str:
    """A count's share of the redraws, and the verdict.

    Example:
        >>> as_many_told(3, tail(3, [0, 1, 3, 5]))
        '3 or more in 50 % of redraws: not more than chance'
    """
    return f"{count} or more in {often_told(found)}: {verdict_told(found)}"
