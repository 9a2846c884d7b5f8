"""A sample of the corpus (all of it stands in the acceptance tests), and that its measure can fail."""

import numpy as np
import pytest
from clip_corpus import COUNT, SKIPPED, corpus, drawn, has_encoder, number_in
from clip_counting import count_wrong
from hypothesis import given, settings
from hypothesis import strategies as st

from mrn_core.clip import open_clip

CASES = {case.name: case for case in corpus()}
SAMPLE = [
    "H.264, open GOP, MKV",
    "HEVC, open GOP, MP4",
    "VP9, hidden frames",
    "AV1, MP4",
    "MPEG-4, B-frames, AVI",
    "variable rate, MKV",
    "1000 fps by the header",
    "TS without a count",
    "edit list, MP4",
    "alpha, QuickTime RLE",
    "GIF",
    "ts cut at 39%",
    "mkv cut at 60%",
    "folder: mixed types",
    "folder: gaps",
    "folder: litter",
]


@pytest.mark.parametrize("name", SAMPLE)
def test_accesses_in_any_order(tmp_path, name):
    case = CASES[name]
    if not has_encoder(case.encoder):
        pytest.skip(f"PyAV's libraries have no {case.encoder}")
    count = count_wrong(case, tmp_path, accesses=25, others=False)
    assert (count.wrong, count.faults) == (0, ())


@settings(max_examples=8, deadline=None)
@given(number=st.integers(0, 4095), noise=st.integers(0, 60))
def test_the_drawn_number_is_read_back_through_noise(number, noise):
    picture = drawn(number).astype(int)
    picture += np.random.default_rng(number).integers(-noise, noise + 1, picture.shape)
    picture = picture.clip(0, 255).astype(np.uint8)
    assert number_in(picture) == number
    picture[48:] = 0  # a picture of which a half is lost
    assert number_in(picture) == (4095 if number == 4095 else -1)


def test_the_measure_sees_a_wrong_frame(tmp_path, monkeypatch):
    case = CASES["raw, AVI"]
    read = open_clip.__globals__["VideoClip"].__getitem__
    monkeypatch.setattr(
        open_clip.__globals__["VideoClip"], "__getitem__", lambda self, k: read(self, k if k != 50 else 51)
    )
    count = count_wrong(case, tmp_path, accesses=2000, others=False)
    assert count.wrong > 0
    assert count.faults == ("wrong in sequence",)


def test_an_edit_list_counts_from_its_own_start(tmp_path):
    with open_clip(CASES["edit list, MP4"].make(tmp_path)) as clip:
        assert len(clip) == COUNT - SKIPPED
        assert clip.times[0] == 0
        assert number_in(clip[0]) == SKIPPED


def test_the_rate_is_what_the_frames_say(tmp_path):
    with open_clip(CASES["1000 fps by the header"].make(tmp_path)) as clip:
        assert clip.fps == pytest.approx(200)
        assert not clip.variable_rate
        assert clip.times == pytest.approx(np.arange(COUNT) / 200, abs=1e-6)
