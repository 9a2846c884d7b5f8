"""Views, numbers and report of an analysis into one folder: all of them, or none."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mrn_core.errors import Cancelled, FileError, SettingsError
from mrn_core.facts import facts
from mrn_core.figures.level import level_of
from mrn_core.figures.page import page
from mrn_core.figures.scene import Scene, example_pair
from mrn_core.figures.views import KINDS, VIEWS, View, view

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws

Progress = Callable[[str, int, int], None]
Cancel = Callable[[], bool]
NUMBERS = (
    "analysis.json",
    "analysis.npz",
    "levels.csv",
    "heads.csv",
    "pairs.csv",
    "health.csv",
    "numbers.npz",
)
_LONGEST, _BYTES = 60, 160  # letters and bytes of the clip's name in a file's, which may have 255 bytes
_RESERVED = re.compile(r"(con|prn|aux|nul|(com|lpt)[\d¹²³])\s*(\..*)?", re.IGNORECASE)
# What a file system refuses, what ends a line, and what turns the direction of the letters after it.
_REFUSED = re.compile('[<>:"/\\\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]')


@dataclass(frozen=True)
class Plan:
    """What to export.

    Attributes:
        views: names of ``VIEWS``.
        kinds: of the views: "svg", "pdf", "png"; "csv" for the numbers that each shows.
        size: "column" or "slide".
        numbers: CSV, JSON and NPZ too.
        report: the HTML report too.
        film: the magnified levels as an MP4 too.

    Raises:
        SettingsError: a name is unknown, or nothing is asked for.
    """

    views: tuple[str, ...] = tuple(VIEWS)
    kinds: tuple[str, ...] = ("svg",)
    size: str = "column"
    numbers: bool = True
    report: bool = True
    film: bool = False

    def __post_init__(self) -> None:
        page(self.size)
        for name in self.views:
            view(name)
        for kind in self.kinds:
            if kind not in KINDS:
                raise SettingsError(
                    f"There is no kind of figure {kind!r}.", f"Choose among: {', '.join(KINDS)}.", "kinds"
                )
        if not ((self.views and self.kinds) or self.numbers or self.report or self.film):
            raise SettingsError(
                "Nothing is chosen to export.", "Choose views, numbers or the report.", "views"
            )


def file_names(scene: Scene, plan: Plan) -> list[str]:
    """The files that ``export`` writes, in order. Each begins with the clip's name."""
    return [name for name, _ in _parts(scene, plan)]


def existing(folder: str | os.PathLike[str], names: Iterable[str]) -> list[str]:
    """Those of the files that are there already.

    Raises:
        FileError: a folder stands in a file's place, a file in the folder's, or writing is denied there.
    """
    place = Path(folder)
    try:
        nearest = next(part for part in (place, *place.absolute().parents) if part.exists())
        if not nearest.is_dir():
            raise FileError(f"{nearest} is a file, not a folder.", "Choose another folder.")
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise FileError(f"Writing is not allowed in {nearest}.", "Choose another folder.")
        for name in names:
            if (place / name).is_dir():
                raise FileError(
                    f"{place / name} cannot be written: a folder stands there.",
                    "Choose another folder, or move that one.",
                )
        return [name for name in names if (place / name).exists()]
    except OSError as error:
        raise _denied(place, error) from error


def export(
    scene: Scene,
    plan: Plan,
    folder: str | os.PathLike[str],
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> list[Path]:
    """Writes what is planned and makes the folder if need be; files of the same name are replaced.

    Everything is drawn, then written beside its place, then put there: what fails or is cancelled on the way
    changes nothing. Chance is redrawn where the scene lacks it.

    Args:
        progress: called with ("export", done, all).

    Raises:
        FileError: the folder or a file cannot be written.
        Cancelled: ``cancel`` said so.
    """
    names = file_names(scene, plan)
    existing(folder, names)
    total = len(names) + 1

    def tell(done: int) -> None:
        if cancel is not None and cancel():
            raise Cancelled
        if progress is not None:
            progress("export", done, total)

    tell(0)
    if scene.chance is None:
        scene = replace(scene, chance=_chance(scene, cancel))
    contents: dict[str, bytes] = {}
    for name, make in _parts(scene, plan):
        tell(len(contents))
        contents[name] = make()
    tell(len(names))
    written = write_all(folder, contents)
    if progress is not None:
        progress("export", total, total)
    return written


def write_all(folder: str | os.PathLike[str], contents: dict[str, bytes]) -> list[Path]:
    """Writes all files into the folder, or changes nothing there.

    Raises:
        FileError: a place cannot be written; says why.
    """
    place = Path(folder)
    made = not place.exists()
    aside: Path | None = None
    try:
        place.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".mrn-export-", dir=place))
        for name, data in contents.items():
            with (aside / name).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        _put(aside, place, list(contents))
    except OSError as error:
        if made:
            shutil.rmtree(place, ignore_errors=True)
        raise _denied(place, error) from error
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
    return [place / name for name in contents]


def _put(aside: Path, place: Path, names: list[str]) -> None:
    """Moves files to their places; where one cannot be (another program may hold it), all are as before."""
    old = Path(tempfile.mkdtemp(dir=aside))
    begun: list[str] = []
    try:
        for name in names:
            if (place / name).exists():
                (place / name).replace(old / name)
            begun.append(name)
            (aside / name).replace(place / name)
    except OSError:
        for name in begun:
            (place / name).unlink(missing_ok=True)
            if (old / name).exists():
                (old / name).replace(place / name)
        raise


def stem_of(scene: Scene) -> str:
    """The clip's name without its ending, as every file system takes it."""
    name = str(facts(scene.analysis)["clip"] or "clip")
    stem = os.path.splitext(name)[0]  # noqa: PTH122 - a name, not a path: it may hold a slash
    stem = _REFUSED.sub("_", stem)[:_LONGEST]
    stem = stem.encode()[:_BYTES].decode(errors="ignore").strip(" .") or "clip"
    return f"_{stem}" if _RESERVED.fullmatch(stem) or stem.startswith("-") else stem


def _parts(scene: Scene, plan: Plan) -> list[tuple[str, Callable[[], bytes]]]:
    """Each file's name and what makes its bytes."""
    stem = stem_of(scene)
    made: list[tuple[str, Callable[[], bytes]]] = []
    for name in plan.views:
        chosen = view(name)
        if chosen.can(scene):
            for kind in plan.kinds:
                file = f"{_part(scene, chosen)}.{kind}"
                if file in NUMBERS:  # a view must not take the name of a table of the whole
                    file = f"{_part(scene, chosen)}-view.{kind}"
                made.append((f"{stem}-{file}", _figure(scene, name, kind, plan.size)))
    if plan.numbers:
        made += [(f"{stem}-{name}", _numbers(scene, name)) for name in NUMBERS]
    if plan.report:
        made.append((f"{stem}-report.html", _report(scene)))
    if plan.film:
        made.append((f"{stem}-film.mp4", _film(scene)))
    return made


def _part(scene: Scene, chosen: View) -> str:
    """ "matrix-b2h1": which head stands in the name of what shows one alone, how many clips in that of
    several."""
    if chosen.name == "fig1" and scene.others:
        return f"{chosen.name}-{len(scene.others) + 1}-clips"
    if not chosen.per_head:
        return chosen.name
    part = f"{chosen.name}-b{scene.block + 1}h{scene.head + 1}"
    if chosen.name == "why":
        query, key = scene.pair or example_pair(scene.trace, scene.head)
        part += f"-q{query}k{key}"
    if chosen.name == "level":
        part += f"-l{level_of(scene)}"
    return part


def _figure(scene: Scene, name: str, kind: str, size: str) -> Callable[[], bytes]:
    def make() -> bytes:
        from mrn_core.figures.views import view_bytes

        return view_bytes(scene, name, kind, page(size))

    return make


def _numbers(scene: Scene, name: str) -> Callable[[], bytes]:
    def make() -> bytes:
        from mrn_core.figures import numbers, outputs
        from mrn_core.tables import as_csv, level_table

        if name == "analysis.json":
            return outputs.as_json(scene.analysis.numbers())
        if name == "analysis.npz":
            return _saved(scene)
        if name == "levels.csv":
            return outputs.as_utf8(outputs.levels_table(scene.analysis))
        if name == "heads.csv":
            return outputs.as_utf8(as_csv([level_table(scene.analysis, scene.chance)]))
        if name == "pairs.csv":
            return outputs.as_utf8(numbers.pairs_csv(scene))
        if name == "health.csv":
            return outputs.as_utf8(numbers.health_csv(scene))
        return numbers.numbers_npz(scene)

    return make


def _saved(scene: Scene) -> bytes:
    """What ``Analysis.save`` writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "analysis.npz")
        scene.analysis.save(path)
        return path.read_bytes()


def _report(scene: Scene) -> Callable[[], bytes]:
    def make() -> bytes:
        from .page import report_html

        return report_html(scene)

    return make


def _film(scene: Scene) -> Callable[[], bytes]:
    def make() -> bytes:
        from mrn_core.figures.film import film

        return film(scene.analysis)

    return make


def _chance(scene: Scene, cancel: Cancel | None) -> list[Redraws]:
    from mrn_core.tables import chance_of

    return chance_of(scene.analysis, cancel=cancel)


def _denied(place: Path, error: OSError) -> FileError:
    return FileError(
        f"{place} cannot be written: {error.strerror or error}.", "Choose another place, or make room there."
    )
