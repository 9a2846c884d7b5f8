"""``python main.py`` where no window can open."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mrn_core.clip.demo import demo_truth
from mrn_core.figures import NAMES
from mrn_core.system import missing_qt_libraries
from mrn_gui import launch

CHECKOUT = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")


def start(*arguments, folder):
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        [sys.executable, CHECKOUT / "main.py", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


@linux
def test_without_a_display_the_demo_clip_is_analysed_into_a_named_folder(tmp_path):
    (tmp_path / "mrn-demo-output").mkdir()
    done = start(folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    folder = tmp_path / "mrn-demo-output-2"
    first = done.stdout.splitlines()[0]
    assert first.startswith("There is no display. ")
    assert ("sudo apt-get install " in first) == bool(missing_qt_libraries())
    assert first.endswith(str(folder))
    assert sorted(path.name for path in folder.iterdir()) == sorted(NAMES)
    told = json.loads((folder / "analysis.json").read_text("utf-8"), parse_constant=pytest.fail)
    assert told["provenance"]["onset"]["frame"] == demo_truth().onset
    assert told["provenance"]["apex"]["frame"] == demo_truth().apex
    assert told["note"].startswith("Untrained")
    assert list((tmp_path / "mrn-demo-output").iterdir()) == []


@linux
def test_a_clip_without_a_display_is_sent_to_the_command(tmp_path):
    done = start("smile.mp4", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "smile.mp4" in done.stderr
    assert "mrn analyze CLIP --onset N --apex N" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_missing_libraries_are_named_with_the_line_that_installs_them(tmp_path, monkeypatch, capsys):
    from mrn_core import system

    monkeypatch.chdir(tmp_path)
    reason = system.libraries_sentence("Qt", [("libxcb-icccm.so.4", "libxcb-icccm4")])
    monkeypatch.setattr(launch, "window_hindrance", lambda: (reason, ""))
    ran = []
    monkeypatch.setattr("mrn_core.cli.main", lambda given: ran.append(given) or 0)
    assert launch.main([]) == 0
    line, end = capsys.readouterr().out.split("\n")
    assert end == ""
    assert "libxcb-icccm.so.4" in line
    assert "sudo apt-get install libxcb-icccm4" in line
    assert ran[0][0] == "analyze"
    assert ran[0][-1] == str(tmp_path / "mrn-demo-output")


def test_without_opencv_either_nothing_is_promised(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(launch, "window_hindrance", lambda: ("There is no display.", ""))
    monkeypatch.setattr(launch, "missing_opencv_libraries", lambda: [("libxcb.so.1", "libxcb1")])
    assert launch.main([]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "OpenCV lacks system libraries: libxcb.so.1" in err
    assert "sudo apt-get install libxcb1" in err
    assert list(tmp_path.iterdir()) == []


def test_an_analysis_that_fails_leaves_no_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(launch, "window_hindrance", lambda: ("There is no display.", ""))
    monkeypatch.setattr("mrn_core.cli.main", lambda given: 2)
    assert launch.main([]) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_gives_a_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere").mkdir()
    real = Path.mkdir

    def denied(self, *args, **kwargs):
        if self.parent == tmp_path:
            raise PermissionError(13, "denied")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "mkdir", denied)
    folder = launch._new_folder()
    assert folder.is_dir()
    assert folder.parent == tmp_path / "elsewhere"
    assert folder.name.startswith("mrn-demo-output-")


def test_a_window_is_opened_with_the_clip_where_qt_can_start(monkeypatch):
    opened = []
    module = type(sys)("mrn_gui.app")
    module.main = lambda given: opened.append(given) or 0
    monkeypatch.setitem(sys.modules, "mrn_gui.app", module)
    monkeypatch.setattr(launch, "window_hindrance", lambda: ("", ""))
    assert launch.main(["a.mp4"]) == 0
    assert launch.main([]) == 0
    assert opened == [["a.mp4"], []]


def test_qt_is_told_which_platform_works(monkeypatch):
    module = type(sys)("mrn_gui.app")
    module.main = lambda given: 0
    monkeypatch.setitem(sys.modules, "mrn_gui.app", module)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(launch, "window_hindrance", lambda: ("", "xcb"))
    launch.main([])
    assert os.environ["QT_QPA_PLATFORM"] == "xcb"


def test_help_names_the_command_that_works_without_a_window(capsys):
    with pytest.raises(SystemExit) as ended:
        launch.main(["--help"])
    assert ended.value.code == 0
    assert "mrn --help" in " ".join(capsys.readouterr().out.split())
