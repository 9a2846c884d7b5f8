"""The table of levels by heads: its numbers counted by hand, and its CSV read again."""

import csv
import dataclasses
import io

import numpy as np
import pytest

from mrn_core.errors import Cancelled
from mrn_core.facts import facts, note
from mrn_core.tables import as_csv, chance_of, level_table
from mrn_core.tables.level_table import ALL, MEASURES, OF_HEADS, cell
from mrn_core.worth import untrained


@pytest.fixture(scope="module")
def made(make_analysis):
    analysis = make_analysis(levels=6, blocks=2, heads=4, planes=5, tables=1, name='a, "b" ü.mp4')
    chance = chance_of(analysis, draws=40)
    return analysis, chance, level_table(analysis, chance)


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def number(text):
    return float(text) if text else np.nan


def test_cells_are_the_analysis_and_its_redraws(made):
    analysis, chance, table = made
    for b, trace in enumerate(analysis.traces):
        for h in range(4):
            for i in range(6):
                asking = [j for j in range(6) if j != i and trace.mask[h, j, i]]
                assert table.cells["reach"][b, h, i] == len(asking) / 5
                assert table.cells["zeroed"][b, h, i] == (not asking)
                assert table.cells["silent"][b, h, i] == (trace.mask[h, i].sum() == trace.mask[h, i, i])
                got = sum(float(trace.weights[h, j, i]) for j in range(6) if j != i)
                assert table.cells["received"][b, h, i] == pytest.approx(got / 5)
        np.testing.assert_array_equal(table.cells["chance"][b], chance[b].reach)
        np.testing.assert_array_equal(table.cells["zeroed_chance"][b], chance[b].zeroed)
    assert 0 < table.cells["zeroed"].sum() < table.cells["zeroed"].size
    assert table.beta.tolist() == [float(beta) for beta in analysis.scores]


def test_the_chance_is_that_of_the_window(made):
    from mrn_core.network import explain

    analysis, chance, _ = made
    np.testing.assert_array_equal(chance[1].reach, explain.redraws(analysis.traces[1], 40, seed=1).reach)


def test_csv_reads_back_to_the_same_bits(made):
    _, _, table = made
    rows = read(as_csv([table]))
    assert len(rows) == 6 * (2 * (4 + 1) + 1) + 2 * 4 + 1
    for row in rows:
        if ALL not in (row["level"], row["block"], row["head"]):
            i, b, h = int(row["level"]), int(row["block"]) - 1, int(row["head"]) - 1
            assert float(row["af"]) == table.levels[i]
            assert float(row["beta"]) == table.beta[i]
            for measure in MEASURES:
                np.testing.assert_equal(number(row[measure]), table.cells[measure][b, h, i])


def test_totals_count_what_is_counted_and_average_the_rest(made):
    analysis, _, table = made
    rows = {(row["level"], row["block"], row["head"]): row for row in read(as_csv([table]))}
    zeroed, reach = analysis.zeroed(), analysis.reach()
    assert int(rows["4", "2", ALL]["zeroed"]) == sum(bool(zeroed[1, h, 4]) for h in range(4))
    assert int(rows["4", ALL, ALL]["zeroed"]) == zeroed[:, :, 4].sum()
    assert int(rows[ALL, "1", "3"]["zeroed"]) == zeroed[0, 2].sum()
    assert int(rows[ALL, ALL, ALL]["zeroed"]) == zeroed.sum()
    assert float(rows[ALL, ALL, ALL]["reach"]) == pytest.approx(np.mean([*reach.flat]))
    assert float(rows["4", "2", ALL]["reach"]) == pytest.approx(sum(reach[1, :, 4]) / 4)
    assert rows[ALL, ALL, ALL]["chance_low"] == ""
    assert float(rows[ALL, ALL, ALL]["zeroed_chance"]) == pytest.approx(table.cells["zeroed_chance"].sum())


def test_what_is_told_of_a_head_stands_in_its_row_of_all_levels(made):
    analysis, chance, table = made
    rows = {(row["level"], row["block"], row["head"]): row for row in read(as_csv([table]))}
    reach = analysis.reach()
    summed = np.zeros(40, int)
    found = 0
    for b, h in np.ndindex(2, 4):
        row, drawn = rows[ALL, str(b + 1), str(h + 1)], chance[b]
        outside = sum(
            not low <= x <= high
            for low, x, high in zip(drawn.reach_low[h], reach[b, h], drawn.reach_high[h], strict=True)
        )
        assert float(row["least_reach"]) == min(reach[b, h])
        assert float(row["least_reach_chance"]) == np.median(drawn.least[h])
        assert float(row["least_reach_share"]) == np.mean(drawn.least[h] <= min(reach[b, h]))
        assert float(row["outside"]) == outside
        assert float(row["outside_chance"]) == pytest.approx(np.mean(drawn.outside[h]))
        assert float(row["outside_share"]) == np.mean(drawn.outside[h] >= outside)
        zeroed = sum(x == 0 for x in reach[b, h])
        assert float(row["zeroed_share"]) == np.mean(drawn.zeroed_counts[h] >= zeroed)
        summed += drawn.outside[h]
        found += outside
    last = rows[ALL, ALL, ALL]
    assert (float(last["outside"]), last["least_reach"]) == (found, "")
    assert float(last["outside_share"]) == np.mean(summed >= found)
    assert {rows[str(i), "1", "1"][name] for i in range(6) for name in OF_HEADS} == {""}


def test_blocks_are_redrawn_from_seeds_of_their_own(make_analysis):
    """Counts are summed draw by draw, and the planes of two blocks have nothing to do with each other."""
    analysis = make_analysis(levels=6, blocks=2, heads=1)
    twice = dataclasses.replace(analysis, traces=(analysis.traces[0],) * 2)
    first, second = chance_of(twice, draws=40)
    assert (first.least != second.least).any()


def test_every_row_says_what_it_was_made_from(made):
    analysis, _, table = made
    told = dataclasses.replace(analysis, provenance=analysis.provenance | {"apex_source": "spotted"})
    rows = read(as_csv([level_table(told), table]))
    assert {row["clip"] for row in rows} == {'a, "b" ü.mp4'}
    assert {row["apex_source"] for row in rows} == {"spotted", ""}
    assert {(row["seed"], row["hash_seed"], row["onset"], row["apex"]) for row in rows} == {
        ("0", "-1", "1", "5")
    }
    assert {row["note"] for row in rows} == {untrained("all")}


def test_a_list_of_analyses_stands_one_below_the_other(made, make_analysis):
    other = level_table(make_analysis(levels=2, blocks=1, heads=1), name="other")
    rows = read(as_csv([made[2], other]))
    assert list(dict.fromkeys(row["analysis"] for row in rows)) == ['a, "b" ü.mp4', "other"]
    assert {row["chance"] for row in rows if row["analysis"] == "other"} == {""}


def test_one_level_has_no_reach(make_analysis):
    table = level_table(make_analysis(levels=1, blocks=1, heads=2))
    rows = read(as_csv([table]))
    assert {row["reach"] for row in rows} == {""}
    assert {row["zeroed"] for row in rows} == {"0"}


def test_cancelling_stops_between_blocks(make_analysis):
    asked = []

    def cancel():
        asked.append(True)
        return len(asked) > 1

    with pytest.raises(Cancelled):
        chance_of(make_analysis(levels=3, blocks=3, heads=1), draws=4, cancel=cancel)
    assert len(asked) == 2


def test_what_the_weights_were_trained_on_is_said(make_analysis):
    analysis = dataclasses.replace(make_analysis(levels=2, blocks=1, heads=1), trained=True)
    assert note(analysis) == "Trained weights"
    weights = {"network": {"file": "n.safetensors", "sha256": "ab", "told": {"data": "synthetic faces"}}}
    told = dataclasses.replace(analysis, provenance={"weights": weights})
    assert facts(told)["note"] == "Trained on synthetic faces"
    assert facts(told)["weights"] == "n.safetensors"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1, "0.1"), (13.0, "13"), (1 / 3, "0.3333333333333333"), (float("nan"), ""), (None, ""), (3, "3")],
)
def test_numbers_as_text(value, text):
    assert cell(value) == text
