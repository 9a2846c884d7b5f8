"""How fast a held key steps (no Qt): at once one frame, then faster the longer it is held."""

from __future__ import annotations

import time
from collections.abc import Callable

RATE = 30.0  # frames a second from the first repeat on, whatever the keyboard's own rate
DOUBLES_S = 1.0  # after so long the rate has doubled, again and again
MOST = 8.0  # times the rate
_PAUSE_S = 0.7  # without a repeat for so long, the key was let go


class Held:
    """Counts the frames that presses of a stepping key are worth.

    Args:
        clock: seconds from a monotonic clock.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = self._last = -_PAUSE_S
        self._owed = 0.0  # part of a frame

    def frames(self, repeated: bool) -> int:
        """How many frames this press is worth, at least 1.

        Args:
            repeated: the keyboard repeats a key that is held, it was not pressed again.
        """
        now = self._clock()
        if not repeated or now - self._last > _PAUSE_S:
            self._began, self._owed = now, 0.0
            self._last = now
            return 1
        faster = min(MOST, 2.0 ** ((now - self._began) / DOUBLES_S))
        # The keyboard's pause before its first repeat is not a time in which frames were missed.
        self._owed += RATE * faster * min(now - self._last, 0.1)
        self._last = now
        count = max(1, int(self._owed))
        self._owed = max(0.0, self._owed - count)
        return count
