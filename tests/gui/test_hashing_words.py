"""What is said of pairs and levels agrees with the arrays."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample import sample_trace

from mrn_core.network import explain
from mrn_gui.hashing.grid import BucketGeometry
from mrn_gui.hashing.words import COLUMNS, health_row, in_order, of_level, of_pair, of_place
from mrn_gui.selection import Place

TRACE = sample_trace(seed=8)


@given(head=st.integers(0, 7), query=st.integers(0, 31), key=st.integers(0, 31))
def test_a_pairs_sentence_and_rows_are_those_of_the_buckets(head, query, key):
    said = of_pair(TRACE, head, query, key)
    same = TRACE.query_buckets[head, :, query] == TRACE.key_buckets[head, :, key]
    assert [row.shared for row in said.rows] == same.tolist()
    assert [row.query_code for row in said.rows] == TRACE.query_buckets[head, :, query].tolist()
    assert [row.key_code for row in said.rows] == TRACE.key_buckets[head, :, key].tolist()
    count = int(same.sum())
    if count == 1:
        assert said.sentence.endswith(f"share a bucket in table {int(same.argmax()) + 1} alone.")
    else:
        assert said.sentence.endswith(f"share a bucket in {count or 'none'} of 4 tables.")
    weighed = said.details[0].startswith("Weight")
    assert weighed == bool(TRACE.mask[head, query, key])


@pytest.mark.parametrize(("kind", "word"), [("all allowed", " a "), ("all masked", " no ")])
def test_one_table_alone(kind, word):
    said = of_pair(sample_trace(tables=1, kind=kind), 0, 3, 4)
    assert said.sentence == f"Query 3 and key 4 share{word}bucket in the only table."


@given(head=st.integers(0, 7), level=st.integers(0, 31))
def test_a_levels_sentence_counts_the_other_queries(head, level):
    said = of_level(TRACE, head, level)
    count = TRACE.mask[head, :, level].sum() - TRACE.mask[head, level, level]
    if count:
        assert f"{count} of 31 queries" in said.sentence
    else:
        assert "zeroed out" in said.sentence
    found = re.search(r"Reach (\d\.\d\d)", said.details[0])
    assert found
    assert float(found[1]) == pytest.approx(count / 31, abs=0.006)


def test_chance_stands_beside_reach_and_in_the_pair():
    chance = explain.redraws(TRACE, 20)
    assert f"chance {chance.reach[2, 9]:.2f}" in of_level(TRACE, 2, 9, chance).details[0]
    assert f"{chance.allowed[2, 9, 3]:.2f} in 20 redraws" in of_pair(TRACE, 2, 9, 3, chance).details[-1]
    other = explain.redraws(sample_trace(levels=12), 5)
    assert "redraws" not in of_pair(TRACE, 2, 9, 3, other).details[-1]
    assert "chance" not in of_level(TRACE, 2, 9, other).details[0]


def test_zeroed_silent_and_lone_levels_are_named():
    masked = sample_trace(kind="all masked")
    assert "zeroed out" in of_level(masked, 0, 3).sentence
    assert any("silent" in part for part in of_level(masked, 0, 3).details)
    lone = of_level(sample_trace(levels=1), 0, 0)
    assert "one level only" in lone.sentence
    assert lone.details == ()


def test_nothing_pointed_at_says_nothing():
    assert of_place(TRACE, 0, None) is None
    assert of_place(TRACE, 0, Place.level(4)).sentence.startswith("Level 4")
    assert of_place(TRACE, 0, Place(4, 4)).sentence.startswith("Query 4 and key 4")


def test_joining_tables_come_first_only_where_not_all_fit():
    rows = of_pair(sample_trace(tables=9, seed=2), 1, 3, 9).rows
    assert in_order(rows[:4], 4) == list(rows[:4])
    shared = [row.shared for row in in_order(rows, 4)]
    assert shared == sorted(shared, reverse=True)
    assert len(shared) == 9


def test_health_has_a_number_for_each_column():
    row = health_row(explain.health(TRACE))
    assert len(row) == len(COLUMNS)
    assert row[0] == f"{TRACE.mask.mean():.2f}"
    assert health_row(explain.health(sample_trace(levels=1)))[2] == "–"
    assert all(tip for _, _, tip in COLUMNS)


@given(
    levels=st.sampled_from([1, 12, 32, 64, 512]),
    tables=st.integers(1, 16),
    width=st.integers(170, 500),
    height=st.integers(120, 500),
    data=st.data(),
)
def test_a_point_of_a_bucket_is_its_level(levels, tables, width, height, data):
    chosen = data.draw(st.integers(0, tables - 1))
    first = data.draw(st.integers(0, levels))
    grid = BucketGeometry(width, height, levels, tables, chosen, first)
    level = data.draw(st.integers(grid.top_level, grid.top_level + grid.shown - 1))
    edges = []
    for table in range(tables):
        for key in (False, True):
            x, y, w, h = grid.cell(table, level, key)
            assert grid.level_at(x + w / 2, y + h / 2) == level
            edges.append((x, x + w))
    assert all(b[0] >= a[1] for a, b in pairwise(edges))
    assert edges[-1][1] <= width
    left, wide = grid.column(chosen)
    assert grid.table_at(left + wide / 2, 5) == chosen
    assert wide == max(grid.column(table)[1] for table in range(tables))
    assert np.isfinite(left)
