"""Which parts of the crop are read: patches around landmarks, or shares of a picture without them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SIZE = 224  # side of the crop, px

Patch = tuple[slice, slice]

# The points whose surroundings make up a region, patch by patch: the corners of a smiling mouth move
# against each other, so each patch has a motion of its own.
_POINTS: dict[str, tuple[tuple[int, ...], ...]] = {
    "brows": ((17, 18, 19), (20, 21), (22, 23), (24, 25, 26)),
    "eyes": ((36, 37, 38, 39, 40, 41), (42, 43, 44, 45, 46, 47)),
    "nose": ((27, 28, 29, 30),),
    "mouth": ((48, 60), (54, 64), (50, 51, 52, 62), (56, 57, 58, 66)),
}
# Pixels added to the left and right, above, and below a patch's points. Under the brows it is little:
# lids are there.
_AROUND = {"brows": (7, 9, 2), "eyes": (7, 7, 7), "nose": (7, 7, 7), "mouth": (7, 7, 7)}
_LIDS = (0, 2, 2)  # around an eye's points, for what a blink covers
# Where the patches lie in a picture that is a crop already and has no landmarks: (x0, y0, x1, y1), shares.
_SHARES: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "brows": (
        (0.18, 0.16, 0.34, 0.28),
        (0.34, 0.16, 0.48, 0.28),
        (0.52, 0.16, 0.66, 0.28),
        (0.66, 0.16, 0.82, 0.28),
    ),
    "eyes": ((0.22, 0.28, 0.44, 0.42), (0.56, 0.28, 0.78, 0.42)),
    "nose": ((0.42, 0.32, 0.58, 0.56),),
    "mouth": (
        (0.28, 0.64, 0.42, 0.80),
        (0.58, 0.64, 0.72, 0.80),
        (0.40, 0.62, 0.60, 0.72),
        (0.40, 0.74, 0.60, 0.84),
    ),
}


@dataclass(frozen=True)
class Regions:
    """Rows and columns of each region's patches, and of what lies between the lids of either eye."""

    patches: dict[str, tuple[Patch, ...]]
    lids: tuple[Patch, Patch]

    @classmethod
    def around(cls, landmarks: npt.NDArray[np.float64] | None) -> Regions:
        """Those of (68, 2) landmarks in the crop, or of a usual crop where there are none."""
        if landmarks is None:
            shares = {
                name: tuple(_slices(np.array(box) * SIZE) for box in boxes) for name, boxes in _SHARES.items()
            }
            return cls(shares, (shares["eyes"][0], shares["eyes"][1]))
        patches = {
            name: tuple(_box(landmarks, points, _AROUND[name]) for points in groups)
            for name, groups in _POINTS.items()
        }
        left, right = (_box(landmarks, points, _LIDS) for points in _POINTS["eyes"])
        return cls(patches, (left, right))


def _box(landmarks: npt.NDArray[np.float64], points: tuple[int, ...], around: tuple[int, int, int]) -> Patch:
    sides, above, below = around
    low, high = landmarks[list(points)].min(axis=0), landmarks[list(points)].max(axis=0)
    before, after = np.array((sides, above)), np.array((sides, below))
    return _slices(np.concatenate([low - before, high + after]))


def _slices(box: npt.NDArray[np.float64]) -> Patch:
    x0, y0, x1, y1 = np.clip(np.rint(box).astype(int), 0, SIZE)
    return slice(int(y0), max(int(y0) + 1, int(y1))), slice(int(x0), max(int(x0) + 1, int(x1)))
