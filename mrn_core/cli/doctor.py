"""``mrn doctor``: what is installed here, what the program would use, and what is missing."""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

_PACKAGE = "mrn-studio"
_NOT_HERE = "not here (face backend fan: pip install 'face-alignment>=1.5,<1.6')"


def add(subparsers: Any) -> None:
    """Adds the command to ``mrn``."""
    command = subparsers.add_parser(
        "doctor",
        help="versions, device, weights, folders, and whether a window can open",
        description="Says what is here and what is missing. Exit status 1 if the core lacks something.",
    )
    command.add_argument("--json", action="store_true", help="write JSON and nothing else")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the findings; 1 when the core lacks a package or a system library, else 0."""
    found = findings()
    print(json.dumps(found, indent=2, allow_nan=False) if args.json else as_text(found))
    return 1 if found["missing_packages"] or found["system_libraries"]["missing_for_opencv"] else 0


def findings() -> dict[str, Any]:
    """Everything that ``mrn doctor`` tells, as plain data."""
    from mrn_core import __version__, system
    from mrn_core.weights import weights_dir

    packages = _packages()
    optional = _packages(extra="fan")
    try:
        opencv = system.missing_opencv_libraries()
    except ImportError as error:
        opencv = [(str(error), "")]
    display, hindrance = system.has_display(), system.window_hindrance()[0]
    # Without a display nobody knows which system it will be: X11 is what nearly all have.
    qt = [] if display and not hindrance else system.missing_qt_libraries("xcb")
    return {
        "mrn_studio": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "packages": packages,
        "missing_packages": [name for name, version in packages.items() if version is None],
        "optional_packages": optional,
        "devices": _devices(),
        "threads": {"cores": os.cpu_count(), "usable": _usable_cores(), "torch": _torch_threads()},
        "weights": _weights(),
        "folders": {"data": str(weights_dir().parent), "weights": str(weights_dir())},
        "window": {
            "display": display,
            "can_open": not hindrance,
            "hindrance": hindrance,
        },
        "system_libraries": {
            "missing_for_opencv": [file for file, _ in opencv],
            "missing_for_qt": [file for file, _ in qt],
            "install": system.install_line([*opencv, *qt]),
        },
    }


def as_text(found: dict[str, Any]) -> str:
    """The findings as a person reads them."""
    threads, window, libraries = found["threads"], found["window"], found["system_libraries"]
    lines = [
        f"MRN Studio {found['mrn_studio']}, Python {found['python']}, {found['system']}",
        "",
        "Packages",
        *(f"  {name:<30} {version or 'MISSING'}" for name, version in found["packages"].items()),
        *(f"  {name:<30} {version or _NOT_HERE}" for name, version in found["optional_packages"].items()),
        "",
        "Devices",
        *(f"  {device['name']:<30} {device['what']}" for device in found["devices"]),
        f"  {'threads':<30} {threads['torch']} on {threads['usable']} usable cores of {threads['cores']}",
        "",
        "Weights",
    ]
    for weights in found["weights"]:
        lines.append(f"  {weights['name']:<30} {weights['file'] or 'not here'}")
        digest = f", SHA-256 {weights['sha256']}" if weights["sha256"] else ""
        lines.append(f"  {'':<30} {weights['purpose']}; {weights['licence']}{digest}")
    lines += ["", "Folders", *(f"  {name:<30} {path}" for name, path in found["folders"].items())]
    lines += ["", "System libraries"]
    for name, key in (("OpenCV", "missing_for_opencv"), ("Qt", "missing_for_qt")):
        files = ", ".join(libraries[key])
        lines.append(f"  {name:<30} {f'missing: {files}' if files else 'all here'}")
    if libraries["install"]:
        lines.append(f"  {'install them with':<30} {libraries['install']}")
    lines += ["", "Window", f"  {'display':<30} {'yes' if window['display'] else 'none'}"]
    lines.append(f"  {'can open':<30} {'yes' if window['can_open'] else 'no: ' + window['hindrance']}")
    return "\n".join(lines)


def _packages(extra: str = "") -> dict[str, str | None]:
    """The packages that this installation, or one extra of it, asks for, and the version of each here."""
    try:
        wanted = metadata.requires(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        wanted = []
    extras = [re.findall(r"extra == ['\"]([\w-]+)['\"]", line) for line in wanted]
    wanted = [line for line, of in zip(wanted, extras, strict=True) if of == ([extra] if extra else [])]
    names = dict.fromkeys(re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in wanted)
    versions: dict[str, str | None] = {}
    for name in names:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = None
    return versions


def _devices() -> list[dict[str, str]]:
    found = [{"name": "cpu", "what": platform.processor() or platform.machine()}]
    try:
        import torch
    except (ImportError, OSError) as error:
        return [*found, {"name": "torch", "what": f"cannot be loaded: {error}"}]
    for i in range(torch.cuda.device_count()):
        found.append({"name": f"cuda:{i}", "what": torch.cuda.get_device_name(i)})
    if torch.backends.mps.is_available():
        found.append({"name": "mps", "what": "Apple GPU"})
    return found


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _torch_threads() -> int | None:
    torch = sys.modules.get("torch")
    return None if torch is None else int(torch.get_num_threads())


def _weights() -> list[dict[str, str]]:
    """Every weights file that the program knows: where it is, or that it is not here."""
    from mrn_core.weights import KNOWN, installed

    here = {weights.name: weights for weights in installed()}
    found = [
        {
            "name": name,
            "purpose": known.purpose,
            "licence": known.licence,
            "file": str(here[name].path) if name in here else "",
            "sha256": here[name].sha256 if name in here else "",
        }
        for name, known in KNOWN.items()
    ]
    found.append(_row("dlib-68", "face landmarks (dlib)", "trained on 300-W: research use", _dlib_model()))
    for path in _fan_paths():
        found.append(_row(path.name.split("-")[0], "face landmarks (fan)", "as face-alignment states", path))
    return found


def _row(name: str, purpose: str, licence: str, path: Path | None) -> dict[str, str]:
    from mrn_core.weights import sha256_of

    here = path is not None and path.is_file()
    return {
        "name": name,
        "purpose": purpose,
        "licence": licence,
        "file": str(path) if here else "",
        "sha256": sha256_of(path) if here and path else "",
    }


def _dlib_model() -> Path | None:
    try:
        import face_recognition_models
    except ImportError:
        return None
    return Path(face_recognition_models.pose_predictor_model_location())


def _fan_paths() -> list[Path]:
    """Where face-alignment's weights belong; empty where torch or OpenCV cannot be loaded."""
    try:
        from mrn_core.faces.fan_backend import FILES, weights_folder

        return [weights_folder() / file for file in FILES]
    except (ImportError, OSError):
        return []
