"""A video file as a clip."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mrn_core.clip.base import Cancel, Clip, Progress, file_sha256
from mrn_core.clip.decoding import Decoder
from mrn_core.clip.orientation import Turn, display_turn, rgb, square_size
from mrn_core.clip.timing import Timing, frame_times, missing_seconds
from mrn_core.errors import Cancelled, ClipError

if TYPE_CHECKING:
    from av.video.frame import VideoFrame


class VideoClip(Clip):
    """The frames of a video file, in the order in which a decoder puts them out.

    Opening decodes the whole file once: that is the only frame count that is true of every file. The
    first frames that fit stay in memory. Others are decoded again when they are asked for, from the
    nearest keyframe before; each is compared with the checksum of the first pass, and where a jump
    does not give the same picture, this clip is read from its start from then on. So ``clip[i]`` is
    what decoding from the start gives; only damaged data may differ, and the notices say so.
    """

    def __init__(
        self, source: Path, fps: float | None, memory: int, progress: Progress | None, cancel: Cancel | None
    ) -> None:
        super().__init__(source, memory)
        self._lock = threading.Lock()
        self._pts: list[int | None] = []
        self._keys: list[int] = []
        self._spoilt: list[int] = []
        self._checksums: list[int] = []
        self._turn = Turn()
        self._stored_size = (0, 0)
        self._decoder: Decoder | None = None
        self._upcoming: Iterator[VideoFrame] = iter(())
        self._position = 0
        self._stat = _stat(source)
        decoder = Decoder(source)
        try:
            self._index(decoder, progress, cancel)
            self._set_times(decoder, fps)
        finally:
            decoder.close()
        self.numbers = np.arange(len(self._pts), dtype=np.int64)
        pts = [p for p in self._pts if p is not None]
        self._may_jump = len(set(pts)) == len(self._pts) and not self._faulty

    def _index(self, decoder: Decoder, progress: Progress | None, cancel: Cancel | None) -> None:
        stream = decoder.stream
        announced = stream.frames
        interlaced = other_sizes = 0
        for i, frame in enumerate(decoder.frames()):
            if cancel is not None and cancel():
                raise Cancelled
            if i == 0:
                self._begin(frame, stream.sample_aspect_ratio)
            other_sizes += (frame.width, frame.height) != self._coded_size
            interlaced += frame.interlaced_frame
            picture = self._picture(frame)
            self._pts.append(frame.pts)
            if frame.key_frame:
                self._keys.append(i)
            if frame.is_corrupt:
                self._spoilt.append(i)
            self._checksums.append(_checksum(picture))
            if self._cache.has_room(picture.nbytes):
                self._cache.put(i, picture)
            if progress is not None:
                progress("index", i + 1, max(announced, i + 1) if announced else 0)
        found = len(self._pts)
        if found == 0:
            raise ClipError(
                f"{self.source} gives no picture.",
                "It may be damaged; copy it again, or convert it to MP4 (H.264).",
            )
        self._note_damage(decoder)
        if interlaced:
            self.notices.append(
                "The video is interlaced: each frame mixes two moments, seen as combs where something moves."
            )
        if other_sizes:
            self.notices.append(f"{other_sizes} frames have another size and are scaled to the first one's.")

    def _note_damage(self, decoder: Decoder) -> None:
        """Says what of the file could not be read, as far as the file lets one know."""
        announced, found = decoder.stream.frames, len(self._pts)
        lost = missing_seconds(self._pts, decoder.stream.time_base, decoder.announced_end())
        if decoder.cut_short:
            of = f" of {announced}" if announced > found else ""
            self.notices.append(f"The end of the file is damaged: its first {found}{of} frames are read.")
        elif announced > found:
            self.notices.append(f"The file announces {announced} frames, and {found} can be read.")
        elif announced == 0 and lost:
            self.notices.append(
                f"The file announces {lost:.2f} s more than its {found} frames last: its end may be cut off."
            )
        if decoder.faults:
            self.notices.append(f"{decoder.faults} damaged pieces of the file are left out.")
        if self._spoilt:
            which = ", ".join(str(i) for i in self._spoilt[:5]) + (" ..." if len(self._spoilt) > 5 else "")
            self.notices.append(
                f"{len(self._spoilt)} frames are damaged, and so may be those that build on them: {which}."
            )
        self._faulty = bool(decoder.faults or self._spoilt)

    def _begin(self, frame: VideoFrame, pixel_aspect: Fraction | None) -> None:
        """Settles from the first frame how all are turned and scaled."""
        self._coded_size = (frame.width, frame.height)
        self._stored_size = square_size(frame.width, frame.height, pixel_aspect)
        self._turn = display_turn(frame)
        width, height = self._stored_size
        self.size = (height, width) if self._turn.swap else (width, height)
        if self._stored_size != self._coded_size and pixel_aspect is not None:
            self.notices.append(
                f"Pixel aspect {pixel_aspect.numerator}:{pixel_aspect.denominator}: frames are scaled from "
                f"{frame.width} x {frame.height} to {width} x {height}, so that pixels are square."
            )
        if self._turn != Turn():
            exact = "" if self._turn.exact else ", to the nearest quarter turn"
            self.notices.append(f"The frames are {self._turn}, as the file asks{exact}.")

    def _set_times(self, decoder: Decoder, fps: float | None) -> None:
        timing: Timing = frame_times(self._pts, decoder.stream.time_base, decoder.stream.average_rate, fps)
        self.times, self.fps = timing.times, timing.fps
        self.fps_given, self.variable_rate = timing.known, timing.variable
        self.notices.extend(timing.notices)

    def _picture(self, frame: VideoFrame) -> np.ndarray:
        width, height = self._stored_size
        return self._turn.apply(rgb(frame, width, height))

    def _read(self, index: int) -> np.ndarray:
        with self._lock:
            frame = self._cache.get(index)  # another thread may have been here meanwhile
            if frame is not None:
                return frame
            if self._closed:
                raise ClipError(f"The clip {self.name} has been closed.", "Open it again.")
            picture = self._advance(index, self._start_for(index))
            if picture is None and self._may_jump:
                self._may_jump = False
                picture = self._advance(index, self._restart())
            if picture is None and _stat(self.source) == self._stat:
                # Where data are damaged, what the decoder fills in need not be the same twice.
                self._faulty = True
                self.notices.append(
                    "Some frames are damaged: they do not look the same each time they are decoded."
                )
                picture = self._advance(index, self._restart())
            if picture is None:
                raise ClipError(f"{self.source} has changed since it was opened.", "Open it again.")
            return picture

    def _start_for(self, index: int) -> bool:
        """Brings the decoder to a place at or before the frame, moving it only where that is shorter."""
        key = max((k for k in self._keys if k <= index), default=0) if self._may_jump else 0
        if self._decoder is not None and key <= self._position <= index:
            return True
        pts = self._pts[key]
        if self._decoder is None or key == 0 or pts is None:
            self._restart()
        if key == 0 or pts is None or self._decoder is None:
            return True
        if not self._decoder.seek(pts):
            return False
        upcoming = self._decoder.frames()
        for frame in upcoming:
            if frame.pts == pts:
                self._upcoming, self._position = _put_back(frame, upcoming), key
                return True
            if frame.pts is None or frame.pts > pts:
                break
        return False

    def _restart(self) -> bool:
        self._drop_decoder()
        self._decoder = Decoder(self.source)
        self._upcoming = self._decoder.frames()
        self._position = 0
        return True

    def _advance(self, index: int, placed: bool) -> np.ndarray | None:
        """Decodes up to the frame and keeps what it passes; None where it is not what the first pass saw."""
        picture = None
        while placed and self._position <= index:
            frame = next(self._upcoming, None)
            if frame is None:
                return None
            picture = self._picture(frame)
            if _checksum(picture) != self._checksums[self._position] and not self._faulty:
                self._drop_decoder()
                return None
            self._cache.put(self._position, picture)
            self._position += 1
        return picture

    def _hash(self) -> str:
        return file_sha256(self.source)

    def close(self) -> None:
        """Closes the file and lets go of the frames in memory."""
        super().close()
        with self._lock:
            self._drop_decoder()
            self._cache.clear()

    def _drop_decoder(self) -> None:
        self._upcoming = iter(())
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None


def _stat(path: Path) -> tuple[int, int] | None:
    """Size and time of change, to tell whether a file is still the same; None where it is gone."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns


def _put_back(first: VideoFrame, rest: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    yield first
    yield from rest


def _checksum(picture: np.ndarray) -> int:
    return zlib.crc32(picture.data)
