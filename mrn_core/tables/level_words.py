"""What the table of levels comes to, in the sentences that the window says of a head, and of all."""

from __future__ import annotations

from collections.abc import Sequence

from mrn_core.network import explain
from mrn_core.network.explain import Redraws
from mrn_core.result import Analysis


def head_sentences(analysis: Analysis, chance: Sequence[Redraws] | None = None) -> list[tuple[str, str]]:
    """For every head its place ("Block 1, head 1") and what ``explain.head_told`` says of it; where there are
    several, at the end what ``explain.all_told`` says of all together ("All 24 heads").

    Args:
        chance: what redraws of the planes gave, block by block.
    """
    reasons = [
        explain.heads(trace, None if chance is None else chance[b]) for b, trace in enumerate(analysis.traces)
    ]
    made = [
        (f"Block {b + 1}, head {h + 1}", " ".join(explain.head_told(reason)))
        for b, block in enumerate(reasons)
        for h, reason in enumerate(block)
    ]
    if len(made) > 1:
        made.append(
            (f"All {len(made)} heads", " ".join(explain.all_told(explain.all_heads(reasons, chance))))
        )
    return made
