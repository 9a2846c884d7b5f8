"""The reading's order and words."""

from dataclasses import replace

import numpy as np
import pytest
from sample import sample_analysis

from mrn_gui.reading.model import bars, beta_words, ordinal
from mrn_gui.selection import Place


def test_labels_are_sorted_and_bars_in_proportion():
    analysis = replace(sample_analysis(2), probabilities={"a": 0.1, "b": 0.7, "c": 0.2, "d": 0.1})
    rows = bars(analysis)
    assert [row.label for row in rows] == ["b", "c", "a", "d"]
    assert rows[0].share == pytest.approx(1.0)
    assert rows[1].share / rows[0].share == pytest.approx(2 / 7)


def test_small_probabilities_have_small_bars():
    rows = bars(replace(sample_analysis(2), probabilities={"a": 0.26, "b": 0.25, "c": float("nan")}))
    assert rows[0].share == pytest.approx(0.52)
    assert rows[-1].share == 0.0


def test_beta_is_named_with_its_rank():
    analysis = replace(sample_analysis(4), scores=np.array([0.2, 0.6, 0.4, 0.8], np.float32))
    assert beta_words(analysis, None) == "Levels count 0.20 to 0.80 (beta), level 3 most."
    assert beta_words(analysis, Place.level(3), short=True) == "Beta of level 3: 0.80, the largest of 4."
    assert beta_words(analysis, None, short=True) == "Beta 0.20 to 0.80, largest at level 3."
    many = replace(analysis, scores=np.linspace(0, 1, 200, dtype=np.float32))
    assert beta_words(many, Place.level(150), short=True) == "Beta of level 150: 0.75, rank 50 of 200."
    assert beta_words(analysis, Place(1, 3)) == (
        "Level 1 counts 0.60 (beta), the 2nd largest of 4; that is 0.300 of the weighted mean."
    )
    assert beta_words(analysis, Place.level(9)) == beta_words(analysis, None)
    assert beta_words(sample_analysis(1), None).startswith("The only level counts")
    alike = replace(analysis, scores=np.full(4, 0.5, np.float32))
    assert beta_words(alike, None) == "Every level counts 0.50 (beta)."


@pytest.mark.parametrize(("rank", "words"), [(2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (21, "21st")])
def test_ordinals(rank, words):
    assert ordinal(rank) == f"the {words} largest"
