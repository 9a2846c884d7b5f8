"""One pass over a video file, in the background if it is long: how many frames, when, where to jump to."""

from __future__ import annotations

import threading
import time
import zlib
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mrn_core.clip.base import Cancel, Facts, Progress
from mrn_core.clip.decoding import Decoder
from mrn_core.clip.orientation import Shape, rgb
from mrn_core.clip.timing import frame_times, missing_seconds
from mrn_core.errors import Cancelled, ClipError

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

Keep = Callable[[int, "VideoFrame", Shape], None]

_REORDERED = 16
"""Frames that a decoder may put out in another order than they are stored: H.264 and HEVC allow no more."""

AT_ONCE_SECONDS = 0.25
AT_ONCE_BYTES = 48 * 2**20
"""What is indexed before a clip is given out: a quarter of a second, or this many bytes of pictures if they
take longer. A short clip is whole then, however busy the machine is."""


class FrameIndex:
    """What decoding a file once from front to back tells of it, and how far that has come.

    Only a pass over the whole file gives a frame count that is true of every file. It is made by one
    thread; others may ask at any time, and see the frames found so far.

    Attributes:
        expected: how many frames the file leads one to expect; 0 where it is silent.
        shape: how the stored pictures become upright ones; settled by the first frame.
        checksums: of each frame as it was decoded.
        stamps: each frame's timestamp in ticks, or None.
        notices: what a careful reader should know; complete when ``whole`` is True.
        whole: whether the pass has come to the file's end.
        damaged: whether a part of the file could not be decoded, so that frames need not look the same twice.
    """

    def __init__(self, source: Path, fps: float | None) -> None:
        self.shape: Shape
        self.checksums: list[int] = []
        self.stamps: list[int | None] = []
        self.notices: list[str] = []
        self.whole = False
        self.damaged = False
        self._source, self._fps = source, fps
        self._keep: Keep
        self._decoder = Decoder(source)
        self._upcoming = self._decoder.frames()
        stream = self._decoder.stream
        # Asked for here: a stream must not be touched once its file is closed.
        self._announced, self._tick, self._rate = stream.frames, stream.time_base, stream.average_rate
        end = self._decoder.announced_end()
        guess = end * float(self._rate) if end is not None and self._rate else 0.0
        self.expected = self._announced or max(0, round(guess))
        self._pixel_aspect = stream.sample_aspect_ratio
        self._keys: list[int] = []
        self._spoilt: list[int] = []
        self._interlaced = self._other_sizes = 0
        self._facts: Facts | None = None
        self._failure: ClipError | None = None
        self._stopped = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    @property
    def known(self) -> int:
        """How many frames have been found so far."""
        return len(self.checksums)  # appended last of all that is kept of a frame

    def begin(self, keep: Keep, progress: Progress | None, cancel: Cancel | None) -> None:
        """Indexes for a moment, or to the end of a short clip, and goes on in the background.

        ``keep`` is called with each frame's index, the frame, and the shape, in the thread that decodes.

        Raises:
            ClipError: there is no frame.
            Cancelled: ``cancel`` said so.
        """
        self._keep = keep
        started = time.monotonic()
        try:
            while self._step():
                if cancel is not None and cancel():
                    raise Cancelled
                if progress is not None:
                    progress("index", self.known, self._total())
                width, height = self.shape.size
                enough = self.known * width * height * 3 >= AT_ONCE_BYTES
                if enough and time.monotonic() - started > AT_ONCE_SECONDS:
                    break
        except BaseException:
            self._decoder.close()
            raise
        if not self.whole:
            self._thread = threading.Thread(target=self._go_on, name="clip index", daemon=True)
            self._thread.start()

    def wait(
        self, frames: int | None = None, progress: Progress | None = None, cancel: Cancel | None = None
    ) -> None:
        """Waits until that many frames are known, or all where None or where there are fewer.

        Raises:
            ClipError: the pass has failed, or was stopped because the clip was closed.
            Cancelled: ``cancel`` said so; the pass goes on.
        """
        while not self.whole and (frames is None or self.known < frames):
            if self._failure is not None:
                raise self._failure
            if self._stopped:
                raise ClipError(
                    f"The clip {self._source.name} was closed before its frames were counted.",
                    "Open it again.",
                )
            if cancel is not None and cancel():
                raise Cancelled
            if progress is not None:
                progress("index", self.known, self._total())
            with self._changed:
                if not self.whole and self._failure is None and not self._stopped:
                    self._changed.wait(0.05)
        if progress is not None and self.whole:
            progress("index", self.known, self.known)

    def stop(self, patience: float = 5.0) -> None:
        """Ends the pass where it stands; what was found stays. Waits up to so many seconds for its thread."""
        self._stopped = True
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(patience)

    def facts(self) -> Facts:
        """Times, numbers and rate of the frames found so far; without waiting."""
        made = self._facts
        if made is not None:
            return made
        return self._timed(self.stamps[: self.known])[0]

    def key_before(self, frame: int, without: set[int]) -> int:
        """The last keyframe at or before a frame that is not among those to leave out; 0 if there is none."""
        for k in range(bisect_right(self._keys, frame) - 1, -1, -1):
            if self._keys[k] not in without:
                return self._keys[k]
        return 0

    def is_same(self, frame: int, decoded: VideoFrame) -> bool:
        """Whether a frame decoded again is what this pass saw."""
        return self.checksums[frame] == checksum(decoded)

    def _total(self) -> int:
        return max(self._announced, self.known) if self._announced else 0

    def _step(self) -> bool:
        """Takes in the next frame; False at the end, when all is said and known."""
        frame = next(self._upcoming, None)
        i = self.known
        if frame is None:
            self._finish()
            return False
        if i == 0:
            self.shape = Shape.of(frame, self._pixel_aspect)
            self.notices.extend(self.shape.notices())
        self._other_sizes += (frame.width, frame.height) != self.shape.coded
        self._interlaced += frame.interlaced_frame
        self.stamps.append(frame.pts)
        if frame.key_frame:
            self._keys.append(i)
        if frame.is_corrupt:
            self._spoilt.append(i)
        self.damaged = bool(self._decoder.faults or self._spoilt)
        self._keep(i, frame, self.shape)
        self.checksums.append(checksum(frame))
        return True

    def _go_on(self) -> None:
        try:
            while not self._stopped and self._step():
                pass
        except Exception as error:  # it must reach whoever waits, not a thread's last words
            self._failure = ClipError(
                f"Counting the frames of {self._source} failed ({type(error).__name__}: {error}).",
                "Open it again.",
            )
            self._failure.__cause__ = error
            self.notices.append(self._failure.what)
        finally:
            self._decoder.close()
            with self._changed:
                self._changed.notify_all()

    def _finish(self) -> None:
        if self.known == 0:
            raise ClipError(
                f"{self._source} gives no picture.",
                "It may be damaged; copy it again, or convert it to MP4 (H.264).",
            )
        left_out = self._leave_out_damaged_tail()
        self._facts, said = self._timed(self.stamps)
        self.damaged = bool(self._decoder.faults or self._spoilt)
        self._note_damage(self._facts.fps, left_out)
        if self._interlaced:
            self.notices.append(
                "The video is interlaced: each frame mixes two moments, seen as combs where something moves."
            )
        if self._other_sizes:
            self.notices.append(
                f"{self._other_sizes} frames have another size and are scaled to the first one's."
            )
        self.notices.extend(said)
        self._decoder.close()
        self.whole = True

    def _leave_out_damaged_tail(self) -> int:
        """Drops the last frames from the first damaged one on; returns how many.

        What a decoder makes of a piece of a frame is a picture that was never taken. Frames decoded by
        several threads do not always say that they are damaged, so the last group of pictures is decoded
        again by one, unless the file's own count is met.
        """
        found = self.known
        if self._announced != found:
            self._spoilt = sorted({*self._spoilt, *self._spoilt_at_the_end()})
        tail = [i for i in self._spoilt if i >= max(1, found - _REORDERED)]
        if not tail or (self._keys and self._keys[-1] > tail[0]):
            return 0
        del self.checksums[tail[0] :], self.stamps[tail[0] :]
        self._spoilt = [i for i in self._spoilt if i < tail[0]]
        return found - tail[0]

    def _spoilt_at_the_end(self) -> list[int]:
        at = {stamp: i for i, stamp in enumerate(self.stamps)}
        last_key = self.stamps[self._keys[-1]] if self._keys else None
        for start in (last_key, None):
            decoder = Decoder(self._source, threads=False)
            try:
                if start is not None and not decoder.seek(start):
                    continue
                found = {}
                for frame in decoder.frames():
                    if self._stopped:
                        return []
                    found[frame.pts] = frame.is_corrupt
            finally:
                decoder.close()
            if start is None or start in found:  # some formats jump past what was asked for
                break
        return [at[stamp] for stamp, spoilt in found.items() if spoilt and stamp in at]

    def _timed(self, stamps: list[int | None]) -> tuple[Facts, list[str]]:
        timing = frame_times(stamps, self._tick, self._rate, self._fps)
        numbers = np.arange(len(stamps), dtype=np.int64)
        return Facts(timing.times, numbers, timing.fps, timing.known, timing.variable), timing.notices

    def _note_damage(self, fps: float, left_out: int) -> None:
        """Says what of the file could not be read, as far as the file lets one know."""
        decoder, announced, found = self._decoder, self._announced, self.known
        lost = missing_seconds(self.stamps, self._tick, decoder.announced_end())
        if decoder.cut_short or left_out:
            of = f" of {announced}" if announced > found else ""
            more = f", {left_out} damaged ones are left out" if left_out else ""
            self.notices.append(
                f"The end of the file is damaged: its first {found}{of} frames are read{more}."
            )
        elif announced > found:
            self.notices.append(f"The file announces {announced} frames, and {found} can be read.")
        if announced == 0 and lost:
            self.notices.append(
                f"The file announces {lost:.2f} s more than its {found} frames last, about "
                f"{max(1, round(lost * fps))} frames: its end may be cut off."
            )
        if decoder.faults:
            self.notices.append(f"{decoder.faults} damaged pieces of the file are left out.")
        if self._spoilt:
            which = ", ".join(str(i) for i in self._spoilt[:5]) + (" ..." if len(self._spoilt) > 5 else "")
            self.notices.append(
                f"{len(self._spoilt)} frames are damaged, and so may be those that build on them: {which}."
            )


def checksum(frame: VideoFrame) -> int:
    """The CRC-32 of a frame's samples as the decoder gives them, without the padding of their lines.

    Converting every frame to RGB first would take several times as long as decoding it; that is done only
    for formats that pack several samples into one plane in ways of their own.
    """
    layout = frame.format
    made = zlib.crc32(f"{layout.name} {frame.width} {frame.height}".encode())
    if not layout.is_planar and not layout.name.startswith("gray"):
        return zlib.crc32(np.ascontiguousarray(rgb(frame, frame.width, frame.height)).data, made)
    sample = max(1, -(-layout.components[0].bits // 8))  # bytes
    for k, plane in enumerate(frame.planes):
        used = plane.width * sample * sum(component.plane == k for component in layout.components)
        lines = np.frombuffer(memoryview(plane), np.uint8)[: plane.height * plane.line_size]
        lines = lines.reshape(plane.height, plane.line_size)[:, :used]
        made = zlib.crc32(np.ascontiguousarray(lines).data, made)
    return made
