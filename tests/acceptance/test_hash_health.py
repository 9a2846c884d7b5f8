"""The hash at the defaults over six seeds and two clips, and the lottery of the paper's letter beside it."""

import pytest

from mrn_core import AnalysisSettings, Analyzer, open_clip
from mrn_core.clip.demo import demo_clip_path, demo_truth
from mrn_core.settings import with_values

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(1200)]


def test_near_the_diagonal_at_the_defaults_and_a_lottery_by_the_letter(shared):
    truth = demo_truth()
    clips = [(demo_clip_path(), truth.onset, truth.apex), (shared / "data/faces/single_face.mp4", 12, 16)]
    letter_heads = []
    for path, onset, apex in clips:
        analyzer = Analyzer(device="cpu")
        with open_clip(path) as clip:
            for seed in range(6):
                health = analyzer.run(
                    clip, onset, apex, with_values(AnalysisSettings(), {"seed": seed})
                ).health()
                assert sum(h["all_or_none"] for h in health) / len(health) <= 0.03
                assert health[0]["near"] >= 2 * health[0]["far"]
                letter = analyzer.run(
                    clip, onset, apex,
                    with_values(AnalysisSettings(), {"seed": seed, "feature_norm": "none", "qk": "separate"}),
                ).health()  # fmt: skip
                letter_heads.append(letter[0]["all_or_none"])
                print(
                    f"{path.name} seed {seed}: near {health[0]['near']:.2f} far {health[0]['far']:.2f}; "
                    f"by the letter near {letter[0]['near']:.2f} far {letter[0]['far']:.2f}, "
                    f"all-or-none heads {letter[0]['all_or_none']:.2f}"
                )
    assert sum(letter_heads) / len(letter_heads) > 0.1
