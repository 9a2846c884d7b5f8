"""One picture file as RGB, whatever it stores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mrn_core.errors import ClipError

if TYPE_CHECKING:
    from PIL.Image import Image

_ORIENTATION = 0x0112
_FAULTS = (OSError, ValueError, SyntaxError, EOFError, MemoryError)
"""What Pillow raises for damaged files (a broken PNG is a SyntaxError there)."""


class Header(NamedTuple):
    """What is known of a picture without decoding it; ``size`` is the upright width and height."""

    size: tuple[int, int]
    turned: bool
    deep: bool
    transparent: bool


def read_header(path: Path) -> Header:
    """Reads a picture's size and what will be done to it.

    Raises:
        ClipError: it is no picture that can be read.
    """
    from PIL import Image

    try:
        with Image.open(path) as image:
            orientation = image.getexif().get(_ORIENTATION, 1)
            width, height = image.size
            if orientation in (5, 6, 7, 8):
                width, height = height, width
            clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
            return Header((width, height), orientation in range(2, 9), image.mode.startswith("I"), clear)
    except (*_FAULTS, Image.DecompressionBombError) as error:
        raise _unreadable(path, error) from error


def read_picture(path: Path) -> np.ndarray:
    """The picture upright as ``(H, W, 3)`` uint8 RGB.

    16-bit grey is scaled by 1/257, so that equal samples stay equal from frame to frame. Transparency
    is dropped: the stored colour counts.

    Raises:
        ClipError: it cannot be decoded, is cut short, or stores samples with no agreed scale.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as image:
            image.load()
            return _rgb(ImageOps.exif_transpose(image), image.format)
    except (*_FAULTS, Image.DecompressionBombError) as error:
        raise _unreadable(path, error) from error


def _rgb(image: Image, kind: str | None) -> np.ndarray:
    if image.mode == "F" or (image.mode == "I" and kind != "PNG"):
        raise ValueError("samples of 32 bits have no agreed white; save it with 8 or 16 bits")
    if image.mode.startswith("I"):
        grey = np.asarray(image).astype(np.float32) / 257.0
        return np.repeat(np.round(np.clip(grey, 0, 255)).astype(np.uint8)[..., None], 3, axis=2)
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA")
    return np.array(image.convert("RGB"))


def _unreadable(path: Path, error: BaseException) -> ClipError:
    reason = str(getattr(error, "strerror", None) or error).rstrip(".") or type(error).__name__
    if "cannot identify" in reason:
        reason = "it is not in a known picture format"
    return ClipError(f"The picture {path} cannot be read: {reason}.", "Copy it again, or remove it.")
