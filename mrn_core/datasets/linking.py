"""Which row of a sheet belongs to which clip on the disk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mrn_core.datasets import cells
from mrn_core.datasets.model import Problem, Sample
from mrn_core.datasets.sheet import Sheet
from mrn_core.datasets.tree import Place, clip_key, doubled_folders

Key = tuple[str, str]


def row_key(table: Sheet, line: Sequence[Any]) -> Key:
    """Subject and clip of a row as ``Place.key`` has them; "sub01/EP02_01f" as a file name tells both."""
    clip = cells.text_of(table.cell(line, "clip")).replace("\\", "/").rstrip("/")
    subject = cells.subject_name(table.cell(line, "subject"))
    if not subject and "/" in clip:
        subject = cells.subject_name(clip.split("/")[-2])
    return clip_key(subject, clip.rsplit("/", 1)[-1])


def one_place_each(
    root: Path, places: list[Place], table: Sheet | None, problems: list[Problem]
) -> dict[Key, Place]:
    """One place for each clip; the others, and doubled folders, are reported."""
    for name in doubled_folders(places, root):
        problems.append(
            Problem(
                "doubled-folder", name, "this folder stands within one of the same name.",
                "Its clips are found all the same; move them up, or leave them.",
            )
        )  # fmt: skip
    rows = {row_key(table, line) for _, line in table.rows} if table else set()
    trees = Counter(place.tree for place in places if place.key in rows)

    def worth(place: Place) -> tuple[int, int, int, str]:
        cropped = any("crop" in part.casefold() for part in place.tree)
        return (int(cropped), -trees[place.tree], len(place.path.parts), place.path.as_posix())

    same: dict[Key, list[Place]] = defaultdict(list)
    for place in places:
        same[place.key].append(place)
    chosen, between = {}, Counter[tuple[str, str]]()
    for key, found in same.items():
        first, *others = sorted(found, key=worth)
        chosen[key] = first
        for other in others:
            if other.tree != first.tree:
                between[("/".join(first.tree) or ".", "/".join(other.tree) or ".")] += 1
                continue
            problems.append(
                Problem(
                    "doubled-clip", other.path.relative_to(root).as_posix(),
                    f"the same clip stands in {first.path.relative_to(root).as_posix()}.",
                    "The latter is used; remove one.",
                )
            )  # fmt: skip
    for (used, left), count in between.items():
        problems.append(
            Problem(
                "doubled-clip", left, f"{count} of its clips stand in {used} as well.",
                f"Those in {used} are used; open one of the two folders to have its own.",
            )
        )  # fmt: skip
    return chosen


def link(table: Sheet, chosen: dict[Key, Place]) -> dict[int, Place | None]:
    """The place of each row: by subject and clip, or by the clip's name alone where the sheet or the
    tree names no subject and there is only one clip of that name."""
    by_name: dict[str, list[Place]] = defaultdict(list)
    for place in chosen.values():
        by_name[place.key[1]].append(place)
    links: dict[int, Place | None] = {}
    for row, line in table.rows:
        subject, clip = row_key(table, line)
        found = chosen.get((subject, clip))
        alike = by_name[clip]
        if found is None and len(alike) == 1 and not (subject and alike[0].subject.isdigit()):
            found = alike[0]
        links[row] = found
    return links


def find_renamed(
    root: Path,
    table: Sheet,
    links: dict[int, Place | None],
    chosen: dict[Key, Place],
    problems: list[Problem],
) -> dict[str, str]:
    """Subjects of the sheet without any clip, and the subject of the tree without any row that has clips
    of the same names: most likely the same person, which is said and not assumed."""
    wanted: dict[str, set[str]] = defaultdict(set)
    with_clips, claimed = set(), {place.path for place in links.values() if place is not None}
    for row, line in table.rows:
        subject = cells.subject_name(table.cell(line, "subject"))
        wanted[subject].add(row_key(table, line)[1])
        if links[row] is not None:
            with_clips.add(subject)
    spare: dict[str, set[str]] = defaultdict(set)
    for place in chosen.values():
        spare[place.subject].add(place.key[1])
    for place in chosen.values():
        if place.path in claimed:
            spare.pop(place.subject, None)
    renamed: dict[str, str] = {}
    for subject in sorted(set(wanted) - with_clips):
        clips = wanted[subject]
        best = max(sorted(spare), key=lambda other: len(spare[other] & clips), default=None)
        if best is None or not subject or 2 * len(spare[best] & clips) < len(clips | spare[best]):
            continue
        folder = next(p.path for p in chosen.values() if p.subject == best).relative_to(root)
        renamed[subject] = best
        del spare[best]
        problems.append(
            Problem(
                "renamed-subject",
                folder.parent.as_posix(),
                f"no row names subject {best}; its clips have the names of those of subject {subject} "
                f"({len(clips)} rows of {table.path.name}), which has no folder.",
                f"If they are the same person, rename the folder; these {len(clips)} rows are left out.",
            )
        )
    return renamed


def doubled_rows(table: Sheet, samples: list[Sample]) -> list[Problem]:
    """Rows of the same clip and onset; several onsets in one clip are several samples."""
    first: dict[tuple[str, str, int | None], int] = {}
    found = []
    for sample in samples:
        key = (*clip_key(sample.subject, sample.clip), sample.onset)
        before = first.setdefault(key, sample.row or 0)
        if before != sample.row:
            found.append(
                Problem(
                    "doubled-row", table.address(sample.row or 0, "clip"),
                    f"{sample.name} with this onset is in row {before} too.", "Remove one of the rows.",
                )
            )  # fmt: skip
    return found
