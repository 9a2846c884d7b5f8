"""Decoding a video file from front to back, and what can go wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mrn_core.errors import ClipError

if TYPE_CHECKING:
    from av.container.input import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_NOT_VIDEO = frozenset({"tty", "hls", "dash", "concat", "concatf", "ffmetadata", "sdp"})
"""Formats that FFmpeg reads and that are no recording: text drawn as pictures, lists of other files."""


class Decoder:
    """One open video file and its decoder, which gives frames in output (display) order.

    Frames come out in the order in which the decoder puts them out, the only order in which frame
    numbers mean the same for every file: timestamps and frame counts in headers are not always true.

    Attributes:
        faults: how many packets could not be decoded so far.
        cut_short: whether the file ends too early: in a piece of a packet, or with an error in reading.
    """

    def __init__(self, path: Path, threads: bool = True) -> None:
        """Opens the file; without threads, frames are decoded one at a time."""
        import av

        self.faults = 0
        self.cut_short = False
        self._path = path
        try:
            # Only files: a playlist under a video's name must not reach for the network.
            self._container: InputContainer = av.open(
                str(path), metadata_errors="replace", options={"protocol_whitelist": "file"}
            )
        except (av.FFmpegError, ValueError, OSError) as error:
            raise _no_video(path) from error
        if set(self._container.format.name.split(",")) & _NOT_VIDEO:
            self._container.close()
            raise _no_video(path)
        self.stream: VideoStream = self._first_stream()
        self.stream.thread_type = "AUTO" if threads else "NONE"
        self.cut_short = self._ends_in_a_piece()

    def _ends_in_a_piece(self) -> bool:
        """Whether an MPEG transport stream is no whole number of packets, the only trace of a cut in it."""
        if self._container.format.name != "mpegts":
            return False
        size = self._path.stat().st_size
        return all(size % packet for packet in (188, 192, 204))  # plain, with a clock, with a checksum

    def _first_stream(self) -> VideoStream:
        streams = [s for s in self._container.streams.video if not _is_cover(s)]
        if not streams or streams[0].codec_context is None:
            has_sound = bool(self._container.streams.audio)
            self._container.close()
            if has_sound:
                raise ClipError(f"{self._path} holds sound and no picture.", "Choose a video file.")
            raise _no_video(self._path)
        return streams[0]

    def frames(self) -> Iterator[VideoFrame]:
        """Every frame from where the file stands to its end, the ones that the decoder holds back included.

        A packet that cannot be decoded is counted in ``faults`` and passed over. A packet that was
        cut off is decoded only if others follow it: at the end it would give half a picture.
        """
        import av

        cut_off: list[Any] = []
        try:
            for packet in self._container.demux(self.stream):
                if packet.size == 0:  # the reader's sign of the end, or a dropped frame of an AVI
                    continue
                if packet.is_corrupt:
                    cut_off.append(packet)
                    continue
                for waiting in (*cut_off, packet):
                    yield from self._decode(waiting)
                cut_off.clear()
        except (av.FFmpegError, OSError):
            self.cut_short = True
        self.cut_short |= bool(cut_off)
        yield from self._decode(None)

    def _decode(self, packet: Any) -> list[VideoFrame]:
        import av

        try:
            return self.stream.codec_context.decode(packet)
        except av.error.EOFError:
            return []
        except (av.FFmpegError, ValueError):
            self.faults += 1
            return []

    def announced_end(self) -> float | None:
        """When the picture ends by what the file says, in seconds on its own clock; None if it is silent."""
        tag = re.fullmatch(r"(\d+):(\d+):(\d+(?:\.\d+)?)", self.stream.metadata.get("DURATION", ""))
        if tag is not None:
            return 3600 * int(tag[1]) + 60 * int(tag[2]) + float(tag[3])
        # A container's length is that of its longest stream, which sound may be.
        duration, start = self._container.duration, self._container.start_time
        if duration is None or self._container.streams.audio:
            return None
        return (duration + (start or 0)) / 1e6

    def seek(self, pts: int) -> bool:
        """Goes to the last keyframe at or before a timestamp of the stream; False where that fails."""
        import av

        try:
            self._container.seek(pts, stream=self.stream, backward=True)
        except (av.FFmpegError, OSError):
            return False
        return True

    def close(self) -> None:
        """Closes the file."""
        with suppress(Exception):
            self._container.close()


def _is_cover(stream: VideoStream) -> bool:
    """A picture on a sleeve, as sound files carry it."""
    from av.stream import Disposition

    return bool(stream.disposition & Disposition.attached_pic)


def _no_video(path: Path) -> ClipError:
    return ClipError(
        f"{path} is no video that can be read.",
        "It may be cut short or of another kind; copy it again, or convert it to MP4 (H.264).",
    )
