"""Triangles to pictures: which triangle each sample sees, and what light comes from it.

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
    step = next(s for s in _STEPS if np.gcd(s, count) == 1)
    places = (np.arange(count) + 0.5) / count - 0.5
    return np.stack([places, places[(step * np.arange(count) + step // 2) % count]], axis=-1)


_STEPS = (2, 3, 5, 7, 1)


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
def shade(
    seen: NDArray[np.int32],
    weights: NDArray[np.float64],
    screen: NDArray[np.float64],
    camera_space: NDArray[np.float64],
    normals: NDArray[np.float64],
    triangles: NDArray[np.int32],
    parts: NDArray[np.uint8],
    attributes: NDArray[np.float64],
    texture: NDArray[np.float32],
    palette: NDArray[np.float64],
    lights: NDArray[np.float64],
    background: NDArray[np.float32],
    offsets: NDArray[np.float64],
) -> NDArray[np.float32]:
    """(H, W, 3) float32 linear light: each pixel a weighted mean of the samples up to a pixel away.

    Args:
        seen, weights: what :func:`rasterise` gave.
        camera_space: (V, 3) vertices as the camera sees them (camera at the origin, looking along -z).
        attributes: (V, 9): texture x and y, occlusion, lips, mouth, lashes, ears, eye x and y.
        texture: (h, w, 4) linear albedo of the skin and share of hair.
        palette: (6, 3) linear colours: lips, mouth, hair, iris, sclera, teeth.
        lights: (4, 3): key direction, key colour, fill direction, fill colour, ambient: see below;
            rows 0, 2 unit directions towards the light; a fifth row is the ambient colour.
        background: (H, W, 3) what is behind the head.
        offsets: (S, 2) those given to :func:`rasterise`.
    """
    height, width = background.shape[0], background.shape[1]
    total = np.zeros((height + 2, width + 2, 3))
    share = 1.0 / seen.shape[0]
    light = np.empty(3)
    rows, columns = texture.shape[0], texture.shape[1]
    att = np.empty(9)
    albedo = np.empty(3)
    for i in range(height):
        for j in range(width):
            for s in range(seen.shape[0]):
                f = seen[s, i, j]
                if f < 0:
                    for k in range(3):
                        light[k] = background[i, j, k]
                    _spread(total, i, j, offsets[s], light, share)
                    continue
                a, b, c = triangles[f, 0], triangles[f, 1], triangles[f, 2]
                u = weights[s, i, j, 0] * screen[a, 2]
                v = weights[s, i, j, 1] * screen[b, 2]
                w = (1.0 - weights[s, i, j, 0] - weights[s, i, j, 1]) * screen[c, 2]
                norm = 1.0 / (u + v + w)
                u, v, w = u * norm, v * norm, w * norm
                for k in range(9):
                    att[k] = u * attributes[a, k] + v * attributes[b, k] + w * attributes[c, k]
                n0 = u * normals[a, 0] + v * normals[b, 0] + w * normals[c, 0]
                n1 = u * normals[a, 1] + v * normals[b, 1] + w * normals[c, 1]
                n2 = u * normals[a, 2] + v * normals[b, 2] + w * normals[c, 2]
                p0 = u * camera_space[a, 0] + v * camera_space[b, 0] + w * camera_space[c, 0]
                p1 = u * camera_space[a, 1] + v * camera_space[b, 1] + w * camera_space[c, 1]
                p2 = u * camera_space[a, 2] + v * camera_space[b, 2] + w * camera_space[c, 2]
                length = 1.0 / np.sqrt(n0 * n0 + n1 * n1 + n2 * n2 + 1e-30)
                n0, n1, n2 = n0 * length, n1 * length, n2 * length
                gloss, wrap, bright = 0.05, 0.15, att[2]
                part = parts[f]
                if part == 0:
                    tx = min(max(att[0], 0.0), columns - 1.001)
                    ty = min(max(att[1], 0.0), rows - 1.001)
                    cx, cy = int(tx), int(ty)
                    fx, fy = tx - cx, ty - cy
                    hair = 0.0
                    for k in range(4):
                        value = (1 - fy) * (
                            (1 - fx) * texture[cy, cx, k] + fx * texture[cy, cx + 1, k]
                        ) + fy * ((1 - fx) * texture[cy + 1, cx, k] + fx * texture[cy + 1, cx + 1, k])
                        if k < 3:
                            albedo[k] = value
                        else:
                            hair = value
                    tone = (albedo[0] + albedo[1] + albedo[2]) * palette[6, 0]
                    hair *= 1.0 - min(1.0, 2.0 * att[6])
                    dark = 1.0 - 0.8 * att[5]
                    for k in range(3):
                        value = albedo[k] + att[3] * (palette[0, k] * tone - albedo[k])
                        value = value + att[4] * (palette[1, k] - value)
                        value = value + hair * (palette[2, k] * tone - value)
                        albedo[k] = value * dark
                    gloss = 0.05 + 0.05 * att[3]
                    gloss = gloss * (1.0 - hair)
                elif part <= 2:
                    radius = np.sqrt(att[7] * att[7] + att[8] * att[8])
                    edge = min(1.0, max(0.0, (0.0605 - radius) / 0.006))
                    pupil = min(1.0, max(0.0, (0.0245 - radius) / 0.004))
                    rim = 1.0 - 0.6 * min(1.0, max(0.0, (radius - 0.045) / 0.014))
                    for k in range(3):
                        value = palette[4, k] + edge * (palette[3, k] * rim - palette[4, k])
                        albedo[k] = value * (1.0 - 0.93 * pupil)
                    gloss = 0.35
                    wrap = 0.5
                else:
                    for k in range(3):
                        albedo[k] = palette[5, k] if part < 5 else palette[1, k]
                key = n0 * lights[0, 0] + n1 * lights[0, 1] + n2 * lights[0, 2]
                fill = n0 * lights[2, 0] + n1 * lights[2, 1] + n2 * lights[2, 2]
                key = max(0.0, (key + wrap) / (1.0 + wrap))
                fill = max(0.0, (fill + wrap) / (1.0 + wrap))
                far = 1.0 / np.sqrt(p0 * p0 + p1 * p1 + p2 * p2)
                h0, h1, h2 = lights[0, 0] - p0 * far, lights[0, 1] - p1 * far, lights[0, 2] - p2 * far
                half = max(0.0, (n0 * h0 + n1 * h1 + n2 * h2) / np.sqrt(h0 * h0 + h1 * h1 + h2 * h2))
                shine = half * half
                shine = shine * shine
                shine = shine * shine
                shine = shine * shine * gloss
                if part == 1 or part == 2:
                    shine = shine**6 * 40.0
                sky = bright * (0.75 + 0.25 * n1)
                lit = 0.45 + 0.55 * bright
                for k in range(3):
                    direct = key * lights[1, k] + fill * lights[3, k]
                    light[k] = albedo[k] * (lit * direct + sky * lights[4, k]) + shine * lit * lights[1, k]
                _spread(total, i, j, offsets[s], light, share)
    # What fell outside is what a pixel at the border got too little.
    total[1] += total[0]
    total[height] += total[height + 1]
    total[:, 1] += total[:, 0]
    total[:, width] += total[:, width + 1]
    return total[1:-1, 1:-1].astype(np.float32)


@compiled
def _spread(
    total: NDArray[np.float64],
    i: int,
    j: int,
    offset: NDArray[np.float64],
    light: NDArray[np.float64],
    share: float,
) -> None:
    """Adds a sample's light to the four pixels around it, in straight proportion to their nearness.

    A lens does no less, and an edge that moves by a tenth of a pixel changes the picture by a tenth.
    """
    dx, dy = offset[0], offset[1]
    right, down = 1 if dx > 0 else -1, 1 if dy > 0 else -1
    wx, wy = abs(dx), abs(dy)
    for k in range(3):
        value = light[k] * share
        total[i + 1, j + 1, k] += (1 - wx) * (1 - wy) * value
        total[i + 1, j + 1 + right, k] += wx * (1 - wy) * value
        total[i + 1 + down, j + 1, k] += (1 - wx) * wy * value
        total[i + 1 + down, j + 1 + right, k] += wx * wy * value


@compiled
def encode(linear: NDArray[np.float32]) -> NDArray[np.float32]:
    """Linear light to grey levels 0..255 on the sRGB curve, not rounded; more than 1 is cut off."""
    flat = linear.ravel()
    levels = np.empty(flat.size, np.float32)
    for k in range(flat.size):
        value = min(1.0, max(0.0, flat[k]))
        levels[k] = 255.0 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055)
    return levels.reshape(linear.shape)
