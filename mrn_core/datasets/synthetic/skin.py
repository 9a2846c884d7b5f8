"""What the skin of a made-up person looks like: tone, blotches, pores, brows, short hair, a shirt.

The picture is unrolled on a cylinder around the base head (the same for everyone), so it sticks
to the skin whatever the head's shape and expression, and has no seam where a camera looks.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mrn_core.datasets.synthetic.people import Identity

WIDTH, HEIGHT = 1400, 1000
_HALF_TURN = 2.0  # radians to either side; behind the ears the last column goes on
_TOP, _BOTTOM = 8.75, 4.85
# The cylinder's axis runs forwards from the neck up into the head, so that neither is stretched much.
_AXIS_Y, _AXIS_Z = (5.5, 6.5), (-0.55, 0.15)
_PER_UNIT = HEIGHT / (_TOP - _BOTTOM)

# Linear albedo from the lightest to the darkest skin.
_RAMP = np.array(
    ((0.62, 0.42, 0.32), (0.52, 0.32, 0.22), (0.38, 0.21, 0.13), (0.22, 0.11, 0.065), (0.105, 0.052, 0.032))
)
# Sizes of the blotches in units of 10 cm, and how much each changes the albedo.
_OCTAVES = ((0.6, 0.04), (0.22, 0.02), (0.10, 0.022), (0.045, 0.036), (0.022, 0.06))
_BROW_X, _BROW_Y = (0.10, 0.22, 0.36, 0.48, 0.58), (7.44, 7.475, 7.50, 7.485, 7.43)
_BROW_Z = 1.36
_HAIRLINES = {
    "short": (8.02, 8.04, 8.06, 7.86, 7.55, 7.15, 7.05, 7.0, 6.6, 6.2),
    "thick": (7.96, 7.95, 7.90, 7.68, 7.36, 7.0, 6.85, 6.55, 6.3, 6.2),
}


def unrolled(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Base-mesh points (..., 3) as texture coordinates (..., 2), x and y in texels."""
    angle = _angle(points)
    x = (angle / _HALF_TURN * 0.5 + 0.5) * (WIDTH - 1)
    y = (_TOP - points[..., 1]) / (_TOP - _BOTTOM) * (HEIGHT - 1)
    return np.stack([x, y], axis=-1)


def _angle(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(...,) radians about the axis, 0 straight ahead, positive on the subject's left."""
    axis = np.interp(points[..., 1], _AXIS_Y, _AXIS_Z)
    return np.asarray(np.arctan2(points[..., 0], points[..., 2] - axis))


def skin_tone(person: Identity) -> NDArray[np.float64]:
    """(3,) the mean linear albedo."""
    at = person.tone * (len(_RAMP) - 1)
    low = min(int(at), len(_RAMP) - 2)
    return _RAMP[low] + (at - low) * (_RAMP[low + 1] - _RAMP[low])


def skin_texture(person: Identity) -> NDArray[np.float32]:
    """(HEIGHT, WIDTH, 4) float32: linear albedo of skin, brows and shirt, and the share of hair."""
    rng = np.random.default_rng([person.seed, 0x5C1])
    tone = skin_tone(person)
    light = np.zeros((HEIGHT, WIDTH), np.float32)
    for size, amount in _OCTAVES:
        light += amount * (0.85 + 0.65 * person.roughness) * _blotches(rng, size)
    picture = (tone * np.exp(light)[..., None]).astype(np.float32)
    _redden(picture, person, rng)
    _freckle(picture, person, rng)
    _brows(picture, person, rng)
    _shirt(picture, person, rng)
    hair = _hair(person, rng)
    return np.ascontiguousarray(np.concatenate([picture, hair[..., None]], axis=-1))


def hair_at(person: Identity, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(V,) 0 to 1: how far inside the hairline base-mesh points lie, for lifting the hair."""
    angle = np.abs(_angle(points))
    height = points[:, 1] - _hairline(person, angle)
    return np.clip(height / 0.25, 0.0, 1.0) ** 1.5


def _blotches(rng: np.random.Generator, size: float, stretch: float = 1.0) -> NDArray[np.float32]:
    """(HEIGHT, WIDTH) smooth noise of unit spread whose grains are about ``size`` units wide."""
    step = size * _PER_UNIT
    grid = (int(HEIGHT / (step * stretch)) + 3, int(WIDTH / step) + 3)
    noise = rng.standard_normal(grid).astype(np.float32)
    large = cv2.resize(noise, None, fx=step, fy=step * stretch, interpolation=cv2.INTER_CUBIC)
    return np.asarray(large[:HEIGHT, :WIDTH], np.float32)


def _spot(x: float, y: float, z: float, across: float, up: float) -> NDArray[np.float32]:
    """A soft spot around a base-mesh point: 1 there, falling off like a bell."""
    centre = unrolled(np.array((x, y, z)))
    columns = (np.arange(WIDTH) - centre[0]) / (across * _PER_UNIT)
    rows = (np.arange(HEIGHT) - centre[1]) / (up * _PER_UNIT)
    return np.exp(-0.5 * (rows[:, None] ** 2 + columns[None, :] ** 2)).astype(np.float32)


def _redden(picture: NDArray[np.float32], person: Identity, rng: np.random.Generator) -> None:
    """Cheeks, nose and chin have more blood, eye sockets less light."""
    red = 0.9 * (_spot(0.42, 6.95, 1.15, 0.2, 0.17) + _spot(-0.42, 6.95, 1.15, 0.2, 0.17))
    red += 0.9 * _spot(0, 6.95, 1.6, 0.12, 0.12) + 0.4 * _spot(0, 6.25, 1.4, 0.2, 0.12)
    amount = (0.10 + 0.16 * person.redness) * red * (1 + 0.3 * _blotches(rng, 0.06))
    picture[..., 1] *= np.exp(-amount)
    picture[..., 2] *= np.exp(-0.8 * amount)
    for side in (-1, 1):
        picture *= np.exp(-0.16 * _spot(0.3 * side, 7.22, 1.3, 0.16, 0.09))[..., None]


def _freckle(picture: NDArray[np.float32], person: Identity, rng: np.random.Generator) -> None:
    """Small darker spots; everybody has a few."""
    count = int(25 + 500 * person.freckles)
    layer = np.zeros((HEIGHT, WIDTH), np.float32)
    for x, y, size, depth in zip(
        rng.normal(WIDTH / 2, WIDTH / 7, count),
        rng.normal(HEIGHT * 0.45, HEIGHT / 6, count),
        rng.uniform(1.2, 3.2, count),
        rng.uniform(0.15, 0.6, count),
        strict=True,
    ):
        cv2.circle(
            layer, (round(16 * x), round(16 * y)), round(16 * size), float(depth), -1, cv2.LINE_AA, shift=4
        )
    soft = cv2.GaussianBlur(layer, (0, 0), 1.2)
    picture *= np.exp(-soft[..., None] * np.array((0.5, 0.8, 1.0), np.float32))


def _brows(picture: NDArray[np.float32], person: Identity, rng: np.random.Generator) -> None:
    """Two rows of short hairs along a curve, leaning outwards."""
    thickness, density, arch = person.brow
    colour = (0.6 * np.array(person.hair) + 0.4 * np.array((0.012, 0.009, 0.007))).astype(np.float32)
    layer = np.zeros((HEIGHT, WIDTH), np.float32)
    for side in (-1, 1):
        for _ in range(int(260 + 260 * density)):
            along = rng.random()
            x = 0.10 + 0.48 * along
            bend = (arch - 0.5) * 0.06 * np.sin(np.pi * along)
            y = np.interp(x, _BROW_X, _BROW_Y) + bend - 0.03
            half = (0.014 + 0.026 * thickness) * (1 - 0.75 * along**2) * min(1.0, 0.55 + 3 * along)
            y += rng.uniform(-half, half)
            z = _BROW_Z - 0.75 * x**2
            length = rng.uniform(0.04, 0.075)
            lean = np.deg2rad(80 - 95 * min(1.0, along * 1.6) + rng.normal() * 12)
            start = unrolled(np.array((side * x, y, z)))
            end = unrolled(
                np.array((side * (x + length * np.cos(lean)), y + length * np.sin(lean), z - 0.3 * length))
            )
            first, last = np.rint(start * 16).astype(int), np.rint(end * 16).astype(int)
            cv2.line(layer, tuple(first.tolist()), tuple(last.tolist()), 1.0, 1, cv2.LINE_AA, shift=4)
    layer = np.clip(cv2.GaussianBlur(layer, (0, 0), 1.3) * (0.75 + 0.35 * density), 0, 0.95)
    picture += layer[..., None] * (colour - picture)


def _shirt(picture: NDArray[np.float32], person: Identity, rng: np.random.Generator) -> None:
    """Cloth below a round neckline."""
    angle = (np.arange(WIDTH) / (WIDTH - 1) * 2 - 1) * _HALF_TURN
    line = 5.72 - 0.22 * np.exp(-0.5 * (angle / 0.6) ** 2)
    heights = _TOP - np.arange(HEIGHT) / (HEIGHT - 1) * (_TOP - _BOTTOM)
    inside = np.clip((line[None, :] - heights[:, None]) * _PER_UNIT / 4, 0, 1).astype(np.float32)
    weave = np.exp(0.06 * _blotches(rng, 0.03) + 0.05 * _blotches(rng, 0.3))
    cloth = np.array(person.cloth, np.float32) * weave[..., None]
    picture += inside[..., None] * (cloth - picture)


def _hairline(person: Identity, angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Height of the hairline at an angle from straight ahead: forehead, temples, before the ears."""
    shift = 0.07 * person.hairline
    corners = (0.0, 0.35, 0.62, 0.85, 1.05, 1.25, 1.45, 1.7, 2.0, 3.2)
    heights = np.array(_HAIRLINES["thick" if person.hair_style == "thick" else "short"])
    heights += shift * np.array((1, 1, 1, 0.7, 0.3, 0, 0, 0, 0, 0))
    return np.interp(angle, corners, heights)


def _hair(person: Identity, rng: np.random.Generator) -> NDArray[np.float32]:
    """(HEIGHT, WIDTH) share of hair; a shaved head shows a faint shadow of it."""
    angle = np.abs((np.arange(WIDTH) / (WIDTH - 1) * 2 - 1) * _HALF_TURN)
    heights = _TOP - np.arange(HEIGHT) / (HEIGHT - 1) * (_TOP - _BOTTOM)
    ragged = 0.025 * _blotches(rng, 0.06) + 0.02 * _blotches(rng, 0.014, 4)
    above = heights[:, None] + ragged - _hairline(person, angle)[None, :]
    share = np.clip(above / 0.13 + 0.4, 0, 1)
    streaks = np.clip(1.0 + 0.10 * _blotches(rng, 0.014, 8), 0.7, 1.2)
    dense = {"shaved": 0.35, "crop": 0.88, "full": 0.96, "thick": 0.97}[person.hair_style]
    return (np.clip(share * streaks, 0, 1) * dense).astype(np.float32)
