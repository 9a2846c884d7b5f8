"""One picture of a head, and where each of its points was before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mrn_core.datasets.synthetic.camera import Camera, Light, Pose
from mrn_core.datasets.synthetic.head import Head
from mrn_core.datasets.synthetic.pack import head_pack
from mrn_core.datasets.synthetic.raster import (
    encode,
    rasterise,
    sample_offsets,
    shade,
    softened,
    vertex_normals,
)


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
    offsets = sample_offsets(camera.samples)
    seen, weights, _ = rasterise(placed.screen, pack.triangles, camera.height, camera.width, offsets)
    return shade(
        seen,
        weights,
        placed.screen,
        placed.seen,
        softened(vertex_normals(placed.seen, pack.triangles), pack.triangles),
        pack.triangles,
        pack.parts,
        head.attributes,
        head.texture,
        head.palette,
        light.rows(),
        _background(head, camera),
        offsets,
    )


def levels_of(head: Head, placed: Placed, camera: Camera, light: Light) -> NDArray[np.float32]:
    """(H, W, 3) float32, :func:`light_of` as grey levels 0..255 on the sRGB curve, not rounded."""
    return encode(light_of(head, placed, camera, light))


def _background(head: Head, camera: Camera) -> NDArray[np.float32]:
    """(H, W, 3) a wall that gets a little darker downwards."""
    fall = np.linspace(1.12, 0.82, camera.height, dtype=np.float32)[:, None, None]
    across = np.linspace(0.95, 1.05, camera.width, dtype=np.float32)[None, :, None]
    return np.ascontiguousarray(fall * across * np.array(head.person.background, np.float32))
