"""The ``mrn`` command: one module a group, each with ``add(subparsers)``.

A group's module declares its arguments and imports what it computes with inside its ``run``, so
that ``mrn --help`` loads neither torch nor cv2.
"""

from __future__ import annotations

import argparse
import codecs
import os
import pkgutil
import re
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from mrn_core import __version__
from mrn_core.errors import Cancelled, MRNError
from mrn_core.system import library_in

FAULT, BAD_INPUT, STOPPED, NO_READER = 1, 2, 130, 141


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""Letters that an output cannot hold as ``\uXXXX``, so that JSON stays JSON."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{lost[i]:02x}{lost[i + 1]:02x}" for i in range(0, len(lost), 2)), error.end


codecs.register_error("mrn-escape", _escaped)


class _BadArguments(Exception):
    """What argparse found wrong, and the name of the command that it found it in."""

    def __init__(self, message: str, command: str) -> None:
        super().__init__(message)
        self.command = command


class _Parser(argparse.ArgumentParser):
    """argparse that raises its errors, so that ``main`` can word them, and guesses no option."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("allow_abbrev", False)
        super().__init__(*args, **kwargs)

    def error(self, message: str) -> NoReturn:
        raise _BadArguments(" ".join(message.split()), self.prog)


def _dash_advice(message: str, given: Sequence[str]) -> str:
    """What to write when argparse took a value that begins with a dash for an option."""
    lacking = re.match(r"argument (\S+): expected", message)
    names = lacking.group(1).split("/") if lacking else []
    for option, value in pairwise(given):
        if option in names and value.startswith("-"):
            return f"If {value} is its value, write {option}={value}."
    for word in given:
        if not names and re.match(r"-[^-]", word) and (Path(word).exists() or Path(word).suffix):
            return f"If {word} is a file, write ./{word}."
    return ""


def parser() -> argparse.ArgumentParser:
    """The whole command line, made from the modules of this package."""
    top = _Parser(
        prog="mrn",
        description="Magnify micro-expressions and read them with sparse self-attention.",
        epilog="mrn COMMAND --help says more about one command.",
    )
    top.add_argument("--version", action="version", version=f"mrn {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        import_module(f".{module}", __name__).add(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command.

    Returns:
        The exit status: 0; 2 for bad arguments or bad input, with one line on stderr that says
        what to do; 130 after Ctrl+C; 1 for a fault of the program (``MRN_STUDIO_DEBUG=1`` shows
        where); 141 when nothing reads the output any more.
    """
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="mrn-escape")  # a name that the console cannot show
    given = sys.argv[1:] if argv is None else list(argv)
    try:
        status = _status_of(given)
        sys.stdout.flush()
    except BrokenPipeError:
        with suppress(OSError, ValueError):  # else Python flushes into the closed pipe at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_READER
    return status


def _status_of(given: Sequence[str]) -> int:
    try:
        args = parser().parse_args(given)
        return int(args.run(args))
    except SystemExit as stop:  # argparse's, after its help
        return stop.code if isinstance(stop.code, int) else 0
    except _BadArguments as error:
        advice = _dash_advice(str(error), given) or f"See {error.command} --help."
        _say(f"{str(error).removesuffix('.')}. {advice}")
        return BAD_INPUT
    except (Cancelled, KeyboardInterrupt):
        _say("stopped.")
        return STOPPED
    except MRNError as error:
        _say(str(error))
        return BAD_INPUT
    except BrokenPipeError:
        raise
    except Exception as error:
        if isinstance(error, ImportError) and (library := library_in(str(error))):
            _say(f"the system library {library} is missing. mrn doctor prints the line that installs it.")
            return BAD_INPUT
        if os.environ.get("MRN_STUDIO_DEBUG") == "1":
            traceback.print_exc()
        told = " ".join(f"{type(error).__name__}: {error}".split())
        _say(
            f"this is a fault of MRN Studio ({told}). Run it again with MRN_STUDIO_DEBUG=1 to see where, "
            "and report it."
        )
        return FAULT


def _say(sentence: str) -> None:
    print(f"mrn: {sentence}", file=sys.stderr)
