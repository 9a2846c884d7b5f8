"""Small multiples of every block and head, to compare and to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QScrollArea, QWidget

from mrn_core.network.comparison import Comparison
from mrn_core.result import Analysis
from mrn_gui import terms
from mrn_gui.attention.blended import blended
from mrn_gui.attention.heads_model import BlockFacts, HeadsGeometry, block_facts, head_values
from mrn_gui.attention.scales import BY_NAME, UNITS, Scale, ValueName, scale_of
from mrn_gui.attention.turned import nothing_differs, pairs_told
from mrn_gui.attention.values import cell_colours
from mrn_gui.canvas import Canvas
from mrn_gui.painting import CENTRE, RIGHT, outline, pixmap_of, ring, text
from mrn_gui.panel import Panel
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme
from mrn_gui.turns import turns
from mrn_gui.widgets.tips import show_beside

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws

STEPS = {
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
}


class HeadsCanvas(Canvas):
    """The painted grid. A click or the arrows choose; the hovered pair is a dot in every one."""

    picture_follows = frozenset({"shape", "block", "head"})

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, parent)
        self.compact = False
        self.room = QSize(240, 660)
        self._squares: dict[tuple[int, int, int], QPixmap] = {}
        self._same: dict[tuple[int, int], bool] = {}  # nothing in it differs from the pinned state
        self._facts: dict[int, BlockFacts] = {}
        self._scale: Scale | None = None
        self._drawn = 0  # squares, head after head
        self.value: ValueName = "scaled"
        self.reverse = False
        self.chance: Sequence[Redraws] | None = None
        self.beside: Comparison | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("All blocks and heads")

    def theme_changed(self) -> None:
        self._squares.clear()
        super().theme_changed()

    def show_analysis(self, analysis: Analysis | None) -> None:
        self._forget()
        self._facts.clear()
        if analysis is not self.analysis:
            self.chance = self.beside = None  # they belong to other planes
        super().show_analysis(analysis)

    def set_chance(self, chance: Sequence[Redraws] | None) -> None:
        """What chance gives over redraws of the planes, block by block."""
        self.chance = chance
        if self.value == "chance":
            self._forget()
            self.renew()

    def set_beside(self, beside: Comparison | None) -> None:
        """The pinned state beside this one."""
        self.beside = beside
        if self.value in UNITS:
            self._forget()
            self.renew()

    def show_as(self, value: ValueName, reverse: bool) -> None:
        """What the colours say, and the map's direction: those of the matrix."""
        self.value, self.reverse = value, reverse
        self._forget()
        self.renew()

    def _forget(self) -> None:
        """What the colours said."""
        self._squares.clear()
        self._same.clear()
        self._scale = None

    @property
    def geometry_now(self) -> HeadsGeometry:
        """Where the squares stand at the present size and scale."""
        blocks, heads, levels = self.selection.blocks, self.selection.heads, self.selection.levels
        if self.analysis is not None:
            trace = self.analysis.traces[0]
            blocks, heads, levels = len(self.analysis.traces), trace.heads, trace.levels
        width, height = self.room.width(), self.room.height()
        return HeadsGeometry(width, height, self.scale, blocks, heads, levels, self.compact)

    def sizeHint(self) -> QSize:
        width, height = self.geometry_now.size
        return QSize(int(width), int(height))

    def paint_data(self, p: QPainter) -> None:
        geometry, theme = self.geometry_now, self.theme
        bold, plain = theme.font(11, 600), theme.font(11)
        for block in range(geometry.blocks):
            x, _, side, _ = geometry.rect(block, 0)
            chosen = block == self.selection.block
            words = f"B{block + 1}" if self.compact or side < 50 else f"Block {block + 1}"
            ink = theme.colour("text" if chosen else "text2")
            text(p, QRectF(x - 6, 0, side + 12, 16), words, bold if chosen else plain, ink, CENTRE)
        for head in range(geometry.heads):
            _, y, side, _ = geometry.rect(0, head)
            chosen = head == self.selection.head
            ink = theme.colour("text" if chosen else "text2")
            font = bold if chosen else plain
            text(p, QRectF(0, y, geometry.left - 8, side), str(head + 1), font, ink, RIGHT)
        self._drawn = 0
        self.paint_rest(p)

    def paint_rest(self, p: QPainter) -> None:
        """Square after square, as far as this turn goes: with many levels one takes some ms."""
        geometry, first = self.geometry_now, self._drawn
        for place in range(first, geometry.blocks * geometry.heads):
            if place > first and turns.over:
                break
            head, block = divmod(place, geometry.blocks)
            self._paint_square(p, geometry, block, head)
            self._drawn = place + 1

    @property
    def unfinished(self) -> bool:
        geometry = self.geometry_now
        return self._drawn < geometry.blocks * geometry.heads

    def _paint_square(self, p: QPainter, geometry: HeadsGeometry, block: int, head: int) -> None:
        theme, rect = self.theme, QRectF(*geometry.rect(block, head))
        if self.analysis is None:
            p.fillRect(rect, theme.colour("sunk"))
            return
        facts = self._block(block)
        p.drawPixmap(rect.topLeft(), self._square(geometry, block, head))
        if self._same.get((block, head)):
            text(p, rect, "same", theme.font(11), theme.colour("text2"), CENTRE)
        chosen = (block, head) == (self.block, self.head)
        edge = theme.colour("primary" if chosen else "line")
        outline(p, rect.adjusted(-1, -1, 1, 1) if chosen else rect, edge, 2 if chosen else 1)
        x = rect.right() - 6
        for levels, crossed in ((facts.zeroed, False), (facts.silent, True)):
            if levels[head].any():
                ring(p, QPointF(x, rect.top() + 6), 3, theme.colour("text"), crossed)
                x -= 9
        if not self.compact:
            below = QRectF(rect.left() - 8, rect.bottom() + 2, rect.width() + 16, 14)
            words = f"{facts.density[head]:.2f}"
            if self.compared is not None:
                count = self.compared.count([block], head)
                words = f"+{count.opened} −{count.closed}"
            text(p, below, words, theme.font(11), theme.colour("text2"), CENTRE)

    @property
    def compared(self) -> Comparison | None:
        """The pinned state beside this one, while the colours say the difference."""
        return self.beside if self.value in UNITS else None

    def _block(self, block: int) -> BlockFacts:
        if block not in self._facts:
            assert self.analysis is not None
            self._facts[block] = block_facts(self.analysis.traces[block])
        return self._facts[block]

    def _values(self, block: int, head: int) -> npt.NDArray[np.float64]:
        assert self.analysis is not None
        drawn = None if self.chance is None or block >= len(self.chance) else self.chance[block]
        return head_values(self.analysis.traces[block], head, self.value, drawn, self.beside, block)

    def _square(self, geometry: HeadsGeometry, block: int, head: int) -> QPixmap:
        side = round(geometry.square * geometry.scale)
        if (block, head, side) not in self._squares:
            assert self.analysis is not None
            mask = self.analysis.traces[block].mask[head]
            compared = self.compared
            if compared is not None:
                mask = compared.allowed(block)[head]
            if self._scale is None:
                self._scale = scale_of(self.analysis, self.value, compared)
            scale, whole, palette = self._scale, BY_NAME[self.value].whole, self.theme.palette
            values = self._values(block, head)
            cells = cell_colours(values, mask, scale.top, palette, self.reverse, whole, scale.diverging)
            turned = None if compared is None else compared.turned([block], head)
            self._same[block, head] = turned is not None and nothing_differs(values, turned)
            step, coloured = max(1, round(geometry.scale)), ~mask if whole else None
            picture = blended(cells, side, step, palette, self.reverse, coloured, turned)
            self._squares[block, head, side] = pixmap_of(picture, geometry.scale)
        return self._squares[block, head, side]

    def mark_region(self) -> QRegion:
        region = QRegion()
        if self.analysis is None or not self.marked_places():
            return region
        for rect in self._dots():
            region |= QRegion(rect.toAlignedRect().adjusted(-1, -1, 1, 1))
        return region

    def paint_marks(self, p: QPainter) -> None:
        colour = self.theme.colour("selection")
        for rect in self._dots():
            p.fillRect(rect, colour)

    def _dots(self) -> list[QRectF]:
        geometry = self.geometry_now
        return [
            QRectF(*geometry.dot(block, head, place.query, place.key))
            for place, _, _ in self.marked_places()
            for block in range(geometry.blocks)
            for head in range(geometry.heads)
        ]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self.geometry_now.hit(event.position().x(), event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self.selection.choose(block=found[0], head=found[1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            chosen = self.selection
            chosen.choose(block=chosen.block + step[0], head=chosen.head + step[1])

    def show_tip(self, event: QHelpEvent) -> None:
        """Beside the square that it explains."""
        point = QPointF(event.pos())
        found = self.geometry_now.hit(point.x(), point.y())
        square = None if found is None else QRectF(*self.geometry_now.rect(*found)).toAlignedRect()
        show_beside(self, self.tip_at(point), square)

    def tip_at(self, point: QPointF) -> str:
        """What a square says when the pointer rests on it."""
        found = self.geometry_now.hit(point.x(), point.y())
        if found is None:
            return ""
        if self.analysis is None:
            return self.waiting
        block, head = found
        facts = self._block(block)
        said = [f"Block {block + 1}, head {head + 1}: {facts.density[head]:.2f} of the pairs are allowed."]
        if BY_NAME[self.value].whole:
            said.append("Chequered: masked pairs, which are coloured too.")
        if self.compared is not None:
            said.append(f"{pairs_told(self.compared.count([block], head))}, since the pinned state.")
        for levels, words in (
            (facts.zeroed[head], "zeroed (no other query may attend to them)"),
            (facts.silent[head], "silent (they may attend to no other key)"),
        ):
            if levels.any():
                numbers = ", ".join(str(i) for i in levels.nonzero()[0])
                said.append(f"Levels {words}: {numbers}.")
        return "\n".join(said)


class HeadsGrid(Panel):
    """The panel of the small multiples; it scrolls when there are too many."""

    shows = "weights"

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, "Heads", 221, parent)
        self.canvas = HeadsCanvas(selection, theme)
        self.area = QScrollArea(self)
        self.area.setWidget(self.canvas)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.viewport().installEventFilter(self)
        self.header.setToolTip(terms.told("head", "density"))
        self.body.addWidget(self.area, 1)
        self._say()

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows an analysis, or empty squares."""
        self.canvas.show_analysis(analysis)
        self._fit()

    def set_chance(self, chance: Sequence[Redraws] | None) -> None:
        """What chance gives over redraws of the planes, block by block."""
        self.canvas.set_chance(chance)

    def set_beside(self, beside: Comparison | None) -> None:
        """The pinned state beside this one."""
        self.canvas.set_beside(beside)
        self._say()

    def show_as(self, value: ValueName, reverse: bool) -> None:
        """What the colours say, and the map's direction: those of the matrix."""
        self.canvas.show_as(value, reverse)
        self._say()

    def _say(self) -> None:
        """What stands under the squares, where there is room for it."""
        words = "opened, closed" if self.canvas.compared is not None else "density"
        self.header.say(remark="" if self.compact else words)

    def set_stale(self, words: str | None) -> None:
        """Dims the squares; None: they are up to date."""
        self.canvas.set_stale(words)

    def set_waiting(self, words: str) -> None:
        """When the squares fill; they have no room for words and show it when the pointer rests."""
        self.canvas.set_waiting(words)

    def set_compact(self, compact: bool) -> None:
        super().set_compact(compact)
        self.canvas.compact = compact
        self._say()
        self._fit()

    def selection_changed(self, notes: frozenset[str]) -> None:
        if "shape" in notes:
            self._fit()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.area.viewport() and event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def _fit(self) -> None:
        """The canvas fills the view, or is as large as its squares need."""
        view = self.area.maximumViewportSize()
        self.canvas.room = view
        need = self.canvas.sizeHint()
        if need.height() > view.height():
            view.setWidth(view.width() - self.area.verticalScrollBar().sizeHint().width())
            self.canvas.room = view
            need = self.canvas.sizeHint()
        self.canvas.resize(max(need.width(), view.width()), max(need.height(), view.height()))
        self.canvas.renew()
