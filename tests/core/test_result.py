"""An Analysis as a file: whole, without pickle, and refused when damaged."""

import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from mrn_core import Analysis
from mrn_core.errors import FileError
from mrn_core.head_motion import HeadMotion, RigidMotion
from mrn_core.result import plain, write_whole
from mrn_core.worth import UNTRAINED, untrained


def test_what_was_saved_comes_back_to_the_bit(tmp_path, make_analysis):
    a = make_analysis(levels=6, seed=3)
    a.save(tmp_path / "a.npz")
    b = Analysis.load(tmp_path / "a.npz")
    for name in ("onset", "apex", "flow", "levels", "gains", "frames", "features", "scores"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    for s, t in zip(a.traces, b.traces, strict=True):
        for name, value in s.arrays().items():
            np.testing.assert_array_equal(value, t.arrays()[name])
            assert value.dtype == t.arrays()[name].dtype
    assert a.settings == b.settings
    assert a.probabilities == b.probabilities
    assert a.provenance == b.provenance
    assert (a.trained, a.motion_px, a.rigid_px, a.warnings) == (
        b.trained,
        b.motion_px,
        b.rigid_px,
        b.warnings,
    )


def test_the_heads_motion_is_kept(tmp_path, make_analysis):
    head = HeadMotion(
        left=None,
        taken_out=RigidMotion(0.5, -1.25, 0.75, 1.5),
        onset_matrix=((1.0, 0.0, -3.5), (0.0, 1.0, 2.0)),
        apex_matrix=((0.9, 0.1, -3.0), (-0.1, 0.9, 2.5)),
    )
    a = replace(make_analysis(levels=2), head=head)
    a.save(tmp_path / "a.npz")
    assert Analysis.load(tmp_path / "a.npz").head == head
    told = json.loads(json.dumps(a.numbers(), allow_nan=False))["head_motion"]
    assert told["taken_out"] == {"x": 0.5, "y": -1.25, "degrees": 0.75, "px": 1.5}
    assert told["left"] is None
    assert HeadMotion.from_told(None) == HeadMotion()
    with pytest.raises(ValueError, match=r"\(2, 3\)"):
        HeadMotion.from_told(told | {"apex_matrix": [[1, 0, 0]]})


def test_the_file_holds_no_pickle(tmp_path, make_analysis):
    make_analysis(levels=2).save(tmp_path / "a.npz")
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        for name in archive.namelist():
            with archive.open(name) as member:
                major, _ = np.lib.format.read_magic(member)
                assert major == 1
                assert not np.lib.format.read_array_header_1_0(member)[2].hasobject


def test_numbers_are_strict_json_and_say_untrained(make_analysis):
    told = make_analysis(levels=1).numbers()
    text = json.dumps(told, allow_nan=False)
    assert json.loads(text)["note"] == untrained("all")
    assert make_analysis(levels=1).badge() == UNTRAINED == "Untrained: these numbers mean nothing"
    assert told["levels"][0]["reach"] == [None, None, None]
    assert told["hash_health"][0]["far"] is None


@pytest.mark.parametrize("planes", [1, 3, 6])
def test_reach_received_zeroed_and_silent_are_counted_by_hand(make_analysis, planes):
    a = make_analysis(levels=7, planes=planes, tables=1, heads=2)
    for b, trace in enumerate(a.traces):
        for h in range(2):
            for i in range(7):
                incoming = [bool(trace.mask[h, j, i]) for j in range(7) if j != i]
                outgoing = [bool(trace.mask[h, i, j]) for j in range(7) if j != i]
                weight = [float(trace.weights[h, j, i]) for j in range(7) if j != i]
                assert a.reach()[b, h, i] == pytest.approx(np.mean(incoming))
                assert a.received()[b, h, i] == pytest.approx(np.mean(weight))
                assert a.zeroed()[b, h, i] == (not any(incoming))
                assert a.silent()[b, h, i] == (not any(outgoing))


@pytest.mark.parametrize("damage", ["cut", "text", "empty", "missing", "foreign", "misfit", "version"])
def test_a_file_that_is_not_whole_is_refused_in_words(tmp_path, make_analysis, damage):
    path = tmp_path / "a.npz"
    a = make_analysis(levels=3)
    a.save(path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-4000])
    elif damage == "text":
        path.write_text("hello")
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "missing":
        path.unlink()
    elif damage == "foreign":
        np.savez(path, x=np.zeros(3))
    else:
        with np.load(path) as data:
            held = {name: data[name] for name in data.files}
        if damage == "misfit":
            held["scores"] = np.zeros(9, np.float32)
        else:
            told = json.loads(held["plain"].tobytes()) | {"format": 99}
            held["plain"] = np.frombuffer(json.dumps(told).encode(), np.uint8)
        np.savez(path, **held)
    with pytest.raises(FileError) as refused:
        Analysis.load(path)
    assert "a.npz" in str(refused.value)
    assert refused.value.advice


def test_a_pickle_in_the_file_is_never_run(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (open, (str(tmp_path / "ran"), "w"))

    np.savez(tmp_path / "bad.npz", plain=np.array([Bomb()], dtype=object))
    with pytest.raises(FileError):
        Analysis.load(tmp_path / "bad.npz")
    assert not (tmp_path / "ran").exists()


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path):
    path = tmp_path / "x"
    path.write_text("old")

    def full_disk(file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(FileError, match="No space left"):
        write_whole(path, full_disk)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_plain_turns_what_json_cannot_hold():
    told = plain({"a": np.array([1.5, np.nan]), 2: (np.int64(3), float("inf"), True, None)})
    assert told == {"a": [1.5, None], "2": [3, None, True, None]}
