"""The bucket codes of what is pointed at, on one line."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from mrn_core.trace import AttentionTrace
from mrn_gui.attention.values import code_text
from mrn_gui.painting import text, width_of
from mrn_gui.selection import Place
from mrn_gui.theme import Theme

CODES_APART = 12  # px between the query's code and the key's


def codes_told(
    trace: AttentionTrace, head: int, table: int, place: Place, theme: Theme, room: float
) -> list[tuple[str, int, str]]:
    """Words, code and the code's text of query and key, in the longest form that fits ``room``.

    The role goes before the digits do: Why shows the digits too, and one should find them again.
    """
    ends = (("query", place.query, trace.query_buckets), ("key", place.key, trace.key_buckets))
    told: list[tuple[str, int, str]] = []
    forms = (("{role} ", False), ("{role:.1} ", False), ("", False), ("{role} ", True), ("{role:.1} ", True))
    for form, short_codes in forms:
        told = []
        for role, level, codes in ends:
            code = int(codes[head, table, level])
            bits = f"#{code}" if short_codes else code_text(code, trace.planes)
            told.append((f"{form.format(role=role)}{level}", code, bits))
        if codes_width(told, theme) + 2 <= room:
            break
    return told


def codes_width(told: list[tuple[str, int, str]], theme: Theme) -> float:
    """px that some codes take."""
    plain, mono = theme.font(11), theme.font(12, 400, mono=True)
    return sum(
        width_of(words, plain) + 20 + width_of(bits, mono) for words, _, bits in told
    ) + CODES_APART * (len(told) - 1)


def paint_codes(
    p: QPainter, theme: Theme, trace: AttentionTrace, head: int, table: int, place: Place, rect: QRectF
) -> None:
    """Role and level, its bucket's colour, and the code, of query and key."""
    paint_told(p, theme, trace.planes, codes_told(trace, head, table, place, theme, rect.width()), rect)


def paint_told(
    p: QPainter, theme: Theme, planes: int, told: list[tuple[str, int, str]], rect: QRectF
) -> None:
    """Each words, its bucket's colour, and the code."""
    x = rect.x()
    plain, mono = theme.font(11), theme.font(12, 400, mono=True)
    for words, code, bits in told:
        width = width_of(words, plain)
        text(p, QRectF(x, rect.y(), width + 2, rect.height()), words, plain, theme.colour("text2"))
        x += width + 6
        square = QRectF(x, rect.center().y() - 5, 10, 10)
        p.fillRect(square, theme.colour(theme.palette.bucket(code, planes)))
        width = width_of(bits, mono)
        text(p, QRectF(x + 14, rect.y(), width + 2, rect.height()), bits, mono, theme.colour("text"))
        x += 14 + width + CODES_APART
