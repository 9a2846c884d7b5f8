"""What every figure shares: its colours, its letters, its line of provenance and its badge.

matplotlib is used through its objects and never through pyplot, whose state is global, so that a
window, a server and a notebook can draw at once. Colours are those of the window's light theme.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from mrn_core.facts import Fact, facts, mark_told
from mrn_core.lab import interpolated
from mrn_core.result import Analysis
from mrn_core.worth import Shows

if TYPE_CHECKING:
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

# One hue, nine equal steps in CIELAB, dark is large.
MAP_STOPS = (
    "#C8DAE7", "#A0CAE9", "#73B6E8", "#3D9DE0", "#0481CB", "#0062A7", "#004A89", "#1B3462", "#1E243F",
)  # fmt: skip
# Of buckets by their first three bits, in Gray order round the hue circle.
BUCKETS = (
    "#64CCFF", "#9ACBB9", "#778A21", "#00530A", "#7B51A8", "#7E1156", "#D0C182", "#A76165",
)  # fmt: skip
# Of differences: violet is less, green is more, in the middle the ground; no orange.
DIFFERENCE_STOPS = (
    "#5E1175", "#9140A8", "#BE86CD", "#DFC3E6", "#F3F4F6", "#C3DFBE", "#7FBF7B", "#3A8F45", "#0B5A26",
)  # fmt: skip
MASKED = "#F3F4F6"  # outside the map: a pair that shares no bucket
TEXT, QUIET, LINE = "#161A20", "#4A515C", "#D5D9DF"
CAUTION, CAUTION_GROUND = "#6B4700", "#FFF1CC"
SCALE_TOP = 2.5  # weight x allowed keys at the map's last colour; 1 is uniform

_LONGEST_NAME = 60
_LETTERS_PER_INCH = 17  # of the line of provenance
NO_NAME = "(a name that this font cannot show)"


@contextmanager
def plain_style() -> Iterator[None]:
    """matplotlib's own defaults, whatever the user's configuration says, and put back at the end."""
    import matplotlib.style

    # Letters stay letters in SVG and PDF (as TrueType), and the same figure gives the same bytes.
    own = {
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
        "svg.hashsalt": "mrn-studio",
        "axes.formatter.use_locale": False,
    }
    with matplotlib.style.context(["default", own]):
        yield


def colour_map() -> Colormap:
    """The map of weight x allowed keys, colour for colour that of the window."""
    return _map("mrn", MAP_STOPS)


def difference_map() -> Colormap:
    """The map of differences, likewise."""
    return _map("mrn-difference", DIFFERENCE_STOPS)


def _map(name: str, stops: Sequence[str]) -> Colormap:
    from matplotlib.colors import ListedColormap

    return ListedColormap(interpolated(tuple(stops)) / 255, name)


def shown(text: str) -> str:
    """``text`` if the figures' font has all its letters, else a neutral label: never boxes."""
    glyphs = _glyphs()
    return text if all(ord(letter) in glyphs for letter in text) else NO_NAME


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    from matplotlib.font_manager import fontManager
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(fontManager.findfont("DejaVu Sans")).get_charmap())


def clip_name(analysis: Analysis) -> str:
    """The clip's name as it can be drawn, its middle left out if it is long; "clip" if there is none."""
    clip = analysis.provenance.get("clip")
    name = str(clip["name"]) if isinstance(clip, dict) and clip.get("name") else "clip"
    if len(name) > _LONGEST_NAME:
        name = f"{name[: _LONGEST_NAME - 16]}…{name[-15:]}"
    return shown(name)


def counted(count: Fact, one: str, many: str = "") -> str:
    """ "1 table", "4 tables"."""
    number = f"{count:,}" if isinstance(count, int) else str(count)
    return f"{number} {one if count == 1 else many or one + 's'}"


def provenance_line(analysis: Analysis) -> str:
    """What made the figure, in one line: clip, marks, magnifier, levels, hash, weights, program."""
    settings, network, told = analysis.settings, analysis.settings.network, facts(analysis)
    marks = [mark_told(told, role) for role in ("onset", "apex")]
    if marks[1] and told["apex_source"]:
        marks[1] += f" ({told['apex_source']})"
    weights = shown(str(told["weights"])) if told["weights_sha256"] else "seeded weights"
    parts = [
        clip_name(analysis),
        *(mark for mark in marks if mark),
        f"{settings.magnifier}, AF {settings.af_low:g} to {settings.af_high:g}, L {settings.levels}",
        f"{counted(network.planes, 'plane')}, {counted(network.tables, 'table')}, {network.qk}, "
        f"{network.hash_centre}",
        f"seed {network.seed}" + (f", hash seed {network.hash_seed}" if network.hash_seed >= 0 else ""),
        weights,
        str(told["program"]),
    ]
    return " · ".join(parts)


def add_frame(figure: Figure, analysis: Analysis, title: str, margin: float, shows: Shows) -> None:
    """Title and the badge of what is shown above, provenance below; ``margin`` is the height of each in
    inches."""
    height = figure.get_figheight()
    left = 0.25 / figure.get_figwidth()
    figure.text(left, 1 - 0.30 * margin / height, title, fontsize=12, weight="bold", color=TEXT, va="center")
    if badge := analysis.badge(shows):
        figure.text(
            left, 1 - 0.72 * margin / height, badge, fontsize=8, color=CAUTION, va="center",
            bbox={"facecolor": CAUTION_GROUND, "edgecolor": "none", "pad": 3},
        )  # fmt: skip
    for_width = int((figure.get_figwidth() - 0.5) * _LETTERS_PER_INCH)
    line = textwrap.fill(provenance_line(analysis), for_width, break_on_hyphens=False)
    figure.text(left, 0.35 * margin / height, line, fontsize=7, color=QUIET, va="center", parse_math=False)
