"""The files that come with the program are found."""

from pathlib import Path

import pytest

from mrn_core.resources import resource

CHECKOUT = Path(__file__).resolve().parents[2]


FILES = [("demo", "astronaut.mp4"), ("demo", "astronaut.npz"), ("fonts", "Inter-Regular.ttf"), ("icons",)]


@pytest.mark.parametrize("parts", FILES)
def test_a_file_of_the_checkout_is_found(parts):
    assert resource(*parts) == CHECKOUT.joinpath("resources", *parts)


def test_what_is_missing_is_named():
    with pytest.raises(FileNotFoundError, match=r"demo/none\.mp4 is missing"):
        resource("demo", "none.mp4")


def test_every_third_party_file_has_its_licence_beside_it():
    for folder in ("fonts", "icons"):
        assert list(resource(folder).glob("LICENSE*"))
