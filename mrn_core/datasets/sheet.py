"""A sheet of annotations as rows of cells, whichever file it is in."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mrn_core.datasets.cells import text_of

SHEET_SUFFIXES = frozenset({".xlsx", ".xlsm", ".csv", ".tsv", ".txt", ".xls"})

COLUMNS: dict[str, tuple[str, ...]] = {
    "subject": ("subject", "subjects", "subjectid", "subid", "sub", "participant", "participantid"),
    "clip": ("filename", "file", "clip", "clipname", "video", "videoname", "foldname", "folder", "material"),
    "onset": ("onset", "onsetframe", "onsetf"),
    "apex": ("apex", "apexframe", "apexf", "apexf1", "apexframe1"),
    "offset": ("offset", "offsetframe", "offsetf"),
    "action_units": ("actionunits", "actionunit", "aus", "au", "facs"),
    "emotion": ("estimatedemotion", "emotion", "emotions", "label", "expression"),
    "fps": ("fps", "framerate", "framespersecond"),
}
"""Our columns and what sheets call them, in lower case with letters and digits alone."""

_HEADER_DEPTH = 60  # SAMM's header is on row 14


class SheetFault(Exception):
    """A file that cannot be used as a sheet: what is wrong with it, and what to do."""

    def __init__(self, sentence: str, advice: str) -> None:
        super().__init__(sentence)
        self.sentence, self.advice = sentence, advice


@dataclass(frozen=True)
class Sheet:
    """The annotations' rows.

    Attributes:
        path: the file.
        tab: the name of the worksheet; "" for a text file.
        columns: our name of a column to its index.
        rows: row number (from 1, as a spreadsheet shows it) and cells, of all rows below the header
            that hold a subject or a clip.
        width: cells in the header row.
        notes: what had to be assumed to read it.
    """

    path: Path
    tab: str
    columns: dict[str, int]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    width: int
    notes: tuple[str, ...] = field(default=())

    def cell(self, cells: Sequence[Any], column: str) -> Any:
        """What a row holds in one of our columns; None where it has none."""
        at = self.columns.get(column)
        return cells[at] if at is not None and at < len(cells) else None

    def surplus(self, cells: Sequence[Any]) -> int:
        """By how many cells a row of a text file is longer than its header, which shifts its cells."""
        if self.path.suffix.lower() in (".xlsx", ".xlsm"):
            return 0
        filled = max((i for i, cell in enumerate(cells, 1) if text_of(cell)), default=0)
        return max(0, filled - self.width)

    def address(self, row: int, column: str) -> str:
        """Where a cell is, in the words of the program that shows such files."""
        at = self.columns.get(column)
        if at is None:
            return f"{self.path.name} row {row}"
        if self.path.suffix.lower() in (".xlsx", ".xlsm"):
            return f"{self.path.name} cell {letters(at)}{row}"
        return f"{self.path.name} row {row}, column {at + 1} ({column.replace('_', ' ')})"


def letters(index: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def read_sheet(path: Path) -> Sheet:
    """Reads an .xlsx or a text file of cells, and finds its header.

    Raises:
        SheetFault: it cannot be read, or no row looks like a header.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".xls":
            raise SheetFault("is in Excel's old format.", "Save it as .xlsx or .csv, and name that file.")
        if suffix in (".xlsx", ".xlsm"):
            return _read_workbook(path)
        return _read_text(path)
    except OSError as error:
        raise SheetFault(f"cannot be read ({error.strerror or error}).", "Check its permissions.") from error
    except csv.Error as error:
        raise SheetFault(f"is no table of text ({error}).", "Save it as .xlsx or .csv again.") from error


def header_of(grid: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]] | None:
    """The index of the header row and its columns; None where no row is one.

    A header names the clips and either the subjects or the onsets. The first column of a name counts.
    """
    for at, cells in enumerate(grid[:_HEADER_DEPTH]):
        columns: dict[str, int] = {}
        for index, cell in enumerate(cells):
            name = re.sub(r"[^a-z0-9]", "", text_of(cell).casefold())
            for ours, theirs in COLUMNS.items():
                if name in theirs:
                    columns.setdefault(ours, index)
        if "clip" in columns and ("subject" in columns or "onset" in columns):
            return at, columns
    return None


def _read_workbook(path: Path) -> Sheet:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on styles and extensions that hold no cell
            book = load_workbook(path, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, EOFError) as error:
        raise SheetFault(f"is not a whole .xlsx file ({error}).", "Save or copy it again.") from error
    try:
        grids = [
            (tab.title, [tuple(row) for row in tab.iter_rows(values_only=True)]) for tab in book.worksheets
        ]
    finally:
        book.close()
    found = [(title, grid, header) for title, grid in grids if (header := header_of(grid))]
    if not found:
        raise SheetFault("has no row that names subjects and files.", _HEADER_ADVICE)
    title, grid, (at, columns) = found[0]
    return _sheet(path, title, grid, at, columns, ())


_HEADER_ADVICE = "Its header needs Subject, Filename, OnsetFrame, ApexFrame, OffsetFrame, Estimated Emotion."


def _read_text(path: Path) -> Sheet:
    text, encoding = _decoded(path.read_bytes())
    best: tuple[int, str, list[list[str]], int, dict[str, int]] | None = None
    for delimiter in ";\t,|":
        grid = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        header = header_of(grid)
        if header and (best is None or len(header[1]) > best[0]):
            best = (len(header[1]), delimiter, grid, *header)
    if best is None:
        seen = max(";\t,|", key=lambda mark: text[:2000].count(mark))
        raise SheetFault(
            f"has no row that names subjects and files (read as {encoding}, most frequent mark "
            f"{'tab' if seen == chr(9) else seen!r}).",
            _HEADER_ADVICE,
        )
    _, _, grid, at, columns = best
    notes = () if encoding.startswith("UTF") else (f"is not in UTF-8; it was read as {encoding}.",)
    return _sheet(path, "", grid, at, columns, notes)


def _decoded(data: bytes) -> tuple[str, str]:
    """A file's text and the name of the encoding; a byte-order mark is no part of the text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), "UTF-16"
    if b"\0" in data[:200]:  # UTF-16 without its mark: ASCII has a zero in every other byte
        order = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
        return data.decode(order, "replace"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030"), "GB 18030"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "Windows-1252"


def _sheet(
    path: Path,
    tab: str,
    grid: Sequence[Sequence[Any]],
    header: int,
    columns: dict[str, int],
    notes: tuple[str, ...],
) -> Sheet:
    named = [columns[name] for name in ("subject", "clip") if name in columns]
    rows = tuple(
        (header + 2 + i, tuple(cells))
        for i, cells in enumerate(grid[header + 1 :])
        if any(at < len(cells) and text_of(cells[at]) for at in named)
    )
    return Sheet(path, tab, columns, rows, len(grid[header]), notes)
