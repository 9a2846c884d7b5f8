"""What numbers are worth while no weights are trained: one wording in window, figures, report and tables."""

from __future__ import annotations

from typing import Literal

Shows = Literal["reading", "weights", "hash", "strip", "frames", "all"]
"""What something shows: probabilities and beta; weights of attention; buckets and what follows from them
(mask, reach, angles, chance); magnified frames with the signs of zeroed levels; frames or motion alone;
several of these."""

UNTRAINED = "Untrained: these numbers mean nothing"
_REAL = "true of this clip, seed and planes"
_WORDS: dict[Shows, str] = {
    "reading": UNTRAINED,
    "weights": f"Untrained: the weights mean nothing; which cells are open is {_REAL}, not of the emotion",
    "hash": f"Untrained: {_REAL}, and says nothing of the emotion",
    "strip": "Untrained network: only ○ comes from it, the frames do not",
    "frames": "Untrained network: nothing here comes from it",
    "all": f"Untrained: probabilities, beta and weights mean nothing; reach and buckets are {_REAL}, "
    "and say nothing of the emotion",
}


def untrained(shows: Shows) -> str:
    """The badge of what is shown, while the weights are drawn from a seed.

    A probability needs weights that learnt what an expression is. What the hash lets attend to what is
    computed from the clip all the same: another clip, or other planes, give other answers, and that may be
    compared with chance; training would move it, and of the emotion it says nothing.

    Example:
        >>> untrained("hash")
        'Untrained: true of this clip, seed and planes, and says nothing of the emotion'
    """
    return _WORDS[shows]
