"""Tables and lists of the report as HTML; every word of them is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np


def listed(sentences: Iterable[str]) -> str:
    """A list of sentences."""
    return f"<ul>{''.join(f'<li>{escape(words)}</li>' for words in sentences)}</ul>"


def table(head: Sequence[str], lines: Iterable[Sequence[str]], kind: str = "numbers") -> str:
    """A table of "numbers" or of "words", which scrolls on its own where it is too wide.

    Args:
        head: of the columns; none where the first column says what the second is.
    """
    top = "".join(f"<th scope='col'>{escape(words)}</th>" for words in head)
    made = "".join(f"<tr>{''.join(f'<td>{escape(words)}</td>' for words in line)}</tr>\n" for line in lines)
    body = (f"<thead><tr>{top}</tr></thead>" if top else "") + f"<tbody>{made}</tbody>"
    return f"<div class='wide'><table class='{kind}'>{body}</table></div>"


def details(words: str, inside: str) -> str:
    """``inside``, folded away under ``words``."""
    return f"<details><summary>{escape(words)}</summary>{inside}</details>"


def number(value: float, digits: int = 2) -> str:
    """With so many digits; a dash where there is none."""
    return "–" if np.isnan(value) else f"{value:.{digits}f}"
