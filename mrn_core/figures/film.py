"""The magnified levels as a film: one frame after the other, from the least AF to the largest and back."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from mrn_core.errors import FileError
from mrn_core.facts import facts, note
from mrn_core.result import Analysis, plain

FPS = 10
_CODECS = ("libx264", "h264", "mpeg4")  # the first that this installation has


def film(analysis: Analysis, fps: int = FPS) -> bytes:
    """An MP4 of onset, then every level up to the largest AF, then back; its comment is the provenance.

    Raises:
        FileError: no encoder for MP4 is installed.
    """
    up = [analysis.onset, *analysis.frames]
    about = {**facts(analysis, "frames"), "af": analysis.levels, "frames_per_second": fps}
    return encoded(np.stack([*up, *up[-2:0:-1]]), fps, note(analysis, "frames"), json.dumps(plain(about)))


def encoded(frames: npt.NDArray[np.uint8], fps: int, title: str = "", comment: str = "") -> bytes:
    """(n, H, W, 3) uint8 RGB as an MP4. Encoders take even sizes alone: an odd one grows by its last row or
    column once more, and the comment says so.

    Raises:
        FileError: no encoder for MP4 is installed.
    """
    import av

    height, width = frames.shape[1:3]
    padded = np.pad(frames, ((0, 0), (0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    if padded.shape != frames.shape:
        size = f"{width} x {height} px, written as {padded.shape[2]} x {padded.shape[1]}"
        comment = f"{comment} {size}".strip()
    codec = next((name for name in _CODECS if name in av.codecs_available), None)
    if codec is None:
        raise FileError("This installation has no encoder for MP4.", "Export the frames as figures.")
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        container.metadata.update({"title": title, "comment": comment})
        stream: Any = container.add_stream(codec, rate=Fraction(fps))
        stream.width, stream.height = padded.shape[2], padded.shape[1]
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1  # the same frames give the same bytes
        if codec != "mpeg4":
            stream.options = {"crf": "16"}
        for frame in padded:
            for packet in stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), "rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return made.getvalue()
