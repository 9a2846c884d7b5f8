"""What a figure is drawn on: the column of a paper or a slide, and how large its letters are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mrn_core.errors import SettingsError
from mrn_core.facts import note
from mrn_core.result import Analysis
from mrn_core.worth import Shows

from .style import CAUTION, CAUTION_GROUND, QUIET, TEXT, clip_name, provenance_line, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MM = 1 / 25.4  # inches
_PLAIN = "Trained weights"  # nothing to be careful about


@dataclass(frozen=True)
class Page:
    """A size of figures.

    Attributes:
        name: "column" or "slide".
        told: what it is, for a person.
        width: inches.
        height: inches; None: as high as the figure needs.
        title, label, small: sizes of letters in points; nothing is smaller than ``small``.
        margin: inches.
        dpi: of pictures, and of a PNG file.
        shows: what the figure on it shows, for the badge.
    """

    name: str
    told: str
    width: float
    height: float | None
    title: float
    label: float
    small: float
    margin: float
    dpi: int
    shows: Shows = "all"

    @property
    def scale(self) -> float:
        """How large lines and gaps are beside those of a column."""
        return self.label / PAGES["column"].label


PAGES = {
    "column": Page("column", "Column of a paper, 84 mm wide", 84 * MM, None, 8, 6.5, 5.5, 0.06, 300),
    "slide": Page("slide", "Slide, 16:9", 40 / 3, 7.5, 26, 15, 12, 0.5, 144),
}


def page(name: str) -> Page:
    """The page with this name.

    Raises:
        SettingsError: there is none.
    """
    if name not in PAGES:
        raise SettingsError(f"There is no size {name!r}.", f"Choose one of: {', '.join(PAGES)}.", "size")
    return PAGES[name]


class Sheet:
    """A figure with a title and a badge above and the provenance below; between them stands the body, whose
    places are in inches from its upper left corner.

    Args:
        analyses: one, or several side by side, whose provenance is told.
        height: of the body in inches, where the page leaves it open.
        names: of the analyses, where the lines of their provenance must be told apart.
    """

    def __init__(
        self, on: Page, analyses: Sequence[Analysis], title: str, height: float, names: Sequence[str] = ()
    ) -> None:
        from matplotlib.figure import Figure

        self.page = on
        self.width = on.width - 2 * on.margin
        badges = list(dict.fromkeys(words for a in analyses if (words := note(a, on.shows)) != _PLAIN))
        badges = [wrapped(words, self.width - 0.6 * on.label / 72, on.label) for words in badges]
        lines = [provenance_line(a) for a in analyses]
        if names:
            lines = [f"{name}: {line}" for name, line in zip(names, lines, strict=True)]
        foot = "\n".join(wrapped(line, self.width, on.small) for line in lines)
        title = wrapped(title, self.width, on.title, "bold")
        above = _height(on.title, title.count("\n") + 1)
        above += sum(_height(on.label, words.count("\n") + 1.7) for words in badges)
        above += _height(on.small, 0.5)
        below = _height(on.small, foot.count("\n") + 1.6)
        whole = on.height or height + above + below + 2 * on.margin
        self.height = whole - above - below - 2 * on.margin
        self.figure: Figure = Figure(figsize=(on.width, whole), dpi=on.dpi)
        self._left, self._top, self._whole = on.margin, whole - on.margin - above, whole
        y = whole - on.margin
        self._write(on.margin, y, title, on.title, weight="bold", color=TEXT, va="top")
        y -= _height(on.title, title.count("\n") + 1) + _height(on.label, 0.3)
        pad = on.label * 0.3
        for badge in badges:
            box = {"facecolor": CAUTION_GROUND, "edgecolor": "none", "pad": pad}
            left = on.margin + pad / 72
            self._write(left, y, badge, on.label, color=CAUTION, va="top", bbox=box)
            y -= _height(on.label, badge.count("\n") + 1.7)
        self._write(on.margin, on.margin, foot, on.small, color=QUIET, va="bottom")

    def axes(self, x: float, y: float, width: float, height: float, **options: Any) -> Axes:
        """Axes at a place of the body; ``y`` is their upper edge."""
        bottom = self._top - y - height
        on = (self._left + x) / self.page.width, bottom / self._whole
        return self.figure.add_axes((*on, width / self.page.width, height / self._whole), **options)

    def write(self, x: float, y: float, words: str, size: float | None = None, **options: Any) -> None:
        """Words at a place of the body; no formula is read into them."""
        self._write(self._left + x, self._top - y, words, size or self.page.label, **options)

    def _write(self, x: float, y: float, words: str, size: float, **options: Any) -> None:
        place = x / self.page.width, y / self._whole
        self.figure.text(*place, words, fontsize=size, parse_math=False, **({"color": TEXT} | options))


def wrapped(words: str, width: float, size: float, weight: str = "normal") -> str:
    """``words`` in lines that fit ``width`` inches at this size of letters, measured letter by letter."""
    room = 0.97 * width * 72 / size  # a renderer may set letters on whole pixels
    lines, line = [], ""
    for word in words.split(" "):
        longer = f"{line} {word}" if line else word
        if line and _ems(longer, weight) > room:
            lines.append(line)
            longer = word
        while _ems(longer, weight) > room and len(longer) > 1:  # a name with no blank in it
            count = next(
                n for n in range(len(longer) - 1, 0, -1) if _ems(longer[:n], weight) <= room or n == 1
            )
            lines.append(longer[:count])
            longer = longer[count:]
        line = longer
    return "\n".join([*lines, line])


def width_of(words: str, size: float) -> float:
    """Inches that words of this size take on one line."""
    return _ems(words, "normal") * size / 72


def _ems(words: str, weight: str) -> float:
    """The width of words as a multiple of their letters' size."""
    advances = _advances(weight)
    return sum(advances.get(letter, 1.0) for letter in words)


@lru_cache(maxsize=2)
def _advances(weight: str) -> dict[str, float]:
    """The width of each letter of the figures' font, as a share of its size."""
    from matplotlib.font_manager import FontProperties, fontManager
    from matplotlib.ft2font import FT2Font, LoadFlags

    font = FT2Font(fontManager.findfont(FontProperties(family="DejaVu Sans", weight=weight)))
    font.set_size(100, 72)
    found = {}
    for code, glyph in font.get_charmap().items():
        if code < 0x2600:
            found[chr(code)] = (
                font.load_glyph(glyph, flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100
            )
    return found


def line_height(size: float) -> float:
    """Inches that a line of letters of ``size`` points takes."""
    return _height(size, 1)


def name_of(analysis: Analysis) -> str:
    """What the analysis is called beside others: its clip's name, as it can be drawn."""
    return shown(clip_name(analysis))


def _height(size: float, lines: float) -> float:
    return size * 1.3 * lines / 72
