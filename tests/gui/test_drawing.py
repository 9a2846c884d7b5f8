"""The export drawn in another process: the same files, the same refusals, and it can be stopped and lost."""

import threading

import pytest
from gui.sample import sample_analysis

from mrn_core.errors import Cancelled, FileError
from mrn_core.figures.scene import Scene
from mrn_core.report import Plan, export
from mrn_gui import drawing

PLAN = Plan(("fig4",), ("svg", "csv"), numbers=False, report=False)


@pytest.fixture(scope="module")
def scene():
    return Scene(sample_analysis(levels=3, heads=2, blocks=2, tables=2))


@pytest.fixture(scope="module")
def there():
    """The other process, once for all tests."""
    drawing.install()
    drawing.install()
    yield
    drawing.remove()
    drawing.remove()


def never():
    return False


def test_the_files_are_those_that_would_be_drawn_here(there, scene, tmp_path):
    told = []
    here = export(scene, PLAN, tmp_path / "here")
    count = drawing.write(scene, PLAN, str(tmp_path / "there"), lambda *step: told.append(step), never)
    assert count == len(here) == 2
    for path in here:
        assert (tmp_path / "there" / path.name).read_bytes() == path.read_bytes()
    assert [step[0] for step in told] == ["export"] * len(told)
    assert sorted({step[1] for step in told}) == [step[1] for step in told[1:]] == [0, 1, 2, 3]
    assert {step[2] for step in told} == {3}


def test_a_refusal_comes_in_its_own_words(there, scene, tmp_path):
    (tmp_path / "file").write_text("kept")
    with pytest.raises(FileError, match="is a file, not a folder") as caught:
        drawing.write(scene, PLAN, str(tmp_path / "file"), print, never)
    assert caught.value.advice
    assert "exporting.py" in str(caught.value.__cause__)


def test_it_is_stopped_between_two_files(there, scene, tmp_path):
    asked = []

    def at_the_second():
        asked.append(len(asked))
        return len(asked) > 1

    with pytest.raises(Cancelled):
        drawing.write(scene, PLAN, str(tmp_path / "out"), lambda *_: None, at_the_second)
    assert len(asked) == 2
    assert not (tmp_path / "out").exists()


def test_when_it_is_lost_it_is_said_and_the_next_export_works(there, scene, tmp_path):
    def lose(*_):
        drawing._child._process.kill()

    with pytest.raises(FileError, match="ended unexpectedly"):
        drawing.write(scene, PLAN, str(tmp_path / "out"), lose, never)
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []
    assert drawing.write(scene, PLAN, str(tmp_path / "out"), lambda *_: None, never) == 2


def test_an_error_of_ours_meanwhile_leaves_no_half_talk(there, scene, tmp_path):
    def fail(*_):
        raise KeyError("here")

    with pytest.raises(KeyError):
        drawing.write(scene, PLAN, str(tmp_path / "out"), fail, never)
    assert drawing.write(scene, PLAN, str(tmp_path / "out"), lambda *_: None, never) == 2


def test_it_rests_after_what_it_draws(there, scene, tmp_path):
    drawing.start()
    process = drawing._child._process
    assert process.poll() is None
    resting = []

    def rest(*_):
        if not resting:
            resting.append(threading.Thread(target=drawing.rest))
            resting[0].start()

    assert drawing.write(scene, PLAN, str(tmp_path / "out"), rest, never) == 2
    resting[0].join(10)
    assert process.poll() is not None
