"""Issue 13, point 4: the spotter's apex on 100 synthetic micro-expressions with known truth."""

import importlib.util
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from mrn_core.datasets.synthetic import EMOTIONS, Distractor, identity, sample_clip
from mrn_core.spotting import UNITS, spot

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.timeout(7200),
    pytest.mark.skipif(importlib.util.find_spec("dlib") is None, reason="dlib is not installed"),
]
COUNT = 100


def described(seed):
    """A clip with everything that the generator draws: camera noise, light, sway, blinks, glances, speaking
    lips, a peak of 0.3 to 2 px. A blink is rare in half a second, so every second clip gets one."""
    clip = sample_clip(seed, identity(seed), EMOTIONS[seed % len(EMOTIONS)])
    if seed % 2 == 0 and not any(one.kind == "blink" for one in clip.distractors):
        rng = np.random.default_rng([seed, 0xB11])
        start, lasts = rng.uniform(-0.1, len(clip) / clip.fps - 0.1), rng.uniform(0.15, 0.3)
        blink = Distractor("blink", float(start), float(lasts), float(rng.uniform(0.8, 1)))
        clip = replace(clip, distractors=(*clip.distractors, blink))
    return clip


class Rendered:
    """A clip's frames, made once."""

    def __init__(self, clip):
        self.fps = clip.fps
        self.frames = [clip.render_frame(k) for k in range(len(clip))]

    def __len__(self):
        return len(self.frames)

    def __getitem__(self, index):
        return self.frames[index]


def hit(clip, apex):
    """Within 10 % of the event's length, or within one frame."""
    return apex is not None and abs(apex - clip.apex) <= max(1, 0.1 * (clip.offset - clip.onset))


def test_the_apex_of_100_micro_expressions():
    right, kinds, errors = Counter(), Counter(), {name: [] for name in UNITS}
    for seed in range(COUNT):
        clip = described(seed)
        frames = Rendered(clip)
        seen = {one.kind for one in clip.distractors} & {"blink", "lips"} or {"neither"}
        kinds.update(seen)
        for name in UNITS:
            found = spot(frames, name)
            good = hit(clip, found.apex)
            right[name] += good
            right.update((name, kind) for kind in seen if good)
            if found.apex is not None:
                errors[name].append(abs(found.apex - clip.apex) / (clip.offset - clip.onset))
            if not good:
                print(
                    f"{name} misses {seed}: {found.apex} for {clip.apex}, event {clip.onset} to "
                    f"{clip.offset}, confidence {found.confidence:.2f}, {sorted(seen)}"
                )
        right["middle of onset and offset"] += hit(clip, clip.onset + (clip.offset - clip.onset) // 2)
        right["middle of the clip"] += hit(clip, len(clip) // 2)
    for name in (*UNITS, "middle of onset and offset", "middle of the clip"):
        print(f"{name}: {right[name]} of {COUNT}")
    for name in UNITS:
        told = ", ".join(f"{kind} {right[name, kind]} of {n}" for kind, n in sorted(kinds.items()))
        print(f"{name}: {told}; median error {np.median(errors[name]):.3f} of the event")
    assert right["flow"] >= 0.9 * COUNT
