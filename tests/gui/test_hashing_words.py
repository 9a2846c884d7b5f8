"""The numbers of the hash's health, and where the buckets stand."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sample import sample_trace

from mrn_core.network import explain
from mrn_gui.hashing.grid import BucketGeometry
from mrn_gui.hashing.words import COLUMNS, colours_words, health_row
from mrn_gui.palette import LIGHT

TRACE = sample_trace(seed=8)


def test_health_has_a_number_for_each_column():
    row = health_row(explain.health(TRACE))
    assert len(row) == len(COLUMNS)
    assert row[0] == f"{TRACE.mask.mean():.2f}"
    assert health_row(explain.health(sample_trace(levels=1)))[2] == "–"
    assert all(tip for _, _, tip in COLUMNS)


@given(planes=st.integers(0, 8))
def test_colours_that_repeat_are_said_to(planes):
    """Against the palette: the buckets of each colour are counted."""
    colours = [LIGHT.bucket(code, planes) for code in range(2**planes)]
    most = max(colours.count(colour) for colour in colours)
    assert bool(colours_words(planes)) == bool(colours_words(planes, short=True)) == (most > 1)
    if most > 1:
        assert f"{most} buckets share each colour" in colours_words(planes)


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
