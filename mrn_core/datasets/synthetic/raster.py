"""Which triangle of a mesh each sample of a picture sees.

Compiled with numba, in double precision and without reordering of sums: the same input gives the
same bits. Pixel centres lie on whole numbers, x to the right and y down.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mrn_core.datasets.synthetic.compiled import compiled

SCREEN_X, SCREEN_Y, SCREEN_W = 0, 1, 2
"""Columns of projected vertices: x and y in pixels, and 1 / distance."""


CENTRE = np.zeros((1, 2))
"""One sample a pixel, in its middle."""


def sample_offsets(count: int) -> NDArray[np.float64]:
    """(count, 2) where in a pixel the light is sampled, x and y from its middle.

    No two samples share a row or a column of a count x count grid, so that edges of every direction
    are met at ``count`` places, where a square grid of as many samples has the root of it.
    """
    # Multiples of a number that has no factor in common with count + 1 run through all rows once.
    step = min(
        (s for s in range(1, count + 1) if np.gcd(s, count + 1) == 1), key=lambda s: abs(s - 0.4 * count)
    )
    places = (np.arange(count) + 0.5) / count - 0.5
    return np.stack([places, places[step * np.arange(1, count + 1) % (count + 1) - 1]], axis=-1)


@compiled
def rasterise(
    screen: NDArray[np.float64],
    triangles: NDArray[np.int32],
    height: int,
    width: int,
    offsets: NDArray[np.float64],
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    """The nearest front-facing triangle at each of S samples a pixel.

    Args:
        screen: (V, 3), see SCREEN_X and following, in pixels.
        triangles: (F, 3), counter-clockwise from outside.
        offsets: (S, 2), see :func:`sample_offsets`.

    Returns:
        (S, H, W) int32 triangle or -1; (S, H, W, 2) the first two barycentric weights, linear on the
        screen; (S, H, W) 1 / distance, 0 where nothing is.
    """
    count = offsets.shape[0]
    seen = np.full((count, height, width), -1, np.int32)
    weights = np.zeros((count, height, width, 2))
    near = np.zeros((count, height, width))
    for f in range(triangles.shape[0]):
        a, b, c = triangles[f, 0], triangles[f, 1], triangles[f, 2]
        area = (screen[b, 0] - screen[a, 0]) * (screen[c, 1] - screen[a, 1]) - (
            screen[b, 1] - screen[a, 1]
        ) * (screen[c, 0] - screen[a, 0])
        if area >= -1e-12:  # y points down: front faces turn the other way
            continue
        inverse = 1.0 / area
        for s in range(count):
            ax, ay = screen[a, 0] - offsets[s, 0], screen[a, 1] - offsets[s, 1]
            bx, by = screen[b, 0] - offsets[s, 0], screen[b, 1] - offsets[s, 1]
            cx, cy = screen[c, 0] - offsets[s, 0], screen[c, 1] - offsets[s, 1]
            left = max(0, int(np.ceil(min(ax, bx, cx))))
            right = min(width - 1, int(np.floor(max(ax, bx, cx))))
            top = max(0, int(np.ceil(min(ay, by, cy))))
            bottom = min(height - 1, int(np.floor(max(ay, by, cy))))
            for y in range(top, bottom + 1):
                for x in range(left, right + 1):
                    u = ((bx - x) * (cy - y) - (by - y) * (cx - x)) * inverse
                    v = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) * inverse
                    w = 1.0 - u - v
                    if u < 0.0 or v < 0.0 or w < 0.0:
                        continue
                    depth = u * screen[a, 2] + v * screen[b, 2] + w * screen[c, 2]
                    if depth > near[s, y, x]:
                        near[s, y, x] = depth
                        seen[s, y, x] = f
                        weights[s, y, x, 0] = u
                        weights[s, y, x, 1] = v
    return seen, weights, near


@compiled
def vertex_normals(vertices: NDArray[np.float64], triangles: NDArray[np.int32]) -> NDArray[np.float64]:
    """(V, 3) unit normals, faces weighted by their area; zero for a vertex of no triangle."""
    normals = np.zeros(vertices.shape)
    for f in range(triangles.shape[0]):
        a, b, c = triangles[f, 0], triangles[f, 1], triangles[f, 2]
        e1 = vertices[b] - vertices[a]
        e2 = vertices[c] - vertices[a]
        n0 = e1[1] * e2[2] - e1[2] * e2[1]
        n1 = e1[2] * e2[0] - e1[0] * e2[2]
        n2 = e1[0] * e2[1] - e1[1] * e2[0]
        for k in (a, b, c):
            normals[k, 0] += n0
            normals[k, 1] += n1
            normals[k, 2] += n2
    _set_length_one(normals)
    return normals


@compiled
def softened(normals: NDArray[np.float64], triangles: NDArray[np.int32]) -> NDArray[np.float64]:
    """(V, 3) unit normals averaged with their neighbours': skin scatters light over some millimetres."""
    mean = normals.copy()
    for f in range(triangles.shape[0]):
        a, b, c = triangles[f, 0], triangles[f, 1], triangles[f, 2]
        for k in range(3):
            total = normals[a, k] + normals[b, k] + normals[c, k]
            mean[a, k] += total
            mean[b, k] += total
            mean[c, k] += total
    _set_length_one(mean)
    return mean


@compiled
def _set_length_one(vectors: NDArray[np.float64]) -> None:
    for k in range(vectors.shape[0]):
        length = np.sqrt(vectors[k, 0] ** 2 + vectors[k, 1] ** 2 + vectors[k, 2] ** 2)
        if length > 0.0:
            vectors[k] /= length


@compiled
def edges(
    seen: NDArray[np.int32], near: NDArray[np.float64], labels: NDArray[np.int64], jump: float
) -> tuple[NDArray[np.int32], int]:
    """The pixels that an edge crosses: there a few samples are not enough.

    Args:
        seen, near: what :func:`rasterise` gave for S samples.
        labels: (F,) whose borders are edges wherever they are seen.
        jump: difference of 1 / distance that is one as well.

    Returns:
        (H, W) int32, the number of the edge pixel or -1, and how many there are.
    """
    count, height, width = seen.shape
    low, high = np.empty((height, width)), np.empty((height, width))
    mixed = np.zeros((height, width), np.bool_)
    first = np.empty((height, width), np.int64)
    for i in range(height):
        for j in range(width):
            low[i, j] = high[i, j] = near[0, i, j]
            first[i, j] = -1 if seen[0, i, j] < 0 else labels[seen[0, i, j]]
            for s in range(1, count):
                low[i, j] = min(low[i, j], near[s, i, j])
                high[i, j] = max(high[i, j], near[s, i, j])
                label = -1 if seen[s, i, j] < 0 else labels[seen[s, i, j]]
                mixed[i, j] = mixed[i, j] or label != first[i, j]
    index = np.full((height, width), -1, np.int32)
    number = 0
    for i in range(height):
        for j in range(width):
            edge = False
            for y in range(max(0, i - 1), min(height, i + 2)):
                for x in range(max(0, j - 1), min(width, j + 2)):
                    apart = max(high[i, j], high[y, x]) - min(low[i, j], low[y, x])
                    edge = edge or mixed[y, x] or first[y, x] != first[i, j] or apart > jump
            if edge:
                index[i, j] = number
                number += 1
    return index, number


@compiled
def rasterise_some(
    screen: NDArray[np.float64],
    triangles: NDArray[np.int32],
    index: NDArray[np.int32],
    number: int,
    offsets: NDArray[np.float64],
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """As :func:`rasterise`, for the pixels that ``index`` numbers: (E, S) triangle, (E, S, 2) weights."""
    height, width = index.shape
    count = offsets.shape[0]
    seen = np.full((number, count), -1, np.int32)
    weights = np.zeros((number, count, 2))
    near = np.zeros((number, count))
    for f in range(triangles.shape[0]):
        a, b, c = triangles[f, 0], triangles[f, 1], triangles[f, 2]
        ax, ay, bx, by = screen[a, 0], screen[a, 1], screen[b, 0], screen[b, 1]
        cx, cy = screen[c, 0], screen[c, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if area >= -1e-12:
            continue
        inverse = 1.0 / area
        left = max(0, int(np.ceil(min(ax, bx, cx) - 0.5)))
        right = min(width - 1, int(np.floor(max(ax, bx, cx) + 0.5)))
        top = max(0, int(np.ceil(min(ay, by, cy) - 0.5)))
        bottom = min(height - 1, int(np.floor(max(ay, by, cy) + 0.5)))
        for i in range(top, bottom + 1):
            for j in range(left, right + 1):
                e = index[i, j]
                if e < 0:
                    continue
                for s in range(count):
                    x, y = j + offsets[s, 0], i + offsets[s, 1]
                    u = ((bx - x) * (cy - y) - (by - y) * (cx - x)) * inverse
                    v = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) * inverse
                    w = 1.0 - u - v
                    if u < 0.0 or v < 0.0 or w < 0.0:
                        continue
                    depth = u * screen[a, 2] + v * screen[b, 2] + w * screen[c, 2]
                    if depth > near[e, s]:
                        near[e, s] = depth
                        seen[e, s] = f
                        weights[e, s, 0] = u
                        weights[e, s, 1] = v
    return seen, weights
