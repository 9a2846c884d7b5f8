"""One row of a sheet, with the clip it names, as a sample."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from mrn_core.datasets import cells
from mrn_core.datasets.kinds import Kind
from mrn_core.datasets.model import Problem, Sample
from mrn_core.datasets.sheet import Sheet
from mrn_core.datasets.tree import Place


def read_row(
    sheet: Sheet,
    row: int,
    line: Sequence[Any],
    place: Place | None,
    kind: Kind,
    root: Path,
    quiet: bool = False,
) -> tuple[Sample, list[Problem]]:
    """The sample that a row tells of, and what is odd about it.

    Args:
        place: where its clip is; None where it was not found.
        quiet: the missing clip has been reported already.
    """
    reader = _Row(sheet, row, line, kind)
    sample = reader.sample()
    problems = reader.problems
    if place is None:
        sample = replace(sample, fault="its folder or video is not there")
        if not quiet:
            told = f"{sample.name} has no folder or video." if sample.clip else "the row names no clip."
            problems.append(
                Problem(
                    "no-folder", sheet.address(row, "clip"), told,
                    "It is left out; copy the clip, or remove the row.",
                )
            )  # fmt: skip
        return sample, problems
    numbers = tuple(dict.fromkeys(place.numbers))
    numbered = place.subject if place.subject.isdigit() else ""  # else just the folder's name
    sample = replace(sample, path=place.path, numbers=numbers, subject=sample.subject or numbered)
    problems += _of_frames(sample, place, root)
    needed = [mark for mark in _lost_marks(sample) if not _spared(sample, mark)]
    if needed and not sample.fault:
        sample = replace(sample, fault=f"its {needed[0]} is not among the pictures")
    return sample, problems


class _Row:
    """Reads the cells of one row and notes what is odd."""

    def __init__(self, sheet: Sheet, row: int, line: Sequence[Any], kind: Kind) -> None:
        self.sheet, self.row, self.line, self.kind = sheet, row, line, kind
        self.problems: list[Problem] = []

    def sample(self) -> Sample:
        onset, apex, offset = (self._frame(role) for role in ("onset", "apex", "offset"))
        fault = self._span(onset, apex, offset)
        if surplus := self.sheet.surplus(self.line):
            fault = "its row has more cells than the header"
            self.problems.append(
                Problem(
                    "number-cell", f"{self.sheet.path.name} row {self.row}",
                    f"the row has {self.sheet.width + surplus} cells, the header {self.sheet.width}.",
                    "A decimal comma may have parted a number. The clip is left out; put the cell in quotes.",
                )
            )  # fmt: skip
        units = self._units()
        source = "annotated" if apex is not None else "none" if None in (onset, offset) else "middle"
        given = cells.rate(self._cell("fps"))
        return Sample(
            subject=self._subject(),
            clip=cells.text_of(self._cell("clip")),
            path=None,
            onset=onset,
            apex=apex,
            offset=offset,
            apex_source=source,
            emotion=self._emotion(),
            action_units=units.units,
            action_units_text=units.text,
            fps=given or self.kind.fps,
            row=self.row,
            fault=fault,
        )

    def _cell(self, column: str) -> Any:
        return self.sheet.cell(self.line, column)

    def _note(self, kind: str, column: str, sentence: str, advice: str = "") -> None:
        self.problems.append(Problem(kind, self.sheet.address(self.row, column), sentence, advice))

    def _subject(self) -> str:
        name = cells.subject_name(self._cell("subject"))
        if not name and "subject" in self.sheet.columns:
            self._note("subject", "subject", "names no subject.", "Enter it, so that folds can be made.")
        return name

    def _frame(self, role: str) -> int | None:
        number = cells.frame_number(self._cell(role))
        if number.fault:
            kind = "date-cell" if number.is_date else "number-cell"
            self._note(kind, role, f"the {role} {number.fault}.", "Correct it; the cell counts as empty.")
        elif number.value is None and role in self.sheet.columns:
            told = cells.text_of(self._cell(role))
            advice = {
                "onset": "The clip is left out.",
                "apex": "The frame half-way from onset to offset stands for it.",
                "offset": "Without an apex, too, the clip would be left out.",
            }[role]
            self._note(f"no-{role}", role, f"the {role} is {repr(told) if told else 'empty'}.", advice)
        return number.value

    def _span(self, onset: int | None, apex: int | None, offset: int | None) -> str:
        """Notes marks that contradict each other; why the sample cannot be used, or ""."""
        wrong = ""
        if onset is not None and offset is not None and offset < onset:
            wrong = f"the offset {offset} comes before the onset {onset}"
            self._note("offset-before", "offset", f"{wrong}.", "The clip is left out; correct the row.")
        elif apex is not None and onset is not None and apex < onset:
            wrong = f"the apex {apex} comes before the onset {onset}"
            self._note("apex-before", "apex", f"{wrong}.", "The clip is left out; correct the row.")
        elif apex is not None and offset is not None and apex > offset:
            wrong = f"the apex {apex} comes after the offset {offset}"
            self._note("apex-after", "apex", f"{wrong}.", "The clip is left out; correct the row.")
        if onset is None:
            return "no onset is given"
        if apex is None and offset is None:
            return "neither an apex nor an offset is given"
        return wrong

    def _units(self) -> cells.Units:
        units = cells.action_units(self._cell("action_units"))
        if units.is_date:
            self._note(
                "date-cell", "action_units", f"the action units have become the date {units.text}.",
                "Type them again as text; none are taken from this cell.",
            )  # fmt: skip
        elif units.unread:
            self._note(
                "action-units", "action_units",
                f"of {units.text!r}, {', '.join(map(repr, units.unread))} cannot be read.",
                "Write them as 4+7 or R12; the others are taken.",
            )  # fmt: skip
        return units

    def _emotion(self) -> str:
        raw = self._cell("emotion")
        name = cells.emotion_name(raw)
        name = self.kind.spellings.get(name, name)
        if "emotion" not in self.sheet.columns:
            return name
        if cells.is_date(raw):
            self._note("date-cell", "emotion", f"the emotion holds the date {name}.", "Type it again.")
            return ""
        if not name:
            self._note("emotion", "emotion", "no emotion is given.", "The clip belongs to no class.")
        elif self.kind.emotions and name not in self.kind.emotions:
            near = difflib.get_close_matches(name, self.kind.emotions, 1)
            ask = f"Is {near[0]} meant? " if near else ""
            self._note(
                "emotion", "emotion", f"{self.kind.name} has no emotion {name!r}.",
                f"{ask}The clip belongs to none of the usual classes.",
            )  # fmt: skip
        return name


def _of_frames(sample: Sample, place: Place, root: Path) -> list[Problem]:
    """Pictures that are missing or twice there."""
    where = place.path.relative_to(root).as_posix()
    numbers = sample.numbers
    if not numbers:
        return []
    problems = []
    twice = sorted({n for n, after in pairwise(place.numbers) if n == after})
    if twice:
        problems.append(
            Problem(
                "doubled-frame", where, f"two pictures have the number {spans(twice)}.", "Keep one of each."
            )
        )
    if lost := _lost_marks(sample):
        problems.append(
            Problem(
                "missing-frame", where,
                f"the pictures have the numbers {numbers[0]} to {numbers[-1]}: there is no "
                f"{' and no '.join(lost)}.",
                "Copy the clip again, or correct the row."
                + ("" if _spared(sample, lost[0]) else " The clip is left out."),
            )
        )  # fmt: skip
    steps = {b - a for a, b in pairwise(numbers)}
    if steps - {1}:
        there = set(numbers)
        missing = [n for n in range(numbers[0], numbers[-1] + 1) if n not in there]
        even = len(steps) == 1
        lost_ones = f"frame {missing[0]} is" if len(missing) == 1 else f"frames {spans(missing)} are"
        sentence = f"the numbers go in steps of {min(steps)}." if even else f"{lost_ones} missing."
        problems.append(Problem("missing-frame", where, sentence, "Copy the clip again if it had more."))
    return problems


def _lost_marks(sample: Sample) -> list[str]:
    """Those of onset, apex and offset that no picture has, those that are needed first; nothing where the
    marks contradict each other, which is reported as such."""
    there = set(sample.numbers)
    marks = (("onset", sample.onset), ("apex", sample.apex), ("offset", sample.offset))
    given = [number for _, number in marks if number is not None]
    if not there or given != sorted(given):
        return []
    return [f"{role} {number}" for role, number in marks if number is not None and number not in there]


def _spared(sample: Sample, mark: str) -> bool:
    """Whether the clip can be used without this frame: an offset is needed only to find the middle."""
    return mark.startswith("offset") and sample.apex_source == "annotated"


def spans(numbers: Sequence[int], most: int = 4) -> str:
    """Ascending numbers in words: "46, 48 to 50 and 3 more"."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    told = [str(a) if a == b else f"{a} to {b}" for a, b in runs[:most]]
    rest = sum(b - a + 1 for a, b in runs[most:])
    return ", ".join(told) + (f" and {rest} more" if rest else "")
