"""From a decoded frame to upright RGB with square pixels."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from av.video.frame import VideoFrame


class Turn(NamedTuple):
    """How a stored picture becomes upright: swap the axes first, then mirror."""

    swap: bool = False
    mirror_x: bool = False
    mirror_y: bool = False
    exact: bool = True

    def apply(self, picture: np.ndarray) -> np.ndarray:
        """The upright picture, ``(H, W, 3)``, contiguous."""
        if self.swap:
            picture = picture.transpose(1, 0, 2)
        if self.mirror_x:
            picture = picture[:, ::-1]
        if self.mirror_y:
            picture = picture[::-1]
        return np.ascontiguousarray(picture)

    def __str__(self) -> str:
        mirrored = self.swap ^ self.mirror_x ^ self.mirror_y
        quarter = 1 if self.swap and self.mirror_x else 3 if self.swap else 2 if self.mirror_y else 0
        words = ["mirrored"] if mirrored else []
        if quarter:
            words.append(f"turned by {90 * quarter} degrees clockwise")
        return " and ".join(words) or "left as they are"


class Shape(NamedTuple):
    """How the frames of a video become upright pictures with square pixels; the same for all of them.

    ``coded`` and ``stored`` are the width and height of a frame as it is coded, and with square pixels.
    """

    coded: tuple[int, int]
    stored: tuple[int, int]
    turn: Turn
    pixel_aspect: Fraction | None
    transparent: bool

    @classmethod
    def of(cls, frame: VideoFrame, pixel_aspect: Fraction | None) -> Shape:
        """What the first frame settles for all."""
        stored = square_size(frame.width, frame.height, pixel_aspect)
        transparent = any(component.is_alpha for component in frame.format.components)
        return cls((frame.width, frame.height), stored, display_turn(frame), pixel_aspect, transparent)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright picture."""
        width, height = self.stored
        return (height, width) if self.turn.swap else (width, height)

    def picture(self, frame: VideoFrame) -> np.ndarray:
        """The upright picture, ``(H, W, 3)`` uint8 RGB."""
        return self.turn.apply(rgb(frame, *self.stored))

    def notices(self) -> list[str]:
        """What is done to the pictures, in sentences."""
        said = []
        if self.stored != self.coded and self.pixel_aspect is not None:
            aspect = f"{self.pixel_aspect.numerator}:{self.pixel_aspect.denominator}"
            (width, height), (wide, high) = self.coded, self.stored
            said.append(
                f"Pixel aspect {aspect}: frames are scaled from {width} x {height} to {wide} x {high}, so "
                "that pixels are square."
            )
        if self.turn != Turn():
            exact = "" if self.turn.exact else ", to the nearest quarter turn"
            said.append(f"The frames are {self.turn}, as the file asks{exact}.")
        if self.transparent:
            said.append("The frames have transparency: it is dropped, the stored colours count.")
        return said


def display_turn(frame: VideoFrame) -> Turn:
    """What the frame's display matrix asks for, to the nearest quarter turn.

    A stored point (p, q) is shown at x = a p + c q, y = b p + d q (ISO/IEC 14496-12, 8.5.2.3);
    the matrix is stored as a, b, u, c, d, v, x, y, w in 16.16 fixed point.
    """
    from av.sidedata.sidedata import Type

    side_data: Any = frame.side_data  # its stub names one kind only
    matrix = side_data.get(Type.DISPLAYMATRIX)
    if matrix is None:
        return Turn()
    values = np.frombuffer(bytes(matrix), dtype="=i4")
    a, b, c, d = (float(values[i]) for i in (0, 1, 3, 4))
    if abs(b) + abs(c) > abs(a) + abs(d):
        return Turn(True, c < 0, b < 0, exact=a == d == 0)
    return Turn(False, a < 0, d < 0, exact=b == c == 0)


def square_size(width: int, height: int, pixel_aspect: Fraction | None) -> tuple[int, int]:
    """The stored picture's size with square pixels: the shorter side of a pixel is stretched."""
    if not pixel_aspect or not Fraction(1, 8) < pixel_aspect < 8:
        return width, height  # unknown, or a broken header
    if pixel_aspect > 1:
        return max(1, round(width * pixel_aspect)), height
    return width, max(1, round(height / pixel_aspect))


def rgb(frame: VideoFrame, width: int, height: int) -> np.ndarray:
    """The frame as ``(height, width, 3)`` uint8 RGB, scaled where its own size differs.

    The exact conversion is asked for: FFmpeg's usual one is 1 to 2 levels off in each colour, and
    differently on different processors.
    """
    from av.video.reformatter import Interpolation

    exact = Interpolation.FULL_CHR_H_INT | Interpolation.ACCURATE_RND | Interpolation.BITEXACT
    return frame.to_ndarray(
        format="rgb24", width=width, height=height, interpolation=Interpolation.BICUBIC | exact, threads=1
    )
