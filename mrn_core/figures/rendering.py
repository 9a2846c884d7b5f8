"""A figure as the bytes of a file that says inside what it was made from."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mrn_core.errors import SettingsError
from mrn_core.facts import facts, note
from mrn_core.result import Analysis
from mrn_core.worth import Shows

from .style import plain_style, shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("svg", "pdf", "png")
DPI = 160


def drawn(
    figure: Figure,
    kind: str,
    dpi: int = DPI,
    title: str = "",
    analyses: Sequence[Analysis] = (),
    shows: Shows = "all",
) -> bytes:
    """The figure as an "svg", "pdf" or "png" file; the same figure gives the same bytes.

    Args:
        dpi: of pictures in it, and of a PNG file.
        analyses: their provenance goes into the file's own description, as JSON.
        shows: what of them the figure shows, for the note there.

    Raises:
        SettingsError: another kind.
    """
    if kind not in KINDS:
        raise SettingsError(f"{kind} is no kind of figure.", f"Choose one of: {', '.join(KINDS)}.", "kind")
    told = [{**facts(a, shows), "provenance": a.provenance} for a in analyses]
    about = {
        "title": shown(title),
        "note": "; ".join(dict.fromkeys(note(a, shows) for a in analyses)),
        # Plain ASCII: a file name may hold what no metadata field can.
        "data": json.dumps(told[0] if len(told) == 1 else told, allow_nan=False) if told else "",
    }
    made = io.BytesIO()
    with plain_style():
        figure.savefig(made, format=kind, dpi=dpi, metadata=_metadata(kind, about))
    if kind == "svg":  # two equal frames would have one identifier, which nothing refers to
        return re.sub(rb' id="image[0-9a-f]+"', b"", made.getvalue())
    return made.getvalue()


def _metadata(kind: str, about: dict[str, str]) -> dict[str, str | None] | None:
    """``about`` in the words of a kind of file; nothing in it changes from run to run."""
    if kind == "svg":
        fields = {"Title": about["title"], "Description": about["data"], "Coverage": about["note"]}
        return {"Date": None, **{name: words for name, words in fields.items() if words}}
    if kind == "pdf":
        fields = {"Title": about["title"], "Keywords": about["data"], "Subject": about["note"]}
        return {"CreationDate": None, **{name: words for name, words in fields.items() if words}}
    fields = {"Title": about["title"], "Description": about["data"], "Comment": about["note"]}
    return {name: words for name, words in fields.items() if words} or None
