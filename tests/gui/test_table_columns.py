"""The columns of the table of levels: every number is the analysis's."""

import csv
import io

import numpy as np
import pytest
from gui.sample import sample_analysis

from mrn_core.tables import chance_of, level_table
from mrn_gui.table.columns import MEASURES, as_tsv, columns

SHAPES = {
    "usual": {"levels": 6, "heads": 2, "blocks": 2},
    "one level": {"levels": 1, "heads": 1, "blocks": 1, "tables": 1},
    "empty rows": {"levels": 5, "heads": 2, "blocks": 1, "kind": "empty rows"},
    "all masked": {"levels": 4, "heads": 2, "blocks": 1, "kind": "all masked"},
    "none masked": {"levels": 4, "heads": 2, "blocks": 1, "kind": "all allowed"},
}


@pytest.fixture(scope="module", params=SHAPES)
def made(request):
    analysis = sample_analysis(**SHAPES[request.param])
    chance = chance_of(analysis, draws=10)
    return analysis, chance, level_table(analysis, chance)


def titled(found):
    return {column.title: column for column in found}


def test_every_head_shows_the_analysis(made):
    analysis, chance, table = made
    wanted = {
        "reach": analysis.reach(),
        "chance": np.stack([block.reach for block in chance]),
        "zeroed_chance": np.stack([block.zeroed for block in chance]),
        "received": analysis.received(),
    }
    wanted["excess"] = wanted["reach"] - wanted["chance"]
    L = len(analysis.levels)
    for measure, _, _ in MEASURES:
        found = titled(columns([table], "all", measure, 0, 0))
        for b, h in np.ndindex(wanted[measure].shape[:2]):
            column = found[f"Block {b + 1}\nHead {h + 1}"]
            assert column.place == (b, h)
            np.testing.assert_array_equal(column.values[:L], wanted[measure][b, h])


def test_totals_are_counted(made):
    analysis, chance, table = made
    found = titled(columns([table], "all", "reach", 0, 0))
    L = len(analysis.levels)
    for i in range(L):
        assert found["Zeroed"].text(i) == str(analysis.zeroed()[:, :, i].sum())
        assert found["Silent"].text(i) == str(analysis.silent()[:, :, i].sum())
        assert found["AF"].values[i] == analysis.levels[i]
        assert found["Beta"].values[i] == np.float64(analysis.scores[i])
    assert found["Zeroed"].text(L) == str(analysis.zeroed().sum())
    expected = sum(block.zeroed.sum() for block in chance)
    assert found["Zeroed\nby chance"].values[L] == pytest.approx(expected)


def test_signs_are_rings_and_crosses(made):
    analysis, _, table = made
    for b, h in np.ndindex(analysis.reach().shape[:2]):
        column = titled(columns([table], "all", "reach", 0, 0))[f"Block {b + 1}\nHead {h + 1}"]
        for i in range(len(analysis.levels)):
            assert ("○" in column.text(i)) == analysis.zeroed()[b, h, i]
            assert ("×" in column.text(i)) == analysis.silent()[b, h, i]
            assert ("–" in column.text(i)) == (len(analysis.levels) == 1)


def test_one_head_shows_its_spread(made):
    analysis, chance, table = made
    found = titled(columns([table], "one", "reach", 0, 0))
    L = len(analysis.levels)
    np.testing.assert_array_equal(found["Nine of ten\nfrom"].values[:L], chance[0].reach_low[0])
    np.testing.assert_array_equal(found["Nine of ten\nto"].values[:L], chance[0].reach_high[0])
    np.testing.assert_array_equal(found["Silent\nby chance"].values[:L], chance[0].silent[0])
    reach = analysis.reach()[0, 0]
    for i in range(L):
        text = found["Reach"].text(i)
        assert ("↓" in text) == (reach[i] < chance[0].reach_low[0, i])
        assert ("↑" in text) == (reach[i] > chance[0].reach_high[0, i])


def test_side_by_side_with_another_number_of_levels():
    first, second = (level_table(sample_analysis(levels=n, heads=1, blocks=1), name=f"n{n}") for n in (3, 5))
    found = columns([first, second], "all", "reach", 0, 0)
    assert {len(column.values) for column in found} == {6}
    assert [column.title for column in found[1:5]] == ["n3\nAF", "n5\nAF", "n3\nBeta", "n5\nBeta"]
    by_title = titled(found)
    assert by_title["n3\nAF"].text(4) == "–"
    assert by_title["n5\nAF"].text(4) == "13.00"
    assert by_title["n3\nBlock 1 Head 1"].place == (0, 0)
    assert by_title["n5\nBlock 1 Head 1"].place is None
    np.testing.assert_array_equal(by_title["n5\nReach"].values[-1], second.total("reach", (0, 1, 2)))


def test_copied_text_reads_back_to_the_same_bits(made):
    _, _, table = made
    found = columns([table], "all", "reach", 0, 0)
    last = len(found[0].values) - 1
    lines = list(csv.reader(io.StringIO(as_tsv(found, [last, *range(last)])), dialect="excel-tab"))
    assert lines[1][0] == "all"
    assert [line[0] for line in lines[2:]] == [str(i) for i in range(last)]
    for n, column in enumerate(found[1:], 1):
        assert lines[0][n] == column.title.replace("\n", " ")
        back = [float(line[n]) if line[n] else np.nan for line in [*lines[2:], lines[1]]]
        np.testing.assert_array_equal(back, column.values)
