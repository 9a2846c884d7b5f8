"""The panel of the attention matrix: what is shown, in which order, and the matrix itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from mrn_core.result import Analysis
from mrn_gui.attention.matrix import MatrixCanvas
from mrn_gui.attention.values import OrderName, ValueName
from mrn_gui.panel import Panel, Segments
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme

if TYPE_CHECKING:
    from mrn_core.network.explain import Redraws

VALUES: tuple[tuple[ValueName, str, str], ...] = (
    (
        "scaled",
        "weight × allowed",
        "Weight times the number of keys that the query may attend to: 1 is uniform",
    ),
    ("weight", "weight", "The weight itself, as in Fig. 4 of the paper; a row sums to 1"),
)
ORDERS: tuple[OrderName, ...] = ("level", "bucket")


class AttentionView(Panel):
    """The matrix of the chosen block and head.

    Keys when the matrix has the focus: arrows walk the cells, Enter pins, 1 to 8 choose the head,
    B the block, T the table, O the order, Esc lets go.
    """

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(selection, theme, "", 610, parent)
        self.matrix = MatrixCanvas(selection, theme, self)
        self.values = QComboBox(self)
        for _, name, tip in VALUES:
            self.values.addItem(name)
            self.values.setItemData(self.values.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.values.setToolTip("What a cell's colour says")
        self.values.setFixedWidth(136)
        self.values.activated.connect(self._show_value)
        self.orders = Segments(
            ("By level", "By bucket"),
            self._show_order,
            ("Rows and columns by AF (O)", "Rows and columns by the code in the chosen table (O)"),
        )
        self.orders.choose(0)
        self.header.add(self.values)
        self.header.add(self.orders)
        self.body.addWidget(self.matrix, 1)
        self.setFocusProxy(self.matrix)
        self.matrix.order_asked.connect(self.next_order)
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

    def set_stale(self, words: str | None) -> None:
        """Dims the matrix under a tag with these words; None: it is up to date."""
        self.matrix.set_stale(words)

    def set_waiting(self, words: str) -> None:
        """What stands in the empty matrix."""
        self.matrix.set_waiting(words)

    def next_order(self) -> None:
        """By level, or by bucket."""
        self._show_order(1 - ORDERS.index(self.matrix.by))

    def set_compact(self, compact: bool) -> None:
        super().set_compact(compact)
        self.matrix.compact = compact
        self.matrix.renew()
        for button, name in zip(self.orders.buttons(), ("By level", "By bucket"), strict=True):
            button.setText(name.removeprefix("By ").capitalize() if compact else name)

    def selection_changed(self, notes: frozenset[str]) -> None:
        if notes & {"block", "head", "shape"}:
            self._say()

    def _say(self) -> None:
        self.header.say(f"Block {self.selection.block + 1}, head {self.selection.head + 1}")

    def _show_value(self, index: int) -> None:
        self.matrix.show_as(value=VALUES[index][0])

    def _show_order(self, index: int) -> None:
        self.orders.choose(index)
        self.matrix.show_as(by=ORDERS[index])
