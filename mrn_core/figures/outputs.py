"""The files that ``mrn analyze`` writes of one analysis."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from pathlib import Path
from typing import Any

from mrn_core.errors import FileError
from mrn_core.facts import facts
from mrn_core.figures.rendering import drawn
from mrn_core.result import Analysis, write_whole
from mrn_core.tables.level_table import cell

NAMES = ("analysis.json", "analysis.npz", "levels.csv", "sequence.png", "attention.png", "attention.svg")
"""The names of the files, in the order in which they are written."""


def check_folder(folder: str | os.PathLike[str]) -> None:
    """Makes sure that ``write_outputs`` can write there, before the work is done; makes nothing.

    Raises:
        FileError: a file stands in the folder's place, a folder in a file's, or writing is denied.
    """
    place = Path(folder)
    try:
        for name in NAMES:
            if (place / name).is_dir():
                raise FileError(
                    f"{place / name} cannot be written: a folder stands there.",
                    "Choose another folder, or move that one.",
                )
        nearest = next(part for part in (place, *place.absolute().parents) if part.exists())
    except OSError as error:
        raise _denied(place, error.strerror or str(error)) from error
    if not nearest.is_dir():
        raise _denied(place, f"{nearest} is a file, not a folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise _denied(place, "writing is not allowed there")


def write_outputs(analysis: Analysis, folder: str | os.PathLike[str]) -> dict[str, Path]:
    """Writes the files of ``NAMES``, each whole or not at all, and makes the folder if need be.

    Returns:
        name to path.

    Raises:
        FileError: the folder or a file cannot be written; a folder made for it is taken away again.
    """
    from mrn_core.figures.attention import attention_figure
    from mrn_core.figures.sequence import sequence_figure

    place = Path(folder)
    check_folder(place)
    attention = attention_figure(analysis)
    contents = {
        "analysis.json": as_json(analysis.numbers()),
        "levels.csv": as_utf8(levels_table(analysis)),
        "sequence.png": drawn(
            sequence_figure(analysis), "png", title="Magnified frames", analyses=[analysis], shows="strip"
        ),
        "attention.png": drawn(attention, "png", title="Attention", analyses=[analysis], shows="weights"),
        "attention.svg": drawn(attention, "svg", title="Attention", analyses=[analysis], shows="weights"),
    }
    made = not place.exists()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _denied(place, error.strerror or str(error)) from error
    try:
        for name in NAMES:
            if name == "analysis.npz":
                analysis.save(place / name)
            else:
                write_whole(place / name, lambda file, data=contents[name]: file.write(data))
    except BaseException:
        if made:
            shutil.rmtree(place, ignore_errors=True)
        raise
    return {name: place / name for name in NAMES}


def as_utf8(text: str) -> bytes:
    """The text of a file; letters of a file name that are no Unicode are escaped."""
    return text.encode("utf-8", "backslashreplace")


def as_json(data: Any) -> bytes:
    """Strict JSON in UTF-8, letters as they are; a file name that is no Unicode is escaped."""
    try:
        return (json.dumps(data, indent=2, allow_nan=False, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:
        return (json.dumps(data, indent=2, allow_nan=False) + "\n").encode()


def levels_table(analysis: Analysis) -> str:
    """CSV, a row a level: AF, gain, beta, and for each block the mean over its heads of reach and of
    received weight, and in how many heads the level is zeroed and silent; then what it was made from.

    Numbers read back to the same bits, with a decimal point in any locale; an undefined one is an empty cell.
    """
    reach, received = analysis.reach(), analysis.received()
    zeroed, silent = analysis.zeroed(), analysis.silent()
    blocks = range(len(analysis.traces))
    told = facts(analysis)
    made = io.StringIO()
    table = csv.writer(made, lineterminator="\n")
    columns = ("reach", "received", "zeroed_heads", "silent_heads")
    names = [f"block{b + 1}_{column}" for b in blocks for column in columns]
    table.writerow(["level", "af", "gain", "beta", *names, *told])
    for i in range(len(analysis.levels)):
        row: list[float | int] = [float(x[i]) for x in (analysis.levels, analysis.gains, analysis.scores)]
        for b in blocks:
            row += [float(reach[b, :, i].mean()), float(received[b, :, i].mean())]
            row += [int(zeroed[b, :, i].sum()), int(silent[b, :, i].sum())]
        table.writerow([i, *map(cell, row), *map(cell, told.values())])
    return made.getvalue()


def _denied(place: Path, why: str) -> FileError:
    return FileError(f"The folder {place} cannot be written: {why}.", "Choose another folder.")
