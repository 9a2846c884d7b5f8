"""The paper's terms are found in the words that the panels use."""

import re

import pytest

from mrn_gui.terms import MOST, TERMS, explained, told


@pytest.mark.parametrize("term", TERMS, ids=[term.name for term in TERMS])
def test_each_is_one_entry_whose_words_it_is_found_by(term):
    assert re.search(term.found_by, term.told, re.IGNORECASE)
    assert term.told in told(term.name)
    assert term.told.endswith(".")
    assert sum(other.name == term.name for other in TERMS) == 1


def test_words_are_explained_by_what_stands_in_them():
    assert explained("Reach 0.26, less than chance gives") == told("reach", "chance")
    assert explained("No level is silent.").startswith(told("silent"))
    assert explained("Hello") == ""
    everything = " ".join(term.told for term in TERMS)
    assert len(explained(everything).splitlines()) == MOST
    with pytest.raises(KeyError):
        told("nothing")
