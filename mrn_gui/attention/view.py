"""The panel of the attention matrix: what is shown, in which order, and the matrix itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from mrn_core.network.comparison import Comparison
from mrn_core.result import Analysis
from mrn_gui import terms
from mrn_gui.attention.matrix import MatrixCanvas
from mrn_gui.attention.scales import DIFFERENCES, OVERS, UNITS, VALUES, Over, ValueName
from mrn_gui.attention.values import OrderName
from mrn_gui.jobs import Jobs
from mrn_gui.panel import Panel, Segments
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws

_SHOWN = (*VALUES, *DIFFERENCES)
ORDERS: tuple[OrderName, ...] = ("level", "bucket")


class AttentionView(Panel):
    """The matrix of the chosen block and head.

    Keys when the matrix has the focus: arrows walk the cells, Enter pins, 1 to 8 choose the head,
    B the block, T the table, O the order, V the value, Esc lets go.

    ``shown_as`` tells the value and the map's direction, ``over_shown`` of which heads the matrix is, for
    the views that follow them. With ``jobs``, what takes long is worked out there.
    """

    shows = "weights"

    shown_as = Signal(str, bool)
    over_shown = Signal(str)

    def __init__(
        self, selection: Selection, theme: Theme, parent: QWidget | None = None, jobs: Jobs | None = None
    ) -> None:
        super().__init__(selection, theme, "", 610, parent)
        self.matrix = MatrixCanvas(selection, theme, self, jobs)
        self.overs = _choice(self, [(name, tip) for _, name, tip in OVERS], "Of which heads", 100)
        self.overs.activated.connect(self._show_over)
        self.values = _choice(self, [(v.title, v.tip) for v in _SHOWN], "What a cell's colour says (V)", 136)
        self._offer_difference(False)
        self._before: ValueName = "scaled"  # the value that a difference took the place of
        self._wanted: ValueName | None = None  # the difference to come back to when there is one again
        self._offered = False  # the difference was shown for this pin already; whoever left it meant to
        self.values.activated.connect(self._show_value)
        self.orders = Segments(
            ("By level", "By bucket"),
            self._show_order,
            (
                "Rows and columns by AF (O, while the matrix has the focus)",
                "Rows and columns by the code in the chosen table (O, while the matrix has the focus)",
            ),
        )
        self.orders.choose(0)
        for control in (self.overs, self.values, self.orders):
            self.header.add(control)
        self.body.addWidget(self.matrix, 1)
        self.header.setToolTip(terms.told("query", "weight", "allowed", "head"))
        self.setFocusProxy(self.matrix)
        self.matrix.order_asked.connect(self.next_order)
        self.matrix.value_asked.connect(self.next_value)
        self.matrix.reverse_asked.connect(self.reverse_map)
        self._say()

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Shows an analysis, or the empty skeleton."""
        self.matrix.show_analysis(analysis)
        self._say()

    def begin(self, levels: Iterable[float]) -> None:
        """The AF of what is being made: the empty matrix has its axes."""
        self.matrix.begin(levels)

    def set_chance(self, chance: Sequence[Redraws] | None) -> None:
        """What chance gives over redraws of the planes, block by block."""
        self.matrix.set_chance(chance)

    def set_beside(
        self, beside: Comparison | None, pinned_as: tuple[str, ...] = (), differs: bool = False
    ) -> None:
        """The pinned state beside this one, where there is one: other values to show.

        The difference is shown once for each pin, as soon as there is one. Without a state beside it gives
        way to the value before; with one again that differs it comes back.

        Args:
            pinned_as: what is set in the pinned state; empty where nothing is pinned.
            differs: whether the state shown is another than the pinned one.
        """
        self.matrix.set_beside(beside, pinned_as)
        self._offer_difference(beside is not None)
        self._offered = self._offered and bool(pinned_as)
        if beside is None and self.matrix.value in UNITS:
            wanted, before = self.matrix.value, self._before
            self.show_value(before)
            self._wanted = wanted
        elif beside is not None and differs and (self._wanted is not None or not self._offered):
            self._offered = True
            if self.matrix.value not in UNITS:
                by_value: ValueName = "weight difference" if self.matrix.value == "weight" else "difference"
                self.show_value(self._wanted or by_value)

    def set_stale(self, words: str | None) -> None:
        """Dims the matrix under a tag with these words; None: it is up to date."""
        self.matrix.set_stale(words)

    def set_waiting(self, words: str) -> None:
        """What stands in the empty matrix."""
        self.matrix.set_waiting(words)

    def next_order(self) -> None:
        """By level, or by bucket; many heads have no buckets in common."""
        if self.matrix.over == "head":
            self._show_order(1 - ORDERS.index(self.matrix.by))

    def next_value(self) -> None:
        """The next value that the colours may say, the first after the last."""
        names = [value.name for value in VALUES]
        if self.matrix.beside is not None:
            names += [value.name for value in DIFFERENCES]
        place = names.index(self.matrix.value) if self.matrix.value in names else -1
        self.show_value(names[(place + 1) % len(names)])

    def show_value(self, name: ValueName) -> None:
        """What the colours say."""
        if name in UNITS and self.matrix.value not in UNITS:
            self._before = self.matrix.value
        self._wanted = None
        self.values.setCurrentIndex([value.name for value in _SHOWN].index(name))
        self.matrix.show_as(value=name)
        self.shown_as.emit(name, self.matrix.reverse)

    def show_over(self, over: Over) -> None:
        """Of which heads the matrix is."""
        self.overs.setCurrentIndex([name for name, _, _ in OVERS].index(over))
        self.matrix.show_as(over=over)
        self.over_shown.emit(over)
        one = over == "head"
        for button in self.orders.buttons():
            button.setEnabled(one)
        self.orders.choose(ORDERS.index(self.matrix.by) if one else 0)
        self._say()

    def reverse_map(self) -> None:
        """Large is light instead of dark, or dark again."""
        self.matrix.show_as(reverse=not self.matrix.reverse)
        self.shown_as.emit(self.matrix.value, self.matrix.reverse)

    def set_compact(self, compact: bool) -> None:
        super().set_compact(compact)
        self.matrix.compact = compact
        self.matrix.renew()
        self.values.setFixedWidth(128 if compact else 136)
        self._say()
        for button, name in zip(self.orders.buttons(), ("By level", "By bucket"), strict=True):
            button.setText(name.removeprefix("By ").capitalize() if compact else name)

    def selection_changed(self, notes: frozenset[str]) -> None:
        if notes & {"block", "head", "shape"}:
            self._say()

    def _say(self) -> None:
        block, head = f"Block {self.selection.block + 1}", f"head {self.selection.head + 1}"
        over = self.matrix.over
        self.header.say(
            f"{block}, {head}" if over == "head" else block if over.endswith("block") else "All blocks"
        )

    def _offer_difference(self, pinned: bool) -> None:
        items = self.values.model()
        assert isinstance(items, QStandardItemModel)
        for place, value in enumerate(DIFFERENCES, start=len(VALUES)):
            items.item(place).setEnabled(pinned)
            tip = value.tip if pinned else "Pin a state in What if first"
            self.values.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)

    def _show_value(self, index: int) -> None:
        self.show_value(_SHOWN[index].name)

    def _show_over(self, index: int) -> None:
        self.show_over(OVERS[index][0])

    def _show_order(self, index: int) -> None:
        self.orders.choose(index)
        self.matrix.show_as(by=ORDERS[index])


def _choice(parent: QWidget, names: Iterable[tuple[str, str]], tip: str, width: int) -> QComboBox:
    made = QComboBox(parent)
    for name, explained in names:
        made.addItem(name)
        made.setItemData(made.count() - 1, explained, Qt.ItemDataRole.ToolTipRole)
    made.setToolTip(tip)
    made.setFixedWidth(width)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a choice by mouse the arrows walk the matrix still
    return made
