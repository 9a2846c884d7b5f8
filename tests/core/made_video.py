"""Small video files that tests write, with frames that are told apart."""

from fractions import Fraction

import av
import numpy as np


def grey(k):
    return 16 + 8 * (k % 28)


def picture(k, width=64, height=48):
    return np.full((height, width, 3), grey(k), np.uint8)


def write(
    path,
    frames,
    fps=25,
    codec="libx264",
    pix_fmt="yuv420p",
    stamps_ms=None,
    aspect=None,
    silence=0.0,
    front=False,
    **options,
):
    """Writes frames (rgb24 arrays) with a constant rate, or at the given milliseconds."""
    frames = list(frames)
    with av.open(str(path), "w", options={"movflags": "+faststart"} if front else {}) as out:
        stream = out.add_stream(codec, rate=fps, options={k: str(v) for k, v in options.items()})
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = pix_fmt
        stream.codec_context.thread_count = 1
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        if stamps_ms is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        sound = out.add_stream("aac", rate=8000) if silence else None
        for k, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            if stamps_ms is not None:
                frame.pts, frame.time_base = int(stamps_ms[k]), Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
        if sound is not None:
            for start in range(0, int(silence * 8000), 1024):
                chunk = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
                chunk.sample_rate, chunk.pts, chunk.time_base = 8000, start, Fraction(1, 8000)
                out.mux(sound.encode(chunk))
            out.mux(sound.encode())
    return path


def moving(n, width=64, height=48, seed=0):
    """Frames that all differ, with a texture that a wrong decode would spoil."""
    rng = np.random.default_rng(seed)
    base = rng.integers(0, 255, (height, width, 3), np.uint8)
    return [np.roll(base, k, axis=1) // 2 + 3 * (k % 40) for k in range(n)]


def level(frame):
    return float(frame.mean())
