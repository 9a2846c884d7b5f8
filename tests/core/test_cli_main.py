"""The frame of the ``mrn`` command: exit status, and one line on stderr that says what to do."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import mrn_core.cli as cli
from mrn_core.errors import Cancelled, ClipError


@pytest.fixture
def command(monkeypatch):
    """Makes ``mrn try`` do what a function says, through the real parser."""

    def install(does):
        whole = cli.parser()
        commands = next(a for a in whole._actions if isinstance(a, argparse._SubParsersAction))
        one = commands.add_parser("try")
        one.add_argument("clip", nargs="?")
        one.add_argument("--onset")
        one.add_argument("-a", "--af")
        one.add_argument("--number", type=int)
        one.set_defaults(run=does)
        monkeypatch.setattr(cli, "parser", lambda: whole)

    return install


def raises(error):
    def run(_args):
        raise error

    return run


def one_line(capsys):
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("mrn: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    return err


def test_status_of_the_command_is_returned(command):
    command(lambda args: 7)
    assert cli.main(["try"]) == 7


def test_bad_input_is_one_line_with_advice_and_status_2(command, capsys):
    command(raises(ClipError("a.mp4 holds\nno frame.", "Choose another file.")))
    assert cli.main(["try"]) == 2
    assert one_line(capsys) == "mrn: a.mp4 holds no frame. Choose another file.\n"


@pytest.mark.parametrize("error", [Cancelled(), KeyboardInterrupt()])
def test_stopping_is_130(command, capsys, error):
    command(raises(error))
    assert cli.main(["try"]) == 130
    one_line(capsys)


def test_a_fault_is_one_line_without_traceback(command, capsys, monkeypatch):
    monkeypatch.delenv("MRN_STUDIO_DEBUG", raising=False)
    command(raises(ZeroDivisionError("division\nby zero")))
    assert cli.main(["try"]) == 1
    line = one_line(capsys)
    assert "fault of MRN Studio (ZeroDivisionError: division by zero)" in line
    assert "MRN_STUDIO_DEBUG=1" in line


def test_a_fault_shows_where_when_asked(command, capsys, monkeypatch):
    monkeypatch.setenv("MRN_STUDIO_DEBUG", "1")
    command(raises(ZeroDivisionError("x")))
    assert cli.main(["try"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_missing_system_library_is_no_fault_of_ours(command, capsys):
    command(raises(ImportError("libxcb.so.1: cannot open shared object file: No such file or directory")))
    assert cli.main(["try"]) == 2
    line = one_line(capsys)
    assert "libxcb.so.1" in line
    assert "mrn doctor" in line


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "COMMAND"),
        (["nonsense"], "'nonsense'"),
        (["try", "--sped"], "--sped"),
        (["try", "--onset"], "--onset"),
        (["try", "--ons", "1"], "--ons"),
        (["try", "--number", "4.5"], "--number"),
        (["try", "--af", "-2:13:32"], "--af=-2:13:32"),
        (["try", "-a", "-2:13:32"], "-a=-2:13:32"),
        (["try", "-lead.mp4"], "./-lead.mp4"),
    ],
)
def test_bad_arguments_are_one_line_that_names_them(command, capsys, given, says):
    command(lambda args: 0)
    assert cli.main(given) == 2
    assert says in one_line(capsys)


def test_what_the_advice_says_works(command):
    seen = []
    command(lambda args: seen.append((args.af, args.clip)) or 0)
    assert cli.main(["try", "--af=-2:13:32", "./-lead.mp4"]) == 0
    assert seen == [("-2:13:32", "./-lead.mp4")]


def test_help_and_version_are_status_0(capsys):
    assert cli.main(["--help"]) == 0
    assert "analyze" in capsys.readouterr().out
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("mrn 0.")


def test_every_group_answers_help(capsys):
    whole = cli.parser()
    commands = next(a for a in whole._actions if isinstance(a, argparse._SubParsersAction))
    assert {"analyze", "doctor"} <= set(commands.choices)
    for name in commands.choices:
        assert cli.main([name, "--help"]) == 0
        assert f"mrn {name}" in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_reader_that_goes_away_is_no_error():
    code = (
        "import sys, mrn_core.cli as c, mrn_core.cli.doctor as d\n"
        "d.run = lambda args: print('{}') or 0; sys.exit(c.main(['doctor']))"
    )
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], stdout=write, stderr=subprocess.PIPE, timeout=120, check=False
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_name_that_the_console_cannot_show_is_escaped_so_that_json_stays_json():
    name = "\u00e9 \u5fae \U0001f600 \udcff"
    code = (
        "import json, sys, mrn_core.cli as c, mrn_core.cli.doctor as d\n"
        f"d.run = lambda args: print(json.dumps({{'name': {name!a}}}, ensure_ascii=False)) or 0\n"
        "sys.exit(c.main(['doctor']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["name"] == name


def test_the_installed_command_is_this_one():
    mrn = Path(sys.executable).with_name("mrn")
    if not mrn.exists():
        pytest.skip("the package is not installed beside this Python")
    done = subprocess.run([mrn, "doctor", "--json"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0
    assert json.loads(done.stdout)["missing_packages"] == []
