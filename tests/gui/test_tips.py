"""Tool tips: beside what they explain, never over it; what the matrix's surroundings say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtWidgets import QApplication, QPushButton, QToolTip
from sample import sample_analysis

from mrn_core.network import explain
from mrn_core.network.comparison import compare
from mrn_gui.attention import AttentionView
from mrn_gui.attention.values import code_text
from mrn_gui.selection import Selection
from mrn_gui.theme import Theme
from mrn_gui.widgets.tips import place, show_beside

SCREEN = QRect(0, 0, 1280, 800)


@given(st.integers(0, 1200), st.integers(0, 770), st.integers(10, 300), st.integers(10, 300))
def test_a_tip_covers_nothing_of_what_it_explains_and_stays_on_the_screen(x, y, width, height):
    explained, tip = QRect(x, y, 60, 27), QRect(0, 0, width, height)
    tip.moveTopLeft(place(explained, tip, SCREEN))
    assert not tip.intersects(explained)
    assert SCREEN.contains(tip)


@pytest.mark.parametrize("at", [(40, 30), (900, 560)])
def test_a_shown_tip_stands_beside_its_control(qtbot, at):
    button = QPushButton("Planes")
    qtbot.addWidget(button)
    button.setGeometry(QRect(*at, 80, 26))
    button.show()
    show_beside(button, "n_p: cuts of the space in each hash table.\nTwo lines of words.")
    (label,) = [w for w in QApplication.topLevelWidgets() if w.inherits("QTipLabel") and w.isVisible()]
    control = QRect(button.mapToGlobal(button.rect().topLeft()), button.size())
    assert not label.frameGeometry().intersects(control)
    assert button.screen().availableGeometry().contains(label.frameGeometry())
    show_beside(button, "")
    QToolTip.hideText()


@pytest.fixture
def view(qtbot):
    now, before = sample_analysis(seed=1, planes=5, size=16), sample_analysis(seed=5, size=16)
    made = AttentionView(Selection(), Theme())
    qtbot.addWidget(made)
    made.matrix.resize(520, 483)
    made.show_analysis(now)
    made.set_chance([explain.redraws(trace, 4) for trace in now.traces])
    made.set_beside(compare(before.traces, now.traces), ("3 planes",))
    return made, now, before


@pytest.mark.parametrize("by", ["level", "bucket"])
def test_every_code_and_number_round_the_matrix_can_be_read_at_any_size(view, by):
    whole, now, before = view
    matrix = whole.matrix
    matrix.show_as(by=by, value="difference")
    geometry, model, trace = matrix.geometry_now, matrix.model, now.traces[0]
    x, y, side, _ = geometry.field
    step = geometry.cell / geometry.scale
    for place_now in (0, 9, 31):
        key, query = int(model.order.columns[place_now]), int(model.order.rows[place_now])
        for at in (y - 20, y + side + 12):
            said = matrix.tip_at(QPointF(x + (place_now + 0.4) * step, at))
            assert said.startswith(f"Level {key}, AF {now.levels[key]:.2f}, as a key: bucket ")
            for table in range(4):
                code = code_text(int(trace.key_buckets[0, table, key]), 5)
                assert f"{code} in table {table + 1}" in said
            assert f"reach {trace.reach()[0, key]:.2f}, by chance " in said
            assert f"in the pinned state {before.traces[0].reach()[0, key]:.2f}" in said
            assert f"beta {now.scores[key]:.2f}" in said
        said = matrix.tip_at(QPointF(10, y + (place_now + 0.4) * step))
        assert said.startswith(f"Level {query}, AF {now.levels[query]:.2f}, as a query: bucket ")
        assert code_text(int(trace.query_buckets[0, 2, query]), 5) in said
    assert matrix.tip_at(QPointF(x + 5, y + 5)) == "", "a cell is explained by Why"
    assert "A click reverses" in matrix.tip_at(matrix.bar_rect().center())


def test_many_heads_and_one_level_have_tips_too(qtbot):
    alone = sample_analysis(1, size=16)
    view = AttentionView(Selection(levels=1), Theme())
    qtbot.addWidget(view)
    view.matrix.resize(520, 483)
    view.show_analysis(alone)
    x, y, *_ = view.matrix.geometry_now.field
    said = view.matrix.tip_at(QPointF(x + 4, y - 20))
    assert "reach" not in said, "there is none with one level"
    assert np.isnan(view.matrix.model.reach[0])
    view.show_over("union all")
    assert view.matrix.tip_at(QPointF(x + 4, y - 20)).startswith("Level 0, AF 2.00\nbeta ")
    assert view.matrix.size() == QSize(520, 483)
