"""The report: one HTML file with everything inside, which opens with no network and runs no script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import numpy as np

from mrn_core.facts import Fact, facts, note
from mrn_core.figures.page import PAGES
from mrn_core.figures.scene import Scene
from mrn_core.figures.views import VIEWS, view_bytes
from mrn_core.result import Analysis, plain
from mrn_core.settings import get, rows
from mrn_core.tables import LevelTable, level_table

from .style import STYLE
from .words import block_sentences

FIGURES = ("fig1", "motion", "reading", "reach", "matrix", "why", "hash", "heads", "buckets", "strip")
# Nothing is loaded from anywhere and nothing is run, whatever a name in the file may hold.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def report_html(scene: Scene) -> bytes:
    """The report of one analysis as UTF-8: what was analysed, warnings, figures as vectors, the table of
    levels, settings and provenance. While the weights are untrained the badge stands first."""
    analysis = scene.analysis
    told = facts(analysis)
    name = str(told["clip"] or "clip")
    table = level_table(analysis, scene.chance)
    body = [
        f"<h1>{escape(name)}</h1>",
        f"<p class='lead'>{escape(_lead(told))}</p>",
        f"<p class='{'plain' if analysis.trained else 'badge'}'>{escape(note(analysis))}</p>",
        _warnings(analysis.warnings),
        "<h2>What the hash let through</h2>",
        _list(block_sentences(analysis, scene.chance)),
        "<h2>Figures</h2>",
        *(_figure(scene, name) for name in FIGURES if VIEWS[name].can(scene)),
        "<h2>Levels</h2>",
        _levels(table),
        *(_heads(table, b) for b in range(table.blocks)),
        "<h2>Settings</h2>",
        _settings(analysis),
        "<h2>Provenance</h2>",
        _facts(told),
        _details("All of it, as JSON", f"<pre>{escape(_json(analysis.provenance))}</pre>"),
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


def _lead(told: dict[str, Fact]) -> str:
    marks = [f"{role} {told[role]}" for role in ("onset", "apex") if told[role] is not None]
    if marks and told["apex_source"]:
        marks[-1] += f" ({told['apex_source']})"
    levels = f"{told['magnifier']}, AF {told['af_low']:g} to {told['af_high']:g}"
    hashed = f"{told['planes']} planes, {told['tables']} tables"
    if told["hash_seed"] != -1:
        hashed += f" of hash seed {told['hash_seed']}"
    return " · ".join([*marks, levels, hashed, f"seed {told['seed']}"])


def _warnings(sentences: Sequence[str]) -> str:
    if not sentences:
        return ""
    return f"<section class='warnings'><h2>Warnings</h2>{_list(sentences)}</section>"


def _list(sentences: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(words)}</li>' for words in sentences)}</ul>"


def _figure(scene: Scene, name: str) -> str:
    told = VIEWS[name].told
    drawn = inlined(view_bytes(scene, name, "svg", PAGES["column"]).decode(), name)
    return f"<figure aria-label='{escape(told)}'>{drawn}<figcaption>{escape(told)}</figcaption></figure>"


def inlined(svg: str, name: str) -> str:
    """An SVG file as a part of a page: no prologue, no metadata, identifiers of its own."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'(\bid="|\bhref="#|url\(#)', rf"\g<1>{name}-", svg)
    # The size of a figure on paper gives way to that of the page.
    opening, rest = svg.split(">", 1)
    return re.sub(r' (?:width|height)="[^"]*"', "", opening) + ">" + rest


def _levels(table: LevelTable) -> str:
    """A row a level: the totals over all heads and blocks."""
    places = table.blocks * table.heads
    head = ["Level", "AF", "Gain", "Beta", "Reach", "By chance", f"Zeroed of {places}", "By chance"]
    head += [f"Silent of {places}", "Received"]
    lines = []
    totals = {m: table.total(m, (0, 1)) for m in table.cells}
    for i in range(len(table.levels)):
        lines.append(
            [
                str(i),
                *(_number(x[i]) for x in (table.levels, table.gains, table.beta)),
                _number(totals["reach"][i]),
                _number(totals["chance"][i]),
                f"{totals['zeroed'][i]:.0f}",
                _number(totals["zeroed_chance"][i], 1),
                f"{totals['silent'][i]:.0f}",
                _number(totals["received"][i], 4),
            ]
        )
    return _table(head, lines)


def _heads(table: LevelTable, block: int) -> str:
    """The reach in every head of a block beside chance; a ring: zeroed, a cross: silent."""
    cells = {name: values[block] for name, values in table.cells.items()}
    head = ["Level", "AF", *(f"Head {h + 1}" for h in range(table.heads))]
    lines = []
    for i in range(len(table.levels)):
        line = [str(i), _number(table.levels[i])]
        for h in range(table.heads):
            signs = ("○" if cells["zeroed"][h, i] else "") + ("×" if cells["silent"][h, i] else "")
            chance = "" if np.isnan(cells["chance"][h, i]) else f" / {cells['chance'][h, i]:.2f}"
            line.append(f"{signs}{_number(cells['reach'][h, i])}{chance}")
        lines.append(line)
    words = f"Block {block + 1}: reach / by chance in every head (○ zeroed, × silent)"
    return _details(words, _table(head, lines))


def _settings(analysis: Analysis) -> str:
    lines = []
    for row in rows():
        value = get(analysis.settings, row.path)
        changed = "" if value == row.default else f"default {row.default}"
        lines.append([row.limits.label, str(value), changed, row.limits.note])
    lines.append(["Labels", ", ".join(analysis.settings.network.labels), "", ""])
    return _table(["Setting", "Value", "Changed", "What it is"], lines, "words")


def _facts(told: dict[str, Fact]) -> str:
    lines = [[name.replace("_", " "), "not known" if v is None else str(v)] for name, v in told.items()]
    return _table(["What", "Value"], lines, "words")


def _table(head: Sequence[str], lines: Iterable[Sequence[str]], kind: str = "numbers") -> str:
    top = "".join(f"<th scope='col'>{escape(words)}</th>" for words in head)
    rows_made = "".join(
        f"<tr>{''.join(f'<td>{escape(words)}</td>' for words in line)}</tr>\n" for line in lines
    )
    body = f"<thead><tr>{top}</tr></thead><tbody>{rows_made}</tbody>"
    return f"<div class='wide'><table class='{kind}'>{body}</table></div>"


def _details(words: str, inside: str) -> str:
    return f"<details><summary>{escape(words)}</summary>{inside}</details>"


def _number(value: float, digits: int = 2) -> str:
    return "–" if np.isnan(value) else f"{value:.{digits}f}"


def _json(data: Any) -> str:
    return json.dumps(plain(data), indent=1, allow_nan=False, ensure_ascii=False)
