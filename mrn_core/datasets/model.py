"""What a data set is to this program: samples, and what is odd about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mrn_core.errors import ClipError

if TYPE_CHECKING:
    from mrn_core.clip import Clip


class ActionUnit(NamedTuple):
    """A number of FACS, and the side: "L", "R", or "" for both (or where the coder named none)."""

    number: int
    side: str = ""


@dataclass(frozen=True)
class Problem:
    """Something odd about a data set.

    Attributes:
        kind: one of ``KINDS_OF_PROBLEM``, for programs.
        place: where: "CASME2-coding.xlsx cell F12", or a folder's name under the root.
        sentence: what is odd.
        advice: what to do about it, or what this program does.
    """

    kind: str
    place: str
    sentence: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence} {self.advice}".strip()


KINDS_OF_PROBLEM: dict[str, str] = {
    "sheet": "no sheet, or one that cannot be read",
    "column": "the sheet lacks a column",
    "no-folder": "a row whose folder or video is not there",
    "no-row": "a folder without a row",
    "doubled-folder": "a folder within one of the same name",
    "doubled-clip": "the same clip in two places",
    "doubled-row": "the same clip and onset in two rows",
    "renamed-subject": "a subject's folder has another name than the sheet gives",
    "no-apex": "no apex is given",
    "no-onset": "no onset is given",
    "no-offset": "no offset is given",
    "apex-before": "an apex before its onset",
    "apex-after": "an apex after its offset",
    "offset-before": "an offset before its onset",
    "missing-frame": "frames that the numbering or the sheet expects are not there",
    "doubled-frame": "two pictures of one number",
    "changed": "a synthetic clip whose files are no longer those that were made",
    "unreadable-frame": "a picture that cannot be read, or of another size than its neighbours",
    "date-cell": "a date where a code or a number was",
    "number-cell": "a cell that is no frame number",
    "action-units": "action units that cannot all be read",
    "emotion": "an emotion that the set does not know, or none",
    "subject": "no subject, or none that can be told",
}
"""Every kind of problem and what it means."""


class Marks(NamedTuple):
    """Indices, from 0, of the frames of a clip; ``offset`` is None where the sheet gives none."""

    onset: int
    apex: int
    offset: int | None


@dataclass(frozen=True)
class Sample:
    """One annotated clip of a data set.

    Attributes:
        subject: as text; a number has at least two digits ("01").
        clip: the sheet's name of it, opaque text.
        path: the folder of pictures or the video file; None where it is not there.
        onset, apex, offset: the source's own frame numbers; None where none is given.
        apex_source: "annotated"; "middle" where the frame between onset and offset stands for it;
            "none" where there is nothing to go by.
        emotion: in lower case, in the set's own words; "" where none is given.
        action_units: what could be read of them.
        action_units_text: what the sheet says.
        fps: frames per second; None where neither the set nor the sheet tells.
        row: the row of the sheet, counted from 1; None where the clip has none.
        numbers: the source's numbers of the pictures that are there, ascending; () for a video.
        fault: why the sample cannot be used, in words; "" where it can.
    """

    subject: str
    clip: str
    path: Path | None
    onset: int | None = None
    apex: int | None = None
    offset: int | None = None
    apex_source: str = "annotated"
    emotion: str = ""
    action_units: tuple[ActionUnit, ...] = ()
    action_units_text: str = ""
    fps: float | None = None
    row: int | None = None
    numbers: tuple[int, ...] = field(default=(), repr=False)
    fault: str = ""

    @property
    def usable(self) -> bool:
        """Whether its frames are there and its onset and apex are known."""
        return not self.fault

    @property
    def name(self) -> str:
        """Subject and clip, as people call it: "01/EP02_01f"."""
        return f"{self.subject}/{self.clip}" if self.subject else self.clip

    def marks(self, clip: Clip) -> Marks:
        """Where onset, apex and offset are in the opened clip, by the numbers of the files it has.

        An apex that is not annotated is the frame half-way from onset to offset.

        Raises:
            ClipError: the sample is not usable, or the clip lacks one of the frames.
        """
        if self.fault or self.onset is None:
            raise ClipError(
                f"{self.name} cannot be used: {self.fault or 'it has no onset'}.", "Leave it out."
            )
        onset = self._index(clip, "onset", self.onset)
        offset = None if self.offset is None else self._index(clip, "offset", self.offset, last=True)
        if self.apex_source == "annotated" and self.apex is not None:
            return Marks(onset, self._index(clip, "apex", self.apex), offset)
        if offset is None:
            raise ClipError(f"{self.name} has neither an apex nor an offset.", "Leave it out.")
        return Marks(onset, onset + (offset - onset) // 2, offset)

    def _index(self, clip: Clip, role: str, number: int, last: bool = False) -> int:
        """The index of a frame number; ``last`` takes the nearest frame before one that is missing."""
        numbers = [int(n) for n in clip.numbers]
        if number in numbers:
            return numbers.index(number)
        before = [i for i, n in enumerate(numbers) if n < number]
        if last and before:
            return before[-1]
        raise ClipError(
            f"{self.name} has no frame {number}, which is its {role}.",
            "Copy the clip again, or leave it out.",
        )


@dataclass(frozen=True)
class Dataset:
    """An index of a data set; no frame is loaded.

    Attributes:
        name: what people call it ("CASME II"), or the folder's name.
        kind: "casme2", "folder", ...: a name of ``kinds``.
        root: the folder.
        sheet: the file of annotations; None where there is none.
        samples: the rows of the sheet in its order, usable or not.
        problems: everything odd that was met on the way; ``check`` adds what takes longer to find.
        labels: the classes that the set is evaluated with, or else all emotions that occur, sorted.
        fps: frames per second of the whole set, or None.
    """

    name: str
    kind: str
    root: Path
    sheet: Path | None
    samples: tuple[Sample, ...]
    problems: tuple[Problem, ...]
    labels: tuple[str, ...]
    fps: float | None = None

    @property
    def usable(self) -> tuple[Sample, ...]:
        """The samples whose frames are there and whose onset and apex are known."""
        return tuple(sample for sample in self.samples if sample.usable)

    @property
    def left_out(self) -> tuple[Sample, ...]:
        """The others; ``fault`` says why."""
        return tuple(sample for sample in self.samples if not sample.usable)

    @property
    def subjects(self) -> tuple[str, ...]:
        """All subjects of the usable samples, sorted."""
        return tuple(sorted({sample.subject for sample in self.usable}))

    def of(self, labels: Iterable[str] | None = None) -> tuple[Sample, ...]:
        """The usable samples of these classes (``labels`` of the set where None)."""
        wanted = set(self.labels if labels is None else labels)
        return tuple(sample for sample in self.usable if sample.emotion in wanted)
