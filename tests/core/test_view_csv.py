"""The numbers that a view shows, as CSV: those of the analysis, with what they were made from."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from figure_scene import scene_of

from mrn_core.figures.by_bucket import orders
from mrn_core.figures.page import PAGES
from mrn_core.figures.view_csv import NAMES, view_csv
from mrn_core.figures.views import VIEWS, view_bytes
from mrn_core.network import explain
from mrn_core.worth import untrained

L = 6


@pytest.fixture(scope="module")
def scene(make_analysis):
    analysis = make_analysis(levels=L, blocks=2, heads=4, tables=2, name="a <b> & $x$.mp4")
    return scene_of(analysis, block=1, head=2, table=1)


def test_every_view_has_its_numbers_and_they_say_what_they_were_made_from(scene):
    assert set(NAMES) == set(VIEWS)
    for name in VIEWS:
        rows = list(csv.DictReader(io.StringIO(view_bytes(scene, name, "csv", PAGES["column"]).decode())))
        assert rows, name
        # The tables of levels hold more than the strip and the picture of reach show.
        shows = "all" if name.startswith(("strip", "fig1", "zeroed")) else VIEWS[name].shows
        for row in rows:
            assert (row["clip"], row["seed"], row["note"]) == (
                "a <b> & $x$.mp4",
                "0",
                untrained(shows),
            ), name
            assert None not in row, name
            assert row.get("before_hash_seed", "7") == "7"


def read(scene, name, key, *columns):
    """Rows by (query, key) or level, as numbers."""
    rows = csv.DictReader(io.StringIO(view_csv(scene, name)))
    return {tuple(int(row[k]) for k in key): [float(row[c]) for c in columns] for row in rows}


def test_the_motions_rows_have_the_clips_own_times_and_numbers(scene):
    times, numbers = np.array([0.0, 0.04, 0.05, 0.2]), np.array([46, 47, 50, 51])  # neither is even
    curve = replace(scene.curve, curves={"motion": np.arange(4.0)}, times=times, numbers=numbers)
    found = read(replace(scene, curve=curve), "motion", ("frame",), "source_number", "seconds", "motion")
    assert found == {(i,): [float(numbers[i]), times[i], float(i)] for i in range(4)}
    rows = csv.DictReader(io.StringIO(view_csv(scene, "motion")))
    assert {(row["source_number"], row["seconds"]) for row in rows} == {("", "")}, "not known"


def test_numbers_of_a_view_are_those_that_it_draws(scene):
    trace, pair = scene.trace, ("query", "key")
    weights = read(scene, "fig4", pair, "weight", "allowed")
    differences = read(scene, "difference", pair, "weight_before", "weight_now", "difference")
    angle = read(scene, "angle", pair, "angle")
    scaled, beside = trace.scaled(), scene.beside.values(1)
    for i, j in np.ndindex(L, L):
        assert weights[i, j] == [float(trace.weights[2, i, j]), float(trace.mask[2, i, j])]
        before = float(scene.before.traces[1].weights[2, i, j])
        assert differences[i, j] == [before, weights[i, j][0], float(beside[2, i, j])]
        assert angle[i, j] == [float(explain.angles(trace)[2, i, j])]
    order = read(scene, "by-bucket", pair, "row", "column", "weight_x_allowed_keys")
    queries, keys = orders(scene)
    for (i, j), (row, column, value) in order.items():
        assert (queries[int(row)], keys[int(column)]) == (i, j)
        assert value == float(scaled[2, i, j])
    reach = read(scene, "reach", ("level",), "reach", "chance", "mean_reach")
    for i in range(L):
        wanted = [trace.reach()[2, i], scene.drawn().reach[2, i], scene.analysis.reach().mean((0, 1))[i]]
        assert reach[(i,)] == [float(x) for x in wanted]
    rows = csv.DictReader(io.StringIO(view_csv(scene, "difference-mean")))
    every = [float(row["difference"]) for row in rows if row["heads"] == "all blocks"]
    wanted = np.concatenate([scene.beside.values(b) for b in range(2)]).mean(0)
    assert np.abs(wanted).max() > 0.1
    np.testing.assert_array_equal(np.reshape(every, (L, L)), wanted)
    changes = read(scene, "changes", ("level",), "reach_before", "opened")
    for change in scene.beside.levels():
        assert changes[(change.level,)] == [change.reach_before, change.opened]
