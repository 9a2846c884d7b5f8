"""Redraws of the demo clip's planes, a sweep beside its bare passes, the sparse block beside the full."""

import os
import statistics
import time

import pytest
import torch

from mrn_core import AnalysisSettings, Analyzer, open_clip
from mrn_core.clip.demo import demo_clip_path, demo_truth
from mrn_core.experiments import Axes, Case, sweep
from mrn_core.network import MRN, MRNConfig, explain
from mrn_core.settings import with_values

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]


def median_ms(work, runs):
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


@pytest.fixture(scope="module")
def analyzed():
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    truth, analyzer = demo_truth(), Analyzer(device="cpu")
    with open_clip(demo_clip_path()) as clip:
        return analyzer, analyzer.run(clip, truth.onset, truth.apex)


def test_redraws(analyzed):
    analyzer, a = analyzed
    before = dict(analyzer.cache.counts)
    took = median_ms(lambda: [explain.redraws(trace, 625) for trace in a.traces], 5)
    print(f"\n625 redraws of all 3 blocks x 8 heads, demo clip: {took:.0f} ms (limit 1000)")
    assert dict(analyzer.cache.counts) == before


def test_what_if(analyzed):
    analyzer, a = analyzed
    before = dict(analyzer.cache.counts)
    seeds = iter(range(1000))
    took = median_ms(
        lambda: analyzer.rerun(a, with_values(AnalysisSettings(), {"hash_seed": next(seeds), "planes": 4})), 9
    )
    print(f"\na rerun with other planes and seed: {took:.0f} ms (limit for all views 100)")
    for stage in ("face", "flow", "magnify", "encode"):
        assert analyzer.cache.counts[stage] == before[stage]


def test_sweep_beside_its_passes(analyzed, tmp_path):
    _, a = analyzed
    truth = demo_truth()
    axes = Axes({"planes": tuple(range(1, 7)), "tables": (1, 2, 4, 8), "hash_seed": tuple(range(8))})

    def naive():
        """One encoding plus 192 attention passes, nothing else."""
        analyzer = Analyzer(device="cpu")
        start = time.perf_counter()
        with open_clip(demo_clip_path()) as clip:
            analyzer.run(clip, truth.onset, truth.apex)
        network = analyzer.networks.get(MRNConfig())
        features = torch.tensor(a.features)[None]
        for settings in axes.settings():
            network.configure(settings.network)
            network.trace(features=features)
        return time.perf_counter() - start

    def swept(name):
        start = time.perf_counter()
        sweep(
            Analyzer(device="cpu"), [Case(demo_clip_path(), truth.onset, truth.apex)], axes, tmp_path / name
        )
        return time.perf_counter() - start

    pairs = [(naive(), swept(f"{n}.csv")) for n in range(3)]
    ratio = statistics.median(ours / theirs for theirs, ours in pairs)
    bare, ours = (statistics.median(p[i] for p in pairs) for i in (0, 1))
    print(f"\n192 combinations: sweep {ours:.1f} s, one encoding and 192 passes {bare:.1f} s, "
          f"ratio {ratio:.2f} (limit 1.5)")  # fmt: skip


def test_the_sparse_block_beside_the_full_one():
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    network = MRN(MRNConfig(blocks=1)).eval()
    x = torch.randn(1, 32, 1024, generator=torch.Generator().manual_seed(0))
    block = network.blocks[0]
    config = block.attention.config

    def full():
        q, k, v, *_ = block.attention._project(x)
        attended = torch.nn.functional.scaled_dot_product_attention(q, k, v)
        return block._after(x, block.attention.out(attended.transpose(1, 2).flatten(2)))

    with torch.inference_mode():
        rounds = [(median_ms(full, 60), median_ms(lambda: block(x), 60)) for _ in range(5)]
    ratio = statistics.median(sparse / plain for plain, sparse in rounds)
    sparse = statistics.median(r[1] for r in rounds)
    print(f"\none block at L = 32, {config.planes} planes, {config.tables} tables: {sparse:.2f} ms, "
          f"{ratio:.2f} times the full one (limit 1.5)")  # fmt: skip
