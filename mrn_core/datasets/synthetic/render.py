"""One picture of a head, and where each of its points was before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mrn_core.datasets.synthetic.camera import Camera, Light, Pose
from mrn_core.datasets.synthetic.head import Head
from mrn_core.datasets.synthetic.pack import head_pack, lip_sides
from mrn_core.datasets.synthetic.raster import (
    edges,
    rasterise,
    rasterise_some,
    sample_offsets,
    softened,
    vertex_normals,
)
from mrn_core.datasets.synthetic.shading import encode, shade

_JUMP = 0.2  # units of depth between a pixel and the next that make an edge


@dataclass(frozen=True, eq=False)
class Placed:
    """A head with its expression and pose, before the camera.

    Attributes:
        vertices: ``(V, 3)`` in the head's axes.
        seen: ``(V, 3)`` as the camera sees them.
        screen: ``(V, 3)`` x, y in pixels, 1 / distance.
    """

    vertices: NDArray[np.float64]
    seen: NDArray[np.float64]
    screen: NDArray[np.float64]


def place(head: Head, weights: NDArray[np.float64], pose: Pose, camera: Camera) -> Placed:
    """The head with expression units (52,) at ``weights`` in a pose before the camera."""
    vertices = head.moved(weights)
    seen = camera.see(vertices, pose)
    return Placed(vertices, seen, camera.project(seen, head.length))


def light_of(head: Head, placed: Placed, camera: Camera, light: Light) -> NDArray[np.float32]:
    """(H, W, 3) float32 linear light that reaches the camera; no noise, nothing rounded."""
    pack = head_pack()
    offsets, fine = sample_offsets(camera.samples), sample_offsets(camera.edge_samples)
    height, width, screen = camera.height, camera.width, placed.screen
    seen, weights, near = rasterise(screen, pack.triangles, height, width, offsets)
    edge, number = edges(seen, near, _labels(), _JUMP / camera.distance**2)
    seen_fine, weights_fine = rasterise_some(screen, pack.triangles, edge, number, fine)
    return shade(
        seen,
        weights,
        offsets,
        edge,
        seen_fine,
        weights_fine,
        fine,
        screen,
        softened(vertex_normals(placed.seen, pack.triangles), pack.triangles),
        pack.triangles,
        pack.parts,
        head.attributes,
        head.texture,
        head.palette,
        light.rows(),
        _background(head, camera),
    )


def levels_of(head: Head, placed: Placed, camera: Camera, light: Light) -> NDArray[np.float32]:
    """(H, W, 3) float32, :func:`light_of` as grey levels 0..255 on the sRGB curve, not rounded."""
    return encode(light_of(head, placed, camera, light))


@lru_cache(maxsize=1)
def _labels() -> NDArray[np.int64]:
    """(F,) parts, and the two lips apart from each other."""
    return head_pack().parts.astype(np.int64) * 3 + lip_sides()


def _background(head: Head, camera: Camera) -> NDArray[np.float32]:
    """(H, W, 3) a wall that gets a little darker downwards."""
    fall = np.linspace(1.12, 0.82, camera.height, dtype=np.float32)[:, None, None]
    across = np.linspace(0.95, 1.05, camera.width, dtype=np.float32)[None, :, None]
    return np.ascontiguousarray(fall * across * np.array(head.person.background, np.float32))
