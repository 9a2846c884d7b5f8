"""What the table of levels comes to, in the sentences that the window says of a head."""

from __future__ import annotations

from collections.abc import Sequence

from mrn_core.network import explain
from mrn_core.network.explain import Redraws
from mrn_core.result import Analysis


def head_sentences(analysis: Analysis, chance: Sequence[Redraws] | None = None) -> list[tuple[str, str]]:
    """For every head its place ("Block 1, head 1") and what ``explain.head_told`` says of it.

    Args:
        chance: what redraws of the planes gave, block by block.
    """
    made = []
    for b, trace in enumerate(analysis.traces):
        for h in range(trace.heads):
            reason = explain.head(trace, h, None if chance is None else chance[b])
            made.append((f"Block {b + 1}, head {h + 1}", " ".join(explain.head_told(reason))))
    return made
