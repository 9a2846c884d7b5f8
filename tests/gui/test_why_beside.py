"""What Why says of the pinned state, against both states' arrays."""

import numpy as np
import pytest
from sample import sample_analysis

from mrn_core.settings import with_values
from mrn_gui.selection import Place, Selection
from mrn_gui.theme import Theme
from mrn_gui.whatif.pinned import difference_of
from mrn_gui.why import WhyPanel
from mrn_gui.why.beside import level_beside, pair_beside

BEFORE = sample_analysis(seed=8, size=8)
NOW = sample_analysis(seed=9, planes=5, tables=2, size=8)
DIFFERENCE = difference_of(BEFORE, NOW)
ENDS = {
    (True, True): "allowed in both",
    (False, True): "opened",
    (True, False): "closed",
    (False, False): "masked in both",
}


def code(number, planes=3):
    return f"{number:0{planes}b}"


def a_pair(was, now, joining=None):
    """(head, query, key) of a pair of block 2 that is so, joined by that many tables of the pinned state."""
    for head in range(8):
        before, after = BEFORE.traces[1], NOW.traces[1]
        shared = before.query_buckets[head][:, :, None] == before.key_buckets[head][:, None, :]
        found = (before.mask[head] == was) & (after.mask[head] == now)
        found &= shared.sum(0) == joining if joining is not None else True
        if found.any():
            return head, *(int(n) for n in np.argwhere(found)[0])
    raise AssertionError("no such pair")


@pytest.mark.parametrize("was", [True, False])
@pytest.mark.parametrize("now", [True, False])
@pytest.mark.parametrize("compact", [True, False])
def test_a_pair_is_told_before_and_now_with_codes_and_weights(was, now, compact):
    head, query, key = a_pair(was, now)
    said = pair_beside(DIFFERENCE, 1, head, query, key, compact)
    before, after = BEFORE.traces[1], NOW.traces[1]
    assert said.startswith("Pinned state: allowed" if was else "Pinned state: masked")
    assert said.endswith(f": {ENDS[was, now]}.")
    then, present = said.split(" → ")
    assert ("allowed" in present.split(":")[0]) == now
    assert (f"{before.weights[head, query, key]:.3f}" in then) == was
    assert (f"{after.weights[head, query, key]:.3f}" in present) == now
    ours = before.query_buckets[head, :, query], before.key_buckets[head, :, key]
    joining = np.flatnonzero(ours[0] == ours[1])
    if was:
        assert code(ours[0][joining[0]]) in then
    else:
        assert any(code(q) in then and code(k) in then for q, k in zip(*ours, strict=True))


@pytest.mark.parametrize(("joining", "said"), [(1, "in table "), (2, "in tables "), (3, " and 1 more)")])
def test_the_tables_that_joined_it_are_named(joining, said):
    assert said in pair_beside(DIFFERENCE, 1, *a_pair(True, False, joining))


def test_a_level_is_told_before_and_now():
    said = level_beside(DIFFERENCE, 2, 4, 9)
    before, now = (f"{a.traces[2].reach()[4, 9]:.2f}" for a in (BEFORE, NOW))
    assert said == f"Pinned state: reach {before} → now {now}."
    nothing = sample_analysis(seed=8, kind="all masked", size=8)
    assert level_beside(difference_of(nothing, NOW), 2, 4, 9).startswith(
        "Pinned state: reach 0.00 (zeroed and silent) → now"
    )


def test_nothing_pinned_and_nothing_in_common():
    assert pair_beside(None, 0, 0, 1, 2) == level_beside(None, 0, 0, 1) == ""
    apart = difference_of(sample_analysis(12, size=8), NOW)
    for said in (pair_beside(apart, 0, 0, 1, 2), level_beside(apart, 0, 0, 1)):
        assert "12 levels and 32 levels" in said


@pytest.mark.parametrize("size", [(600, 340), (340, 272)])
def test_the_panel_says_it_and_forgets_it(qtbot, size):
    view = WhyPanel(Selection(), Theme())
    qtbot.addWidget(view)
    view.resize(*size)
    view.show_analysis(NOW)
    view.set_pinned(DIFFERENCE)
    view.selection.hover(Place(30, 5))
    words = " ".join([*view.canvas.told.details, *view.canvas.told.foot])
    assert pair_beside(DIFFERENCE, 0, 0, 30, 5, view.canvas.compact) in words
    view.selection.hover(Place.level(7))
    assert level_beside(DIFFERENCE, 0, 0, 7) in view.canvas.told.details
    view.show_analysis(BEFORE)
    view.set_pinned(DIFFERENCE)
    assert "Pinned" not in " ".join(view.canvas.told.details), "it was of another analysis"
    view.set_pinned(None)
    assert "Pinned" not in " ".join(view.canvas.told.details)


def test_other_levels_under_the_same_numbers_are_said():
    from dataclasses import replace

    other = replace(BEFORE, levels=BEFORE.levels + 1, settings=with_values(BEFORE.settings, {"af_high": 14}))
    assert pair_beside(difference_of(other, NOW), 0, 0, 1, 2).startswith("Pinned state, at other AF: ")
