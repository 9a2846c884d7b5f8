"""A data set that was broken off and begun again ends with the same bytes as one made in one go."""

import os
import signal
import subprocess
import sys
import time

import pytest

from mrn_core.datasets import check, open_dataset
from mrn_core.datasets.kinds import RECORD

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(1800)]

# The small preset's people and emotions, in smaller and fewer pictures.
SMALL = """
import sys
from pathlib import Path
from mrn_core.datasets import plan
plan.PRESETS["small"] = plan.Preset(8, 10, {"size": 96, "fps": 50.0})
from mrn_core.cli import main
if __name__ == "__main__":
    words = ["--preset", "small", "--seed", "11", "--out", sys.argv[1], "--jobs", "2"]
    sys.exit(main(["dataset", "synthesize", *words]))
"""


@pytest.fixture
def start(tmp_path):
    script = tmp_path / "make.py"
    script.write_text(SMALL)

    def run(out):
        return subprocess.Popen(
            [sys.executable, str(script), str(out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return run


def clips(out):
    return len(list(out.glob("sub*/*/made.json")))


def wait_for(out, count):
    deadline = time.monotonic() + 600
    while clips(out) < count:
        assert time.monotonic() < deadline, "no clip was made"
        time.sleep(0.05)


def content(root):
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def children(pid):
    """The processes that a process started, by Linux's own list."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:  # noqa: PTH123
        return [int(word) for word in file.read().split()]


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_killed_interrupted_and_begun_again_it_ends_with_the_same_bytes(start, tmp_path):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    done = start(whole)
    _, told = done.communicate()
    assert done.returncode == 0, told

    killed = start(broken)
    wait_for(broken, 7)
    workers = children(killed.pid) if sys.platform == "linux" else []
    killed.kill()
    killed.communicate()
    deadline = time.monotonic() + 20
    while any(map(alive, workers)):
        assert time.monotonic() < deadline, "processes outlive the one that started them"
        time.sleep(0.1)
    assert 7 <= clips(broken) < 80

    kept = clips(broken)
    stopped = start(broken)
    wait_for(broken, kept + 6)
    stopped.send_signal(signal.SIGINT)
    _, told = stopped.communicate(timeout=60)
    assert stopped.returncode == 130
    assert told.strip() == "mrn: stopped."
    assert not (broken / ".making").exists()
    assert kept + 6 <= clips(broken) < 80

    resumed = start(broken)
    out, told = resumed.communicate()
    assert resumed.returncode == 0, told
    assert "were there already" in out
    assert content(broken) == content(whole)
    assert (broken / RECORD).exists()
    assert check(open_dataset(broken)) == []
