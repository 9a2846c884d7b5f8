"""The analysis of the demo pair stage by stage, beside the naive way of computing the same."""

import os
import statistics
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from mrn_core.clip import open_clip
from mrn_core.clip.demo import demo_clip_path, demo_truth
from mrn_core.faces import crop_pair
from mrn_core.magnification import AmplificationLevels, magnifiers
from mrn_core.magnification.flow import dense_flow
from mrn_core.magnification.magnet import MagNet
from mrn_core.network import MRN
from mrn_core.weights import import_published

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]
PUBLISHED = "magnet_epoch12_loss7.28e-02.pth"


def median_ms(work, runs=3):
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def beside(name, ours, naive=None):
    if naive is None:
        print(f"{name:<44}{ours:10.0f} ms")
    else:
        print(f"{name:<44}{ours:10.0f} ms   naive {naive:8.0f} ms   {naive / ours:5.2f} times")


def test_stage_by_stage(tmp_path, monkeypatch):
    monkeypatch.setenv("MRN_STUDIO_DATA", str(tmp_path))
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    levels = AmplificationLevels()
    truth = demo_truth()
    with open_clip(demo_clip_path()) as clip:
        onset, apex = clip[truth.onset], clip[truth.apex]
    pair = crop_pair(onset, apex)
    print(f"\nDemo pair, {levels.count} levels, {torch.get_num_threads()} threads, medians of 3")
    beside("face: detect, landmarks, crop", median_ms(lambda: crop_pair(onset, apex)))
    beside("flow", median_ms(lambda: dense_flow(pair.onset, pair.apex)))
    lagrangian = magnifiers["lagrangian"]
    state = lagrangian.prepare(pair.onset, pair.apex)
    beside("magnify, lagrangian, without the flow",
           median_ms(lambda: [lagrangian.render(state, float(g)) for g in levels.gains]))  # fmt: skip

    frames = lagrangian.magnify(pair.onset, pair.apex, levels)
    batch = torch.from_numpy(frames).permute(0, 3, 1, 2).float().contiguous() / 255
    network = MRN().eval()

    def plainly():
        with torch.no_grad():
            return network.encoder(batch)

    beside("encode: folded, channels-last, 8 a call", median_ms(lambda: network.encoder.encode(batch)),
           median_ms(plainly))  # fmt: skip
    features = network.encoder.encode(batch).unsqueeze(0)
    beside("blocks and fusion, with their trace", median_ms(lambda: network.trace(features=features), 9))

    published = Path(__file__).resolve().parents[3] / "shared/data/weights" / PUBLISHED
    if not published.is_file():
        print("magnify, MagNet: its published weights are not here")
        return
    magnet = MagNet(path=import_published("magnet", published))
    inner = magnet.prepare(pair.onset, pair.apex).network
    x, y = (torch.from_numpy(np.ascontiguousarray(f)).permute(2, 0, 1)[None].float() / 127.5 - 1
            for f in (pair.onset, pair.apex))  # fmt: skip
    inner_plain = inner.to(memory_format=torch.contiguous_format)

    def level_by_level():
        with torch.no_grad():
            return [inner_plain(x, y, float(g) - 1) for g in levels.gains]

    naive = median_ms(level_by_level, 1)
    inner.to(memory_format=torch.channels_last)
    beside(
        "magnify, MagNet: encoded once",
        median_ms(lambda: magnet.magnify(pair.onset, pair.apex, levels), 1),
        naive,
    )
