"""Why a pair may or may not meet: the two frames, and the codes of both in every table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mrn_core.network import explain
from mrn_core.network.explain import PairReason, pair

from .fields import bucket_colour, code_text
from .page import Page, Sheet, line_height, wrapped
from .scene import Scene, example_pair
from .style import LINE, QUIET

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DIGIT = 0.72  # a digit of a code as a share of its size, with air


def why_figure(scene: Scene, on: Page) -> Figure:
    """The reason for one cell: of the chosen pair, or of ``example_pair``."""
    trace, analysis = scene.trace, scene.analysis
    query, key = scene.pair or example_pair(trace, scene.head)
    reason = pair(trace, scene.head, query, key)
    unit = line_height(on.label)
    frame, gap = (7 if on.height is None else 10) * unit, 0.8 * unit
    width = on.width - 2 * on.margin
    told = sentences(scene, reason, query, key)
    beside = width - 2 * frame - 2 * gap
    lines = [wrapped(words, beside, on.label) for words in told]
    top = max(frame + 1.3 * unit, sum(words.count("\n") + 1.35 for words in lines) * unit)
    row = 1.35 * unit
    what = "may attend to" if reason.allowed else "may not attend to"
    title = f"Why query {query} {what} key {key}: {scene.where}"
    sheet = Sheet(on, [analysis], title, top + unit + (len(reason.tables) + 1) * row)
    for n, (role, level) in enumerate((("query", query), ("key", key))):
        axes = sheet.axes(n * (frame + gap), 0, frame, frame)
        axes.set_axis_off()
        axes.imshow(analysis.frames[level], interpolation="lanczos", aspect="auto")
        words = f"{role} {level}, AF {analysis.levels[level]:.3g}"
        sheet.write(n * (frame + gap), frame + 0.2 * unit, words, on.small, va="top")
    y = 0.0
    for words in lines:
        sheet.write(2 * (frame + gap), y, words, on.label, va="top")
        y += (words.count("\n") + 1.35) * unit
    room = int((sheet.height - top - unit) / row + 1e-6) - 1
    _codes(sheet, scene, reason, top + unit, row, room)
    return sheet.figure


def sentences(scene: Scene, reason: PairReason, query: int, key: int) -> list[str]:
    """What is to say of the pair, in the window's words: tables, weight, nearness to changing, chance."""
    trace, drawn = scene.trace, scene.drawn()
    said = [f"{explain.answer_told(reason)}."]
    if reason.allowed:
        said.append(explain.weight_told(reason, int(trace.mask[scene.head, query].sum())))
    said.append(explain.turn_told(reason))
    if drawn is None:
        said.append(explain.meeting_told(reason))
    else:
        share = float(drawn.allowed[scene.head, query, key])
        said.append(explain.meeting_told(reason, share, drawn.draws))
    return [words for words in said if words]


def _codes(sheet: Sheet, scene: Scene, reason: PairReason, y: float, row: float, room: int) -> None:
    """A row a table: its number, the code of the query and of the key, and the planes between them.

    Where there is room for fewer, those that join the pair come first, then the nearest to opening.
    """
    on, planes = sheet.page, scene.trace.planes
    size = on.label
    shown = list(enumerate(reason.tables))
    if room < len(shown):
        shown = sorted(shown, key=lambda found: found[1].opens_at)[: max(1, room - 1)]
        rest = f"and {len(reason.tables) - len(shown)} more tables, further from opening"
        sheet.write(0, y + (len(shown) + 1.5) * row, rest, on.small, va="center", color=QUIET)
    digit = size * _DIGIT / 72
    long = max(planes, 3) * digit + 2.4 * digit
    columns = tuple(4.2 * digit + n * (long + digit) for n in range(3))
    for x, words in zip((0, *columns), ("table", "query", "key", "in one bucket?"), strict=True):
        sheet.write(x, y + row / 2, words, on.small, va="center", color=QUIET)
    for place, (t, table) in enumerate(shown):
        middle = y + (place + 1.5) * row
        rule = sheet.axes(0, y + (place + 1) * row, sheet.width, 0.001)
        rule.axhline(0, color=LINE, lw=0.5)
        rule.set_axis_off()
        strong = {"weight": "bold"} if table.shared else {}
        sheet.write(0, middle, str(t + 1), size, va="center", **strong)
        for x, code in zip(columns, (table.query_code, table.key_code), strict=False):
            swatch = sheet.axes(x, middle - 0.5 * digit, digit, digit, facecolor=bucket_colour(code, planes))
            swatch.set(xticks=[], yticks=[])
            for spine in swatch.spines.values():
                spine.set_visible(False)
            for n, bit in enumerate(code_text(code, planes)):
                apart = n + 1 in table.differing
                look = {"weight": "bold"} if apart else {"color": QUIET}
                sheet.write(x + (1.9 + n) * digit, middle, bit, size, va="center", ha="center", **look)
                if apart:
                    under = sheet.axes(x + (1.5 + n) * digit, middle + 0.62 * digit, 0.8 * digit, 0.001)
                    under.axhline(0, color="#161A20", lw=0.8 * on.scale)
                    under.set_axis_off()
        words = wrapped(explain.table_told(table), sheet.width - columns[2], on.small)
        sheet.write(columns[2], middle, words, on.small, va="center", **strong)
