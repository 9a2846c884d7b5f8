"""What ``mrn doctor`` finds, and how a machine is asked whether a window can open."""

import json
import os
import shutil
import socket
import subprocess
import sys

import pytest

from mrn_core import cli, system
from mrn_core.cli import doctor

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt's libraries are asked on Linux")


def test_json_is_strict_and_says_what_is_here(capsys):
    assert cli.main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert found["missing_packages"] == []
    assert found["packages"]["torch"].startswith("2.")
    assert found["devices"][0]["name"] == "cpu"
    assert found["threads"]["torch"] >= 1
    names = [weights["name"] for weights in found["weights"]]
    assert {"magnet", "resnet18-imagenet", "dlib-68"} <= set(names)
    landmarks = found["weights"][names.index("dlib-68")]
    assert len(landmarks["sha256"]) == 64
    assert found["weights"][names.index("magnet")]["file"] == ""
    assert found["folders"]["data"] == os.environ["MRN_STUDIO_DATA"]


def test_text_names_the_same(capsys):
    assert cli.main(["doctor"]) == 0
    out = capsys.readouterr().out
    for word in ("MRN Studio", "numpy", "cpu", "magnet", "display", "System libraries"):
        assert word in out


def test_a_missing_package_is_named_and_is_status_1(monkeypatch, capsys):
    monkeypatch.setattr(
        doctor, "_packages", lambda extra="": {} if extra else {"numpy": "2.1", "torch": None}
    )
    assert cli.main(["doctor"]) == 1
    assert "MISSING" in next(line for line in capsys.readouterr().out.splitlines() if "torch " in line)


@pytest.mark.parametrize("version", [None, "1.5.0"])
def test_the_package_of_an_extra_is_named_and_may_be_missing(version, monkeypatch, capsys):
    monkeypatch.setattr(doctor, "_packages", lambda extra="": {"face-alignment": version} if extra else {})
    assert cli.main(["doctor"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if "face-alignment " in line)
    assert (version or "pip install 'face-alignment>=1.5,<1.6'") in line


def test_extras_are_apart_from_what_is_always_needed(monkeypatch):
    wanted = [
        "numpy>=2",
        'PySide6-Essentials>=6; python_version < "3.12"',
        'nowhere-to-be-found>=1; extra == "fan"',
        "pytest>=8; extra == 'test'",
    ]
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: wanted)
    assert list(doctor._packages()) == ["numpy", "PySide6-Essentials"]
    assert doctor._packages(extra="fan") == {"nowhere-to-be-found": None}


@linux
def test_a_library_that_cannot_be_loaded_is_named_with_its_package(monkeypatch):
    real = system._refusal

    def refusing(library):
        if library.endswith("libqxcb.so") or library == "libxcb-icccm.so.4":
            return f"{library}: cannot open shared object file"
        return real(library)

    monkeypatch.setattr(system, "_refusal", refusing)
    missing = system.missing_qt_libraries("xcb")
    assert ("libxcb-icccm.so.4", "libxcb-icccm4") in missing
    assert "libxcb-icccm4" in system.install_line(missing).split()
    assert system.install_line(missing).startswith("sudo apt-get install ")


@linux
def test_a_library_that_the_table_does_not_know_is_named_as_the_loader_names_it(monkeypatch):
    def refusing(library):
        return "libnew.so.7: cannot open shared object file" if library.endswith("libqxcb.so") else ""

    monkeypatch.setattr(system, "_refusal", refusing)
    assert system.missing_qt_libraries("xcb") == [("libnew.so.7", "")]
    assert system.install_line([("libnew.so.7", "")]) == ""


@linux
def test_the_table_knows_what_the_xcb_plugin_needs():
    """Every library that the installed plugin and its Qt libraries ask of the system is in the table."""
    plugin = system._plugin("xcb")
    if plugin is None or shutil.which("readelf") is None:
        pytest.skip("needs readelf and the xcb plugin")
    own = plugin.parents[2] / "lib"
    needed, todo = set(), [plugin]
    while todo:
        done = subprocess.run(["readelf", "-d", todo.pop()], capture_output=True, text=True, check=True)
        for line in done.stdout.splitlines():
            if "(NEEDED)" in line:
                name = line.split("[")[1].rstrip("]")
                if name not in needed:
                    needed.add(name)
                    todo += [own / name] if (own / name).exists() else []
    of_the_c_library = ("libc.", "libm.", "libstdc++", "libgcc_s", "ld-linux", "libpthread", "libdl", "librt")
    asked = {n for n in needed if not (own / n).exists() and not n.startswith(of_the_c_library)}
    assert asked - set(system._NEEDED["xcb"]) == set()


@linux
def test_a_wayland_display_is_asked_and_not_believed():
    assert not system.has_display({})
    assert not system.has_display({"WAYLAND_DISPLAY": "wayland-987", "XDG_RUNTIME_DIR": "/nonexistent"})


@linux
@pytest.mark.skipif(bool(system._refusal("libxcb.so.1")), reason="libxcb, which asks a display, is not here")
def test_an_x_display_is_asked_and_not_believed():
    assert not system.has_display({"DISPLAY": ":987"})


@linux
def test_a_wayland_socket_that_listens_is_a_display(tmp_path):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "w-0"))
        listening.listen()
        there = {"WAYLAND_DISPLAY": "w-0", "XDG_RUNTIME_DIR": str(tmp_path)}
        assert system.has_display(there)


@linux
@pytest.mark.parametrize("name", ["offscreen", "minimal", "offscreen:foo=1"])
def test_platforms_without_a_screen_need_no_display(name, monkeypatch):
    monkeypatch.setattr(system, "missing_qt_libraries", lambda platform: [])
    assert system.window_hindrance({"QT_QPA_PLATFORM": name}) == ("", "")


@linux
def test_what_hinders_is_one_line(monkeypatch):
    missing = []
    monkeypatch.setattr(system, "missing_qt_libraries", lambda platform: missing)
    assert system.window_hindrance({}) == ("There is no display.", "")
    assert system.window_hindrance({"QT_QPA_PLATFORM": "xcb"}) == ("There is no display.", "")
    if system._plugin_folder():
        assert "'nonsense'" in system.window_hindrance({"QT_QPA_PLATFORM": "nonsense"})[0]
    missing.append(("libxcb-x.so.0", "libxcb-x0"))
    for answering, environment in (([], {}), ([], {"QT_QPA_PLATFORM": "xcb"}), (["xcb"], {"DISPLAY": ":0"})):
        monkeypatch.setattr(system, "_answering", lambda environment, found=answering: found)
        reason, _ = system.window_hindrance(environment)
        assert reason.startswith("There is no display. " if not answering else "Qt lacks")
        assert "libxcb-x.so.0" in reason
        assert "sudo apt-get install libxcb-x0" in reason
        assert "\n" not in reason


@linux
def test_qt_is_told_the_platform_only_when_the_one_that_it_prefers_does_not_work(monkeypatch):
    both = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "w-0"}
    monkeypatch.setattr(system, "_answering", lambda environment: ["wayland", "xcb"])
    monkeypatch.setattr(system, "missing_qt_libraries", lambda platform: [])
    assert system.window_hindrance(both) == ("", "")
    monkeypatch.setattr(
        system,
        "missing_qt_libraries",
        lambda platform: [("libw.so", "libw")] if platform == "wayland" else [],
    )
    assert system.window_hindrance(both) == ("", "xcb")
    assert system.window_hindrance({**both, "QT_QPA_PLATFORM": "xcb"}) == ("", "")
