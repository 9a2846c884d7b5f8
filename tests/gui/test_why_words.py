"""What is said of a pair, a level and a head agrees with the arrays."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample import sample_analysis

from mrn_core.network import explain
from mrn_gui.selection import Place
from mrn_gui.why.geometry import ROWS, WhyGeometry, window_of
from mrn_gui.why.told import Sight, counted, listed, percent, share
from mrn_gui.why.words import of_head, of_level, of_pair, of_place

ANALYSIS = sample_analysis(seed=8, size=8)
DRAWN = [explain.redraws(trace, 40) for trace in ANALYSIS.traces]
SIGHT = Sight(ANALYSIS, DRAWN)


def numbers(words):
    return [float(found) for found in re.findall(r"\d+\.\d+", words)]


@given(block=st.integers(0, 2), head=st.integers(0, 7), query=st.integers(0, 31), key=st.integers(0, 31))
def test_a_pairs_answer_and_rows_are_those_of_the_buckets(block, head, query, key):
    trace = ANALYSIS.traces[block]
    told = of_pair(SIGHT, block, head, query, key)
    same = trace.query_buckets[head, :, query] == trace.key_buckets[head, :, key]
    assert [row.shared for row in told.rows] == same.tolist()
    assert [row.query_code for row in told.rows] == trace.query_buckets[head, :, query].tolist()
    assert [row.key_code for row in told.rows] == trace.key_buckets[head, :, key].tolist()
    for row in told.rows:
        bits = [int(a != b) for a, b in zip(f"{row.query_code:03b}", f"{row.key_code:03b}", strict=True)]
        assert [m + 1 for m in range(3) if bits[m]] == list(row.differing)
    count = int(same.sum())
    allowed = bool(trace.mask[head, query, key])
    assert told.sentence.startswith("Allowed" if allowed else "Masked")
    assert told.title == f"Why is this cell {'full' if allowed else 'empty'}?"
    if count == 1:
        assert told.sentence.endswith(f"share a bucket in table {int(same.argmax()) + 1} alone")
    else:
        words = {0: "none of 4", 4: "all 4"}.get(count, f"{count} of 4")
        assert told.sentence.endswith(f"share a bucket in {words} tables")
    if allowed:
        weight = float(trace.weights[head, query, key])
        keys = int(trace.mask[head, query].sum())
        assert numbers(told.details[0]) == pytest.approx([weight, weight * keys], abs=0.006)
        assert counted(keys, "allowed key") in told.details[0]
        assert [row.answers for row in told.rows] == same.tolist()
    else:
        turns = [table.opens_at for table in explain.pair(trace, head, query, key).tables]
        assert [row.answers for row in told.rows] == [r == int(np.argmin(turns)) for r in range(4)]
        assert f"Table {int(np.argmin(turns)) + 1} would join" in told.details[0]
        assert explain.degrees_told(min(turns)) in told.details[0]
    redrawn = float(DRAWN[block].allowed[head, query, key])
    assert told.details[-1].endswith(f"{explain.percent_told(redrawn)} of 40 redraws.")
    inside = [int(t.mask[:, query, key].sum()) for t in ANALYSIS.traces]
    assert told.foot[0] == (
        f"Allowed in {inside[block]} of 8 heads of block {block + 1}, {sum(inside)} of 24 in all."
    )


@given(block=st.integers(0, 2), head=st.integers(0, 7), level=st.integers(0, 31))
def test_a_levels_answer_counts_the_other_queries_and_its_grid_every_head(block, head, level):
    trace, told = ANALYSIS.traces[block], of_level(SIGHT, block, head, level)
    count = int(trace.mask[head, :, level].sum() - trace.mask[head, level, level])
    some = f"Not zeroed: {count} of 31 queries may attend to it"
    assert told.sentence == (some if count else "Zeroed: no other query may attend to it")
    low, high = (float(part[head, level]) for part in (DRAWN[block].reach_low, DRAWN[block].reach_high))
    found = [count / 31, float(DRAWN[block].reach[head, level]), low, high]
    zeroed = percent(float(DRAWN[block].zeroed[head, level]))
    assert told.details[0].startswith(f"Chance zeroes this level in {zeroed} of 40 redraws, makes it silent")
    told_of_head = [words for words in told.details if words.startswith("This head zeroes")]
    assert len(told_of_head) == (count == 0)
    place = 1 + len(told_of_head)
    assert numbers(told.details[place]) == pytest.approx(found, abs=0.006)
    outside = "lie outside; as many in " in told.details[place + 1] or "It alone" in told.details[place + 1]
    assert outside == (not low <= count / 31 <= high), "a level outside is not left without the verdict"
    reach = [[cell.share for cell in row] for row in told.grid]
    np.testing.assert_array_equal(reach, ANALYSIS.reach()[:, :, level])
    chance = [[cell.chance for cell in row] for row in told.grid]
    np.testing.assert_array_equal(chance, [drawn.reach[:, level] for drawn in DRAWN])


@pytest.mark.parametrize("block", [0, 2])
def test_a_heads_answer_is_its_least_reach_and_what_lies_outside_chance(block):
    told = of_head(SIGHT, block, 3)
    reach, drawn = ANALYSIS.reach()[block, 3], DRAWN[block]
    found = explain.head(ANALYSIS.traces[block], 3, drawn)
    assert told.details[:2] == (explain.least_told(found), explain.outside_told(found))
    assert numbers(told.details[0])[0] == pytest.approx(reach.min(), abs=0.006)
    zeroed = float(drawn.zeroed[3].sum())
    assert f"{told.sentence}." == explain.zeroed_told(found)
    assert told.sentence == f"No level is zeroed; redraws zero {zeroed:.1f} on average"
    least = [[cell.share for cell in row] for row in told.grid]
    np.testing.assert_array_equal(least, ANALYSIS.reach().min(-1))


def test_the_tick_of_a_least_reach_is_the_median_least_reach_of_the_redraws():
    """Not the mean reach of the levels that were picked for being least, below which every head would lie."""
    told = of_head(SIGHT, 0, 3)
    for block, drawn in enumerate(DRAWN):
        for head in range(8):
            least = drawn.least[head]
            cell = told.grid[block][head]
            assert cell.chance == np.median(least)
            assert f"the median least reach of {len(least)} redraws" in cell.tip
    over = [cell.share >= cell.chance for row in told.grid for cell in row]
    assert 0 < sum(over) < len(over)


def test_all_heads_are_told_together_with_how_many_chance_alone_gives():
    def beside(*as_far):
        """The foot where, of 40 redraws, so many have as many levels outside as block 1's first heads."""
        outside = np.full_like(DRAWN[0].outside, 32)
        for head, count in enumerate(as_far):
            outside[head, count:] = -1
        others = [replace(drawn, outside=np.full_like(drawn.outside, 32)) for drawn in DRAWN[1:]]
        sight = Sight(ANALYSIS, [replace(DRAWN[0], outside=outside), *others])
        return [of_head(sight, 0, 3, compact).foot[1] for compact in (False, True)]

    # Of 40 redraws Wilson's interval of 95 % never ends under 5 %, and starts over it for 5 of them.
    close = "too close to tell: block 1 head 1."
    assert beside(4, 5) == [
        f"Levels outside, more than chance: none (by chance up to 1.2 of 24); {close}",
        "More than chance: none; too close: block 1 head 1.",
    ]
    assert beside()[1] == "More than chance: none of 24 heads; by chance up to 1.2."
    assert "too close to tell: block 1 head 2 and block 1 head 4." in beside(40, 0, 40, 1)[0]
    assert "too close to tell: 3 heads." in beside(0, 0, 0)[0]
    many = [explain.redraws(trace, 150) for trace in ANALYSIS.traces[:1]]
    outside = np.full_like(many[0].outside, 32)
    outside[5, 3:] = outside[6, 2:] = -1  # 2 of 150 are 1.3 %, and the interval ends at 4.7 %
    sight = Sight(replace(ANALYSIS, traces=ANALYSIS.traces[:1]), [replace(many[0], outside=outside)])
    assert of_head(sight, 0, 3, True).foot[1] == ("More than chance: block 1 head 7; too close: 1 head.")


def test_levels_that_share_the_least_reach_are_all_named():
    trace = ANALYSIS.traces[0]
    mask = np.ones_like(trace.mask)
    mask[3, :5, 7:9] = mask[3, 9:14, 20] = False
    sight = Sight(replace(ANALYSIS, traces=(replace(trace, mask=mask),)), DRAWN[:1])
    told = of_head(sight, 0, 3)
    assert told.details[0].startswith("3 levels share the least reach, 0.84: 7, 8 and 20. In ")
    assert "share the least reach, 0.84: 7, 8 and 20." in told.grid[0][3].tip


def test_zeroed_and_silent_levels_are_named_with_their_heads():
    masked = sample_analysis(12, heads=2, blocks=2, kind="all masked", size=8)
    trace = masked.traces[1]
    mask = np.ones_like(trace.mask)
    mask[1, :, 3] = False  # no query may attend to level 3
    mask[1, 5] = np.eye(12, dtype=bool)[5]  # query 5 may attend to itself alone
    full = replace(masked.traces[0], mask=np.ones_like(trace.mask))
    sight = Sight(replace(masked, traces=(full, replace(trace, mask=mask))))
    zeroed = of_level(sight, 1, 1, 3)
    assert zeroed.title == "Why is this level zeroed?"
    assert zeroed.foot[0] == "Zeroed in 1 of 4 heads: block 2 head 2."
    silent = of_level(sight, 1, 1, 5)
    assert silent.title == "Why is this level silent?"
    assert silent.sentence.startswith("Silent")
    assert silent.foot == ("Zeroed in none of 4 heads.", "Silent in 1 of 4 heads: block 2 head 2.")
    assert of_head(sight, 1, 1).sentence == "Zeroed: level 3"
    assert of_head(sight, 1, 1).foot == ("A level is zeroed in 1 of 4 heads, silent in 1.",)
    assert of_head(sight, 1, 1).details[0] == "Silent: level 5."
    assert [[cell.words for cell in row] for row in of_head(sight, 1, 1).grid] == [["0", "0"], ["0", "1"]]
    assert of_head(sight, 1, 1).grid[1][1].share == pytest.approx(1 / 12)
    assert of_head(sight, 1, 1).grid_title == "Zeroed"
    everything = of_head(Sight(masked), 0, 0)
    assert everything.sentence == "Zeroed: levels 0–11"


def test_of_a_zeroed_level_it_is_said_which_share_is_of_what():
    """What the panel asks, zeroed or not, is answered first, and for the level and its head apart."""
    masked = sample_analysis(12, heads=1, blocks=1, size=8)
    trace = masked.traces[0]
    mask = np.ones_like(trace.mask)
    mask[0][:, [3, 7]] = np.eye(12, dtype=bool)[:, [3, 7]]
    drawn = explain.redraws(trace, 400)
    zeroed = np.zeros_like(drawn.zeroed)
    zeroed[0, 3], zeroed[0, 7] = 0.01, 0.3
    counts = np.zeros_like(drawn.zeroed_counts)
    counts[0, :120] = 2
    drawn = replace(
        drawn, zeroed=zeroed, zeroed_counts=counts, reach_low=np.full_like(drawn.reach_low, 0.2),
        reach_high=np.ones_like(drawn.reach_high), outside=np.full_like(drawn.outside, 2),
    )  # fmt: skip
    sight = Sight(replace(masked, traces=(replace(trace, mask=mask),)), [drawn])
    for compact in (False, True):
        said = of_level(sight, 0, 0, 3, compact).details
        assert said[0].startswith("Chance zeroes this level in 1 % of 400 redraws, makes it silent in ")
        assert said[1] == "This head zeroes 2 levels; as many in 30 % of redraws: not more than chance."
        assert said[2].startswith("Reach 0.00, under its own range of chance")
        assert said[3] == (
            "2 levels of this head lie outside; as many in 100 % of redraws: not more than chance."
        )


def test_one_level_one_table_one_head():
    lone = Sight(sample_analysis(1, heads=1, tables=1, blocks=1, kind="all allowed", size=8))
    assert "one level only" in of_level(lone, 0, 0, 0).sentence
    assert "one level only" in of_head(lone, 0, 0).sentence
    pair = of_pair(lone, 0, 0, 0, 0)
    assert pair.sentence == "Allowed: they share a bucket in the only table"
    assert pair.foot == ()
    masked = Sight(sample_analysis(4, heads=1, tables=1, blocks=1, kind="all masked", size=8))
    assert of_pair(masked, 0, 0, 1, 2).sentence == "Masked: they share no bucket in the only table"


def test_chance_of_other_levels_is_not_shown():
    other = [explain.redraws(trace, 3) for trace in sample_analysis(12, size=8).traces]
    sight = Sight(ANALYSIS, other)
    assert "redraws" not in " ".join(of_pair(sight, 0, 2, 9, 3).details)
    assert "chance" not in " ".join(of_level(sight, 0, 2, 9).details)
    assert all(cell.chance is None for row in of_head(sight, 0, 2).grid for cell in row)


def test_a_zero_vector_is_said_to_have_no_angle():
    trace = ANALYSIS.traces[0]
    queries = trace.queries.copy()
    queries[0, 4] = 0
    sight = Sight(replace(ANALYSIS, traces=(replace(trace, queries=queries), *ANALYSIS.traces[1:])))
    assert any("no angle" in words for words in of_pair(sight, 0, 0, 4, 7).details)


def test_each_place_has_its_answer():
    assert of_place(SIGHT, 0, 0, None).title == "Which levels are zeroed?"
    assert of_place(SIGHT, 0, 0, Place.level(4)).right == "level 4"
    pair = of_place(SIGHT, 0, 0, Place(4, 9))
    assert pair.right == "query 4 → key 9"
    assert [(p.role, p.factor) for p in pair.portraits] == [("Query 4", "AF 3.42"), ("Key 9", "AF 5.19")]


def test_small_words():
    assert listed([1]) == "1"
    assert listed([1, 2, 5]) == "1, 2 and 5"
    assert counted(1, "query") == "1 query"
    assert counted(3, "query") == "3 queries"
    assert (percent(0), percent(1), percent(0.004), percent(0.25), percent(0.995)) == (
        "none", "all", "under 1 %", "25 %", "over 99 %",
    )  # fmt: skip
    assert share(float("nan")) == share(None) == "–"


@given(width=st.integers(280, 900), height=st.integers(200, 500), heads=st.integers(1, 64), data=st.data())
def test_rows_and_cells_stand_where_they_are_hit(width, height, heads, data):
    geometry = WhyGeometry(width, height, compact=width < 470)
    chosen = data.draw(st.integers(0, heads - 1))
    first, last = geometry.heads_shown(heads, chosen)
    assert 0 <= first <= chosen < last <= heads
    columns = last - first
    row, column = data.draw(st.integers(0, ROWS - 1)), data.draw(st.integers(0, columns - 1))
    x, y, w, h = geometry.grid_cell(row, column, columns)
    assert geometry.grid_hit(x + w / 2, y + h / 2, ROWS, columns) == (row, column)
    assert x + w <= width
    assert geometry.row_at(y + h / 2, ROWS) == row
    assert geometry.row_at(geometry.rows_top - 1, ROWS) is None
    assert geometry.row(ROWS - 1)[1] + geometry.pitch <= geometry.foot[1]
    left, _, wide, _ = geometry.answer(2)
    assert left + wide <= width
    for planes in (1, 3, 8):
        assert geometry.columns[0] + 18 + planes * geometry.bit_pitch(planes) <= geometry.columns[1]


def test_the_window_of_blocks_holds_the_chosen():
    assert window_of(3, 2) == (0, 3)
    assert window_of(9, 7) == (4, 8)
    assert window_of(9, 0) == (0, 4)
