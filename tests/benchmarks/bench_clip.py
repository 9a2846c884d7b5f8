"""A 30-minute clip: time to its first frame, its index, memory, and accesses beside decoding forward.

A 640 x 480 H.264 clip of 54,000 frames with B-frames is made; each measurement is a process of its own.
"""

import json
import statistics
import subprocess
import sys

import av
import numpy as np
import pytest

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1800)]
MINUTES, RATE, SIZE = 30, 30, (640, 480)
FIRST_FRAME_S = 1.0
PEAK_MIB = 1024
RUNS = 3

OPENING = """
import json, sys, time
import av, numpy
from mrn_core.clip import open_clip
began = time.perf_counter()
clip = open_clip(sys.argv[1])
clip[0]
first = time.perf_counter() - began
known, whole = clip.indexed
clip.close()
print(json.dumps({"first": first, "known": known, "whole": whole}))
"""

READING = """
import json, random, resource, sys, time
import av, numpy
from mrn_core.clip import open_clip

def seconds_each(frames):
    taken = []
    for k in frames:
        began = time.perf_counter()
        clip[k]
        taken.append(time.perf_counter() - began)
    worst.append(max(taken))
    return sum(taken) / len(taken)

worst = []

began = time.perf_counter()
clip = open_clip(sys.argv[1])
clip.wait_for_index()
told = {"index": time.perf_counter() - began, "frames": len(clip)}
half, n = len(clip) // 2, 1000
with av.open(sys.argv[1]) as container:
    container.streams.video[0].thread_type = "AUTO"
    frames = container.decode(video=0)
    began = time.perf_counter()
    for _ in range(n):
        next(frames).to_ndarray(format="rgb24")
    told["decoder alone"] = (time.perf_counter() - began) / n
told["forward"] = seconds_each(range(half, half + n))
told["backward"] = seconds_each(range(half // 2 + n, half // 2, -1))
clip[half // 3 + 200]
told["to and fro"] = seconds_each([half // 3 + 200 + abs(k % 100 - 50) for k in range(n)])
rng = random.Random(0)
told["anywhere"] = seconds_each([rng.randrange(len(clip)) for _ in range(60)])
told["worst"] = dict(zip(("forward", "backward", "to and fro", "anywhere"), worst))
told["peak MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("clip") / "long.mp4"
    width, height = SIZE
    y, x = np.mgrid[:height, :width]
    ground = ((x // 8 + y // 8) % 2 * 40 + 60).astype(np.uint8)
    grey = np.full(width * height // 4, 128, np.uint8)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "crf": "30", "bf": "2"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for k in range(MINUTES * 60 * RATE):
            frame = av.VideoFrame(width, height, "yuv420p")
            for bit in range(16):
                ground[200:240, 40 * bit : 40 * bit + 40] = 230 if k >> bit & 1 else 20
            frame.planes[0].update(ground)
            frame.planes[1].update(grey)
            frame.planes[2].update(grey)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def told_by(script, path):
    made = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, timeout=900
    )
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


def test_long_clip(long_clip, capsys):
    opened = [told_by(OPENING, long_clip) for _ in range(RUNS)]
    read = told_by(READING, long_clip)
    first = statistics.median(run["first"] for run in opened)
    with capsys.disabled():
        print(f"\n{read['frames']} frames, {SIZE[0]} x {SIZE[1]}, {MINUTES} minutes")
        print(f"first frame after {first:.2f} s, with {opened[0]['known']} frames known")
        print(f"index {read['index']:.1f} s, in the background; peak memory {read['peak MiB']:.0f} MiB")
        print(f"forward {1000 * read['forward']:.2f} ms a frame")
        for what in ("decoder alone", "backward", "to and fro", "anywhere"):
            print(f"{what:14} {read[what] / read['forward']:6.2f} times forward")
        slowest = ", ".join(f"{what} {1000 * taken:.0f} ms" for what, taken in read["worst"].items())
        print(f"the slowest frame: {slowest}")
    assert read["frames"] == MINUTES * 60 * RATE
    assert first < FIRST_FRAME_S
    assert not any(run["whole"] for run in opened)
    assert read["peak MiB"] < PEAK_MIB
