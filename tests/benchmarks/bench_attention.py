"""Full attention, dense mask and bucketed side by side: time, pairs and extra memory, as L grows."""

import json
import os
import statistics
import subprocess
import sys
import time

import pytest
import torch

from mrn_core.network.attention import lsh_attention
from mrn_core.network.bucketed import bucketed_pairs
from mrn_core.network.lsh import bucket_ids, draw_hyperplanes

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1800)]
HEADS, WIDTH = 8, 128
LENGTHS = (32, 128, 512, 2048, 8192)
HASHES = ((3, 4), (5, 4), (7, 4), (7, 1))
METHODS = ("full", "dense", "bucketed", "auto")


def inputs(L, kind="random"):
    g = torch.Generator().manual_seed(L)
    q, k, v = (torch.randn(HEADS, L, WIDTH, generator=g) for _ in range(3))
    if kind == "equal":
        q, k = (x[:, :1].expand_as(x).contiguous() for x in (q, q))
    return q, k, v


def attend(method, q, k, v, planes):
    if method == "full":
        return torch.nn.functional.scaled_dot_product_attention(q[None], k[None], v[None])[0]
    return lsh_attention(q, k, v, planes, method=method)


def extra_megabytes(L, p, t, method, kind="random"):
    """Peak memory beyond q, k, v and the output, in a process of its own."""
    code = f"""
import torch, json
torch.set_num_threads({torch.get_num_threads()})
from tests_bench import attend, inputs, draw_hyperplanes, HEADS, WIDTH
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
with torch.inference_mode():
    q, k, v = inputs(32)
    planes = draw_hyperplanes(HEADS, {t}, {p}, WIDTH, torch.Generator().manual_seed(0))
    for method in ("full", "dense", "bucketed"):
        attend(method, q, k, v, planes)
    q, k, v = inputs({L}, {kind!r})
    spare = torch.zeros_like(v)
    before = peak()
    del spare
    attend({method!r}, q, k, v, planes)
    print(json.dumps(peak() - before))
"""
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    code = code.replace("tests_bench", "bench_attention")
    done = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True, check=True)
    return json.loads(done.stdout) / 1024


def seconds(method, q, k, v, planes, budget=3.0):
    attend(method, q, k, v, planes)
    times = []
    while sum(times) < budget and len(times) < 15:
        start = time.perf_counter()
        attend(method, q, k, v, planes)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def test_time_pairs_and_memory():
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    print(
        f"\n{HEADS} heads of {WIDTH}, float32, {torch.get_num_threads()} threads; times over full attention's"
    )
    print(
        f"{'L':>5} {'p,t':>4} {'full ms':>9}"
        + "".join(f"{m:>10}" for m in METHODS[1:])
        + "   pairs of L^2   auto/best"
    )
    told = {}
    for L in LENGTHS:
        q, k, v = inputs(L)
        with torch.inference_mode():
            full = seconds("full", q, k, v, None)
            for p, t in HASHES:
                planes = draw_hyperplanes(HEADS, t, p, WIDTH, torch.Generator().manual_seed(0))
                times = {m: seconds(m, q, k, v, planes) for m in METHODS[1:]}
                pairs = bucketed_pairs(bucket_ids(q, planes), bucket_ids(k, planes)) / (HEADS * L * L)
                best = min(times["dense"], times["bucketed"])
                told[L, p, t] = times
                print(f"{L:>5} {p},{t:>2} {full * 1e3:>9.2f}"
                      + "".join(f"{times[m] / full:>10.2f}" for m in METHODS[1:])
                      + f"{pairs:>15.3f}{times['auto'] / best:>12.2f}")  # fmt: skip
    for p, t in HASHES:
        growth = told[8192, p, t]["bucketed"] / told[2048, p, t]["bucketed"]
        print(f"{p},{t}: from L = 2048 to 8192 bucketed takes {growth:.1f} times as long")
    print("\nExtra peak memory in MB")
    for L, p, t in ((2048, 7, 4), (8192, 7, 4), (8192, 3, 4)):
        extra = {m: extra_megabytes(L, p, t, m) for m in METHODS[:3]}
        print(f"{L:>5} {p},{t} " + "  ".join(f"{m} {mb:.0f}" for m, mb in extra.items()))
    print(f"all vectors equal, 8192, 7,4: bucketed {extra_megabytes(8192, 7, 4, 'bucketed', 'equal'):.0f}")
    assert told
