"""Imports point one way, and what starts fast stays fast."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
CORE = CHECKOUT / "mrn_core"

# Every part of the core on its floor: a part imports itself and lower floors, no neighbour.
FLOORS = (
    (
        "errors",
        "frame_numbers",
        "head_motion",
        "known_weights",
        "lab",
        "resources",
        "system",
        "trace",
        "worth",
    ),
    ("settings", "devices", "face_reading"),
    ("result",),
    ("stages", "weights", "facts"),
    ("clip", "faces", "magnification", "network", "annotation"),
    ("level_views", "motion", "provenance", "spotting", "tables"),
    ("networks",),
    ("analysis",),
    ("figures", "datasets"),
    ("report",),
    ("experiments",),
    ("cli",),
)
FLOOR = {part: floor for floor, parts in enumerate(FLOORS) for part in parts}
# The one step upwards: an Analysis asks the network's explanations, which need numpy alone.
ALLOWED_UP = {("result", "mrn_core.network.explain"), ("result", "mrn_core.network.explain.health")}
APART = ("experiments", "datasets", "annotation")
# A package of datasets with an __init__ of its own for those outside.
FOR_OTHERS = "mrn_core.datasets.synthetic"

QT = {"PySide6", "shiboken6", "PyQt5", "PyQt6", "qtpy", "pyqtgraph", "superqt", "mrn_gui"}


def imported(path, package):
    """Absolute names of all modules that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def core_imports():
    for path in sorted(CORE.rglob("*.py")):
        inner = path.relative_to(CORE)
        package = ".".join(["mrn_core", *inner.parent.parts])
        part = inner.parts[0].removesuffix(".py")
        for name in imported(path, package):
            yield inner, part, name


def test_the_core_imports_no_qt():
    guilty = [(str(path), name) for path, _, name in core_imports() if name.split(".")[0] in QT]
    assert guilty == []


def test_the_reader_of_imports_sees_every_form(tmp_path):
    file = tmp_path / "a.py"
    file.write_text(
        "import cv2.x\nfrom . import b\nfrom .c import d\nfrom ..e import f\ndef g():\n import PySide6"
    )
    assert set(imported(file, "mrn_core.clip")) == {
        "cv2.x", "mrn_core.clip", "mrn_core.clip.b", "mrn_core.clip.c", "mrn_core.clip.c.d",
        "mrn_core.e", "mrn_core.e.f", "PySide6",
    }  # fmt: skip


def test_every_part_has_a_floor():
    parts = {
        path.name.removesuffix(".py")
        for path in CORE.iterdir()
        if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))
    }
    assert parts - {"__init__"} <= set(FLOOR), "give the new part a floor in FLOORS"


def test_imports_inside_the_core_point_down():
    wrong = []
    for path, part, name in core_imports():
        if part == "__init__" or not name.startswith("mrn_core."):
            continue
        target = name.split(".")[1]
        if target == part or target not in FLOOR or (part, name) in ALLOWED_UP:
            continue
        if FLOOR[target] >= FLOOR[part]:
            wrong.append(f"{path} imports {name}")
    assert wrong == []


def test_experiments_datasets_and_annotation_keep_out_of_each_others_insides():
    wrong = []
    for path, part, name in core_imports():
        words = name.split(".")
        if (
            part in APART
            and words[0] == "mrn_core"
            and len(words) > 2
            and words[1] in APART
            and words[1] != part
        ):
            inside = CORE.joinpath(*words[1:])
            if name == FOR_OTHERS:
                continue
            if inside.is_dir() or inside.with_suffix(".py").exists():
                wrong.append(f"{path} imports {name}")
    assert wrong == []


HEAVY = {"torch", "torchvision", "cv2", "av", "matplotlib", "face_alignment", "dlib", *QT}


def loaded_by(statement):
    """The heavy modules that a fresh Python has after ``statement``."""
    code = f"import sys\n{statement}\nprint(sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return ast.literal_eval(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "statement",
    [
        "import mrn_core, mrn_core.cli, mrn_core.result, mrn_core.settings, mrn_core.errors",
        "import mrn_core.figures, mrn_core.system, mrn_core.weights",
        "import mrn_core.cli; mrn_core.cli.main(['--help'])",
        "import mrn_core; mrn_core.Analysis, mrn_core.AnalysisSettings, mrn_core.MRNConfig",
    ],
)
def test_what_starts_at_once_loads_nothing_heavy(statement):
    assert loaded_by(statement) == []


def test_the_launcher_loads_no_qt_before_it_has_looked():
    assert set(loaded_by("import mrn_gui.launch")) & QT == {"mrn_gui"}
