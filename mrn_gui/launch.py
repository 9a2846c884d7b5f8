"""The program's start: opens the window, or says why it cannot and works without it.

Nothing of Qt is imported before it is certain that Qt can start, because Qt ends the whole process
when it cannot.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from mrn_core import __version__
from mrn_core.system import libraries_sentence, missing_opencv_libraries, window_hindrance

_FOLDER = "mrn-demo-output"


def main(argv: Sequence[str] | None = None) -> int:
    """Opens the window with a clip, or with the demo clip when none is given.

    Where no window can open, one line says why; without a clip the demo clip is then analysed as
    ``mrn analyze`` does it, into a folder that the line names.

    Returns:
        The exit status: 0; or 2 when no window can open and a clip was given, which nobody can then
        mark, or when OpenCV cannot be loaded either.
    """
    arguments = argparse.ArgumentParser(
        prog="mrn-studio",
        description="MRN Studio: micro-expressions, magnified and explained.",
        epilog="Everything that the window computes, the command mrn computes without it, to the same "
        "numbers: mrn --help. It is installed beside Python, as .venv/bin/mrn.",
    )
    arguments.add_argument("clip", nargs="?", metavar="CLIP", help="a video file or a folder of pictures")
    arguments.add_argument("--version", action="version", version=f"MRN Studio {__version__}")
    clip = arguments.parse_args(argv).clip
    reason, platform = window_hindrance()
    if not reason:
        # The window's small matrices need one thread. With more, OpenBLAS's threads wait for one another by
        # turning round: 0.3 ms become 200 when the other cores are busy.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        if platform:
            os.environ["QT_QPA_PLATFORM"] = platform
        from mrn_gui.app import main as open_window

        return open_window([] if clip is None else [clip])
    if clip is not None:
        print(
            f"{reason} No window can open to mark {clip}; "
            "give its marks to: mrn analyze CLIP --onset N --apex N --out DIR",
            file=sys.stderr,
        )
        return 2
    return _demo_without_window(reason)


def _demo_without_window(reason: str) -> int:
    """Analyses the demo clip at its true onset and apex; the analyze command's exit status."""
    if lacking := missing_opencv_libraries():
        print(f"{reason} {libraries_sentence('OpenCV', lacking)}", file=sys.stderr)
        return 2
    from mrn_core.cli import main as mrn
    from mrn_core.clip.demo import demo_clip_path, demo_truth

    folder = _new_folder()
    print(f"{reason} Without a window, the demo clip is analysed into {folder}", flush=True)
    truth = demo_truth()
    marks = ["--onset", str(truth.onset), "--apex", str(truth.apex)]
    status = mrn(["analyze", str(demo_clip_path()), *marks, "--out", str(folder)])
    if status:
        with suppress(OSError):  # not empty: what was written stays
            folder.rmdir()
    return status


def _new_folder() -> Path:
    """A new folder here, numbered if need be, or a temporary one where nothing can be made here."""
    here = Path.cwd()
    for number in count(1):
        place = here / (_FOLDER if number == 1 else f"{_FOLDER}-{number}")
        try:
            place.mkdir()
        except FileExistsError:
            continue
        except OSError:
            break
        return place
    return Path(tempfile.mkdtemp(prefix=f"{_FOLDER}-"))
