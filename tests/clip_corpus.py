"""Clips of every container, codec and fault, with each frame's number drawn into it for a program to read."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
from PIL import Image

SIZE = (144, 96)
COUNT = 120
COLUMNS, ROWS = 6, 4  # twelve bits, and below them their opposites
CUTS = tuple(round(0.32 + 0.07 * k, 2) for k in range(10))
"""What of a file is left where it is cut off; less than a third may hold no picture at all."""


def drawn(number: int, size: tuple[int, int] = SIZE) -> np.ndarray:
    """A picture ``(H, W, 3)`` uint8 that says its number in blocks, over a ground that moves."""
    width, height = size
    y, x = np.mgrid[:height, :width]
    ground = 96 + 48 * np.sin((x + 3 * number) / 9) + 32 * np.cos((y - 2 * number) / 7)
    picture = np.stack([ground, ground * 0.9 + 10, ground * 0.8 + 20], axis=-1)
    for cell in range(COLUMNS * ROWS):
        bit = number >> cell % 12 & 1
        picture[_block(cell, size, 0.12)] = 235 if bit != (cell >= 12) else 20
    return picture.clip(0, 255).astype(np.uint8)


def number_in(picture: np.ndarray) -> int:
    """The number that is drawn in a picture of any size; -1 where the blocks contradict their opposites."""
    size = (picture.shape[1], picture.shape[0])
    lit = [float(picture[_block(cell, size, 0.3)].mean()) > 128 for cell in range(COLUMNS * ROWS)]
    if any(lit[k] == lit[k + 12] for k in range(12)):
        return -1
    return sum(lit[k] << k for k in range(12))


def _block(cell: int, size: tuple[int, int], margin: float) -> tuple[slice, slice]:
    row, column = divmod(cell, COLUMNS)
    wide, high = size[0] / COLUMNS, size[1] / ROWS
    return (
        slice(round((row + margin) * high), round((row + 1 - margin) * high)),
        slice(round((column + margin) * wide), round((column + 1 - margin) * wide)),
    )


TAIL = 4
"""Frames at a damaged end that two decoders may well treat differently: shown, repeated, dropped."""


@dataclass(frozen=True)
class Case:
    """One clip of the corpus.

    ``numbers`` are the drawn numbers in the order of the frames, or None where only decoding can tell (a file
    that is cut short). ``own`` are a folder's own numbers, ``encoder`` is what must be there, ``said`` a word
    that must stand in the notices.
    """

    name: str
    make: Callable[[Path], Path]
    numbers: tuple[int, ...] | None = tuple(range(COUNT))
    own: tuple[int, ...] | None = None
    encoder: str | None = None
    said: str = ""


def has_encoder(name: str | None) -> bool:
    """Whether PyAV's libraries can encode this."""
    if name is None:
        return True
    try:
        av.codec.Codec(name, "w")
    except (av.FFmpegError, ValueError):
        return False
    return True


def encode(
    name: str,
    codec: str,
    folder: Path,
    *,
    pix_fmt: str = "yuv420p",
    size: tuple[int, int] = SIZE,
    rate: int = 25,
    stamps: Iterable[int] | None = None,
    turn: int = 0,
    aspect: Fraction | None = None,
    front: bool = False,
    options: dict[str, str] | None = None,
    after: Callable[[Path], None] | None = None,
) -> Path:
    """Writes frames 0 to 119, at a rate or at stamps in milliseconds; stored turned by quarters."""
    path = folder / name
    with av.open(str(path), "w", options={"movflags": "+faststart"} if front else {}) as out:
        stream = out.add_stream(codec, rate=rate, options=options or {})
        stream.width, stream.height = size if turn % 2 == 0 else size[::-1]
        stream.pix_fmt = pix_fmt
        stream.codec_context.thread_count = 1
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        when = list(stamps) if stamps is not None else None
        if when is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        for k in range(COUNT):
            pixels = np.ascontiguousarray(np.rot90(drawn(k, size), turn))
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            if when is not None:
                frame.pts, frame.time_base = when[k], Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    if after is not None:
        after(path)
    return path


def _turn_header(quarters: int, path: Path) -> None:
    """Makes a track header ask for clockwise quarter turns (ISO/IEC 14496-12, 8.3.2)."""
    one, w = 1 << 16, 1 << 30
    matrix = {
        1: (0, one, 0, -one, 0, 0, SIZE[0] * one, 0, w),
        2: (-one, 0, 0, 0, -one, 0, SIZE[0] * one, SIZE[1] * one, w),
    }[quarters]
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 44
    data[at : at + 36] = struct.pack(">9i", *matrix)
    path.write_bytes(data)


SKIPPED = 12


def _skip_first(path: Path) -> None:
    """Makes the edit list begin 12 frames into the track (ISO/IEC 14496-12, 8.6.6)."""
    data = bytearray(path.read_bytes())
    at = data.index(b"elst") + 12
    length, start = struct.unpack_from(">Ii", data, at)
    scale = struct.unpack_from(">I", data, data.index(b"mdhd") + 16)[0]
    struct.pack_into(">Ii", data, at, length - SKIPPED * 1000 // 25, start + SKIPPED * scale // 25)
    path.write_bytes(data)


def _cut(share: float, make: Callable[[Path], Path], folder: Path) -> Path:
    path = make(folder)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def _pictures(
    name: str,
    names: list[str],
    folder: Path,
    convert: Callable[[Image.Image], Image.Image] | None = None,
    litter: bool = False,
    orientation: int = 1,
) -> Path:
    """A folder of pictures by their names, each with its position drawn in."""
    path = folder / name
    path.mkdir()
    for k, own in enumerate(names):
        image = Image.fromarray(np.ascontiguousarray(np.rot90(drawn(k), 1 if orientation == 6 else 0)))
        exif = Image.Exif()
        exif[0x0112] = orientation
        extra = {"exif": exif} if orientation != 1 else {}
        (convert(image) if convert else image).save(path / own, **extra)
    if litter:
        for other in ("Thumbs.db", ".DS_Store", "._img1.jpg", "desktop.ini", "ehthumbs.db"):
            (path / other).write_bytes(b"\0\5\26\7 not a picture")
        (path / "__MACOSX").mkdir()
    return path


def _deep(image: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)


def _folder(name: str, names: Iterable[str], own: Iterable[int], **options: object) -> Case:
    names = list(names)
    make = partial(_pictures, name, names, **options)
    return Case(f"folder: {name}", make, tuple(range(len(names))), own=tuple(own))


def folders() -> list[Case]:
    """A case for each convention by which research sets name and store their pictures."""
    n = range(60)
    suffixes = ["jpg", "PNG", "bmp", "TIF", "Jpeg", "tiff"]
    gaps = [k + 7 * (k // 20) for k in n]
    plain = partial(_folder, names=[f"{k}.png" for k in n], own=n)
    return [
        _folder("unpadded", [f"img{46 + k}.jpg" for k in n], range(46, 106)),
        _folder("prefixed", [f"reg_s01_{k:05}.png" for k in n], n),
        _folder("mixed types", [f"f{k}.{suffixes[k % 6]}" for k in n], n),
        plain("16-bit grey", convert=_deep),
        _folder("16-bit grey tif", [f"{k}.tif" for k in n], n, convert=_deep),
        _folder("cmyk", [f"{k}.jpg" for k in n], n, convert=lambda image: image.convert("CMYK")),
        plain("palette", convert=lambda image: image.convert("P")),
        plain("alpha", convert=lambda image: image.convert("RGBA")),
        _folder("turned by exif", [f"{k}.jpg" for k in n], n, orientation=6),
        _folder("gaps", [f"img{k}.jpg" for k in gaps], gaps),
        _folder("litter", [f"img{k}.jpg" for k in n], n, litter=True),
        _folder("微 表情 é 50% #1", [f"Bild {k} é.png" for k in n], n),
    ]


def videos() -> list[Case]:
    """A case for each container, codec and quirk."""
    uneven = np.cumsum([0, *[33] * 40, *[100] * 40, *[17, 20, 23] * 14])[:COUNT].tolist()
    h264 = {"g": "12", "bf": "3"}
    no_b = {"g": "12", "bf": "0"}
    open_gop = {"x264-params": "open-gop=1:scenecut=0:keyint=12:bframes=3:b-pyramid=2"}
    x265 = "log-level=none:keyint=12:bframes=4:pools=1:frame-threads=1"
    svt = {"preset": "10", "g": "16", "svtav1-params": "lp=1"}

    def case(name: str, file: str, codec: str, **options: object) -> Case:
        numbers = options.pop("numbers", tuple(range(COUNT)))
        said = options.pop("said", "")
        return Case(name, partial(encode, file, codec, **options), numbers, encoder=codec, said=said)

    return [
        case("H.264, B-frames, MP4", "b.mp4", "libx264", options=h264),
        case("H.264, open GOP, MKV", "open.mkv", "libx264", options=open_gop),
        case("H.264, open GOP, MP4", "open.mp4", "libx264", options=open_gop),
        case("H.264, one keyframe", "one.mp4", "libx264", options={"g": "999", "bf": "2"}),
        case("H.264, intra refresh", "refresh.mkv", "libx264", options={"g": "15", "intra-refresh": "1"}),
        case("HEVC, open GOP, MP4", "h.mp4", "libx265", options={"x265-params": x265}),
        case("HEVC, MKV", "h.mkv", "libx265", options={"x265-params": x265 + ":open-gop=0"}),
        case(
            "VP9, WebM without a count", "v9.webm", "libvpx-vp9", options={"g": "16", "deadline": "realtime"}
        ),
        case(
            "VP9, hidden frames",
            "alt.webm",
            "libvpx-vp9",
            options={"g": "30", "auto-alt-ref": "1", "lag-in-frames": "16", "cpu-used": "5"},
        ),
        case("VP8, WebM without a count", "v8.webm", "libvpx", options={"g": "16", "cpu-used": "8"}),
        case("AV1, MP4", "a.mp4", "libsvtav1", options=svt),
        case("AV1, MKV", "a.mkv", "libsvtav1", options=svt),
        case("AV1 by libaom, MKV", "aom.mkv", "libaom-av1", options={"g": "16", "cpu-used": "8"}),
        case("MPEG-4, B-frames, AVI", "b.avi", "mpeg4", options={"g": "12", "bf": "2"}),
        case("MPEG-4, B-frames, MP4", "m.mp4", "mpeg4", options={"g": "12", "bf": "2"}),
        case("MJPEG, AVI", "j.avi", "mjpeg", pix_fmt="yuvj420p"),
        case("MJPEG, MOV", "j.mov", "mjpeg", pix_fmt="yuvj420p"),
        case("variable rate, MKV", "vfr.mkv", "libx264", options=h264, stamps=uneven, said="varies"),
        case("variable rate, MP4", "vfr.mp4", "libx264", options=h264, stamps=uneven, said="varies"),
        case(
            "1000 fps by the header",
            "k.mp4",
            "libx264",
            rate=1000,
            options=h264,
            stamps=[5 * k for k in range(COUNT)],
        ),
        case("TS without a count", "t.ts", "libx264", options=h264),
        case("MPEG-2, TS", "m.ts", "mpeg2video", options={"g": "12", "bf": "2"}),
        case("MPEG-2, program stream", "m.mpg", "mpeg2video", options={"g": "12", "bf": "2"}),
        case("MPEG-1", "m1.mpg", "mpeg1video", options={"g": "12", "bf": "2"}),
        case(
            "edit list, MP4",
            "edit.mp4",
            "libx264",
            options=no_b,
            after=_skip_first,
            numbers=tuple(range(SKIPPED, COUNT)),
        ),
        case("10-bit H.264", "ten.mp4", "libx264", pix_fmt="yuv420p10le", options=h264),
        case("10-bit HEVC", "ten.mkv", "libx265", pix_fmt="yuv420p10le", options={"x265-params": x265}),
        case("grey H.264", "grey.mp4", "libx264", pix_fmt="gray", options=h264),
        case("grey FFV1", "grey.mkv", "ffv1", pix_fmt="gray"),
        case("10-bit grey FFV1", "grey10.mkv", "ffv1", pix_fmt="gray10le"),
        case(
            "turned by 90 degrees",
            "r90.mp4",
            "libx264",
            turn=1,
            options=h264,
            after=partial(_turn_header, 1),
            said="turned by 90",
        ),
        case(
            "turned by 180 degrees",
            "r180.mp4",
            "libx264",
            turn=2,
            options=h264,
            after=partial(_turn_header, 2),
            said="turned by 180",
        ),
        case("odd size, H.264", "odd.mp4", "libx264", size=(147, 99), pix_fmt="yuv444p", options=h264),
        case("odd size, VP9", "odd.webm", "libvpx-vp9", size=(147, 99), options={"deadline": "realtime"}),
        case("interlaced", "i.mp4", "libx264", options={**h264, "flags": "+ilme+ildct"}, said="interlaced"),
        case("pixel aspect 2:1", "wide.mp4", "libx264", aspect=Fraction(2), options=h264, said="aspect 2:1"),
        case("alpha, QuickTime RLE", "alpha.mov", "qtrle", pix_fmt="argb", said="transparency"),
        case("alpha, FFV1", "alpha.mkv", "ffv1", pix_fmt="yuva420p", said="transparency"),
        case("ProRes, MOV", "p.mov", "prores_ks", pix_fmt="yuv422p10le"),
        case("WMV", "w.wmv", "wmv2", options={"g": "12"}),
        case("MS-MPEG-4, AVI", "ms.avi", "msmpeg4v3", options={"g": "12"}),
        case("Sorenson, FLV", "s.flv", "flv", options={"g": "12"}),
        case("HuffYUV, AVI", "huff.avi", "huffyuv", pix_fmt="yuv422p"),
        case("Ut Video, AVI", "ut.avi", "utvideo", pix_fmt="gbrp"),
        case("raw, AVI", "raw.avi", "rawvideo"),
        case("GIF", "g.gif", "gif", pix_fmt="rgb8"),
    ]


def cut_short() -> list[Case]:
    """Files of four containers, cut off at ten places each."""
    makers = {
        "mp4": partial(encode, "cut.mp4", "libx264", front=True, options={"g": "12", "bf": "2"}),
        "mkv": partial(encode, "cut.mkv", "libx264", options={"g": "12", "bf": "2"}),
        "ts": partial(encode, "cut.ts", "libx264", options={"g": "12", "bf": "2"}),
        "avi": partial(encode, "cut.avi", "mpeg4", options={"g": "12", "bf": "2"}),
    }
    return [
        Case(f"{kind} cut at {share:.0%}", partial(_cut, share, make), None)
        for kind, make in makers.items()
        for share in CUTS
    ]


def corpus() -> list[Case]:
    """All cases."""
    return [*videos(), *cut_short(), *folders()]
