"""Where each pixel's bit of skin was in another frame: exact, from the triangles."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mrn_core.datasets.synthetic.camera import Camera
from mrn_core.datasets.synthetic.compiled import compiled
from mrn_core.datasets.synthetic.pack import head_pack, lip_sides
from mrn_core.datasets.synthetic.raster import CENTRE, rasterise
from mrn_core.datasets.synthetic.render import Placed

_FINE = 2  # samples a pixel along each side for finding what was hidden
_DEPTH = 0.02  # units that one surface may differ from itself within a pixel
_JUMP = 0.5  # pixels; neighbours that differ more were torn apart or hid something
_SEAM = 0.06  # units on the base mesh; neighbours that are further apart have a fold or an edge between them
_MIXED = 0.05  # pixels; an edge whose sides move against each other by more than this is mixed
_MIXED_REACH = 1  # pixels beside such an edge that the finite size of a pixel mixes too


def displacement(
    before: Placed, after: Placed, camera: Camera
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Where the surface seen at each pixel of ``after`` was in ``before``.

    after(x) = before(x + s(x)), up to the change of shading.

    Returns:
        s, (H, W, 2) float32, x and y in pixels, read at the destination; (H, W) bool, True where such a
        place exists: it was visible, and no border between parts that move against each other is near
        (lids over eyes, lips over teeth, the head before the wall).
    """
    pack = head_pack()
    height, width = camera.height, camera.width
    (seen,), (weights,), _ = rasterise(after.screen, pack.triangles, height, width, CENTRE)
    (front_before,), _, _ = rasterise(before.screen, pack.triangles, height, width, CENTRE)
    finer = before.screen.copy()
    finer[:, :2] = (finer[:, :2] + 0.5) * _FINE - 0.5
    _, _, (near,) = rasterise(finer, pack.triangles, height * _FINE, width * _FINE, CENTRE)
    field, visible, base = _trace(
        seen,
        weights,
        after.screen,
        before.screen,
        before.seen,
        pack.triangles,
        pack.vertices,
        near,
        front_before,
    )
    labels = np.where(seen < 0, -1, pack.parts[np.maximum(seen, 0)].astype(np.int64))
    lips = np.where(seen < 0, 0, lip_sides()[np.maximum(seen, 0)])
    return field, visible & ~_broken(field, labels, lips, base, visible)


@compiled
def _trace(
    seen: NDArray[np.int32],
    weights: NDArray[np.float64],
    screen: NDArray[np.float64],
    screen_before: NDArray[np.float64],
    seen_before: NDArray[np.float64],
    triangles: NDArray[np.int32],
    base_vertices: NDArray[np.float64],
    near: NDArray[np.float64],
    front_before: NDArray[np.int32],
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float32]]:
    height, width = seen.shape
    base = np.zeros((height, width, 3), np.float32)
    field = np.zeros((height, width, 2), np.float32)
    visible = np.zeros((height, width), np.bool_)
    for i in range(height):
        for j in range(width):
            f = seen[i, j]
            if f < 0:
                x, y, depth = float(j), float(i), 0.0
            else:
                a, b, c = triangles[f, 0], triangles[f, 1], triangles[f, 2]
                # Perspective: shares on the surface, from shares on the screen.
                u = weights[i, j, 0] * screen[a, 2]
                v = weights[i, j, 1] * screen[b, 2]
                w = (1.0 - weights[i, j, 0] - weights[i, j, 1]) * screen[c, 2]
                total = u + v + w
                u, v, w = u / total, v / total, w / total
                z = -(u * seen_before[a, 2] + v * seen_before[b, 2] + w * seen_before[c, 2])
                x = (
                    u * screen_before[a, 0] / screen_before[a, 2]
                    + v * screen_before[b, 0] / screen_before[b, 2]
                    + w * screen_before[c, 0] / screen_before[c, 2]
                ) / z
                y = (
                    u * screen_before[a, 1] / screen_before[a, 2]
                    + v * screen_before[b, 1] / screen_before[b, 2]
                    + w * screen_before[c, 1] / screen_before[c, 2]
                ) / z
                depth = 1.0 / z
                field[i, j, 0] = x - j
                field[i, j, 1] = y - i
                for k in range(3):
                    base[i, j, k] = (
                        u * base_vertices[a, k] + v * base_vertices[b, k] + w * base_vertices[c, k]
                    )
            column, row = int(np.floor(x + 0.5)), int(np.floor(y + 0.5))
            if 0 <= column < width and 0 <= row < height and front_before[row, column] == f:
                visible[i, j] = True
                continue
            fine_x = int(np.floor((x + 0.5) * _FINE - 0.5))
            fine_y = int(np.floor((y + 0.5) * _FINE - 0.5))
            if fine_x < 0 or fine_y < 0 or fine_x + 1 >= near.shape[1] or fine_y + 1 >= near.shape[0]:
                continue
            first, second = near[fine_y, fine_x], near[fine_y, fine_x + 1]
            third, fourth = near[fine_y + 1, fine_x], near[fine_y + 1, fine_x + 1]
            if f < 0:
                visible[i, j] = max(first, second, third, fourth) == 0.0
            else:
                visible[i, j] = depth >= min(first, second, third, fourth) - _DEPTH * depth * depth
    return field, visible, base


def _broken(
    field: NDArray[np.float32],
    labels: NDArray[np.int64],
    lips: NDArray[np.int8],
    base: NDArray[np.float32],
    visible: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """(H, W) pixels beside something hidden, beside a jump, or on a border that moves."""
    broken, mixed = np.zeros(labels.shape, bool), np.zeros(labels.shape, np.uint8)
    for rows, columns in ((0, 1), (1, 0), (1, 1), (1, -1)):
        one = (slice(rows, None), slice(max(columns, 0), columns if columns < 0 else None))
        two = (
            slice(None, -rows if rows else None),
            slice(max(-columns, 0), -columns if columns > 0 else None),
        )
        apart = np.linalg.norm(field[one] - field[two], axis=-1)
        edge = (labels[one] != labels[two]) | (np.linalg.norm(base[one] - base[two], axis=-1) > _SEAM)
        edge |= lips[one] * lips[two] < 0
        bad = (apart > _JUMP) | ~visible[one] | ~visible[two]
        for side in (one, two):
            broken[side] |= bad
            mixed[side] |= edge & (apart > _MIXED)
    reach = np.ones((2 * _MIXED_REACH + 1,) * 2, np.uint8)
    return broken | (cv2.dilate(mixed, reach) > 0)
