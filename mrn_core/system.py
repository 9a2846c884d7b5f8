"""What this machine offers a window: a display that answers, and the libraries that Qt loads.

Qt ends the whole process when its platform cannot start, so this is asked before Qt is
imported. Nothing here imports Qt: libraries are opened by name, as Qt would open them.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import socket
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

# What the Qt 6.11 wheels' libraries ask of the system (their NEEDED entries), and the Debian and
# Ubuntu package that holds each.
_GUI = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
_XCB = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
# What OpenCV asks for where the wheel with a window of its own lies over the headless one.
_OPENCV = {
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
}
_NEEDED = {"xcb": _GUI | _XCB, "wayland": _GUI | _WAYLAND}


def missing_qt_libraries(platform: str = "xcb") -> list[tuple[str, str]]:
    """The system libraries that Qt's ``platform`` ("xcb", "wayland", "offscreen") lacks here.

    Returns:
        (file name, Debian package) pairs; empty on Windows and macOS, and wherever the platform
        plugin of the installed PySide6 loads. The package is "" where the table does not know it.
    """
    if not sys.platform.startswith("linux"):
        return []
    plugin = _plugin(platform)
    reason = _refusal(str(plugin)) if plugin else ""
    if plugin and not reason:
        return []
    missing = [pair for pair in _NEEDED.get(platform, _GUI).items() if _refusal(pair[0])]
    return [(library_in(reason) or reason, "")] if plugin and not missing else missing


def missing_opencv_libraries() -> list[tuple[str, str]]:
    """The system libraries without which OpenCV cannot be imported here, as (file name, Debian package).

    Raises:
        ImportError: OpenCV is not installed, or is broken in another way.
    """
    try:
        import cv2  # noqa: F401
    except ImportError as error:
        library = library_in(str(error))
        if not library:
            raise
        return [pair for pair in _OPENCV.items() if _refusal(pair[0])] or [(library, "")]
    return []


def library_in(message: str) -> str:
    """The file name of the library that the loader did not find, or "" if it says something else."""
    named = re.match(r"(lib\S+?\.so[.\d]*): cannot open shared object file", message)
    return named.group(1) if named else ""


def install_line(missing: Iterable[tuple[str, str]]) -> str:
    """The command that installs these libraries on Debian and Ubuntu, or "" when it is not known."""
    packages = sorted({package for _, package in missing if package})
    return f"sudo apt-get install {' '.join(packages)}" if packages else ""


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """True where a window can be shown: always on Windows and macOS, else when a display answers."""
    return not sys.platform.startswith("linux") or bool(_answering(environment))


def window_hindrance(environment: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """Why no window can open here, and the Qt platform to start when one can.

    Returns:
        (reason, platform): ``reason`` is one line, or "" when Qt can start. It names what is
        missing, and what installs it. ``platform`` is then what ``QT_QPA_PLATFORM`` must be set
        to, or "" when Qt finds it by itself.
    """
    if not sys.platform.startswith("linux"):
        return "", ""
    asked = [part.split(":")[0] for part in environment.get("QT_QPA_PLATFORM", "").split(";") if part]
    answering = _answering(environment)
    names = asked or answering
    reasons = []
    for name in names:
        family = "wayland" if name.startswith("wayland") else name
        if family in ("xcb", "wayland") and family not in answering:
            reasons.append(_no_display())
        elif _plugin_folder() and not _plugin(family):
            reasons.append(f"Qt has no platform named {name!r} (QT_QPA_PLATFORM).")
        elif missing := missing_qt_libraries(family):
            reasons.append(libraries_sentence("Qt", missing))
        else:
            # Qt tries Wayland first where both are named: tell it when only the other one works.
            return "", "xcb" if not asked and family == "xcb" and "WAYLAND_DISPLAY" in environment else ""
    return reasons[-1] if reasons else _no_display(), ""


def _no_display() -> str:
    """Nobody knows which display it will be one day: X11 is what nearly all have."""
    missing = missing_qt_libraries("xcb")
    return " ".join(["There is no display.", *([libraries_sentence("Qt", missing)] if missing else [])])


def libraries_sentence(who: str, missing: list[tuple[str, str]]) -> str:
    """One sentence: ``who`` lacks these libraries, and what installs them."""
    files = ", ".join(name for name, _ in missing)
    line = install_line(missing)
    how = f"install with `{line}`" if line else "install the packages that hold them"
    return f"{who} lacks system libraries: {files} ({how})."


def _answering(environment: Mapping[str, str]) -> list[str]:
    """The display systems that accept a connection, in the order in which Qt prefers them."""
    found = []
    if environment.get("WAYLAND_DISPLAY") and _wayland_answers(environment):
        found.append("wayland")
    if environment.get("DISPLAY") and _x11_answers(environment["DISPLAY"]):
        found.append("xcb")
    return found


def _wayland_answers(environment: Mapping[str, str]) -> bool:
    place = Path(environment.get("XDG_RUNTIME_DIR", "/")) / environment["WAYLAND_DISPLAY"]
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(place))
        except OSError:
            return False
    return True


def _x11_answers(display: str) -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # not to be asked without the library; its absence is reported as such
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(os.fsencode(display), None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


def _plugin_folder() -> Path | None:
    """Where the PySide6 wheel keeps its platform plugins, without importing it."""
    spec = importlib.util.find_spec("PySide6")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place, "Qt", "plugins", "platforms")
        if folder.is_dir():
            return folder
    return None


def _plugin(platform: str) -> Path | None:
    folder = _plugin_folder()
    path = folder / f"libq{platform}.so" if folder else None
    return path if path and path.is_file() else None


def _refusal(library: str) -> str:
    """Why the system's loader refuses this library, or ""."""
    try:
        ctypes.CDLL(library)
    except OSError as error:
        return str(error)
    return ""
