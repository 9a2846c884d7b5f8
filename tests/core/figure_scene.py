"""A scene that has all that a figure may be drawn from: chance, a motion curve, a state to compare with."""

import dataclasses

import numpy as np

from mrn_core.figures.scene import Scene
from mrn_core.settings import with_values
from mrn_core.spotting import Spotting
from mrn_core.tables import chance_of
from mrn_core.trace import AttentionTrace


def made_before(analysis):
    """Another state of the same levels: as if the last level were the first, and another seed."""

    def turned(trace):
        held = trace.arrays()
        held |= {name: held[name][:, ::-1, ::-1] for name in ("weights", "mask")}
        held |= {name: held[name][..., ::-1] for name in ("query_buckets", "key_buckets")}
        held |= {name: held[name][:, ::-1] for name in ("queries", "keys")}
        return AttentionTrace(**held)

    traces = tuple(turned(trace) for trace in analysis.traces)
    settings = with_values(analysis.settings, {"network.hash_seed": 7})
    return dataclasses.replace(analysis, traces=traces, settings=settings)


def scene_of(analysis, **chosen):
    """With smooth frames: noise takes long to pack."""
    smooth = np.broadcast_to(np.arange(224, dtype=np.uint8)[:, None, None], analysis.frames.shape)
    analysis = dataclasses.replace(analysis, frames=smooth, onset=smooth[0], apex=smooth[-1])
    before = made_before(analysis)
    curve = Spotting({"motion": np.linspace(0, 3, 20)}, 1, 5, None, 0.5, "difference", 25, "gray levels", 0)
    return Scene(analysis, chance=chance_of(analysis, draws=10), curve=curve, before=before, **chosen)
