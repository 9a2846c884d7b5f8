"""The report: one HTML file with everything inside, which opens with no network and runs no script."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from mrn_core.facts import Fact, facts, mark_told, note
from mrn_core.figures.page import PAGES
from mrn_core.figures.scene import Scene
from mrn_core.figures.style import counted
from mrn_core.figures.views import VIEWS, view_bytes
from mrn_core.network.explain import Redraws, all_told
from mrn_core.result import Analysis, plain
from mrn_core.settings import get, rows
from mrn_core.tables import LevelTable, head_sentences, level_table

from .about import clip_lines, fact_lines
from .captions import CAPTIONS
from .style import STYLE
from .tags import details, listed, number, table
from .words import block_sentences

FIGURES = (
    "fig1",
    "motion",
    "reading",
    "reach",
    "matrix",
    "difference",
    "changes",
    "why",
    "hash",
    "heads",
    "buckets",
    "strip",
)
# Nothing is loaded from anywhere and nothing is run, whatever a name in the file may hold.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_PARTS = {
    "analysed": "What was analysed",
    "hash": "What the hash let through",
    "figures": "Figures",
    "levels": "Levels",
    "settings": "Settings",
    "provenance": "Provenance",
}
_HEALTH = {
    "density": "All pairs",
    "near": "Near",
    "far": "Far",
    "corner": "Corner",
    "all_or_none": "Heads full or empty",
    "unrelated": "Unrelated vectors",
}
_HEALTH_TOLD = (
    "The share of pairs that may meet: of all, of levels at most 3 apart (near), of those at least half of "
    "all levels apart (far), and in the corner of large AF. A head under 3 % or over 97 % says nothing of "
    "the levels. A healthy hash is well above what unrelated vectors give near the diagonal, and below it "
    "far away."
)
_LEVELS_TOLD = (
    "Over all heads of all blocks. Reach: the share of the other queries that may attend to the level, and "
    "what redraws of the planes give on average. Zeroed: no other query may. Silent: as a query it may "
    "attend to none but itself. Received: the mean weight from the other queries. Beta: its part in the "
    "fusion."
)


def report_html(scene: Scene) -> bytes:
    """The report of one analysis as UTF-8: what was analysed, warnings, figures as vectors, the table of
    levels, settings and provenance. While the weights are untrained the badge stands first."""
    analysis = scene.analysis
    told = facts(analysis)
    name = str(told["clip"] or "clip")
    levels = level_table(analysis, scene.chance)
    body = [
        f"<h1>{escape(name)}</h1>",
        f"<p class='lead'>{escape(_lead(told))}</p>",
        f"<p class='{'plain' if analysis.trained else 'badge'}'>{escape(note(analysis))}</p>",
        _contents(),
        _warnings(analysis.warnings),
        _heading("analysed"),
        table((), clip_lines(analysis), "words"),
        _heading("hash"),
        listed([*block_sentences(analysis, scene.chance), *_together(levels)]),
        _health(analysis),
        _heading("figures"),
        f"<div class='figures'>{''.join(_figure(scene, each) for each in _shown(scene))}</div>",
        _heading("levels"),
        f"<p class='told'>{escape(_LEVELS_TOLD)}</p>",
        _levels(levels),
        *(_heads(analysis, levels, b, scene.chance) for b in range(levels.blocks)),
        _heading("settings"),
        _settings(analysis),
        _heading("provenance"),
        table((), fact_lines(told), "words"),
        details("All of it, as JSON", f"<pre>{escape(_json(analysis.provenance))}</pre>"),
        f"<footer>{escape(str(told['program']))} · {escape(note(analysis))}</footer>",
    ]
    page = (
        "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        "<meta name='viewport' content='width=device-width'>\n"
        f"<title>{escape(name)} · MRN Studio</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in body if part)
        + "\n</main>\n</body>\n</html>\n"
    )
    return page.encode("utf-8", "backslashreplace")


def _shown(scene: Scene) -> list[str]:
    return [name for name in FIGURES if VIEWS[name].can(scene)]


def _heading(part: str) -> str:
    return f"<h2 id='{part}'>{escape(_PARTS[part])}</h2>"


def _contents() -> str:
    links = (f"<a href='#{part}'>{escape(words)}</a>" for part, words in _PARTS.items())
    return f"<nav>{''.join(links)}</nav>"


def _lead(told: dict[str, Fact]) -> str:
    marks = [words for role in ("onset", "apex") if (words := mark_told(told, role))]
    if marks and told["apex_source"]:
        marks[-1] += f" ({told['apex_source']})"
    levels = f"{told['magnifier']}, AF {told['af_low']:g} to {told['af_high']:g}"
    hashed = f"{counted(told['planes'], 'plane')}, {counted(told['tables'], 'table')}"
    if told["hash_seed"] != -1:
        hashed += f" of hash seed {told['hash_seed']}"
    return " · ".join([*marks, levels, hashed, f"seed {told['seed']}"])


def _warnings(sentences: Sequence[str]) -> str:
    if not sentences:
        return ""
    return f"<section class='warnings'><h2>Warnings</h2>{listed(sentences)}</section>"


def _figure(scene: Scene, name: str) -> str:
    told = VIEWS[name].told
    drawn = inlined(view_bytes(scene, name, "svg", PAGES["column"]).decode(), name)
    words = f"<b>{escape(told)}.</b> {escape(CAPTIONS[name])}"
    return f"<figure aria-label='{escape(told)}'>{drawn}<figcaption>{words}</figcaption></figure>"


def inlined(svg: str, name: str) -> str:
    """An SVG file as a part of a page: no prologue, no metadata, identifiers of its own."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'(\bid="|\bhref="#|url\(#)', rf"\g<1>{name}-", svg)
    # The size of a figure on paper gives way to that of the page.
    opening, rest = svg.split(">", 1)
    return re.sub(r' (?:width|height)="[^"]*"', "", opening) + ">" + rest


def _levels(told: LevelTable) -> str:
    """A row a level: the totals over all heads and blocks."""
    places = told.blocks * told.heads
    head = ["Level", "AF", "Gain", "Beta", "Reach", "By chance", f"Zeroed of {places}", "By chance"]
    head += [f"Silent of {places}", "Received"]
    lines = []
    totals = {m: told.total(m, (0, 1)) for m in told.cells}
    for i in range(len(told.levels)):
        lines.append(
            [
                str(i),
                *(number(x[i]) for x in (told.levels, told.gains, told.beta)),
                number(totals["reach"][i]),
                number(totals["chance"][i]),
                f"{totals['zeroed'][i]:.0f}",
                number(totals["zeroed_chance"][i], 1),
                f"{totals['silent'][i]:.0f}",
                number(totals["received"][i], 4),
            ]
        )
    return table(head, lines)


def _together(told: LevelTable) -> list[str]:
    """What all heads come to beside chance, where there are several and chance is known."""
    together = told.together
    if together.outside_beside is None or together.heads == 1:
        return []
    return [f"All {together.heads} heads: {' '.join(all_told(together))}"]


def _heads(analysis: Analysis, told: LevelTable, block: int, chance: Sequence[Redraws] | None) -> str:
    """Each head of a block in words, then its reach beside chance; a ring: zeroed, a cross: silent."""
    heads = head_sentences(analysis, chance)[block * told.heads : (block + 1) * told.heads]
    cells = {name: values[block] for name, values in told.cells.items()}
    head = ["Level", "AF", *(f"Head {h + 1}" for h in range(told.heads))]
    lines = []
    for i in range(len(told.levels)):
        line = [str(i), number(told.levels[i])]
        for h in range(told.heads):
            signs = ("○" if cells["zeroed"][h, i] else "") + ("×" if cells["silent"][h, i] else "")
            beside = "" if np.isnan(cells["chance"][h, i]) else f" / {cells['chance'][h, i]:.2f}"
            line.append(f"{signs}{number(cells['reach'][h, i])}{beside}")
        lines.append(line)
    words = f"Block {block + 1}: reach / by chance in every head (○ zeroed, × silent)"
    return details(words, listed(f"{place}: {said}" for place, said in heads) + table(head, lines))


def _health(analysis: Analysis) -> str:
    """How the hash is doing in each block: shares of pairs that may meet."""
    lines = []
    for b, health in enumerate(analysis.health()):
        values = ("–" if health[name] is None else f"{health[name]:.2f}" for name in _HEALTH)
        lines.append([str(b + 1), *values])
    told = f"<p class='told'>{escape(_HEALTH_TOLD)}</p>"
    return told + table(["Block", *_HEALTH.values()], lines)


def _settings(analysis: Analysis) -> str:
    lines = []
    for row in rows():
        value = get(analysis.settings, row.path)
        changed = "" if value == row.default else str(row.default)
        lines.append([row.limits.label, str(value), changed, row.limits.note])
    lines.append(["Labels", ", ".join(analysis.settings.network.labels), "", ""])
    return table(["Setting", "Value", "Changed from", "What it is"], lines, "words")


def _json(data: Any) -> str:
    return json.dumps(plain(data), indent=1, allow_nan=False, ensure_ascii=False)
