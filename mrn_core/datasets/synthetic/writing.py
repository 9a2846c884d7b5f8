"""Synthetic clips as files: pictures or a film, and the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mrn_core.datasets.synthetic.clip import SyntheticClip
from mrn_core.errors import Cancelled, FileError, SettingsError

TRUTH_NAME = "truth.json"
FILM_NAME = "clip.mp4"
FORMAT, VERSION = "mrn-studio synthetic clip", 1
_CRF = "12"


@dataclass(frozen=True)
class Written:
    """What a truth file says.

    Attributes:
        clip: everything about the clip; its frames count from 0.
        kind: "jpg" or "mp4".
        start, stop: the frames written, ``start`` first, ``stop`` not any more.
        first: the number in the name of the first picture (img46.jpg); 0 for a film.
    """

    clip: SyntheticClip
    kind: str
    start: int
    stop: int
    first: int

    def frame(self, number: int) -> int:
        """The clip's frame that stands in picture ``number``."""
        return number - self.first + self.start


def write_clip(
    clip: SyntheticClip,
    folder: Path,
    kind: str = "jpg",
    *,
    first: int = 1,
    frames: range | None = None,
    quality: int = 95,
    cancel: Callable[[], bool] | None = None,
) -> Path:
    """Writes a clip's frames and its truth; the same clip gives the same bytes.

    Args:
        clip: what to write.
        folder: where; made when it is missing. Files of the same names are replaced.
        kind: "jpg": img1.jpg, img2.jpg, ...; "mp4": one H.264 film, clip.mp4.
        first: the number of the first picture written.
        frames: the clip's frames to write, without gaps; all where None.
        quality: of the JPEG files, 1 to 100.
        cancel: asked before each frame.

    Returns:
        The truth file, written last: where it stands, the clip is whole.

    Raises:
        SettingsError: an unknown kind, or frames that the clip has not.
        FileError: something cannot be written.
        Cancelled: ``cancel`` said so.
    """
    span = range(len(clip)) if frames is None else frames
    if kind not in ("jpg", "mp4"):
        raise SettingsError(f"No clip is written as {kind!r}.", 'Choose "jpg" or "mp4".', "kind")
    if len(span) == 0 or span.step != 1 or span[0] < 0 or span[-1] >= len(clip):
        raise SettingsError(f"The clip has the frames 0 to {len(clip) - 1}.", field="frames")
    truth = folder / TRUTH_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if kind == "jpg":
            for number, frame in enumerate(span, first):
                if cancel is not None and cancel():
                    raise Cancelled
                (folder / f"img{number}.jpg").write_bytes(_jpeg(clip.render_frame(frame), quality))
        else:
            _film(folder / FILM_NAME, clip, span, cancel)
        stored = {
            "format": FORMAT,
            "version": VERSION,
            "kind": kind,
            "start": span.start,
            "stop": span.stop,
            "first": first if kind == "jpg" else 0,
            "clip": clip.to_dict(),
        }
        partial = truth.with_suffix(".part")
        partial.write_text(json.dumps(stored, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        partial.replace(truth)
    except OSError as error:
        raise FileError(
            f"{folder} cannot be written: {error.strerror or error}.", "Choose another folder."
        ) from error
    return truth


def read_truth(path: Path) -> Written:
    """What :func:`write_clip` wrote; ``path`` is the truth file or its folder.

    Raises:
        FileError: there is no truth, or it cannot be understood.
    """
    file = path / TRUTH_NAME if path.is_dir() else path
    try:
        stored: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if stored["format"] != FORMAT or stored["version"] != VERSION:
            raise ValueError(f"its format is {stored['format']!r}, version {stored['version']!r}")
        return Written(
            SyntheticClip.from_dict(stored["clip"]),
            str(stored["kind"]),
            int(stored["start"]),
            int(stored["stop"]),
            int(stored["first"]),
        )
    except OSError as error:
        raise FileError(
            f"{file} cannot be read: {error.strerror or error}.", "Choose a synthetic clip."
        ) from error
    except (KeyError, TypeError, ValueError, SettingsError) as error:
        raise FileError(
            f"{file} holds no truth of a synthetic clip: {error}.", "Make the clip again."
        ) from error


def _jpeg(picture: NDArray[np.uint8], quality: int) -> bytes:
    import cv2

    _, data = cv2.imencode(".jpg", picture[..., ::-1], (cv2.IMWRITE_JPEG_QUALITY, quality))
    return bytes(data.tobytes())


def _film(path: Path, clip: SyntheticClip, span: range, cancel: Callable[[], bool] | None) -> None:
    """H.264 in MP4; what makes two runs of the encoder differ (threads, fast code) is off."""
    import av
    from av.video.reformatter import Interpolation

    exact = (
        Interpolation.BICUBIC
        | Interpolation.FULL_CHR_H_INP
        | Interpolation.ACCURATE_RND
        | Interpolation.BITEXACT
    )
    options = {"crf": _CRF, "preset": "medium", "tune": "grain", "x264-params": "mbtree=0:asm=0"}
    rate = Fraction(clip.fps).limit_denominator(100_000)
    width, height = clip.camera.width // 2 * 2, clip.camera.height // 2 * 2  # H.264 wants even sides
    with av.open(str(path), "w", options={"movflags": "+faststart", "fflags": "+bitexact"}) as out:
        stream = out.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.bit_rate = 0  # else a default bit rate takes the place of the quality
        stream.codec_context.thread_count = 1
        stream.codec_context.time_base = 1 / rate
        for time, number in enumerate(span):
            if cancel is not None and cancel():
                raise Cancelled
            pixels = np.ascontiguousarray(clip.render_frame(number)[:height, :width])
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(
                format="yuv420p", interpolation=exact, threads=1
            )
            frame.pts = time
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
