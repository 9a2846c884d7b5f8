"""A wheel is whole: another machine needs nothing of the checkout."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("hatchling") is None,
    reason="hatchling, which builds the wheel, is not installed",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with the unpacked wheel."""
    made = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (wheel,) = made.glob("mrn_studio-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(made / "site")
    return made / "site"


def test_wheel_has_both_packages_and_no_tests(site):
    tops = {path.name for path in site.iterdir()}
    assert {"mrn_core", "mrn_gui"} <= tops
    assert all(top.endswith(".dist-info") for top in tops - {"mrn_core", "mrn_gui"})
    assert (site / "mrn_core" / "py.typed").exists()


def test_wheel_has_the_commands_and_the_licences(site):
    (info,) = site.glob("*.dist-info")
    commands = (info / "entry_points.txt").read_text()
    assert "mrn = mrn_core.cli:main" in commands
    assert "mrn-studio = mrn_gui.launch:main" in commands
    licences = {path.name for path in (info / "licenses").rglob("*") if path.is_file()}
    assert {"LICENSE", "LICENSE-Inter.txt", "LICENSE-JetBrainsMono.txt"} <= licences


def test_resources_are_found_in_the_wheel(site, tmp_path):
    code = (
        "from mrn_core.resources import resource; import mrn_core\n"
        "print(mrn_core.__file__); print(resource('demo', 'astronaut.mp4')); print(resource('icons'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    package, demo, icons = (Path(line) for line in done.stdout.split("\n") if line)
    assert package == site / "mrn_core" / "__init__.py"
    assert demo == site / "mrn_core" / "_resources" / "demo" / "astronaut.mp4"
    assert demo.stat().st_size == (CHECKOUT / "resources" / "demo" / "astronaut.mp4").stat().st_size
    assert icons.parent == demo.parents[1]
