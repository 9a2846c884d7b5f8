"""How a previous analysis is told from what is set now."""

import pytest

from mrn_core.settings import AnalysisSettings, with_values
from mrn_gui.request import Request


def request(device="auto", face=None, **values):
    settings = with_values(AnalysisSettings(), {name.replace("__", "."): v for name, v in values.items()})
    return Request("ab", 3, 9, settings, device, face)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (request(face_backend="fan"), "face landmarks dlib"),
        (
            request(face_backend="fan", apex_alignment="refined"),
            "face landmarks dlib, alignment of the apex onset",
        ),
        (request(network__seed=4, device="cpu"), "seed 0, device auto"),
        (request(levels=12, network__seed=4), "Lagrangian flow, AF 2 to 13, 32 levels"),
        (request(face="whole", network__seed=4), "face detected"),
    ],
)
def test_what_differs_is_what_is_said(now, words):
    assert request().told(now) == words


def test_live_settings_make_no_other_frames():
    assert request().same_frames(request(network__planes=5))
    assert not request().same_frames(request(face_backend="fan"))
