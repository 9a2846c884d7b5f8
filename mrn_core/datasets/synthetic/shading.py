"""What light comes from each sample of a head, and how the samples make a picture.

Compiled with numba, in double precision and without reordering of sums: the same input gives the
same bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mrn_core.datasets.synthetic.compiled import compiled


@compiled
def shade(
    seen: NDArray[np.int32],
    weights: NDArray[np.float64],
    offsets: NDArray[np.float64],
    edge: NDArray[np.int32],
    seen_fine: NDArray[np.int32],
    weights_fine: NDArray[np.float64],
    offsets_fine: NDArray[np.float64],
    screen: NDArray[np.float64],
    normals: NDArray[np.float64],
    triangles: NDArray[np.int32],
    parts: NDArray[np.uint8],
    attributes: NDArray[np.float64],
    texture: NDArray[np.float32],
    palette: NDArray[np.float64],
    lights: NDArray[np.float64],
    background: NDArray[np.float32],
) -> NDArray[np.float32]:
    """(H, W, 3) float32 linear light: each pixel a weighted mean of the samples up to a pixel away.

    A lens does no less, and an edge that moves by a tenth of a pixel changes the picture by a tenth.

    Args:
        seen, weights, offsets: given by and to :func:`raster.rasterise`.
        edge: (H, W) which pixels are sampled finely; see :func:`raster.edges`.
        seen_fine, weights_fine, offsets_fine: given by and to :func:`raster.rasterise_some`.
        screen: (V, 3) vertices on the screen.
        normals: (V, 3) unit normals as the camera sees them.
        triangles, parts: see :class:`pack.HeadPack`.
        attributes: (V, 9): texture x and y, occlusion, lips, mouth, lashes, ears, eye x and y.
        texture: (h, w, 4) linear albedo of the skin, and share of hair.
        palette: (7, 3) linear colours: lips, mouth, hair, iris, sclera, teeth; last 1 / sum of the skin's.
        lights: (6, 3): see :meth:`camera.Light.rows`.
        background: (H, W, 3) what is behind the head.
    """
    height, width = background.shape[0], background.shape[1]
    total = np.zeros((height + 2, width + 2, 4))
    light, attribute, albedo = np.ones(4), np.empty(9), np.empty(3)
    for i in range(height):
        for j in range(width):
            e = edge[i, j]
            count = seen.shape[0] if e < 0 else seen_fine.shape[1]
            share = 1.0 / count
            for s in range(count):
                if e < 0:
                    f, first, second = seen[s, i, j], weights[s, i, j, 0], weights[s, i, j, 1]
                    dx, dy = offsets[s, 0], offsets[s, 1]
                else:
                    f, first, second = seen_fine[e, s], weights_fine[e, s, 0], weights_fine[e, s, 1]
                    dx, dy = offsets_fine[s, 0], offsets_fine[s, 1]
                if f < 0:
                    for k in range(3):
                        light[k] = background[i, j, k]
                else:
                    _light(
                        f, first, second, screen, normals, triangles, parts, attributes,
                        texture, palette, lights, attribute, albedo, light,
                    )  # fmt: skip
                right, down = 1 if dx > 0 else -1, 1 if dy > 0 else -1
                wx, wy = abs(dx), abs(dy)
                here, beside = (1 - wx) * (1 - wy) * share, wx * (1 - wy) * share
                below, across = (1 - wx) * wy * share, wx * wy * share
                for k in range(4):
                    total[i + 1, j + 1, k] += here * light[k]
                    total[i + 1, j + 1 + right, k] += beside * light[k]
                    total[i + 1 + down, j + 1, k] += below * light[k]
                    total[i + 1 + down, j + 1 + right, k] += across * light[k]
    picture = np.empty((height, width, 3), np.float32)
    for i in range(height):
        for j in range(width):
            for k in range(3):
                picture[i, j, k] = total[i + 1, j + 1, k] / total[i + 1, j + 1, 3]
    return picture


@compiled
def _light(
    f: int,
    first: float,
    second: float,
    screen: NDArray[np.float64],
    normals: NDArray[np.float64],
    triangles: NDArray[np.int32],
    parts: NDArray[np.uint8],
    attributes: NDArray[np.float64],
    texture: NDArray[np.float32],
    palette: NDArray[np.float64],
    lights: NDArray[np.float64],
    att: NDArray[np.float64],
    albedo: NDArray[np.float64],
    light: NDArray[np.float64],
) -> None:
    """The light from a place on triangle ``f``, into ``light``; ``att`` and ``albedo`` are scratch."""
    rows, columns = texture.shape[0], texture.shape[1]
    a, b, c = triangles[f, 0], triangles[f, 1], triangles[f, 2]
    u = first * screen[a, 2]
    v = second * screen[b, 2]
    w = (1.0 - first - second) * screen[c, 2]
    norm = 1.0 / (u + v + w)
    u, v, w = u * norm, v * norm, w * norm
    part, bright = parts[f], u * attributes[a, 2] + v * attributes[b, 2] + w * attributes[c, 2]
    n0 = u * normals[a, 0] + v * normals[b, 0] + w * normals[c, 0]
    n1 = u * normals[a, 1] + v * normals[b, 1] + w * normals[c, 1]
    n2 = u * normals[a, 2] + v * normals[b, 2] + w * normals[c, 2]
    length = 1.0 / np.sqrt(n0 * n0 + n1 * n1 + n2 * n2 + 1e-30)
    n0, n1, n2 = n0 * length, n1 * length, n2 * length
    gloss, wrap = 0.05, 0.15
    if part == 0:
        for k in (0, 1, 3, 4, 5, 6):
            att[k] = u * attributes[a, k] + v * attributes[b, k] + w * attributes[c, k]
        tx = min(max(att[0], 0.0), columns - 1.001)
        ty = min(max(att[1], 0.0), rows - 1.001)
        cx, cy = int(tx), int(ty)
        fx, fy = tx - cx, ty - cy
        hair = 0.0
        for k in range(4):
            value = (1 - fy) * ((1 - fx) * texture[cy, cx, k] + fx * texture[cy, cx + 1, k]) + fy * (
                (1 - fx) * texture[cy + 1, cx, k] + fx * texture[cy + 1, cx + 1, k]
            )
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
        for k in (7, 8):
            att[k] = u * attributes[a, k] + v * attributes[b, k] + w * attributes[c, k]
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
    # The camera is far away: every place is seen from ahead.
    half = max(0.0, n0 * lights[5, 0] + n1 * lights[5, 1] + n2 * lights[5, 2])
    shine = half * half
    shine = shine * shine
    shine = shine * shine
    shine = shine * shine * gloss
    if part == 1 or part == 2:
        shine = shine * shine * shine
        shine = shine * shine * 40.0
    sky = bright * (0.75 + 0.25 * n1)
    lit = 0.45 + 0.55 * bright
    for k in range(3):
        direct = key * lights[1, k] + fill * lights[3, k]
        light[k] = albedo[k] * (lit * direct + sky * lights[4, k]) + shine * lit * lights[1, k]


@compiled
def encode(linear: NDArray[np.float32]) -> NDArray[np.float32]:
    """Linear light to grey levels 0..255 on the sRGB curve, not rounded; more than 1 is cut off."""
    flat = linear.ravel()
    levels = np.empty(flat.size, np.float32)
    for k in range(flat.size):
        value = min(1.0, max(0.0, flat[k]))
        levels[k] = 255.0 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055)
    return levels.reshape(linear.shape)
