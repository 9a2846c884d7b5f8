"""What the window says of a setting, made from its row (no Qt)."""

from __future__ import annotations

from mrn_core.settings import Setting


def note_told(row: Setting) -> str:
    """What a setting is, with the name that each value has beside the one that ``--set`` takes."""
    limits, note = row.limits, row.limits.note
    lowest = [(f"{limits.low:g}", limits.lowest)] if limits.lowest else []
    for value, name in (*zip(limits.choices, limits.names, strict=False), *lowest):
        if name.lower() != value:
            note = note.replace(f"{value}: ", f"{name} [{value}]: ")
    return note
