"""Writes a sheet of annotations in the columns and the format of CASME II's, the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mrn_core.result import write_whole

HEADER = (
    "Subject", "Filename", None, "OnsetFrame", "ApexFrame", "OffsetFrame", None, "Action Units",
    "Estimated Emotion",
)  # fmt: skip
_STAMP = b"2026-01-01T00:00:00Z"
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip archive can hold


@dataclass(frozen=True)
class SheetRow:
    """One clip: ``subject`` as text ("01"), frame numbers as the files have them, ``action_units`` as "4+7"
    or "R12"; one plain number is stored as a number, as spreadsheet programs do."""

    subject: str
    clip: str
    onset: int
    apex: int
    offset: int
    action_units: str
    emotion: str

    def cells(self) -> tuple[str | int | None, ...]:
        """The row as it stands in the sheet, with the blank columns C and G."""
        units: str | int = int(self.action_units) if self.action_units.isdigit() else self.action_units
        return (
            self.subject, self.clip, None, self.onset, self.apex, self.offset, None, units, self.emotion,
        )  # fmt: skip


def write_sheet(path: Path, rows: Iterable[SheetRow]) -> None:
    """Writes the sheet whole or not at all; equal rows give equal bytes.

    Raises:
        FileError: the place cannot be written.
    """
    from openpyxl import Workbook

    book = Workbook()
    tab = book.worksheets[0]
    tab.title = "Sheet1"
    tab.append(list(HEADER))
    for row in rows:
        tab.append(list(row.cells()))
    for cell in tab["A"]:
        cell.number_format = "@"  # text, so that a spreadsheet program keeps "01"
    raw = io.BytesIO()
    book.save(raw)
    write_whole(path, lambda file: file.write(_without_times(raw)))


def _without_times(archive: io.BytesIO) -> bytes:
    """The same archive with fixed times within and without."""
    made = io.BytesIO()
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*(</dcterms:)", rb"\g<1>" + _STAMP + rb"\2", data)
            info = zipfile.ZipInfo(entry.filename, _OLDEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # else the archive tells which system wrote it
            new.writestr(info, data)
    return made.getvalue()
