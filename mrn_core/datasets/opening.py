"""Opening a data set: the sheet's rows, the clips on the disk, and which belong together."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from mrn_core.datasets import cells
from mrn_core.datasets.kinds import kind_of
from mrn_core.datasets.linking import doubled_rows, find_renamed, link, one_place_each, row_key
from mrn_core.datasets.model import Dataset, Problem, Sample
from mrn_core.datasets.rows import read_row
from mrn_core.datasets.sheet import SHEET_SUFFIXES, Sheet, SheetFault, read_sheet
from mrn_core.datasets.tree import Place, find_places
from mrn_core.errors import FileError

_LARGEST_SHEET = 32 * 2**20  # bytes; other tables may lie beside a data set


def open_dataset(
    root: str | PathLike[str], sheet: str | PathLike[str] | None = None, kind: str | None = None
) -> Dataset:
    """Indexes a data set: a tree as CASME II has it, or any folder with a sheet beside its clips.

    Nothing is decoded and nothing is written. Whatever is odd is a ``Problem`` of the result; a sample
    that cannot be used has a ``fault``.

    Args:
        root: the folder that holds the clips, at any depth.
        sheet: the .xlsx or .csv of annotations; looked for in the root where None.
        kind: a name of ``kinds``; recognised where None.

    Raises:
        FileError: the root is no folder, or the named sheet is not there.
        SettingsError: there is no kind of that name.
    """
    base = Path(root).expanduser().absolute()
    if not base.is_dir():
        raise FileError(f"There is no folder {base}.", "Give the folder that holds the data set.")
    if sheet is not None and not Path(sheet).expanduser().is_file():
        raise FileError(f"There is no file {sheet}.", "Give the sheet of annotations.")
    places = find_places(base)
    problems: list[Problem] = []
    table = (
        _named_sheet(Path(sheet).expanduser(), problems) if sheet else _found_sheet(base, places, problems)
    )
    traits = kind_of(kind, base, table, places)
    chosen = one_place_each(base, places, table, problems)
    samples: list[Sample] = []
    if table is not None:
        links = link(table, chosen)
        renamed = find_renamed(base, table, links, chosen, problems)
        for row, line in table.rows:
            place = links[row]
            lost_subject = cells.subject_name(table.cell(line, "subject")) in renamed
            sample, odd = read_row(table, row, line, place, traits, base, quiet=lost_subject)
            samples.append(sample)
            problems += odd
        problems += doubled_rows(table, samples)
        claimed = {place.path for place in links.values() if place is not None}
        problems += [
            Problem(
                "no-row",
                place.path.relative_to(base).as_posix(),
                f"no row of {table.path.name} names this clip.",
                "It is left out; add its row, or remove it.",
            )
            for place in chosen.values()
            if place.path not in claimed and place.subject not in renamed.values()
        ]
    occurring = tuple(sorted({sample.emotion for sample in samples if sample.emotion}))
    return Dataset(
        name=traits.name or base.name,
        kind=traits.key,
        root=base,
        sheet=None if table is None else table.path,
        samples=tuple(samples),
        problems=tuple(problems),
        labels=traits.classes or occurring,
        fps=traits.fps,
    )


def _named_sheet(path: Path, problems: list[Problem]) -> Sheet | None:
    try:
        table = read_sheet(path)
    except SheetFault as fault:
        problems.append(Problem("sheet", path.name, f"it {fault.sentence}", fault.advice))
        return None
    problems += _notes(table)
    return table


def _found_sheet(root: Path, places: list[Place], problems: list[Problem]) -> Sheet | None:
    """The sheet in the root, one level below or beside it that fits the clips best."""
    tables, faults = [], []
    below = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    clips = {place.path for place in places}
    for folders in ([root], [folder for folder in below if folder not in clips], [root.parent]):
        for path in (path for folder in folders for path in _sheets_in(folder)):
            try:
                table = read_sheet(path)
            except SheetFault as fault:
                if path.suffix.lower().startswith(".xls") and folders != [root.parent]:
                    faults.append(Problem("sheet", path.name, f"it {fault.sentence}", fault.advice))
                continue
            if "onset" in table.columns:
                tables.append(table)
        if tables:
            break
    if not tables:
        problems += faults or [
            Problem(
                "sheet",
                root.name,
                "no sheet of annotations was found.",
                "Put the .xlsx or .csv into this folder, or name it with --sheet.",
            )
        ]
        return None
    best = max(tables, key=lambda table: _fitting(table, places))  # the first in the alphabet of equals
    if len(tables) > 1:
        names = ", ".join(table.path.name for table in tables)
        problems.append(
            Problem(
                "sheet", root.name, f"several sheets fit: {names}.",
                f"{best.path.name} is used; name another with --sheet.",
            )
        )  # fmt: skip
    problems += _notes(best)
    return best


def _sheets_in(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []
    return [
        path
        for path in entries
        if path.suffix.lower() in SHEET_SUFFIXES
        and not path.name.startswith((".", "~$"))
        and path.is_file()
        and path.stat().st_size <= _LARGEST_SHEET
    ]


def _fitting(table: Sheet, places: list[Place]) -> int:
    keys = {place.key for place in places}
    return sum(row_key(table, line) in keys for _, line in table.rows)


def _notes(table: Sheet) -> list[Problem]:
    """What reading the sheet found, and the columns that it lacks."""
    found = [Problem("sheet", table.path.name, f"it {note}", "Save it in UTF-8.") for note in table.notes]
    for column in ("subject", "onset", "apex", "offset", "action_units", "emotion"):
        if column not in table.columns:
            name = column.replace("_", " ")
            found.append(
                Problem(
                    "column", table.path.name, f"it has no column for the {name}.",
                    "Name it in the header if the sheet has it.",
                )
            )  # fmt: skip
    return found
